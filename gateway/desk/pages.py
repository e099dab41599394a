"""Renders the staff pages, and turns every refusal on them into words."""

import html
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from database.base import now
from desk import access
from desk.access import Right
from desk.errors import AccessRefused, DeskError, HandoffChanged, HandoffNotFound, StaffInvalid, TransitionRefused
from desk.sign_in import SignedIn
from gateway.desk.errors import PasswordChangeNeeded, SignInNeeded
from gateway.errors import GatewayError
from gateway.parts import Parts

MENU = (
    ("/desk", "Queue", Right.QUEUE),
    ("/desk/assist", "Call centre", Right.ASSIST),
    ("/desk/gaps", "Not answered", Right.GAPS),
    ("/desk/deliveries", "Deliveries", Right.DELIVERIES),
    ("/desk/staff", "Staff", Right.STAFF),
    ("/desk/audit", "Audit", Right.AUDIT),
)
NOT_FOUND = "This page does not exist, or it is not for your account."
STATUS = {HandoffNotFound: 404, AccessRefused: 404, HandoffChanged: 409, TransitionRefused: 409, StaffInvalid: 422}
NO_STORE = {"Cache-Control": "no-store"}


def page(parts: Parts, person: SignedIn | None, template: str, *, status: int = 200, here: str = "", **values: Any) -> HTMLResponse:
    """Return a page, never kept by any cache. `here` is the address that the menu marks."""
    at = now()
    menu = [(address, name) for address, name, right in MENU if person and not person.must_change_password and access.has(person, right)]
    context = {
        "person": person,
        "menu": menu,
        "here": here,
        "at": at,
        "has_duty": person is not None and not person.must_change_password and access.has(person, Right.DUTY),
        "is_on_duty": person is not None and person.is_on_duty(at),
        "has_queue": person is not None and not person.must_change_password and access.has(person, Right.QUEUE),
        "can_file": person is not None and access.has(person, Right.FILE),
    }
    return HTMLResponse(parts.templates.get_template(f"desk/{template}").render(context | values), status, NO_STORE)


def go_to(address: str) -> RedirectResponse:
    """Return the answer to a form that worked: the page that shows it. A reload repeats nothing."""
    return RedirectResponse(address, 303, NO_STORE)


class DeskRoute(APIRoute):
    """A route whose refusals are pages, or a line in the page where htmx asked."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except SignInNeeded:
                return _to_sign_in(request)
            except PasswordChangeNeeded:
                return _elsewhere(request, "/desk/password")
            except RequestValidationError:
                return refusal(request, 422, "Something in this form is missing or too long. Nothing was changed.")
            except DeskError as error:
                return refusal(request, _status(error), _words(error))
            except GatewayError as error:
                return refusal(request, error.status, error.message)

        return answer


def _status(error: DeskError) -> int:
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)


def _words(error: DeskError) -> str:
    return NOT_FOUND if isinstance(error, AccessRefused | HandoffNotFound) else str(error)


def refusal(request: Request, status: int, words: str) -> Response:
    """Return a refusal: a whole page, or for htmx the line that it puts under the header."""
    request.app.state.metrics.errors.labels(f"desk_{status}").inc()
    if "HX-Request" in request.headers:
        headers = NO_STORE | {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML", "HX-Reselect": ".refusal"}
        return HTMLResponse(f'<p class="refusal">{html.escape(words)}</p>', status, headers)
    back = "" if status == 404 else request.url.path.rpartition("/")[0]
    return page(request.app.state.parts, None, "refusal.html", status=status, words=words, back=back)


def _to_sign_in(request: Request) -> Response:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = f"/desk/sign-in?next={quote(wanted)}" if request.method == "GET" and "HX-Request" not in request.headers else "/desk/sign-in"
    if request.headers.get("sec-fetch-site") == "cross-site" and request.method == "GET":
        return page(request.app.state.parts, None, "again.html", address=wanted)
    return _elsewhere(request, target)


def _elsewhere(request: Request, address: str) -> Response:
    if "HX-Request" in request.headers:
        return Response(status_code=401, headers=NO_STORE | {"HX-Redirect": address})
    return go_to(address)
