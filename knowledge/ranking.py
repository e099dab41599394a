"""The ranking model: a conditional logit over candidates, and the chance that its first choice is right."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from knowledge.errors import ModelUnusable
from knowledge.features import FEATURES

CONFIDENCE_FEATURES = 8
"""Length of `confidence_features`."""


@dataclass(frozen=True)
class Thresholds:
    """From which chance of being right on what is done. Source: docs/results/search-ranking.md (risk–coverage curve).

    Attributes:
        answer: the first candidate is answered. clarify: the best few are offered. Below: not covered.
        refuse: share of the out-of-scope classes from which on nothing is answered.
        both: two questions in one message are answered when each is right with this chance: a part alone misleads more than a whole.
    """

    answer: float
    clarify: float
    refuse: float
    both: float


@dataclass(frozen=True)
class RankingModel:
    """Fitted by `make fit`; read from `knowledge/ranking.json`.

    Attributes:
        weights: one for each of FEATURES.
        confidence: weights of the features of `confidence_features`, the first being the bias.
    """

    weights: tuple[float, ...]
    confidence: tuple[float, ...]
    thresholds: Thresholds

    def shares(self, features: np.ndarray) -> np.ndarray:
        """Return how the belief is shared among the candidates: shape (n_candidates,), adding up to 1."""
        scores = features @ np.array(self.weights, dtype=np.float32)
        raised = np.exp(scores - scores.max())
        shares: np.ndarray = raised / raised.sum()
        return shares

    def chance_right(self, shares: np.ndarray, features: np.ndarray) -> float:
        """Return the chance, in [0, 1], that the first candidate is a right reply."""
        score = float(confidence_features(shares, features) @ np.array(self.confidence))
        return 1 / (1 + math.exp(-score))

    def with_both(self, both: float) -> RankingModel:
        """Return the same model with another threshold for two answers, to measure what that one would come to."""
        return replace(self, thresholds=replace(self.thresholds, both=both))

    def write(self, path: Path) -> None:
        """Write the model as JSON, with the name of each weight."""
        body = {
            "weights": dict(zip(FEATURES, map(_rounded, self.weights), strict=True)),
            "confidence": [_rounded(weight) for weight in self.confidence],
            "thresholds": asdict(self.thresholds),
        }
        path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")


def read_model(path: Path) -> RankingModel:
    """Read a fitted model.

    Raises:
        ModelUnusable: the file is missing, or was fitted for other features.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if tuple(body["weights"]) != FEATURES:
            raise ModelUnusable(f"{path} was fitted for other features. Run: make fit")
        return RankingModel(tuple(body["weights"].values()), tuple(body["confidence"]), Thresholds(**body["thresholds"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(f"{path} cannot be read: {error}. Run: make fit") from error


def confidence_features(shares: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Return what tells a sure first place from an unsure one: shape (CONFIDENCE_FEATURES,), the first being 1."""
    first, second = np.argsort(-shares)[:2]
    best, words, known = (_of_either(features, name) for name in ("best", "words", "known"))
    refused = shares[features[:, FEATURES.index("class:bias")] == 1].sum()
    return np.array(
        [
            1.0,
            np.log(shares[first]),
            np.log(shares[first] / shares[second]),
            best[first],
            words[first],
            best[first] - best.max(),
            known[first],
            refused,
        ]
    )


def _of_either(features: np.ndarray, name: str) -> np.ndarray:
    """A feature of answers and classes alike; each has zeros for the other's."""
    column: np.ndarray = features[:, FEATURES.index(f"answer:{name}")] + features[:, FEATURES.index(f"class:{name}")]
    return column


def _rounded(value: float) -> float:
    return round(float(value), 5)
