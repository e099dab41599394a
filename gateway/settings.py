"""The gateway's settings: read once from the environment, checked, and refused with a sentence that helps."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from limits import parse
from limits.aio.storage import Storage
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import NoDecode

from database.secret_files import read_secret_files
from database.settings import PREFIX, DatabaseSettings
from gateway.errors import SettingsInvalid

DEFAULT_PORT = 8080
MIN_SECRET_LENGTH = 16
_ORIGIN = re.compile(r"^https?://[a-z0-9.-]+(:\d{1,5})?$")
_ADDRESS = re.compile(r"^https?://[^\s/]+$")
_LIMITS = ("conversations", "messages", "messages_of_address", "cost", "cost_of_address", "handoffs", "handoffs_of_address")
_SECRETS = ("rasa_secret", "metrics_token")

HowOften = Annotated[str, Field(description="for example 300/5 minutes")]


def _own_address(known: dict[str, Any]) -> str:
    return f"http://127.0.0.1:{known.get('port', DEFAULT_PORT)}"


class Settings(DatabaseSettings):
    """Every setting is the variable FRONTDESK_<NAME>; secrets may come from a file named by FRONTDESK_<NAME>_FILE."""

    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=DEFAULT_PORT, ge=0, le=65535, description="port to listen on")
    public_url: str = Field(default_factory=_own_address, description="address under which visitors reach the gateway")
    clinic_file: Path = Field(default=Path("data/clinic.yml"), description="the clinic's own facts")
    safety_folder: Path = Field(default=Path("data/safety"), description="the files of the red-flag screen")
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="sites that may embed the chat, with commas; the gateway's own pages always may"
    )
    trusted_proxies: str = Field(default="127.0.0.1", description="proxies whose X-Forwarded-For is believed, with commas")
    rasa_url: str = Field(default="http://127.0.0.1:5005", description="the Rasa server")
    actions_url: str = Field(default="http://127.0.0.1:5055/webhook", description="the action server, as Rasa calls it")
    rasa_secret: SecretStr = Field(description="shared with Rasa's channel, at least 16 characters")
    rasa_timeout_seconds: float = Field(default=8, gt=0, le=60, description="how long a reply of Rasa is waited for")
    rasa_connections: int = Field(default=16, ge=1, le=256, description="messages that Rasa works on at a time")
    conversation_days: int = Field(default=7, ge=1, le=90, description="days without a message after which a token ends")
    limits_store: str = Field(default="async+memory://", description="where limits are counted; async+redis://… for several processes")
    limit_conversations: HowOften = "600/10 minutes"
    limit_messages: HowOften = "600/5 minutes"
    limit_messages_of_address: HowOften = "6000/5 minutes"
    limit_cost: HowOften = "2400/5 minutes"
    limit_cost_of_address: HowOften = "24000/5 minutes"
    limit_handoffs: HowOften = "3/1 day"
    limit_handoffs_of_address: HowOften = "60/1 day"
    live_wait_minutes: int = Field(default=5, ge=1, le=60, description="how long a live chat waits until somebody joins")
    max_streams: int = Field(default=2000, ge=1, description="event streams that one process holds open")
    metrics_token: SecretStr | None = Field(default=None, description="bearer token for /metrics; without it only this machine may read")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "text"] = "json"

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        return read_secret_files(values, _SECRETS, PREFIX)

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return tuple(part.strip().lower().rstrip("/") for part in value.split(",") if part.strip())

    @field_validator("allowed_origins")
    @classmethod
    def _check_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        for origin in origins:
            if not _ORIGIN.match(origin):
                raise ValueError(f"{origin!r} is no origin; write scheme and host, as https://clinic.example.org")
        return origins

    @field_validator("public_url", "rasa_url")
    @classmethod
    def _check_address(cls, address: str) -> str:
        if not _ADDRESS.match(address.rstrip("/")):
            raise ValueError("write scheme and host without a path, as http://127.0.0.1:5005")
        return address.rstrip("/")

    @field_validator("limits_store")
    @classmethod
    def _check_store(cls, address: str) -> str:
        try:
            is_usable = isinstance(storage_from_string(address), Storage)
        except (ConfigurationError, ValueError) as error:
            raise ValueError(f"{error}; write async+memory:// or async+redis://10.0.0.7:6379") from error
        if not is_usable:
            raise ValueError("it must begin with async+, as async+memory://")
        return address

    @field_validator("rasa_secret", "metrics_token")
    @classmethod
    def _check_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and len(secret.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(f"use at least {MIN_SECRET_LENGTH} characters; `openssl rand -hex 32` makes one")
        return secret

    @field_validator(*(f"limit_{what}" for what in _LIMITS))
    @classmethod
    def _check_limit(cls, limit: str) -> str:
        parse(limit)
        return limit


def load_settings() -> Settings:
    """Return the settings of this process.

    Raises:
        SettingsInvalid: names each variable that is missing or malformed, and how to mend it.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the environment gives the rest
    except ValidationError as error:
        raise SettingsInvalid([_sentence(fault) for fault in error.errors()]) from error


def _sentence(fault: Any) -> str:
    name = PREFIX + str(fault["loc"][0]).upper() if fault["loc"] else "The environment"
    if fault["type"] == "missing":
        return f"{name} is missing: {Settings.model_fields[fault['loc'][0]].description}."
    return f"{name} cannot be used: {fault['msg'].removeprefix('Value error, ')}."
