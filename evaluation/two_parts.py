"""Measures from which chance on a message is taken for two questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.labelled import Labelled, read_two_parts
from knowledge.search import Decision, Search

STEPS = (0.0, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)


@dataclass(frozen=True)
class Pair:
    """Two answers that were given to one message.

    Attributes:
        chance: of the less sure one. is_right: both fit. is_two: the message does hold two questions.
    """

    chance: float
    is_right: bool
    is_two: bool


def measure(search: Search, labelled: Sequence[Labelled]) -> list[Pair]:
    """Return a pair for each message that gets two answers: of those with two questions, and of those with one."""
    twos = [_pair(search, question, parts, is_two=True) for question, parts in read_two_parts()]
    ones = [_pair(search, each.question, (each.right, each.right), is_two=False) for each in labelled if each.group == "in_scope"]
    return [pair for pair in [*twos, *ones] if pair is not None]


def _pair(search: Search, question: str, parts: Sequence[frozenset[str]], *, is_two: bool) -> Pair | None:
    result = search.search(question)
    if result.decision is not Decision.ANSWER or len(result.matches) != 2:
        return None
    is_right = all(match.answer.id in right for match, right in zip(result.matches, parts, strict=False))
    return Pair(result.chance, is_right, is_two)


def table(pairs: Sequence[Pair]) -> list[str]:
    """Return the lines of a section with what each threshold would come to."""
    rows = ["| both from | two questions: both right | two questions: one wrong | one question split wrongly |", "|---|---|---|---|"]
    for step in STEPS:
        own = [pair for pair in pairs if pair.chance >= step]
        twos = [pair for pair in own if pair.is_two]
        right = sum(pair.is_right for pair in twos)
        rows.append(f"| {step:.2f} | {right} | {len(twos) - right} | {sum(not pair.is_two and not pair.is_right for pair in own)} |")
    return ["## Two questions in one message", "", *rows]
