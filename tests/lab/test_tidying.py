"""`huashu fmt` of conversation tests: one spelling of the keys; comments, order and texts stay."""

from pathlib import Path

import pytest

from huashu.core.errors import ScriptError
from huashu.lab.source import Mistakes
from huashu.lab.tidying import format_tests, respell_test
from huashu.lab.transcript import load_tests

pytestmark = pytest.mark.unit

ENGLISH = """\
test: bot   # test: a comment
"set": {bot: caller}
turns:
- bot: [caller, 'expect: x']
- {caller: test, confidence: 0.5}
- interrupt: {after: 1s, dtmf: "1"}
- action: {ok: {ok: true, slots: 1}}
- hangs_up:
- expect: {slots: {step: 3}, closed: true}
"""
CHINESE = """\
测试: bot   # test: a comment
"设": {bot: caller}
对话:
- 机器人: [caller, 'expect: x']
- {客户: test, 置信度: 0.5}
- 打断: {之后: 1s, 按键: "1"}
- 动作: {ok: {成功: true, slots: 1}}
- 挂断:
- 期望: {变量: {step: 3}, 已结束: true}
"""


def test_keys_are_respelt_and_nothing_that_only_looks_like_one() -> None:
    assert respell_test(ENGLISH, "tests/a.yaml", "zh", Mistakes("en")) == CHINESE
    assert respell_test(CHINESE, "tests/a.yaml", "en", Mistakes("en")) == ENGLISH
    assert respell_test(ENGLISH, "tests/a.yaml", None, Mistakes("en")) == ENGLISH


def test_a_file_that_mixes_spellings_is_mended_by_its_majority() -> None:
    mixed = CHINESE.replace("置信度", "confidence")
    assert respell_test(mixed, "tests/a.yaml", None, Mistakes("en")) == CHINESE


@pytest.mark.parametrize("spelling", ["zh", "en"])
@pytest.mark.parametrize("name", ["card_instalment", "appointment_en"])
def test_respelt_tests_are_the_same_tests(name: str, spelling: str, tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "scripts_market" / name
    (tmp_path / "tests").mkdir()
    (tmp_path / "bot.yaml").write_bytes((folder / "bot.yaml").read_bytes())
    for item in format_tests(folder, spelling):
        (tmp_path / item.file).write_text(item.after, encoding="utf-8")
    assert [test.turns for test in load_tests(tmp_path)] == [test.turns for test in load_tests(folder)]
    assert not any(item.changed for item in format_tests(tmp_path, spelling))


def test_a_broken_file_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "a.yaml").write_text("test: [\n", encoding="utf-8")
    with pytest.raises(ScriptError, match=r"tests/a\.yaml:\d+:\d+"):
        format_tests(tmp_path, "en")
