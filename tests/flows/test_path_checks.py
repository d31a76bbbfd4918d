"""Bots that load and yet are wrong, or could go on for ever: each is told with its code, at the right place.

The mark ▲ in a text is where the finding must point; it is taken out before the folder is written.
"""

# ruff: noqa: E501, UP031 - a bot stands on one line, so that the column of a finding can be marked in it

from pathlib import Path

import pytest

from huashu.flows.check import check
from huashu.flows.codes import WARNINGS
from tests.flows.folders import BOT, MARK, STEPS, check_files, marked

pytestmark = pytest.mark.engine

Files = dict[str, str]
ASK = "ask: 可以吗？, answers: {肯定: {}}"


def steps(text: str, **flows: str) -> Files:
    return {"flows/a.yaml": STEPS + text, **{f"flows/{name}.yaml": flow for name, flow in flows.items()}}


def bot(old: str, new: str) -> str:
    assert old in BOT
    return BOT.replace(old, new)


COUNTS = bot("variables:\n", "variables:\n  轮: {type: integer, default: 0}\n")

ENDLESS: list[Files] = [
    # nobody needs to say a word
    steps("- ▲问: {ask: 在吗？, answers: {肯定: {}}, silence: [{after: 5s, go: 问}]}\n"),
    steps("- 做: {do: act, failed: {go: 做}}\n".replace("做:", f"{MARK}做:", 1)),
    steps("- ▲做: {do: act, timeout: 2s, failed: {say: 再试一次。, go: 做}}\n"),
    steps('- ▲查: {do: act, if: [{when: 身份 == "好", end: completed}, {else: 查}]}\n'),
    steps("- ▲问: {ask: 在吗？, answers: {肯定: {}}, silence: [{after: 5s, handoff: 客服, failed: {go: 问}}]}\n"),
    steps("- ▲问: {ask: 在吗？, answers: {肯定: {}}, unclear: [{say: 啊？}, {go: 问}]}\n"),
    steps("- ▲问: {ask: 在吗？, answers: {肯定: {}}, unclear: [{handoff: 客服, failed: {go: 问}}]}\n"),
    steps(
        "- 甲: {ask: 在吗？, answers: {肯定: {}}, silence: [{after: 5s, go: 乙}]}\n"
        "- ▲乙: {ask: 还在吗？, answers: {肯定: {}}, silence: [{after: 5s, go: 甲}]}\n"
    ),
    steps("- 一: {say: 好。}\n- ▲二: {ask: 在吗？, answers: {肯定: {}}, silence: [{after: 2s, then: next}], go: 一}\n"),
    steps("- 听: {say: 会录音。, must_hear: {replays: 1, else: 做}}\n- ▲做: {do: act, failed: {go: 听}}\n"),
    steps("- ▲做: {do: act}\n- 转: {handoff: 客服, failed: {go: 做}}\n"),
    steps("- ▲前: {do: act}\n- 问: {times: 3, after: {go: 前}, ask: 可以吗？, answers: {肯定: {go: 前}}}\n"),
    steps(
        "- ▲问: {ask: 在吗？, answers: {肯定: {}}, silence: [{after: 5s, link: 旁}]}\n",
        旁="flow: 旁\nsteps:\n- 回: {do: act, link: 主流程}\n",
    ),
    {
        "bot.yaml": COUNTS,
        **steps("- ▲做: {do: act, set: {轮: 0}, if: [{when: 轮 >= 3, end: completed}, {else: 做}]}\n"),
    },
    {
        "bot.yaml": COUNTS,
        **steps("- ▲做: {do: act, set: {轮: =轮 - 1}, if: [{when: 轮 >= 3, end: completed}, {else: 做}]}\n"),
    },
]
UNBOUNDED: list[Files] = [
    # the caller has to answer each time
    steps("- ▲问: {ask: 还要吗？, answers: {肯定: {go: 问}, 否定: {}}}\n"),
    steps("- 甲: {say: 好。}\n- ▲问: {ask: 还要吗？, answers: {肯定: {go: 甲}, 否定: {}}}\n"),
    steps(
        "- 问: {collect: 期数, prompt: 几期？}\n- ▲对吗: {ask: 对吗？, answers: {肯定: {}, 否定: {set: {期数: =none}, go: 问}}}\n"
    ),
    steps(
        "- ▲菜单: {ask: 办什么？, answers: {肯定: {link: 旁}, 否定: {end: completed}}}\n",
        旁="flow: 旁\nsteps:\n- 说: {say: 好了。, link: 主流程}\n",
    ),
    steps(
        "- ▲菜单: {ask: 办什么？, answers: {肯定: {call: 旁}, 否定: {end: completed}}}\n- 回: {go: 菜单}\n",
        旁="flow: 旁\nsteps:\n- 说: {say: 好了。}\n",
    ),
    steps("- ▲问: {ask: 要吗？, answers: {肯定: {handoff: 客服, failed: {go: 问}}, 否定: {}}}\n"),
    {
        "bot.yaml": COUNTS,
        **steps(
            "- ▲问: {ask: 要吗？, answers: {肯定: {}, 否定: {end: completed}}, if: [{when: 轮 >= 3, end: completed}, {else: 问}]}\n"
        ),
    },
]
WARNED: list[tuple[str, Files]] = [
    ("unset_variable", steps("- 说: {say: 共▲【期数】。}\n")),
    ("unset_variable", steps("- 问: {ask: ▲【期数】对吗？, answers: {肯定: {}}}\n")),
    ("unset_variable", steps("- 算: {set: {期数: ▲=期数 + 1}}\n").copy()),
    ("unset_variable", steps("- 甲: {ask: 好吗？, answers: {肯定: {set: {期数: 3}}, 否定: {}}}\n- 说: {say: 共▲【期数】。}\n")),
    ("unset_variable", steps("- 选: {collect: 期数, prompt: 几期？, unclear: [{go: 说}]}\n- 说: {say: 共▲【期数】。}\n")),
    ("unset_variable", steps("- 甲: {set: {期数: 3}}\n- 乙: {set: {期数: =none}}\n- 说: {say: 共▲【期数】。}\n")),
    ("unset_variable", steps("- 做: {do: act, failed: {say: 没成。}}\n- 说: {say: 共▲【期数】。}\n")),
    ("unset_variable", steps("- 说: {send: {sms: 共【期数】。}, say: 共▲【期数】。}\n".replace("send: {sms: 共【期数】。}, ", ""))),
    ("unset_variable", steps("- 分: {if: [{when: ▲期数 > 3, end: completed}]}\n")),
    ("unset_variable", steps("- 去: {call: 旁}\n- 说: {say: 共▲【期数】。}\n", 旁="flow: 旁\nsteps:\n- 说: {say: 好。}\n")),
    ("needs_unmet", steps("- 查: {▲needs: {身份: 已核实}, say: 好。}\n")),
    ("needs_unmet", steps("- 问: {ask: 本人吗？, answers: {肯定: {set: {身份: 已核实}}, 否定: {}}}\n- 查: {▲needs: {身份: 已核实}, say: 好。}\n")),
    ("needs_unmet", steps("- 设: {set: {身份: 别的}}\n- 查: {▲needs: {身份: 已核实}, say: 好。}\n")),
    (
        "disclosure_skipped",
        steps(
            "- 问: {ask: 听吗？, answers: {肯定: {}, 否定: {go: 办}}}\n- 说: {say: 会录音。, must_hear: true}\n"
            "- ▲办: {say: 好了。, end: 成}\n"
        )
        | {"bot.yaml": BOT + "endings: {成: {result: success}}\n"},
    ),
    (
        "disclosure_skipped",
        steps(
            "- 说: {say: 会录音。, must_hear: {replays: 1, else: 后}}\n- 中: {say: 好。}\n- ▲后: {ask: 办吗？, answers: {肯定: {end: 成}}}\n"
        )
        | {"bot.yaml": BOT + "endings: {成: {result: success}}\n"},
    ),
    ("dead_answer", steps("- 问: {ask: 好吗？, answers: {肯定: {}, ▲查: {knowledge: 常见问题}}}\n")),
    (
        "dead_answer",
        {"bot.yaml": bot("variables:\n", "variables:\n  要吗: yes_no\n"), **steps("- 问: {collect: 要吗, prompt: 要吗？, answers: {▲肯定: {say: 好。}}}\n")},
    ),
    (
        "dead_answer",
        {"nlu/a.yaml": "intents:\n  三期: [三期, 3期]\n", **steps("- 问: {collect: 期数, prompt: 几期？, one_of: [3, 6], answers: {▲三期: {end: completed}}}\n")},
    ),
    (
        "dead_answer",
        {"nlu/a.yaml": "intents:\n  天气: [天气怎么样]\nout_of_scope: [天气怎么样？]\n", **steps("- 问: {ask: 好吗？, answers: {肯定: {}, ▲天气: {}}}\n")},
    ),
    (
        "same_examples",
        {"nlu/a.yaml": "intents:\n  太贵: [太贵了]\n  嫌贵: [▲太贵了！]\n", **steps("- 问: {ask: 好吗？, answers: {太贵: {}, 嫌贵: {end: completed}}}\n")},
    ),
    (
        "same_examples",
        {"nlu/a.yaml": "intents:\n  太贵:\n  - 太贵了\n  嫌贵:\n  - ▲太 贵了\n", **steps("- 问: {ask: 好吗？, answers: {太贵: {end: completed}}}\n")},
    ),
    (
        "shadowed_anytime",
        steps("- 问: {ask: 好吗？, answers: {肯定: {}, ▲别再打: {say: 再听听。, then: back}}}\nanytime: {别再打: {end: completed}}\n"),
    ),
    (
        "shadowed_anytime",
        steps("- 问: {ask: 好吗？, answers: {肯定: {}, ▲转人工: {say: 我能办。, then: stay}}}\nanytime: {转人工: {handoff: 客服}}\n"),
    ),
    ("long_line", steps("- 说: {say: ▲%s}\n" % ("这句话一直说下去没有停顿" * 4))),
    ("long_line", steps("- 问: {ask: ▲好的，%s, answers: {肯定: {}}}\n" % ("这句话一直说下去没有停顿" * 4))),
    (
        "long_line",
        {
            "bot.yaml": bot("language: zh-CN", "language: en-US"),
            "flows/a.yaml": STEPS + "- 说: {say: ▲%s}\n" % ("and so on " * 11).strip(),
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize("files", ENDLESS)
def test_what_goes_round_without_the_caller_is_refused(tmp_path: Path, files: Files) -> None:
    report = check_files(tmp_path, files)
    found = [(item.file, item.line, item.column) for item in report.findings if item.code == "endless_loop"]
    assert found == marked(files), "\n".join(map(str, report.findings))
    assert report.script is None


@pytest.mark.parametrize("files", UNBOUNDED)
def test_what_goes_round_with_the_caller_is_warned_about_and_refused_when_strict(tmp_path: Path, files: Files) -> None:
    report = check_files(tmp_path, files)
    found = [(item.file, item.line, item.column) for item in report.findings if item.code == "unbounded_loop"]
    assert found == marked(files), "\n".join(map(str, report.findings))
    assert report.script is not None
    assert check(tmp_path, strict=True).script is None


@pytest.mark.parametrize(("code", "files"), WARNED)
def test_a_slip_along_a_path_is_told_where_it_is(tmp_path: Path, code: str, files: Files) -> None:
    report = check_files(tmp_path, files)
    found = [(item.file, item.line, item.column) for item in report.findings if item.code == code]
    assert found == marked(files), "\n".join(map(str, report.findings))
    assert code in WARNINGS


RIGHT: list[Files] = [
    steps("- 问: {times: 3, after: {end: completed}, ask: 还要吗？, answers: {肯定: {go: 问}, 否定: {}}}\n"),
    steps("- 做: {times: 2, do: act, failed: {go: 做}}\n"),
    {"bot.yaml": COUNTS, **steps("- 做: {do: act, set: {轮: =轮 + 1}, if: [{when: 轮 >= 3, end: completed}, {else: 做}]}\n")},
    steps("- 选: {collect: 期数, prompt: 几期？}\n- 说: {say: 共【期数】。}\n"),
    steps('- 分: {if: [{when: 期数 != none, go: 说}, {else: 完}]}\n- 说: {say: 共【期数】。}\n- 完: {}\n'),
    steps("- 说: {say: [{text: 共【期数】。, when: 期数 != none}, {text: 好。}]}\n"),
    steps("- 做: {do: act, failed: {end: error}}\n- 说: {say: 共【期数】。}\n"),
    steps("- 问: {ask: 本人吗？, answers: {肯定: {set: {身份: 已核实}}, 否定: {end: completed}}}\n- 查: {needs: {身份: 已核实}, say: 好。}\n"),
    steps("- 说: {say: 会录音。, must_hear: true}\n- 办: {say: 好了。, end: 成}\n") | {"bot.yaml": BOT + "endings: {成: {result: success}}\n"},
    steps("- 问: {ask: 好吗？, answers: {肯定: {}, 转人工: {end: completed}}}\nanytime: {转人工: {handoff: 客服}}\n"),
]  # fmt: skip


@pytest.mark.parametrize("files", RIGHT)
def test_what_is_right_is_not_told(tmp_path: Path, files: Files) -> None:
    report = check_files(tmp_path, files)
    told = {code for code, _ in WARNED} | {"endless_loop", "unbounded_loop"}
    assert [str(item) for item in report.findings if item.code in told or item.severity == "error"] == []


def test_a_private_value_may_be_spoken_behind_needs_on_every_path(tmp_path: Path) -> None:
    text = (
        "- 问: {ask: 本人吗？, answers: {肯定: {set: {身份: 已核实}}, 否定: {%s}}}\n"
        "- 查: {do: act, failed: {end: error}}\n- 报: {say: 共【金额】。}\n- 完: {needs: {身份: 已核实}, say: 好。}\n"
    )
    assert "private_spoken" not in {
        item.code for item in check_files(tmp_path / "a", steps(text % "end: completed")).findings
    }
    report = check_files(tmp_path / "b", steps(text % "go: 查"))
    assert [item.code for item in report.errors] == ["private_spoken"]


@pytest.mark.parametrize(
    "comment",
    [
        "- 说: {say: 共【期数】。}  # huashu: ignore=unset_variable\n",
        "# huashu: ignore=long_line, unset_variable\n- 说: {say: 共【期数】。}\n",
        "- 说:\n    say: 共【期数】。 # huashu: ignore=unset_variable\n",
    ],
)
def test_a_warning_is_silenced_by_name(tmp_path: Path, comment: str) -> None:
    assert "unset_variable" not in {item.code for item in check_files(tmp_path, steps(comment)).findings}
    other = comment.replace("unset_variable", "dead_answer")
    assert "unset_variable" in {item.code for item in check_files(tmp_path, steps(other)).findings}


def test_an_error_is_not_silenced(tmp_path: Path) -> None:
    files = steps("- 做: {do: act, failed: {go: 做}}  # huashu: ignore=endless_loop\n")
    assert check_files(tmp_path, files).script is None


def test_a_finding_is_told_in_the_language_of_the_bot(tmp_path: Path) -> None:
    (loop,) = [item for item in check_files(tmp_path, UNBOUNDED[0]).findings if item.code == "unbounded_loop"]
    assert "问 → 问" in loop.message
    assert "次数" in loop.hint or "times" in loop.hint


def test_there_are_enough_wrong_bots() -> None:
    assert len(ENDLESS) + len(UNBOUNDED) + len(WARNED) >= 40


def test_what_follows_a_question_left_out_is_reached_and_has_no_value(tmp_path: Path) -> None:
    steps = (
        "- 问: {collect: 期数, prompt: 几期？, skip: {go: 后}, answers: {否定: {end: completed}}, go: 完}\n"
        "- 后: {say: 分【期数】期。}\n"
        "- 完: {end: completed}\n"
    )
    codes = [found.code for found in check_files(tmp_path, {"flows/a.yaml": STEPS + steps}).findings]
    assert "unreachable_step" not in codes
    assert "unset_variable" in codes
