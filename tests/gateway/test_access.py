from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import text, update
from starlette.testclient import TestClient

from database.base import now
from gateway.ids import new_conversation_id
from gateway.models import Conversation
from gateway.parts import Parts
from tests.desk.test_access import MAY, WITHOUT_SIGN_IN
from tests.gateway.visitor import Visitor

CALLS = [
    ("POST", "/messages", {"text": "Hi", "client_message_id": "0b0e1b3e-7d43-4d4e-9d0e-0b0e1b3e7d43"}),
    ("GET", "/messages", None),
    ("GET", "/events", None),
    ("POST", "/feedback", {"message_id": "x", "helpful": True}),
    (
        "POST",
        "/handoffs",
        {"client_request_id": "0b0e1b3e-7d43-4d4e-9d0e-0b0e1b3e7d43", "name": "Robin", "phone": "+13125550143", "consent": True},
    ),
    ("GET", "/handoff-options", None),
    ("DELETE", "/handoff-draft", None),
    ("POST", "/typing", None),
    ("DELETE", "", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
def test_every_call_refuses_all_but_the_own_token_alike(
    client: TestClient, visitor: Visitor, stranger: Visitor, method: str, path: str, body: dict[str, object] | None
) -> None:
    attempts = [
        (visitor.id, {}),
        (visitor.id, {"Authorization": "Bearer wrong"}),
        (visitor.id, {"Authorization": "Basic dXNlcjpwYXNz"}),
        (visitor.id, stranger.headers),
        (new_conversation_id(), visitor.headers),
        ("x" * 300, visitor.headers),
        ("%00", visitor.headers),
    ]
    responses = [client.request(method, f"/api/conversations/{name}{path}", headers=headers, json=body) for name, headers in attempts]
    assert {response.status_code for response in responses} == {401}
    assert len({response.text for response in responses}) == 1


def test_calls_cover_every_route_of_a_conversation(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    prefix = "/api/conversations/{conversation_id}"
    own = {path.removeprefix(prefix): methods for path, methods in paths.items() if path.startswith(prefix)}
    routes = {(method.upper(), path) for path, methods in own.items() for method in methods}
    assert routes == {(method, path) for method, path, _ in CALLS}


FOR_EVERYBODY = {
    ("POST", "/api/conversations"), ("GET", "/api/health"), ("GET", "/api/ready"), ("GET", "/api/openapi.json"), ("GET", "/metrics"),
    ("GET", "/"), ("GET", "/embed"), ("GET", "/faq"), ("GET", "/widget/widget.js"), ("GET", "/site"), ("GET", "/desk-files"),
}  # fmt: skip
"""What asks for no token. /metrics answers this machine only, and the others hold nothing of anybody."""


def test_no_route_is_open_unless_it_is_listed_here(app: FastAPI) -> None:
    """A new route needs a row: here, in CALLS above, or among those of the desk."""
    own = {(method, f"/api/conversations/{{conversation_id}}{path}") for method, path, _ in CALLS}
    found = set(routes_of(app.routes))
    assert len(found) > 50
    assert found == FOR_EVERYBODY | own | MAY.keys() | WITHOUT_SIGN_IN


def routes_of(routes: Iterable[Any]) -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(included := getattr(route, "original_router", None), APIRouter):
            assert not route.include_context.prefix, "a prefix would have to be put before the paths"
            yield from routes_of(included.routes)
            continue
        path = route.path
        methods = getattr(route, "methods", None) or {"GET"}
        yield from ((method, path) for method in methods - {"HEAD"})


def test_token_is_stored_hashed(visitor: Visitor, parts: Parts) -> None:
    with parts.storage.engine.connect() as connection:
        stored = connection.execute(text("SELECT * FROM conversations WHERE id = :id"), {"id": visitor.id}).one()
    assert visitor.started["token"] not in map(str, stored)


def test_token_ends_days_after_the_last_message(visitor: Visitor, parts: Parts) -> None:
    long_ago = now() - timedelta(days=parts.settings.conversation_days, minutes=1)
    with parts.storage.engine.begin() as connection:
        connection.execute(update(Conversation).where(Conversation.id == visitor.id).values(last_active_at=long_ago))
    assert visitor.call("GET", "/messages").status_code == 401
