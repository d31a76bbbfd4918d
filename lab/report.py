"""What a run of tests found, as values and as lines for a person."""

from dataclasses import dataclass, replace
from typing import Any

from huashu.lab.coverage import ANSWERS, KINDS, Coverage, Part
from huashu.lab.simulation import Entry
from huashu.lab.wording import Wording

SHOWN = 60
"""Lines of the conversation shown with a failure, the last ones."""


@dataclass(frozen=True, slots=True)
class TestResult:
    __test__ = False  # not a pytest class

    name: str
    file: str
    line: int
    """Where the test begins, or where it failed."""
    failure: str = ""
    """What was expected and what happened; empty: passed."""
    record: tuple[Entry, ...] = ()
    seconds: float = 0.0
    """Length of the call, virtual."""
    wall: float = 0.0
    """Seconds it took to hold it."""
    reached: frozenset[Part] = frozenset()
    """Parts of the script it has come to."""

    @property
    def passed(self) -> bool:
        return not self.failure

    def timed(self, wall: float) -> "TestResult":
        """The same with the seconds it took."""
        return replace(self, wall=wall)

    def lines(self, language: str = "en") -> list[str]:
        """A failure with the whole conversation up to it; a passed test in one line."""
        tell = Wording(language)
        if self.passed:
            return [f"ok    {self.file}:{self.line}: {self.name} ({tell('seconds', seconds=self.seconds)})"]
        told = [f"      {entry.now:7.1f}  {tell.name(entry.who)}: {entry.text}" for entry in self.record[-SHOWN:]]
        if len(self.record) > SHOWN:
            told.insert(0, tell("before", count=len(self.record) - SHOWN))
        return [f"FAIL  {self.file}:{self.line}: {self.name}", *(f"      {x}" for x in self.failure.split("\n")), *told]

    def data(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "file": self.file,
            "line": self.line,
            "passed": self.passed,
            "failure": self.failure,
            "seconds": round(self.seconds, 3),
            "record": [{"now": round(e.now, 3), "who": e.who, "text": e.text} for e in self.record],
        }


@dataclass(frozen=True, slots=True)
class TestReport:
    __test__ = False

    bot: str
    results: tuple[TestResult, ...]
    coverage: Coverage
    language: str = "en"
    """The bot's, in which the lines speak."""

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self.results)

    @property
    def failed(self) -> int:
        return len(self.results) - self.passed

    @property
    def ok(self) -> bool:
        return not self.failed and bool(self.results)

    @property
    def covered(self) -> float:
        """Share of the answers that were reached, 0 to 1; of a bot without any, 1."""
        got, total = self.coverage.share(ANSWERS)
        return got / total if total else 1.0

    def lines(self, *, verbose: bool = False, missed: bool = True) -> list[str]:
        """Failures (all results when `verbose`), the coverage (with what was `missed`), the count."""
        out = [line for result in self.results if verbose or not result.passed for line in result.lines(self.language)]
        out += self.coverage_lines() if missed else self.coverage_lines()[:1]
        out.append(Wording(self.language)("passed", bot=self.bot, passed=self.passed, failed=self.failed))
        return out

    def coverage_lines(self) -> list[str]:
        shares = [(kind, *self.coverage.share((kind,))) for kind in KINDS]
        tell = Wording(self.language)
        parts = ("，" if tell.chinese else ", ").join(f"{tell.name(kind)} {got}/{of}" for kind, got, of in shares if of)
        out = [tell("covered", share=self.covered, parts=parts)]
        return out + [tell("missed", part=part.told(tell)) for part in self.coverage.missed]

    def data(self) -> dict[str, Any]:
        reached, total = self.coverage.share()
        return {
            "bot": self.bot,
            "passed": self.passed,
            "failed": self.failed,
            "results": [result.data() for result in self.results],
            "coverage": {
                "reached": reached,
                "total": total,
                "answers": round(self.covered, 4),
                "missed": [
                    {
                        "kind": part.kind,
                        "name": part.name,
                        "file": part.place.file if part.place else None,
                        "line": part.place.line if part.place else None,
                    }
                    for part in self.coverage.missed
                ],
            },
        }
