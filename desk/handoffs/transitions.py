"""What staff do with a handoff. Each verb compares and sets: of two people at once one wins, and the other is told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from desk.models import Handoff, HandoffNote, Staff

OUTCOMES = ("called", "booked", "answered", "no_answer", "not_needed", "spam", "handed_back", "other")
MAX_NOTE = 2000


def claim(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Take a handoff. Nothing happens when `by` has it already.

    Args:
        version: of the page on which the person decided; None: whatever it is now.

    Raises:
        HandoffNotFound: there is none.
        HandoffChanged: somebody else has it, or changed it since that version.
        TransitionRefused: it is resolved.
    """
    raise NotImplementedError


def release(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Put a claimed handoff back into the queue, for everybody. Raises as `claim`."""
    raise NotImplementedError


def snooze(session: Session, handoff_id: str, *, by: Staff, at: datetime, until: datetime, version: int | None = None) -> Handoff:
    """Put a handoff aside until a moment in the future; it keeps who has claimed it. Raises as `claim`, and ValueError for the past."""
    raise NotImplementedError


def reopen(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Put a resolved handoff back into the queue. Raises as `claim`."""
    raise NotImplementedError


def resolve(session: Session, handoff_id: str, *, by: Staff, at: datetime, outcome: str, version: int | None = None) -> Handoff:
    """Close a handoff with one of OUTCOMES. Raises as `claim`, and ValueError for another outcome."""
    raise NotImplementedError


def hand_back(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Close a handoff since the assistant takes the conversation over again. Raises as `claim`."""
    return resolve(session, handoff_id, by=by, at=at, outcome="handed_back", version=version)


def mark_called(session: Session, handoff_id: str, *, by: Staff, at: datetime, version: int | None = None) -> Handoff:
    """Note that the promised call was made; the state stays. Raises as `claim`."""
    raise NotImplementedError


def note(session: Session, handoff_id: str, *, by: Staff, text: str, at: datetime) -> HandoffNote:
    """Add a note for the other staff, in any state; `version` stays.

    Raises:
        HandoffNotFound: there is none.
        ValueError: the note is empty or longer than MAX_NOTE.
    """
    raise NotImplementedError


def first_reply(session: Session, handoff_id: str, *, by: Staff, at: datetime) -> None:
    """Note when staff first answered; only the first call counts, and `version` stays. Raises HandoffNotFound."""
    raise NotImplementedError


def wake_snoozed(session: Session, at: datetime) -> list[str]:
    """Put snoozed handoffs whose time has come back into the queue, for everybody; return their ids, at most 100 at a time."""
    raise NotImplementedError
