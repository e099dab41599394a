"""`python -m evaluation.fit` fits the ranking model on the labelled questions, and says how good it is on those it has not seen.

Everything is cross-validated over questions: five parts, each ranked by weights from the other four. The thresholds are read
off the resulting risk–coverage curve. Writes knowledge/ranking*.json and docs/results/search*.{md,json}.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console
from sklearn.linear_model import LogisticRegression

from database.engine import open_database
from evaluation import fit_report, two_parts
from evaluation.judged import Judged
from evaluation.labelled import Labelled, read_labelled
from evaluation.logit import Example, fit_weights
from knowledge.building import MODEL, WORDS_MODEL, Materials, build_search, read_materials
from knowledge.features import FEATURES
from knowledge.published import read_published
from knowledge.question import Context
from knowledge.ranking import CONFIDENCE_FEATURES, RankingModel, Thresholds, confidence_features
from knowledge.search import Search
from language.errors import EncoderUnavailable

PARTS = 5
PENALTY = 1e-4
"""Of 1e-3, 1e-4 and 1e-5, the best in cross-validation."""

NEAREST = 60
"""Choices that are ranked for each question while fitting: the nearest, all classes, and the right ones."""

MOST_WRONG = 0.085
"""Share of all labelled questions, in scope or not, that may get a wrong answer. The labels name not every right answer, so there
are fewer wrong ones than seem: the banks, whose expectations are on the text, show less than half (docs/results/evaluation-*.md)."""

REFUSE_FROM = 0.5
"""Nothing is answered when the out-of-scope classes together hold half of the belief."""

CLARIFY_FROM = 0.12
"""Below this chance, even the best four seldom hold the right answer."""

BOTH_FROM = 0.8
"""Most right pairs for few wrong ones, by the table on two questions in docs/results/search-ranking.md."""

console = Console(soft_wrap=True)


def main() -> int:
    """Fit and report; with `--words`, for search without the encoder."""
    parser = argparse.ArgumentParser(prog="evaluation.fit", description=__doc__)
    parser.add_argument("--words", action="store_true", help="fit the model for search without the sentence encoder")
    parser.add_argument("--database", default="sqlite:///var/frontdesk.db")
    arguments = parser.parse_args()
    try:
        _fit(arguments.database, WORDS_MODEL if arguments.words else MODEL)
    except EncoderUnavailable as error:
        console.print(str(error))
        return 1
    return 0


def _fit(database: str, path: Path) -> None:
    published = read_published(open_database(database))
    materials = _materials(use_vectors=path == MODEL)
    search = build_search(published, materials)
    console.print(f"{len(published.answers)} answers, {len(materials.classes)} classes; reading the labelled questions")
    labelled = read_labelled()
    wholes = [_features(search, question) for question in labelled]
    examples = [_example(search, question, whole) for question, whole in zip(labelled, wholes, strict=True)]
    judged, confidence = _cross_validate(search, labelled, examples)
    thresholds = _thresholds(judged)
    model = RankingModel(tuple(fit_weights(examples, penalty=PENALTY)), tuple(confidence), thresholds)
    model.write(path)
    pairs = two_parts.measure(build_search(published, replace(materials, model=model.with_both(0.0))), labelled)
    fit_report.write(path.stem, judged, model, two_parts.table(pairs))
    console.print(fit_report.table(judged, thresholds))


def _materials(*, use_vectors: bool) -> Materials:
    """The weights are not used here, so any of the right number do."""
    neutral = RankingModel((0.0,) * len(FEATURES), (0.0,) * CONFIDENCE_FEATURES, Thresholds(0.0, 0.0, 1.0, 0.0))
    return read_materials(Path("data"), use_vectors=use_vectors, model=neutral)


def _features(search: Search, labelled: Labelled) -> np.ndarray:
    context = _context_after(search, labelled.previous_turn) if labelled.previous_turn else Context()
    return search.features(search.understand(labelled.question, context))


def _context_after(search: Search, previous_turn: str) -> Context:
    """What the nearest answer to the previous turn is about; near enough without fitted weights."""
    features = search.features(search.understand(previous_turn))
    score = features[:, FEATURES.index("answer:best_mean")] + features[:, FEATURES.index("answer:words")]
    score += 0.3 * features[:, FEATURES.index("answer:named")]
    first = search.candidates[int(score.argmax())]
    return Context(first.topic, first.procedures, frozenset({first.id}))


def _example(search: Search, labelled: Labelled, features: np.ndarray) -> Example:
    right = np.array([candidate.id in labelled.right for candidate in search.candidates])
    classes = np.array([not candidate.is_answer for candidate in search.candidates])
    near = features[:, FEATURES.index("answer:best_mean")] + features[:, FEATURES.index("answer:words")]
    kept = right | classes | (near >= np.sort(near)[-NEAREST])
    if not right.any():
        raise ValueError(f"no right choice is published for {labelled.question!r}: {sorted(labelled.right)}")
    return Example(features[kept], right[kept])


def _cross_validate(search: Search, labelled: list[Labelled], examples: list[Example]) -> tuple[list[Judged], np.ndarray]:
    part = np.random.default_rng(0).integers(0, PARTS, len(examples))
    shares: list[np.ndarray] = [np.empty(0)] * len(examples)
    for held_out in range(PARTS):
        weights = fit_weights([examples[i] for i in np.flatnonzero(part != held_out)], penalty=PENALTY)
        for i in np.flatnonzero(part == held_out):
            shares[i] = _shares(examples[i].features, weights)
    inputs = np.array([confidence_features(share, example.features) for share, example in zip(shares, examples, strict=True)])
    right = np.array([example.right[share.argmax()] for share, example in zip(shares, examples, strict=True)])
    model = LogisticRegression(C=10, fit_intercept=False).fit(inputs, right)
    chances = model.predict_proba(inputs)[:, 1]
    judged = [_judge(*item) for item in zip(labelled, examples, shares, chances, strict=True)]
    return judged, model.coef_[0]


def _shares(features: np.ndarray, weights: np.ndarray) -> np.ndarray:
    scores = features @ weights
    raised = np.exp(scores - scores.max())
    shares: np.ndarray = raised / raised.sum()
    return shares


def _judge(labelled: Labelled, example: Example, shares: np.ndarray, chance: float) -> Judged:
    order = np.argsort(-shares)
    is_answer = example.features[:, FEATURES.index("answer:bias")] == 1
    return Judged(
        labelled=labelled,
        chance=float(chance),
        is_right=bool(example.right[order[0]]),
        is_in_first_three=bool(example.right[order[:3]].any()),
        is_answer=bool(is_answer[order[0]]),
        refused=float(shares[~is_answer].sum()),
    )


def _thresholds(judged: list[Judged]) -> Thresholds:
    """The lowest chance from which on few enough questions are answered wrongly."""
    steps = [round(0.05 * step, 2) for step in range(4, 19)]
    few = [step for step in steps if fit_report.wrong_of_all(judged, step, REFUSE_FROM) <= MOST_WRONG]
    return Thresholds(answer=min(few, default=steps[-1]), clarify=CLARIFY_FROM, refuse=REFUSE_FROM, both=BOTH_FROM)


if __name__ == "__main__":
    sys.exit(main())
