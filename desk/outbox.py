"""The outbox: events on their way to e-mail and webhook, written in the transaction of what they tell about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from database.ids import new_ulid
from desk.models import Delivery, Handoff

CREATED = "handoff.created"
CLAIMED = "handoff.claimed"
RELEASED = "handoff.released"
RESOLVED = "handoff.resolved"
REOPENED = "handoff.reopened"
UNCLAIMED = "handoff.unclaimed"

LEASE = timedelta(minutes=2)
"""How long one attempt may take before another worker takes over; longer than all time-outs of an attempt together."""

FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
GIVEN_UP_AFTER = timedelta(hours=72)
"""As long as a weekend, and a day to mend what is broken."""

WANTED = {
    "email": frozenset({CREATED, REOPENED, UNCLAIMED}),
    "webhook": frozenset({CREATED, CLAIMED, RELEASED, RESOLVED, REOPENED, UNCLAIMED}),
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


def take(session: Session, at: datetime) -> Delivery | None:
    """Lease the delivery that is due longest, and count the attempt; None when none is due.

    Of one handoff and target, an event waits until the one before it was sent or given up.
    """
    earlier = aliased(Delivery)
    is_behind = exists().where(
        earlier.handoff_id == Delivery.handoff_id,
        earlier.target == Delivery.target,
        earlier.state == "waiting",
        earlier.number < Delivery.number,
    )
    is_free = or_(Delivery.leased_until.is_(None), Delivery.leased_until < at)
    due = select(Delivery.id).where(Delivery.state == "waiting", Delivery.next_attempt_at <= at, is_free, ~is_behind)
    found = session.scalar(due.order_by(Delivery.next_attempt_at, Delivery.id).limit(1))
    leased = {"leased_until": at + LEASE, "attempts": Delivery.attempts + 1}
    taking = update(Delivery).where(Delivery.id == found, Delivery.state == "waiting", is_free).values(leased).returning(Delivery.id)
    taken = session.scalar(taking) if found else None
    return session.get(Delivery, taken, populate_existing=True) if taken else None


def mark_sent(session: Session, delivery_id: str, at: datetime) -> None:
    """Note that the target has it."""
    done = {"state": "sent", "sent_at": at, "leased_until": None, "last_error": None}
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(done))


def mark_failed(session: Session, delivery_id: str, *, reason: str, at: datetime, jitter: float) -> None:
    """Note why it failed, and when to try again; after three days it is given up.

    Args:
        reason: holds no contact data; cut to what the column takes.
        jitter: in [0, 1); spreads the attempts of many deliveries that failed together.
    """
    delivery = session.get_one(Delivery, delivery_id)
    delivery.leased_until, delivery.last_error = None, reason[:300]
    delivery.next_attempt_at = at + pause_after(delivery.attempts) * (1 + jitter / 2)
    if at - delivery.created_at >= GIVEN_UP_AFTER:
        delivery.state = "dead"


def pause_after(attempts: int) -> timedelta:
    """Return the pause after so many failures, without jitter: it doubles, up to an hour."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(attempts - 1, 12)
    return min(doubled, LONGEST_PAUSE)


def dead_letters(session: Session, limit: int = 100) -> list[Delivery]:
    """Return what was given up, the newest first."""
    return list(session.scalars(select(Delivery).where(Delivery.state == "dead").order_by(Delivery.created_at.desc()).limit(limit)))


def retry(session: Session, delivery_id: str, at: datetime) -> bool:
    """Let a dead delivery be tried again as if it were new; False when there is no such dead one."""
    again = {"state": "waiting", "attempts": 0, "next_attempt_at": at, "created_at": at, "leased_until": None}
    dead = update(Delivery).where(Delivery.id == delivery_id, Delivery.state == "dead").values(again)
    return session.scalar(dead.returning(Delivery.id)) is not None
