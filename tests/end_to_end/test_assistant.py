"""The real Rasa with the real action server, the shipped knowledge and the trained model; spoken to through Rasa's channel.

One start for all tests. What each test asks begins a conversation of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
import yaml

from database.engine import open_database
from evaluation import processes
from evaluation.assistant import Assistant, AssistantUnreachable
from evaluation.bank import read_bank
from evaluation.own_database import shipped_knowledge
from knowledge.published import Published, read_published

pytestmark = [pytest.mark.slow, pytest.mark.end_to_end]

Message = dict[str, Any]

RECOVERY = "how long is recovery after gracilis surgery"
VAGUE = ["nerve", "my eyelid", "something for the mouth", "smile surgery", "eye closing"]
"""Each names several things at once; the search asks back for most of them."""

BANK = Path("evaluation/questions/own.jsonl")

CONVERSATIONS: dict[str, list[dict[str, Any]]] = yaml.safe_load(Path(__file__).with_name("conversations.yml").read_text(encoding="utf-8"))


@dataclass
class Started:
    """A process that a test may kill."""

    process: subprocess.Popen[str]
    command: list[str]
    environment: dict[str, str]
    log: IO[str]

    def logged(self) -> str:
        """Return what it printed so far, without moving the place where it goes on to print."""
        return os.pread(self.log.fileno(), 10_000_000, 0).decode()


@dataclass
class Running:
    """The assistant, and the processes behind it: the action server first."""

    begin: Callable[[], Assistant]
    started: list[Started]


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the shipped knowledge, published."""
    return shipped_knowledge(tmp_path_factory.mktemp("assistant"))


@pytest.fixture(scope="module")
def published(database_url: str) -> Published:
    engine = open_database(database_url)
    found = read_published(engine)
    engine.dispose()
    return found


