"""docs/flow-language.md is kept true: its examples of a step are read without a finding, its lists are whole."""

import re
from pathlib import Path

import pytest

from huashu.flows.check import check
from huashu.flows.codes import WARNINGS
from huashu.flows.keys import ENGLISH
from tests.flows.folders import write

pytestmark = pytest.mark.engine

DOCS = Path(__file__).resolve().parents[2] / "docs"
MANUAL = (DOCS / "flow-language.md").read_text(encoding="utf-8")
CHINESE = (DOCS / "flow-language.zh-CN.md").read_text(encoding="utf-8")
PARTS = MANUAL[MANUAL.index("| part | meaning |") : MANUAL.index("A reaction (`answers`")]
ZH_PARTS = CHINESE[CHINESE.index("| 部分 | 意思 |") : CHINESE.index("反应（回答")]
EXAMPLE = re.compile(r"^\| `([^`:]+: [^`]+)`", re.MULTILINE)
SHAPE = {
    "wrong_type",
    "unknown_key",
    "missing_key",
    "unknown_word",
    "syntax",
    "mixed_spelling",
    "text_colon",
    "bracket_open",
    "indent",
}


@pytest.mark.parametrize("line", EXAMPLE.findall(PARTS) + EXAMPLE.findall(ZH_PARTS))
def test_an_example_of_a_part_is_shaped_as_the_checker_wants_it(tmp_path: Path, line: str) -> None:
    head = "flow: 甲\nsteps:" if line[0].isascii() else "流程: 甲\n步骤:"
    flow = f"{head}\n- 步:\n    {line}\n"
    report = check(write(tmp_path, {"bot.yaml": "bot: b\n", "flows/a.yaml": flow}))
    assert SHAPE.isdisjoint(found.code for found in report.findings), "\n".join(map(str, report.findings))


def test_every_warning_is_listed() -> None:
    assert sorted(code for code in WARNINGS if f"`{code}`" not in MANUAL) == []


def test_both_manuals_explain_the_same_parts() -> None:
    english = [line.partition(":")[0] for line in EXAMPLE.findall(PARTS)]
    chinese = [line.partition(":")[0] for line in EXAMPLE.findall(ZH_PARTS)]
    assert [ENGLISH[key] for key in chinese] == english
    assert len(english) >= 18


@pytest.mark.parametrize("kind", ["nlu", "knowledge"])
@pytest.mark.parametrize("manual", [MANUAL, CHINESE], ids=["en", "zh"])
def test_the_whole_file_examples_are_shaped_as_the_checker_wants_them(tmp_path: Path, manual: str, kind: str) -> None:
    block = manual[manual.index(f"## {kind}/*.yaml") :].split("```yaml\n")[1].split("```")[0]
    report = check(write(tmp_path, {"bot.yaml": "bot: b\n", f"{kind}/a.yaml": block}))
    assert SHAPE.isdisjoint(found.code for found in report.findings), "\n".join(map(str, report.findings))
