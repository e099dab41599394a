"""The call centre: look an approved answer up while somebody is on the phone, read it aloud, count the call."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import tally
from desk.errors import AccessRefused
from desk.lookup import Found
from desk.models import CountedCall
from gateway.desk.door import Assistant
from gateway.desk.pages import DeskRoute, go_to, page
from gateway.parts import Parts, PartsHere
from knowledge.published import PublishedAnswer

router = APIRouter(prefix="/desk", route_class=DeskRoute)
UNDO = timedelta(minutes=10)
Typed = Annotated[str, Query(max_length=500)]


@router.get("/assist")
async def show_assist(
    parts: PartsHere, person: Assistant, q: Typed = "", answer: Annotated[str, Query(max_length=200)] = "", counted: int | None = None
) -> Response:
    """The page; without JavaScript, the search field is a form that leads here."""
    parts.lookups.prepare()
    found = await _find(parts, q)
    chosen = await answer_of(parts, answer) if answer else None
    totals = await parts.storage.read(lambda session: _today(session, parts, person.staff_id))
    shown: dict[str, Any] = {"typed": q, "found": found, "answer": chosen, "totals": totals, "counted": counted}
    return page(parts, person, "assist.html", here="/desk/assist", published=await parts.library.published(), **shown)


def _today(session: Session, parts: Parts, staff_id: int) -> dict[str, int]:
    """The counts since midnight at the clinic."""
    midnight: datetime = now().astimezone(parts.clinic.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return tally.totals(session, since=midnight, staff_id=staff_id)


@router.get("/assist/search")
async def search_answers(parts: PartsHere, person: Assistant, q: Typed = "") -> Response:
    """The list of results alone, for each keystroke."""
    return page(parts, person, "assist_results.html", found=await _find(parts, q), typed=q, answer=None)


@router.get("/assist/answer")
async def show_answer(parts: PartsHere, person: Assistant, id: Annotated[str, Query(max_length=200)], q: Typed = "") -> Response:
    """One answer alone: script first, then the patient's text and the note."""
    chosen = await answer_of(parts, id)
    return page(parts, person, "assist_answer.html", answer=chosen, typed=q, published=await parts.library.published())


async def _find(parts: Parts, typed: str) -> list[Found]:
    lookup = await parts.lookups.newest() if typed.strip() else None
    return lookup.find(typed) if lookup else []


async def answer_of(parts: Parts, answer_id: str) -> PublishedAnswer:
    """Return a published answer.

    Raises:
        AccessRefused: it is not published.
    """
    published = await parts.library.published()
    found = next((answer for answer in published.answers if answer.id == answer_id), None) if published else None
    if found is None:
        raise AccessRefused
    return found


@router.post("/assist/calls")
async def count_call(
    parts: PartsHere,
    person: Assistant,
    outcome: Annotated[Literal["answered", "not_answered"], Form()],
    answer: Annotated[str, Form(max_length=200)] = "",
    question: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Count a call as answered with an answer, or as not answered."""
    chosen = await answer_of(parts, answer) if outcome == "answered" else None

    def work(session: Session) -> CountedCall:
        common: dict[str, Any] = {"staff_id": person.staff_id, "question": question, "at": now()}
        if chosen is None:
            return tally.count_not_answered(session, **common)
        return tally.count_answered(session, answer_id=chosen.id, answer_version=chosen.version, **common)

    call_id = await parts.storage.write(lambda session: work(session).id)
    return go_to(f"/desk/assist?counted={call_id}")


@router.post("/assist/calls/{call_id}/undo")
async def undo_call(parts: PartsHere, person: Assistant, call_id: int) -> Response:
    """Take back one's own count of the last minutes."""

    def work(session: Session) -> None:
        if not tally.undo(session, call_id=call_id, staff_id=person.staff_id, since=now() - UNDO):
            raise AccessRefused

    await parts.storage.write(work)
    return go_to("/desk/assist")
