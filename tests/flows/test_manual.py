"""docs/flow-language.md is kept true: its one-line examples of a step are read without a finding, its lists are whole."""

import re
from pathlib import Path

import pytest

from huashu.flows.check import check
from huashu.flows.messages import WARNINGS
from tests.flows.folders import write

pytestmark = pytest.mark.engine

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "flow-language.md").read_text(encoding="utf-8")
PARTS = MANUAL[MANUAL.index("| part | meaning |") : MANUAL.index("A reaction (`answers`")]
SHAPE = {"wrong_type", "unknown_key", "missing_key", "unknown_word", "syntax", "text_colon", "bracket_open", "indent"}


@pytest.mark.parametrize("line", re.findall(r"^\| `([a-z_]+: [^`]+)`", PARTS, re.MULTILINE))
def test_an_example_of_a_part_is_shaped_as_the_checker_wants_it(tmp_path: Path, line: str) -> None:
    flow = f"flow: 甲\nsteps:\n- 步:\n    {line}\n"
    report = check(write(tmp_path, {"bot.yaml": "bot: b\n", "flows/a.yaml": flow}))
    assert SHAPE.isdisjoint(found.code for found in report.findings), "\n".join(map(str, report.findings))


def test_every_warning_is_listed() -> None:
    assert sorted(code for code in WARNINGS if f"`{code}`" not in MANUAL) == []
