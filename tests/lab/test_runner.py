"""Conversation tests hold a bot to what it says and does, at the second it does it."""

from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.lab.runner import run_tests
from tests.lab.conftest import Run

pytestmark = pytest.mark.cli

WHOLE = """\
test: whole
turns:
- bot: [您好, 您是李雷吗]
- caller: 是我
- bot: 分几期
- caller: 三期
- bot: [分3期, 每期33.33]
- expect:
    {ending: 成了, label: A, result: success, slots: {期数: 3}, called: make, closed: true}
"""


def test_a_whole_call_passes_with_the_bots_own_actions(run: Run) -> None:
    report = run(WHOLE)
    assert report.ok, report.lines()
    assert report.lines()[-1] == "small：1 个通过，0 个失败"


def test_the_failure_names_the_line_and_shows_the_conversation(run: Run) -> None:
    report = run("test: wrong\nturns:\n- caller: 是我\n- bot: 分六十期吗\n")
    failed = report.results[0]
    text = "\n".join(report.lines())
    assert (report.passed, report.failed, report.ok) == (0, 1, False)
    assert failed.line == 4
    assert "tests/a.yaml:4: wrong" in text
    assert "分六十期吗" in text
    assert "客户: 是我" in text
    assert "机器人: 分几期？" in text


def test_texts_stand_in_order_and_nothing_means_nothing(run: Run) -> None:
    report = run(
        "test: order\nturns: [bot: [您是李雷吗, 您好这里]]\n"
        "---\ntest: once\nturns: [bot: 您好, bot: 您好]\n"
        "---\ntest: nothing\nturns: [bot: 您好, bot: '']\n"
        "---\ntest: over\nturns: [caller: 不是, caller: 喂]\n"
    )
    order, once, nothing, over = (result.failure for result in report.results)
    assert order.startswith("机器人应该说：您好这里")
    assert once.startswith("机器人应该说：您好")
    assert nothing.startswith("机器人应该什么都不说\n但说的是：这里是")
    assert over == "对话已经结束了"


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("step: 本人", "步骤应该是“本人”，现在在“分期.期数”"),
        ("ending: 不要", "结局应该是 “不要”，现在是 空"),
        ("label: A", "意向应该是 “A”，现在是 空"),
        ("slots: {期数: 3}", "期数应该是 “3期”，现在是 空"),
        ("slots: {奇数: 3}", "没有变量“奇数”，有：期数"),
        ("called: make", "没有执行动作“make”"),
        ("called: mako", "是不是“make”？"),
        ("ending: 不耍", "没有结局“不耍”"),
        ("result: declind", "是不是“declined”？"),
        ("handoff: 客服", "转人工应该是 “客服”，现在是 空"),
        ("sent: 短信", "没有发过含有“短信”的消息"),
        ("opt_out: true", "拒绝来电应该是 是，现在是 否"),
    ],
)
def test_every_expectation_can_fail(run: Run, wanted: str, told: str) -> None:
    report = run(f"test: x\nturns:\n- caller: 是我\n- expect: {{{wanted}}}\n")
    assert report.failed == 1
    assert told in report.results[0].failure


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("set: {奇数: 3}\nturns: [bot: 您好]\n", 1, "没有变量“奇数”"),
        ("set: {期数: 许多}\nturns: [bot: 您好]\n", 1, "“期数”的值不对，应是整数"),
        ("turns:\n- bot: 您好\n- action: {made: {ok: true}}\n", 4, "话术里没有执行动作“made”，是不是“make”？"),
    ],
)
def test_a_name_that_the_script_does_not_have_is_told_at_once(run: Run, text: str, line: int, told: str) -> None:
    (failed,) = run("test: x\n" + text).results
    assert told in failed.failure
    assert failed.line == line


def test_silence_is_counted_from_the_end_of_playback(run: Run) -> None:
    report = run(
        "test: just not\nturns: [silence: 3.9s, bot: '']\n"
        "---\ntest: just so\nturns: [silence: 4.1s, bot: 还在吗, silence: 3.1s, expect: {ending: 没人}]\n"
    )
    assert report.ok, report.lines()


def test_noise_starts_the_silence_anew(run: Run) -> None:
    report = run(
        "test: x\nturns: [silence: 3s, noise: 1s, bot: '', silence: 3.5s, bot: '', silence: 1s, bot: 还在吗]\n"
    )
    assert report.ok, report.lines()


