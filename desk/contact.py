"""Who is to be called or written to: name, phone and e-mail, checked and in one form."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

MAX_NAME = 120


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
        raise NotImplementedError

    @property
    def phone_link(self) -> str:
        """The target of a `tel:` link; "" without a number."""
        raise NotImplementedError


def read_contact(name: str | None, phone: str | None, email: str | None, region: str = "US", *, keep_email: bool = False) -> Contact:
    """Return the contact in one form.

    Args:
        region: country of numbers without `+`, two capital letters.
        keep_email: the visitor has seen the suggestion and keeps the address as typed.

    Raises:
        ContactInvalid: names the field and what to mend, in words for the visitor.
    """
    raise NotImplementedError
