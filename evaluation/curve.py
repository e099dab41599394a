"""Risk and coverage on a question bank: what another threshold would answer, and whether the chances are true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

from evaluation.bank import BankQuestion, Verdict, judge
from knowledge.question import Context
from knowledge.search import Decision, Search

STEPS = [round(0.05 * step, 2) for step in range(0, 20)]
BINS = 10


@dataclass(frozen=True)
class Point:
    """What the first answer to a question would be worth.

    Attributes:
        chance: that the model gives it, in [0, 1]; 0 where a class that is not answered comes first.
        is_inside: False for an out-of-scope question, to which every answer is wrong.
        is_right: whether the bank's expectations match.
    """

    chance: float
    is_inside: bool
    is_right: bool


@dataclass(frozen=True)
class Risk:
    """Shares of in-scope questions answered rightly and wrongly, and of out-of-scope questions answered."""

    right: float
    wrong: float
    leaked: float


def points(search: Search, questions: Sequence[BankQuestion]) -> list[Point]:
    """Return a point for each in-scope and out-of-scope question; the search is asked without the rest of the assistant."""
    return [_point(search, each) for each in questions if each.kind in ("in_scope", "out_of_scope")]


def _point(search: Search, question: BankQuestion) -> Point:
    nearest = search.nearest(question.question, _context_after(search, question.previous_turn), count=1)
    replies = [{"kind": "answer", "text": match.answer.text} for match in nearest.matches]
    is_inside = question.kind == "in_scope"
    is_refused = not nearest.is_answer or nearest.refused >= search.thresholds.refuse
    return Point(0.0 if is_refused else nearest.chance, is_inside, is_inside and judge(question, replies) is Verdict.RIGHT)


def _context_after(search: Search, previous_turn: str | None) -> Context:
    result = search.search(previous_turn) if previous_turn else None
    if result is None or result.decision is not Decision.ANSWER:
        return Context()
    last = result.matches[-1].answer
    return Context(last.topic, frozenset(last.procedures), frozenset(match.answer.id for match in result.matches))


def risk(several: Sequence[Point], threshold: float) -> Risk:
    """Return what answering from `threshold` on would come to; a share of no questions is 0."""
    inside = [each for each in several if each.is_inside]
    outside = [each for each in several if not each.is_inside]
    answered = [each for each in inside if each.chance > 0 and each.chance >= threshold]
    right = sum(each.is_right for each in answered)
    leaked = sum(each.chance > 0 and each.chance >= threshold for each in outside)
    return Risk(_share(right, inside), _share(len(answered) - right, inside), _share(leaked, outside))


def _share(count: int, of: Sequence[Point]) -> float:
    return count / len(of) if of else 0.0


def calibration_error(several: Sequence[Point]) -> float:
    """Return the mean gap between chance and truth of what could be answered, over ten bins by their size (ECE)."""
    offered = [each for each in several if each.chance > 0]
    bins = [[each for each in offered if min(int(each.chance * BINS), BINS - 1) == number] for number in range(BINS)]
    gaps = [abs(sum(each.chance for each in own) - sum(each.is_right for each in own)) for own in bins]
    return sum(gaps) / len(offered) if offered else 0.0


def page(several: Sequence[Point], threshold: float, drawing: str) -> list[str]:
    """Return the lines of the section on risk and coverage."""
    rows = ["| answer from | right | wrong | out of scope answered |", "|---|---|---|---|"]
    for step in STEPS:
        at = risk(several, step)
        rows.append(f"| {step:.2f}{' (shipped)' if step == threshold else ''} | {at.right:.1%} | {at.wrong:.1%} | {at.leaked:.1%} |")
    head = "The search alone (one answer, no second part, no small talk in front of it), at other thresholds."
    calibration = f"Calibration error (ECE, {BINS} bins): {calibration_error(several):.3f}."
    return ["## Risk and coverage", "", head, "", f"![risk and coverage]({drawing})", "", *rows, "", calibration, ""]


def draw(path: Path, several: Sequence[Point], threshold: float) -> None:
    """Plot the share answered wrongly over the share answered."""
    curve = [risk(several, step) for step in STEPS]
    here = risk(several, threshold)
    figure, axes = pyplot.subplots(figsize=(6, 4))
    axes.plot([at.right + at.wrong for at in curve], [at.wrong for at in curve], marker=".")
    axes.plot([here.right + here.wrong], [here.wrong], "o", label=f"shipped threshold {threshold}")
    axes.set_xlabel("answered (share of in-scope questions)")
    axes.set_ylabel("answered wrongly")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
