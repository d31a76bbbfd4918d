"""Mistakes in tests/*.yaml are told with their place, all at once."""

from datetime import datetime
from pathlib import Path

import pytest

from huashu.core.errors import ScriptError
from huashu.lab.script import BotSays, CallerSays, Expected, Interrupt, Keys, Mock, Noise, Silence
from huashu.lab.transcript import load_tests

pytestmark = pytest.mark.unit


def write(folder: Path, text: str, language: str = "en-US") -> Path:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "bot.yaml").write_text(f"bot: x\nlanguage: {language}\n", encoding="utf-8")
    (folder / "tests" / "a.yaml").write_text(text, encoding="utf-8")
    return folder


def test_both_spellings_say_the_same(tmp_path: Path) -> None:
    english = """\
test: x
set: {金额: "1.50", 期数: 3}
medium: text
at: 2026-03-04T10:30
turns:
- bot: [a, b]
- caller: 六期
  confidence: 0.6
  repeat: 2
- silence: 300ms
- interrupt: {after: 0.5s, noise: 1s}
- dtmf: 12
- action: {make: [{ok: false}, {每期: 2.50, after: 3s}]}
- expect: {step: s, slots: {期数: 6}, opt_out: false}
"""
    chinese = """\
测试: x
设: {金额: "1.50", 期数: 3}
媒介: 文字
时间: 2026-03-04T10:30
对话:
- 机器人: [a, b]
- 客户: 六期
  置信度: 0.6
  重复: 2
- 沉默: 300毫秒
- 打断: {之后: 0.5秒, 噪音: 1秒}
- 按键: 12
- 动作: {make: [{成功: false}, {每期: 2.50, 之后: 3秒}]}
- 期望: {步骤: s, 变量: {期数: 6}, 拒绝来电: false}
"""
    (one,) = load_tests(write(tmp_path, english))
    assert (one,) == load_tests(write(tmp_path, chinese))
    assert one.at == datetime(2026, 3, 4, 10, 30)
    assert one.set == {"金额": "1.50", "期数": 3}
    kinds = [type(turn.what) for turn in one.turns]
    assert kinds == [BotSays, CallerSays, Silence, Interrupt, Keys, Mock, Expected]
    assert one.turns[1].what == CallerSays("六期", 0.6)
    assert one.turns[1].times == 2
    assert one.turns[3].what == Interrupt(0.5, Noise(1.0))
    assert one.turns[4].what == Keys("12")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("turns: [bot: a]", "1:1", "needs a name"),
        ("test: x", "1:1", "needs `turns:`"),
        ("test: x\nturns: []", "2:8", "list of turns"),
        ("test: x\nturns: [{bot: a, caller: b}]", "2:9", "exactly one of"),
        ("test: x\nturns:\n- cal1er: b", "3:3", "did you mean 'caller'?"),
        ("test: x\nturns: [silence: long]", "2:18", "no duration"),
        ("test: x\nturns: [dtmf: 1a]", "2:15", "keys are"),
        ("test: x\nturns: [bot: [a, [b]]]", "2:18", "text is wanted"),
        ("test: x\nturns: [expect: {lable: A}]", "2:18", "did you mean 'label'?"),
        ("test: x\nturns: [{caller: a, confidence: 2}]", "2:33", "from 0 to 1"),
        ("test: x\nturns: [{bot: a, 重复: 2}]", "2:18", "mixes Chinese and English"),
        ("test: x\nturns: [not_answered: asleep]", "2:23", "none of"),
        ("test: x\nat: noon\nturns: [bot: a]", "2:5", "local date and time"),
        ("test: x\nturns: [bot: a\n", "2:8", "not closed"),
        ("test: x\ntest: y\nturns: [bot: a]", "2:1", "here twice"),
        ("test: x\nturns: [action: {make: 3}]", "2:24", "an answer is a mapping"),
        ("test: x\nturns: [{bot: a, repeat: 0}]", "2:26", "whole number"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, place: str, words: str) -> None:
    with pytest.raises(ScriptError) as error:
        load_tests(write(tmp_path, text))
    assert f"tests/a.yaml:{place}: " in str(error.value)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("测试: x\n对话: [{客户: a, 机器人: b}]", "2:6", "只能有其中一个：机器人, 客户"),
        ("测试: x\n对话:\n- 客户： 喂\n", "3:5", "英文冒号"),
        ("测试：x\n对话:\n- 客户: 喂\n", "1:3", "英文冒号"),
        ("测试: x\n对话:\n- 客户:喂\n- 机器人: 好\n", "3:3", "可用"),
        ("测试: x\n对话:\n- 客服: 喂\n", "3:3", "是不是“客户”？"),
        ("测试: x\n对话:\n- 期望: {结局: a, 拒绝来电: 是的}\n", "3:21", "是 或 否"),
        ("测试: x\n对话:\n\t- 客户: 喂\n", "3:1", "空格"),
        ("测试: x\n对话:\n- 客户: {喂}您好\n", "3:7", "括号"),
        ("测试: x\n对话:\n- 人工: 来了\n", "3:7", "加入"),
    ],
)
def test_a_chinese_bot_is_told_in_chinese(tmp_path: Path, text: str, place: str, words: str) -> None:
    with pytest.raises(ScriptError) as error:
        load_tests(write(tmp_path, text, "zh-CN"))
    assert f"tests/a.yaml:{place}: " in str(error.value)
    assert words in str(error.value)


@pytest.mark.parametrize("key", ["接听", "未接", "人工"])
def test_every_fixed_value_of_a_chinese_test_has_a_chinese_name(tmp_path: Path, key: str) -> None:
    with pytest.raises(ScriptError) as error:
        load_tests(write(tmp_path, f"测试: x\n对话:\n- {key}: 怪\n", "zh-CN"))
    names = str(error.value).split("可用：")[1].split(", ")
    chinese = [name for name in names if not name.isascii()]
    assert len(chinese) * 2 == len(names)
    turns = "".join(f"- {key}: {name}\n" for name in chinese)
    (one,) = load_tests(write(tmp_path, f"测试: x\n对话:\n{turns}", "zh-CN"))
    assert len({repr(turn.what) for turn in one.turns}) == len(chinese)


def test_fixed_values_durations_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = """\
测试: x
对话:
- 沉默: 2分钟
- 动作: {登记: {成功: 否}}
- 期望: {结果: 无应答, 拒绝来电: 是, 已结束: 否}
"""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "a.yml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    (one,) = load_tests(tmp_path)
    silence, action, expected = (turn.what for turn in one.turns)
    assert silence == Silence(120.0)
    assert isinstance(action, Mock)
    assert not action.actions["登记"][0].ok
    assert expected == Expected(result="no_input", opt_out=True, closed=False)


def test_expectations_written_as_a_list_are_told(tmp_path: Path) -> None:
    with pytest.raises(ScriptError):
        load_tests(write(tmp_path, "test: a\nturns:\n- caller: hi\n- expect: [{step: x}]\n"))


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    with pytest.raises(ScriptError) as error:
        load_tests(write(tmp_path, "test: x\nturns: [silence: a, dtmf: b]\n---\nturns: [bot: a]\n"))
    assert len(str(error.value).splitlines()) == 3


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    bomb = "test: x\na: &a [x,x,x,x,x,x,x,x,x,x]\n"
    for name, last in zip("bcdefg", "abcdef", strict=True):
        bomb += f"{name}: &{name} [{','.join(['*' + last] * 10)}]\n"
    with pytest.raises(ScriptError, match="nodes"):
        load_tests(write(tmp_path, bomb + "turns: *g\n"))
