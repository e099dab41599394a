from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, TEXT

from bot.knowledge_importer import KnowledgeImporter, intent_of, read_phrasings


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    folder = tmp_path / "eye-care"
    folder.mkdir()
    (folder / "drops.yml").write_text("id: eye-care/drops\nphrasings: [which drops]\n", encoding="utf-8")
    (folder / "drops.phrasings.txt").write_text("# as patients say it\ndo I need drops\n\n  how often drops  \n", encoding="utf-8")
    (folder / "tape.yml").write_text("id: eye-care/tape\n", encoding="utf-8")
    return tmp_path


def test_phrasings_are_examples_of_their_topic(answers: Path) -> None:
    examples = [(example.get(TEXT), example.get(INTENT)) for example in read_phrasings(answers)]
    assert examples == [
        ("which drops", "ask_eye_care"),
        ("do I need drops", "ask_eye_care"),
        ("how often drops", "ask_eye_care"),
    ]


def test_no_answers_give_no_examples(tmp_path: Path) -> None:
    assert read_phrasings(tmp_path) == []


def test_intent_is_named_after_the_folder() -> None:
    assert intent_of(Path("data/knowledge/answers/eye-care/drops.yml")) == "ask_eye_care"


@pytest.mark.slow
def test_rasa_finds_the_importer_and_both_kinds_of_examples() -> None:
    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data/nlu", "data/rules"])
    data = importer.get_nlu_data()
    intents = {example.get(INTENT) for example in data.intent_examples}
    assert {"ask_recovery", "greet", "ask_price", "choose_answer"} <= intents
    assert len(data.intent_examples) > len(read_phrasings(Path("data/knowledge/answers"))) > 5000


@pytest.mark.slow
def test_every_example_has_an_intent_of_the_domain() -> None:
    importer = KnowledgeImporter("config.yml", "domain.yml", ["data/nlu"])
    intents = {example.get(INTENT) for example in importer.get_nlu_data().intent_examples}
    assert intents <= set(importer.get_domain().intents)
