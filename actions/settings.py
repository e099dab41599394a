"""Settings of the action server."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ActionSettings(BaseSettings):
    """Read once from the environment (docs/configuration.md)."""

    model_config = SettingsConfigDict(env_prefix="FRONTDESK_", frozen=True)

    database_url: str = Field(default="sqlite:///var/frontdesk.db", description="SQLAlchemy URL of our database")
    data: Path = Field(default=Path("data"), description="folder with the knowledge, the terms and the clinic's facts")
    actions_host: str = Field(default="127.0.0.1", description="address on which the action server listens")
    actions_port: int = Field(default=5055, ge=1, le=65535, description="port of the action server")
