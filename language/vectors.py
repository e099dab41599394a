"""Keeps the vectors of texts that were encoded before, so that a start does not encode everything anew."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime

from language.encoder import DIMENSIONS, Encoder, cache_folder


class VectorCache:
    """Vectors by text, in one file for each encoder and onnxruntime, since their last digits differ.

    The file is only ever replaced as a whole; a damaged one counts as empty.
    """

    def __init__(self, encoder: Encoder, path: Path | None = None) -> None:
        self._encoder = encoder
        self._path = path or cache_folder() / "vectors" / f"{encoder.name}-{onnxruntime.__version__}.npz"
        self._vectors = self._read()

    def encode_all(self, texts: Sequence[str]) -> np.ndarray:
        """Return one row for each text: float32, shape (n, 384). Encodes and stores what is new."""
        new = [text for text in dict.fromkeys(texts) if _key(text) not in self._vectors]
        for text in new:
            self._vectors[_key(text)] = self._encoder.encode(text)
        if new:
            self._write()
        rows = [self._vectors[_key(text)] for text in texts]
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS), dtype=np.float32)

    def _read(self) -> dict[bytes, np.ndarray]:
        try:
            with np.load(self._path) as stored:
                return dict(zip((bytes(key) for key in stored["keys"]), stored["vectors"], strict=False))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return {}

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(f".{os.getpid()}.partial")
        keys = np.array([list(key) for key in self._vectors], dtype=np.uint8)
        with partial.open("wb") as file:
            np.savez(file, keys=keys, vectors=np.stack(list(self._vectors.values())))
        os.replace(partial, self._path)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()
