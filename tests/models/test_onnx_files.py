"""One way to open ONNX weights: what cannot be run is told by its file."""

from pathlib import Path

import pytest

from huashu.core.errors import EngineError
from huashu.models.onnx_files import metadata, open_session

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("content", [b"", b"RIFF not a model", b"\x08\x07"], ids=["empty", "other", "no graph"])
def test_a_file_that_is_no_model_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.onnx"
    path.write_bytes(content)
    with pytest.raises(EngineError, match=r"weights\.onnx is no ONNX model") as caught:
        open_session(path)
    assert caught.value.code == "bad_model"


@pytest.mark.parametrize("opened", [open_session, lambda path: metadata(path, ())])
def test_a_missing_file_is_named(tmp_path: Path, opened: object) -> None:
    assert callable(opened)
    with pytest.raises(EngineError, match=r"weights\.onnx is missing"):
        opened(tmp_path / "weights.onnx")


def test_a_graph_with_an_operator_of_nobodys_is_named(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx, with which the graph is made, is not installed")
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    one, two = (helper.make_tensor_value_info(name, number, [1]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Nobodys", ["x"], ["y"])], "g", [one], [two])
    onnx.save(helper.make_model(graph, ir_version=8), str(tmp_path / "weights.onnx"))
    with pytest.raises(EngineError, match=r"weights\.onnx is no ONNX model"):
        open_session(tmp_path / "weights.onnx")


def test_the_threads_are_those_asked_for(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx", reason="onnx, with which the graph is made, is not installed")
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    one, two = (helper.make_tensor_value_info(name, number, [1]) for name in "xy")
    graph = helper.make_graph([helper.make_node("Neg", ["x"], ["y"])], "g", [one], [two])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(tmp_path / "w.onnx")
    )
    session = open_session(tmp_path / "w.onnx", threads=2, arena=False)
    assert session.get_session_options().intra_op_num_threads == 2
    assert session.run(["y"], {"x": [3.0]})[0].tolist() == [-3.0]
