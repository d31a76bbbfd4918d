"""`huashu test --update` writes what really happens where an expectation fails, and nothing else."""

from pathlib import Path

import pytest

from huashu.lab.accepting import Accepted, accept, write
from huashu.lab.bank import Backend
from huashu.lab.coverage import Watch
from huashu.lab.holding import Holding
from huashu.lab.runner import hold_all
from huashu.lab.transcript import load_tests
from huashu.runtime.bot import Bot
from tests.lab.folders import write_bot

pytestmark = pytest.mark.cli


def accepted(small: Bot, folder: Path, text: str) -> Accepted:
    """What one file of tests becomes; it passes then, unless something is left."""
    write_bot(folder, text)
    backend, watch = Backend(small), Watch(small.script)
    try:
        (found,) = accept(small, folder, load_tests(folder), lambda test: Holding(small, watch, backend, test))
    finally:
        backend.close()
    write(folder, [found])
    report = hold_all(small, load_tests(folder), folder)
    assert found.left or report.ok, report.lines()
    return found


def test_a_text_becomes_what_is_said_and_everything_around_it_stays(small: Bot, tmp_path: Path) -> None:
    before = (
        "# 开头\ntest:   一   # 名字\nturns:\n\n- bot: [您好, 本次通话]   # 开场\n"
        "- caller: 是的\n- {bot: '分多少期'}\n- caller: 六期\n  confidence: 0.9\n"
    )
    found = accepted(small, tmp_path, before)
    assert found.after == before.replace(
        "[您好, 本次通话]", "[您好, 这里是江城银行信用卡中心通话会录音, 您是李雷吗？]"
    ).replace("'分多少期'", '"分几期？"')


def test_what_already_holds_is_kept_and_anchors_what_does_not(small: Bot, tmp_path: Path) -> None:
    found = accepted(
        small, tmp_path, "test: x\nturns:\n- bot: 欢迎致电\n- bot: 您是李雷吗\n- bot: ''\n- caller: 不是\n"
    )
    assert found.after.splitlines()[2:4] == ["- bot: 您好这里是江城银行信用卡中心通话会录音", "- bot: 您是李雷吗"]


def test_a_list_of_lines_stays_one(small: Bot, tmp_path: Path) -> None:
    found = accepted(
        small, tmp_path, "test: x\nturns:\n- caller: 是\n- bot:\n  - 错\n  - 也错\n\n# 后面\n- caller: 三期\n"
    )
    assert found.after == "test: x\nturns:\n- caller: 是\n- bot:\n  - 分几期？\n\n# 后面\n- caller: 三期\n"


def test_expectations_become_what_there_is_and_none_is_an_empty_text(small: Bot, tmp_path: Path) -> None:
    found = accepted(
        small,
        tmp_path,
        "测试: x\n对话:\n- 客户: 是的\n- 期望: {步骤: 本人, 变量: {期数: 6}, 意向: A}\n- 客户: 三期\n"
        "- 期望:\n    结局: 不要   # 为什么\n    结果: 拒绝\n    变量: {期数: 12, 每期: '1'}\n"
        "    转人工: 客服\n    已结束: 否\n",
    )
    assert '{步骤: 期数, 变量: {期数: null}, 意向: ""}' in found.after
    assert "结局: 成了   # 为什么\n    结果: 成功\n" in found.after
    assert '变量: {期数: 3, 每期: "33.33333' in found.after
    assert '转人工: ""\n    已结束: true\n' in found.after


def test_times_are_rewritten(small: Bot, tmp_path: Path) -> None:
    found = accepted(
        small,
        tmp_path,
        "test: x\nturns:\n- caller: 是的\n- silence: 5s\n- bot: 还在\n  within: 1s\n- silence: 4s\n"
        "- bot: 再见\n  within: [1s, 2s]\n- expect: {closed: true}\n",
    )
    assert "within: 4.0s\n" in found.after


def test_an_interruption_still_cuts_the_line_it_was_meant_for(small: Bot, tmp_path: Path) -> None:
    found = accepted(
        small, tmp_path, "test: x\nturns:\n- bot: 别的\n- interrupt: {after: 1s, caller: 转人工}\n- bot: 马上\n"
    )
    assert "- interrupt: {after: 1s, caller: 转人工}" in found.after
    assert "请稍等" in found.after


def test_what_the_caller_does_is_never_touched_and_such_a_test_is_left(small: Bot, tmp_path: Path) -> None:
    text = "test: x\nturns: [caller: 不是, caller: 喂, bot: 什么]\n"
    found = accepted(small, tmp_path, text)
    assert (found.after, found.left) == (text, (("x", "对话已经结束了"),))


def test_an_anchor_written_once_for_two_places_is_left(small: Bot, tmp_path: Path) -> None:
    text = "test: x\nturns:\n- bot: &a 别的\n- caller: 是的\n- bot: *a\n"
    assert [name for name, _ in accepted(small, tmp_path, text).left] == ["x"]


def test_what_can_be_rewritten_is_though_something_is_left(small: Bot, tmp_path: Path) -> None:
    found = accepted(small, tmp_path, "test: x\nturns:\n- caller: 是\n- bot: 错\n- expect: {slots: {没有的: 3}}\n")
    assert "- bot: 分几期？\n" in found.after
    assert "没有的" in found.left[0][1]


def test_line_ends_and_the_byte_order_mark_stay(small: Bot, tmp_path: Path) -> None:
    write_bot(tmp_path, "")
    path = tmp_path / "tests" / "a.yaml"
    path.write_bytes("\ufefftest: x\r\nturns:\r\n- bot: 错\r\n".encode())
    backend = Backend(small)
    watch = Watch(small.script)
    found = accept(small, tmp_path, load_tests(tmp_path), lambda test: Holding(small, watch, backend, test))
    backend.close()
    write(tmp_path, found)
    assert path.read_bytes().startswith("\ufefftest: x\r\nturns:\r\n- bot: [您好".encode())
    assert path.read_bytes().endswith("吗？]\r\n".encode())
