"""Writes what fitting found: a table, the risk–coverage curve and its plot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot

from evaluation.judged import Judged
from knowledge.ranking import RankingModel, Thresholds

FOLDER = Path("docs/results")
STEPS = [round(0.05 * step, 2) for step in range(1, 20)]


def write(name: str, judged: Sequence[Judged], model: RankingModel, on_two_parts: Sequence[str]) -> None:
    """Write docs/results/search-<name>.md and its plot."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"search-{name}.md").write_text("\n".join([_page(name, judged, model), *on_two_parts, ""]), encoding="utf-8")
    _plot(FOLDER / f"search-{name}.svg", judged)


def table(judged: Sequence[Judged], thresholds: Thresholds) -> str:
    """Return the outcome for each group of labelled questions, as a Markdown table."""
    rows = ["| group | questions | first is right | right in first three |", "|---|---|---|---|"]
    for group in dict.fromkeys(_group(each) for each in judged):
        own = [each for each in judged if _group(each) == group]
        rows.append(f"| {group} | {len(own)} | {_share(own, 'is_right')} | {_share(own, 'is_in_first_three')} |")
    right, wrong, leaked = risk(judged, thresholds.answer, thresholds.refuse)
    rows += ["", f"At the thresholds {thresholds}: right {right:.1%}, wrong {wrong:.1%}; out of scope answered {leaked:.1%}."]
    return "\n".join(rows)


def risk(judged: Sequence[Judged], answer: float, refuse: float) -> tuple[float, float, float]:
    """Return right and wrong as shares of in-scope questions, and answered as a share of out-of-scope ones."""
    inside = [each for each in judged if _group(each) != "out_of_scope"]
    outside = [each for each in judged if _group(each) == "out_of_scope"]

    def is_answered(each: Judged) -> bool:
        return each.is_answer and each.refused < refuse and each.chance >= answer

    right = sum(is_answered(each) and each.is_right for each in inside) / len(inside)
    wrong = sum(is_answered(each) and not each.is_right for each in inside) / len(inside)
    return right, wrong, sum(map(is_answered, outside)) / len(outside)


def wrong_of_all(judged: Sequence[Judged], answer: float, refuse: float) -> float:
    """Return the share of all questions that get a wrong answer; to one that is out of scope, every answer is wrong."""
    inside = sum(_group(each) != "out_of_scope" for each in judged)
    _, wrong, leaked = risk(judged, answer, refuse)
    return (wrong * inside + leaked * (len(judged) - inside)) / len(judged)


def calibration_error(judged: Sequence[Judged], bins: int = 10) -> float:
    """Return the mean gap between chance and truth over ten bins, weighted by their size (ECE)."""
    gap = 0.0
    for number in range(bins):
        own = [each for each in judged if min(int(each.chance * bins), bins - 1) == number]
        if own:
            gap += abs(sum(each.chance for each in own) - sum(each.is_right for each in own))
    return gap / len(judged)


def _page(name: str, judged: Sequence[Judged], model: RankingModel) -> str:
    curve = ["| answer from | right | wrong | out of scope answered |", "|---|---|---|---|"]
    for step in STEPS:
        right, wrong, leaked = risk(judged, step, model.thresholds.refuse)
        curve.append(f"| {step:.2f} | {right:.1%} | {wrong:.1%} | {leaked:.1%} |")
    return "\n".join(
        [
            f"# The ranking model `{name}.json`",
            "",
            "Written by `make fit`. All figures are on questions that the weights had not seen (5-fold cross-validation over the",
            "labelled questions of `evaluation/fitting/`; their labels name most of the right answers, not all).",
            "",
            table(judged, model.thresholds),
            f"Calibration error (ECE, 10 bins): {calibration_error(judged):.3f}.",
            "",
            "## Risk and coverage",
            "",
            f"![risk and coverage](search-{name}.svg)",
            "",
            *curve,
            "",
        ]
    )


def _plot(path: Path, judged: Sequence[Judged]) -> None:
    points = [risk(judged, step, 0.5) for step in STEPS]
    figure, axes = pyplot.subplots(figsize=(6, 4))
    axes.plot([right + wrong for right, wrong, _ in points], [wrong for _, wrong, _ in points], marker="o")
    axes.set_xlabel("answered (share of in-scope questions)")
    axes.set_ylabel("answered wrongly")
    axes.grid(alpha=0.3)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _group(each: Judged) -> str:
    return each.labelled.group


def _share(judged: Sequence[Judged], what: str) -> str:
    return f"{sum(getattr(each, what) for each in judged) / len(judged):.1%}"
