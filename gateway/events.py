"""The event stream of one conversation (docs/api.md), and the watch for what other processes store."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import structlog
from fastapi.sse import ServerSentEvent
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from database.base import now
from desk.models import AuditEntry
from gateway import messages
from gateway.errors import MessageNotFound, StorageUnavailable, TooManyRequests
from gateway.hub import DESK, Hub
from gateway.metrics import Metrics
from gateway.models import Conversation, Message
from gateway.schemas import MessageView, Owner
from gateway.storage import Storage

RETRY_MS = 2000
MAX_STREAMS_PER_CONVERSATION = 20
POLL_SECONDS = 1.0
OVERLAP = timedelta(seconds=5)
"""A transaction may show up after a later one; reading a little back finds it. Waking a stream twice does no harm."""

log = structlog.get_logger("gateway.events")


def first_seq(session: Session, conversation_id: str, last_event_id: str | None) -> int:
    """Return the place after which a stream begins: behind the last event seen, or at the end for a new stream.

    An unknown id (of an erased message, or garbage) begins at the start: better twice than never.
    """
    if last_event_id is None:
        return messages.newest_seq(session, conversation_id)
    try:
        return messages.seq_of(session, conversation_id, last_event_id)
    except MessageNotFound:
        return 0


def check_room(hub: Hub, conversation_id: str, *, max_streams: int) -> None:
    """Refuse a stream that would be one too many.

    Raises:
        TooManyRequests: polling still works.
    """
    if hub.count_all() >= max_streams or hub.count(conversation_id) >= MAX_STREAMS_PER_CONVERSATION:
        raise TooManyRequests(wait_seconds=30)


async def follow(
    storage: Storage, hub: Hub, metrics: Metrics, conversation_id: str, last_seq: int, *, typing_of: str = "staff"
) -> AsyncIterator[ServerSentEvent]:
    """Give each message behind `last_seq`, then the new ones, until the conversation is erased or the process goes down.

    In between, `typing` tells that the other side (`typing_of`) is writing; it has no id, as nothing of it is kept.
    """
    yield ServerSentEvent(retry=RETRY_MS, comment="open")
    with hub.watch(conversation_id) as changed, metrics.streams.track_inprogress():
        typed_at = hub.typed_at(conversation_id, typing_of)
        while not hub.is_closing:
            changed.clear()
            page = await _page(storage, conversation_id, last_seq)
            if page is None:
                yield ServerSentEvent(event="erased", raw_data="{}")
                return
            for _, message in page:
                yield ServerSentEvent(id=message.id, event="message", raw_data=message.model_dump_json())
            if (at := hub.typed_at(conversation_id, typing_of)) > typed_at:
                typed_at = at
                yield ServerSentEvent(event="typing", raw_data=f'{{"sender": "{typing_of}"}}')
            if page:
                last_seq = page[-1][0]
            else:
                await changed.wait()


async def _page(storage: Storage, conversation_id: str, seq: int) -> list[tuple[int, MessageView]] | None:
    """The next messages; None when there is no conversation any more."""

    def work(session: Session) -> list[tuple[int, MessageView]] | None:
        page = messages.after(session, conversation_id, seq)
        lives = page or session.scalar(select(exists().where(Conversation.id == conversation_id)))
        return page if lives else None

    try:
        return await storage.read(work)
    except StorageUnavailable:
        log.warning("stream_waits_for_database")
        return []


async def watch_other_processes(storage: Storage, hub: Hub) -> None:
    """Wake streams for what other processes have stored, until cancelled. Reads nothing while nobody watches."""
    since = now()
    while True:
        await asyncio.sleep(POLL_SECONDS)
        if not (watched := hub.watched):
            since = now()
            continue
        seen_at = now()
        for key in watched & await _changed(storage, since - OVERLAP):
            hub.notify(key)
        since = seen_at


async def _changed(storage: Storage, since: datetime) -> set[str]:
    """Conversations with new messages; DESK too when one of them is with staff, or a handoff was changed."""
    spoken = select(Message.conversation_id, Conversation.owner).join(Conversation).where(Message.at > since).distinct()
    handled = select(exists().where(AuditEntry.at > since, AuditEntry.object_kind == "handoff"))

    def work(session: Session) -> set[str]:
        rows = session.execute(spoken).all()
        is_for_desk = any(row.owner != Owner.BOT for row in rows) or session.scalar(handled)
        return {row.conversation_id for row in rows} | ({DESK} if is_for_desk else set())

    try:
        return await storage.read(work)
    except StorageUnavailable:
        log.warning("streams_wait_for_database")
        return set()
