"""A linear classifier of intents on sentence vectors and letters; fitted with scikit-learn, read and run with numpy alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression

from language.encoder import DIMENSIONS

LETTER_FEATURES = 2**14
"""Hashed letter sequences: no vocabulary to store, and typos still share most of them."""

LETTER_WEIGHT = 0.5
"""How much the letters count beside the vector of length 1. Source: docs/results/intents.md."""

MAX_ITERATIONS = 60

_letters = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=LETTER_FEATURES, alternate_sign=False)


@dataclass(frozen=True)
class IntentModel:
    """A fitted classifier.

    Attributes:
        intents: names, in the order of the columns.
        weights: float32, shape (384 + LETTER_FEATURES, n_intents).
        bias: float32, shape (n_intents,).
    """

    intents: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray

    def chances(self, text: str, vector: np.ndarray | None, *, temperature: float) -> np.ndarray:
        """Return the chance of each intent, in [0, 1], adding up to 1.

        Args:
            vector: of `text`; None when there is no encoder, then the letters decide alone.
            temperature: above 0; larger than 1 makes the model less sure.
        """
        letters = _letters.transform([text.lower()])
        scores = letters.data * LETTER_WEIGHT @ self.weights[DIMENSIONS + letters.indices] + self.bias
        if vector is not None:
            scores = scores + vector @ self.weights[:DIMENSIONS]
        raised = np.exp((scores - scores.max()) / temperature)
        result: np.ndarray = raised / raised.sum()
        return result

    def write(self, path: Path) -> None:
        """Write the model to `path` (npz, no pickle)."""
        np.savez(path, intents=np.array(self.intents), weights=self.weights, bias=self.bias)

    @classmethod
    def read(cls, path: Path) -> IntentModel:
        """Read what `write` wrote."""
        with np.load(path) as stored:
            return cls(tuple(map(str, stored["intents"])), stored["weights"], stored["bias"])


def fit(texts: Sequence[str], intents: Sequence[str], vectors: np.ndarray | None, *, strength: float) -> IntentModel:
    """Fit a classifier.

    Args:
        vectors: one row for each text, or None without an encoder.
        strength: inverse regularisation, above 0.
    """
    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32) if vectors is None else vectors
    letters = _letters.transform([text.lower() for text in texts]) * LETTER_WEIGHT
    features = hstack([csr_matrix(rows), letters.astype(np.float32)]).tocsr()
    model = LogisticRegression(C=strength, max_iter=MAX_ITERATIONS, tol=1e-3)
    model.fit(features, intents)
    return IntentModel(tuple(model.classes_), model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))
