"""Lets staff in: session cookie, role, and the token that only our own pages know. Every desk route has one `enter`."""

import hmac
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from database.base import now
from desk import access, sign_in
from desk.access import Right
from desk.sign_in import SessionRules, SignedIn
from gateway.desk.errors import FormTooOld, PasswordChangeNeeded, SignInNeeded
from gateway.middleware.origins import is_same_site
from gateway.parts import Parts, PartsHere

READING = {"GET", "HEAD"}
BACKGROUND = "X-Frontdesk-Background"
"""Set by our scripts on what nobody clicked: it does not keep a session alive."""

Door = Callable[[Request, Parts], Awaitable[SignedIn]]


def enter(right: Right, *, before_password_change: bool = False) -> Door:
    """Return the dependency that lets in who has `right`, and gives who it is.

    Raises (when called):
        SignInNeeded: nobody is signed in, or not any more.
        PasswordChangeNeeded: the first password was not changed yet.
        FormTooOld: a change came without the session's own token, or from another site.
        AccessRefused: the role does not have the right.
    """

    async def door(request: Request, parts: PartsHere) -> SignedIn:
        person = await _who(request, parts)
        if request.method not in READING:
            await _check_form(request, person)
        if person.must_change_password and not before_password_change:
            raise PasswordChangeNeeded
        access.require(person, right)
        if person.is_stale and BACKGROUND not in request.headers:
            await parts.storage.write(lambda session: sign_in.touch(session, person.token_hash, at=now()))
        return person

    door.right = right  # type: ignore[attr-defined]  # tests/desk/test_access.py reads it from the router
    return door


async def _who(request: Request, parts: Parts) -> SignedIn:
    token = request.cookies.get(cookie_name(parts))
    rules = rules_of(parts)

    def find(session: Session) -> SignedIn | None:
        return sign_in.find(session, token, rules=rules, at=now()) if token else None

    person = await parts.storage.read(find) if token else None
    if person is None:
        raise SignInNeeded
    return person


async def _check_form(request: Request, person: SignedIn) -> None:
    check_origin(request)
    token = request.headers.get("X-CSRF-Token") or (await request.form()).get("csrf_token")
    if not isinstance(token, str) or not hmac.compare_digest(token.encode(), person.csrf_token.encode()):
        raise FormTooOld


def check_origin(request: Request) -> None:
    """Refuse what another site's page sends. Programs name no origin, and carry no cookie that they were not given.

    Raises:
        FormTooOld: it comes from another site.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    if site not in {"same-origin", "none"} or (origin is not None and not is_same_site(origin, request.headers.get("host", ""))):
        raise FormTooOld


def rules_of(parts: Parts) -> SessionRules:
    """Return how long sessions live here."""
    return SessionRules(timedelta(minutes=parts.desk.session_idle_minutes), timedelta(hours=parts.desk.session_hours))


def is_https(parts: Parts) -> bool:
    """Say whether browsers reach us by https, so that cookies may be bound to it."""
    return parts.settings.public_url.startswith("https:")


def cookie_name(parts: Parts, kind: str = "session") -> str:
    """Return the name of a cookie; `__Host-` binds it to this host and to https."""
    return f"__Host-frontdesk_{kind}" if is_https(parts) else f"frontdesk_{kind}"


AnyoneHere = Annotated[SignedIn, Depends(enter(Right.OWN_ACCOUNT, before_password_change=True))]
QueueReader = Annotated[SignedIn, Depends(enter(Right.QUEUE))]
HandoffReader = Annotated[SignedIn, Depends(enter(Right.HANDLE))]
HandoffWorker = Annotated[SignedIn, Depends(enter(Right.ACT))]
DutyHolder = Annotated[SignedIn, Depends(enter(Right.DUTY))]
Assistant = Annotated[SignedIn, Depends(enter(Right.ASSIST))]
Filer = Annotated[SignedIn, Depends(enter(Right.FILE))]
GapReader = Annotated[SignedIn, Depends(enter(Right.GAPS))]
StaffKeeper = Annotated[SignedIn, Depends(enter(Right.STAFF))]
DeliveryKeeper = Annotated[SignedIn, Depends(enter(Right.DELIVERIES))]
Auditor = Annotated[SignedIn, Depends(enter(Right.AUDIT))]