@pytest.fixture(scope="module")
def running(database_url: str) -> Iterator[Running]:
    if not processes.MODEL.exists():
        pytest.fail("There is no trained model. Run: make train")
    started: list[Started] = []

    class Recorded(subprocess.Popen):  # type: ignore[type-arg]
        def __init__(self, command: list[str], **options: Any) -> None:
            super().__init__(command, **options)
            started.append(Started(self, command, options["env"], options["stdout"]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("evaluation.processes.subprocess.Popen", Recorded)
        with processes.assistant_for_measuring(FRONTDESK_DATABASE_URL=database_url) as begin:
            yield Running(begin, started)


@pytest.fixture
def visitor(running: Running) -> Assistant:
    """A conversation that has just begun."""
    return running.begin()


def kinds(replies: list[Message]) -> list[str]:
    return [reply["kind"] for reply in replies]


def only(replies: list[Message]) -> Message:
    assert len(replies) == 1, replies
    return replies[0]


def answered(replies: list[Message]) -> dict[str, Any]:
    """Return the card of the one answer."""
    reply = only(replies)
    assert reply["kind"] == "answer", reply
    card: dict[str, Any] = reply["answer"]
    return card


def ask_vaguely(running: Running) -> tuple[Assistant, Message]:
    """Return a conversation that was asked back, and what it was asked."""
    for question in VAGUE:
        visitor = running.begin()
        replies = visitor.say(question)
        if kinds(replies) == ["clarify"]:
            return visitor, replies[0]
    pytest.fail(f"none of {VAGUE} is asked back")


# --- answers ------------------------------------------------------------------------------------------------------


def test_answer_comes_with_card_and_sources(visitor: Assistant, published: Published) -> None:
    card = answered(visitor.say(RECOVERY))
    assert card["id"] == "recovery/gracilis"
    assert (card["topic"], card["procedures"], card["version"]) == ("recovery", ["gracilis"], 1)
    assert card["title"].endswith("?")
    assert card["sources"] and all(source["title"] and source["read_on"] for source in card["sources"])
    assert set(card) == {"id", "version", "topic", "procedures", "title", "reviewed_on", "review_due_on", "sources"}


@pytest.mark.parametrize(
    ("question", "topic", "procedure"),
    [
        ("what are the risks of an eyelid weight", "risks", "eyelid-weight"),
        ("is gracilis surgery done under general anesthesia", "anesthesia", "gracilis"),
        ("how many nights in the hospital after the gracilis surgery", "stay", "gracilis"),
        ("what is the recovery like after temporalis tendon transfer", "recovery", "temporalis"),
    ],
)
def test_answer_fits_topic_and_procedure(visitor: Assistant, question: str, topic: str, procedure: str) -> None:
    card = answered(visitor.say(question))
    assert card["topic"] == topic
    assert procedure in card["procedures"]


@pytest.mark.parametrize(
    ("question", "procedure"),
    [
        ("is blefaroplasty done under general anesthesia", "blepharoplasty"),
        ("what is the recovery after an eyelid wieght", "eyelid-weight"),
        ("how long is recovery after gracillis surgery", "gracilis"),
    ],
)
def test_misspelled_procedure_is_understood(visitor: Assistant, question: str, procedure: str) -> None:
    assert procedure in answered(visitor.say(question))["procedures"]


def test_question_on_a_topic_alone_gets_the_general_answer(visitor: Assistant) -> None:
    assert answered(visitor.say("what are the risks"))["id"] == "risks/general"


def test_two_questions_get_two_answers(visitor: Assistant) -> None:
    replies = visitor.say("how long is recovery after gracilis surgery and what are the risks of an eyelid weight")
    assert [(reply["kind"], reply["answer"]["id"]) for reply in replies] == [
        ("answer", "recovery/gracilis"),
        ("answer", "risks/eyelid-weight"),
    ]


# --- a conversation -----------------------------------------------------------------------------------------------


def test_follow_up_carries_the_procedure_over_and_says_so(visitor: Assistant) -> None:
    visitor.say(RECOVERY)
    reply = only(visitor.say("and what are the risks?"))
    assert reply["answer"]["id"] == "risks/gracilis"
    assert reply["assumed"] and "gracilis" in reply["assumed"]


def test_correction_carries_the_topic_over_and_says_so(visitor: Assistant) -> None:
    visitor.say("how long is recovery")
    reply = only(visitor.say("no, I meant the eyelid weight"))
    assert reply["answer"]["id"] == "recovery/eyelid-weight"
    assert reply["assumed"] and "recovery" in reply["assumed"]


def test_first_question_assumes_nothing(visitor: Assistant) -> None:
    assert only(visitor.say(RECOVERY))["assumed"] is None


def test_memory_outlasts_thirty_turns_of_small_talk(visitor: Assistant) -> None:
    """Regression: Rasa's limit of events made it forget the last answer after ten turns."""
    visitor.say(RECOVERY)
    for _ in range(15):
        visitor.say("thanks")
        visitor.say("hello")
    assert answered(visitor.say("can you repeat that"))["id"] == "recovery/gracilis"


def test_conversations_know_nothing_of_each_other(running: Running) -> None:
    first, second = running.begin(), running.begin()
    first.say(RECOVERY)
    assert kinds(second.say("can you repeat that")) == ["smalltalk"]


def test_answer_is_repeated_word_for_word(visitor: Assistant) -> None:
    first = only(visitor.say(RECOVERY))
    again = only(visitor.say("can you repeat that"))
    assert (again["text"], again["answer"]) == (first["text"], first["answer"])


def test_sources_of_the_last_answer_are_told(visitor: Assistant) -> None:
    card = answered(visitor.say(RECOVERY))
    reply = only(visitor.say("where does this come from"))
    assert all(source["title"] in reply["text"] and source["read_on"] in reply["text"] for source in card["sources"])
    assert reply["answer"] == card


def test_vague_question_is_asked_back_with_buttons(running: Running, published: Published) -> None:
    _, reply = ask_vaguely(running)
    *choices, none = reply["buttons"]
    assert 2 <= len(choices) <= 4
    assert none["title"] == "None of these"
    assert {choice["title"] for choice in choices} <= {answer.question for answer in published.answers}


def test_button_shows_its_answer_and_is_remembered(running: Running) -> None:
    visitor, reply = ask_vaguely(running)
    choice = reply["buttons"][1]
    card = answered(visitor.press(choice["payload"]))
    assert card["title"] == choice["title"]
    assert answered(visitor.say("can you repeat that"))["id"] == card["id"]


def test_none_of_these_asks_for_other_words(running: Running) -> None:
    visitor, reply = ask_vaguely(running)
    assert kinds(visitor.press(reply["buttons"][-1]["payload"])) == ["not_covered"]


@pytest.mark.parametrize(
    "payload",
    [
        '/choose_answer{"answer_id": "recovery/never-written"}',
        "/choose_answer",
        '/greet{"answer_id": "recovery/gracilis"}',
    ],
)
def test_made_up_payload_shows_no_answer(visitor: Assistant, payload: str) -> None:
    replies = visitor.press(payload)
    assert replies and "answer" not in kinds(replies)
    assert kinds(visitor.say("can you repeat that")) == ["smalltalk"]


@pytest.mark.parametrize("turns", CONVERSATIONS.values(), ids=CONVERSATIONS.keys())
def test_conversation_goes_as_written(visitor: Assistant, turns: list[dict[str, Any]]) -> None:
    for turn in turns:
        replies = visitor.say(turn["say"])
        assert kinds(replies) == turn["kinds"], turn["say"]
        for reply, right in zip(replies, turn.get("answers", []), strict=False):
            assert reply["answer"]["id"] in right, turn["say"]
        assert turn.get("assumed", "") in (replies[0]["assumed"] or ""), turn["say"]


# --- no answer ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kinds_told"),
    [
        ("how much does it cost", ["not_covered", "handoff"]),
        ("should I take 400 or 800 mg of ibuprofen", ["not_covered", "handoff"]),
        ("who is the best surgeon in the country", ["not_covered"]),
    ],
)
def test_what_is_not_covered_is_said_and_a_person_named(visitor: Assistant, question: str, kinds_told: list[str]) -> None:
    replies = visitor.say(question)
    assert kinds(replies) == kinds_told
    reply = replies[0]
    assert re.search("staff|doctor|person", reply["text"])


def test_second_miss_in_a_row_offers_a_person(visitor: Assistant) -> None:
    assert kinds(visitor.say("asdf qwer")) == ["not_covered"]
    assert kinds(visitor.say("zxcv uiop")) == ["not_covered", "handoff"]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("hello", "smalltalk", "automated assistant"),
        ("thank you", "smalltalk", "welcome"),
        ("goodbye", "smalltalk", "goodbye"),
        ("are you a robot?", "smalltalk", "not a person"),
        ("can you repeat that", "smalltalk", "not given you an answer"),
        ("what can you help with", "smalltalk", "procedure"),
        ("that was no help at all", "handoff", "sorry"),
        ("let me talk to a person", "handoff", "appointment staff"),
        ("I need an appointment", "handoff", "555-01"),
        ("can I reschedule my visit", "handoff", "appointment staff"),
    ],
)
def test_small_talk_and_wishes_for_people(visitor: Assistant, text: str, kind: str, words: str) -> None:
    reply, *_ = visitor.say(text)
    assert reply["kind"] == kind
    assert words in reply["text"].lower()
    assert reply["answer"] is None


