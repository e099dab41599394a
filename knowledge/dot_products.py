"""Dot products of one vector with many, in whole numbers of seven bits: reading memory takes the time, and there is a quarter to read."""

from __future__ import annotations

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession, SessionOptions

LARGEST = 63
"""Seven bits and not eight: two products of a byte then fit into the 16 bits in which processors without VNNI add them up."""

MIDDLE = 128
"""Stands for 0 in the question's vector, which is written in bytes without a sign."""


class DotProducts:
    """Each row, and the question's vector, is scaled to whole numbers. With vectors of length 1 a product is off by less than 0.01
    (tests/knowledge/test_dot_products.py).
    """

    def __init__(self, rows: np.ndarray) -> None:
        """Take `rows`: float32, shape (n, d); n may be 0."""
        self._scales = _scales(rows, axis=1)
        self._session = _session(np.round(rows / self._scales[:, None] * LARGEST).astype(np.int8))

    def with_vector(self, vector: np.ndarray) -> np.ndarray:
        """Return the product of each row with `vector`, of shape (d,): float32, shape (n,)."""
        scale = _scales(vector, axis=0)
        whole = np.round(vector / scale * (MIDDLE - 1) + MIDDLE).astype(np.uint8)
        products: np.ndarray = self._session.run(None, {"vector": whole[None, :]})[0][0]
        return (products * (self._scales * (scale / LARGEST / (MIDDLE - 1)))).astype(np.float32)


def _scales(values: np.ndarray, axis: int) -> np.ndarray:
    """The largest absolute values; 1 where all are 0."""
    largest = np.abs(values).max(axis=axis, initial=0)
    scales: np.ndarray = np.where(largest > 0, largest, 1).astype(np.float32)
    return scales


def _session(rows: np.ndarray) -> InferenceSession:
    """One product of whole numbers, on one thread: a question is answered sooner than threads are woken."""
    count, width = rows.shape
    multiply = helper.make_node("MatMulInteger", ["vector", "rows", "middle"], ["products"])
    graph = helper.make_graph(
        [multiply],
        "dot_products",
        [helper.make_tensor_value_info("vector", TensorProto.UINT8, [1, width])],
        [helper.make_tensor_value_info("products", TensorProto.INT32, [1, count])],
        [
            numpy_helper.from_array(np.ascontiguousarray(rows.T), "rows"),
            numpy_helper.from_array(np.array(MIDDLE, dtype=np.uint8), "middle"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
