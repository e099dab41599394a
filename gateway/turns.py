"""One message of a conversation at a time goes to Rasa, in the order in which they were stored.

The turn is a lease in the conversation's row, so it holds over several processes; a process that dies in its
turn loses it when the lease ends.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, exists, not_, or_, select, update
from sqlalchemy.orm import Session, aliased

from database.base import now
from desk.dialogues import dialogue_id
from gateway import conversations, messages
from gateway.conversations import Locked
from gateway.models import CONVERSATIONS, MESSAGES, Message, UnansweredQuestion
from gateway.replies import Reply
from gateway.schemas import Kind, MessageView, Owner

UNANSWERED = {Kind.NOT_COVERED, Kind.CLARIFY}

# Built once: building them for each message costs more than running them.
_TABLE = CONVERSATIONS.c
_EARLIER = aliased(Message)
_EARLIER_WAITS = exists().where(
    _EARLIER.conversation_id == bindparam("of"),
    _EARLIER.is_pending,
    _EARLIER.seq < bindparam("seq"),
    _EARLIER.at > bindparam("given_up"),  # older ones were given up by a process that died; nobody waits behind them
)
_FREE = (
    _TABLE.id == bindparam("of"),
    or_(_TABLE.turn_until.is_(None), _TABLE.turn_until < bindparam("moment")),
    not_(_EARLIER_WAITS),
)
_IS_FREE = select(_TABLE.id).where(*_FREE)
_TAKE = update(CONVERSATIONS).where(*_FREE).values(turn_message_id=bindparam("message"), turn_until=bindparam("until")).returning(_TABLE.id)
_SETTLE = (
    update(MESSAGES)
    .where(MESSAGES.c.id == bindparam("message"), MESSAGES.c.conversation_id == bindparam("of"), MESSAGES.c.is_pending)
    .values(is_pending=False)
    .returning(MESSAGES.c.text)
)
_GIVE_BACK = (
    update(CONVERSATIONS)
    .where(_TABLE.id == bindparam("of"), _TABLE.turn_message_id == bindparam("message"))
    .values(turn_message_id=None, turn_until=None)
)


@dataclass(frozen=True)
class Question:
    """A stored visitor message on its way to Rasa.

    Attributes:
        text: for Rasa; "" when the message held nothing but identifiers. kind: `text`, or `payload` for a pressed button.
        removed: the kinds of identifiers that were taken out of the message (`language.redaction`).
        episode: in which it is asked; each has a dialogue of its own in Rasa.
    """

    conversation_id: str
    message_id: str
    seq: int
    kind: str
    text: str
    episode: int = 1
    removed: tuple[str, ...] = ()

    @property
    def dialogue_id(self) -> str:
        """The name of this episode's dialogue in Rasa."""
        return dialogue_id(self.conversation_id, self.episode)


def may_take(session: Session, question: Question, *, lease_seconds: float) -> bool:
    """Say, without writing, whether trying again is worth it: the turn is free, or somebody has answered."""
    asked = session.get(Message, question.message_id)
    return asked is None or not asked.is_pending or session.execute(_IS_FREE, _values(question, lease_seconds)).first() is not None


def take(session: Session, question: Question, *, lease_seconds: float) -> bool:
    """Commit this question's turn, unless another one has it or an earlier question still waits."""
    return session.connection().execute(_TAKE, _values(question, lease_seconds)).first() is not None


def _values(question: Question, lease_seconds: float) -> dict[str, object]:
    moment, lease = now(), timedelta(seconds=lease_seconds)
    return {
        "of": question.conversation_id,
        "message": question.message_id,
        "seq": question.seq,
        "moment": moment,
        "until": moment + lease,
        "given_up": moment - lease,
    }


def finish(session: Session, question: Question, replies: list[Reply]) -> list[MessageView]:
    """Commit the replies and give the turn back; return the replies that stand.

    Those are the stored ones when somebody else has answered in the meantime (a lease that ran out). When a person has taken
    the conversation in the meantime, the bot keeps quiet: only an emergency is still answered.

    Raises:
        AccessRefused: the conversation was erased in the meantime; nothing is stored.
    """
    locked = conversations.lock(session, question.conversation_id, adding=len(replies))
    of_question = {"of": question.conversation_id, "message": question.message_id}
    session.connection().execute(_GIVE_BACK, of_question)
    asked = session.connection().execute(_SETTLE, of_question).one_or_none()
    if asked is None:
        return messages.replies_to(session, question.message_id)
    if locked.owner is not Owner.BOT or locked.episode != question.episode:
        replies = [reply for reply in replies if reply.kind is Kind.EMERGENCY]
    _note_unanswered(session, question, asked.text, replies)
    return _add_all(session, locked, question, replies)


def interject(session: Session, question: Question, replies: list[Reply]) -> list[MessageView]:
    """Commit replies to a message that is left to staff; return the stored ones when they were committed before.

    Raises:
        AccessRefused: the conversation was erased.
    """
    locked = conversations.lock(session, question.conversation_id, adding=len(replies))
    return messages.replies_to(session, question.message_id) or _add_all(session, locked, question, replies)


def _add_all(session: Session, locked: Locked, question: Question, replies: list[Reply]) -> list[MessageView]:
    return [
        messages.add_of_bot(session, locked.id, locked.last_seq + place, reply, reply_to=question.message_id)
        for place, reply in enumerate(replies, start=1)
    ]


def _note_unanswered(session: Session, question: Question, text: str, replies: list[Reply]) -> None:
    kinds = [reply.kind for reply in replies if reply.kind in UNANSWERED]
    if kinds:
        asked = {"conversation_id": question.conversation_id, "message_id": question.message_id, "text": text}
        session.add(UnansweredQuestion(kind=kinds[0], **asked))


def leave_to_staff(session: Session, question: Question) -> None:
    """Commit that Rasa is not to be asked: a person has taken the conversation while the question waited."""
    session.connection().execute(_SETTLE, {"of": question.conversation_id, "message": question.message_id})
