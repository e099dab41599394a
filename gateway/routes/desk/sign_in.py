"""Sign in and sign out."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlalchemy.orm import Session

from database.base import now
from desk import passwords, sign_in
from desk.errors import SignInRefused
from desk.sign_in import Attempt, NewSession
from gateway.desk.door import AnyoneHere, check_origin, cookie_name, is_https, rules_of
from gateway.desk.pages import DeskRoute, go_to, page
from gateway.limiting import address_group
from gateway.parts import Address, Parts, PartsHere

router = APIRouter(prefix="/desk", route_class=DeskRoute)
DEVICE_AGE = timedelta(days=180)
HASHING = ThreadPoolExecutor(2, "password")
"""Each comparison takes 64 MiB and 50 ms: more at a time would only be a way to fill this machine."""

_NEXT = re.compile(r"^/desk(/[\w./-]*)?(\?[\w&=%.+-]*)?$", re.ASCII)


@router.get("/sign-in")
async def show_sign_in(parts: PartsHere, next: str = "/desk") -> Response:
    """The form; `next` is the page that was wanted."""
    return page(parts, None, "sign_in.html", next=_inside(next), login="", fault=None)


@router.post("/sign-in")
async def sign_in_with_password(
    request: Request,
    parts: PartsHere,
    address: Address,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=2000)] = "",
    next: Annotated[str, Form(max_length=500)] = "/desk",
) -> Response:
    """Open a session in this browser, whatever it held before."""
    check_origin(request)
    device = request.cookies.get(cookie_name(parts, "device"))
    try:
        opened = await _open(parts, login, password, address_group(address), device)
    except SignInRefused as refused:
        status = 401 if refused.wait_seconds is None else 429
        response: Response = page(parts, None, "sign_in.html", status=status, next=_inside(next), login=login, fault=str(refused))
        if refused.wait_seconds:
            response.headers["Retry-After"] = str(refused.wait_seconds)
        return response
    await _end(parts, request.cookies.get(cookie_name(parts)))
    response = go_to(_inside(next))
    set_session_cookie(response, parts, opened)
    _set_cookie(response, parts, "device", sign_in.new_device(sign_in.normal(login), parts.sealer.digest), int(DEVICE_AGE.total_seconds()))
    return response


async def _open(parts: Parts, login: str, password: str, address: str | None, device: str | None) -> NewSession:
    def begin(session: Session) -> Attempt:
        sign_in.clear(session, rules=rules_of(parts), at=now())
        return sign_in.begin(session, login=login, address=address, device=device, digest=parts.sealer.digest, at=now())

    attempt = await parts.storage.write(begin)
    is_right = await asyncio.get_running_loop().run_in_executor(HASHING, passwords.matches, attempt.password_hash, password)
    if not is_right:
        raise SignInRefused
    return await parts.storage.write(lambda session: sign_in.finish(session, attempt, password=password, at=now()))


def _inside(address: str) -> str:
    """Only our own pages: an address of somebody else's would make a fine trap."""
    return address if _NEXT.match(address) and "//" not in address and not address.startswith("/desk/sign-") else "/desk"


def set_session_cookie(response: Response, parts: Parts, opened: NewSession) -> None:
    """Give the browser its session; the cookie goes with the browser, the session with the server's rules."""
    _set_cookie(response, parts, "session", opened.token, None)


def _set_cookie(response: Response, parts: Parts, kind: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        cookie_name(parts, kind), value, max_age=max_age, path="/", secure=is_https(parts), httponly=True, samesite="strict"
    )


@router.post("/sign-out")
async def sign_out(request: Request, parts: PartsHere, person: AnyoneHere) -> Response:
    """End this browser's session, here and on the server."""
    await _end(parts, request.cookies.get(cookie_name(parts)))
    response = go_to("/desk/sign-in")
    response.delete_cookie(cookie_name(parts), path="/", secure=is_https(parts), httponly=True, samesite="strict")
    return response


async def _end(parts: Parts, token: str | None) -> None:
    """A browser that signs in gives up the session that it held before."""
    if token:
        await parts.storage.write(lambda session: sign_in.end(session, token, at=now()))
