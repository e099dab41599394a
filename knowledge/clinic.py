"""The clinic's own facts: who it is, how it is reached, and when it is open."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from knowledge.errors import ClinicInvalid

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Text = Annotated[str, BeforeValidator(str), Field(min_length=1, max_length=300)]
Address = Annotated[str, Field(pattern=r"^https?://\S+$")]


def _span(text: object) -> tuple[time, time]:
    try:
        first, last = (time.fromisoformat(part) for part in str(text).split("-"))
    except ValueError as error:
        raise ValueError(f'{text!r} is no span of opening hours; write "09:00-12:00"') from error
    if first >= last:
        raise ValueError(f"{text!r} ends before it begins")
    return first, last


def _in_order(spans: list[tuple[time, time]]) -> list[tuple[time, time]]:
    if any(later[0] < earlier[1] for earlier, later in zip(spans, spans[1:], strict=False)):
        raise ValueError("spans of a day must follow each other without overlap")
    return spans


Spans = Annotated[list[Annotated[tuple[time, time], BeforeValidator(_span)]], AfterValidator(_in_order)]


class AcceptedInsurance(BaseModel):
    """The plans that the clinic accepts, and the date of that list; empty and None when the clinic has given none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    plans: list[Text] = []
    listed_on: date | None = None


class Clinic(BaseModel):
    """What `data/clinic.yml` says.

    Attributes:
        example: true for the shipped clinic, which does not exist.
        crisis_line: number for people in despair. The red-flag screen, and so the gateway, does not start without it.
        contact_form: address of a page where a visitor can write to the clinic; None: the website.
        hours: weekday → spans in the clinic's time zone, in order; a day that is missing is closed.
        holidays: days on which it is closed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    example: bool = False
    name: Text
    phone: Text
    emergency_number: Text
    crisis_line: Text | None = None
    address: Text
    website: Address
    contact_form: Address | None = None
    time_zone: str = "UTC"
    hours: dict[Weekday, Spans] = {}
    holidays: frozenset[date] = frozenset()
    accepted_insurance: AcceptedInsurance = AcceptedInsurance()
    visit_types: list[Text] = []

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name!r} is no time zone; write for example America/Chicago") from error
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def contact_place(self) -> str:
        """Where a visitor can write when the assistant is down."""
        return self.contact_form or self.website

    @property
    def phone_link(self) -> str:
        """The phone number as the target of a `tel:` link."""
        return "tel:" + "".join(sign for sign in self.phone if sign.isdigit() or sign == "+")

    @property
    def numbers(self) -> dict[str, str]:
        """The numbers that the red-flag screen names."""
        numbers = {"phone": self.phone, "emergency_number": self.emergency_number, "crisis_line": self.crisis_line}
        return {name: number for name, number in numbers.items() if number}


def read_clinic(file: Path) -> Clinic:
    """Return the clinic.

    Raises:
        ClinicInvalid: the file is missing or malformed; the text names the key.
    """
    try:
        return Clinic.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ClinicInvalid(f"{file} cannot be read: {error}. Set FRONTDESK_CLINIC_FILE (docs/configuration.md).") from error
    except ValidationError as error:
        fault = error.errors()[0]
        key = ".".join(map(str, fault["loc"])) or "file"
        message = fault["msg"].removeprefix("Value error, ")
        raise ClinicInvalid(f"{file}: `{key}`: {message[0].lower()}{message[1:]} (docs/configuration.md)") from error
