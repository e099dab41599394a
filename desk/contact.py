"""Who is to be called or written to: name, phone and e-mail, checked and in one form."""

from __future__ import annotations

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult
from pydantic import BaseModel, ConfigDict

from desk.errors import ContactInvalid
from desk.mail_domains import suggest_domain
from language.text import clean

MAX_NAME = 120
MAX_PHONE = 60
MAX_EMAIL = 254
"""Longest address that can be delivered to. Source: RFC 5321, 4.5.3.1.3, with the brackets taken off."""


class Contact(BaseModel):
    """A person and at least one way to reach them.

    Attributes:
        phone: E.164, for example +13125550142.
        extension: digits behind the number.
        email: normalised.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    phone: str | None = None
    extension: str | None = None
    email: str | None = None

    @property
    def phone_shown(self) -> str:
        """The number as people read it, with its extension; "" without one."""
        if self.phone is None:
            return ""
        shown = phonenumbers.format_number(phonenumbers.parse(self.phone), PhoneNumberFormat.INTERNATIONAL)
        return f"{shown} ext. {self.extension}" if self.extension else shown

    @property
    def phone_link(self) -> str:
        """The target of a `tel:` link; "" without a number. Source of its form: RFC 3966."""
        if self.phone is None:
            return ""
        return f"tel:{self.phone};ext={self.extension}" if self.extension else f"tel:{self.phone}"


def read_contact(name: str | None, phone: str | None, email: str | None, region: str = "US", *, keep_email: bool = False) -> Contact:
    """Return the contact in one form.

    Args:
        region: country of numbers without `+`, two capital letters.
        keep_email: the visitor has seen the suggestion and keeps the address as typed.

    Raises:
        ContactInvalid: names the field and what to mend, in words for the visitor.
    """
    read_name = _read_name(name or "")
    number = _read_phone(phone or "", region)
    address = _read_email(email or "", keep=keep_email)
    if number is None and address is None:
        raise ContactInvalid("phone", "Please give a phone number or an e-mail address, so that we can reach you.")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164) if number else None
    return Contact(name=read_name, phone=e164, extension=(number.extension or None) if number else None, email=address)


def _read_name(typed: str) -> str:
    name = _cleaned("name", typed, MAX_NAME, "The name is too long. Please shorten it to 120 characters.")
    if not any(character.isalpha() for character in name):
        raise ContactInvalid("name", "Please tell us your name, so that we know whom to ask for.")
    return name


def _read_phone(typed: str, region: str) -> PhoneNumber | None:
    text = _cleaned("phone", typed, MAX_PHONE, "This is too long for a phone number. Please give the number alone.")
    if not text:
        return None
    number = _parse(text, region) or _parse("+" + text.removeprefix("00"), region)
    if number is None or not phonenumbers.is_valid_number(number):
        raise ContactInvalid("phone", _phone_words(text, region))
    return number


def _parse(text: str, region: str) -> PhoneNumber | None:
    """Return the number if it can exist; "00" in front of a country is tried by the caller."""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _phone_words(text: str, region: str) -> str:
    try:
        fault = phonenumbers.is_possible_number_with_reason(phonenumbers.parse(text, region))
    except NumberParseException:
        fault = ValidationResult.INVALID_LENGTH
    if fault == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        return "The area code is missing. Please give the whole phone number."
    if fault == ValidationResult.TOO_SHORT:
        return "This phone number is too short. Please give it with the area code, and from another country with + in front."
    if fault == ValidationResult.TOO_LONG:
        return "This phone number has too many digits. Please check it, and begin with + if it is from another country."
    return "This does not look like a phone number. Please check it, and begin with + if it is from another country."


def _read_email(typed: str, *, keep: bool) -> str | None:
    text = _cleaned("email", typed, MAX_EMAIL, "This is too long for an e-mail address. Please check it.")
    if not text:
        return None
    try:
        address = validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        raise ContactInvalid("email", "This does not look like an e-mail address. Please check it.") from error
    meant = suggest_domain(address.ascii_domain.lower())
    if meant and not keep:
        suggestion = f"{address.local_part}@{meant}"
        raise ContactInvalid("email", f"Is the e-mail address right? Perhaps it ends with @{meant}.", suggestion)
    return address.normalized


def _cleaned(field: str, typed: str, longest: int, too_long: str) -> str:
    text = clean(typed[: longest * 4])
    if len(text) > longest or len(typed) > longest * 4:
        raise ContactInvalid(field, too_long)
    return text
