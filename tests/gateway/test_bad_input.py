import json

import pytest
from starlette.testclient import TestClient

from tests.gateway.fakes import FakeRasa
from tests.gateway.visitor import Visitor

ID = "3f0f9a1c-5a52-4c39-9f0e-8d1f4c5b7a60"
JSON = {"Content-Type": "application/json"}


def code_of(response: object) -> tuple[int, str]:
    body = response.json()  # type: ignore[attr-defined]
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    return response.status_code, body["error"]["code"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": "x" * 9000}, (413, "body_too_large")),
        ({"text": "\U0001f600" * 10_000}, (413, "body_too_large")),
        ({"text": "x" * 1001}, (422, "text_too_long")),
        ({"text": "word " * 201}, (422, "text_too_long")),
        ({"text": ""}, (422, "invalid_request")),
        ({"text": "\x00\x00"}, (422, "text_empty")),
        ({"text": "\u202e\u2066"}, (422, "text_empty")),
        ({"text": " / // "}, (422, "text_empty")),
        ({"text": None}, (422, "invalid_request")),
        ({"text": 5}, (422, "invalid_request")),
        ({"text": ["a"]}, (422, "invalid_request")),
        ({}, (422, "invalid_request")),
        ({"text": "a", "payload": "b"}, (422, "invalid_request")),
        ({"text": "a", "sender": "staff"}, (422, "invalid_request")),
        ({"text": "a", "metadata": {}}, (422, "invalid_request")),
        ({"text": "a", "client_message_id": "1"}, (422, "invalid_request")),
        ({"payload": "x" * 65}, (422, "invalid_request")),
        ({"payload": "\x00"}, (422, "payload_not_offered")),
    ],
)
def test_post_refuses(visitor: Visitor, rasa: FakeRasa, body: dict[str, object], expected: tuple[int, str]) -> None:
    assert code_of(visitor.post(body)) == expected
    assert len(visitor.history()) == 1
    assert rasa.asked == []


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"\xff\xfe{\x00}\x00", 422),
        (b"\xef\xbb\xbf{}", 422),
        (b'{"text": "\\ud800", "client_message_id": "%s"}' % ID.encode(), 422),
        (b'{"\\ud800": 1}', 422),
        (b'{"text": NaN}', 422),
        (b'{"text": 1e400}', 422),
        (b"[" * 8000, 422),
        (b'{"a":' * 1500, 422),
    ],
)
def test_post_refuses_malformed_json(visitor: Visitor, content: bytes, status: int) -> None:
    response = visitor.call("POST", "/messages", content=content, headers=JSON)
    assert code_of(response)[0] == status


def test_post_refuses_text_plain(visitor: Visitor) -> None:
    body = json.dumps({"text": "a", "client_message_id": ID})
    assert code_of(visitor.call("POST", "/messages", content=body, headers={"Content-Type": "text/plain"}))[0] == 422


def test_refusal_does_not_quote_the_message(visitor: Visitor) -> None:
    response = visitor.post({"text": "My name is Canary", "client_message_id": "Canary", "payload": "Canary"})
    assert "Canary" not in response.text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a\x00b", "a b"),
        ("<b>bold</b> & <script>alert(1)</script>", "<b>bold</b> & <script>alert(1)</script>"),
        ("safe \u202egnp.exe\u202c", "safe gnp.exe"),
        ("Z" + "\u0301\u0316\u0323\u0302" * 20 + "algo", None),
        ("e\u0301", "\u00e9"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("x" * 1000, "x" * 1000),
        ("'; DROP TABLE messages; --", "'; DROP TABLE messages; --"),
        ("{{7*7}} ${7*7} %s", "{{7*7}} ${7*7} %s"),
    ],
)
def test_strange_text_is_stored_tamed(visitor: Visitor, typed: str, stored: str | None) -> None:
    visitor.say(typed)
    text = visitor.history()[1]["text"]
    assert text == stored if stored is not None else len(text) < 10


def test_unknown_addresses_and_methods_are_refused_in_our_form(client: TestClient) -> None:
    assert code_of(client.get("/api/nothing")) == (404, "not_found")
    assert code_of(client.put("/api/conversations")) == (405, "method_not_allowed")


def test_start_takes_an_empty_body_and_nothing_else(client: TestClient) -> None:
    assert client.post("/api/conversations").status_code == 201
    assert client.post("/api/conversations?clinic=a&language=en", json={}).status_code == 201
    assert code_of(client.post("/api/conversations", json={"conversation_id": "mine"})) == (422, "invalid_request")
