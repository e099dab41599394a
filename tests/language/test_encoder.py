"""The encoder against golden vectors of the plain model in PyTorch."""

import json
from pathlib import Path

import numpy as np
import pytest

from language.encoder import TUNED, Encoder, load_encoder, model_folder
from language.errors import EncoderUnavailable

GOLDEN = json.loads((Path(__file__).parent / "golden" / "minilm.json").read_text())
MAX_TUNED_BYTES = 25_000_000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def built_encoders() -> None:
    from language.encoder_build import prepare

    prepare()


def cosines(name: str) -> np.ndarray:
    vectors = load_encoder(name).encode_all(GOLDEN["texts"])
    golden = np.array(GOLDEN["vectors"])
    return (vectors * golden).sum(axis=1) / np.linalg.norm(golden, axis=1)


def test_fp32_agrees_with_the_plain_model() -> None:
    assert cosines("fp32").min() >= 0.9999


def test_int8_stays_near_the_plain_model() -> None:
    assert cosines("int8").mean() >= 0.99


def test_vectors_have_length_one() -> None:
    lengths = np.linalg.norm(load_encoder().encode_all(GOLDEN["texts"]), axis=1)
    assert np.allclose(lengths, 1, atol=1e-5)


def test_tuned_encoder_is_small() -> None:
    assert TUNED.stat().st_size <= MAX_TUNED_BYTES


def test_empty_text_has_a_vector() -> None:
    assert load_encoder().encode("").shape == (384,)


def test_damaged_graph_is_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(TUNED.read_bytes()[:1000])
    with pytest.raises(EncoderUnavailable, match="cannot be loaded"):
        Encoder(damaged, model_folder() / "tokenizer.json")


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    from language.encoder_build import read_weights

    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(EncoderUnavailable, match="damaged"):
        read_weights(tmp_path)
