"""One trained bot for all tests of the room."""

from collections.abc import Callable
from pathlib import Path

import pytest

from huashu.lab.report import TestReport
from huashu.lab.runner import run_tests
from huashu.runtime.bot import Bot, load_bot
from tests.lab.folders import write_bot

Run = Callable[[str], TestReport]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    folder = write_bot(tmp_path_factory.mktemp("small"), "test: x\nturns: [bot: 您好]\n")
    return load_bot(folder, trust=True, cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def run(small: Bot, tmp_path: Path) -> Run:
    """Run the text of a tests/*.yaml against the small bot."""

    def hold(tests: str) -> TestReport:
        folder = tmp_path if (tmp_path / "tests").exists() else write_bot(tmp_path, tests)
        (folder / "tests" / "a.yaml").write_text(tests, encoding="utf-8")
        return run_tests(folder, bot=small)

    return hold
