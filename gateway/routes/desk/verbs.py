"""What staff do with a handoff: claim, release, note, called, snooze, resolve, hand back, reopen. Visitors are told each time."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import access, handoffs, staff
from desk.access import Right
from desk.models import Handoff, Staff
from desk.sign_in import SignedIn
from gateway import lines, ownership
from gateway.desk.chatting import require_chat
from gateway.desk.door import HandoffWorker
from gateway.desk.pages import DeskRoute, go_to
from gateway.hub import DESK
from gateway.parts import Parts, PartsHere
from gateway.schemas import Owner
from knowledge.clinic import Clinic
from language.text import clean

router = APIRouter(prefix="/desk/handoffs/{handoff_id}", route_class=DeskRoute)
Version = Annotated[int | None, Form(ge=1)]
MAX_NOTE = 2000
MORNING = time(8)

Work = Callable[[Session, Handoff, Staff], Any]


async def change(parts: Parts, person: SignedIn, handoff_id: str, work: Work) -> Response:
    """Do `work` on a handoff that this person may change, all in one transaction; then wake the open pages."""

    def do(session: Session) -> str | None:
        handoff = held(session, handoff_id, person)
        conversation_id = handoff.conversation_id
        work(session, handoff, staff.get(session, person.staff_id))
        return conversation_id

    conversation_id = await parts.storage.write(do)
    parts.hub.notify(DESK)
    if conversation_id:
        parts.hub.notify(conversation_id)
    return go_to(f"/desk/handoffs/{handoff_id}")


def held(session: Session, handoff_id: str, person: SignedIn) -> Handoff:
    """Return a handoff that this person may change.

    Raises:
        HandoffNotFound: there is none.
        HandoffChanged: somebody else has it.
    """
    handoff = handoffs.get(session, handoff_id)
    access.require(person, Right.ACT, handoff, holder=staff.names(session).get(handoff.claimed_by or 0, ""))
    return handoff


@router.post("/claim")
async def claim_handoff(parts: PartsHere, person: HandoffWorker, handoff_id: str, version: Version = None) -> Response:
    """Take the handoff. Of two at once one wins, and the other is told who."""

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        had_it = handoff.state == "claimed" and handoff.claimed_by == by.id
        claimed = handoffs.claim(session, handoff.id, by=by, version=version, at=now())
        if not had_it:
            ownership.on_claimed(session, claimed, by.name)

    return await change(parts, person, handoff_id, work)


@router.post("/release")
async def release_handoff(parts: PartsHere, person: HandoffWorker, handoff_id: str, version: Version = None) -> Response:
    """Put the handoff back into the queue."""

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        handoffs.release(session, handoff.id, by=by, version=version, at=now())
        ownership.on_released(session, handoff, minutes=parts.settings.live_wait_minutes)

    return await change(parts, person, handoff_id, work)


@router.post("/note")
async def add_note(
    parts: PartsHere, person: HandoffWorker, handoff_id: str, text: Annotated[str, Form(min_length=1, max_length=MAX_NOTE)]
) -> Response:
    """Write something down for colleagues, on one's own handoff or on one that nobody or somebody else has."""
    noted = "\n".join(map(clean, text.splitlines())).strip()

    def work(session: Session) -> None:
        handoff = handoffs.get(session, handoff_id)
        handoffs.note(session, handoff.id, by=staff.get(session, person.staff_id), text=noted, at=now())

    await parts.storage.write(work)
    parts.hub.notify(DESK)
    return go_to(f"/desk/handoffs/{handoff_id}")


@router.post("/called")
async def mark_called(parts: PartsHere, person: HandoffWorker, handoff_id: str, version: Version = None) -> Response:
    """Note that the promised call was made; the handoff stays open until it is resolved."""

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        handoffs.mark_called(session, handoff.id, by=by, version=version, at=now())
        ownership.on_called(session, handoff)

    return await change(parts, person, handoff_id, work)


@router.post("/snooze")
async def snooze_handoff(
    parts: PartsHere,
    person: HandoffWorker,
    handoff_id: str,
    for_: Annotated[Literal["hour", "afternoon", "tomorrow", "week"], Form()],
    version: Version = None,
) -> Response:
    """Put the handoff aside; it comes back into the queue by itself."""

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        until = wake_at(for_, parts.clinic, now())
        handoffs.snooze(session, handoff.id, by=by, version=version, until=until, at=now())
        ownership.on_snoozed(session, handoff)

    return await change(parts, person, handoff_id, work)


def wake_at(for_: str, clinic: Clinic, at: datetime) -> datetime:
    """Return when a snoozed handoff comes back; `tomorrow` and `week` mean the morning at the clinic."""
    spans = {"hour": timedelta(hours=1), "afternoon": timedelta(hours=4)}
    if for_ in spans:
        return at + spans[for_]
    day = at.astimezone(clinic.zone).date() + timedelta(days=7 if for_ == "week" else 1)
    return datetime.combine(day, MORNING, clinic.zone)


@router.post("/resolve")
async def resolve_handoff(
    parts: PartsHere,
    person: HandoffWorker,
    handoff_id: str,
    outcome: Annotated[Literal["called", "booked", "answered", "no_answer", "not_needed", "spam", "other"], Form()],
    version: Version = None,
) -> Response:
    """Finish the handoff; the assistant answers in the chat again, in a new episode."""

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        handoffs.resolve(session, handoff.id, by=by, version=version, outcome=outcome, at=now())
        ownership.on_resolved(session, handoff, outcome, by.name)

    return await change(parts, person, handoff_id, work)


@router.post("/hand-back")
async def hand_back_chat(parts: PartsHere, person: HandoffWorker, handoff_id: str, version: Version = None) -> Response:
    """Leave the chat to the assistant, and finish the handoff with that."""

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        handoffs.hand_back(session, handoff.id, by=by, version=version, at=now())
        ownership.on_resolved(session, handoff, "handed_back", by.name)

    return await change(parts, person, handoff_id, work)


@router.post("/reopen")
async def reopen_handoff(parts: PartsHere, person: HandoffWorker, handoff_id: str, version: Version = None) -> Response:
    """Take up a finished handoff again; it waits in the queue."""

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        handoffs.reopen(session, handoff.id, by=by, version=version, at=now())
        ownership.on_reopened(session, handoff)

    return await change(parts, person, handoff_id, work)


@router.post("/take-over")
async def take_over_chat(parts: PartsHere, person: HandoffWorker, handoff_id: str) -> Response:
    """Join the chat of a handoff that one has claimed; the assistant keeps quiet from now on."""

    def work(session: Session, handoff: Handoff, by: Staff) -> None:
        ownership.set_owner(session, require_chat(handoff, person), Owner.STAFF, lines.joined(by.name))

    return await change(parts, person, handoff_id, work)
