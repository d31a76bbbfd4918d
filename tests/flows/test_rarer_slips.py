"""Slips that are rarer than those of test_broken_scripts.py, told with their code where they are; and every warning
silenced by its name.

The mark ▲ in a text is where the finding must point; it is taken out before the folder is written.
"""

# ruff: noqa: E501 - a bot stands on one line, so that the column of a finding can be marked in it

from pathlib import Path

import pytest

from huashu.flows.codes import WARNINGS
from huashu.flows.messages import MESSAGES
from tests.flows.folders import BOT, FLOW, KNOWLEDGE, MARK, STEPS, check_files, marked
from tests.flows.test_path_checks import WARNED

pytestmark = pytest.mark.engine

Files = dict[str, str]


def steps(text: str, more: str = "") -> Files:
    files = {"flows/a.yaml": STEPS + text}
    return {**files, "bot.yaml": BOT + more} if more else files


TRIAL = "experiments: {开场: {A: 1, B: 1}}\n"

CASES: list[tuple[str, Files]] = [
    ("unknown_experiment", steps('- 甲: {if: [{when: arm.▲结尾 == "B", go: 乙}]}\n- 乙: {}\n', TRIAL)),
    ("unknown_arm", steps('- 甲: {if: [{when: arm.开场 == "▲C", go: 乙}]}\n- 乙: {}\n', TRIAL)),
    ("experiment_arms", {"bot.yaml": BOT + "experiments: {▲开场: {A: 1}}\n"}),
    ("experiment_unused", {"bot.yaml": BOT + "experiments: {▲开场: {A: 1, B: 1}}\n"}),
    ("duplicate_answer", steps("- 问: {ask: 好吗？, answers: {肯定: {}, ▲'肯定, 否定': {}}}\n")),
    ("duplicate_base", {"knowledge/b.yaml": KNOWLEDGE.replace("base: ", "base: ▲")}),
    (
        "duplicate_list",
        {
            "nlu/a.yaml": "intents: {太贵: [太贵了]}\nlists: {身份: {甲: [子]}}\n",
            "nlu/b.yaml": "lists: {▲身份: {乙: [丑]}}\n",
        },
    ),
    ("template_length", steps(f"- 说: {{say: {'好，' * 1000}▲好啊}}\n")),
    ("identity_open", {"bot.yaml": BOT.replace("身份: text", "身份: {type: id_number, ▲private: false}")}),
    ("any_of_alone", steps("- 说: {say: {any_of: [您好。], ▲text: 好}}\n")),
    ("hotwords_kind", steps("- 说: {say: 您好。, barge_in: {kind: speech, ▲hotwords: [停]}}\n")),
    ("failed_without", steps("- 问: {ask: 好吗？, answers: {肯定: {end: completed, ▲failed: {end: error}}}}\n")),
    ("else_alone", steps("- 甲: {if: [{when: 期数 > 3, go: 乙}, {▲else: 乙, set: {期数: 3}}]}\n- 乙: {}\n")),
    ("lines_unlisted", {"lines/en-US.yaml": "▲主流程.开场: {say: Hello}\n"}),
    ("expression_length", steps(f"- 甲: {{if: [{{when: {'1 + ' * 125}▲{'1 + ' * 20}1 > 3, go: 乙}}]}}\n- 乙: {{}}\n")),
    ("expression_depth", steps(f"- 甲: {{if: [{{when: {'(' * 60}期数{')' * 60} > 3, go: 乙}}]}}\n- 乙: {{}}\n")),
    (
        "call_link_loop",
        {
            **steps("- ▲甲: {call: 旁}\n- 乙: {ask: 好吗？, answers: {肯定: {}}}\n"),
            "flows/b.yaml": "flow: 旁\nsteps:\n- 回: {ask: 好吗？, answers: {肯定: {link: 主流程}}}\n",
        },
    ),
    ("folder_too_big", {f"nlu/{n:03}.yaml": f"intents: {{意图{n}: [例句{n}]}}\n" for n in range(510)}),
]


@pytest.mark.parametrize(("code", "files"), CASES, ids=[case[0] for case in CASES])
def test_a_slip_is_told_where_it_is(tmp_path: Path, code: str, files: Files) -> None:
    report = check_files(tmp_path, files)
    shown = "\n".join(map(str, report.findings))
    found = sorted((item.file, item.line, item.column) for item in report.findings if item.code == code)
    assert found, shown
    if marked(files):
        assert found == marked(files), shown
    assert {item.code for item in report.errors} <= {code}, shown


SILENCED = [(code, files) for code, files in [*WARNED, *CASES] if code in WARNINGS and marked(files)]


@pytest.mark.parametrize(("code", "files"), SILENCED, ids=[f"{n}-{case[0]}" for n, case in enumerate(SILENCED)])
def test_every_warning_is_silenced_by_its_name_and_by_no_other(tmp_path: Path, code: str, files: Files) -> None:
    def commented(name: str) -> Files:
        """The comment above each line that is told about."""
        note = f"# huashu: ignore={name}"
        lines = {path: text.split("\n") for path, text in files.items()}
        return {
            path: "\n".join(part for line in found for part in ([note, line] if MARK in line else [line]))
            for path, found in lines.items()
        }

    assert code not in {item.code for item in check_files(tmp_path / "own", commented(code)).findings}
    other = next(name for name in sorted(WARNINGS) if name != code)
    assert code in {item.code for item in check_files(tmp_path / "other", commented(other)).findings}


def test_what_the_checker_is_for_has_a_code() -> None:
    named = {
        "unreachable_step", "dead_answer", "same_examples", "shadowed_anytime", "unset_variable", "needs_unmet", "no_translation",
        "long_line", "disclosure_skipped", "private_spoken", "endless_loop", "unbounded_loop", "silent_loop",
    }  # fmt: skip
    assert named <= set(MESSAGES)
    assert FLOW
