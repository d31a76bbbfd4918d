"""What callers think of it: the two usual questions, and the usual figures made of their answers.

NPS (Reichheld, 2003): 0 to 10, how likely they would recommend; the share of 9 and 10 less that of 0 to 6.
CSAT: 1 to 5, how satisfied they are; the share of 4 and 5.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from huashu.core.errors import UsageError
from huashu.store.cases import RatingRow

RANGES: Mapping[str, tuple[int, int]] = {"nps": (0, 10), "csat": (1, 5)}


@dataclass(frozen=True, slots=True)
class Satisfaction:
    answers: int
    nps: float | None
    """-100 to 100; None: nobody was asked."""
    csat: float | None
    """0 to 1."""


def checked_score(kind: Literal["nps", "csat"], score: int) -> int:
    """Raises UsageError for a score that the question does not have."""
    low, high = RANGES[kind]
    if not low <= score <= high:
        raise UsageError(f"{kind} is a number from {low} to {high}, not {score}", code="invalid")
    return score


def satisfaction(rows: Iterable[RatingRow]) -> Satisfaction:
    scores: dict[str, list[int]] = {"nps": [], "csat": []}
    for row in rows:
        scores[row.kind].append(row.score)
    nps, csat = scores["nps"], scores["csat"]
    return Satisfaction(
        len(nps) + len(csat),
        round(100 * sum((score >= 9) - (score <= 6) for score in nps) / len(nps), 1) if nps else None,
        round(sum(score >= 4 for score in csat) / len(csat), 4) if csat else None,
    )


def by_agent(rows: Iterable[RatingRow]) -> dict[str, Satisfaction]:
    groups: dict[str, list[RatingRow]] = defaultdict(list)
    for row in rows:
        groups[row.agent].append(row)
    return {agent: satisfaction(found) for agent, found in groups.items()}
