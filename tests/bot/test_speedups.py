"""The two replaced methods against Rasa's own."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import speedups
from bot.errors import RasaChanged

ORIGINAL_VALIDATE = RemoteAction._validate_action_result
ORIGINAL_FORMAT = RemoteAction._action_call_format


@pytest.fixture
def applied() -> Iterator[None]:
    speedups.apply()
    yield
    RemoteAction._validate_action_result = ORIGINAL_VALIDATE
    RemoteAction._action_call_format = ORIGINAL_FORMAT


@pytest.fixture
def action() -> RemoteAction:
    return RemoteAction("action_answer_question", None)


@pytest.fixture
def tracker(domain: Domain) -> DialogueStateTracker:
    tracker = DialogueStateTracker("a-conversation", domain.slots)
    parsed = {"intent": {"name": "ask_recovery", "confidence": 0.9}, "entities": [{"entity": "procedure", "value": "gracilis"}]}
    for turn in range(20):
        tracker.update(ActionExecuted("action_listen"))
        tracker.update(UserUttered(f"message {turn}", **parsed))
        tracker.update(ActionExecuted("action_answer_question"))
        tracker.update(BotUttered("An answer."))
    tracker.update(SlotSet("topic", "recovery"))
    return tracker


SLOT = {"event": "slot", "name": "topic", "value": "recovery", "timestamp": None}
GOOD = {"events": [SLOT], "responses": [{"text": "Six weeks.", "custom": {"kind": "answer"}, "buttons": []}]}

RESULTS: dict[str, Any] = {
    "full": GOOD,
    "nothing done": {"events": [], "responses": []},
    "empty object": {},
    "more keys": GOOD | {"error": None},
    "null": None,
    "list": [],
    "text": "ok",
    "number": 5,
    "events null": {"events": None, "responses": []},
    "events object": {"events": {}, "responses": []},
    "responses null": {"events": [], "responses": None},
    "responses object": {"events": [], "responses": {}},
    "response text": {"events": [], "responses": ["Six weeks."]},
    "event without name": {"events": [{"name": "topic"}], "responses": []},
    "event null": {"events": [None], "responses": []},
    "event number": {"events": [{"event": 5}], "responses": []},
    "event with a list as name": {"events": [{"event": ["slot"]}], "responses": []},
    "form of another event": {"events": [{"event": "entities", "name": "topic", "value": 1}], "responses": []},
    "two kinds, one broken": {"events": [SLOT, {"event": "entities"}], "responses": []},
    "unknown event": {"events": [{"event": "explode"}], "responses": []},
    "slot without value": {"events": [{"event": "slot", "name": "topic"}], "responses": []},
    "slot without name": {"events": [{"event": "slot", "value": 1}], "responses": []},
    "slot with number as name": {"events": [{"event": "slot", "name": 1, "value": 1}], "responses": []},
    "slot with text as time": {"events": [SLOT | {"timestamp": "now"}], "responses": []},
    "slot with list as metadata": {"events": [SLOT | {"metadata": []}], "responses": []},
    "two of three good": {"events": [SLOT, SLOT, {"event": "slot"}], "responses": []},
    "form": {"events": [{"event": "active_loop", "name": "handoff_form"}], "responses": []},
    "followup": {"events": [{"event": "followup", "name": "action_listen"}], "responses": []},
    "followup without name": {"events": [{"event": "followup"}], "responses": []},
    "restart": {"events": [{"event": "restart"}], "responses": []},
    "pause": {"events": [{"event": "pause"}], "responses": []},
    "entities": {"events": [{"event": "entities", "entities": [{"entity": "procedure", "value": "gracilis"}]}], "responses": []},
    "entities without value": {"events": [{"event": "entities", "entities": [{"entity": "procedure"}]}], "responses": []},
    "bot": {"events": [{"event": "bot", "text": "hello", "data": {}}], "responses": []},
    "user": {"events": [{"event": "user", "text": "hello", "parse_data": {}}], "responses": []},
    "user with number": {"events": [{"event": "user", "text": 5}], "responses": []},
}


def _accepts(validate: Any, action: RemoteAction, result: Any) -> bool:
    try:
        return bool(validate(action, copy.deepcopy(result)))
    except ValidationError:
        return False


@pytest.mark.parametrize("result", RESULTS.values(), ids=list(RESULTS))
def test_validation_accepts_and_refuses_what_rasa_does(applied: None, action: RemoteAction, result: Any) -> None:
    assert _accepts(RemoteAction._validate_action_result, action, result) == _accepts(ORIGINAL_VALIDATE, action, result)


def test_validation_is_tried_with_both_outcomes(action: RemoteAction) -> None:
    outcomes = [_accepts(ORIGINAL_VALIDATE, action, result) for result in RESULTS.values()]
    assert outcomes.count(True) >= 8 and outcomes.count(False) >= 8


def test_call_carries_slots_and_the_latest_message(
    applied: None, action: RemoteAction, tracker: DialogueStateTracker, domain: Domain
) -> None:
    ours, theirs = action._action_call_format(tracker, domain), ORIGINAL_FORMAT(action, tracker, domain)
    assert (ours["next_action"], ours["sender_id"]) == (theirs["next_action"], theirs["sender_id"])
    ours["tracker"].pop("events"), theirs["tracker"].pop("events")
    assert ours["tracker"] == theirs["tracker"]
    assert ours["tracker"]["slots"]["topic"] == "recovery"
    assert ours["tracker"]["latest_message"]["text"] == "message 19"


def test_call_carries_no_events_and_no_domain(applied: None, action: RemoteAction, tracker: DialogueStateTracker, domain: Domain) -> None:
    sent = action._action_call_format(tracker, domain)
    assert not sent["tracker"]["events"]
    assert "domain" not in sent
    assert "message 3" not in str(sent)


@pytest.mark.parametrize("name", ["_validate_action_result", "_action_call_format"])
def test_apply_fails_loudly_when_rasa_has_no_such_method(applied: None, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(RemoteAction, name)
    with pytest.raises(RasaChanged, match=name):
        speedups.apply()


def test_apply_fails_loudly_when_rasa_passes_something_else(applied: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "_action_call_format", lambda self, tracker: {})
    with pytest.raises(RasaChanged, match="_action_call_format"):
        speedups.apply()
