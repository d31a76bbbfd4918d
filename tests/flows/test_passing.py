"""What the checker tells of values that pass between flows."""

from pathlib import Path

import pytest

from huashu.flows.check import Report
from huashu.flows.keys import CHINESE
from tests.flows.folders import check_files

pytestmark = pytest.mark.engine

BOT = """\
bot: ratings
language: zh-CN
start: 主
variables:
  问题: text
  分数: integer
  态度分: integer
  卡号: {type: digits, private: true}
  来电: {type: text, given: true, example: 张伟}
defaults: {silence: [{after: 5s, end: no_input}], unclear: [{end: no_match}]}
"""
RATE = "flow: 打分\nlocal: [问题, 分数]\nsteps:\n- 问分: {collect: 分数, prompt: 【问题】几分？}\n"


def checked(folder: Path, call: str, *, rate: str = RATE, bot: str = BOT) -> Report:
    main = f"flow: 主\nsteps:\n- 打: {{say: 【来电】您好。, call: {call}}}\n"
    return check_files(folder, {"bot.yaml": bot, "flows/a.yaml": main, "flows/b.yaml": rate})


def codes(report: Report) -> list[str]:
    return [found.code for found in report.findings]


def test_a_call_with_values_is_clean(tmp_path: Path) -> None:
    call = "{flow: 打分, with: {问题: 态度}, keep: {态度分: 分数}}"
    assert codes(checked(tmp_path, call)) == []


@pytest.mark.parametrize(
    ("call", "code", "near"),
    [
        ("{flow: 打分儿}", "unknown_flow", "打分"),
        ("{flow: 打分, with: {问提: 态度}}", "with_not_local", "问题"),
        ("{flow: 打分, with: {态度分: 1}}", "with_not_local", ""),
        ("{flow: 打分, with: {问题: 态度, 分数: 很好}}", "not_canonical", ""),
        ("{flow: 打分, with: {问题: =态度粉}}", "unknown_name", "态度分"),
        ("{flow: 打分, with: {问题: =卡号}}", "private_passed", ""),
        ("{flow: 打分, with: {问题: 态度}, keep: {态度粉: 分数}}", "unknown_variable", "态度分"),
        ("{flow: 打分, with: {问题: 态度}, keep: {态度分: 分书}}", "unknown_variable", "分数"),
        ("{flow: 打分, with: {问题: 态度}, keep: {态度分: 问题}}", "keep_type", ""),
        ("{flow: 打分, with: {问题: 态度}, keep: {态度分: 态度分}}", "keep_unset", ""),
        ("{with: {问题: 态度}}", "missing_key", ""),
        ("打分", "unset_variable", ""),
    ],
)
def test_what_is_wrong_with_a_call_is_told(tmp_path: Path, call: str, code: str, near: str) -> None:
    report = checked(tmp_path, call)
    assert code in codes(report), list(map(str, report.findings))
    assert near in next(str(found) for found in report.findings if found.code == code)


def test_a_private_result_is_kept_in_a_private_variable_only(tmp_path: Path) -> None:
    rate = "flow: 打分\nlocal: [卡号]\nsteps:\n- 问: {collect: 卡号, prompt: 卡号？}\n"
    assert "keep_type" in codes(checked(tmp_path, "{flow: 打分, keep: {问题: 卡号}}", rate=rate))
    bot = BOT.replace("  问题: text", "  问题: digits\n  密: {type: digits, private: true}")
    assert "private_passed" in codes(checked(tmp_path, "{flow: 打分, keep: {问题: 卡号}}", rate=rate, bot=bot))
    assert codes(checked(tmp_path, "{flow: 打分, keep: {密: 卡号}}", rate=rate, bot=bot)) == []


def test_what_comes_with_the_call_is_no_flows_own(tmp_path: Path) -> None:
    rate = RATE.replace("[问题, 分数]", "[问题, 分数, 来电]")
    assert "local_given" in codes(checked(tmp_path, "{flow: 打分, with: {问题: 甲}}", rate=rate))


def test_a_result_has_a_value_behind_the_call_and_the_runs_own_has_none(tmp_path: Path) -> None:
    main = """flow: 主
steps:
- 打: {say: 【来电】您好。, call: {flow: 打分, with: {问题: 态度}, keep: {态度分: 分数}}}
- 说: {say: 【态度分】%s}
"""
    files = {"bot.yaml": BOT, "flows/b.yaml": RATE}
    assert codes(check_files(tmp_path, {**files, "flows/a.yaml": main % ""})) == []
    report = check_files(tmp_path, {**files, "flows/a.yaml": main % "【分数】"})
    assert [(found.code, found.line) for found in report.findings] == [("unset_variable", 4)]


def test_a_value_the_caller_had_is_back_behind_the_call(tmp_path: Path) -> None:
    main = """flow: 主
steps:
- 设: {say: 【来电】您好。, set: {分数: 1}}
- 打: {call: {flow: 打分, with: {问题: 甲}}}
- 说: {say: 【分数】}
"""
    assert codes(check_files(tmp_path, {"bot.yaml": BOT, "flows/a.yaml": main, "flows/b.yaml": RATE})) == []


def test_a_variable_of_a_runs_own_counts_no_rounds(tmp_path: Path) -> None:
    """It is set back on every run, so that a loop over runs of the flow has no bound by it."""
    bot = BOT.replace("  态度分: integer", "  态度分: integer\n  轮: {type: integer, default: 0}")
    loop = """flow: 打分
local: [轮%s]
steps:
- 问: {ask: 还要吗？, answers: {肯定: {}, 否定: {end: completed}}}
- 数: {set: {轮: "=轮 + 1"}, if: [{when: 轮 >= 3, end: completed}, {else: 走}]}
- 走: {link: 打分}
"""
    report = checked(tmp_path, "打分", rate=loop % "", bot=bot)
    assert "unbounded_loop" in codes(report)
    free = loop.replace("local: [轮%s]\n", "")
    assert "unbounded_loop" not in codes(checked(tmp_path, "打分", rate=free, bot=bot))


def test_a_question_of_a_runs_own_is_asked_in_every_run(tmp_path: Path) -> None:
    """Filled once, a question is passed over for ever: not when its variable is emptied on entry."""
    loop = "flow: 打分\nlocal: [分数]\nsteps:\n- 问: {collect: 分数, prompt: 几分？}\n- 走: {link: 打分}\n"
    assert "silent_loop" not in codes(checked(tmp_path, "打分", rate=loop))
    assert "unbounded_loop" in codes(checked(tmp_path, "打分", rate=loop))
    assert "silent_loop" in codes(checked(tmp_path, "打分", rate=loop.replace("local: [分数]\n", "")))


def test_chinese_spelling(tmp_path: Path) -> None:
    bot = BOT.replace("start: 主", "start: 主")
    rate = "流程: 打分\n局部: [问题, 分数]\n步骤:\n- 问分: {收集: 分数, 提示: 【问题】几分？}\n"
    main = "流程: 主\n步骤:\n- 打: {说: 【来电】您好。, 调用: {流程: 打分, 带入: {问题: 态度}, 带回: {态度分: 分数}}}\n"
    assert codes(check_files(tmp_path, {"bot.yaml": bot, "flows/a.yaml": main, "flows/b.yaml": rate})) == []
    assert (CHINESE["local"], CHINESE["with"], CHINESE["keep"]) == ("局部", "带入", "带回")