# --- bad input ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["🙂🙂🙂", "👍", "?!", "a" * 1000, "why " * 250, "؟؟؟", "\u200b\u200b", "null", "{}", "<script>alert(1)</script>"]
)
def test_odd_text_gets_a_reply_and_no_answer(visitor: Assistant, text: str) -> None:
    replies = visitor.say(text)
    assert replies and "answer" not in kinds(replies)
    assert all(reply["text"] for reply in replies)


@pytest.mark.parametrize(
    "text", ["", "   ", "\u2003", "a" * 1001, "/restart", '/greet{"topic": "x"}', "\u00a0/restart", "\x1c/session_start"]
)
def test_empty_long_and_slash_text_is_refused(visitor: Assistant, text: str) -> None:
    visitor.say(RECOVERY)
    with pytest.raises(AssistantUnreachable, match="1,000 characters"):
        visitor.say(text)
    assert answered(visitor.say("can you repeat that"))["id"] == "recovery/gracilis"


def test_channel_wants_the_secret(visitor: Assistant) -> None:
    stranger = Assistant(visitor.address, "a-guess-of-a-secret-0123456789", visitor.conversation_id)
    with pytest.raises(AssistantUnreachable, match="403"):
        stranger.say("hello")


@pytest.mark.parametrize(
    "path", ["/webhooks/rest/webhook", "/conversations/x/tracker", "/model/parse", "/webhooks/callback/webhook", "/conversations/x/execute"]
)
def test_rasas_own_ways_in_are_closed(visitor: Assistant, path: str) -> None:
    assert httpx.post(visitor.address + path, json={"sender": "x", "message": "hello"}).status_code == 404


