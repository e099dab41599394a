"""The live chat: replies, typing, and approved answers to put into a reply."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import handoffs
from desk.models import Handoff, Staff
from gateway import live
from gateway.desk.chatting import MAX_REPLY, read_reply, require_chat
from gateway.desk.door import HandoffWorker
from gateway.desk.pages import NO_STORE, DeskRoute, page
from gateway.parts import PartsHere
from gateway.routes.desk.verbs import change, held

router = APIRouter(prefix="/desk/handoffs/{handoff_id}", route_class=DeskRoute)


@router.post("/reply")
async def reply(parts: PartsHere, person: HandoffWorker, handoff_id: str, text: Annotated[str, Form(max_length=2 * MAX_REPLY)]) -> Response:
    """Write into the chat under one's own name."""
    said = read_reply(text)

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        conversation_id = require_chat(handoff, person)
        live.say(session, conversation_id, said, by.name)
        if handoff.first_reply_at is None:
            handoffs.first_reply(session, handoff.id, by=by, at=now())

    return await change(parts, person, handoff_id, work)


@router.post("/typing")
async def note_typing(parts: PartsHere, person: HandoffWorker, handoff_id: str) -> Response:
    """Let the visitor see that somebody is writing."""
    conversation_id = await parts.storage.read(lambda session: require_chat(held(session, handoff_id, person), person))
    parts.hub.note_typing(conversation_id, "staff")
    return Response(status_code=204, headers=NO_STORE)


@router.get("/answers")
async def find_answers(parts: PartsHere, person: HandoffWorker, handoff_id: str, q: Annotated[str, Query(max_length=500)] = "") -> Response:
    """Approved answers to insert, for each keystroke."""
    await parts.storage.read(lambda session: held(session, handoff_id, person))
    lookup = await parts.lookups.newest() if q.strip() else None
    return page(parts, person, "handoff_answers.html", found=lookup.find(q) if lookup else [], typed=q)
