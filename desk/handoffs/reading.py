"""Finds handoffs: the queue, what is due, and single ones. No query here grows with the whole table."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, literal, select, tuple_, update
from sqlalchemy.orm import Session

from desk.contact import Contact
from desk.encryption import Sealer
from desk.errors import HandoffNotFound
from desk.models import HANDOFFS, NO_CONTACT, URGENCIES, Handoff
from desk.wishes import Wishes

OPEN = ("waiting", "claimed", "snoozed")
_MISREAD = {"O": "0", "I": "1", "L": "1"}
_RANK = case({urgency: rank for rank, urgency in enumerate(URGENCIES)}, value=Handoff.urgency)


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


_COLUMNS = [getattr(Handoff, name) for name in (*(each.name for each in fields(QueueRow) if each.name != "about"), "wishes")]


def get(session: Session, handoff_id: str) -> Handoff:
    """Return the handoff as it is now.

    Raises:
        HandoffNotFound: there is none.
    """
    is_id = handoff_id.isascii() and handoff_id.isalnum()  # PostgreSQL refuses to be asked for a zero byte
    handoff = session.get(Handoff, handoff_id, populate_existing=True) if is_id else None
    if handoff is None:
        raise HandoffNotFound
    return handoff


def by_reference(session: Session, text: str) -> Handoff:
    """Return the handoff with a reference as people write or say it: small letters, no dashes, O for 0, I or L for 1.

    Raises:
        HandoffNotFound: there is none.
    """
    letters = "".join(_MISREAD.get(sign, sign) for sign in text.upper() if sign.isascii() and sign.isalnum()).removeprefix("FD")
    handoff = session.scalar(select(Handoff).filter_by(reference=f"FD-{letters[:4]}-{letters[4:]}"))
    if handoff is None:
        raise HandoffNotFound
    return handoff


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
        state: None for all but resolved. Resolved ones are ordered by time alone, as they only grow in number.
        mine: id of the staff member who has claimed them; None for everybody's.
        before: id of the last row of the page before; unknown: from the beginning.
    """
    rows = select(*_COLUMNS).where(Handoff.state == state if state else Handoff.state.in_(OPEN))
    for column, value in ((Handoff.urgency, urgency), (Handoff.claimed_by, mine), (Handoff.channel, channel)):
        rows = rows if value is None else rows.where(column == value)
    order = (Handoff.created_at, Handoff.id) if state == "resolved" else (_RANK, Handoff.created_at, Handoff.id)
    last = session.execute(select(*order).where(Handoff.id == before)).one_or_none() if before else None
    rows = rows if last is None else rows.where(tuple_(*order) < tuple_(*map(literal, last)))
    return [_queue_row(row) for row in session.execute(rows.order_by(*(column.desc() for column in order)).limit(limit))]


def due(session: Session, at: datetime, limit: int = 100) -> list[DueRow]:
    """Return the promised calls that were not made yet, the soonest first; snoozed ones too."""
    open_ones = select(*_COLUMNS).where(Handoff.state.in_(OPEN), Handoff.called_at.is_(None), Handoff.promised_until.is_not(None))
    rows = map(_queue_row, session.execute(open_ones.order_by(Handoff.promised_until, Handoff.id).limit(limit)))
    return [DueRow(**vars(row), is_overdue=row.promised_until is not None and row.promised_until <= at) for row in rows]


def counts(session: Session) -> dict[str, int]:
    """Return how many are `waiting`, `claimed` and `snoozed`, and how many of the waiting ones are `urgent`."""
    grouped = select(Handoff.state, Handoff.urgency, func.count()).where(Handoff.state.in_(OPEN)).group_by(Handoff.state, Handoff.urgency)
    counted = dict.fromkeys((*OPEN, "urgent"), 0)
    for state, urgency, count in session.execute(grouped):
        counted[state] += count
        counted["urgent"] += count if (state, urgency) == ("waiting", "urgent") else 0
    return counted


def of_conversation(session: Session, conversation_id: str) -> list[Handoff]:
    """Return the handoffs of a conversation, the newest first."""
    mine = select(Handoff).filter_by(conversation_id=conversation_id)
    return list(session.scalars(mine.order_by(Handoff.created_at.desc(), Handoff.id.desc())))


def contact_of(handoff: Handoff, sealer: Sealer) -> Contact:
    """Return who is to be reached; a contact without a name, phone or e-mail once that was deleted (`desk.retention`).

    Raises:
        EncryptionKeyMissing: none of the keys opens it.
    """
    return Contact(name="") if handoff.contact == NO_CONTACT else Contact.model_validate(sealer.open(handoff.contact))


def wishes_of(handoff: Handoff) -> Wishes:
    """Return what the person wants."""
    return Wishes.from_json(handoff.wishes)


def reseal_contacts(session: Session, sealer: Sealer, after: str = "", limit: int = 500) -> str | None:
    """Seal the contacts behind the id `after` with the first key; return the last id of this batch, None when there are no more.

    Raises:
        EncryptionKeyMissing: none of the keys opens one.
    """
    batch = select(Handoff.id, Handoff.contact).where(Handoff.id > after, Handoff.contact != NO_CONTACT)
    found = session.execute(batch.order_by(Handoff.id).limit(limit).with_for_update()).all()
    for handoff_id, sealed in found:
        session.execute(update(HANDOFFS).where(Handoff.id == handoff_id).values(contact=sealer.reseal(sealed)))
    return found[-1].id if found else None


def _queue_row(row: Any) -> QueueRow:
    values = dict(row._mapping)
    about = values.pop("wishes").get("about")
    return QueueRow(**values, about=about)
