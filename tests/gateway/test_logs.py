import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from starlette.testclient import TestClient

from gateway import logs
from gateway.app import create_app
from gateway.settings import Settings
from tests.gateway.fakes import FakeRasa, bot_message
from tests.gateway.visitor import Visitor

CANARY = "Canary-7391"


@pytest.fixture
def app(settings: Settings, rasa: FakeRasa) -> FastAPI:
    return create_app(settings, rasa.transport)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def lines(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All lines that the process writes while logging is set up as in production."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stdout", written)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.configure(settings)
    yield written
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def test_no_text_of_a_visitor_or_bot_is_logged(app: FastAPI, lines: io.StringIO, rasa: FakeRasa, monkeypatch: pytest.MonkeyPatch) -> None:
    rasa.replies = [bot_message("clarify", CANARY, buttons=[{"title": CANARY, "payload": f"/{CANARY}"}])]
    with TestClient(app, raise_server_exceptions=False) as client:
        visitor = Visitor(client)
        (reply,) = visitor.say(CANARY)
        visitor.post({"payload": reply["buttons"][0]["payload"]})
        visitor.call("POST", "/feedback", json={"message_id": reply["id"], "helpful": False, "comment": CANARY})
        visitor.post({"text": CANARY, "client_message_id": CANARY, CANARY: CANARY})
        visitor.call("POST", "/messages", content=CANARY.encode())
        for failure in (httpx.ConnectError(CANARY), httpx.Response(500, text=CANARY), httpx.Response(200, text=CANARY)):
            rasa.failure = failure
            visitor.say(CANARY)
        monkeypatch.setattr("gateway.chat.Chat.post", _fail)
        assert visitor.post({"text": CANARY}).json()["error"]["code"] == "internal_error"
        visitor.call("DELETE")
    written = lines.getvalue()
    assert CANARY not in written
    assert visitor.id not in written
    assert visitor.started["token"] not in written


async def _fail(*_: Any) -> None:
    raise ValueError(CANARY)


def test_lines_are_json_with_a_request_id(client: TestClient, lines: io.StringIO) -> None:
    client.get("/api/health", headers={"X-Request-ID": "given-by-the-proxy"})
    line = json.loads(lines.getvalue().splitlines()[-1])
    assert (line["event"], line["route"], line["status"], line["request_id"]) == ("request", "/api/health", 200, "given-by-the-proxy")


def test_request_id_of_a_stranger_is_replaced(client: TestClient) -> None:
    response = client.get("/api/health", headers={"X-Request-ID": "<script>\t"})
    assert "<" not in response.headers["X-Request-ID"]


def test_fault_is_logged_with_its_place(app: FastAPI, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.library.Library.published", _fail)
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/faq").status_code == 500
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines() if "request_failed" in line]
    assert line["error"] == "ValueError"
    assert "_fail" in line["frames"][-1]
