"""`satisfaction` of bot.yaml: what it must name, and the bounds with a flow that is over at once the second time."""

from pathlib import Path

import pytest

from huashu.flows.captions import Words
from huashu.flows.check import Report, check
from huashu.lab.facts import facts
from tests.flows.folders import write

pytestmark = pytest.mark.engine

DOCS = Path(__file__).resolve().parents[2] / "docs"

BOT = """\
bot: b
language: zh-CN
start: 主
actions: http://127.0.0.1:9
variables: {分: integer, 名: text, 初: {type: integer, default: 3}}
"""
MAIN = """\
flow: 主
steps:
- 一: {do: act, timeout: 5s, failed: {}}
- 评: {call: 评}
- 二: {do: act, timeout: 6s, failed: {}}
- 完: {say: 再见。}
"""
RATE = """\
flow: 评
steps:
- 打分:
    collect: 分
    ask_before_filling: true
    prompt: 打几分？
    one_of: [1, 2, 3, 4, 5]
    silence: [{after: 4s, then: next}]
"""


def checked(folder: Path, satisfaction: str, rate: str = RATE, main: str = MAIN) -> Report:
    bot = f"{BOT}satisfaction: {{{satisfaction}}}\n" if satisfaction else BOT
    return check(write(folder, {"bot.yaml": bot, "flows/a.yaml": main, "flows/b.yaml": rate}))


def codes(report: Report) -> list[str]:
    return [found.code for found in report.findings if found.code not in ("default_ladder", "no_ai_disclosure")]


def test_a_right_one(tmp_path: Path) -> None:
    report = checked(tmp_path, "flow: 评, collect: 分, kind: csat")
    assert codes(report) == []
    assert report.script is not None
    assert report.script.satisfaction is not None
    assert not report.script.satisfaction.human_only


@pytest.mark.parametrize(
    ("satisfaction", "code"),
    [
        ("flow: 评, kind: csat", "missing_key"),
        ("flow: 没有, collect: 分, kind: csat", "unknown_flow"),
        ("flow: 评, collect: 没有, kind: csat", "unknown_variable"),
        ("flow: 评, collect: 分, kind: 星级", "unknown_word"),
        ("flow: 评, collect: 名, kind: csat", "satisfaction_unasked"),
        ("flow: 评, collect: 初, kind: csat", "satisfaction_default"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, satisfaction: str, code: str) -> None:
    assert code in codes(checked(tmp_path, satisfaction))


@pytest.mark.parametrize("one_of", ["", "    one_of: [0, 1, 2]\n", "    one_of: [5, 6]\n"])
def test_only_scores_may_be_answered(tmp_path: Path, one_of: str) -> None:
    rate = RATE.replace("    one_of: [1, 2, 3, 4, 5]\n", one_of)
    assert codes(checked(tmp_path, "flow: 评, collect: 分, kind: csat", rate)) == ["satisfaction_scores"]


def test_a_flow_that_only_a_person_leads_to_is_used(tmp_path: Path) -> None:
    main = "flow: 主\nsteps:\n- 完: {say: 再见。}\n"
    assert codes(checked(tmp_path, "", main=main)) == ["flow_unused"]
    assert codes(checked(tmp_path, "flow: 评, collect: 分, kind: csat", main=main)) == []


def test_the_silence_of_a_flow_that_is_over_at_once_is_counted(tmp_path: Path) -> None:
    """Two quiet actions with the question between them: the caller may have been asked before."""
    plain = checked(tmp_path / "a", "").bounds
    once = checked(tmp_path / "b", "flow: 评, collect: 分, kind: csat").bounds
    assert plain is not None
    assert once is not None
    assert plain.dead_air == pytest.approx(4 + 6), "behind the unanswered question"
    assert once.dead_air == pytest.approx(5 + 6)


def test_what_is_quiet_in_it_counts_though_only_a_person_leads_to_it(tmp_path: Path) -> None:
    main = "flow: 主\nsteps:\n- 完: {say: 再见。}\n"
    found = checked(tmp_path, "flow: 评, collect: 分, kind: csat", RATE.replace("4s", "40s"), main).bounds
    assert found is not None
    assert found.dead_air == pytest.approx(40)


@pytest.mark.parametrize("manual", ["flow-language.md", "flow-language.zh-CN.md"])
def test_the_example_of_the_manual_is_right(tmp_path: Path, manual: str) -> None:
    text = (DOCS / manual).read_text(encoding="utf-8")
    zh = manual.endswith("zh-CN.md")
    part = text[text.index("### 满意度调查" if zh else "### Asking how it was") :]
    line, flow = (block.split("```")[0] for block in part.split("```yaml\n")[1:3])
    bot = (
        "机器人: b\n语言: zh-CN\n开始: 主\n变量: {评分: 整数}\n"
        if zh
        else "bot: b\nstart: 主\nvariables: {评分: integer}\n"
    )
    main = "flow: 主\nsteps:\n- 完: {say: 再见。}\n"
    report = check(write(tmp_path, {"bot.yaml": bot + line, "flows/a.yaml": main, "flows/b.yaml": flow}))
    assert codes(report) == [], "\n".join(map(str, report.findings))
    assert report.script is not None
    assert report.script.satisfaction is not None


def test_a_diff_names_it(tmp_path: Path) -> None:
    one = checked(tmp_path / "a", "flow: 评, collect: 分, kind: csat").script
    two = checked(tmp_path / "b", "flow: 评, collect: 分, kind: csat, human_only: true").script
    assert one is not None
    assert two is not None
    words = Words(chinese=True)
    changed = facts(one, words).items() ^ facts(two, words).items()
    assert {key.part for key, _ in changed} == {"satisfaction"}


def test_a_circle_through_it_is_no_wait(tmp_path: Path) -> None:
    main = "flow: 主\nsteps:\n- 评: {call: 评}\n- 再: {go: 评}\n"
    assert "silent_loop" in codes(checked(tmp_path, "flow: 评, collect: 分, kind: csat", main=main))
