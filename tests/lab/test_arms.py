"""Outcomes by arm: the counts, and the interval on a difference."""

from pathlib import Path

import pytest

from huashu.lab.arms import ByArm, difference, wilson
from huashu.lab.campaign import simulate
from huashu.lab.runner import run_tests
from huashu.runtime.bot import load_bot
from tests.lab.folders import write_bot

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("counts", "expected"),
    # Newcombe 1998, table II, method 10
    [((56, 70, 48, 80), (0.0524, 0.3339)), ((9, 10, 3, 10), (0.1705, 0.8090)), ((5, 56, 0, 29), (-0.0381, 0.1926)),
     ((0, 10, 0, 10), (-0.2775, 0.2775)), ((10, 10, 0, 10), (0.6075, 1.0))],
)  # fmt: skip
def test_the_interval_is_the_published_one(counts: tuple[int, int, int, int], expected: tuple[float, float]) -> None:
    assert difference(*counts) == pytest.approx(expected, abs=0.0001)


def test_a_share_of_nothing_has_an_interval_too() -> None:
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=0.0001)


def test_calls_are_counted_in_the_arm_of_each_experiment() -> None:
    counted = ByArm({"开场": ("A", "B"), "语气": ("热情", "平和")})
    counted.add({"开场": "A", "语气": "平和"}, reached=True, result="success")
    counted.add({"开场": "B", "语气": "平和"}, reached=False, result="declined")
    rows = {(row["experiment"], row["arm"]): row for row in counted.data()}
    assert rows["语气", "平和"]["calls"] == 2
    assert rows["语气", "平和"]["results"] == {"success": 1, "declined": 1}
    assert rows["开场", "B"]["goals_reached_over_first_arm"]["high"] <= 1
    assert rows["语气", "热情"]["calls"] == 0


@pytest.fixture
def tried(tmp_path: Path) -> Path:
    folder = write_bot(tmp_path, "test: x\narms: {问法: 直}\nturns:\n- caller: 是我\n- bot: 几期？\n")
    bot = (folder / "bot.yaml").read_text("utf-8") + "experiments: {问法: [绕, 直]}\n"
    (folder / "bot.yaml").write_text(bot, encoding="utf-8")
    flow = (
        (folder / "flows" / "分期.yaml")
        .read_text("utf-8")
        .replace(
            "prompt: [分几期？, 三期还是六期？]",
            'prompt: [{text: 您想分三期还是六期？, when: arm.问法 == "绕"}, {text: 几期？, when: arm.问法 == "直"}]',
        )
    )
    (folder / "flows" / "分期.yaml").write_text(flow, encoding="utf-8")
    return folder


def test_a_conversation_test_chooses_the_arm_and_the_arm_is_covered(tried: Path) -> None:
    report = run_tests(tried, bot=load_bot(tried))
    assert report.ok, report.lines()
    reached = {part.name for part in report.coverage.reached if part.kind == "arm"}
    assert reached == {"问法.直"}
    (tried / "tests" / "a.yaml").write_text("test: x\narms: {问法: 斜}\nturns: [bot: 您好]\n", encoding="utf-8")
    assert "没有“斜”组" in run_tests(tried, bot=load_bot(tried)).results[0].failure


def test_simulated_calls_are_told_by_arm(tried: Path) -> None:
    tally = simulate(tried, callers=60, seed=2, trust=True, jobs=1)
    rows = tally.data()["arms"]
    assert [row["arm"] for row in rows] == ["绕", "直"]
    assert sum(row["calls"] for row in rows) == 60
    assert all(15 < row["calls"] < 45 for row in rows)
    text = "\n".join(tally.lines())
    assert "实验“问法”：" in text
    assert "个百分点（95% 区间）" in text
