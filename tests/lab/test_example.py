"""examples/redelivery_zh: its conversations are held, and every answer of it is reached."""

from pathlib import Path

import pytest

from huashu.lab.keys import ANSWER_KEYS, EXPECT_KEYS, EXTRA_KEYS, INTERRUPT_KEYS, TEST_KEYS, TURN_KEYS
from huashu.lab.runner import run_tests

pytestmark = pytest.mark.cli

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "redelivery_zh"


def test_the_example_holds_its_conversations_and_reaches_every_answer() -> None:
    report = run_tests(EXAMPLE, trust=True)
    assert report.ok, "\n".join(report.lines())
    assert [str(part) for part in report.coverage.unanswered] == []


def test_every_key_of_a_test_stands_in_the_example() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (EXAMPLE / "tests").iterdir())
    spellings = (TEST_KEYS, TURN_KEYS, EXTRA_KEYS, INTERRUPT_KEYS, ANSWER_KEYS, EXPECT_KEYS)
    words = {word for table in spellings for word in table.values()}
    assert sorted(word for word in words if f"{word}:" not in text) == []
