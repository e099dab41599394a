"""The tables of the desk: handoffs and what belongs to them, staff, audit, and the calls counted.

Each column says in `info` whether it is personal; retention and erasure work from that register.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import PERSONAL, PLAIN, Base, UtcDateTime, now

STATES = ("waiting", "claimed", "snoozed", "resolved")
CHANNELS = ("live", "callback", "appointment")
URGENCIES = ("routine", "same_day", "urgent")
REASONS = ("requested", "appointment", "not_covered", "refused", "red_flag", "unavailable", "call")
NO_CONTACT = b""
"""Stands in `handoffs.contact` once the contact was deleted, since its time was over."""

ROLES = ("agent", "curator", "admin")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=column)


class Staff(Base):
    """Somebody who may sign in. Accounts are disabled, never deleted: the audit names them."""

    __tablename__ = "staff"
    __table_args__ = (_one_of("role", ROLES),)

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    login: Mapped[str] = mapped_column(String(64), unique=True, info=PERSONAL, comment="lower case")
    name: Mapped[str] = mapped_column(String(80), info=PERSONAL, comment="as visitors see it")
    password_hash: Mapped[str] = mapped_column(String(200), info=PERSONAL, comment="Argon2id")
    role: Mapped[str] = mapped_column(String(16), info=PLAIN)
    is_active: Mapped[bool] = mapped_column(default=True, info=PLAIN)
    on_duty_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN, comment="takes live chats until then; empty: off duty")
    must_change_password: Mapped[bool] = mapped_column(default=False, info=PLAIN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, info=PLAIN)


class StaffSession(Base):
    """A signed-in browser. The cookie holds the token; only its hash is stored."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=PERSONAL)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True, info=PERSONAL)
    csrf_token: Mapped[str] = mapped_column(String(64), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, info=PLAIN)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, info=PLAIN)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)


class SignInFailure(Base):
    """A failed sign-in, kept for as long as throttling looks back."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        Index("ix_sign_in_failures_login", "login_digest", "at"),
        Index("ix_sign_in_failures_address", "address_digest", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    login_digest: Mapped[str] = mapped_column(String(64), info=PERSONAL)
    address_digest: Mapped[str] = mapped_column(String(64), info=PERSONAL)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)


class Handoff(Base):
    """What somebody wants from the clinic: the whole story in one row. `version` counts its changes (compare-and-set)."""

    __tablename__ = "handoffs"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_request_id"),
        _one_of("state", STATES),
        _one_of("channel", CHANNELS),
        _one_of("urgency", URGENCIES),
        _one_of("reason", REASONS),
        Index("ix_handoffs_queue", "state", "created_at"),
        Index("ix_handoffs_due", "state", "promised_until"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, info=PLAIN)
    reference: Mapped[str] = mapped_column(String(16), unique=True, info=PLAIN, comment="what the visitor is told")
    conversation_id: Mapped[str | None] = mapped_column(String(64), index=True, info=PERSONAL, comment="empty: by phone, or erased")
    client_request_id: Mapped[str] = mapped_column(String(36), info=PLAIN)
    content_digest: Mapped[str] = mapped_column(String(64), index=True, info=PERSONAL, comment="the same wish twice is one handoff")
    version: Mapped[int] = mapped_column(default=1, info=PLAIN)
    state: Mapped[str] = mapped_column(String(16), default="waiting", info=PLAIN)
    channel: Mapped[str] = mapped_column(String(16), info=PLAIN)
    reason: Mapped[str] = mapped_column(String(16), info=PLAIN)
    urgency: Mapped[str] = mapped_column(String(16), default="routine", info=PLAIN)
    topic: Mapped[str | None] = mapped_column(String(64), info=PLAIN)
    procedure: Mapped[str | None] = mapped_column(String(64), info=PLAIN)
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=PERSONAL, comment="desk.wishes.Wishes")
    answers_shown: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, info=PLAIN, comment="id, version, title")
    unanswered: Mapped[list[str]] = mapped_column(JSON, default=list, info=PERSONAL, comment="questions without an answer")
    transcript: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, info=PERSONAL, comment="sender, text, at")
    contact: Mapped[bytes] = mapped_column(LargeBinary, info=PERSONAL, comment="encrypted: name, phone, email")
    consent_at: Mapped[datetime] = mapped_column(UtcDateTime, info=PLAIN)
    promise: Mapped[str] = mapped_column(Text, info=PLAIN, comment="the sentence that the visitor was told")
    promised_from: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    promised_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True, info=PLAIN)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    first_reply_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    snoozed_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    outcome: Mapped[str | None] = mapped_column(String(32), info=PLAIN)
    reopened_count: Mapped[int] = mapped_column(default=0, info=PLAIN)
    alarmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN, comment="when nobody had claimed it in time")


HANDOFFS = cast(Table, Handoff.__table__)


class HandoffNote(Base):
    """What staff write down for each other; visitors never see it."""

    __tablename__ = "handoff_notes"

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoffs.id"), index=True, info=PLAIN)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), info=PLAIN)
    text: Mapped[str] = mapped_column(Text, info=PERSONAL)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, info=PLAIN)


class HandoffDraft(Base):
    """The wishes that Rasa's form has collected in a conversation, until the contact card is sent."""

    __tablename__ = "handoff_drafts"

    conversation_id: Mapped[str] = mapped_column(String(64), primary_key=True, info=PERSONAL)
    channel: Mapped[str] = mapped_column(String(16), info=PLAIN)
    reason: Mapped[str] = mapped_column(String(16), info=PLAIN)
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=PERSONAL)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)


