"""Where the processes listen."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Ports(BaseSettings):
    """Read once from the environment (docs/configuration.md)."""

    model_config = SettingsConfigDict(env_prefix="FRONTDESK_", frozen=True)

    port: int = Field(default=8080, ge=1, le=65535, description="the gateway, the only one that faces visitors")
    actions_port: int = Field(default=5055, ge=1, le=65535)
    rasa_port: int = Field(default=5005, ge=1, le=65535)
