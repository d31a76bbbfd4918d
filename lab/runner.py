"""Runs conversation tests: those of a bot's folder, and reports on them."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from huashu.core.errors import UsageError
from huashu.lab.bank import Backend
from huashu.lab.coverage import Watch
from huashu.lab.holding import Holding
from huashu.lab.places import places
from huashu.lab.report import TestReport, TestResult
from huashu.lab.script import Transcript
from huashu.lab.source import bot_language
from huashu.lab.transcript import load_tests
from huashu.lab.wording import Wording
from huashu.runtime.bot import Bot, load_bot

Clock = Callable[[], float]
"""Seconds of a clock that never runs backwards."""


def run_tests(
    folder: Path | str,
    *,
    only: str | None = None,
    trust: bool = False,
    bot: Bot | None = None,
    clock: Clock = time.perf_counter,
) -> TestReport:
    """Run the tests of a bot's folder.

    only: run only tests whose name or file contains this.
    trust: actions without a mock are run by the folder's `actions.py`; without it they fail.
    bot: the bot when it has been loaded already.
    clock: tells how long each test took; nothing in a test depends on it.

    Raises:
        ScriptError: the bot or one of its tests cannot be read; the message holds every finding.
        UsageError: there is no test to run.
    """
    folder = Path(folder)
    if not folder.is_dir():
        load_bot(folder)  # tells that there is no such folder
    tests = chosen(folder, only)
    return hold_all(bot or load_bot(folder, trust=trust), tests, folder, clock=clock)


def chosen(folder: Path, only: str | None = None) -> tuple[Transcript, ...]:
    """The tests of a folder whose name or file contains a text. Raises ScriptError, UsageError as `run_tests`."""
    tests = tuple(t for t in load_tests(folder) if only is None or only in t.name or only in t.file)
    if not tests:
        tell, name = Wording(bot_language(folder)), folder / "tests"
        raise UsageError(tell("no_tests_like", like=only, name=name) if only else tell("no_tests", name=name))
    return tests


def hold_all(bot: Bot, tests: Sequence[Transcript], folder: Path, *, clock: Clock = time.perf_counter) -> TestReport:
    """Run these tests of a bot's folder."""
    watch = Watch(bot.script, places(folder))
    backend = Backend(bot)
    results: list[TestResult] = []
    try:
        for test in tests:
            began = clock()
            result = Holding(bot, watch, backend, test).result()
            results.append(result.timed(clock() - began))
    finally:
        backend.close()
    return TestReport(bot.script.name, tuple(results), watch.coverage, bot.script.language)


def hold(bot: Bot, test: Transcript) -> TestResult:
    """Run one test whose actions are all in it."""
    return Holding(bot, Watch(bot.script), None, test).result()
