"""Starts, finds, locks and erases conversations."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from database.base import now
from desk import chats, drafts
from gateway import ids
from gateway.errors import AccessRefused
from gateway.models import CONVERSATIONS, Conversation
from gateway.schemas import Owner

# Statements of every message are built once: building them anew costs more than running them.
_TABLE = CONVERSATIONS.c
_TOKEN = select(_TABLE.token_hash, _TABLE.last_active_at).where(_TABLE.id == bindparam("id"))
_LOCK = (
    update(CONVERSATIONS)
    .where(_TABLE.id == bindparam("of"))
    .values(last_seq=_TABLE.last_seq + bindparam("adding"), last_active_at=bindparam("at"))
    .returning(_TABLE.owner, _TABLE.last_seq, _TABLE.episode)
)


@dataclass(frozen=True)
class Locked:
    """A conversation that no other transaction can change until this one ends."""

    id: str
    owner: Owner
    last_seq: int
    episode: int


def start(session: Session) -> tuple[str, str]:
    """Store a new conversation; return its id and its token, which is not stored."""
    token = ids.new_token()
    conversation = Conversation(id=ids.new_conversation_id(), token_hash=ids.hash_token(token))
    session.add(conversation)
    session.flush()
    return conversation.id, token


def token_hash_of(session: Session, conversation_id: str, *, days: int) -> str | None:
    """Return the hash of the conversation's token; None when there is none, or nothing was said in it for `days`."""
    row = session.execute(_TOKEN, {"id": conversation_id}).one_or_none() if ids.is_id(conversation_id) else None
    if row is None or row.last_active_at < now() - timedelta(days=days):
        return None
    return str(row.token_hash)


def lock(session: Session, conversation_id: str, *, adding: int = 0) -> Locked:
    """Take the conversation for this transaction and count `adding` messages; `last_seq` is the count before.

    An update as the first statement locks the row on PostgreSQL, and takes SQLite's write lock.

    Raises:
        AccessRefused: it was erased.
    """
    row = session.connection().execute(_LOCK, {"of": conversation_id, "adding": adding, "at": now()}).one_or_none()
    if row is None:
        raise AccessRefused
    return Locked(conversation_id, Owner(row.owner), row.last_seq - adding, row.episode)


def erase(session: Session, conversation_id: str) -> None:
    """Delete the conversation with all its texts, and note that Rasa has to forget it too, in every episode.

    What stays is whether an answer helped, without comment and without a link to the conversation; and what the visitor has
    asked the clinic to do, without its transcript (`desk.drafts.leave_conversation`).
    """
    lock(session, conversation_id)
    drafts.leave_conversation(session, conversation_id)
    chats.erase(session, [conversation_id], at=now(), keep_texts=False)
