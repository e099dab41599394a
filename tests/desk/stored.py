"""Puts conversations, handoffs and what belongs to them into a database, each with a mark of its own."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from database.base import Base
from database.engine import transaction
from desk.models import CountedCall, Delivery, Handoff, HandoffDraft, HandoffNote, SignInFailure, Staff, StaffSession
from gateway.ids import new_message_id
from gateway.models import Conversation, Feedback, Message, OfferedButton, UnansweredQuestion

AT = datetime.fromisoformat("2026-11-21T12:00:00+00:00")


def days_ago(days: float) -> datetime:
    """Return a moment before AT."""
    return AT - timedelta(days=days)


def store_staff(engine: Engine) -> int:
    """Store somebody who works here; return the id."""
    with transaction(engine) as session:
        staff = Staff(login="nora", name="Nora", password_hash="x", role="agent")
        session.add(staff)
        session.flush()
        return staff.id


def store_conversation(engine: Engine, conversation_id: str, mark: str, *, days: float) -> None:
    """Store a conversation whose last message is `days` old, with everything that can belong to one."""
    at = days_ago(days)
    question, reply = new_message_id(), new_message_id()
    with transaction(engine) as session:
        session.add(Conversation(id=conversation_id, token_hash="x", last_seq=2, last_active_at=at, created_at=at))
        session.flush()
        session.add(Message(id=question, conversation_id=conversation_id, seq=1, sender="visitor", kind="text", text=f"{mark} asks", at=at))
        session.flush()
        session.add(
            Message(
                id=reply,
                conversation_id=conversation_id,
                seq=2,
                sender="bot",
                kind="clarify",
                text=f"{mark} which",
                at=at,
                reply_to=question,
                buttons=[{"title": mark, "payload": f"button-{question}"}],
                assumed=mark,
            )
        )
        session.flush()
        session.add(
            OfferedButton(id=f"b{question}", conversation_id=conversation_id, message_id=reply, title=f"{mark} title", payload=f"/{mark}")
        )
        session.add(
            Feedback(conversation_id=conversation_id, message_id=reply, answer_id="a/b", helpful=True, comment=f"{mark} comment", at=at)
        )
        session.add(UnansweredQuestion(conversation_id=conversation_id, message_id=question, kind="clarify", text=f"{mark} asks", at=at))
        session.add(
            HandoffDraft(conversation_id=conversation_id, channel="callback", reason="requested", wishes={"about": mark}, updated_at=at)
        )


def store_handoff(
    engine: Engine,
    mark: str,
    *,
    staff_id: int,
    conversation_id: str | None = None,
    resolved_days: float | None = None,
    contact: bytes = b"",
) -> str:
    """Store a handoff, resolved some days ago or still waiting; return its id."""
    handoff_id = new_message_id()
    resolved = None if resolved_days is None else days_ago(resolved_days)
    with transaction(engine) as session:
        session.add(
            Handoff(
                id=handoff_id,
                reference=f"FD-{handoff_id[-9:]}",
                conversation_id=conversation_id,
                client_request_id=handoff_id,
                content_digest=f"digest-{mark}",
                state="waiting" if resolved is None else "resolved",
                channel="callback",
                reason="requested",
                wishes={"about": f"{mark} wish"},
                unanswered=[f"{mark} asks"],
                transcript=[{"sender": "visitor", "text": f"{mark} says", "at": AT.isoformat()}],
                contact=contact or f"sealed {mark}".encode(),
                consent_at=AT,
                promise="We call you.",
                resolved_at=resolved,
                outcome=resolved and "called",
            )
        )
        session.flush()
        session.add(HandoffNote(handoff_id=handoff_id, staff_id=staff_id, text=f"{mark} note"))
        session.add(Delivery(id=new_message_id(), handoff_id=handoff_id, target="email", event="handoff.created", number=1))
    return handoff_id


def store_traces_of_staff(engine: Engine, mark: str, *, staff_id: int, days: float) -> None:
    """Store a session, a failed sign-in and a counted call of `days` ago."""
    at = days_ago(days)
    with transaction(engine) as session:
        session.add(StaffSession(token_hash=f"t{mark}", staff_id=staff_id, csrf_token=mark, last_seen_at=at, created_at=at))
        session.add(SignInFailure(login_digest=mark, address_digest=mark, at=at))
        session.add(CountedCall(at=at, staff_id=staff_id, outcome="not_answered", question=f"{mark} searched"))


def tables_with(engine: Engine, mark: str) -> set[str]:
    """Return the tables in which `mark` stands in any column."""
    found = set()
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if any(mark in repr(tuple(row)) for row in connection.execute(select(table))):
                found.add(table.name)
    return found


def files_with(folder: Path, mark: str) -> list[str]:
    """Return the files below `folder` in which `mark` stands."""
    return [file.name for file in sorted(folder.rglob("*")) if file.is_file() and mark.encode() in file.read_bytes()]
