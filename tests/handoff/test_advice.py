"""What does not fit between a centre and its bots is told before a caller finds out."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from huashu.cli import app
from huashu.handoff.advice import advice, queues_of, summary
from huashu.handoff.loading import read_plan
from tests.handoff.hall import BEGAN, bot

pytestmark = pytest.mark.unit

CENTRE = """
队列:
  信用卡中心: {时段: 每天 9:00-12:00}
  专家: {技能: {信用卡: 5}}
坐席:
  zhang: {姓名: 张三, 技能: {信用卡: 3}}
"""


def test_every_queue_of_a_script_is_found() -> None:
    assert queues_of(bot().script) == ["信用卡"], "of patterns, ladders and detours"


def test_names_that_only_one_knows_and_queues_for_which_nobody_is_good_enough() -> None:
    plan = read_plan(CENTRE.encode())
    assert advice(plan, [bot().script]) == [
        "话术 card 会转到队列“信用卡”，centre.yaml 里没有这个队列，按默认设置排队（是不是“信用卡中心”？）",
        "队列“专家”（技能 信用卡 5）：centre.yaml 里没有坐席接得了，要靠别的系统来的人",
    ]
    assert advice(read_plan("队列:\n".encode()), [bot().script]) == [], "without queues all have the defaults"


def test_how_the_queues_stand() -> None:
    assert summary(read_plan(CENTRE.encode()), BEGAN) == [
        "信用卡中心: 现在不营业，2026-02-26 09:00 开始; 坐席：张三",
        "专家: 现在营业; centre.yaml 里没有坐席",
    ]


def test_the_command(tmp_path: Path) -> None:
    run = CliRunner().invoke
    (tmp_path / "centre.yaml").write_text(CENTRE, encoding="utf-8")
    folder = str(Path(__file__).parent / "bot")
    good = run(app, ["desk", "check", str(tmp_path), "--bots", folder])
    assert good.exit_code == 0, good.output
    assert "话术 card 会转到队列“信用卡”" in good.output
    (tmp_path / "centre.yaml").write_text("队列:\n  甲: {振铃: 0s}\n", encoding="utf-8")
    bad = run(app, ["desk", "check", str(tmp_path)])
    assert bad.exit_code == 1
    assert "centre.yaml:2:11: 振铃：0s 不在 1s 到 300s 之间" in bad.output
