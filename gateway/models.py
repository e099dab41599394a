"""The tables of the chat: conversations and what belongs to them.

Each column says in `info` whether it is personal; retention and erasure work from that register.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import PERSONAL, PLAIN, Base, UtcDateTime, now

MAX_BUTTON_TITLE = 300


class Conversation(Base):
    """One visitor's conversation. `owner` says who answers; Rasa is called only while it is `bot`."""

    __tablename__ = "conversations"
    __table_args__ = (CheckConstraint("owner IN ('bot', 'waiting', 'staff')", name="owner"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True, info=PERSONAL)
    token_hash: Mapped[str] = mapped_column(String(64), info=PERSONAL)
    owner: Mapped[str] = mapped_column(String(16), default="bot", info=PLAIN)
    last_seq: Mapped[int] = mapped_column(default=0, info=PLAIN, comment="seq of the newest message")
    episode: Mapped[int] = mapped_column(default=1, info=PLAIN, comment="counts up when a person hands back to the bot")
    episode_after_seq: Mapped[int] = mapped_column(default=0, info=PLAIN, comment="seq of the last message before this episode")
    turn_message_id: Mapped[str | None] = mapped_column(String(26), info=PLAIN, comment="the message that Rasa is answering")
    turn_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN, comment="when that turn counts as lost")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, info=PLAIN)
    last_active_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)


CONVERSATIONS = cast(Table, Conversation.__table__)


class Message(Base):
    """One message. `seq` counts from 1 in its conversation and is the order in which everybody sees it."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_message_id", name="uq_messages_client_message_id"),
        Index("ix_messages_pending", "conversation_id", "seq", sqlite_where=text("is_pending"), postgresql_where=text("is_pending")),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, info=PLAIN)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), info=PERSONAL)
    seq: Mapped[int] = mapped_column(info=PLAIN)
    sender: Mapped[str] = mapped_column(String(16), info=PLAIN)
    kind: Mapped[str] = mapped_column(String(16), info=PLAIN)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)
    client_message_id: Mapped[str | None] = mapped_column(String(36), info=PLAIN)
    button_id: Mapped[str | None] = mapped_column(String(32), info=PLAIN, comment="the button that the visitor pressed")
    reply_to: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), index=True, info=PLAIN)
    is_pending: Mapped[bool] = mapped_column(default=False, info=PLAIN, comment="of a visitor, and not answered yet")
    buttons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list, info=PERSONAL)
    assumed: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), info=PLAIN, comment="the card as it was shown")
    answer_id: Mapped[str | None] = mapped_column(String(128), info=PLAIN)
    answer_version: Mapped[int | None] = mapped_column(info=PLAIN)
    contact_card: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), info=PERSONAL, comment="asks for name and contact")


MESSAGES = cast(Table, Message.__table__)


class OfferedButton(Base):
    """A button of a bot message: the browser sees `id` and `title`, only Rasa sees `payload`."""

    __tablename__ = "offered_buttons"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, info=PLAIN)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True, info=PERSONAL)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), index=True, info=PLAIN)
    title: Mapped[str] = mapped_column(String(MAX_BUTTON_TITLE), info=PERSONAL)
    payload: Mapped[str] = mapped_column(Text, info=PERSONAL)


class Feedback(Base):
    """Whether an answer helped. Outlives an erased conversation, without its text and its links."""

    __tablename__ = "feedback"
    __table_args__ = (Index("ix_feedback_answer_id", "answer_id", "answer_version"),)

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True, info=PERSONAL)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), unique=True, info=PLAIN)
    answer_id: Mapped[str | None] = mapped_column(String(128), info=PLAIN)
    answer_version: Mapped[int | None] = mapped_column(info=PLAIN)
    helpful: Mapped[bool] = mapped_column(info=PLAIN)
    comment: Mapped[str | None] = mapped_column(Text, info=PERSONAL)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)


class UnansweredQuestion(Base):
    """A question that got `not_covered` or `clarify`: the writing backlog of the curators. Outlives its conversation, without its links."""

    __tablename__ = "unanswered_questions"

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True, info=PERSONAL)
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"), index=True, info=PLAIN)
    kind: Mapped[str] = mapped_column(String(16), info=PLAIN)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)


class TrackerErasure(Base):
    """A conversation that is erased here and still has to be erased in Rasa. Its row goes when Rasa has done it."""

    __tablename__ = "tracker_erasures"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True, info=PERSONAL)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)
