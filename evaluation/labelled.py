"""The labelled questions that the ranking model is fitted on (never a question bank)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("evaluation/fitting")


@dataclass(frozen=True)
class Labelled:
    """A question with all replies that would be right.

    Attributes:
        right: ids of answers, or the one out-of-scope class.
        previous_turn: what was asked before; None at the start of a conversation.
        group: the file that it is from.
    """

    question: str
    right: frozenset[str]
    previous_turn: str | None
    group: str


def read_labelled(folder: Path = FOLDER) -> list[Labelled]:
    """Read in-scope questions, follow-ups and out-of-scope questions."""
    return [*_answered(folder, "in_scope"), *_answered(folder, "follow_ups"), *_classed(folder, "out_of_scope")]


def read_conversation(folder: Path = FOLDER) -> list[Labelled]:
    """Read greetings, thanks, wishes for a person and the like; what is right is the intent."""
    return list(_classed(folder, "conversation"))


def read_two_parts(folder: Path = FOLDER) -> list[tuple[str, tuple[frozenset[str], ...]]]:
    """Read messages that hold two questions, with the ids that are right for each part."""
    return [(entry["question"], tuple(map(frozenset, entry["parts"]))) for entry in _lines(folder / "two_part.jsonl")]


def _answered(folder: Path, group: str) -> Iterator[Labelled]:
    for entry in _lines(folder / f"{group}.jsonl"):
        yield Labelled(entry["question"], frozenset(entry["answers"]), entry.get("previous_turn"), group)


def _classed(folder: Path, group: str) -> Iterator[Labelled]:
    for entry in _lines(folder / f"{group}.jsonl"):
        yield Labelled(entry["question"], frozenset({entry["class"]}), None, group)


def _lines(path: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
