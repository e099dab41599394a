"""The fitted weights against scikit-learn's, which solves the same problem."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from language import softmax
from language.softmax import fit_softmax


@pytest.fixture
def problem() -> tuple[np.ndarray, csr_matrix, np.ndarray]:
    """Three noisy classes: dense columns tell them apart in part, and sparse ones in part."""
    random = np.random.default_rng(1)
    classes = random.integers(0, 3, 300)
    dense = (random.normal(size=(300, 5)) + np.eye(3, 5)[classes]).astype(np.float32)
    sparse = csr_matrix((random.random((300, 20)) < 0.05 + 0.2 * (np.arange(20) % 3 == classes[:, None])).astype(np.float32))
    return dense, sparse, classes


@pytest.mark.parametrize("strength", [0.1, 1.0, 10.0])
def test_fit_agrees_with_scikit_learn(
    problem: tuple[np.ndarray, csr_matrix, np.ndarray], strength: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(softmax, "SMALL_GAIN", 1e-9)
    dense, sparse, classes = problem
    weights, bias = fit_softmax(dense, sparse, classes, strength=strength)
    features = hstack([csr_matrix(dense), sparse]).tocsr()
    other = LogisticRegression(C=strength, tol=1e-8, max_iter=5000).fit(features, classes)
    assert np.allclose(weights, other.coef_.T, atol=0.01)
    scores = features @ weights + bias
    assert np.allclose(scores - scores.mean(axis=1, keepdims=True), other.decision_function(features), atol=0.02)


def test_fit_has_a_row_for_each_column(problem: tuple[np.ndarray, csr_matrix, np.ndarray]) -> None:
    weights, bias = fit_softmax(*problem, strength=1.0)
    assert (weights.shape, bias.shape) == ((25, 3), (3,))
    assert weights.dtype == np.float32


def test_fit_takes_a_single_class(problem: tuple[np.ndarray, csr_matrix, np.ndarray]) -> None:
    dense, sparse, _ = problem
    weights, bias = fit_softmax(dense, sparse, np.zeros(300, dtype=int), strength=1.0)
    assert np.isfinite(weights).all() and bias.shape == (1,)
