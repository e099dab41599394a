"""The stock assistant that ours is compared with."""

import json
from pathlib import Path

import pytest
import yaml

from evaluation.benchmark.asking import read_parse
from evaluation.benchmark.material import Entry, count_phrasings, read_material
from evaluation.benchmark.servers import stock_channel
from evaluation.benchmark.stock_project import REPLIES, write_project

ANSWER = Entry("recovery/length", "answer", "Two weeks.\n\nSome {need} more.", ("how long is recovery?", "[back] to work (when)"))
GREETING = Entry("greet", "smalltalk", "Hello.", ("hi", "/hello"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path, [ANSWER, GREETING], epochs=7)
    return tmp_path


def read(path: Path) -> dict:  # type: ignore[type-arg]
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_every_answer_is_a_retrieval_intent_with_a_response(project: Path) -> None:
    assert "utter_faq/recovery__length" in read(project / "domain.yml")["responses"]
    assert read(project / "data/nlu.yml")["nlu"][0]["intent"] == "faq/recovery__length"


def test_marks_that_rasa_would_read_are_taken_out(project: Path) -> None:
    nlu = read(project / "data/nlu.yml")["nlu"]
    assert nlu[0]["examples"] == "- how long is recovery?\n- back  to work  when\n"
    assert nlu[1]["examples"] == "- hi\n- hello\n"
    assert "{" not in read(project / "domain.yml")["responses"]["utter_faq/recovery__length"][0]["text"]


def test_every_intent_has_a_rule(project: Path) -> None:
    intents = {rule["steps"][0]["intent"] for rule in read(project / "data/rules.yml")["rules"]}
    assert intents == {"faq", "greet", "nlu_fallback"}


def test_epochs_go_to_every_learned_part(project: Path) -> None:
    config = read(project / "config.yml")
    epochs = {part["name"]: part["epochs"] for part in config["pipeline"] + config["policies"] if "epochs" in part}
    assert epochs == dict.fromkeys(("DIETClassifier", "ResponseSelector", "UnexpecTEDIntentPolicy", "TEDPolicy"), 7)


def test_paragraphs_of_a_reply_are_put_together_to_tell_its_kind(project: Path) -> None:
    channel = stock_channel(5005, json.loads((project / REPLIES).read_text()))
    replies = channel.read([{"text": "Two weeks."}, {"text": "Some (need) more."}])
    assert replies == [{"kind": "answer", "text": "Two weeks.\n\nSome (need) more."}]


@pytest.mark.parametrize(("messages", "kinds"), [([], []), ([{"text": "Hello."}], ["smalltalk"]), ([{"text": "Else."}], ["text"])])
def test_other_replies_have_their_kinds_too(project: Path, messages: list[dict[str, str]], kinds: list[str]) -> None:
    channel = stock_channel(5005, json.loads((project / REPLIES).read_text()))
    assert [reply["kind"] for reply in channel.read(messages)] == kinds


def test_confidences_are_read_from_the_parse(project: Path) -> None:
    response = {"intent_response_key": "faq/recovery__length", "confidence": 0.8}
    ranking = [{"name": "nlu_fallback", "confidence": 0.9}, {"name": "faq", "confidence": 0.5}]
    parsed = {"intent_ranking": ranking, "response_selector": {"default": {"response": response}}}
    text, intent, confidence = read_parse(parsed, json.loads((project / REPLIES).read_text()))
    assert (text[:10], intent, confidence) == ("Two weeks.", 0.5, 0.8)


@pytest.mark.slow
def test_material_holds_answers_classes_and_conversation() -> None:
    material = read_material(answers=2, phrasings=3)
    assert [entry.kind for entry in material[:3]] == ["answer", "answer", "not_covered"]
    assert {"request_person": "handoff", "greet": "smalltalk"}.items() <= {entry.id: entry.kind for entry in material}.items()
    assert count_phrasings(material) <= 3 * len(material)
