"""The contact card: filed once, told only when committed, refused with words that help."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from database.engine import transaction
from desk import drafts, handoffs
from desk.drafts import Draft
from gateway.parts import Parts
from gateway.settings import Settings
from tests.gateway.clinic_staff import Agent, card, count, file, stored
from tests.gateway.fakes import FakeRasa, answer_card, bot_message
from tests.gateway.visitor import Visitor


def test_visitor_gets_reference_and_promise(visitor: Visitor, parts: Parts) -> None:
    reply = file(visitor)
    handoff = stored(parts, visitor)
    assert (reply["reference"], reply["promise"], reply["channel"]) == (handoff.reference, handoff.promise, "callback")
    [confirmation] = reply["messages"]
    assert (confirmation["sender"], confirmation["kind"]) == ("bot", "handoff")
    assert handoff.reference in confirmation["text"]
    assert handoff.promise in confirmation["text"]
    assert visitor.history()[-1] == confirmation


def test_same_request_again_gives_the_same_reply(visitor: Visitor, parts: Parts) -> None:
    body = card(wishes={"about": "an eyelid weight"})
    first, second = (visitor.call("POST", "/handoffs", json=body) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert count(parts, visitor) == 1
    assert len(visitor.history()) == 2


def test_same_wish_under_another_id_is_one_handoff(visitor: Visitor, parts: Parts) -> None:
    first, second = file(visitor), file(visitor)
    assert first["reference"] == second["reference"]
    assert first["messages"] == second["messages"]
    assert count(parts, visitor) == 1


def test_two_clicks_at_once_make_one_handoff(visitor: Visitor, parts: Parts) -> None:
    body = card()
    with ThreadPoolExecutor(2) as threads:
        replies = list(threads.map(lambda _: visitor.call("POST", "/handoffs", json=body).json(), range(2)))
    assert replies[0] == replies[1]
    assert count(parts, visitor) == 1


@pytest.mark.parametrize("change", [{"name": "Kim Example"}, {"phone": "+1 312-555-0144"}, {"wishes": {"about": "something else"}}])
def test_same_request_with_other_content_is_refused(visitor: Visitor, parts: Parts, change: dict[str, object]) -> None:
    body = card(wishes={"about": "an eyelid weight"})
    visitor.call("POST", "/handoffs", json=body)
    response = visitor.call("POST", "/handoffs", json=body | change)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "handoff_conflict")
    assert count(parts, visitor) == 1


def test_card_works_while_rasa_is_down(visitor: Visitor, rasa: FakeRasa, parts: Parts) -> None:
    rasa.failure = httpx.ConnectError("refused")
    [reply] = visitor.say("how long is recovery?")
    assert (reply["kind"], reply["contact_card"]["opens"]) == ("unavailable", False)
    assert file(visitor)["reference"]
    assert stored(parts, visitor).reason == "unavailable"


def test_nothing_is_told_when_nothing_is_committed(visitor: Visitor, parts: Parts) -> None:
    with parts.storage.engine.begin() as connection:
        connection.execute(text("ALTER TABLE handoffs RENAME TO hidden"))
    try:
        response = visitor.call("POST", "/handoffs", json=card())
    finally:
        with parts.storage.engine.begin() as connection:
            connection.execute(text("ALTER TABLE hidden RENAME TO handoffs"))
    assert response.status_code == 503
    assert "FD-" not in response.text
    assert [message["kind"] for message in visitor.history()] == ["text"]


def test_packet_tells_the_whole_story(visitor: Visitor, rasa: FakeRasa, parts: Parts) -> None:
    rasa.replies = [bot_message("answer", "It takes weeks.", answer=answer_card(procedures=["gracilis"]))]
    visitor.say("how long is recovery?")
    visitor.say("how long again?")
    rasa.replies = [bot_message("not_covered", "I am not sure.")]
    visitor.say("what does it cost me?")
    file(visitor)
    handoff = stored(parts, visitor)
    assert handoff.answers_shown == [{"id": "recovery/general", "version": 3, "title": "How long does recovery take?"}]
    assert handoff.unanswered == ["what does it cost me?"]
    assert (handoff.topic, handoff.procedure, handoff.urgency, handoff.reason) == ("recovery", "gracilis", "routine", "requested")
    assert [line["sender"] for line in handoff.transcript] == ["bot", *["visitor", "bot"] * 3]
    assert handoff.transcript[1]["text"] == "how long is recovery?"


def test_red_flag_makes_it_urgent(visitor: Visitor, parts: Parts) -> None:
    [alarm] = visitor.say("my face dropped an hour ago and my arm is weak")
    assert (alarm["kind"], alarm["contact_card"]["opens"]) == ("emergency", False)
    [confirmation] = file(visitor)["messages"]
    handoff = stored(parts, visitor)
    assert (handoff.urgency, handoff.reason) == ("urgent", "red_flag")
    assert "911" in confirmation["text"]


def test_contact_is_stored_sealed(visitor: Visitor, parts: Parts) -> None:
    file(visitor, email="robin@example.org")
    handoff = stored(parts, visitor)
    contact = handoffs.contact_of(handoff, parts.sealer)
    assert (contact.name, contact.phone, contact.email) == ("Robin Example", "+13125550143", "robin@example.org")
    with parts.storage.engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM handoffs")).all()) + str(connection.execute(text("SELECT * FROM messages")).all())
    assert "Robin" not in rows
    assert "5550143" not in rows


def keep_draft(parts: Parts, visitor: Visitor, **wishes: str) -> None:
    with transaction(parts.storage.engine) as session:
        drafts.save(session, visitor.id, Draft("appointment", "appointment", dict(wishes)))


def test_wishes_of_the_card_lie_over_those_of_the_form(visitor: Visitor, parts: Parts) -> None:
    keep_draft(parts, visitor, visit_type="virtual", about="an eyelid weight", insurer="Example Health")
    file(visitor, channel="appointment", wishes={"about": "a gracilis transfer", "insurer": ""})
    handoff = stored(parts, visitor)
    assert handoff.wishes == {"visit_type": "virtual", "about": "a gracilis transfer"}
    assert (handoff.channel, handoff.reason) == ("appointment", "appointment")


def test_draft_is_gone_once_it_is_filed(visitor: Visitor, parts: Parts) -> None:
    keep_draft(parts, visitor, visit_type="virtual")
    assert visitor.call("GET", "/handoff-options").json()["draft"]["wishes"]["visit_type"] == "virtual"
    file(visitor)
    assert visitor.call("GET", "/handoff-options").json()["draft"] is None


def test_repeat_is_the_same_although_the_draft_is_gone(visitor: Visitor, parts: Parts) -> None:
    keep_draft(parts, visitor, visit_type="virtual")
    body = card(wishes={"about": "an eyelid weight"})
    assert visitor.call("POST", "/handoffs", json=body).json() == visitor.call("POST", "/handoffs", json=body).json()
    assert stored(parts, visitor).wishes["visit_type"] == "virtual"


def test_draft_can_be_thrown_away(visitor: Visitor, parts: Parts) -> None:
    keep_draft(parts, visitor, visit_type="virtual")
    assert visitor.call("DELETE", "/handoff-draft").status_code == 204
    assert visitor.call("GET", "/handoff-options").json()["draft"] is None


def test_wishes_may_be_a_text(visitor: Visitor, parts: Parts) -> None:
    file(visitor, wishes="my eyelid does not close")
    assert stored(parts, visitor).wishes == {"about": "my eyelid does not close"}


BAD = [
    ({"name": ""}, "contact_invalid", "name"),
    ({"name": "x" * 4000}, "contact_invalid", "name"),
    ({"phone": "12345"}, "contact_invalid", "phone"),
    ({"phone": "nonsense"}, "contact_invalid", "phone"),
    ({"phone": None}, "contact_invalid", "phone"),
    ({"phone": None, "email": "robin@"}, "contact_invalid", "email"),
    ({"consent": False}, "consent_missing", "consent"),
    ({"wishes": {"visit_type": "by boat"}}, "wish_invalid", "visit_type"),
    ({"wishes": {"about": "x" * 301}}, "wish_invalid", "about"),
]


@pytest.mark.parametrize(("change", "code", "field"), BAD)
def test_bad_field_is_named_with_words_that_help(visitor: Visitor, parts: Parts, change: dict[str, object], code: str, field: str) -> None:
    response = visitor.call("POST", "/handoffs", json=card() | change)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["field"]) == (422, code, field)
    assert len(error["message"]) > 10
    assert count(parts, visitor) == 0


def test_misspelt_domain_comes_with_a_suggestion_that_can_be_declined(visitor: Visitor, parts: Parts) -> None:
    body = card(phone=None, email="robin@gmial.com")
    response = visitor.call("POST", "/handoffs", json=body)
    assert (response.status_code, response.json()["error"]["suggestion"]) == (422, "robin@gmail.com")
    assert visitor.call("POST", "/handoffs", json=body | {"keep_email": True}).status_code == 201


def test_name_of_ten_thousand_characters_is_too_large(visitor: Visitor) -> None:
    assert visitor.call("POST", "/handoffs", json=card(name="x" * 10_000)).status_code == 413


def test_fourth_request_of_a_day_is_refused_but_repeats_are_not(visitor: Visitor, settings: Settings) -> None:
    bodies = [card(wishes={"about": f"question {number}"}) for number in range(4)]
    assert [visitor.call("POST", "/handoffs", json=body).status_code for body in bodies] == [201, 201, 201, 429]
    assert visitor.call("POST", "/handoffs", json=bodies[0]).status_code == 201
    refused = visitor.call("POST", "/handoffs", json=bodies[3])
    assert "call" in refused.json()["error"]["message"]
    assert int(refused.headers["Retry-After"]) > 60


def test_foreign_conversation_cannot_be_filed_for(visitor: Visitor, stranger: Visitor, parts: Parts) -> None:
    response = visitor.client.post(f"/api/conversations/{visitor.id}/handoffs", json=card(), headers=stranger.headers)
    assert response.status_code == 401
    assert count(parts, visitor) == 0


def test_request_id_means_nothing_in_another_conversation(visitor: Visitor, stranger: Visitor) -> None:
    request_id = str(uuid4())
    assert file(visitor, client_request_id=request_id)["reference"] != file(stranger, client_request_id=request_id)["reference"]


def test_erased_conversation_leaves_the_request_without_its_transcript(visitor: Visitor, parts: Parts) -> None:
    reference = file(visitor)["reference"]
    visitor.call("DELETE", "")
    with parts.storage.engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM handoffs WHERE reference = :it"), {"it": reference}).one()
    assert (row.conversation_id, row.state) == (None, "waiting")
    assert "[]" in str(row.transcript)


def test_options_say_what_is_possible(visitor: Visitor, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.opening.is_open", lambda clinic, at: True)
    agent = Agent(parts)
    assert visitor.call("GET", "/handoff-options").json()["channels"] == ["callback", "appointment"]
    agent.goes_on_duty()
    try:
        options = visitor.call("GET", "/handoff-options").json()
    finally:
        agent.goes_off_duty()
    assert options["channels"] == ["live", "callback", "appointment"]
    assert (options["is_open"], options["next_opening"], options["owner"], options["handoff"]) == (True, None, "bot", None)
    assert all(options["promises"].values())
    assert "stores my name" in options["consent"]


def test_options_out_of_hours_name_the_next_opening(visitor: Visitor, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.opening.is_open", lambda clinic, at: False)
    agent = Agent(parts)
    agent.goes_on_duty()
    try:
        options = visitor.call("GET", "/handoff-options").json()
    finally:
        agent.goes_off_duty()
    assert options["channels"] == ["callback", "appointment"]
    assert any(day in options["next_opening"] for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"))
    assert "9:00 AM" in options["hours"]


def test_options_name_the_open_request(visitor: Visitor) -> None:
    reply = file(visitor)
    assert visitor.call("GET", "/handoff-options").json()["handoff"] == {
        "reference": reply["reference"],
        "channel": "callback",
        "state": "waiting",
        "promise": reply["promise"],
    }
