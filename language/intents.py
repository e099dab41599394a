"""A linear classifier of intents on sentence vectors, letters and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

from language.encoder import DIMENSIONS
from language.softmax import fit_softmax

VECTOR_WEIGHT = 2.0
"""How much the sentence vector counts beside letters and words, each of length 1. Source: docs/results/intents.md."""

_LETTERS = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=2**14, norm=None, alternate_sign=False)
"""Typing errors leave most letter sequences whole. Hashed, so that there is no vocabulary to store."""

_WORDS = HashingVectorizer(token_pattern=r"[\w']+", ngram_range=(1, 2), n_features=2**13, norm=None, alternate_sign=False)


@dataclass(frozen=True)
class IntentModel:
    """A fitted classifier.

    Attributes:
        intents: names, in the order of the columns.
        rarity: float32, shape (n_signs,): how much a hashed letter sequence or word says.
        weights: float32, shape (384 + n_signs, n_intents).
        bias: float32, shape (n_intents,).
    """

    intents: tuple[str, ...]
    rarity: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def scores(self, texts: Sequence[str], vectors: np.ndarray | None) -> np.ndarray:
        """Return a score for each text and intent, shape (n, n_intents).

        Args:
            vectors: of the texts; None when there is no encoder, then letters and words decide alone.
        """
        scores = _signs(texts, self.rarity) @ self.weights[DIMENSIONS:] + self.bias
        if vectors is not None:
            scores = scores + VECTOR_WEIGHT * vectors @ self.weights[:DIMENSIONS]
        result: np.ndarray = scores
        return result

    def chances(self, text: str, vector: np.ndarray | None, *, temperature: float) -> np.ndarray:
        """Return the chance of each intent, in [0, 1], adding up to 1."""
        row: np.ndarray = chances(self.scores([text], None if vector is None else vector[None]), temperature=temperature)[0]
        return row

    def write(self, path: Path) -> None:
        """Write the model to `path` (npz, no pickle)."""
        np.savez(path, intents=np.array(self.intents), rarity=self.rarity, weights=self.weights, bias=self.bias)

    @classmethod
    def read(cls, path: Path) -> IntentModel:
        """Read what `write` wrote."""
        with np.load(path) as stored:
            return cls(tuple(map(str, stored["intents"])), stored["rarity"], stored["weights"], stored["bias"])


def chances(scores: np.ndarray, *, temperature: float) -> np.ndarray:
    """Return the chances that belong to `scores`, row by row.

    Args:
        temperature: above 0; larger than 1 makes the model less sure.
    """
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    result: np.ndarray = raised / raised.sum(axis=1, keepdims=True)
    return result


def fit(texts: Sequence[str], intents: Sequence[str], vectors: np.ndarray | None, *, strength: float) -> IntentModel:
    """Fit a classifier; 16,000 texts take less than 15 seconds.

    Args:
        vectors: one row for each text, or None without an encoder.
        strength: inverse of the penalty on large weights, above 0.
    """
    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32) if vectors is None else vectors * np.float32(VECTOR_WEIGHT)
    rarity = _rarity(texts)
    names, numbers = np.unique(np.array(intents), return_inverse=True)
    weights, bias = fit_softmax(rows, _signs(texts, rarity), numbers, strength=strength)
    return IntentModel(tuple(map(str, names)), rarity, weights, bias)


def _rarity(texts: Sequence[str]) -> np.ndarray:
    """Inverse document frequency."""
    counts = hstack([_LETTERS.transform(texts), _WORDS.transform(texts)]).tocsr()
    documents = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity: np.ndarray = (np.log((1 + len(texts)) / (1 + documents)) + 1).astype(np.float32)
    return rarity


def _signs(texts: Sequence[str], rarity: np.ndarray) -> Any:
    """Return letters and words as a CSR matrix, float32, shape (n, n_signs); each kind has length 1."""
    letters, words = _LETTERS.transform(texts), _WORDS.transform(texts)
    return hstack([_weighed(letters, rarity[: letters.shape[1]]), _weighed(words, rarity[letters.shape[1] :])]).tocsr()


def _weighed(counts: Any, rarity: np.ndarray) -> Any:
    counts.data = ((1 + np.log(counts.data)) * rarity[counts.indices]).astype(np.float32)
    return normalize(counts, copy=False)
