"""How the clinic can be reached right now: a live chat only while it is open and somebody is on duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from desk import opening
from desk.models import Staff
from desk.moments import local, say_day, say_time
from knowledge.clinic import Clinic


@dataclass(frozen=True)
class Availability:
    """The state at one moment: the clinic's hours say `is_open`, the desk says `is_staffed`."""

    is_open: bool
    is_staffed: bool

    @property
    def is_live_possible(self) -> bool:
        """Whether somebody can be expected to join a chat now."""
        return self.is_open and self.is_staffed

    @property
    def channels(self) -> tuple[str, ...]:
        """The possible channels, in the order in which they are offered."""
        return ("live", "callback", "appointment") if self.is_live_possible else ("callback", "appointment")


def in_words(clinic: Clinic, span: tuple[datetime, datetime] | None) -> str | None:
    """Return when a span of opening hours begins, in the clinic's own time: "Monday, November 23, at 9:00 AM"; None for none."""
    if span is None:
        return None
    begins = local(clinic, span[0])
    return f"{say_day(begins)}, at {say_time(begins.time())}"


def availability(session: Session, clinic: Clinic, at: datetime) -> Availability:
    """Return how the clinic can be reached at `at`."""
    on_duty = exists().where(Staff.is_active, Staff.on_duty_until > at)
    return Availability(opening.is_open(clinic, at), bool(session.scalar(select(on_duty))))
