"""A person of the clinic in the chat: what they say, and that somebody is typing."""

from sqlalchemy.orm import Session

from gateway import conversations, lines, messages, ownership
from gateway.schemas import MessageView, Owner, Sender


def say(session: Session, conversation_id: str, text: str, staff_name: str) -> MessageView:
    """Commit what a person writes into a conversation. It is theirs from then on, and the visitor is told who joins.

    `text` is cleaned (`text_gate.read_text`). The caller wakes who watches after the commit.

    Raises:
        AccessRefused: the conversation was erased.
    """
    if conversations.lock(session, conversation_id).owner is not Owner.STAFF:
        ownership.set_owner(session, conversation_id, Owner.STAFF, lines.joined(staff_name))
    locked = conversations.lock(session, conversation_id, adding=1)
    return messages.add_line(session, conversation_id, locked.last_seq + 1, Sender.STAFF, text)
