"""Sending a message, reading the history, and following it as it grows."""

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from gateway import events, messages
from gateway.error_responses import documented
from gateway.intake import Posted
from gateway.parts import Parts, PartsHere, VisitorHere
from gateway.schemas import History, MessagePost, Messages
from gateway.text_gate import read_visitor_text

router = APIRouter(prefix="/api/conversations/{conversation_id}", tags=["messages"])
MessageId = Annotated[str | None, Query(max_length=64)]


@router.post("/messages", responses=documented(401, 409))
async def post_message(body: MessagePost, parts: PartsHere, visitor: VisitorHere) -> Messages:
    """Send text, or the payload of a button, and get the replies; none while staff have the conversation."""
    with parts.metrics.stage("total"):
        await parts.limiter.count_message(visitor.conversation_id, visitor.address, body.text or "")
        text = None if body.text is None else read_visitor_text(body.text, keep=parts.clinic.numbers.values())
        posted = Posted(str(body.client_message_id), text=text, button_id=body.payload)
        return Messages(messages=await parts.chat.post(visitor.conversation_id, posted))


@router.get("/messages", responses=documented(401, 404))
async def read_messages(parts: PartsHere, visitor: VisitorHere, after: MessageId = None) -> History:
    """Return messages in order, from the start or behind the message `after`; 200 at a time."""

    def work(session: Session) -> History:
        seq = messages.seq_of(session, visitor.conversation_id, after) if after else 0
        page = messages.after(session, visitor.conversation_id, seq)
        return History(messages=[message for _, message in page], has_more=len(page) == messages.PAGE)

    return await parts.storage.read(work)


async def _stream_start(
    parts: PartsHere,
    visitor: VisitorHere,
    last_event_id: Annotated[str | None, Header(max_length=64)] = None,
    after: MessageId = None,
) -> tuple[Parts, str, int]:
    conversation_id = visitor.conversation_id
    events.check_room(parts.hub, conversation_id, max_streams=parts.settings.max_streams)
    seq = await parts.storage.read(lambda session: events.first_seq(session, conversation_id, last_event_id or after))
    return parts, conversation_id, seq


@router.get("/events", response_class=EventSourceResponse, responses=documented(401))
async def follow_messages(start: Annotated[tuple[Parts, str, int], Depends(_stream_start)]) -> AsyncIterable[ServerSentEvent]:
    """Stream each new message as event `message`; `Last-Event-ID` (or `after`) resumes, `erased` ends it."""
    parts, conversation_id, seq = start
    async for event in events.follow(parts.storage, parts.hub, parts.metrics, conversation_id, seq):
        yield event
