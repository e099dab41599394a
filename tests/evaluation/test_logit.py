"""The conditional logit finds the weights that made the choices."""

import numpy as np
import pytest

from evaluation.logit import Example, fit_weights

TRUE = np.array([2.0, -1.0, 0.5])


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    """Choices among six, made at random with the chances that TRUE gives."""
    random = np.random.default_rng(7)
    made = []
    for _ in range(3000):
        features = random.normal(size=(6, len(TRUE)))
        raised = np.exp(features @ TRUE)
        right = np.arange(6) == random.choice(6, p=raised / raised.sum())
        made.append(Example(features.astype(np.float32), right))
    return made


def test_known_weights_are_recovered(examples: list[Example]) -> None:
    assert fit_weights(examples, penalty=0.0) == pytest.approx(TRUE, abs=0.15)


def test_penalty_makes_weights_smaller(examples: list[Example]) -> None:
    free, held = (fit_weights(examples[:300], penalty=penalty) for penalty in (0.0, 0.5))
    assert np.linalg.norm(held) < 0.7 * np.linalg.norm(free)


def test_several_choices_may_be_right() -> None:
    features = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]], dtype=np.float32)
    scores = features @ fit_weights([Example(features, np.array([True, True, False]))], penalty=0.01)
    assert scores[:2].min() > scores[2] + 1


def test_examples_may_have_different_numbers_of_choices() -> None:
    examples = [Example(np.eye(size, 4, dtype=np.float32), np.arange(size) == 0) for size in (2, 3, 4)]
    assert fit_weights(examples, penalty=0.01).argmax() == 0


def test_huge_features_do_not_overflow() -> None:
    features = np.array([[1e4], [-1e4]], dtype=np.float32)
    assert np.isfinite(fit_weights([Example(features, np.array([True, False]))], penalty=0.1)).all()
