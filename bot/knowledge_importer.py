"""Lets Rasa learn the topics from the phrasings of the knowledge files, so that they are written once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

ANSWERS = Path("data/knowledge/answers")


class KnowledgeImporter(RasaFileImporter):
    """Rasa's files, and each phrasing of an answer as an example of the intent `ask_<topic>`."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the examples of `data/nlu` together with the phrasings."""
        return super().get_nlu_data(language).merge(TrainingData(training_examples=read_phrasings(ANSWERS)))


def read_phrasings(folder: Path) -> list[Message]:
    """Return the phrasings below `folder` as examples, in a fixed order."""
    return [_example(text, intent_of(file)) for file in sorted(folder.rglob("*.yml")) for text in _phrasings(file)]


def intent_of(answer_file: Path) -> str:
    """Return the intent of the topic whose folder holds the answer."""
    return f"ask_{answer_file.parent.name.replace('-', '_')}"


def _phrasings(answer_file: Path) -> list[str]:
    written: dict[str, Any] = yaml.load(answer_file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    beside = answer_file.with_name(f"{answer_file.stem}.phrasings.txt")
    lines = beside.read_text(encoding="utf-8").splitlines() if beside.exists() else []
    stripped = (line.strip() for line in lines)
    return [*written.get("phrasings", []), *(line for line in stripped if line and not line.startswith("#"))]


def _example(text: str, intent: str) -> Message:
    return Message.build(text=text, intent=intent)
