"""Writes docs/results/public-sets.md: our classifier next to published figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.benchmark import machine

PUBLISHED = [
    ("USE+ConveRT (Casanueva and others 2020)", ("85.2", "93.4", "93.3", "97.2", "85.8", "")),
    ("BERT, tuned (Casanueva and others 2020)", ("", "93.7", "", "", "", "")),
    ("ConvBERT+MLM+Example+Observers", ("86.0", "", "94.0", "", "86.3", "")),
    ("DNNC", ("86.7", "", "93.8", "", "84.7", "")),
    ("CPFT", ("87.2", "", "94.2", "", "87.1", "")),
    ("ICDA (2023, the best in that list)", ("89.8", "", "94.8", "", "87.4", "")),
    ("Rasa of 2019, before DIET (Larson and others 2019, table 2)", ("", "", "", "91.5", "", "")),
]
"""Accuracy in percent. Source: the table in the README of jianguoz/Few-Shot-Intent-Detection; Larson and others from their PDF.
The 97.2 of USE+ConveRT on all of CLINC150 was not seen at its origin."""

OUTSIDE_PUBLISHED = "BERT with a threshold 52.3 %, MLP 47.4 %, Rasa (2019) 45.3 %, DialogFlow 14.0 %"
"""Out-of-scope recall, full training. Source: Larson and others 2019, table 2; their thresholds were chosen by another rule."""

SETS = ("BANKING77", "CLINC150", "HWU64")
SPLITS = ("10-shot", "full")


@dataclass(frozen=True)
class Outside:
    """How well the confidence tells what belongs to no class.

    Attributes:
        auroc: chance that an in-scope question is more confident than one out of scope.
        recall: share of out-of-scope questions refused by the threshold that accepts 95 % of the validation questions.
        accepted: share of the in-scope test questions that this threshold accepts.
    """

    auroc: float
    recall: float
    accepted: float


@dataclass(frozen=True)
class Figure:
    """What one classifier reached on one split. `seconds`: of fitting, without encoding."""

    encoder: str
    name: str
    split: str
    accuracy: float
    seconds: float
    outside: Outside | None = None


def write(page: Path, figures: Sequence[Figure], notes: Sequence[str]) -> None:
    """Write the page."""
    page.parent.mkdir(parents=True, exist_ok=True)
    heads = [f"{name} {split}" for name in SETS for split in SPLITS]
    lines = [
        "# The intent classifier on public sets",
        "",
        "Written by `make benchmark-public`. `language.intents.fit`, as it trains in Rasa, on the published splits, with each of the",
        "encoders; `tuned` was tuned on our own phrasings, and on none of these sets. Nothing was chosen by these test questions.",
        "",
        *machine.describe(("onnxruntime", "scikit-learn")),
        *[f"- {note}" for note in notes],
        "",
        "## Accuracy (%)",
        "",
        _row(["classifier", *heads]),
        _row(["---"] * (len(heads) + 1)),
        *[_row([f"**ours, {encoder}**", *_cells(figures, encoder)]) for encoder in _encoders(figures)],
        *[_row([name, *values]) for name, values in PUBLISHED],
        "",
        "The published figures are copied from the README of `jianguoz/Few-Shot-Intent-Detection` and from Larson and others 2019.",
        "",
        "## Out of scope (CLINC150)",
        "",
        "Trained without any out-of-scope example; by the largest confidence alone. The threshold is the one that accepts 95 % of the",
        f"in-scope validation questions. Published with full training, by other rules: {OUTSIDE_PUBLISHED}.",
        "",
        *_outside(figures),
        "",
        "## Time to fit (seconds, encoding apart)",
        "",
        _row(["classifier", *heads]),
        _row(["---"] * (len(heads) + 1)),
        *[_row([f"ours, {encoder}", *_cells(figures, encoder, seconds=True)]) for encoder in _encoders(figures)],
        "",
    ]
    page.write_text("\n".join(lines), encoding="utf-8")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _encoders(figures: Sequence[Figure]) -> list[str]:
    return list(dict.fromkeys(figure.encoder for figure in figures))


def _cells(figures: Sequence[Figure], encoder: str, *, seconds: bool = False) -> list[str]:
    known = {(figure.name, figure.split): figure for figure in figures if figure.encoder == encoder}
    found = [known.get((name, split)) for name in SETS for split in SPLITS]
    return ["" if figure is None else f"{figure.seconds if seconds else 100 * figure.accuracy:.1f}" for figure in found]


def _outside(figures: Sequence[Figure]) -> list[str]:
    rows = ["| encoder | split | AUROC | out of scope refused | in scope accepted |", "|---|---|---|---|---|"]
    for figure in figures:
        if figure.outside:
            shares = (figure.outside.auroc, figure.outside.recall, figure.outside.accepted)
            rows.append(_row([figure.encoder, figure.split, *(f"{share:.1%}" for share in shares)]))
    return rows
