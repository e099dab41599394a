"""The clinic's own facts, as far as visitors see them."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from gateway.errors import ClinicInvalid

Text = Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=300)]


class Clinic(BaseModel):
    """What `data/clinic.yml` says. Keys that only other parts use are ignored.

    Attributes:
        example: true for the shipped clinic, which does not exist.
        contact_form: address of a page where a visitor can write to the clinic; None: the website.
        hours: weekday → spans; a day that is missing is closed.
    """

    model_config = ConfigDict(frozen=True)

    example: bool = False
    name: Text
    phone: Text
    emergency_number: Text
    address: Text
    website: Annotated[str, Field(pattern=r"^https?://\S+$")]
    contact_form: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    hours: dict[str, list[str]] = {}

    @property
    def contact_place(self) -> str:
        """Where a visitor can write when the assistant is down."""
        return self.contact_form or self.website

    @property
    def phone_link(self) -> str:
        """The phone number as the target of a `tel:` link."""
        return "tel:" + "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")


def read_clinic(file: Path) -> Clinic:
    """Return the clinic.

    Raises:
        ClinicInvalid: the file is missing or malformed; the text names the key.
    """
    try:
        return Clinic.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ClinicInvalid(f"{file} cannot be read: {error}. Set FRONTDESK_CLINIC_FILE.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(map(str, fault["loc"])) or "file"
        raise ClinicInvalid(f"{file}: `{key}`: {fault['msg'][0].lower()}{fault['msg'][1:]}") from error
