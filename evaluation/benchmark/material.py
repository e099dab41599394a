"""What every system of the benchmark is given: the answers, and what is to be declined or replied to in a fixed way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.building import read_classes
from knowledge.reading import read_content

DATA = Path("data")
HANDED_OVER = {"request_person", "request_appointment", "give_complaint"}


@dataclass(frozen=True)
class Entry:
    """Something that a message can be about.

    Attributes:
        id: of the answer, or of the intent.
        kind: of the reply, as docs/api.md names it: `answer`, `not_covered`, `smalltalk` or `handoff`.
        text: of the reply.
        phrasings: at least one.
    """

    id: str
    kind: str
    text: str
    phrasings: tuple[str, ...]

    @property
    def is_answer(self) -> bool:
        """Whether an approved answer is given."""
        return self.kind == "answer"


def read_material(data: Path = DATA, *, answers: int | None = None, phrasings: int | None = None) -> list[Entry]:
    """Return all answers, out-of-scope classes and intents of the conversation.

    Args:
        data: folder with `knowledge` and `nlu`.
        answers: how many to keep, to try out the benchmark; None for all.
        phrasings: how many of each to keep; None for all.
    """
    written = read_content(data / "knowledge").answers[:answers]
    entries = [Entry(each.id, "answer", each.written.text.strip(), (each.written.question, *each.phrasings)) for each in written]
    entries += _fixed(data / "nlu" / "out_of_scope") + _fixed(data / "nlu" / "conversation")
    return [_shortened(entry, phrasings) for entry in entries]


def _fixed(folder: Path) -> list[Entry]:
    return [
        Entry(each.id, _kind(folder, each.id), f"This is the fixed reply to {each.id}.", each.phrasings) for each in read_classes(folder)
    ]


def _kind(folder: Path, intent: str) -> str:
    if folder.name == "out_of_scope":
        return "not_covered"
    return "handoff" if intent in HANDED_OVER else "smalltalk"


def _shortened(entry: Entry, phrasings: int | None) -> Entry:
    return Entry(entry.id, entry.kind, entry.text, tuple(dict.fromkeys(entry.phrasings))[:phrasings])


def count_phrasings(material: Sequence[Entry]) -> int:
    """Return how many phrasings and examples there are in all."""
    return sum(len(entry.phrasings) for entry in material)
