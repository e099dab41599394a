"""The channel against a Sanic app as Rasa builds it; only the agent behind it is a fake."""

from __future__ import annotations

import asyncio
import json
import random
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import AwaitableTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from sanic import Sanic

from bot.channel import MAX_BODY, MAX_TEXT, FrontdeskInput, FrontdeskOutput, _is_valid
from bot.errors import SettingsInvalid
from bot.tracker_store import RecentTrackerStore
from tests.bot.conftest import SECRET, FakeAgent
from tests.bot.serving import Reply, call, run

CONVERSATION = "AaBbCcDdEeFfGgHhIiJjKkLl"
WEBHOOK = "/webhooks/frontdesk/webhook"
HEADERS = {"content-type": "application/json", "x-frontdesk-secret": SECRET}
CARD = {"id": "recovery/gracilis", "version": 1}


def make_body(**changes: Any) -> dict[str, Any]:
    return {"conversation_id": CONVERSATION, "kind": "text", "text": "how long is recovery"} | changes


def post(app: Sanic, body: Any, headers: dict[str, str] | None = None) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return call(app, "POST", WEBHOOK, body=content, headers=HEADERS if headers is None else headers)


async def utter(message: UserMessage) -> None:
    await message.output_channel.send_response(
        message.sender_id,
        {
            "text": "Six weeks.",
            "buttons": [{"title": "Yes", "payload": "/affirm", "type": "postback"}],
            "custom": {"kind": "answer", "assumed": "about gracilis", "answer": CARD},
        },
    )


async def fail(message: UserMessage) -> None:
    raise RuntimeError(f"cannot answer {message.text}")


def test_channel_returns_what_was_uttered(app: Sanic, agent: FakeAgent) -> None:
    agent.reply = utter
    reply = post(app, make_body())
    assert reply.status == 200
    expected = {
        "kind": "answer",
        "text": "Six weeks.",
        "buttons": [{"title": "Yes", "payload": "/affirm"}],
        "assumed": "about gracilis",
        "answer": CARD,
        "contact_card": None,
    }
    assert reply.json() == {"messages": [expected]}


def test_channel_passes_on_the_contact_card(app: Sanic, agent: FakeAgent) -> None:
    card = {"channel": "callback", "wishes": {}, "opens": True}

    async def utter_card(message: UserMessage) -> None:
        await message.output_channel.send_response(
            message.sender_id, {"text": "Here.", "custom": {"kind": "handoff", "contact_card": card}}
        )

    agent.reply = utter_card
    assert post(app, make_body()).json()["messages"][0]["contact_card"] == card


def test_channel_passes_on_id_text_and_nothing_else(app: Sanic, agent: FakeAgent) -> None:
    agent.reply = utter
    post(app, make_body())
    heard = agent.heard[0]
    assert (heard.sender_id, heard.text, heard.input_channel) == (CONVERSATION, "how long is recovery", "frontdesk")
    assert not heard.metadata


def test_channel_keeps_the_order_of_several_replies(app: Sanic, agent: FakeAgent) -> None:
    async def utter_two(message: UserMessage) -> None:
        for text in ("first", "second"):
            await message.output_channel.send_response(message.sender_id, {"text": text})

    agent.reply = utter_two
    messages = post(app, make_body()).json()["messages"]
    assert [(message["text"], message["kind"]) for message in messages] == [("first", "text"), ("second", "text")]


def test_channel_says_whether_it_can_answer(app: Sanic, agent: FakeAgent) -> None:
    ready = call(app, "GET", "/webhooks/frontdesk/")
    agent.has_model = False
    without_model = call(app, "GET", "/webhooks/frontdesk/")
    app.ctx.agent = None
    without_agent = call(app, "GET", "/webhooks/frontdesk/")
    assert (ready.status, ready.json()) == (200, {"status": "ok"})
    assert without_model.status == without_agent.status == 503


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper(), "sécret"])
def test_channel_refuses_without_the_secret(app: Sanic, agent: FakeAgent, secret: str | None) -> None:
    headers = {"content-type": "application/json"} | ({} if secret is None else {"x-frontdesk-secret": secret})
    assert post(app, make_body(), headers).status == 403
    assert call(app, "DELETE", f"/webhooks/frontdesk/conversations/{CONVERSATION}", headers=headers).status == 403
    assert agent.heard == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", None])
