"""Whole numbers instead of floats."""

import numpy as np
import pytest

from knowledge.dot_products import DotProducts


@pytest.fixture
def rows() -> np.ndarray:
    found = np.random.default_rng(7).normal(size=(5000, 384)).astype(np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def test_products_of_unit_vectors_are_off_by_less_than_a_hundredth(rows: np.ndarray) -> None:
    fast = DotProducts(rows)
    for vector in (*rows[:20], -rows[3]):
        assert np.abs(fast.with_vector(vector) - rows @ vector).max() < 0.01


def test_row_is_nearest_to_itself(rows: np.ndarray) -> None:
    fast = DotProducts(rows)
    assert [int(fast.with_vector(rows[place]).argmax()) for place in range(0, 5000, 500)] == list(range(0, 5000, 500))


def test_nothing_is_far_from_everything(rows: np.ndarray) -> None:
    assert not DotProducts(rows).with_vector(np.zeros(384, dtype=np.float32)).any()
    assert not DotProducts(np.zeros((2, 384), dtype=np.float32)).with_vector(rows[0]).any()


def test_no_rows_give_no_products(rows: np.ndarray) -> None:
    assert DotProducts(rows[:0]).with_vector(rows[0]).shape == (0,)
