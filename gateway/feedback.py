"""Whether a reply helped."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.base import now
from gateway import conversations, ids
from gateway.errors import MessageNotFound
from gateway.models import Feedback, Message
from gateway.schemas import FeedbackView, Sender


def store(session: Session, conversation_id: str, message_id: str, *, helpful: bool, comment: str | None) -> FeedbackView:
    """Commit feedback on a bot message; an earlier one on the same message is replaced.

    Raises:
        MessageNotFound: no such bot message in this conversation.
    """
    conversations.lock(session, conversation_id)
    known = select(Message).filter_by(id=message_id, conversation_id=conversation_id, sender=Sender.BOT)
    message = session.scalar(known) if ids.is_id(message_id) else None
    if message is None:
        raise MessageNotFound
    row = session.scalar(select(Feedback).filter_by(message_id=message_id)) or Feedback(message_id=message_id)
    row.conversation_id, row.answer_id, row.answer_version = conversation_id, message.answer_id, message.answer_version
    row.helpful, row.comment, row.at = helpful, comment, now()
    session.add(row)
    return FeedbackView(message_id=message_id, helpful=helpful, comment=comment)
