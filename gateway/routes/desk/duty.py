"""On duty, off duty: whether visitors are offered a live chat."""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import staff
from gateway.desk.door import DutyHolder
from gateway.desk.pages import DeskRoute, go_to
from gateway.parts import PartsHere

router = APIRouter(prefix="/desk", route_class=DeskRoute)


@router.post("/duty")
async def switch_duty(parts: PartsHere, person: DutyHolder, on: Annotated[bool, Form()] = False) -> Response:
    """Offer live chats to visitors from now on, or no more."""

    def work(session: Session) -> None:
        account = staff.get(session, person.staff_id)
        (staff.go_on_duty if on else staff.go_off_duty)(session, account, at=now())

    await parts.storage.write(work)
    return go_to("/desk")
