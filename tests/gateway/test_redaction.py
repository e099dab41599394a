from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, text

from database.base import Base
from gateway.parts import Parts
from tests.gateway.fakes import FakeRasa, bot_message
from tests.gateway.visitor import Visitor

PHONE = "312-555-0123"
EMAIL = "canary.7391@example.org"


def stored(parts: Parts, mark: str) -> set[str]:
    """Return the tables in which `mark` stands."""
    with parts.storage.engine.connect() as connection:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            if any(mark in repr(tuple(row)) for row in connection.execute(select(table)))
        }


def run(parts: Parts, statement: str, visitor: Visitor) -> None:
    with parts.storage.engine.begin() as connection:
        connection.execute(text(statement), {"id": visitor.id})


def test_identifiers_are_neither_stored_nor_sent_to_rasa(visitor: Visitor, rasa: FakeRasa, parts: Parts) -> None:
    visitor.say(f"How long is recovery? I am at {PHONE} or {EMAIL}")
    assert rasa.asked[-1]["text"] == "How long is recovery? I am at or"
    assert visitor.history()[1]["text"] == "How long is recovery? I am at [phone number removed] or [e-mail address removed]"
    assert stored(parts, PHONE) == stored(parts, EMAIL) == set()


def test_visitor_is_told_why_and_offered_the_card(visitor: Visitor) -> None:
    answer, notice = visitor.say(f"How long is recovery? Call {PHONE} or write to {EMAIL}")
    assert answer["text"].startswith("You said")
    assert (notice["kind"], notice["sender"], notice["contact_card"]["opens"]) == ("handoff", "bot", False)
    assert "a phone number and an e-mail address" in notice["text"]
    assert visitor.history()[-1]["id"] == notice["id"]


def test_message_without_identifiers_gets_no_notice(visitor: Visitor) -> None:
    assert len(visitor.say("My surgery was on 5/6/2019. How long is recovery?")) == 1


@pytest.mark.parametrize("text", [PHONE, f"{PHONE}, {EMAIL}.", "3/12/1984"])
def test_nothing_but_identifiers_gets_the_notice_alone(visitor: Visitor, rasa: FakeRasa, text: str) -> None:
    (notice,) = visitor.say(text)
    assert (notice["kind"], notice["contact_card"]["opens"]) == ("handoff", False)
    assert rasa.asked == []
    assert visitor.say("And now?")[0]["text"] == "You said: And now?"


@pytest.mark.parametrize("text", [f"{PHONE} /restart", f"{EMAIL}/restart", f"/{PHONE} /restart", f"/ {EMAIL} //restart"])
def test_slash_behind_an_identifier_is_no_command(visitor: Visitor, rasa: FakeRasa, text: str) -> None:
    visitor.say(text)
    assert all(not asked["text"].strip().startswith("/") for asked in rasa.asked)
    assert {asked["kind"] for asked in rasa.asked} <= {"text"}


def test_number_of_the_clinic_stays(visitor: Visitor, rasa: FakeRasa) -> None:
    assert len(visitor.say("is 312-555-0142 your number?")) == 1
    assert "312-555-0142" in rasa.asked[-1]["text"]


def test_repeated_post_gives_the_same_replies_once(visitor: Visitor, rasa: FakeRasa) -> None:
    body = {"text": f"call me at {PHONE}", "client_message_id": str(uuid4())}
    first, second = visitor.post(body), visitor.post(body)
    assert first.status_code == 200
    assert first.json() == second.json()
    assert len(rasa.asked) == 1
    assert len(visitor.history()) == 4


def test_notice_comes_after_an_emergency_and_sells_nothing(visitor: Visitor, rasa: FakeRasa) -> None:
    emergency, notice = visitor.say(f"my face dropped an hour ago, call me on {PHONE}")
    assert emergency["kind"] == "emergency"
    assert notice["kind"] == "text"
    assert "contact_card" not in notice
    assert rasa.asked == []


def test_card_is_offered_once(visitor: Visitor, rasa: FakeRasa) -> None:
    rasa.failure = httpx.ConnectError("refused")
    fallback, notice = visitor.say(f"call me at {PHONE}")
    assert fallback["contact_card"]
    assert "contact_card" not in notice


@pytest.mark.parametrize("owner", ["waiting", "staff"])
def test_visitor_is_told_while_staff_answer(visitor: Visitor, rasa: FakeRasa, parts: Parts, owner: str) -> None:
    run(parts, f"UPDATE conversations SET owner = '{owner}' WHERE id = :id", visitor)
    body = {"text": f"here is my number {PHONE}", "client_message_id": str(uuid4())}
    first, second = visitor.post(body).json(), visitor.post(body).json()
    (notice,) = first["messages"]
    assert "a phone number" in notice["text"]
    assert first == second
    assert rasa.asked == []
    assert stored(parts, PHONE) == set()


def test_comment_of_feedback_is_redacted(visitor: Visitor, rasa: FakeRasa, parts: Parts) -> None:
    rasa.replies = [bot_message()]
    (reply,) = visitor.say("Hello")
    response = visitor.call("POST", "/feedback", json={"message_id": reply["id"], "helpful": False, "comment": f"call {PHONE}"})
    assert response.json()["comment"] == "call [phone number removed]"
    assert stored(parts, PHONE) == set()


def test_unanswered_question_is_redacted(visitor: Visitor, rasa: FakeRasa, parts: Parts) -> None:
    rasa.replies = [bot_message("not_covered", "I do not know.")]
    visitor.say(f"what about {EMAIL}")
    assert stored(parts, EMAIL) == set()


def test_wishes_of_the_card_are_redacted_and_the_contact_is_sealed(visitor: Visitor, parts: Parts) -> None:
    card: dict[str, Any] = {"client_request_id": str(uuid4()), "name": "Canary Seven", "phone": PHONE, "email": EMAIL, "consent": True}
    response = visitor.call("POST", "/handoffs", json=card | {"wishes": {"about": f"a visit, or call {PHONE}, id W123456789"}})
    assert response.status_code == 201
    for mark in (PHONE, "5550123", EMAIL, "Canary Seven", "W123456789"):
        assert stored(parts, mark) == set(), mark


def test_text_that_is_too_long_with_placeholders_is_refused(visitor: Visitor) -> None:
    response = visitor.post({"text": ("a@example.org " * 70).strip()})
    assert (response.status_code, response.json()["error"]["code"]) == (422, "text_too_long")
