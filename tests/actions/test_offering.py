"""The one offer of a person: its channels, its words, and the card for a live chat."""

import asyncio
from typing import Any

from actions.server import register
from actions.settings import ActionSettings
from tests.actions.fakes import FakeReception
from tests.fakes import FakeLiveSearch
from tests.knowledge.small import small_search

Said = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def run(action: str, intent: str, *, is_live: bool = False) -> Said:
    live: Any = FakeLiveSearch(small_search())
    reception: Any = FakeReception(is_live=is_live)
    message = {"text": "a person please", "intent": {"name": intent}, "entities": []}
    tracker = {"sender_id": "c" * 32, "slots": {}, "latest_message": message, "events": None, "active_loop": {}}
    call = {"next_action": action, "sender_id": "c" * 32, "domain": {"actions": []}, "tracker": tracker}
    result = asyncio.run(register(live, reception, ActionSettings()).run(call))
    assert result is not None
    return result.responses, result.events


def titles(reply: dict[str, Any]) -> list[str]:
    return [button["title"] for button in reply["buttons"]]


def slots(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def test_live_chat_is_offered_when_somebody_can_join() -> None:
    [reply], _ = run("action_offer_person", "request_person", is_live=True)
    assert titles(reply) == ["Chat with a person now", "Call me back", "Request an appointment", "No, thank you"]
    assert "is here now" in reply["text"]


def test_next_opening_is_named_when_nobody_can_join() -> None:
    [reply], events = run("action_offer_person", "request_person")
    assert titles(reply) == ["Call me back", "Request an appointment", "No, thank you"]
    assert "The clinic opens on Monday" in reply["text"]
    assert "555-01" in reply["text"]
    assert slots(events) == {"person_offered": True, "handoff_reason": "requested"}


def test_appointment_comes_first_for_who_wants_one() -> None:
    [reply], events = run("action_offer_person", "request_appointment")
    assert titles(reply)[0] == "Request an appointment"
    assert slots(events)["handoff_reason"] == "appointment"


def test_live_chat_asks_for_the_contact_at_once() -> None:
    [reply], events = run("action_open_contact_card", "choose_live", is_live=True)
    assert reply["custom"]["contact_card"] == {"channel": "live", "wishes": {}, "promise_preview": "A promise for live.", "opens": True}
    assert {"event": "active_loop", "name": None, "timestamp": None} in events


def test_offer_is_made_again_when_staff_have_gone_in_the_meantime() -> None:
    [reply], _ = run("action_open_contact_card", "choose_live")
    assert "contact_card" not in reply["custom"]
    assert "Call me back" in titles(reply)


def test_offer_promises_nothing() -> None:
    [reply], _ = run("action_offer_person", "request_person", is_live=True)
    assert "FD-" not in reply["text"]
    assert "promise" not in reply["text"].lower()
