"""Which encoder is loaded, and what is said where there is none."""

from pathlib import Path

import pytest

from language.encoder import TUNED, load_encoder, model_path
from language.errors import EncoderUnavailable


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("FRONTDESK_CACHE", str(tmp_path))
    return monkeypatch


def test_tuned_encoder_is_shipped() -> None:
    assert model_path("tuned") == TUNED
    assert TUNED.exists()


def test_encoder_that_was_not_built_is_said(empty_cache: pytest.MonkeyPatch) -> None:
    with pytest.raises(EncoderUnavailable, match="make encoder"):
        load_encoder("int8")


def test_unknown_encoder_is_said(empty_cache: pytest.MonkeyPatch) -> None:
    empty_cache.setenv("FRONTDESK_ENCODER", "large")
    with pytest.raises(EncoderUnavailable, match="tuned, int8 or fp32"):
        load_encoder()


def test_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(EncoderUnavailable, match="make sync"):
        load_encoder("tuned")
