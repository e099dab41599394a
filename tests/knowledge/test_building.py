"""What the search is built from."""

from pathlib import Path

import pytest

from knowledge.building import read_classes, read_materials
from tests.knowledge.hand_made import hand_made_model, hand_made_search

DATA = Path("data")


@pytest.mark.slow
def test_search_goes_on_without_an_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("FRONTDESK_CACHE", str(tmp_path))
    monkeypatch.setenv("FRONTDESK_ENCODER", "fp32")
    assert read_materials(DATA).encoder is None
    assert "words alone" in caplog.text


@pytest.mark.slow
def test_search_on_words_loads_no_encoder() -> None:
    assert read_materials(DATA, use_vectors=False, model=hand_made_model()).encoder is None


def test_every_class_is_a_candidate_with_its_examples() -> None:
    classes = read_classes(DATA / "nlu" / "out_of_scope")
    assert {"ask_price", "noise"} <= {candidate.id for candidate in classes}
    assert all(len(candidate.phrasings) >= 10 and not candidate.is_answer for candidate in classes)
    assert not [phrasing for candidate in classes for phrasing in candidate.phrasings if phrasing.startswith("- ")]


@pytest.mark.slow
def test_words_of_answers_are_never_repaired() -> None:
    assert hand_made_search().understand("temporalis asleep night").repaired == "temporalis asleep night"
