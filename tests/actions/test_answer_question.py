"""What is said to a question, over the hand-made search, so that nothing that is fitted anew can change it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.replies import NONE_OF_THESE
from actions.server import register
from actions.settings import ActionSettings
from tests.actions.fakes import FakeReception
from tests.fakes import FakeLiveSearch
from tests.knowledge.hand_made import ANSWERS, hand_made_search

Said = tuple[list[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    return register(FakeLiveSearch(hand_made_search()), FakeReception(), ActionSettings(data=Path("data")))  # type: ignore[arg-type]


def ask(executor: ActionExecutor, text: object, intent: str = "ask_stay", **slots: object) -> Said:
    """Return the replies, and the slots as they are afterwards."""
    message = {"text": text, "intent": {"name": intent}, "entities": []}
    tracker = {"sender_id": "someone", "slots": slots, "latest_message": message, "events": []}
    call = {"next_action": "action_answer_question", "sender_id": "someone", "domain": {"actions": []}, "tracker": tracker}
    result = asyncio.run(executor.run(call))
    assert result is not None
    return result.responses, slots | {event["name"]: event["value"] for event in result.events}


def test_answer_is_said_word_for_word_with_its_card(executor: ActionExecutor) -> None:
    [reply], slots = ask(executor, "does it leave a scar")
    assert reply["text"] == "A thin line."
    assert reply["custom"]["kind"] == "answer"
    card = reply["custom"]["answer"]
    assert (card["id"], card["version"], card["topic"], card["procedures"]) == ("risks/scars", 1, "risks", [])
    assert (card["title"], card["reviewed_on"], card["review_due_on"]) == ("Will I have scars?", None, "2027-05-21")
    assert card["sources"] == [{"title": "A page", "url": "https://example.org/page", "read_on": "2026-11-21"}]
    assert (slots["answers_shown"], slots["misses"]) == (["risks/scars"], 0)


def test_follow_up_says_which_procedure_it_assumed(executor: ActionExecutor) -> None:
    _, slots = ask(executor, "nights in hospital after gracilis")
    [reply], slots = ask(executor, "how long is recovery", **slots)
    assert reply["custom"]["answer"]["id"] == "recovery/gracilis"
    assert reply["custom"]["assumed"] == "about gracilis muscle transfer"


def test_bare_procedure_says_which_topic_it_assumed(executor: ActionExecutor) -> None:
    _, slots = ask(executor, "nights in hospital after gracilis")
    [reply], _ = ask(executor, "and temporalis?", **slots)
    assert reply["custom"]["answer"]["id"] == "stay/temporalis"
    assert reply["custom"]["assumed"] == "about stay"


def test_first_question_assumes_nothing(executor: ActionExecutor) -> None:
    [reply], _ = ask(executor, "nights in hospital after gracilis")
    assert reply["custom"]["assumed"] is None


def test_two_questions_get_two_answers(executor: ActionExecutor) -> None:
    replies, slots = ask(executor, "will i have scars? is it done under anesthesia?")
    assert [reply["custom"]["answer"]["id"] for reply in replies] == ["risks/scars", "anesthesia/general"]
    assert slots["answers_shown"] == ["risks/scars", "anesthesia/general"]
    assert slots["topic"] == "anesthesia"


def test_unclear_question_is_asked_back_with_buttons(executor: ActionExecutor) -> None:
    [reply], slots = ask(executor, "long")
    assert reply["custom"]["kind"] == "clarify"
    *choices, last = reply["buttons"]
    assert 2 <= len(choices) <= 4
    assert last == NONE_OF_THESE
    assert [choice["payload"] for choice in choices] == [f'/choose_answer{{"answer_id": "{each}"}}' for each in slots["answers_offered"]]
    assert {choice["title"] for choice in choices} <= {answer.question for answer in ANSWERS}
    assert (slots["answers_shown"], slots["misses"]) == ([], 1)


def test_asking_back_twice_offers_no_person_yet(executor: ActionExecutor) -> None:
    replies, _ = ask(executor, "long", misses=1)
    assert [reply["custom"]["kind"] for reply in replies] == ["clarify"]


def test_strange_question_is_not_covered(executor: ActionExecutor) -> None:
    [reply], slots = ask(executor, "banana helicopter")
    assert (reply["custom"]["kind"], slots["misses"]) == ("not_covered", 1)


def test_refused_question_is_declined_in_its_own_way(executor: ActionExecutor) -> None:
    [reply, offer], slots = ask(executor, "how much does it cost")
    assert reply["text"].startswith("I cannot name a price")
    assert (offer["custom"]["kind"], slots["handoff_reason"]) == ("handoff", "refused")


def test_second_miss_in_a_row_offers_a_person(executor: ActionExecutor) -> None:
    _, slots = ask(executor, "banana helicopter")
    replies, slots = ask(executor, "banana helicopter", **slots)
    assert [reply["custom"]["kind"] for reply in replies] == ["not_covered", "handoff"]
    assert (slots["misses"], slots["handoff_reason"]) == (2, "not_covered")


def test_person_is_not_offered_twice_on_end(executor: ActionExecutor) -> None:
    replies, slots = ask(executor, "banana helicopter", misses=2, person_offered=True)
    assert [reply["custom"]["kind"] for reply in replies] == ["not_covered"]
    replies, _ = ask(executor, "banana helicopter", **slots)
    assert [reply["custom"]["kind"] for reply in replies] == ["not_covered", "handoff"]


def test_answer_ends_the_row_of_misses(executor: ActionExecutor) -> None:
    _, slots = ask(executor, "does it leave a scar", misses=1)
    assert slots["misses"] == 0


def test_miss_keeps_what_the_conversation_is_about(executor: ActionExecutor) -> None:
    _, slots = ask(executor, "nights in hospital after gracilis")
    _, slots = ask(executor, "banana helicopter", **slots)
    [reply], _ = ask(executor, "how long is recovery", **slots)
    assert reply["custom"]["answer"]["id"] == "recovery/gracilis"


def test_correction_gives_another_answer(executor: ActionExecutor) -> None:
    _, slots = ask(executor, "nights in hospital")
    assert slots["answers_shown"] == ["stay/gracilis"]
    [reply], _ = ask(executor, "nights in hospital", "correct_subject", answers_shown=["stay/gracilis"])
    assert reply["custom"]["answer"]["id"] == "stay/temporalis"


@pytest.mark.parametrize("text", ["", "😀😀😀", "???", None])
def test_message_without_words_is_not_understood(executor: ActionExecutor, text: object) -> None:
    [reply], _ = ask(executor, text)
    assert reply["text"].startswith("I did not understand that")


@pytest.mark.parametrize("text", ["a" * 100_000, "how long " * 12_500, "?" * 100_000, "😀" * 1001, "\n" + "word\n" * 201])
def test_message_that_is_too_long_is_declined(executor: ActionExecutor, text: str) -> None:
    [reply], slots = ask(executor, text, topic="stay", misses=1)
    assert reply["custom"]["kind"] == "not_covered"
    assert reply["text"].startswith("That is more than I can read at once")
    assert (slots["topic"], slots["misses"]) == ("stay", 1)
