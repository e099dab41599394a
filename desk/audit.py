"""The audit: who did or read what. Only appended; each entry's hash covers the one before it.

Entries are chained at the very end of their transaction. The chain has room for one transaction at a time: taken earlier, its
lock would be held while other rows are waited for, and two such transactions could wait for each other (docs/adr/0009-audit-chain.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

START = "0" * 64
"""What the first entry names as the hash before it."""


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
    raise NotImplementedError


def verify(session: Session) -> list[Break]:
    """Return where the chain does not hold; empty when no entry was changed, taken out or put in.

    Entries cut off at the end leave no trace in the chain itself: compare `head` with one that was noted elsewhere.
    """
    raise NotImplementedError


def head(session: Session) -> str:
    """Return the hash of the newest entry; START when there is none."""
    raise NotImplementedError
