"""One's own password."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import passwords, sign_in, staff
from desk.errors import PasswordWeak, SignInRefused, StaffInvalid
from desk.sign_in import Attempt, NewSession, SignedIn
from gateway.desk.door import AnyoneHere
from gateway.desk.pages import DeskRoute, go_to, page
from gateway.limiting import address_group
from gateway.parts import Address, Parts, PartsHere
from gateway.routes.desk.sign_in import HASHING, set_session_cookie

router = APIRouter(prefix="/desk", route_class=DeskRoute)
Password = Annotated[str, Form(max_length=2000)]


@router.get("/password")
async def show_password(parts: PartsHere, person: AnyoneHere) -> Response:
    """The form; also where everybody begins who has not chosen a password yet."""
    return page(parts, person, "password.html", fault=None, min_length=passwords.MIN_LENGTH)


@router.post("/password")
async def change_password(
    parts: PartsHere, person: AnyoneHere, address: Address, old: Password = "", new: Password = "", again: Password = ""
) -> Response:
    """Change the password; all sessions of this person end but this browser's, which gets a new one."""
    try:
        if new != again:
            raise PasswordWeak("The two new passwords are not the same.")
        passwords.check(new, login=person.login, name=person.name)
        opened = await _change(parts, person, address_group(address), old, new)
    except (PasswordWeak, StaffInvalid, SignInRefused) as refused:
        words = "The old password is not right." if isinstance(refused, SignInRefused) and not refused.wait_seconds else str(refused)
        return page(parts, person, "password.html", status=422, fault=words, min_length=passwords.MIN_LENGTH)
    response = go_to("/desk")
    set_session_cookie(response, parts, opened)
    return response


async def _change(parts: Parts, person: SignedIn, address: str | None, old: str, new: str) -> NewSession:
    """The old password is asked for and throttled as at sign-in: somebody else may sit at an open browser."""

    def begin(session: Session) -> Attempt:
        return sign_in.begin(session, login=person.login, address=address, device=None, digest=parts.sealer.digest, at=now())

    def change(session: Session) -> NewSession:
        opened = sign_in.finish(session, attempt, password=old, at=now())
        staff.set_password(session, staff.get(session, person.staff_id), new, by=person.staff_id, at=now())
        return sign_in.open_session(session, opened.staff_id, at=now())

    attempt = await parts.storage.write(begin)
    if not await asyncio.get_running_loop().run_in_executor(HASHING, passwords.matches, attempt.password_hash, old):
        raise SignInRefused
    return await parts.storage.write(change)
