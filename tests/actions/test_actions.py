"""Each action through rasa-sdk's executor, over the real search of a small release."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.server import register
from actions.settings import ActionSettings
from tests.actions.fakes import FakeReception
from tests.fakes import FakeLiveSearch
from tests.knowledge.small import ANSWERS, small_search


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    return register(FakeLiveSearch(small_search()), FakeReception(), ActionSettings(data=Path("data")))  # type: ignore[arg-type]


def run(
    executor: ActionExecutor, action: str, text: str = "", intent: str = "ask_recovery", **tracker: Any
) -> tuple[list[Any], dict[str, Any]]:
    message = {"text": text, "intent": {"name": intent}, "entities": tracker.pop("entities", [])}
    call = {
        "next_action": action,
        "sender_id": "someone",
        "domain": {"actions": []},
        "tracker": {
            "sender_id": "someone",
            "slots": tracker,
            "latest_message": message,
            "events": None,
            "paused": False,
            "active_loop": {},
        },
    }
    result = asyncio.run(executor.run(call))
    assert result is not None
    return result.responses, {event["name"]: event["value"] for event in result.events}


def kinds(responses: list[Any]) -> list[str]:
    return [response["custom"]["kind"] for response in responses]


def test_question_is_answered_with_its_card(executor: ActionExecutor) -> None:
    [reply], slots = run(executor, "action_answer_question", "gracilis recovery time")
    assert reply["text"] == ANSWERS[0].text
    assert reply["custom"]["answer"]["id"] == "recovery/gracilis"
    assert reply["custom"]["answer"]["sources"][0]["read_on"] == "2026-11-21"
    assert (slots["topic"], slots["procedures"], slots["misses"]) == ("recovery", ["gracilis"], 0)


def test_follow_up_says_what_it_assumed(executor: ActionExecutor) -> None:
    [reply], _ = run(executor, "action_answer_question", "and when can i work?", topic="recovery", procedures=["gracilis"])
    if reply["custom"]["kind"] == "answer":
        assert reply["custom"]["assumed"] == "about gracilis muscle transfer"


def test_out_of_scope_is_declined_in_its_own_way(executor: ActionExecutor) -> None:
    [reply], slots = run(executor, "action_answer_question", "how much recovery time for a hip replacement")
    assert "outside what I can answer" in reply["text"]
    assert (reply["custom"]["kind"], slots["misses"]) == ("not_covered", 1)


def test_second_miss_offers_a_person(executor: ActionExecutor) -> None:
    responses, _ = run(executor, "action_answer_question", "how much recovery time for a hip replacement", misses=1)
    assert kinds(responses) == ["not_covered", "handoff"]
    assert [button["title"] for button in responses[1]["buttons"]] == ["Call me back", "Request an appointment", "No, thank you"]


def test_long_message_is_declined(executor: ActionExecutor) -> None:
    [reply], _ = run(executor, "action_answer_question", "how long " * 12_500)
    assert "more than I can read" in reply["text"]


def test_answer_text_is_always_published(executor: ActionExecutor) -> None:
    published = {answer.text for answer in ANSWERS}
    for text in ("will i be asleep", "do you take my insurance", "eyelid weight recovery time", "healing", "poem please"):
        responses, _ = run(executor, "action_answer_question", text)
        assert {reply["text"] for reply in responses if reply["custom"]["kind"] == "answer"} <= published


def test_button_shows_its_answer(executor: ActionExecutor) -> None:
    entity = {"entity": "answer_id", "value": "anesthesia/general"}
    [reply], slots = run(executor, "action_show_answer", entities=[entity])
    assert reply["custom"]["answer"]["id"] == "anesthesia/general"
    assert slots["answers_shown"] == ["anesthesia/general"]


@pytest.mark.parametrize("value", ["recovery/none", 7, None, {"$ne": 1}])
def test_unknown_button_is_not_covered(executor: ActionExecutor, value: object) -> None:
    [reply], _ = run(executor, "action_show_answer", entities=[{"entity": "answer_id", "value": value}])
    assert reply["custom"]["kind"] == "not_covered"


def test_answer_is_repeated(executor: ActionExecutor) -> None:
    [reply], _ = run(executor, "action_repeat", answers_shown=["anesthesia/general"])
    assert reply["text"] == "General anesthesia is likely."


def test_nothing_to_repeat_is_said(executor: ActionExecutor) -> None:
    [reply], _ = run(executor, "action_repeat")
    assert "not given you an answer yet" in reply["text"]


def test_sources_are_shown_with_the_day(executor: ActionExecutor) -> None:
    [reply], _ = run(executor, "action_show_sources", answers_shown=["anesthesia/general"])
    assert "A page (https://example.org/page), read on 2026-11-21" in reply["text"]
    assert "not yet been reviewed" in reply["text"]


def test_sources_before_the_first_answer(executor: ActionExecutor) -> None:
    [reply], _ = run(executor, "action_show_sources")
    assert "Each answer names its sources" in reply["text"]


def test_person_is_offered_with_the_phone_of_the_clinic(executor: ActionExecutor) -> None:
    [reply], _ = run(executor, "action_offer_person", intent="request_person")
    assert "555-01" in reply["text"]
    assert reply["custom"]["kind"] == "handoff"


def test_slots_of_a_wrong_type_count_as_empty(executor: ActionExecutor) -> None:
    responses, _ = run(
        executor, "action_answer_question", "will i be asleep", topic=5, procedures="x", misses="many", answers_shown={"a": 1}
    )
    assert responses
