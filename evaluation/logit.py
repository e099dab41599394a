"""Fits a conditional logit in which several choices may be right: P(right) = sum over the right ones of softmax(features @ weights)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize


@dataclass(frozen=True)
class Example:
    """One question: float32 features, shape (n_choices, n_features), and which choices are right, shape (n_choices,)."""

    features: np.ndarray
    right: np.ndarray


def fit_weights(examples: Sequence[Example], *, penalty: float) -> np.ndarray:
    """Return the weights with the largest likelihood, less `penalty` times their squared length.

    Each example must have at least one right choice.
    """
    problem = _Problem(examples, penalty)
    start = np.zeros(examples[0].features.shape[1])
    found = minimize(problem.loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    weights: np.ndarray = found.x
    return weights


class _Problem:
    def __init__(self, examples: Sequence[Example], penalty: float) -> None:
        sizes = [len(example.right) for example in examples]
        self._features = np.concatenate([example.features for example in examples])
        self._right = np.concatenate([example.right for example in examples])
        self._owner = np.repeat(np.arange(len(sizes)), sizes)
        self._starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
        self._count = len(sizes)
        self._penalty = penalty

    def loss(self, weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = self._features @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, self._starts)[self._owner])
        total = np.add.reduceat(raised, self._starts)
        right = np.add.reduceat(raised * self._right, self._starts) + 1e-30
        surplus = raised / total[self._owner] - raised * self._right / right[self._owner]
        value = float(np.log(total / right).mean() + self._penalty * weights @ weights)
        slope: np.ndarray = surplus @ self._features / self._count + 2 * self._penalty * weights
        return value, slope
