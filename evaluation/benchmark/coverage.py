"""Compares systems where each answers the same share of the in-scope questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.bank import BankQuestion, Verdict, judge


@dataclass(frozen=True)
class Guess:
    """The answer that a system would give first, and how sure it is, by any measure that grows with it."""

    question: BankQuestion
    text: str
    score: float

    @property
    def is_right(self) -> bool:
        """Whether this answer would count as right."""
        return judge(self.question, [{"kind": "answer", "text": self.text}]) is Verdict.RIGHT


@dataclass(frozen=True)
class Outcome:
    """Shares: of the in-scope questions, and `leaked` of those out of scope that were answered."""

    right: float
    wrong: float
    leaked: float

    @property
    def answered(self) -> float:
        """Share of the in-scope questions that were answered."""
        return self.right + self.wrong


def at_coverage(guesses: Sequence[Guess], answered: float) -> Outcome:
    """Return what happens when the surest guesses are given, up to the share `answered` of the in-scope questions."""
    inside = sorted((each for each in guesses if each.question.kind == "in_scope"), key=lambda each: -each.score)
    outside = [each for each in guesses if each.question.kind == "out_of_scope"]
    count = round(answered * len(inside))
    if not count:
        return Outcome(0.0, 0.0, 0.0)
    given = inside[:count]
    right = sum(each.is_right for each in given)
    leaked = sum(each.score >= given[-1].score for each in outside) / max(len(outside), 1)
    return Outcome(right / len(inside), (count - right) / len(inside), leaked)


def fewest_wrong(variants: dict[str, list[Guess]], answered: float) -> str:
    """Return the name of the score by which the system errs least at this coverage: each system is taken at its best."""
    return min(variants, key=lambda name: at_coverage(variants[name], answered).wrong)


def curve(guesses: Sequence[Guess], steps: int = 50) -> np.ndarray:
    """Return answered and wrong, as shares of the in-scope questions, shape (steps, 2)."""
    outcomes = [at_coverage(guesses, share) for share in np.linspace(0, 1, steps)]
    return np.array([[outcome.answered, outcome.wrong] for outcome in outcomes])
