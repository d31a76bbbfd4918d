"""The small twin of bench/proof_server_kill.py: a killed server loses nothing and doubles nothing."""

import importlib.util
import pathlib
import sys

import pytest

pytestmark = pytest.mark.server

BENCH = pathlib.Path(__file__).resolve().parents[2] / "bench" / "proof_server_kill.py"


async def test_killed_in_mid_conversation_nothing_is_lost_or_doubled(tmp_path: pathlib.Path) -> None:
    spec = importlib.util.spec_from_file_location("proof_server_kill", BENCH)
    assert spec is not None
    assert spec.loader is not None
    proof = importlib.util.module_from_spec(spec)
    sys.modules["proof_server_kill"] = proof  # its dataclasses look their module up by name
    spec.loader.exec_module(proof)
    figures = await proof.prove(4, tmp_path, seed=7)
    assert figures.faults == ()
    assert figures.kills >= 4
