"""The live stream of the desk: which handoffs changed, where messages came, who types. It carries ids only, never texts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from fastapi.sse import ServerSentEvent
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from database.base import now
from desk import sign_in
from desk.models import AuditEntry, Handoff
from gateway.desk.door import rules_of
from gateway.errors import StorageUnavailable
from gateway.events import OVERLAP, RETRY_MS
from gateway.hub import DESK, Hub
from gateway.models import Conversation, Message
from gateway.parts import Parts

LOOK_SECONDS = 1.0
"""How often the database is looked at; changes of this process are seen at once."""

MAX_CHANGES = 200
SILENT = ("handoff.read",)
log = structlog.get_logger("gateway.desk")


@dataclass
class News:
    """What one look found. `is_signed_in` is False when the session has ended."""

    is_signed_in: bool
    changes: list[dict[str, str]] = field(default_factory=list)
    newest_entry: int = 0
    newest_seqs: dict[str, int] = field(default_factory=dict)
    conversations: dict[str, str] = field(default_factory=dict)


async def follow(parts: Parts, token: str, staff_id: int) -> AsyncIterator[ServerSentEvent]:
    """Give an event for each change, until the session ends or the process goes down. Following keeps no session alive."""
    yield ServerSentEvent(retry=RETRY_MS, comment="open")
    with ExitStack() as stack, parts.metrics.streams.track_inprogress():
        changed = stack.enter_context(parts.hub.watch(DESK))
        watched = _Watched(parts.hub, stack)
        place = _Place(await parts.storage.read(_newest_entry), now())
        while not parts.hub.is_closing:
            changed.clear()
            looked_at = now()
            news = await _look(parts, token, staff_id, place)
            if news is not None:
                for event in _events(news, place, watched):
                    yield event
                if not news.is_signed_in:
                    return
                place.move_to(news, looked_at)
            await _wait(changed)


def _events(news: News, place: _Place, watched: _Watched) -> Iterator[ServerSentEvent]:
    if not news.is_signed_in:
        yield _event("ended", {})
        return
    if news.changes:
        yield _event("handoffs", {"changes": news.changes})
    if fresh := [handoff_id for handoff_id, seq in news.newest_seqs.items() if seq > place.seqs.get(handoff_id, 0)]:
        yield _event("messages", {"handoffs": fresh})
    watched.set(news.conversations)
    if typing := watched.typing():
        yield _event("typing", {"handoffs": typing})


async def _wait(changed: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(changed.wait(), LOOK_SECONDS)


@dataclass
class _Place:
    """How far one stream has told: the audit's entry, the moment of the last look, the last message of each handoff."""

    entry: int
    looked_at: datetime
    seqs: dict[str, int] = field(default_factory=dict)

    def move_to(self, news: News, looked_at: datetime) -> None:
        self.entry = max(self.entry, news.newest_entry)
        self.looked_at = looked_at
        self.seqs |= news.newest_seqs


class _Watched:
    """The chats of one person: the hub keeps who types only where somebody watches."""

    def __init__(self, hub: Hub, stack: ExitStack) -> None:
        self._hub = hub
        self._stack = stack
        self._open: dict[str, tuple[str, ExitStack]] = {}
        self._typed_at: dict[str, float] = {}
        stack.callback(self._close)

    def set(self, conversations: dict[str, str]) -> None:
        """Watch these and no others: conversation → handoff."""
        for gone in self._open.keys() - conversations.keys():
            self._open.pop(gone)[1].close()
        for conversation_id in conversations.keys() - self._open.keys():
            watch = ExitStack()
            watch.enter_context(self._hub.watch(conversation_id))
            self._open[conversation_id] = (conversations[conversation_id], watch)
            self._typed_at[conversation_id] = self._hub.typed_at(conversation_id, "visitor")

    def typing(self) -> list[str]:
        """Return the handoffs in whose chat the visitor has typed since the last call."""
        found = []
        for conversation_id, (handoff_id, _) in self._open.items():
            typed_at = self._hub.typed_at(conversation_id, "visitor")
            if typed_at > self._typed_at.get(conversation_id, 0.0):
                self._typed_at[conversation_id] = typed_at
                found.append(handoff_id)
        return found

    def _close(self) -> None:
        for _, watch in self._open.values():
            watch.close()


def _event(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(event=name, raw_data=json.dumps(data))


def _newest_entry(session: Session) -> int:
    return session.scalar(select(func.max(AuditEntry.id))) or 0


async def _look(parts: Parts, token: str, staff_id: int, place: _Place) -> News | None:
    """What is new; None when the database does not answer now."""

    def work(session: Session) -> News:
        if sign_in.find(session, token, rules=rules_of(parts), at=now()) is None:
            return News(is_signed_in=False)
        entries = session.execute(
            select(AuditEntry.id, AuditEntry.object_id, AuditEntry.action)
            .where(AuditEntry.id > place.entry, AuditEntry.object_kind == "handoff")
            .order_by(AuditEntry.id)
            .limit(MAX_CHANGES)
        ).all()
        return News(
            is_signed_in=True,
            changes=[{"id": row.object_id, "action": row.action} for row in entries if row.action not in SILENT],
            newest_entry=entries[-1].id if entries else place.entry,
            newest_seqs=_newest_seqs(session, place.looked_at - OVERLAP),
            conversations=_own_chats(session, staff_id),
        )

    try:
        return await parts.storage.read(work)
    except StorageUnavailable:
        log.warning("desk_stream_waits_for_database")
        return None


def _newest_seqs(session: Session, since: datetime) -> dict[str, int]:
    """Place of the newest message of each open handoff in whose chat something was written since."""
    rows = session.execute(
        select(Handoff.id, func.max(Message.seq))
        .join(Message, Message.conversation_id == Handoff.conversation_id)
        .where(Message.at > since, Handoff.state != "resolved")
        .group_by(Handoff.id)
    )
    return {handoff_id: seq for handoff_id, seq in rows}


def _own_chats(session: Session, staff_id: int) -> dict[str, str]:
    rows = session.execute(
        select(Handoff.conversation_id, Handoff.id)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(Handoff.claimed_by == staff_id, Handoff.state == "claimed")
    )
    return {conversation_id: handoff_id for conversation_id, handoff_id in rows if conversation_id}
