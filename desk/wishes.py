"""What somebody wants from the clinic. Nothing in it is needed, and nothing in it says who they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from knowledge.clinic import Clinic

MAX_TIMES = 200
MAX_INSURER = 80
MAX_ABOUT = 300


class Wishes(BaseModel):
    """The wishes of one handoff; None where nothing was said.

    Attributes:
        preferred_times: as said. confirmed_times: as read back to the visitor.
        from_, until: the next time that fits `preferred_times`, in UTC; None where they name none.
        about: in a few words, filled in from the conversation.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    visit_type: Literal["in_person", "virtual"] | None = None
    preferred_times: str | None = None
    confirmed_times: str | None = None
    from_: datetime | None = None
    until: datetime | None = None
    patient: Literal["new", "returning"] | None = None
    insurer: str | None = None
    about: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return what was said, for a JSON column; without the rest."""
        return self.model_dump(mode="json", exclude_none=True)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Wishes:
        """Return the wishes of a JSON column."""
        return cls.model_validate(values)


def read_wishes(values: Mapping[str, object], *, now: datetime, clinic: Clinic) -> Wishes:
    """Return the wishes among `values`, cleaned; other keys are left out, and "" counts as not said.

    Raises:
        WishInvalid: names the field and what to mend, in words for the visitor.
    """
    raise NotImplementedError
