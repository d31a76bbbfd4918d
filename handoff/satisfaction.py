"""What callers think of it: the two usual questions, and the usual figures made of their answers.

NPS (Reichheld, 2003): 0 to 10, how likely they would recommend; the share of 9 and 10 less that of 0 to 6.
CSAT: 1 to 5, how satisfied they are; the share of 4 and 5.

A rating belongs to its call, and counts for everybody who had the call.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from huashu.core.errors import UsageError
from huashu.flows.script import SCORES
from huashu.handoff.views import Opinion
from huashu.store.cases import RatingRow


@dataclass(frozen=True, slots=True)
class Satisfaction:
    answers: int
    nps: float | None
    """-100 to 100; None: nobody has answered."""
    csat: float | None
    """0 to 1."""
    asked: int = 0
    """Who did not answer included."""


def checked_score(kind: Literal["nps", "csat"], score: int | None) -> int | None:
    """None: asked, and no answer. Raises UsageError for a score that the question does not have."""
    low, high = SCORES[kind]
    if score is not None and not low <= score <= high:
        raise UsageError(f"{kind} is a number from {low} to {high}, not {score}", code="invalid")
    return score


def rating_text(row: RatingRow) -> str:
    """As a ticket shows it (views.Ticket)."""
    return f"{row.kind} {'-' if row.score is None else row.score}"


def satisfaction(rows: Iterable[RatingRow]) -> Satisfaction:
    count = _Count()
    for row in rows:
        count.put(row, 1)
    shown = count.shown
    return Satisfaction(shown.answers, shown.nps, shown.csat, shown.asked)


def by_agent(rows: Iterable[RatingRow]) -> dict[str, Satisfaction]:
    groups: dict[str, list[RatingRow]] = defaultdict(list)
    for row in rows:
        for agent in row.served or (row.agent,):
            groups[agent].append(row)
    return {agent: satisfaction(found) for agent, found in groups.items()}


@dataclass(slots=True)
class _Count:
    asked: int = 0
    nps: int = 0
    promoters: int = 0
    detractors: int = 0
    csat: int = 0
    satisfied: int = 0

    def put(self, row: RatingRow, sign: Literal[1, -1]) -> None:
        self.asked += sign
        if row.score is None:
            return
        if row.kind == "nps":
            self.nps += sign
            self.promoters += sign * (row.score >= 9)
            self.detractors += sign * (row.score <= 6)
        else:
            self.csat += sign
            self.satisfied += sign * (row.score >= 4)

    @property
    def shown(self) -> Opinion:
        nps = round(100 * (self.promoters - self.detractors) / self.nps, 1) if self.nps else None
        csat = round(self.satisfied / self.csat, 4) if self.csat else None
        return Opinion(self.asked, self.nps + self.csat, csat, nps)


class Opinions:
    """Of one day, by queue and by agent. A question that is answered again counts by its newest answer."""

    def __init__(self) -> None:
        self._day = 0
        self._rows: dict[tuple[str, str], RatingRow] = {}
        self._counts: dict[tuple[str, str], _Count] = defaultdict(_Count)

    def on(self, day: int) -> None:
        """Everything begins anew at midnight."""
        if day != self._day:
            self._day = day
            self._rows.clear()
            self._counts.clear()

    def put(self, row: RatingRow) -> None:
        before = self._rows.get((row.call, row.kind))
        if before is not None:
            self._count(before, -1)
        self._rows[row.call, row.kind] = replace(row, comment=None)
        self._count(row, 1)

    def of_queue(self, queue: str) -> Opinion:
        return self._shown("queue", queue)

    def of_agent(self, agent: str) -> Opinion:
        return self._shown("agent", agent)

    def _shown(self, what: str, name: str) -> Opinion:
        count = self._counts.get((what, name))
        return Opinion() if count is None else count.shown

    def _count(self, row: RatingRow, sign: Literal[1, -1]) -> None:
        for key in (("queue", row.queue), *(("agent", agent) for agent in row.served or (row.agent,))):
            self._counts[key].put(row, sign)
