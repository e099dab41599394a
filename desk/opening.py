"""When the clinic is open, and what can be promised from that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from knowledge.clinic import Clinic

Span = tuple[datetime, datetime]
"""Beginning and end, in UTC; the end does not belong to it."""

Reach = Literal["phone", "email", "either"]


@dataclass(frozen=True)
class Promise:
    """What the visitor is told, and between when it has to be kept (UTC; None where the clinic has given no hours)."""

    text: str
    start: datetime | None = None
    end: datetime | None = None


def is_open(clinic: Clinic, at: datetime) -> bool:
    """Say whether the clinic is open at that moment."""
    raise NotImplementedError


def next_opening(clinic: Clinic, at: datetime) -> Span | None:
    """Return the span that `at` lies in, or the next one; None when there is none within a year."""
    raise NotImplementedError


def spans_of(clinic: Clinic, day: date) -> list[Span]:
    """Return the opening hours of a day in the clinic's time zone, in order; empty when it is closed."""
    raise NotImplementedError


def promise(clinic: Clinic, at: datetime, channel: str, *, reach: Reach = "either", preferred: Span | None = None) -> Promise:
    """Return when the clinic gets in touch with somebody who asks at that moment.

    Args:
        channel: `live`, `callback` or `appointment`.
        reach: how they can be reached.
        preferred: when they want to be called; for `callback` only.
    """
    raise NotImplementedError


def describe_hours(clinic: Clinic) -> str:
    """Return the opening hours in words; "" when the clinic has given none."""
    raise NotImplementedError
