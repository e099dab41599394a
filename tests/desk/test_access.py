"""Who gets where: every route of the desk, each role, and whose the handoff is. A route without a row here fails."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from desk.access import ROLE_RIGHTS, Right
from desk.models import ROLES
from gateway.parts import Parts
from gateway.routes import desk as pages
from tests.gateway.conftest import *  # noqa: F403  # the app, its parts and a client
from tests.gateway.desk_person import Person, person
from tests.gateway.visitor import Visitor

pytestmark = pytest.mark.slow  # all roles at all routes: 15 s

EVERYBODY, AGENTS, CURATORS, ADMINS = set(ROLES), {"agent", "admin"}, {"curator", "admin"}, {"admin"}
HANDOFF = "/desk/handoffs/{handoff_id}"

MAY: dict[tuple[str, str], set[str]] = {
    ("GET", "/desk/password"): EVERYBODY,
    ("POST", "/desk/password"): EVERYBODY,
    ("POST", "/desk/sign-out"): EVERYBODY,
    ("GET", "/desk/{path:path}"): EVERYBODY,
    ("POST", "/desk/duty"): AGENTS,
    ("GET", "/desk"): AGENTS,
    ("GET", "/desk/find"): AGENTS,
    ("GET", "/desk/events"): AGENTS,
    ("GET", HANDOFF): AGENTS,
    ("GET", f"{HANDOFF}/messages"): AGENTS,
    ("GET", f"{HANDOFF}/earlier"): AGENTS,
    ("GET", f"{HANDOFF}/fhir"): AGENTS,
    ("GET", f"{HANDOFF}/answers"): AGENTS,
    ("POST", f"{HANDOFF}/claim"): AGENTS,
    ("POST", f"{HANDOFF}/release"): AGENTS,
    ("POST", f"{HANDOFF}/note"): AGENTS,
    ("POST", f"{HANDOFF}/called"): AGENTS,
    ("POST", f"{HANDOFF}/snooze"): AGENTS,
    ("POST", f"{HANDOFF}/resolve"): AGENTS,
    ("POST", f"{HANDOFF}/hand-back"): AGENTS,
    ("POST", f"{HANDOFF}/reopen"): AGENTS,
    ("POST", f"{HANDOFF}/take-over"): AGENTS,
    ("POST", f"{HANDOFF}/reply"): AGENTS,
    ("POST", f"{HANDOFF}/typing"): AGENTS,
    ("GET", "/desk/assist"): EVERYBODY,
    ("GET", "/desk/assist/search"): EVERYBODY,
    ("GET", "/desk/assist/answer"): EVERYBODY,
    ("POST", "/desk/assist/calls"): EVERYBODY,
    ("POST", "/desk/assist/calls/{call_id}/undo"): EVERYBODY,
    ("GET", "/desk/assist/handoff"): AGENTS,
    ("POST", "/desk/assist/handoff"): AGENTS,
    ("GET", "/desk/gaps"): CURATORS,
    ("GET", "/desk/deliveries"): ADMINS,
    ("POST", "/desk/deliveries/{delivery_id}/retry"): ADMINS,
    ("GET", "/desk/staff"): ADMINS,
    ("POST", "/desk/staff"): ADMINS,
    ("POST", "/desk/staff/{staff_id}"): ADMINS,
    ("GET", "/desk/audit"): ADMINS,
}
WITHOUT_SIGN_IN = {("GET", "/desk/sign-in"), ("POST", "/desk/sign-in")}
HANDOFF_ONLY_BY_HOLDER = ("release", "called", "snooze", "resolve", "hand-back", "take-over", "reply", "typing")

FORM = {"text": "Hello", "outcome": "called", "for_": "hour", "change": "enable", "client_request_id": str(uuid4()), "answer": "x"}


def routes() -> Iterator[tuple[str, str, APIRoute]]:
    for module in pages.PAGES:
        assert isinstance(module.router, APIRouter)
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            for method in sorted(route.methods):
                yield method, route.path, route


def right_of(route: APIRoute) -> Right | None:
    """The right that a route's door asks for; None without a door."""
    calls = [route.dependant]
    while calls:
        one = calls.pop()
        right: Right | None = getattr(one.call, "right", None)
        if right is not None:
            return right
        calls += one.dependencies
    return None


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert {(method, path) for method, path, _ in routes()} == MAY.keys() | WITHOUT_SIGN_IN


