"""The audit: who did or read what. Only appended; each entry's hash covers the one before it.

Entries are chained at the very end of their transaction. The chain has room for one transaction at a time: taken earlier, its
lock would be held while other rows are waited for, and two such transactions could wait for each other (docs/adr/0009-audit-chain.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session, SessionTransaction

from database.base import now
from database.locks import hold
from desk.models import AuditEntry

START = "0" * 64
"""What the first entry names as the hash before it."""

PRUNED = "audit.pruned"
_PENDING = "desk.audit.pending"


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    entry_id: int
    what: str

    def __str__(self) -> str:
        return f"entry {self.entry_id}: {self.what}"


def append(
    session: Session,
    *,
    staff_id: int | None,
    action: str,
    object_kind: str,
    object_id: str,
    details: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Write an entry with this transaction, when it commits; it cannot be read before.

    Args:
        staff_id: None for the system or a visitor.
        action: `<object>.<past tense>`, for example `handoff.claimed`.
        object_id: a digest where the id itself is personal.
        details: states and counts; never texts or contacts. JSON must be able to hold it.
        at: by default now.
    """
    content = _Content(at or now(), staff_id, action, object_kind, object_id, json.loads(json.dumps(details or {})))
    session.info.setdefault(_PENDING, []).append((session.get_nested_transaction(), content))


def verify(session: Session) -> list[Break]:
    """Return where the chain does not hold; empty when no entry was changed, taken out or put in.

    Entries cut off at the end leave no trace in the chain itself: `has_hash` finds one that was noted elsewhere.
    """
    breaks, before = [], _pruned_until(session)
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)):
        if entry.previous_hash != before:
            breaks.append(Break(entry.id, "an entry before it was taken out, changed or put in"))
        if entry.hash != _content_of(entry).hash_after(entry.previous_hash):
            breaks.append(Break(entry.id, "it was changed"))
        before = entry.hash
    return breaks


def append_pruned(session: Session, *, count: int, last_hash: str, at: datetime) -> None:
    """Note that the oldest `count` entries, up to the one with `last_hash`, go with this transaction: their time is over."""
    details = {"count": count, "last_hash": last_hash}
    append(session, staff_id=None, action=PRUNED, object_kind="audit", object_id="audit", details=details, at=at)


def _pruned_until(session: Session) -> str:
    """What the oldest entry names as the hash before it: START, until the oldest ones were taken out in due time."""
    newest = select(AuditEntry.details).where(AuditEntry.action == PRUNED).order_by(AuditEntry.id.desc()).limit(1)
    details = session.scalar(newest)
    return str(details["last_hash"]) if details else START


def head(session: Session) -> str:
    """Return the hash of the newest entry; START when there is none."""
    return session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or START


def has_hash(session: Session, noted: str) -> bool:
    """Say whether the chain still holds an entry with a hash that was noted before."""
    return session.scalar(select(AuditEntry.id).where(AuditEntry.hash == noted)) is not None


@dataclass(frozen=True)
class _Content:
    """What an entry says, without its place in the chain."""

    at: datetime
    staff_id: int | None
    action: str
    object_kind: str
    object_id: str
    details: dict[str, Any]

    def hash_after(self, previous_hash: str) -> str:
        said = vars(self) | {"at": self.at.astimezone(UTC).isoformat(timespec="microseconds"), "previous_hash": previous_hash}
        return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _content_of(entry: AuditEntry) -> _Content:
    return _Content(entry.at, entry.staff_id, entry.action, entry.object_kind, entry.object_id, entry.details)


@event.listens_for(Session, "before_commit")
def _write_pending(session: Session) -> None:
    """Chain the entries of a transaction that is about to commit. All its other rows are locked before the chain is."""
    if session.in_nested_transaction() or not session.info.get(_PENDING):
        return
    session.flush()
    hold(session, "audit")
    before = head(session)
    for _, content in session.info.pop(_PENDING):
        after = content.hash_after(before)
        session.execute(insert(AuditEntry).values(**vars(content), previous_hash=before, hash=after))
        before = after


@event.listens_for(Session, "after_soft_rollback")
def _forget_pending(session: Session, rolled_back: SessionTransaction) -> None:
    """What did not happen is not written: all of it, or what was appended within a savepoint."""
    kept = [(within, content) for within, content in session.info.pop(_PENDING, []) if rolled_back.nested and within is not rolled_back]
    if kept:
        session.info[_PENDING] = kept
