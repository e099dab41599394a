"""The desk's settings, read by every process that files, shows or delivers handoffs."""

from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator

from database.secret_files import read_secret_files
from database.settings import PREFIX, DatabaseSettings
from desk.encryption import Sealer
from desk.errors import DeskSettingsInvalid, EncryptionKeyInvalid

_SECRETS = ("contact_keys",)


class DeskSettings(DatabaseSettings):
    """Every setting is the variable FRONTDESK_<NAME>; secrets may come from a file named by FRONTDESK_<NAME>_FILE."""

    contact_keys: SecretStr = Field(description="keys that seal contact details, with commas; the first seals, all open")
    clinic_file: Path = Field(default=Path("data/clinic.yml"), description="the clinic's own facts")
    session_idle_minutes: int = Field(default=30, ge=1, le=480, description="minutes without use after which staff are signed out")
    session_hours: int = Field(default=12, ge=1, le=24, description="hours after which staff have to sign in again in any case")
    phone_region: str = Field(default="US", pattern=r"^[A-Z]{2}$", description="country of phone numbers without +")

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        return read_secret_files(values, _SECRETS, PREFIX)

    @field_validator("contact_keys")
    @classmethod
    def _check_keys(cls, keys: SecretStr) -> SecretStr:
        try:
            Sealer.from_keys(keys.get_secret_value())
        except EncryptionKeyInvalid as error:
            raise ValueError(str(error)) from error
        return keys

    def sealer(self) -> Sealer:
        """Return what seals and opens contact details."""
        return Sealer.from_keys(self.contact_keys.get_secret_value())


def load_desk_settings() -> DeskSettings:
    """Return the desk's settings of this process.

    Raises:
        DeskSettingsInvalid: names each variable that is missing or malformed, and how to mend it.
    """
    try:
        return DeskSettings()  # type: ignore[call-arg]  # the environment gives the rest
    except ValidationError as error:
        raise DeskSettingsInvalid([_sentence(fault) for fault in error.errors()]) from error


def _sentence(fault: Any) -> str:
    name = PREFIX + str(fault["loc"][0]).upper() if fault["loc"] else "The environment"
    if fault["type"] == "missing":
        return f"{name} is missing: {DeskSettings.model_fields[fault['loc'][0]].description}. {EncryptionKeyInvalid()}"
    return f"{name} cannot be used: {fault['msg'].removeprefix('Value error, ')}."