@pytest.mark.parametrize(("method", "path", "route"), [pytest.param(*row, id=f"{row[0]} {row[1]}") for row in routes()])
def test_every_route_has_the_door_of_its_row(method: str, path: str, route: APIRoute) -> None:
    right = right_of(route)
    if (method, path) in WITHOUT_SIGN_IN:
        assert right is None
    else:
        assert right is not None
        assert {role for role in ROLES if right in ROLE_RIGHTS[role]} == MAY[method, path]


@pytest.fixture
def people(parts: Parts, client: TestClient) -> dict[str, Person]:
    return {role: person(parts, client, f"a-{role}", role) for role in ROLES}


def address(path: str, handoff_id: str) -> str:
    return re.sub(r"\{[a-z_:]+\}", "4711", path.replace("{handoff_id}", handoff_id))


def ask(who: Person, method: str, path: str, *, with_token: bool = True) -> int:
    form = FORM | ({"csrf_token": who.csrf_token} if with_token else {})
    return who.browser.request(method, path, data=form if method == "POST" else None).status_code


@pytest.mark.parametrize(("method", "path"), [row for row in MAY if row[1] not in {"/desk/events", "/desk/sign-out"}])
def test_role_that_may_not_gets_the_page_that_does_not_exist(
    people: dict[str, Person], client: TestClient, method: str, path: str, parts: Parts
) -> None:
    real = filed(parts, Visitor(client)) if "{handoff_id}" in path else "x"
    nobodys = people["curator"].see("/desk/nowhere").text
    for role in EVERYBODY - MAY[method, path]:
        somebody = people[role]
        form = FORM | {"csrf_token": somebody.csrf_token}
        response = somebody.browser.request(method, address(path, real), data=form if method == "POST" else None)
        assert (role, response.status_code) == (role, 404)
        assert "This page does not exist, or it is not for your account." in response.text
        assert len(response.text) == pytest.approx(len(nobodys), abs=200)


@pytest.mark.parametrize(("method", "path"), [row for row in MAY if "{handoff_id}" in row[1]])
@pytest.mark.parametrize("handoff_id", ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "x", "' OR 1=1 --", "%00", "x" * 300])
def test_handoff_that_does_not_exist_looks_like_one_that_may_not_be_seen(
    people: dict[str, Person], method: str, path: str, handoff_id: str
) -> None:
    assert ask(people["agent"], method, address(path, handoff_id)) == 404


@pytest.mark.parametrize("path", [path for method, path in MAY if method == "POST"])
@pytest.mark.parametrize("token", [None, "", "wrong", "of somebody else"])
def test_every_change_needs_the_token_of_its_session(people: dict[str, Person], path: str, token: str | None) -> None:
    admin = people["admin"]
    form = dict(FORM) if token is None else FORM | {"csrf_token": people["agent"].csrf_token if token == "of somebody else" else token}
    assert admin.browser.post(address(path, "x"), data=form).status_code == 403
    assert admin.see("/desk/password").status_code == 200


@pytest.mark.parametrize("path", [path for method, path in MAY if method == "POST"])
@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])
def test_no_change_comes_from_another_site(people: dict[str, Person], path: str, headers: dict[str, str]) -> None:
    admin = people["admin"]
    form = FORM | {"csrf_token": admin.csrf_token}
    assert admin.browser.post(address(path, "x"), data=form, headers=headers).status_code == 403


@pytest.mark.parametrize(("method", "path"), list(MAY))
def test_nothing_is_shown_without_signing_in(client: TestClient, method: str, path: str) -> None:
    response = client.request(method, address(path, "x"), follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["Location"].startswith("/desk/sign-in")


@pytest.mark.parametrize("verb", HANDOFF_ONLY_BY_HOLDER)
def test_only_the_holder_changes_a_claimed_handoff(people: dict[str, Person], parts: Parts, client: TestClient, verb: str) -> None:
    path = f"/desk/handoffs/{filed(parts, Visitor(client))}"
    other = person(parts, client, "b-agent", "agent")
    assert ask(people["agent"], "POST", f"{path}/claim") == 303
    assert ask(other, "POST", f"{path}/{verb}") == 409
    assert ask(people["agent"], "POST", f"{path}/{verb}") in {303, 204}


def filed(parts: Parts, visitor: Visitor) -> str:
    from tests.gateway.filing import filed as file

    return file(parts, visitor)