def test_channel_refuses_other_content_types(app: Sanic, agent: FakeAgent, content_type: str | None) -> None:
    headers = {"x-frontdesk-secret": SECRET} | ({} if content_type is None else {"content-type": content_type})
    assert post(app, make_body(), headers).status == 415
    assert agent.heard == []


def test_channel_takes_json_with_a_charset(app: Sanic, agent: FakeAgent) -> None:
    agent.reply = utter
    assert post(app, make_body(), HEADERS | {"content-type": "application/json; charset=utf-8"}).status == 200


BAD_BODIES: dict[str, Any] = {
    "no JSON": b"{",
    "nothing": b"",
    "no UTF-8": b'{"text": "\xff"}',
    "deep": b"[" * 5000 + b"]" * 5000,
    "list": [],
    "string": "hello",
    "null": None,
    "missing key": {"conversation_id": CONVERSATION, "kind": "text"},
    "metadata": make_body(metadata={}),
    "sender": make_body(sender="x"),
    "number as text": make_body(text=5),
    "null as text": make_body(text=None),
    "list as text": make_body(text=["a"]),
    "object as id": make_body(conversation_id={}),
    "empty id": make_body(conversation_id=""),
    "short id": make_body(conversation_id="abc"),
    "long id": make_body(conversation_id="a" * 65),
    "NUL in id": make_body(conversation_id=CONVERSATION + "\0"),
    "surrogate in id": make_body(conversation_id=CONVERSATION + "\ud800"),
    "line break after id": make_body(conversation_id=CONVERSATION + "\n"),
    "unknown kind": make_body(kind="event"),
    "empty text": make_body(text=""),
    "blank text": make_body(text=" \n\u2003"),
    "surrogate in text": make_body(text="a\ud800"),
    "too long": make_body(text="a" * (MAX_TEXT + 1)),
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=list(BAD_BODIES))
def test_channel_refuses_bad_bodies(app: Sanic, agent: FakeAgent, body: Any) -> None:
    reply = post(app, body)
    assert (reply.status, reply.json()) == (422, {"error": {"code": "invalid_message"}})
    assert agent.heard == []


STRIPPED_FIRST = [chr(code) for code in range(0x110000) if chr(code).isspace()]
"""What Rasa strips before it looks for a slash."""


@pytest.mark.parametrize("before", ["", " ", "\n", "\u00a0", "\u2003", "\u3000", "\x1c", "\x85", " \u00a0\x1f "])
@pytest.mark.parametrize("command", ["/restart", '/greet{"topic": "x"}', "/", "//goodbye"])
def test_channel_refuses_text_that_rasa_takes_as_a_command(app: Sanic, agent: FakeAgent, before: str, command: str) -> None:
    assert post(app, make_body(text=before + command)).status == 422
    assert agent.heard == []


def test_channel_refuses_a_slash_behind_every_space_there_is() -> None:
    assert len(STRIPPED_FIRST) >= 29
    assert not any(_is_valid(make_body(text=f"{space}/restart")) for space in STRIPPED_FIRST)


def test_rasa_reads_no_command_in_any_text_that_passes(domain: Domain) -> None:
    """Checked against the installed Rasa, so that a change of its parser is noticed."""
    chance = random.Random(1)
    odd = ["/", "/restart", "/greet", "{", '{"topic":"x"}', "@0.1", "|", "EXTERNAL: ", "\u200b", "\ufeff", "／", "a", "?"]
    pieces = [*odd, *STRIPPED_FIRST]
    texts = ["".join(chance.choices(pieces, k=chance.randint(1, 5))) for _ in range(20_000)]
    passing = [text for text in texts if _is_valid(make_body(text=text))]
    assert len(passing) > 1000
    assert not [text for text in passing if _is_command(text, domain)]
    assert any(_is_command(text, domain) for text in texts)


def _is_command(text: str, domain: Domain) -> bool:
    message = Message({TEXT: UserMessage(text).text})
    return YAMLStoryReader.unpack_regex_message(message, domain).get(INTENT) is not None


@pytest.mark.parametrize("payload", ["/affirm", "/none_of_these", '/choose_answer{"answer_id": "recovery/gracilis"}'])
def test_channel_takes_payloads(app: Sanic, agent: FakeAgent, payload: str) -> None:
    agent.reply = utter
    assert post(app, make_body(kind="payload", text=payload)).status == 200
    assert agent.heard[0].text == payload


