from pathlib import Path

import numpy as np
import pytest

from language.encoder import DIMENSIONS
from language.intents import IntentModel, chances, fit

TEXTS = ["hello", "hi there", "hello again", "thank you", "thanks a lot", "many thanks", "how long is recovery", "recovery time"]
INTENTS = ["greet"] * 3 + ["thank"] * 3 + ["ask_recovery"] * 2


def make_vectors(texts: list[str]) -> np.ndarray:
    """One direction for each first letter."""
    return np.stack([np.eye(DIMENSIONS, dtype=np.float32)[ord(text[0].lower()) % DIMENSIONS] for text in texts])


@pytest.fixture
def model() -> IntentModel:
    return fit(TEXTS, INTENTS, make_vectors(TEXTS), strength=10.0)


def first(model: IntentModel, text: str, *, vector: bool = True) -> str:
    found = model.chances(text, make_vectors([text])[0] if vector else None, temperature=1.0)
    return model.intents[int(found.argmax())]


@pytest.mark.parametrize(("text", "intent"), [("Hello!", "greet"), ("THANKS", "thank"), ("recovery?", "ask_recovery"), ("thansk", "thank")])
@pytest.mark.parametrize("vector", [True, False])
def test_model_tells_intents_with_and_without_vectors(model: IntentModel, text: str, intent: str, vector: bool) -> None:
    assert first(model, text, vector=vector) == intent


def test_model_is_fitted_without_vectors() -> None:
    assert first(fit(TEXTS, INTENTS, None, strength=10.0), "thank you so much", vector=False) == "thank"


def test_chances_add_up_to_one(model: IntentModel) -> None:
    found = model.chances("hello", make_vectors(["hello"])[0], temperature=1.0)
    assert found.sum() == pytest.approx(1.0, abs=1e-5)
    assert found.min() >= 0


@pytest.mark.parametrize("text", ["", "🙂", "\u200b", "a" * 1000, "?"])
def test_model_bears_any_text(model: IntentModel, text: str) -> None:
    assert np.isfinite(model.chances(text, None, temperature=1.0)).all()


def test_temperature_flattens_the_chances() -> None:
    scores = np.array([[3.0, 1.0, 0.0]])
    assert chances(scores, temperature=4.0).max() < chances(scores, temperature=1.0).max() < chances(scores, temperature=0.5).max()


def test_chances_bear_large_scores() -> None:
    assert chances(np.array([[1000.0, 0.0]]), temperature=1.0).tolist() == [[1.0, 0.0]]


def test_model_is_read_as_it_was_written(model: IntentModel, tmp_path: Path) -> None:
    model.write(tmp_path / "intents.npz")
    again = IntentModel.read(tmp_path / "intents.npz")
    assert again.intents == model.intents
    for name in ("rarity", "weights", "bias"):
        assert np.array_equal(getattr(again, name), getattr(model, name))


def test_fit_gives_the_same_model_again(model: IntentModel) -> None:
    assert np.array_equal(fit(TEXTS, INTENTS, make_vectors(TEXTS), strength=10.0).weights, model.weights)
