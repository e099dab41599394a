"""Everything that is stored about one person, as JSON that people can read too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import TableClause, select
from sqlalchemy.orm import Session

from desk import audit, handoffs
from desk.chat_tables import CONVERSATIONS, FEEDBACK, MESSAGES, UNANSWERED_QUESTIONS
from desk.encryption import Sealer
from desk.models import Delivery, Handoff, HandoffDraft, HandoffNote
from desk.persons import Sought, find


def export_person(session: Session, sealer: Sealer, sought: Sought, *, at: datetime, staff_id: int | None = None) -> dict[str, Any]:
    """Return all and only that person's data, and write an audit entry that names only a digest.

    Without hashes, digests and buttons, which say nothing about the person, and without the names of staff.
    Raises as `desk.persons.find`.
    """
    person = find(session, sealer, sought)
    details = {"by": sought.by, "handoffs": len(person.handoff_ids), "conversations": len(person.conversation_ids)}
    digest = sealer.digest(sought.comparable)
    audit.append(session, staff_id=staff_id, action="person.exported", object_kind="person", object_id=digest, details=details, at=at)
    return {
        "exported_at": at.isoformat(),
        "conversations": [each for known in person.conversation_ids for each in _conversation(session, known)],
        "handoffs": [_handoff(session, sealer, handoffs.get(session, known)) for known in person.handoff_ids],
    }


def _conversation(session: Session, conversation_id: str) -> list[dict[str, Any]]:
    """One entry; none where nothing is left of the conversation."""
    parts = {
        "messages": _rows(session, MESSAGES, conversation_id, ("at", "sender", "kind", "text"), order="seq"),
        "feedback": _rows(session, FEEDBACK, conversation_id, ("at", "answer_id", "helpful", "comment"), order="id"),
        "unanswered_questions": _rows(session, UNANSWERED_QUESTIONS, conversation_id, ("at", "kind", "text"), order="id"),
        "draft": [draft.wishes for draft in session.scalars(select(HandoffDraft).filter_by(conversation_id=conversation_id))],
    }
    started = session.execute(select(CONVERSATIONS.c.created_at).where(CONVERSATIONS.c.id == conversation_id)).scalar()
    if started is None and not any(parts.values()):
        return []
    return [{"id": conversation_id, "started_at": started.isoformat() if started else None} | parts]


def _rows(session: Session, table: TableClause, conversation_id: str, columns: Sequence[str], *, order: str) -> list[dict[str, Any]]:
    chosen = select(*(table.c[name] for name in columns)).where(table.c.conversation_id == conversation_id).order_by(table.c[order])
    return [_readable(dict(row._mapping)) for row in session.execute(chosen)]


def _handoff(session: Session, sealer: Sealer, handoff: Handoff) -> dict[str, Any]:
    told = (
        "reference",
        "state",
        "channel",
        "reason",
        "urgency",
        "topic",
        "procedure",
        "wishes",
        "answers_shown",
        "unanswered",
        "transcript",
    )
    times = ("created_at", "consent_at", "promise", "promised_from", "promised_until", "called_at", "resolved_at", "outcome")
    notes = session.scalars(select(HandoffNote).filter_by(handoff_id=handoff.id).order_by(HandoffNote.id))
    sent = session.scalars(select(Delivery).filter_by(handoff_id=handoff.id).order_by(Delivery.number))
    return _readable({name: getattr(handoff, name) for name in (*told, *times)}) | {
        "contact": handoffs.contact_of(handoff, sealer).model_dump(exclude_none=True),
        "notes": [_readable({"at": note.at, "text": note.text}) for note in notes],
        "deliveries": [
            _readable({"event": each.event, "target": each.target, "state": each.state, "sent_at": each.sent_at}) for each in sent
        ],
    }


def _readable(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