def test_words_cut_a_disclosure_off_and_listeners_tokens_do_not(run: Run) -> None:
    report = run(
        "test: cut\nturns: [interrupt: {after: 1s, caller: 你们是哪里啊}, bot: 通话会录音, caller: 是我]\n"
        "---\ntest: token\nturns: [bot: 您好, interrupt: {after: 1s, caller: 嗯}, caller: 是我, bot: 分几期]\n"
    )
    assert report.ok, report.lines()
    played = [entry.text for entry in report.results[0].record if entry.who == "stop"]
    assert len(played) == 1
    assert 10 < int(played[0].split()[1].rstrip("%")) < 60
    assert not [entry for entry in report.results[1].record if entry.who == "stop"]


def test_interrupting_a_bot_that_is_silent_is_a_mistake_of_the_test(run: Run) -> None:
    report = run("test: x\nturns: [interrupt: {after: 60s, caller: 喂}]\n")
    assert "已经不在说话" in report.results[0].failure


def test_a_slow_action_is_covered_by_words_and_a_dead_one_by_its_failure(run: Run) -> None:
    start = "turns:\n- action: {make: {%s}}\n- caller: 是我\n- caller: 三期\n- bot: 请稍等\n"
    report = run(
        "test: slow\n" + start % "每期: '1.50', after: 3s" + "- bot: 每期1.50\n"
        "---\ntest: dead\n" + start % "每期: '1.50', after: 30s" + "- expect: {ending: 不要}\n"
        "---\ntest: refused\n" + (start % "error: full").replace("- bot: 请稍等\n", "") + "- expect: {ending: 不要}\n"
    )
    assert report.ok, report.lines()


def test_keys_a_person_and_text(run: Run) -> None:
    report = run(
        "test: keys\nturns: [dtmf: '1', bot: 分几期]\n"
        "---\ntest: person\nturns: [caller: 转人工, human: joins, human: leaves, bot: 您是李雷吗]\n"
        "---\ntest: nobody\nturns: [caller: 转人工, expect: {handoff: 客服}, human: fails, expect: {ending: 没人}]\n"
        "---\ntest: text\nmedium: text\nset: {客户: 韩梅梅}\nturns: [bot: 您是韩梅梅吗, caller: 是的, bot: 分几期]\n"
        "---\ntest: voicemail\nturns: [answered_by: voicemail, expect: {result: machine}]\n"
        "---\ntest: unreached\nturns: [not_answered: busy, expect: {result: not_answered, closed: true}]\n"
        "---\ntest: hang up\nturns: [caller: 是我, hangs_up: , expect: {closed: true}]\n"
    )
    assert report.ok, report.lines()


def test_coverage_tells_what_was_not_reached_and_where(run: Run) -> None:
    report = run("test: x\nturns: [caller: 不是, expect: {ending: 不要}]\n")
    missed = {f"{part.kind} {part.name}": part.place for part in report.coverage.unanswered}
    assert "answer 分期.本人.否定" not in missed
    place = missed["answer 分期.本人.肯定"]
    assert place is not None
    assert (place.file, place.line) == ("flows/分期.yaml", 4)
    assert str(missed["ending 成了"]) == "bot.yaml:12"
    assert {
        "anytime 转人工",
        "late 分期.办.1",
        "failed 分期.办",
        "value 分期.期数",
        "silence 分期.本人.2",
    } <= missed.keys()
    assert "unclear 分期.期数.1" not in missed  # inherited: the same ladder as 本人's


def test_a_detour_is_found_where_it_stands_though_its_name_is_also_a_key(run: Run) -> None:
    missed = {part.name: part.place for part in run("test: x\nturns: [bot: 您好]\n").coverage.missed}
    assert str(missed["转人工"]) == "flows/分期.yaml:9"


def test_an_english_bot_is_reported_in_english(run: Run, tmp_path: Path) -> None:
    run("test: x\nturns: [caller: 不是, caller: 喂]\n")
    card = tmp_path / "bot.yaml"
    card.write_text(card.read_text(encoding="utf-8").replace("zh-CN", "en-US"), encoding="utf-8")
    lines = run_tests(tmp_path).lines()
    assert lines[-1] == "small: 0 passed, 1 failed"
    assert any(line.startswith("answers covered ") for line in lines)


def test_a_built_in_ending_and_a_result_go_by_either_name(run: Run) -> None:
    report = run("test: x\nturns: [answered_by: voicemail, expect: {ending: machine, result: 非真人}]\n")
    assert report.ok, report.lines()


def test_the_same_tests_give_the_same_record(run: Run) -> None:
    tests = "test: x\nturns: [interrupt: {after: 5s, noise: 1s}, caller: 是我, caller: 三期, expect: {closed: true}]\n"
    assert run(tests).data() == run(tests).data()


def test_no_test_to_run_is_an_error(run: Run, tmp_path: Path) -> None:
    run("test: x\nturns: [bot: 您好]\n")
    with pytest.raises(UsageError, match="没有名字像“nothing”的测试"):
        run_tests(tmp_path, only="nothing")
