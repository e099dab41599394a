"""One handoff: the summary first, the conversation below, older things folded. Every reading is audited."""

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from desk import fhir, handoffs
from desk.errors import HandoffNotFound
from desk.models import Handoff
from gateway.desk import story
from gateway.desk.door import HandoffReader
from gateway.desk.pages import NO_STORE, DeskRoute, page
from gateway.models import Conversation
from gateway.parts import PartsHere

router = APIRouter(prefix="/desk/handoffs/{handoff_id}", route_class=DeskRoute)

OUTCOMES = (
    ("called", "Called"),
    ("booked", "Appointment booked"),
    ("answered", "Answered in the chat"),
    ("no_answer", "Nobody reached"),
    ("not_needed", "Not needed any more"),
    ("spam", "Not serious"),
    ("other", "Something else"),
)


@router.get("")
async def show_handoff(request: Request, parts: PartsHere, person: HandoffReader, handoff_id: str) -> Response:
    """The page; a page that is open already and refreshes itself is the same reading."""
    again_after = story.SAME_READING if "HX-Request" in request.headers else timedelta(0)

    def work(session: Session) -> story.Story:
        told = story.read(session, handoff_id, person, parts.sealer, again_after=again_after)
        session.expunge_all()
        return told

    published = await parts.library.published()
    return page(parts, person, "handoff.html", story=await parts.storage.write(work), outcomes=OUTCOMES, published=published)


@router.get("/messages")
async def show_new_messages(parts: PartsHere, person: HandoffReader, handoff_id: str, after: Annotated[int, Query(ge=0)] = 0) -> Response:
    """The messages behind `after`, for a page that is open."""

    def work(session: Session) -> list[story.Line]:
        handoff, conversation = _both(session, handoff_id)
        story.note_read(session, handoff, person, again_after=story.SAME_READING)
        return story.episode(session, conversation, after)

    return page(parts, person, "handoff_lines.html", lines=await parts.storage.write(work))


@router.get("/earlier")
async def show_earlier_messages(parts: PartsHere, person: HandoffReader, handoff_id: str) -> Response:
    """The older episodes of the conversation."""

    def work(session: Session) -> list[story.Line]:
        handoff, conversation = _both(session, handoff_id)
        story.note_read(session, handoff, person, again_after=story.SAME_READING)
        return story.earlier(session, conversation, handoff)

    return page(parts, person, "handoff_earlier.html", lines=await parts.storage.write(work), handoff_id=handoff_id)


@router.get("/fhir")
async def download_fhir(parts: PartsHere, person: HandoffReader, handoff_id: str) -> Response:
    """The handoff with its contact as a FHIR R4 Bundle, to be saved as a file. It is a reading like any other."""

    def work(session: Session) -> tuple[str, dict[str, Any]]:
        handoff = handoffs.get(session, handoff_id)
        story.note_read(session, handoff, person, again_after=timedelta(0), details={"format": "fhir"})
        return handoff.reference, fhir.export(handoff, handoffs.contact_of(handoff, parts.sealer), parts.clinic)

    reference, bundle = await parts.storage.write(work)
    headers = NO_STORE | {"Content-Disposition": f'attachment; filename="{reference}.fhir.json"'}
    return JSONResponse(bundle, headers=headers, media_type="application/fhir+json")


def _both(session: Session, handoff_id: str) -> tuple[Handoff, Conversation]:
    handoff = handoffs.get(session, handoff_id)
    conversation = session.get(Conversation, handoff.conversation_id) if handoff.conversation_id else None
    if conversation is None:
        raise HandoffNotFound
    return handoff, conversation
