"""Rasa's own agent with our model, in this process: what cannot be reached from outside of it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent, load_agent
from rasa.core.run import configure_app
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic

from bot.channel import FrontdeskInput
from bot.tracker_store import RecentTrackerStore, _stores
from tests.bot.conftest import SECRET
from tests.bot.serving import Reply, call

pytestmark = pytest.mark.slow

MODEL = Path("models/frontdesk.tar.gz")
HEADERS = {"X-Frontdesk-Secret": SECRET, "content-type": "application/json"}
ANN, BOB = "conversation-of-ann-0000001", "conversation-of-bob-0000001"
NOWHERE = "http://127.0.0.1:1/webhook"


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    assert MODEL.exists(), "There is no trained model. Run: make train"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRONTDESK_ACTIONS_URL", NOWHERE)
        yield asyncio.run(load_agent(str(MODEL), endpoints=AvailableEndpoints.read_endpoints("endpoints.yml")))


@pytest.fixture(scope="module")
def app(agent: Agent) -> Sanic:
    """The app that `rasa run` makes, with our channel and without the HTTP API."""
    app = configure_app([FrontdeskInput(SECRET)], enable_api=False)
    app.ctx.agent = agent
    return app


@pytest.fixture
def store(agent: Agent) -> RecentTrackerStore:
    [store] = [each for each in _stores(agent.tracker_store) if isinstance(each, RecentTrackerStore)]
    return store


def say(app: Sanic, conversation_id: str, text: str) -> Reply:
    body = {"conversation_id": conversation_id, "kind": "text", "text": text}
    return call(app, "POST", "/webhooks/frontdesk/webhook", body=json.dumps(body).encode(), headers=HEADERS)


def kinds(reply: Reply) -> list[Any]:
    return [message["kind"] for message in reply.json()["messages"]]


def test_rasa_uses_our_store(store: RecentTrackerStore, app: Sanic) -> None:
    assert kinds(say(app, ANN, "hello")) == ["smalltalk"]
    assert ANN in store.store


def test_there_are_no_ways_in_but_ours(app: Sanic) -> None:
    paths = {f"/{route.path}".replace("//", "/") for route in app.router.routes}
    assert paths == {
        "/",
        "/webhooks/frontdesk",
        "/webhooks/frontdesk/webhook",
        "/webhooks/frontdesk/conversations/<conversation_id:str>",
    }


@pytest.mark.parametrize(
    "row", ["", "{", "null", "[]", "5", '{"events": 5}', '{"sender_id": "x", "events": [{"event": "none"}]}', "\ud800"]
)
def test_damaged_row_costs_one_dialogue_and_nobody_else(app: Sanic, store: RecentTrackerStore, row: str) -> None:
    """With Rasa's SQL store the next message of that visitor would end the process for everybody."""
    say(app, BOB, "hello")
    store.store[ANN] = row
    first = say(app, ANN, "hello")
    assert first.status in (200, 502)
    assert kinds(say(app, BOB, "hello")) == ["smalltalk"]
    assert kinds(say(app, ANN, "hello")) == ["smalltalk"]


def test_failing_action_leaves_no_text_in_the_log(app: Sanic, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    reply = say(app, "conversation-of-eve-0000001", "how long is recovery after gracilis surgery Quetzalword7391")
    assert reply.status == 502
    assert "message failed" in caplog.text or "no reply" in caplog.text
    assert "Quetzalword7391" not in caplog.text
