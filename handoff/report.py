"""How a centre has been doing over days or months, from its record: what an operations manager reads.

A request is a wish for a person, counted once however often it is passed on; a queue and an agent count those that are
passed on to them besides. Waits run from there to the first agent; talks from each agent's taking over to their letting
go. The live figures since midnight are `huashu.handoff.figures`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from huashu.handoff.satisfaction import satisfaction
from huashu.handoff.wording import REPORT, words
from huashu.store.cases import HandoffRow, RatingRow

By = Literal["queue", "agent", "day", "hour", "reason"]
AT_ONCE = 1.0
"""Seconds: who is without a person so soon has not waited: the queue was closed or full."""
COLUMNS = (
    "requests", "answered", "left", "unanswered", "turned_away", "passed_on", "rate", "level", "wait", "longest",
    "talk", "rated", "csat", "nps",
)  # fmt: skip


@dataclass(slots=True)
class Line:
    """One line of a report. Times in seconds; shares 0 to 1; None: there is nothing to tell it by."""

    name: str
    requests: int = 0
    answered: int = 0
    left: int = 0
    """Callers who hung up or were lost while they waited."""
    unanswered: int = 0
    """Nobody came in time: a call back, a message, a ticket, the bot."""
    turned_away: int = 0
    """The queue was closed or full. Not counted in `rate` and `level`."""
    passed_on: int = 0
    """Talks that ended with a transfer, or with somebody else's taking over."""
    in_time: int = 0
    waits: list[float] = field(default_factory=list)
    talks: list[float] = field(default_factory=list)
    ratings: list[RatingRow] = field(default_factory=list)

    @property
    def rate(self) -> float | None:
        """Answered, of those who could wait."""
        return self._share(self.answered)

    @property
    def level(self) -> float | None:
        """Service level: answered within the queue's target."""
        return self._share(self.in_time)

    @property
    def wait(self) -> float | None:
        """Average speed of answer."""
        return sum(self.waits) / len(self.waits) if self.waits else None

    @property
    def longest(self) -> float | None:
        return max(self.waits, default=None)

    @property
    def talk(self) -> float | None:
        """Average time with an agent."""
        return sum(self.talks) / len(self.talks) if self.talks else None

    @property
    def rated(self) -> int:
        return satisfaction(self.ratings).answers

    @property
    def csat(self) -> float | None:
        return satisfaction(self.ratings).csat

    @property
    def nps(self) -> float | None:
        return satisfaction(self.ratings).nps

    def _share(self, count: int) -> float | None:
        could = self.requests - self.turned_away
        return count / could if could else None


def report(
    rows: Iterable[HandoffRow], ratings: Iterable[RatingRow], *, by: By, zone: str, target: Callable[[str], float]
) -> list[Line]:
    """A line for each queue, agent, day, hour of the day or reason, in order of name; the last, named "", is of all.

    rows: of the stages, in any order. target: seconds of a queue's service level.
    """
    place = ZoneInfo(zone)
    lines: dict[str, Line] = {}
    whole = Line("")

    def named(row: HandoffRow) -> str:
        at = datetime.fromtimestamp(row.requested, UTC).astimezone(place)
        known = {"queue": row.queue, "agent": row.agent if row.answered else "-", "reason": row.reason}
        return known.get(by) or at.strftime("%Y-%m-%d" if by == "day" else "%H:00" if by == "hour" else "-")

    seen: set[tuple[str, float]] = set()
    for row in sorted(rows, key=lambda row: (row.call, row.number, "/" in row.id)):  # a caller before who calls back
        name = named(row)
        for line in (lines.setdefault(name, Line(name)), whole):
            if row.answered is not None and row.ended is not None:
                line.talks.append(max(0.0, row.ended - row.answered))
                line.passed_on += row.why in ("passed_on", "handed_over", "taken_over")
            comes = row.reason != "transfer" or (by in ("queue", "agent") and line is not whole)
            if comes and (row.call, row.requested) not in seen:
                _request(line, row, target(row.queue))
        seen.add((row.call, row.requested))
    for rating in ratings:
        at = datetime.fromtimestamp(rating.at, UTC).astimezone(place)
        for name in _rated(rating, by, at):
            lines.setdefault(name, Line(name)).ratings.append(rating)
        whole.ratings.append(rating)
    return [*(lines[name] for name in sorted(lines)), whole]


def _rated(rating: RatingRow, by: By, at: datetime) -> Sequence[str]:
    match by:
        case "queue":
            return (rating.queue or "-",)
        case "agent":
            return rating.served or (rating.agent or "-",)
        case "day":
            return (at.strftime("%Y-%m-%d"),)
        case "hour":
            return (at.strftime("%H:00"),)
        case "reason":
            return ()


def _request(line: Line, row: HandoffRow, target: float) -> None:
    line.requests += 1
    if row.answered is not None:
        waited = max(0.0, row.answered - row.requested)
        line.answered += 1
        line.in_time += waited <= target
        line.waits.append(waited)
    elif row.ended is None:
        line.requests -= 1  # still waits: it is nothing yet
    elif row.why.startswith("caller"):
        line.left += 1
    elif row.ended - row.requested < AT_ONCE:
        line.turned_away += 1
    else:
        line.unanswered += 1


def table(lines: Sequence[Line], language: str) -> list[list[str]]:
    """Heads, then a row a line, in words: minutes and seconds, per cent."""
    rows = [["", *(words(REPORT, column, language) for column in COLUMNS)]]
    for line in lines:
        values = [_shown(column, getattr(line, column)) for column in COLUMNS]
        rows.append([line.name or words(REPORT, "whole", language), *values])
    return rows


def _shown(column: str, value: float | None) -> str:
    if value is None:
        return "-"
    if column in ("rate", "level", "csat"):
        return f"{value:.0%}"
    if column in ("wait", "longest", "talk"):
        return f"{int(value) // 60}:{int(value) % 60:02d}"
    return f"{value:g}"
