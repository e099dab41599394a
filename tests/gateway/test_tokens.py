from collections import OrderedDict

import pytest

from gateway import tokens
from gateway.parts import Parts
from tests.gateway.visitor import Visitor


def test_token_is_looked_up_once_a_minute(visitor: Visitor, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.history()
    monkeypatch.setattr(parts.storage, "read", None)
    assert visitor.say("Hello")
    monkeypatch.setattr(tokens, "time", type("Later", (), {"monotonic": staticmethod(lambda: float("inf"))}))
    assert visitor.call("GET", "/messages").status_code == 500


def test_other_token_is_refused_while_one_is_remembered(visitor: Visitor, stranger: Visitor) -> None:
    visitor.history()
    visitor.headers = stranger.headers
    assert visitor.call("GET", "/messages").status_code == 401


def test_tokens_are_forgotten_when_there_are_many(visitor: Visitor, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts.tokens, "_kept", OrderedDict())
    monkeypatch.setattr(tokens, "MAX_KEPT", 1)
    for holder in (visitor, Visitor(visitor.client)):
        holder.history()
    monkeypatch.setattr(parts.storage, "read", None)
    assert visitor.call("GET", "/messages").status_code == 500
