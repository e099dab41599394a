"""Stores messages in order, and reads them back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from database.base import now
from gateway import ids
from gateway.errors import MessageNotFound
from gateway.models import MAX_BUTTON_TITLE, MESSAGES, Message, OfferedButton
from gateway.replies import Reply
from gateway.schemas import Kind, MessageView, Sender

PAGE = 200

# Built once, as they run for every message.
_INSERT = insert(MESSAGES)
_NOTHING = dict.fromkeys(MESSAGES.columns.keys()) | {"is_pending": False}
_BY_CLIENT_ID = select(Message).where(Message.conversation_id == bindparam("of"), Message.client_message_id == bindparam("client_id"))


def add_of_visitor(session: Session, conversation_id: str, seq: int, **columns: Any) -> str:
    """Store a visitor's message; return its id."""
    return _add(session, {"conversation_id": conversation_id, "seq": seq, "sender": Sender.VISITOR, "kind": Kind.TEXT} | columns).id


def add_line(session: Session, conversation_id: str, seq: int, sender: Sender, text: str, reply_to: str | None = None) -> MessageView:
    """Store what the system says about the conversation, or what a person of the clinic says in it."""
    columns = {"conversation_id": conversation_id, "seq": seq, "sender": sender, "kind": Kind.TEXT, "text": text, "reply_to": reply_to}
    return _add(session, columns)


def add_of_bot(
    session: Session, conversation_id: str, seq: int, reply: Reply, reply_to: str | None = None, **columns_of_its_own: Any
) -> MessageView:
    """Store one reply. Its buttons get opaque ids; their payloads stay here."""
    columns = columns_of_its_own | {
        "conversation_id": conversation_id,
        "seq": seq,
        "sender": Sender.BOT,
        "kind": reply.kind,
        "text": reply.text,
        "assumed": reply.assumed,
        "reply_to": reply_to,
        "buttons": [{"title": button.title, "payload": ids.new_button_id()} for button in reply.buttons],
        "contact_card": reply.contact_card.model_dump(mode="json") if reply.contact_card else None,
    }
    message = _add(session, columns | _card(reply))
    session.add_all(_offers(conversation_id, message, reply))
    return message


def _card(reply: Reply) -> dict[str, Any]:
    if reply.answer is None:
        return {}
    return {"answer": reply.answer.model_dump(mode="json"), "answer_id": reply.answer.id, "answer_version": reply.answer.version}


def _add(session: Session, columns: dict[str, Any]) -> MessageView:
    """Insert without the session's bookkeeping, which costs more than the insert."""
    row = _NOTHING | {"id": ids.new_message_id(), "at": now(), "buttons": []} | columns
    session.connection().execute(_INSERT, row)
    return MessageView.model_validate(row)


def _offers(conversation_id: str, message: MessageView, reply: Reply) -> list[OfferedButton]:
    return [
        OfferedButton(
            id=shown.payload,
            conversation_id=conversation_id,
            message_id=message.id,
            title=shown.title[:MAX_BUTTON_TITLE],
            payload=button.payload,
        )
        for shown, button in zip(message.buttons, reply.buttons, strict=True)
    ]


def find_by_client_id(session: Session, conversation_id: str, client_message_id: str) -> Message | None:
    """Return what was already stored for a `client_message_id`."""
    return session.scalar(_BY_CLIENT_ID, {"of": conversation_id, "client_id": client_message_id})


def replies_to(session: Session, message_id: str) -> list[MessageView]:
    """Return the replies to a visitor's message, in order."""
    return views(session.scalars(select(Message).filter_by(reply_to=message_id).order_by(Message.seq)).all())


def seq_of(session: Session, conversation_id: str, message_id: str) -> int:
    """Return the place of a message in its conversation.

    Raises:
        MessageNotFound: it is not in this conversation.
    """
    known = select(Message.seq).filter_by(conversation_id=conversation_id, id=message_id)
    seq = session.scalar(known) if ids.is_id(message_id) else None
    if seq is None:
        raise MessageNotFound
    return seq


def newest_seq(session: Session, conversation_id: str) -> int:
    """Return the place of the newest message; 0 when there is none."""
    newest = select(Message.seq).filter_by(conversation_id=conversation_id).order_by(Message.seq.desc()).limit(1)
    return session.scalar(newest) or 0


def after(session: Session, conversation_id: str, seq: int) -> list[tuple[int, MessageView]]:
    """Return up to PAGE messages behind `seq` with their places; empty when there is nothing new."""
    rows = session.scalars(
        select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq).order_by(Message.seq).limit(PAGE)
    )
    return [(message.seq, view(message)) for message in rows]


def views(rows: Sequence[Message]) -> list[MessageView]:
    """Return messages as everybody sees them."""
    return [view(message) for message in rows]


def view(message: Message) -> MessageView:
    """Return one message as everybody sees it."""
    return MessageView.model_validate(message, from_attributes=True)
