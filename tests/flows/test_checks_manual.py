"""docs/checks.md knows every code of the checker, and calls each what it is."""

import re
from pathlib import Path

import pytest

from huashu.flows.codes import WARNINGS
from huashu.flows.messages import MESSAGES

pytestmark = pytest.mark.engine

MANUAL = (Path(__file__).resolve().parents[2] / "docs" / "checks.md").read_text(encoding="utf-8")
LISTED = dict(re.findall(r"^\| `(\w+)` \| (error|warning) \|", MANUAL, re.MULTILINE))


def test_every_code_is_in_the_manual_and_no_other() -> None:
    assert sorted(LISTED) == sorted(MESSAGES)


def test_the_manual_tells_errors_from_warnings() -> None:
    assert {code for code, kind in LISTED.items() if kind == "warning"} == WARNINGS
