"""Finds handoffs: the queue, what is due, and single ones. No query here grows with the whole table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from desk.contact import Contact
from desk.encryption import Sealer
from desk.models import Handoff
from desk.wishes import Wishes


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue; nothing in it says who the person is."""

    id: str
    reference: str
    conversation_id: str | None
    version: int
    state: str
    channel: str
    reason: str
    urgency: str
    topic: str | None
    procedure: str | None
    about: str | None
    created_at: datetime
    promised_from: datetime | None
    promised_until: datetime | None
    claimed_by: int | None
    claimed_at: datetime | None
    snoozed_until: datetime | None
    called_at: datetime | None
    outcome: str | None


@dataclass(frozen=True)
class DueRow(QueueRow):
    """A promise that is still to be kept. `is_overdue`: its time is over."""

    is_overdue: bool


def get(session: Session, handoff_id: str) -> Handoff:
    """Return the handoff as it is now.

    Raises:
        HandoffNotFound: there is none.
    """
    raise NotImplementedError


def by_reference(session: Session, text: str) -> Handoff:
    """Return the handoff with a reference as people write or say it: small letters, no dashes, O for 0, I or L for 1.

    Raises:
        HandoffNotFound: there is none.
    """
    raise NotImplementedError


def queue(
    session: Session,
    *,
    state: str | None = None,
    urgency: str | None = None,
    mine: int | None = None,
    channel: str | None = None,
    limit: int = 100,
    before: str | None = None,
) -> list[QueueRow]:
    """Return the queue: the most urgent first, then the newest.

    Args:
        state: None for all but resolved.
        mine: id of the staff member who has claimed them; None for everybody's.
        before: id of the last row of the page before; unknown: from the beginning.
    """
    raise NotImplementedError


def due(session: Session, at: datetime, limit: int = 100) -> list[DueRow]:
    """Return the promised calls that were not made yet, the soonest first; snoozed ones too."""
    raise NotImplementedError


def counts(session: Session) -> dict[str, int]:
    """Return how many are `waiting`, `claimed` and `snoozed`, and how many of the waiting ones are `urgent`."""
    raise NotImplementedError


def of_conversation(session: Session, conversation_id: str) -> list[Handoff]:
    """Return the handoffs of a conversation, the newest first."""
    raise NotImplementedError


def contact_of(handoff: Handoff, sealer: Sealer) -> Contact:
    """Return who is to be reached.

    Raises:
        EncryptionKeyMissing: none of the keys opens it.
    """
    raise NotImplementedError


def wishes_of(handoff: Handoff) -> Wishes:
    """Return what the person wants."""
    return Wishes.from_json(handoff.wishes)


def reseal_contacts(session: Session, sealer: Sealer, after: str = "", limit: int = 500) -> str | None:
    """Seal the contacts behind the id `after` with the first key; return the last id of this batch, None when there are no more.

    Raises:
        EncryptionKeyMissing: none of the keys opens one.
    """
    raise NotImplementedError
