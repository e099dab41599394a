"""Where handoffs are announced: by e-mail, by webhook, both or nowhere but the desk itself."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from database.secret_files import read_secret_files
from database.settings import PREFIX
from desk.errors import DeskSettingsInvalid

MIN_SECRET_LENGTH = 16
_SECRETS = ("smtp_password", "webhook_secret")


class DeliverySettings(BaseSettings):
    """Every setting is the variable FRONTDESK_<NAME>; secrets may come from a file named by FRONTDESK_<NAME>_FILE."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, populate_by_name=True)

    port: int = Field(default=8080, description="the gateway's port")
    public_url: str = Field(default="", description="address under which staff reach the desk; empty: this machine, at the port")
    smtp_host: str | None = Field(default=None, description="mail server; empty: no e-mail")
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    mail_from: str | None = Field(default=None, description="sender of the e-mails")
    mail_to: str | None = Field(default=None, description="who is told of handoffs")
    webhook_url: str | None = Field(default=None, description="address that takes events; empty: no webhook")
    webhook_secret: SecretStr | None = Field(default=None, description="signs the events, at least 16 characters")
    webhook_format: Literal["frontdesk", "fhir"] = "frontdesk"
    webhook_contact: bool = Field(default=False, description="whether events carry name, phone and e-mail")
    webhook_allow_private: bool = Field(default=False, description="whether the webhook may be in a private network")
    alarm_minutes_urgent: int = Field(default=10, ge=1, description="minutes after which an unclaimed urgent handoff rings")
    alarm_minutes_live: int = Field(default=5, ge=1, description="the same for somebody who waits in the chat")

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        return read_secret_files(values, _SECRETS, PREFIX)

    @model_validator(mode="after")
    def _check_mail(self) -> Self:
        if self.smtp_host and not (self.mail_from and self.mail_to):
            raise ValueError("FRONTDESK_SMTP_HOST is set, so FRONTDESK_MAIL_FROM and FRONTDESK_MAIL_TO are needed too")
        if self.mail_to and not self.smtp_host:
            raise ValueError("FRONTDESK_MAIL_TO is set, but there is no FRONTDESK_SMTP_HOST to send through")
        return self

    @model_validator(mode="after")
    def _check_webhook(self) -> Self:
        secret = self.webhook_secret.get_secret_value() if self.webhook_secret else ""
        if self.webhook_url and len(secret) < MIN_SECRET_LENGTH:
            raise ValueError(
                f"FRONTDESK_WEBHOOK_SECRET must have at least {MIN_SECRET_LENGTH} characters; `openssl rand -hex 32` makes one"
            )
        if self.webhook_url and not self.webhook_url.startswith(("https://", "http://")):
            raise ValueError("FRONTDESK_WEBHOOK_URL must begin with https:// or http://")
        return self

    @property
    def targets(self) -> tuple[str, ...]:
        """Who is told of a handoff; empty when nothing is set up."""
        return (*(("email",) if self.smtp_host else ()), *(("webhook",) if self.webhook_url else ()))

    def link_to(self, handoff_id: str) -> str:
        """Return the address of a handoff's page in the desk."""
        return f"{(self.public_url or f'http://127.0.0.1:{self.port}').rstrip('/')}/desk/handoffs/{handoff_id}"


def load_delivery_settings() -> DeliverySettings:
    """Return the settings of this process.

    Raises:
        DeskSettingsInvalid: names what is missing or malformed, and how to mend it.
    """
    try:
        return DeliverySettings()
    except ValidationError as error:
        raise DeskSettingsInvalid([_sentence(fault) for fault in error.errors()]) from error


def _sentence(fault: Any) -> str:
    message = fault["msg"].removeprefix("Value error, ")
    return f"{PREFIX}{str(fault['loc'][0]).upper()} cannot be used: {message}." if fault["loc"] else f"{message}."
