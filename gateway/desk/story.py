"""What a handoff page shows: the summary, this episode, and what came before, read in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.base import now
from desk import audit, handoffs, staff
from desk.contact import Contact
from desk.encryption import Sealer
from desk.models import AuditEntry, Handoff, HandoffNote
from desk.sign_in import SignedIn
from desk.wishes import Wishes
from gateway.models import Conversation, Message

MAX_LINES = 300
"""Messages of an episode that are shown; the newest. A page with more cannot be looked through."""

SAME_READING = timedelta(minutes=10)
"""Parts of a page that follow by themselves belong to the reading that was noted when it was opened."""


@dataclass(frozen=True)
class Line:
    """One message, as staff see it. `seq` is 0 in the copy that was taken at filing."""

    seq: int
    sender: str
    kind: str
    text: str
    at: datetime | None
    answer: dict[str, Any] | None


@dataclass(frozen=True)
class Story:
    """Everything on one page.

    Attributes:
        holder: name of who has claimed it; "" for nobody.
        lines: this episode. earlier_count: messages of older episodes, which are folded.
        owner: who answers in the chat; None when there is no conversation (any more).
        others: other handoffs of this conversation, the newest first.
    """

    handoff: Handoff
    contact: Contact
    wishes: Wishes
    holder: str
    is_mine: bool
    lines: Sequence[Line]
    earlier_count: int
    owner: str | None
    notes: Sequence[tuple[str, HandoffNote]]
    others: Sequence[Handoff]

    @property
    def can_chat(self) -> bool:
        """Say whether there is a conversation to write into."""
        return self.owner is not None

    @property
    def last_seq(self) -> int:
        """The place of the last line, after which new ones are asked for."""
        return self.lines[-1].seq if self.lines else 0


def read(session: Session, handoff_id: str, person: SignedIn, sealer: Sealer, *, again_after: timedelta = timedelta(0)) -> Story:
    """Return the story of a handoff, and note in the audit that it was read. Writes.

    Raises:
        HandoffNotFound: there is none.
    """
    handoff = handoffs.get(session, handoff_id)
    note_read(session, handoff, person, again_after=again_after)
    conversation = session.get(Conversation, handoff.conversation_id) if handoff.conversation_id else None
    names = staff.names(session)
    is_current = conversation is not None and handoff.state != "resolved"
    return Story(
        handoff=handoff,
        contact=handoffs.contact_of(handoff, sealer),
        wishes=handoffs.wishes_of(handoff),
        holder=names.get(handoff.claimed_by or 0, ""),
        is_mine=handoff.claimed_by == person.staff_id,
        lines=episode(session, conversation) if is_current and conversation else copied(handoff),
        earlier_count=_count_earlier(session, conversation, handoff) if conversation else 0,
        owner=conversation.owner if conversation else None,
        notes=_notes(session, handoff, names),
        others=[other for other in handoffs.of_conversation(session, handoff.conversation_id) if other.id != handoff.id]
        if handoff.conversation_id
        else [],
    )


def note_read(
    session: Session, handoff: Handoff, person: SignedIn, *, again_after: timedelta, details: Mapping[str, Any] | None = None
) -> None:
    """Note in the audit that somebody read a handoff, unless it was noted within `again_after`."""
    recent = select(AuditEntry.id).where(
        AuditEntry.object_kind == "handoff",
        AuditEntry.object_id == handoff.id,
        AuditEntry.staff_id == person.staff_id,
        AuditEntry.action == "handoff.read",
        AuditEntry.at > now() - again_after,
    )
    if not again_after or session.scalar(recent.limit(1)) is None:
        audit.append(
            session, staff_id=person.staff_id, action="handoff.read", object_kind="handoff", object_id=handoff.id, details=details, at=now()
        )


def episode(session: Session, conversation: Conversation, after_seq: int = 0) -> list[Line]:
    """Return the messages of the present episode behind `after_seq`, the newest MAX_LINES."""
    start = max(after_seq, conversation.episode_after_seq)
    newest = select(Message).where(Message.conversation_id == conversation.id, Message.seq > start)
    return _lines(session.scalars(newest.order_by(Message.seq.desc()).limit(MAX_LINES)).all())


def earlier(session: Session, conversation: Conversation, handoff: Handoff) -> list[Line]:
    """Return the messages of older episodes, the newest MAX_LINES of them."""
    older = select(Message).where(Message.conversation_id == conversation.id, Message.seq <= _end_of_earlier(conversation, handoff))
    return _lines(session.scalars(older.order_by(Message.seq.desc()).limit(MAX_LINES)).all())


def _lines(newest_first: Sequence[Message]) -> list[Line]:
    return [Line(message.seq, message.sender, message.kind, message.text, message.at, message.answer) for message in reversed(newest_first)]


def _count_earlier(session: Session, conversation: Conversation, handoff: Handoff) -> int:
    older = select(func.count()).where(Message.conversation_id == conversation.id, Message.seq <= _end_of_earlier(conversation, handoff))
    return session.scalar(older) or 0


def _end_of_earlier(conversation: Conversation, handoff: Handoff) -> int:
    """Once a handoff is resolved, the whole conversation is what lies around it."""
    return conversation.last_seq if handoff.state == "resolved" else conversation.episode_after_seq


def copied(handoff: Handoff) -> list[Line]:
    """Return the copy of the episode that was taken when the handoff was filed."""
    return [
        Line(0, str(line.get("sender", "")), str(line.get("kind", "text")), str(line.get("text", "")), _moment(line.get("at")), None)
        for line in handoff.transcript
    ]


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _notes(session: Session, handoff: Handoff, names: dict[int, str]) -> list[tuple[str, HandoffNote]]:
    written = session.scalars(select(HandoffNote).filter_by(handoff_id=handoff.id).order_by(HandoffNote.id))
    return [(names.get(note.staff_id, "somebody"), note) for note in written]
