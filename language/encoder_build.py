"""Builds the sentence encoder's graph from the published weights, once, into the cache.

The graph is BERT as in all-MiniLM-L6-v2 (6 layers, 12 heads, 384 dimensions) with mean pooling and rows of length 1.
Runs on the current Python only (it needs `onnx`); the result runs on both.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

from language.encoder import model_folder, model_path
from language.errors import EncoderUnavailable

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""The digest of upstream's weights file (sentence-transformers/all-MiniLM-L6-v2, model.safetensors)."""

LAYERS, HEADS, WIDTH = 6, 12, 384
HEAD_WIDTH = WIDTH // HEADS
NORM_EPSILON = 1e-12
OPSET = 17
"""The newest operator set in which both onnxruntimes of the two locks agree."""


def build(weights: dict[str, np.ndarray], path: Path, *, small_words: bool = False) -> None:
    """Write the graph for `weights` to `path`.

    Args:
        small_words: keep the table of word pieces in int8, with a scale for each row (one scale for the whole table
            would cost 3.5 points of right answers; a scale for each row costs nothing that can be measured).
    """
    graph = _Graph(weights)
    graph.embed(small_words=small_words)
    for layer in range(LAYERS):
        graph.attend(layer)
        graph.feed_forward(layer)
    graph.pool()
    onnx.save(graph.finish(), path)


class _Graph:
    """Collects nodes; `state` is the name of the tensor that the next part reads."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}
        self.state = ""

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:
        name = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name].astype(np.float32))

    def number(self, value: float) -> str:
        return self.constant(f"number_{value}", np.array(value, dtype=np.float32))

    def whole(self, *values: int) -> str:
        return self.constant("whole_" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def linear(self, source: str, name: str) -> str:
        matrix = self.constant(f"{name}.matrix", self.weights[f"{name}.weight"].T.astype(np.float32))
        return self.node("Add", self.node("MatMul", source, matrix), self.weight(f"{name}.bias"))

    def normalise(self, source: str, name: str) -> str:
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", source, scale, shift, axis=-1, epsilon=NORM_EPSILON)

    def embed(self, *, small_words: bool) -> None:
        table = "embeddings.word_embeddings.weight"
        words = self._small_rows(table) if small_words else self.node("Gather", self.weight(table), "ids")
        length = self.node("Gather", self.node("Shape", "ids"), self.constant("one", np.array(1, dtype=np.int64)))
        ends = self.node("Unsqueeze", length, self.whole(0))
        places = self.node("Slice", self.weight("embeddings.position_embeddings.weight"), self.whole(0), ends, self.whole(0))
        kind = self.constant("kind", self.weights["embeddings.token_type_embeddings.weight"][0].astype(np.float32))
        total = self.node("Add", self.node("Add", words, places), kind)
        self.state = self.normalise(total, "embeddings.LayerNorm")

    def _small_rows(self, table: str) -> str:
        scales = np.abs(self.weights[table]).max(axis=1, keepdims=True) / 127
        rows = np.round(self.weights[table] / scales).astype(np.int8)
        small = self.node("Gather", self.constant(f"{table}.rows", rows), "ids")
        scale = self.node("Gather", self.constant(f"{table}.scales", scales.astype(np.float32)), "ids")
        return self.node("Mul", self.node("Cast", small, to=TensorProto.FLOAT), scale)

    def attend(self, layer: int) -> None:
        name = f"encoder.layer.{layer}.attention"
        query, key, value = (self._heads(f"{name}.self.{part}", turned=part == "key") for part in ("query", "key", "value"))
        scores = self.node("Mul", self.node("MatMul", query, key), self.number(HEAD_WIDTH**-0.5))
        mixed = self.node("MatMul", self.node("Softmax", scores, axis=-1), value)
        joined = self.node("Reshape", self.node("Transpose", mixed, perm=[0, 2, 1, 3]), self.whole(0, 0, WIDTH))
        added = self.node("Add", self.linear(joined, f"{name}.output.dense"), self.state)
        self.state = self.normalise(added, f"{name}.output.LayerNorm")

    def _heads(self, name: str, *, turned: bool) -> str:
        split = self.node("Reshape", self.linear(self.state, name), self.whole(0, 0, HEADS, HEAD_WIDTH))
        return self.node("Transpose", split, perm=[0, 2, 3, 1] if turned else [0, 2, 1, 3])

    def feed_forward(self, layer: int) -> None:
        name = f"encoder.layer.{layer}"
        wide = self.linear(self.state, f"{name}.intermediate.dense")
        curve = self.node("Erf", self.node("Mul", wide, self.number(2**-0.5)))
        bent = self.node("Mul", self.node("Mul", wide, self.number(0.5)), self.node("Add", curve, self.number(1.0)))
        added = self.node("Add", self.linear(bent, f"{name}.output.dense"), self.state)
        self.state = self.normalise(added, f"{name}.output.LayerNorm")

    def pool(self) -> None:
        """Mean over the words, then length 1. One text at a time, so there is no padding to leave out."""
        mean = self.node("ReduceMean", self.state, axes=[1], keepdims=0)
        length = self.node("ReduceL2", mean, axes=[1], keepdims=1)
        self.nodes.append(helper.make_node("Div", [mean, length], ["vector"]))

    def finish(self) -> onnx.ModelProto:
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "length"])
        vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, WIDTH])
        graph = helper.make_graph(self.nodes, "sentence_encoder", [ids], [vector], list(self.constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
        onnx.checker.check_model(model)
        return model


def read_weights(folder: Path) -> dict[str, np.ndarray]:
    """Return the weights in `folder`, after their digest was checked.

    Raises:
        EncoderUnavailable: the file is missing or is not upstream's.
    """
    path = folder / "model.safetensors"
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise EncoderUnavailable(f"The encoder's weights are missing: {path}. Run: make sync") from error
    if digest != WEIGHTS_SHA256:
        raise EncoderUnavailable(f"The encoder's weights are damaged: {path} has SHA-256 {digest}. Run: make sync")
    weights: dict[str, np.ndarray] = load_file(path)
    return weights


def build_small(weights: dict[str, np.ndarray], path: Path, *, small_words: bool) -> None:
    """Write the int8 graph for `weights` to `path`: one scale for each column of a matrix, activations scaled as they come."""
    full = path.with_suffix(".full")
    build(weights, full, small_words=small_words)
    quantize_dynamic(full, path, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8)
    full.unlink()


def prepare() -> None:
    """Build the plain fp32 and int8 graphs into the cache, unless they are there. Writes are atomic."""
    builders: dict[str, Callable[[dict[str, np.ndarray], Path], None]] = {"fp32": build, "int8": partial(build_small, small_words=False)}
    for precision, builder in builders.items():
        path = model_path(precision)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".unfinished")
            builder(read_weights(model_folder()), unfinished)
            os.replace(unfinished, path)


def main() -> int:
    """Prepare the encoder; the exit status is 1 when it cannot be."""
    try:
        prepare()
    except EncoderUnavailable as error:
        print(f"{error} Until then search works on words alone.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
