"""A handoff for somebody on the phone: the same checks and the same promise as in the chat."""

from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from database.base import now
from desk import handoffs, staff, tally
from desk.contact import read_contact
from desk.errors import ContactInvalid, WishInvalid
from desk.handoffs import Filed, NewHandoff
from desk.sign_in import SignedIn
from desk.wishes import read_wishes
from gateway.desk.door import Filer
from gateway.desk.pages import DeskRoute, go_to, page
from gateway.hub import DESK
from gateway.parts import Parts, PartsHere
from language.redaction import redact

router = APIRouter(prefix="/desk", route_class=DeskRoute)
Short = Annotated[str, Field(max_length=2000)]
CONSENT = "Please ask the caller whether we may keep these details. Without that, nothing can be saved."
WISHES = ("preferred_times", "insurer", "about", "visit_type", "patient")


class FilingForm(BaseModel):
    """What was typed; what is wrong with it is said by the checks that visitors' requests pass too."""

    client_request_id: UUID
    name: Short = ""
    phone: Short = ""
    email: Short = ""
    about: Short = ""
    preferred_times: Short = ""
    insurer: Short = ""
    question: Short = ""
    visit_type: Literal["", "in_person", "virtual"] = ""
    patient: Literal["", "new", "returning"] = ""
    urgency: Literal["routine", "same_day", "urgent"] = "routine"
    consent: bool = False
    keep_email: bool = False


@router.get("/assist/handoff")
async def show_form(parts: PartsHere, person: Filer, question: Annotated[str, Query(max_length=500)] = "") -> Response:
    """The empty form, with what was searched for as what it is about."""
    typed = {"client_request_id": str(uuid4()), "question": question, "about": question}
    return _form(parts, person, typed)


def _form(parts: Parts, person: SignedIn, typed: dict[str, Any], *, status: int = 200, **fault: str | None) -> Response:
    faults = {"fault": None, "fault_field": None, "suggestion": None} | fault
    return page(parts, person, "filing.html", status=status, here="/desk/assist", typed=typed, **faults)


@router.post("/assist/handoff")
async def file_handoff(parts: PartsHere, person: Filer, form: Annotated[FilingForm, Form()]) -> Response:
    """File it, count the call, and show the handoff with its promise. Sent twice, it is one handoff."""
    typed = form.model_dump() | {"client_request_id": str(form.client_request_id)}
    if not typed["consent"]:
        return _form(parts, person, typed, status=422, fault=CONSENT, fault_field="consent")
    try:
        filed = await parts.storage.write(lambda session: _file(session, parts, person.staff_id, typed))
    except ContactInvalid as refused:
        return _form(parts, person, typed, status=422, fault=refused.message, fault_field=refused.field, suggestion=refused.suggestion)
    except WishInvalid as refused:
        return _form(parts, person, typed, status=422, fault=refused.message, fault_field=refused.field)
    parts.hub.notify(DESK)
    return go_to(f"/desk/handoffs/{filed.handoff_id}")


def _file(session: Session, parts: Parts, staff_id: int, typed: dict[str, Any]) -> Filed:
    at, question = now(), redact(typed["question"].strip()).text
    contact = read_contact(
        typed["name"], typed["phone"] or None, typed["email"] or None, parts.desk.phone_region, keep_email=typed["keep_email"]
    )
    new = NewHandoff(
        client_request_id=typed["client_request_id"],
        channel="callback",
        reason="call",
        urgency=typed["urgency"],
        wishes=read_wishes({name: typed[name] for name in WISHES}, now=at, clinic=parts.clinic),
        contact=contact,
        consent_at=at,
        unanswered=(question,) if question else (),
    )
    by = staff.get(session, staff_id)
    filed = handoffs.file(session, new, clinic=parts.clinic, sealer=parts.sealer, targets=parts.filing.targets, at=at, by=by)
    if filed.is_new:
        tally.count_handed_over(session, staff_id=staff_id, question=question, at=at)
    return filed
