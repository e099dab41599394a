"""The ranking model shares out belief, and is read as it was written."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.building import MODEL, WORDS_MODEL
from knowledge.errors import ModelUnusable
from knowledge.features import FEATURES
from knowledge.ranking import RankingModel, read_model
from tests.knowledge.hand_made import hand_made_model


@pytest.fixture
def model() -> RankingModel:
    return hand_made_model()


def features(*words: float) -> np.ndarray:
    values = np.zeros((len(words), len(FEATURES)), dtype=np.float32)
    values[:, FEATURES.index("answer:words")] = words
    return values


def test_shares_add_up_to_one(model: RankingModel) -> None:
    shares = model.shares(features(0.9, 0.2, 0.1))
    assert shares.sum() == pytest.approx(1)
    assert list(np.argsort(-shares)) == [0, 1, 2]


def test_large_scores_do_not_overflow(model: RankingModel) -> None:
    assert list(model.shares(features(1e6, 0.0))) == [1, 0]


def test_clear_first_place_is_more_surely_right(model: RankingModel) -> None:
    clear, close = features(1.0, 0.1, 0.1), features(0.5, 0.5, 0.5)
    assert 0 < model.chance_right(model.shares(close), close) < model.chance_right(model.shares(clear), clear) < 1


def test_model_is_read_as_it_was_written(model: RankingModel, tmp_path: Path) -> None:
    model.write(tmp_path / "ranking.json")
    read = read_model(tmp_path / "ranking.json")
    assert (read.weights, read.thresholds) == (model.weights, model.thresholds)
    assert read.confidence == pytest.approx(model.confidence, abs=1e-5)


@pytest.mark.parametrize("path", [MODEL, WORDS_MODEL], ids=lambda path: path.name)
def test_shipped_model_fits_this_program(path: Path) -> None:
    thresholds = read_model(path).thresholds
    assert 0 < thresholds.clarify < thresholds.answer < 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"weights": {"other": 1.0}}', "\xff"])
def test_broken_model_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "ranking.json").write_text(text, encoding="latin-1")
    with pytest.raises(ModelUnusable, match="make fit"):
        read_model(tmp_path / "ranking.json")


def test_missing_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match="make fit"):
        read_model(tmp_path / "none.json")
