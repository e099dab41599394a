"""What the clock and the red-flag screen change in handoffs, with nobody at the desk having touched them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from desk import audit, opening
from desk.models import URGENCIES, AuditEntry, Handoff
from knowledge.clinic import Clinic


@dataclass(frozen=True)
class Unmet:
    """A live chat that nobody has joined, as it stands now: a call with a promise."""

    conversation_id: str
    reference: str
    promise: str


def raise_urgency(session: Session, conversation_id: str, urgency: str, at: datetime) -> int:
    """Raise the open handoffs of a conversation to `urgency`; return how many were lower."""
    lower = URGENCIES[: URGENCIES.index(urgency)]
    own = select(Handoff).where(Handoff.conversation_id == conversation_id, Handoff.state != "resolved", Handoff.urgency.in_(lower))
    raised = session.scalars(own).all()
    for handoff in raised:
        _change(session, handoff, "handoff.urgency_raised", {"to": urgency}, at, urgency=urgency)
    return len(raised)


def is_anybody_waiting(session: Session, *, minutes: int, at: datetime) -> bool:
    """Say, without writing, whether a live chat may have waited for more than `minutes`."""
    return session.scalars(_waiting(minutes, at).limit(1)).first() is not None


def _waiting(minutes: int, at: datetime) -> Select[Handoff]:
    return select(Handoff).where(
        Handoff.state == "waiting",
        Handoff.channel == "live",
        Handoff.conversation_id.is_not(None),
        Handoff.created_at <= at - timedelta(minutes=minutes),
    )


def give_up_live(session: Session, clinic: Clinic, *, minutes: int, at: datetime) -> list[Unmet]:
    """Turn live chats that have waited for more than `minutes` into calls; return them. None is lost, and each is turned once."""
    promise = opening.promise(clinic, at, "callback")
    values = {"channel": "callback", "promise": promise.text, "promised_from": promise.start, "promised_until": promise.end}
    late = [
        handoff for handoff in session.scalars(_waiting(minutes, at)) if at - _waits_since(session, handoff) >= timedelta(minutes=minutes)
    ]
    turned = [handoff for handoff in late if _change(session, handoff, "handoff.live_unmet", {"minutes": minutes}, at, **values)]
    return [Unmet(handoff.conversation_id or "", handoff.reference, promise.text) for handoff in turned]


def _waits_since(session: Session, handoff: Handoff) -> datetime:
    """A chat that somebody joined and left again waits from then on."""
    of_handoff = (AuditEntry.object_kind == "handoff", AuditEntry.object_id == handoff.id)
    newest = session.scalar(select(func.max(AuditEntry.at)).where(*of_handoff, AuditEntry.action == "handoff.released"))
    return max(handoff.created_at, newest) if newest else handoff.created_at


def _change(session: Session, handoff: Handoff, action: str, details: dict[str, object], at: datetime, **values: object) -> bool:
    """Compare and set: what a person does at the same moment wins."""
    unchanged = update(Handoff).where(Handoff.id == handoff.id, Handoff.version == handoff.version)
    done = session.execute(unchanged.values(version=handoff.version + 1, **values).returning(Handoff.id)).first()
    if done is None:
        return False
    audit.append(session, staff_id=None, action=action, object_kind="handoff", object_id=handoff.id, details=details, at=at)
    return True
