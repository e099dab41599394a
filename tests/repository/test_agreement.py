"""The parts of the repository agree with one another."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from actions.server import register
from actions.settings import ActionSettings
from actions.wording import read_wording
from knowledge.checks import read_checked
from knowledge.content import Content
from tests.actions.fakes import FakeReception

ROOT = Path(__file__).resolve().parents[2]
EXCITED = re.compile("[!\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]")
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text())
CODE = [
    file
    for package in ("actions", "bot", "database", "deploy", "desk", "evaluation", "gateway", "knowledge", "language")
    for file in (ROOT / package).rglob("*.py")
]

TESTS = [file for file in (ROOT / "tests").rglob("*.py") if file.parent.name != "end_to_end"]  # a journey is told in one file


def intents_of(folder: str) -> set[str]:
    return {entry["intent"] for file in (ROOT / "data" / "nlu" / folder).glob("*.yml") for entry in yaml.safe_load(file.read_text())["nlu"]}


def rules() -> list[dict[str, object]]:
    return [rule for file in (ROOT / "data" / "rules").glob("*.yml") for rule in yaml.safe_load(file.read_text())["rules"]]


def steps(key: str) -> set[str]:
    found: set[str] = set()
    for rule in rules():
        for step in rule["steps"]:  # type: ignore[attr-defined]
            choices = step.get("or", [step])
            found |= {choice[key] for choice in choices if key in choice}
    return found


def topics() -> set[str]:
    return {f"ask_{topic['id'].replace('-', '_')}" for topic in yaml.safe_load((ROOT / "data/knowledge/topics.yml").read_text())}


def test_every_topic_is_an_intent() -> None:
    assert topics() <= set(DOMAIN["intents"])


def test_every_intent_has_examples() -> None:
    with_examples = topics() | intents_of("out_of_scope") | intents_of("conversation") | intents_of("buttons")
    assert set(DOMAIN["intents"]) - {"nlu_fallback"} == with_examples


def test_every_intent_has_a_rule() -> None:
    assert steps("intent") == set(DOMAIN["intents"])


def test_every_class_that_is_not_answered_has_its_reply() -> None:
    replies = read_wording(ROOT / "data" / "replies.yml").replies
    assert {f"decline_{intent}" for intent in intents_of("out_of_scope")} <= set(replies)


def test_every_action_exists_and_has_its_file() -> None:
    registered = set(register(None, FakeReception(), ActionSettings(data=ROOT / "data")).actions)  # type: ignore[arg-type]
    assert set(DOMAIN["actions"]) == registered
    assert registered == {file.stem for file in (ROOT / "actions").glob("action_*.py")}


def test_every_rule_acts_with_something_that_exists() -> None:
    assert steps("action") <= set(DOMAIN["actions"]) | set(DOMAIN["responses"]) | set(DOMAIN["forms"]) | {"action_listen"}


def test_every_reply_has_a_kind() -> None:
    kinds = {"answer", "clarify", "not_covered", "emergency", "handoff", "form", "smalltalk", "text", "unavailable"}
    said = {response["custom"]["kind"] for choices in DOMAIN["responses"].values() for response in choices}
    said |= {reply.kind for reply in read_wording(ROOT / "data" / "replies.yml").replies.values()}
    assert said <= kinds


@pytest.fixture(scope="module")
def content() -> Content:
    return read_checked(ROOT / "data" / "knowledge")


def test_shipped_content_is_valid(content: Content) -> None:
    assert len(content.answers) >= 150
    assert sum(len(answer.phrasings) for answer in content.answers) >= 5000


def test_every_seed_fact_is_carried(content: Content) -> None:
    carried = {fact for answer in content.answers for fact in answer.written.facts}
    assert {str(number) for number in range(1, 91)} <= carried
    assert len([fact for fact in carried if fact.startswith("F")]) >= 120


def test_no_answer_is_marked_as_reviewed(content: Content) -> None:
    assert [answer.id for answer in content.answers if answer.written.reviewed_by] == []


def said(content: Content) -> Iterator[tuple[str, str]]:
    """Yield all that a visitor can be told, with its name."""
    for answer in content.answers:
        yield from ((answer.id, text) for text in (answer.written.question, answer.written.text, answer.written.script))
    yield from ((name, reply.text) for name, reply in read_wording(ROOT / "data" / "replies.yml").replies.items())
    yield from ((name, choice["text"]) for name, choices in DOMAIN["responses"].items() for choice in choices)


def test_nothing_is_said_with_emoji_or_exclamation_marks(content: Content) -> None:
    assert [name for name, text in said(content) if EXCITED.search(text)] == []


def test_phone_numbers_stand_in_the_clinic_file_alone(content: Content) -> None:
    assert [name for name, text in said(content) if re.search(r"\d{3}[-. ]\d{4}", text)] == []


def test_every_said_name_of_an_answer_is_there(content: Content) -> None:
    questions = [answer.written.question for answer in content.answers]
    assert sorted({question for question in questions if questions.count(question) > 1}) == []


def test_example_numbers_are_fictitious() -> None:
    numbers = re.findall(r"\d{3}-\d{4}", (ROOT / "data" / "clinic.yml").read_text())
    assert numbers
    assert all(number.startswith("555-01") for number in numbers)


@pytest.mark.parametrize("lock", ["app.txt", "bot.txt"])
def test_lock_names_no_address_and_pins_by_hash(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    assert text.count("--hash=sha256:") > text.count("==")


def test_python_files_fit_in_the_head() -> None:
    long = {str(file.relative_to(ROOT)): count for file in (*CODE, *TESTS) if (count := len(file.read_text().splitlines())) > 300}
    assert long == {}


def test_every_variable_is_documented() -> None:
    documented = (ROOT / "docs" / "configuration.md").read_text()
    others = [ROOT / "Makefile", *(ROOT / "deploy").glob("*.conf"), *ROOT.glob("*.yml")]
    read = {name for file in (*CODE, *others) for name in re.findall(r"\bFRONTDESK_[A-Z_]+[A-Z]\b", file.read_text())}
    assert sorted(name for name in read if name not in documented) == []


def test_every_command_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        named = set(re.findall(r"`make ([a-z-]+)", document.read_text()))
        assert named <= targets, document.name


def test_every_command_is_in_the_documents() -> None:
    listed = set(re.findall(r"^([a-z][a-z-]*):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    documents = "\n".join(file.read_text() for file in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")))
    assert sorted(target for target in listed - {"help"} if f"make {target}" not in documents) == []
