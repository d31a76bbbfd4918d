"""The longest conversation that is found stays under the bound, and stands as a test that anybody can run."""

from pathlib import Path

import pytest

from huashu.lab.coverage import Watch
from huashu.lab.exhausting import find_longest
from huashu.lab.holding import Holding
from huashu.lab.source import Mistakes
from huashu.lab.transcript import read_file
from huashu.runtime.bot import load_bot

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
FOLDERS = ["examples/redelivery_zh", "scripts_market/survey_nps_en", "scripts_market/card_instalment"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_longest_call_is_long_and_under_the_bound(folder: str, tmp_path: Path) -> None:
    bot = load_bot(ROOT / folder)
    found = find_longest(bot)
    assert found is not None
    # How far it gets depends on what the model understands of what is said; a twentieth of the worst is long.
    assert 0.05 * found.bound <= found.seconds <= found.bound
    assert 0.05 * found.bound_turns <= found.bot_turns <= found.bound_turns
    assert found.seconds > bot.script.settings.max_seconds  # which the bounds do not count
    # Written down and read again it is the same call.
    path = tmp_path / "longest.yaml"
    path.write_text(found.yaml(bot.script.language), encoding="utf-8")
    mistakes = Mistakes(bot.script.language)
    (test,) = read_file(path, "tests/longest.yaml", mistakes)
    assert not mistakes.found
    assert not test.limits
    result = Holding(bot, Watch(bot.script), None, test).result()
    assert not result.failure
    assert result.seconds == pytest.approx(found.seconds, abs=0.01)


def test_a_call_without_a_bound_has_no_longest(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "bot.yaml").write_text("bot: loop\n", encoding="utf-8")
    steps = "flow: a\nsteps:\n- 问: {ask: 还要吗？, answers: {肯定: {go: 问}, 否定: {}}}\n"
    (tmp_path / "flows" / "a.yaml").write_text(steps, encoding="utf-8")
    assert find_longest(load_bot(tmp_path)) is None
