"""Takes in what a visitor posted: stored before anything else happens, once per `client_message_id`."""

from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway import conversations, ids, messages, turns
from gateway.conversations import Locked
from gateway.errors import MessageConflict, PayloadNotOffered
from gateway.models import Message, OfferedButton
from gateway.schemas import MessageView, Owner
from gateway.text_gate import without_command
from gateway.turns import Question
from language.redaction import removed_kinds, without_placeholders


@dataclass(frozen=True)
class Posted:
    """A visitor's post. Exactly one of `text` (cleaned) and `button_id` is given."""

    client_message_id: str
    text: str | None = None
    button_id: str | None = None


@dataclass(frozen=True)
class Accepted:
    """What became of a post.

    Attributes:
        replies: None while Rasa has to be asked; else what to answer, empty when staff will answer.
        has_turn: Rasa may be asked now; False: another message is being answered.
    """

    question: Question
    replies: list[MessageView] | None
    has_turn: bool


def accept(session: Session, conversation_id: str, posted: Posted, *, lease_seconds: float) -> Accepted:
    """Commit the post, or find the one that was stored under the same `client_message_id`.

    Raises:
        AccessRefused: the conversation was erased.
        MessageConflict: the same `client_message_id` with other content.
        PayloadNotOffered: the button does not belong to this conversation.
    """
    locked = conversations.lock(session, conversation_id, adding=1)
    known = messages.find_by_client_id(session, conversation_id, posted.client_message_id)
    if known is not None:
        return _repeat(session, known, posted, lease_seconds)
    button = _offered(session, conversation_id, posted.button_id)
    seq, text = locked.last_seq + 1, button.title if button else posted.text or ""
    message_id = messages.add_of_visitor(
        session,
        conversation_id,
        seq,
        text=text,
        button_id=posted.button_id,
        client_message_id=posted.client_message_id,
        is_pending=locked.owner is Owner.BOT,
    )
    question = _question(conversation_id, message_id, seq, text, button)
    return _next_step(session, question, locked, lease_seconds)


def resume(session: Session, question: Question, *, lease_seconds: float) -> Accepted:
    """Return the same as `accept` for a question that had to wait.

    Raises:
        AccessRefused: the conversation was erased.
    """
    locked = conversations.lock(session, question.conversation_id)
    message = session.get_one(Message, question.message_id)
    if not message.is_pending:
        return Accepted(question, messages.replies_to(session, message.id), has_turn=False)
    return _next_step(session, question, locked, lease_seconds)


def _next_step(session: Session, question: Question, locked: Locked, lease_seconds: float) -> Accepted:
    question = replace(question, episode=locked.episode)
    if locked.owner is not Owner.BOT:
        turns.leave_to_staff(session, question)
        return Accepted(question, [], has_turn=False)
    return Accepted(question, None, turns.take(session, question, lease_seconds=lease_seconds))


def _repeat(session: Session, known: Message, posted: Posted, lease_seconds: float) -> Accepted:
    is_same = known.button_id == posted.button_id and (posted.text is None or known.text == posted.text)
    if not is_same:
        raise MessageConflict
    button = _offered(session, known.conversation_id, known.button_id)
    question = _question(known.conversation_id, known.id, known.seq, known.text, button)
    return resume(session, question, lease_seconds=lease_seconds)


def _question(conversation_id: str, message_id: str, seq: int, text: str, button: OfferedButton | None) -> Question:
    """What Rasa gets: a button's payload, or the text without what it could take for a command or for words of the visitor's."""
    if button:
        return Question(conversation_id, message_id, seq, "payload", button.payload)
    asked = without_command(without_placeholders(text))
    return Question(conversation_id, message_id, seq, "text", asked, removed=removed_kinds(text))


def _offered(session: Session, conversation_id: str, button_id: str | None) -> OfferedButton | None:
    if button_id is None:
        return None
    known = select(OfferedButton).filter_by(id=button_id, conversation_id=conversation_id)
    button = session.scalar(known) if ids.is_id(button_id) else None
    if button is None:
        raise PayloadNotOffered
    return button
