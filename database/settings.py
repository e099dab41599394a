"""Where the database is."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "FRONTDESK_"


class DatabaseSettings(BaseSettings):
    """Read once from the environment (docs/configuration.md)."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    database_url: str = Field(default="sqlite:///var/frontdesk.db", description="SQLAlchemy URL of our database")
