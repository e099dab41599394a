"""Reads preferred times from free words: "Tuesday after 3", "mornings", "any weekday before noon"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from knowledge.clinic import Clinic


@dataclass(frozen=True)
class PreferredTimes:
    """Preferred times as said, and as understood.

    Attributes:
        text: as said.
        confirmed: how they are read back, without a full stop: "Tuesday, November 24, after 3:00 PM".
        start, end: the next time in opening hours that fits, in UTC; None where no time is named or it was not understood.
    """

    text: str
    confirmed: str
    start: datetime | None = None
    end: datetime | None = None


def read_times(text: str, now: datetime, clinic: Clinic) -> PreferredTimes:
    """Return the preferred times. Words that cannot be read for sure are kept, and read back as they were said.

    Raises:
        WishInvalid: they lie in the past, or when the clinic is closed; says when it is open.
    """
    raise NotImplementedError