NO_PAYLOADS = ["", "affirm", "hello there", "/", " /affirm", "/affirm ", "/Affirm", "/affirm@0.1", "/affirm{", "/a b", "/affirm\n"]
RESETS = ["/restart", "/session_start", "/back", "/restart{}"]
UNKNOWN = ["/no_such_intent", '/admin_dump{"wish": "x"}']
NO_TEXTS = [
    '/greet{"wish": {"$ne": 1}}',
    '/greet{"wish": 5}',
    '/greet{"wish": null}',
    '/greet{"wish": ["a"]}',
    "/greet{wish}",
    '/greet{"topic": "x"}',
]
"""Rasa would store any JSON in a slot for text."""


@pytest.mark.parametrize("payload", [*NO_PAYLOADS, *RESETS, *NO_TEXTS, *UNKNOWN, '/a{"\n"}', '/a{"\ud800"}'])
def test_channel_refuses_payloads_in_another_form(app: Sanic, agent: FakeAgent, payload: str) -> None:
    assert post(app, make_body(kind="payload", text=payload)).status == 422
    assert agent.heard == []


def test_channel_answers_502_when_rasa_fails(app: Sanic, agent: FakeAgent) -> None:
    agent.reply = fail
    reply = post(app, make_body())
    assert (reply.status, reply.json()) == (502, {"error": {"code": "bot_failed"}})


def test_channel_answers_502_when_nothing_is_uttered(app: Sanic) -> None:
    reply = post(app, make_body())
    assert (reply.status, reply.json()) == (502, {"error": {"code": "bot_failed"}})


def test_channel_answers_502_when_it_breaks_off_after_a_reply(app: Sanic, agent: FakeAgent) -> None:
    async def utter_and_fail(message: UserMessage) -> None:
        await utter(message)
        await fail(message)

    agent.reply = utter_and_fail
    assert post(app, make_body()).status == 502


def test_channel_logs_no_text(app: Sanic, agent: FakeAgent, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    for reply in (fail, utter, None):
        agent.reply = reply
        post(app, make_body(text="my name is Canary Bird"))
    post(app, make_body(text="/Canary Bird"))
    assert CONVERSATION in caplog.text
    assert "Canary" not in caplog.text


def test_delete_forgets_the_conversation(app: Sanic, agent: FakeAgent, store: RecentTrackerStore) -> None:
    run(store.create_tracker(CONVERSATION))
    path = f"/webhooks/frontdesk/conversations/{CONVERSATION}"
    assert call(app, "DELETE", path, headers=HEADERS).status == 204
    assert run(store.retrieve(CONVERSATION)) is None
    assert call(app, "DELETE", path, headers=HEADERS).status == 204


def test_delete_reaches_a_store_that_is_wrapped_twice(app: Sanic, agent: FakeAgent, store: RecentTrackerStore) -> None:
    agent.tracker_store = AwaitableTrackerStore(agent.tracker_store)
    run(store.create_tracker(CONVERSATION))
    assert call(app, "DELETE", f"/webhooks/frontdesk/conversations/{CONVERSATION}", headers=HEADERS).status == 204
    assert run(store.retrieve(CONVERSATION)) is None


@pytest.mark.parametrize("credentials", [None, {}, {"secret": ""}, {"secret": "short"}, {"secret": "${FRONTDESK_RASA_SECRET}"}])
def test_channel_does_not_start_without_a_good_secret(credentials: dict[str, Any] | None) -> None:
    with pytest.raises(SettingsInvalid, match="FRONTDESK_RASA_SECRET"):
        FrontdeskInput.from_credentials(credentials)


def test_channel_starts_with_a_good_secret() -> None:
    assert FrontdeskInput.from_credentials({"secret": SECRET}).name() == FrontdeskOutput.name() == "frontdesk"


def test_turn_that_takes_too_long_is_broken_off(app: Sanic, agent: FakeAgent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channel.TURN_SECONDS", 0.01)

    async def hang(message: UserMessage) -> None:
        await asyncio.sleep(60)

    agent.reply = hang
    assert post(app, make_body()).status == 502


def test_channel_refuses_a_large_body_before_reading_it(app: Sanic, agent: FakeAgent) -> None:
    assert post(app, make_body(text="a" * MAX_BODY)).status == 413
    assert agent.heard == []
