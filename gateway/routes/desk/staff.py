"""Staff accounts, for administrators."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import passwords, staff
from desk.errors import PasswordWeak, StaffInvalid
from desk.models import ROLES
from desk.sign_in import SignedIn, count_open
from gateway.desk.door import StaffKeeper, rules_of
from gateway.desk.pages import DeskRoute, page
from gateway.parts import Parts, PartsHere

router = APIRouter(prefix="/desk", route_class=DeskRoute)
Short = Annotated[str, Form(max_length=200)]
Change = Literal["disable", "enable", "reset_password", "end_sessions", "agent", "curator", "admin"]


async def _show(parts: Parts, person: SignedIn, *, status: int = 200, **values: Any) -> Response:
    def work(session: Session) -> list[dict[str, object]]:
        columns = ("id", "login", "name", "role", "is_active", "on_duty_until", "must_change_password", "created_at")
        return [
            {name: getattr(account, name) for name in columns}
            | {"open_sessions": count_open(session, account.id, rules=rules_of(parts), at=now())}
            for account in staff.everybody(session)
        ]

    shown: dict[str, Any] = {"fault": None, "done": None, "typed": {}, "secret": None} | values
    return page(
        parts, person, "staff.html", status=status, here="/desk/staff", accounts=await parts.storage.read(work), roles=ROLES, **shown
    )


@router.get("/staff")
async def show_staff(parts: PartsHere, person: StaffKeeper) -> Response:
    """All accounts, and the form for a new one."""
    return await _show(parts, person)


@router.post("/staff")
async def add_staff(parts: PartsHere, person: StaffKeeper, login: Short = "", name: Short = "", role: Short = "") -> Response:
    """Add an account with a random password, which this one page shows."""
    password = passwords.random_password()

    def work(session: Session) -> None:
        staff.create(session, login=login, name=name, role=role, password=password, by=person.staff_id, at=now())

    try:
        await parts.storage.write(work)
    except (StaffInvalid, PasswordWeak) as refused:
        typed = {"login": login, "name": name, "role": role}
        return await _show(parts, person, status=422, fault=str(refused), field=getattr(refused, "field", ""), typed=typed)
    return await _show(parts, person, done=f"{login.strip().lower()} can sign in now.", secret=password)


@router.post("/staff/{staff_id}")
async def change_staff(parts: PartsHere, person: StaffKeeper, staff_id: int, change: Annotated[Change, Form()]) -> Response:
    """Disable, enable, change the role, reset the password, or sign somebody out everywhere."""
    try:
        done, secret = await parts.storage.write(lambda session: _change(session, staff_id, change, by=person.staff_id))
    except StaffInvalid as refused:
        return await _show(parts, person, status=404 if refused.field == "id" else 422, fault=str(refused))
    return await _show(parts, person, done=done, secret=secret)


def _change(session: Session, staff_id: int, change: Change, *, by: int) -> tuple[str, str | None]:
    account, at = staff.get(session, staff_id), now()
    match change:
        case "disable":
            staff.disable(session, account, by=by, at=at)
            return f"{account.login} cannot sign in any more.", None
        case "enable":
            staff.enable(session, account, by=by, at=at)
            return f"{account.login} can sign in again.", None
        case "reset_password":
            return f"{account.login} has a new password.", staff.reset_password(session, account, by=by, at=at)
        case "end_sessions":
            staff.end_sessions(session, account.id, at=at)
            return f"{account.login} is signed out everywhere.", None
        case role:
            staff.set_role(session, account, role, by=by, at=at)
            return f"{account.login} is {role} now.", None