def test_deleted_conversation_is_forgotten(visitor: Assistant) -> None:
    visitor.say(RECOVERY)
    address = f"{visitor.address}/webhooks/frontdesk/conversations/{visitor.conversation_id}"
    assert httpx.delete(address, headers={"X-Frontdesk-Secret": "wrong"}).status_code == 403
    assert httpx.delete(address, headers={"X-Frontdesk-Secret": visitor.secret}).status_code == 204
    assert kinds(visitor.say("can you repeat that")) == ["smalltalk"]


# --- promises -----------------------------------------------------------------------------------------------------


def test_every_answer_is_published_word_for_word(running: Running, published: Published) -> None:
    texts = {(answer.id, answer.version): answer.text for answer in published.answers}
    shown = 0
    for question in read_bank(BANK)[::6]:
        for reply in running.begin().say(question.question):
            if reply["kind"] == "answer":
                shown += 1
                assert reply["text"] == texts[reply["answer"]["id"], reply["answer"]["version"]], question.question
    assert shown >= 20


def test_hundredth_turn_is_as_fast_as_the_second(visitor: Assistant) -> None:
    seconds = []
    for _ in range(100):
        begun = time.perf_counter()
        visitor.say("what are the risks")
        seconds.append(time.perf_counter() - begun)
    assert min(seconds[80:]) < 2 * min(seconds[1:20])


def test_outage_of_the_action_server_is_an_error_and_ends(running: Running) -> None:
    """Starts the action server anew, so it comes near the end."""
    visitor, actions = running.begin(), running.started[0]
    visitor.say(RECOVERY)
    actions.process.kill()
    actions.process.wait()
    with pytest.raises(AssistantUnreachable, match="502"):
        visitor.say("what are the risks for Canary Bird")
    assert kinds(visitor.say("hello")) == ["smalltalk"]
    with _again(actions):
        reply = only(visitor.say("and what are the risks?"))
        assert reply["answer"]["id"] == "risks/gracilis"
    with pytest.raises(AssistantUnreachable, match="502"):
        visitor.say("what are the risks")


def test_nothing_that_was_said_is_logged(running: Running) -> None:
    """After the outage, so that failures are looked at too."""
    actions, rasa = (started.logged() for started in running.started[:2])
    assert "message failed" in rasa or "no reply" in rasa
    for said in ("Canary", "gracilis surgery", "what are the risks", "blefaroplasty", "ibuprofen"):
        assert said not in rasa + actions


def _again(actions: Started) -> Any:
    address = f"http://127.0.0.1:{actions.environment['FRONTDESK_ACTIONS_PORT']}/ready"
    return processes.running(actions.command, actions.environment, address)
