"""What somebody wants from the clinic. Nothing in it is needed, and nothing in it says who they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from desk.errors import WishInvalid
from desk.times import read_times
from knowledge.clinic import Clinic
from language.text import clean, comparable

Visit = Literal["in_person", "virtual"]
Patient = Literal["new", "returning"]

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

    visit_type: Visit | None = None
    preferred_times: str | None = None
    confirmed_times: str | None = None
    from_: datetime | None = None
    until: datetime | None = None
    patient: Patient | None = None
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
    times = _text(values, "preferred_times", MAX_TIMES)
    read = read_times(times, now, clinic) if times else None
    return Wishes(
        visit_type=_choice(values, "visit_type", _VISITS, "Please choose a visit in person or a virtual visit."),
        preferred_times=read.text if read else None,
        confirmed_times=read.confirmed if read else None,
        from_=read.start if read else None,
        until=read.end if read else None,
        patient=_choice(values, "patient", _PATIENTS, "Please choose: a new patient, or a returning one."),
        insurer=_text(values, "insurer", MAX_INSURER),
        about=_text(values, "about", MAX_ABOUT),
    )


_VISITS: dict[str, Visit] = {
    **dict.fromkeys(("in person", "inperson", "on site", "office", "clinic", "face to face"), "in_person"),
    **dict.fromkeys(("virtual", "video", "online", "telehealth", "phone", "remote"), "virtual"),
}
_PATIENTS: dict[str, Patient] = {"new": "new", "first": "new", **dict.fromkeys(("returning", "return", "existing", "current"), "returning")}


def _choice[T](values: Mapping[str, object], field: str, choices: Mapping[str, T], words: str) -> T | None:
    said = comparable(str(values.get(field) or "").replace("_", " "))
    chosen = {choice for word, choice in choices.items() if re.search(rf"\b{word}\b", said)}
    if said and len(chosen) != 1:
        raise WishInvalid(field, words)
    return chosen.pop() if chosen else None


def _text(values: Mapping[str, object], field: str, longest: int) -> str | None:
    typed = str(values.get(field) or "")
    text = clean(typed[: longest * 4])
    if len(text) > longest or len(typed) > longest * 4:
        raise WishInvalid(field, f"This is too long. Please shorten it to {longest} characters.")
    return text or None
