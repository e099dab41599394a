"""Fits a linear classifier (multinomial logistic regression) on dense and sparse columns side by side.

scikit-learn wants one matrix for both, which makes it many times slower here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize

MAX_STEPS = 200

SMALL_GAIN = 1e-3
"""Fitting ends when a step lowers the loss by less than this share. A tenth of it takes twice as long and finds no more."""

KEPT_STEPS = 6
"""How many steps the method remembers; each takes as much memory as the weights."""


def fit_softmax(dense: np.ndarray, sparse: Any, classes: Sequence[int] | np.ndarray, *, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Return weights, float32, shape (dense + sparse columns, n_classes), and biases, shape (n_classes,).

    Args:
        dense: float32, shape (n, d). sparse: a scipy CSR matrix, shape (n, s).
        classes: a number in [0, n_classes) for each row.
        strength: inverse of the penalty on large weights, above 0.
    """
    loss = _Loss(dense, sparse, np.asarray(classes), strength)
    start = np.zeros(loss.shape[0] * loss.shape[1])
    options = {"maxiter": MAX_STEPS, "maxcor": KEPT_STEPS, "ftol": SMALL_GAIN, "gtol": 0.0}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    fitted = loss.unscaled(found.x)
    return fitted[:-1], fitted[-1]


class _Loss:
    """Mean negative log-likelihood with penalty, and its slope; the last row of the weights is the bias."""

    def __init__(self, dense: np.ndarray, sparse: Any, classes: np.ndarray, strength: float) -> None:
        self.dense, self.sparse, self.turned, self.classes = dense, sparse, sparse.T.tocsr(), classes
        self.rows = np.arange(len(classes))
        self.penalty = 1 / strength
        n_classes = int(classes.max()) + 1
        self.shape = (dense.shape[1] + sparse.shape[1] + 1, n_classes)
        self.scale = self._scale(1 / n_classes)

    def _scale(self, share: float) -> np.ndarray:
        """One step size for each column, from how steep the loss can be there: it halves the number of steps."""
        dense = (self.dense**2).sum(axis=0)
        sparse = np.asarray(self.sparse.multiply(self.sparse).sum(axis=0)).ravel()
        steepness = share * (1 - share) * np.hstack([dense, sparse, len(self.rows)]) + self.penalty
        scale: np.ndarray = (1 / np.sqrt(steepness)).astype(np.float32)[:, None]
        return scale

    def unscaled(self, flat: np.ndarray) -> np.ndarray:
        weights: np.ndarray = flat.reshape(self.shape).astype(np.float32) * self.scale
        return weights

    def __call__(self, flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, split = self.unscaled(flat), self.dense.shape[1]
        scores = self.dense @ weights[:split] + self.sparse @ weights[split:-1] + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        totals = raised.sum(axis=1)
        loss = float((np.log(totals) - scores[self.rows, self.classes]).sum()) + 0.5 * self.penalty * float((weights[:-1] ** 2).sum())
        errors = raised / totals[:, None]
        errors[self.rows, self.classes] -= 1
        slope = np.vstack([self.dense.T @ errors, self.turned @ errors, errors.sum(axis=0, keepdims=True)])
        slope[:-1] += self.penalty * weights[:-1]
        return loss / len(self.rows), (slope * self.scale / len(self.rows)).ravel().astype(np.float64)
