"""The story that goes with a handoff: what was asked, answered and left open in this episode of the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from gateway.models import Conversation, Message, UnansweredQuestion
from gateway.schemas import Kind
from language.red_flags import Screen

MAX_TRANSCRIPT = 400
"""Messages of an episode that staff get, the newest ones. A conversation of 200 turns has as many."""

URGENCIES = {"today": "same_day", "now": "urgent"}
"""Of a red flag, least urgent first."""


@dataclass(frozen=True)
class Packet:
    """What an episode tells staff. Empty lists and None where nothing was said.

    Attributes:
        answers_shown: id, version and title, each once, in order.
        unanswered: the questions that got no answer.
        transcript: sender, kind, text and time (ISO, UTC).
        topic, procedure: of the last answer.
        urgency: `routine`, `same_day` or `urgent`, by the red flags.
        is_bot_down: the last reply was that the assistant cannot answer.
    """

    answers_shown: list[dict[str, Any]]
    unanswered: list[str]
    transcript: list[dict[str, Any]]
    topic: str | None
    procedure: str | None
    urgency: str
    is_bot_down: bool


def collect(session: Session, conversation_id: str, screen: Screen) -> Packet:
    """Return the packet of the episode that is going on."""
    messages = _of_episode(session, conversation_id)
    cards = [message.answer for message in messages if message.answer]
    last = cards[-1] if cards else {}
    replies = [message for message in messages if message.sender == "bot"]
    return Packet(
        answers_shown=_each_once(cards),
        unanswered=_unanswered(session, messages),
        transcript=[
            {"sender": message.sender, "kind": message.kind, "text": message.text, "at": message.at.isoformat()} for message in messages
        ],
        topic=last.get("topic"),
        procedure=next(iter(last.get("procedures") or ()), None),
        urgency=_urgency(messages, screen),
        is_bot_down=bool(replies) and replies[-1].kind == Kind.UNAVAILABLE,
    )


def _of_episode(session: Session, conversation_id: str) -> Sequence[Message]:
    begins = select(Conversation.episode_after_seq).where(Conversation.id == conversation_id).scalar_subquery()
    own = select(Message).where(Message.conversation_id == conversation_id, Message.seq > begins)
    return list(reversed(session.scalars(own.order_by(Message.seq.desc()).limit(MAX_TRANSCRIPT)).all()))


def _each_once(cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    shown = {(card["id"], card["version"]): {key: card[key] for key in ("id", "version", "title")} for card in cards}
    return list(shown.values())


def _unanswered(session: Session, messages: Sequence[Message]) -> list[str]:
    ids = [message.id for message in messages]
    asked = select(UnansweredQuestion.text).where(UnansweredQuestion.message_id.in_(ids)).order_by(UnansweredQuestion.id)
    return list(dict.fromkeys(session.scalars(asked)))


def _urgency(messages: Sequence[Message], screen: Screen) -> str:
    """A flagged message is screened again: what is stored of the alarm is its text."""
    by_id = {message.id: message for message in messages}
    flagged = [by_id.get(message.reply_to or "") for message in messages if message.kind == Kind.EMERGENCY]
    alarms = [screen.check(message.text) for message in flagged if message is not None]
    found = [URGENCIES[alarm.urgency] for alarm in alarms if alarm is not None]
    return max(found, key=list(URGENCIES.values()).index, default="urgent" if flagged else "routine")
