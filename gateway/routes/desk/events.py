"""What happens at the desk, as it happens (Server-Sent Events)."""

from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gateway import events
from gateway.desk import stream
from gateway.desk.door import HandoffReader, cookie_name
from gateway.desk.pages import DeskRoute
from gateway.hub import DESK
from gateway.parts import Parts, PartsHere

router = APIRouter(prefix="/desk", route_class=DeskRoute)


async def _start(request: Request, parts: PartsHere, person: HandoffReader) -> tuple[Parts, str, int]:
    events.check_room(parts.hub, f"{DESK} {person.staff_id}", max_streams=parts.settings.max_streams)
    return parts, request.cookies[cookie_name(parts)], person.staff_id


@router.get("/events", response_class=EventSourceResponse)
async def follow_desk(start: Annotated[tuple[Parts, str, int], Depends(_start)]) -> AsyncIterable[ServerSentEvent]:
    """Events `handoffs`, `messages`, `typing` and `ended`, with ids of handoffs only."""
    async for event in stream.follow(*start):
        yield event
