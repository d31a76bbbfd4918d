"""The proof of bench/proof_values.py, small: every type and language, some values of each, in other words as well."""

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import pytest

from huashu.values.registry import TYPES

pytestmark = pytest.mark.unit


def proof() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "bench" / "proof_values.py"
    spec = importlib.util.spec_from_file_location("proof_values", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_what_is_read_aloud_is_what_would_be_heard(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = proof()
    seen = {"text"}
    for kind, unit, values in module.cases(120, 1, random.Random(3), language):
        tried, wrong = module.prove(kind, unit, language, values)
        assert tried
        assert wrong == 0, capsys.readouterr().out
        seen.add(kind)
    assert seen == set(TYPES)


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_the_same_day_and_time_in_other_words(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    tried, wrong = proof().said_otherwise(1, language)
    assert tried > 3_000
    assert wrong == 0, capsys.readouterr().out
