from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.term_extractor import TermExtractor
from language.errors import TermsInvalid

PROCEDURES = """
- id: gracilis
  terms: [gracilis, gracilis muscle transfer]
  not_to_confuse_with: []
- id: eyelid-weight
  terms: [eyelid weight, gold weight]
  not_to_confuse_with: [weight loss]
"""
INSURERS = "- id: aetna\n  terms: [aetna]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "procedures.yml").write_text(PROCEDURES, encoding="utf-8")
    (tmp_path / "insurers.yml").write_text(INSURERS, encoding="utf-8")
    return tmp_path


def make_extractor(folder: Path, storage: Path) -> TermExtractor:
    config = TermExtractor.get_default_config() | {"folder": str(folder)}
    context = ExecutionContext(GraphSchema({}))
    return TermExtractor.create(config, LocalModelStorage(storage), Resource("terms"), context)


@pytest.fixture
def extractor(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> TermExtractor:
    return make_extractor(folder, tmp_path_factory.mktemp("storage"))


def entities(extractor: TermExtractor, text: str | None) -> list[dict[str, Any]]:
    message = Message({TEXT: text})
    assert extractor.process([message]) == [message]
    found: list[dict[str, Any]] = message.get(ENTITIES)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gracilis", [("procedure", "gracilis")]),
        ("GRACILIS MUSCLE TRANSFER?", [("procedure", "gracilis")]),
        ("the gracillis operation", [("procedure", "gracilis")]),
        ("gold weight or gracilis, does aetna pay", [("procedure", "eyelid-weight"), ("procedure", "gracilis"), ("insurer", "aetna")]),
        ("does weight loss help", []),
        ("", []),
        (None, []),
        ("🙂🙂", []),
        ("hello", []),
    ],
)
def test_extractor_finds_terms(extractor: TermExtractor, text: str | None, expected: list[tuple[str, str]]) -> None:
    assert [(entity["entity"], entity["value"]) for entity in entities(extractor, text)] == expected


def test_extractor_says_where_the_term_stands_and_who_found_it(extractor: TermExtractor) -> None:
    entity = entities(extractor, "is gracilis safe")[0]
    assert (entity["start"], entity["end"], entity["extractor"]) == (3, 11, "TermExtractor")


def test_extractor_keeps_entities_of_others(extractor: TermExtractor) -> None:
    other = {"entity": "answer_id", "value": "recovery/gracilis"}
    message = Message({TEXT: "gracilis", ENTITIES: [other]})
    extractor.process([message])
    assert message.get(ENTITIES)[0] == other
    assert len(message.get(ENTITIES)) == 2


def test_extractor_names_the_file_that_is_broken(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    (folder / "procedures.yml").write_text("- id: gracilis\n", encoding="utf-8")
    with pytest.raises(TermsInvalid, match="procedures.yml"):
        make_extractor(folder, tmp_path_factory.mktemp("storage"))


def test_fingerprint_changes_with_the_terms_only(folder: Path) -> None:
    config = {"folder": str(folder)}
    before = TermExtractor.fingerprint_addon(config)
    assert TermExtractor.fingerprint_addon(config) == before
    (folder / "insurers.yml").write_text(INSURERS + "- id: cigna\n  terms: [cigna]\n", encoding="utf-8")
    assert TermExtractor.fingerprint_addon(config) != before


def test_fingerprint_takes_a_config_without_our_keys() -> None:
    """Rasa calls it so for nodes that it restores."""
    assert TermExtractor.fingerprint_addon({}) == TermExtractor.fingerprint_addon({"folder": "data/knowledge"})


@pytest.mark.parametrize(
    "text", ["give me a human", "the remaining weeks", "can I book a visit", "I want to retire", "gastric bypass", "hello"]
)
def test_extractor_takes_no_everyday_word_for_a_misspelt_term(tmp_path: Path, text: str) -> None:
    """Regression: "human" was taken for Humana, "remaining" for retraining, "books" for Botox."""
    assert entities(make_extractor(Path("data/knowledge"), tmp_path), text) == []


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("gracillis", "gracilis"),
        ("blefaroplasty", "blepharoplasty"),
        ("bottox", "botox"),
        ("humanna", "humana"),
        ("GOLD WEIGHT", "eyelid-weight"),
    ],
)
def test_extractor_finds_misspelt_terms_of_the_shipped_knowledge(tmp_path: Path, text: str, identifier: str) -> None:
    assert [entity["value"] for entity in entities(make_extractor(Path("data/knowledge"), tmp_path), text)] == [identifier]