class Delivery(Base):
    """One event on its way to one target: the outbox. Written in the transaction of what it tells about."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("handoff_id", "target", "number"),
        _one_of("target", ("email", "webhook")),
        _one_of("state", ("waiting", "sent", "dead")),
        Index("ix_deliveries_due", "state", "next_attempt_at"),
    )

    id: Mapped[str] = mapped_column(String(26), primary_key=True, info=PLAIN, comment="event id, by which a receiver drops doubles")
    handoff_id: Mapped[str] = mapped_column(ForeignKey("handoffs.id"), index=True, info=PLAIN)
    target: Mapped[str] = mapped_column(String(16), info=PLAIN)
    event: Mapped[str] = mapped_column(String(32), info=PLAIN, comment="handoff.created, handoff.resolved …")
    number: Mapped[int] = mapped_column(info=PLAIN, comment="order of the events of one handoff")
    state: Mapped[str] = mapped_column(String(16), default="waiting", info=PLAIN)
    attempts: Mapped[int] = mapped_column(default=0, info=PLAIN)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, info=PLAIN)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)
    last_error: Mapped[str | None] = mapped_column(String(300), info=PLAIN)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PLAIN)


class AuditEntry(Base):
    """Who did or read what. Only appended; each row's hash covers the one before it."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_object", "object_kind", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True, info=PLAIN, comment="empty: the system or a visitor")
    action: Mapped[str] = mapped_column(String(48), info=PLAIN)
    object_kind: Mapped[str] = mapped_column(String(24), info=PLAIN)
    object_id: Mapped[str] = mapped_column(String(128), info=PLAIN, comment="a digest where the id itself is personal")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, info=PLAIN, comment="states and counts, never texts or contacts")
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True, info=PLAIN)
    hash: Mapped[str] = mapped_column(String(64), unique=True, info=PLAIN)


class CountedCall(Base):
    """One phone call that the call centre counted: answered with an answer, not answered, or handed over."""

    __tablename__ = "counted_calls"
    __table_args__ = (_one_of("outcome", ("answered", "not_answered", "handed_over")),)

    id: Mapped[int] = mapped_column(primary_key=True, info=PLAIN)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True, info=PLAIN)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True, info=PLAIN)
    outcome: Mapped[str] = mapped_column(String(16), info=PLAIN)
    answer_id: Mapped[str | None] = mapped_column(String(128), info=PLAIN)
    answer_version: Mapped[int | None] = mapped_column(info=PLAIN)
    question: Mapped[str | None] = mapped_column(Text, info=PERSONAL, comment="what was searched, for the curators")
