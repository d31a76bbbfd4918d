"""The longest silence that `huashu check` prints is real: a conversation test reaches it, to the second."""

import shutil
from pathlib import Path

import pytest

from huashu.flows.check import check
from huashu.lab.runner import hold
from huashu.lab.transcript import load_tests
from huashu.lab.witness import WITHIN, find, measure
from huashu.runtime.bot import Bot, load_bot

pytestmark = pytest.mark.engine

MARKET = Path(__file__).parents[2] / "scripts_market"


@pytest.mark.parametrize("name", ["appointment_en", "bank_service", "card_instalment"])
def test_the_witness_of_a_stock_script_is_silent_for_as_long_as_printed(
    name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bounds = check(MARKET / name).bounds
    assert bounds is not None
    bot = load_bot(MARKET / name, trust=True, cache=tmp_path_factory.getbasetemp() / "models")
    witness = find(bot)
    assert witness is not None
    assert witness.dead_air == pytest.approx(bounds.dead_air, abs=WITHIN)
    # And as it is written into a file, run by `huashu test`.
    folder = tmp_path / name
    shutil.copytree(MARKET / name, folder, ignore=shutil.ignore_patterns("tests"))
    (folder / "tests").mkdir()
    (folder / "tests" / "witness.yaml").write_text(witness.yaml(bot.script.language), encoding="utf-8")
    (test,) = load_tests(folder)
    result, seconds = measure(bot, test)
    assert not result.failure
    assert seconds == pytest.approx(bounds.dead_air, abs=WITHIN)
    assert hold(bot, test).seconds == result.seconds


def test_a_small_bot_has_one_too(small: Bot) -> None:
    witness = find(small)
    assert witness is not None
    assert witness.pause.kind == "handoff"
    assert witness.dead_air == pytest.approx(witness.bound, abs=WITHIN)
