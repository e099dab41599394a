"""The outbox: events on their way to e-mail and webhook, written in the transaction of what they tell about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.ids import new_ulid
from desk.models import Delivery, Handoff

CREATED = "handoff.created"
CLAIMED = "handoff.claimed"
RELEASED = "handoff.released"
RESOLVED = "handoff.resolved"
REOPENED = "handoff.reopened"

WANTED = {
    "email": frozenset({CREATED, REOPENED}),
    "webhook": frozenset({CREATED, CLAIMED, RELEASED, RESOLVED, REOPENED}),
}
"""Which events a target gets: people are told what waits for them, a program everything."""


def enqueue(session: Session, handoff: Handoff, event: str, targets: Iterable[str], at: datetime) -> None:
    """Put an event on its way to those targets that want it. The transaction must hold the handoff's row.

    One event has one number in its handoff, whichever targets it goes to, and an id of its own for each of them.
    """
    number = 1 + (session.scalar(select(func.max(Delivery.number)).where(Delivery.handoff_id == handoff.id)) or 0)
    for target in sorted(set(targets)):
        if event in WANTED[target]:
            row = {"id": new_ulid(), "handoff_id": handoff.id, "target": target, "event": event, "number": number}
            session.add(Delivery(**row, next_attempt_at=at, created_at=at))


def targets_of(session: Session, handoff_id: str) -> list[str]:
    """Return where the handoff was announced; later events follow it there."""
    return list(session.scalars(select(Delivery.target).where(Delivery.handoff_id == handoff_id, Delivery.event == CREATED)))
