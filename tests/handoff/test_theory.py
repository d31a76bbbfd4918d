"""Waits beside Erlang C, in small (bench/handoff.py is the long run)."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.unit

BENCH = Path(__file__).resolve().parents[2] / "bench" / "handoff.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("handoff_bench", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_erlang_c_by_known_values(bench: ModuleType) -> None:
    """Two agents offered one Erlang make one caller in three wait; ten offered seven, 22 in a hundred."""
    assert bench.erlang_c(1, 0.5) == pytest.approx(0.5)
    assert bench.erlang_c(2, 1.0) == pytest.approx(1 / 3)
    assert bench.erlang_c(10, 7.0) == pytest.approx(0.2217, abs=5e-4)


def test_waits_are_what_the_theory_says(bench: ModuleType) -> None:
    sample = bench.waits(4, 0.6, 9000, 3)[900:]
    expected = bench.erlang_c(4, 2.4) * 180.0 / (4 - 2.4)
    mean, half = bench.interval(sample)
    assert abs(mean - expected) <= half
    assert half < 0.4 * expected, "else this says nothing"
