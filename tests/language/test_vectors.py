"""The vector cache survives damage and encodes nothing twice."""

from pathlib import Path

import numpy as np
import pytest

from language.vectors import VectorCache


class CountingEncoder:
    name = "counting"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, text: str) -> np.ndarray:
        self.encoded.append(text)
        return np.full(384, len(text), dtype=np.float32)


def test_text_is_encoded_once(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    first = VectorCache(encoder, tmp_path / "vectors.npz").encode_all(["a", "bb", "a"])  # type: ignore[arg-type]
    second = VectorCache(encoder, tmp_path / "vectors.npz").encode_all(["bb", "a"])  # type: ignore[arg-type]
    assert encoder.encoded == ["a", "bb"]
    assert np.array_equal(first[:2], second[::-1])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 damaged", b"no archive", b"\x93NUMPY"])
def test_damaged_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors.npz"
    path.write_bytes(content)
    encoder = CountingEncoder()
    assert VectorCache(encoder, path).encode_all(["a"]).shape == (1, 384)  # type: ignore[arg-type]
    assert encoder.encoded == ["a"]


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    assert VectorCache(CountingEncoder(), tmp_path / "v.npz").encode_all([]).shape == (0, 384)  # type: ignore[arg-type]


def test_file_cut_short_counts_as_empty(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    VectorCache(CountingEncoder(), path).encode_all(["a", "bb"])  # type: ignore[arg-type]
    path.write_bytes(path.read_bytes()[:-300])
    encoder = CountingEncoder()
    VectorCache(encoder, path).encode_all(["a"])  # type: ignore[arg-type]
    assert encoder.encoded == ["a"]


def test_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    VectorCache(CountingEncoder(), tmp_path / "vectors.npz").encode_all(["a"])  # type: ignore[arg-type]
    assert [file.name for file in tmp_path.iterdir()] == ["vectors.npz"]
