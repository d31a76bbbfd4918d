"""`huashu test --watch`: when a file of the bot changes, the tests it concerns are held anew, and what differs is told.

What has changed comes in from outside (watchfiles in the command line, a list in a test), so nothing here waits. A
model is trained only when what it is trained from has changed: `load_bot` keeps models by digest.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from huashu.core.errors import ScriptError, UsageError
from huashu.flows.script import Script
from huashu.lab.coverage import Coverage, Part
from huashu.lab.report import TestReport, TestResult
from huashu.lab.runner import Clock, chosen, hold_all
from huashu.lab.script import Transcript
from huashu.lab.source import bot_language
from huashu.lab.wording import Wording
from huashu.runtime.bot import Bot, load_bot

PARTS = frozenset({"flows", "nlu", "knowledge", "lines", "tests", "rec"})
"""Folders of a bot."""
FILES = frozenset({"bot.yaml", "bot.yml", "actions.py"})
_DIGESTS = frozenset({"flows", "flow_digest", "wording_digest"})
"""Fields of a script that change with any flow; `model_digest` changes when understanding does."""

Identity = tuple[str, str, int]
"""Of a test: file, name, which of that name."""


def concerns(folder: Path, path: Path) -> bool:
    """Whether a file is one that a bot is made of."""
    try:
        inside = path.relative_to(folder)
    except ValueError:
        return False
    return str(inside) in FILES or (inside.parts[0] in PARTS and inside.suffix in (".yaml", ".yml", ".wav"))


@dataclass(frozen=True, slots=True)
class _Run:
    """What is known after the last run."""

    bot: Bot
    tests: Mapping[Identity, Transcript]
    results: Mapping[Identity, TestResult]
    coverage: Coverage

    @property
    def report(self) -> TestReport:
        script = self.bot.script
        return TestReport(script.name, tuple(self.results.values()), self.coverage, script.language)


class Watcher:
    """Holds a folder's tests, and after each change those that it concerns."""

    def __init__(
        self,
        folder: Path,
        *,
        only: str | None = None,
        trust: bool = False,
        cache: Path | None = None,
        clock: Clock = time.perf_counter,
        load: Callable[..., Bot] = load_bot,
    ) -> None:
        """`only`, `trust`, `clock` as for huashu.lab.runner.run_tests; `cache`: where trained models are kept."""
        self._folder = folder
        self._only = only
        self._trust = trust
        self._cache = cache
        self._clock = clock
        self._load = load
        self._last: _Run | None = None
        self._tell = Wording(bot_language(folder))
        self._problem = ""

    @property
    def ok(self) -> bool:
        """Whether every test passes, as far as is known."""
        return not self._problem and self._last is not None and self._last.report.ok

    def watch(self, changes: Iterable[Collection[Path]]) -> Iterable[list[str]]:
        """Lines to show: those of all tests, then the difference that each set of changed files makes."""
        yield self._run(frozenset())
        for paths in changes:
            changed = frozenset(path for path in paths if concerns(self._folder, path))
            if changed and (lines := self._run(changed)):
                yield lines

    def _run(self, changed: Collection[Path]) -> list[str]:
        try:
            tests = _named(chosen(self._folder, self._only))
            bot = self._load(self._folder, trust=self._trust, cache=self._cache)
        except (ScriptError, UsageError) as error:
            told = str(error).splitlines()
            before, self._problem = set(self._problem.splitlines()), str(error)
            return [line for line in told if line not in before] or [self._tell("still_broken", count=len(told))]
        mended, self._problem = bool(self._problem), ""
        last = self._last
        self._tell = Wording(bot.script.language)
        held = list(tests) if last is None else self._affected(last, bot.script, tests, changed)
        began = self._clock()
        report = hold_all(bot, [tests[one] for one in held], self._folder, clock=self._clock)
        seconds = self._clock() - began
        known = dict(zip(held, report.results, strict=True))
        if last is not None:
            known |= {one: _moved(last.results[one], tests[one]) for one in tests if one not in known}
        results = {one: known[one] for one in tests}
        self._last = _Run(bot, tests, results, _together(report.coverage, results.values()))
        if last is None:
            return self._last.report.lines()
        return self._difference(last, self._last, len(held), seconds, mended=mended)

    def _affected(
        self, last: _Run, script: Script, tests: Mapping[Identity, Transcript], changed: Collection[Path]
    ) -> list[Identity]:
        old = last.bot.script
        everywhere = any(path.name == "actions.py" for path in changed) or any(
            getattr(old, one.name) != getattr(script, one.name) for one in fields(script) if one.name not in _DIGESTS
        )
        names = old.flows.keys() | script.flows.keys()
        flows = {name for name in names if old.flows.get(name) != script.flows.get(name)}
        return [
            one
            for one, test in tests.items()
            if everywhere
            or one not in last.results
            or _words(last.tests[one]) != _words(test)
            or (flows and (not last.results[one].passed or not flows.isdisjoint(_flows(last.results[one]))))
        ]

    # --- words ------------------------------------------------------------------------------------------------------

    def _difference(self, old: _Run, new: _Run, held: int, seconds: float, *, mended: bool) -> list[str]:
        tell, language = self._tell, new.bot.script.language
        out: list[str] = [tell("mended")] if mended else []
        for one, result in new.results.items():
            before = old.results.get(one)
            if before is None or (before.failure, before.passed) != (result.failure, result.passed):
                out += result.lines(language)
        out += [tell("test_gone", file=gone[0], name=gone[1]) for gone in old.results if gone not in new.results]
        was, now = _missed(old.coverage), _missed(new.coverage)
        out += [tell("missed", part=part.told(tell)) for key, part in now.items() if key not in was]
        out += [tell("now_reached", part=part.told(tell)) for key, part in was.items() if key not in now]
        if not held and not out:
            return []
        report = new.report
        counts = {"held": held, "seconds": seconds, "passed": report.passed, "failed": report.failed}
        return [*out, tell("again", **counts, share=report.covered)]


def _named(tests: Iterable[Transcript]) -> dict[Identity, Transcript]:
    seen: Counter[tuple[str, str]] = Counter()
    found: dict[Identity, Transcript] = {}
    for test in tests:
        found[test.file, test.name, seen[test.file, test.name]] = test
        seen[test.file, test.name] += 1
    return found


def _words(test: Transcript) -> Transcript:
    """A test wherever in its file it stands."""
    return replace(test, line=0, turns=tuple(replace(turn, line=0) for turn in test.turns))


def _moved(result: TestResult, test: Transcript) -> TestResult:
    """A result that still holds, of a test that stands on another line now."""
    return replace(result, line=test.line) if result.passed else result


def _flows(result: TestResult) -> set[str]:
    return {part.name.partition(".")[0] for part in result.reached if part.kind == "step"}


def _together(coverage: Coverage, results: Iterable[TestResult]) -> Coverage:
    """The coverage of all tests, those of earlier runs included; places may have moved since."""
    reached = Counter((part.kind, part.name) for result in results for part in result.reached)
    counts = {part: reached[part.kind, part.name] for part in coverage.parts if (part.kind, part.name) in reached}
    return Coverage(coverage.parts, counts)


def _missed(coverage: Coverage) -> dict[tuple[str, str], Part]:
    return {(part.kind, part.name): part for part in coverage.missed}
