"""The committed generated code is what the .proto files give."""

import importlib.util
import pathlib

import pytest

pytestmark = pytest.mark.house

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools" / "gen_proto.py"


def test_generated_code_is_up_to_date() -> None:
    pytest.importorskip("grpc_tools", reason="grpcio-tools (extra dev) is not installed")
    spec = importlib.util.spec_from_file_location("gen_proto", TOOL)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.stale() == [], "run tools/gen_proto.py"
