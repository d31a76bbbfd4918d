"""The small encoder as an int8 ONNX graph, and at work. The graph takes the numbers of a text's n-grams
(huashu.models.small_encoder.features) and gives `sentence`, their sum brought to length 1. Writing imports onnx,
running onnxruntime.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import MissingExtraError
from huashu.models.onnx_files import open_session
from huashu.models.small_encoder.features import features

Floats = NDArray[np.float32]


def write(table: Floats, path: Path) -> None:
    """`table`: (n-grams, width). A byte a number and one scale a row: its largest number is 127.

    Raises MissingExtraError: onnx is not installed.
    """
    try:
        import onnx
        from onnx import TensorProto, helper, numpy_helper
    except ImportError as error:
        raise MissingExtraError("writing needs onnx: pip install 'huashu[encoder-train]'") from error
    scales = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-9).astype(np.float32) / 127
    held = [
        numpy_helper.from_array(np.round(table / scales).astype(np.int8), "table"),
        numpy_helper.from_array(scales, "scales"),
        numpy_helper.from_array(np.array([0], np.int64), "rows"),
        numpy_helper.from_array(np.array([1e-9], np.float32), "least"),
    ]
    nodes = [
        helper.make_node("Gather", ["table", "numbers"], ["bytes"]),
        helper.make_node("Cast", ["bytes"], ["whole"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["scales", "numbers"], ["each"]),
        helper.make_node("Mul", ["whole", "each"], ["vectors"]),
        helper.make_node("ReduceSum", ["vectors", "rows"], ["sum"], keepdims=0),
        helper.make_node("ReduceL2", ["sum"], ["length"], keepdims=1),
        helper.make_node("Max", ["length", "least"], ["divisor"]),
        helper.make_node("Div", ["sum", "divisor"], ["sentence"]),
    ]
    numbers = helper.make_tensor_value_info("numbers", TensorProto.INT64, ["n"])
    sentence = helper.make_tensor_value_info("sentence", TensorProto.FLOAT, [table.shape[1]])
    graph = helper.make_graph(nodes, "small encoder", [numbers], [sentence], held)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path))


class SmallEncoder:
    """Texts to vectors, without torch. Thread-safe."""

    def __init__(self, path: Path) -> None:
        """Raises EngineError: the file is missing or no graph."""
        self._session = open_session(path)

    def vector(self, text: str) -> Floats:
        """(width,), of length 1."""
        (sentence,) = self._session.run(["sentence"], {"numbers": np.array(features(text), np.int64)})
        return np.asarray(sentence, np.float32)
