"""Outcomes of calls by the arm of each experiment, and how far apart two arms are.

The interval on a difference of two shares is Newcombe's hybrid score interval (R. G. Newcombe, "Interval estimation for
the difference between independent proportions", Statistics in Medicine 17, 1998, method 10), made of E. B. Wilson's
score intervals (1927): it stays within -1 and 1 and keeps its level for small numbers and shares near 0 or 1.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Z = 1.959964
"""Of the normal distribution at 97.5 %: intervals of 95 %."""


@dataclass(slots=True)
class Arm:
    """The calls of one arm."""

    experiment: str
    name: str
    calls: int = 0
    reached: int = 0
    """Callers who got what they wanted."""
    results: Counter[str] = field(default_factory=Counter)

    @property
    def succeeded(self) -> int:
        return self.results["success"]


class ByArm:
    """Calls sorted by experiment and arm; a call counts in each experiment once."""

    def __init__(self, experiments: Mapping[str, Sequence[str]]) -> None:
        self._arms = {(name, arm): Arm(name, arm) for name, arms in experiments.items() for arm in arms}

    def add(self, arms: Mapping[str, str], *, reached: bool, result: str) -> None:
        for pair in arms.items():
            found = self._arms[pair]
            found.calls += 1
            found.reached += reached
            found.results[result or "-"] += 1

    def experiments(self) -> Iterator[tuple[str, list[Arm]]]:
        """Experiments with their arms in the order of the script: with the first arm the others are compared."""
        for name in dict.fromkeys(name for name, _ in self._arms):
            yield name, [arm for arm in self._arms.values() if arm.experiment == name]

    def data(self) -> list[dict[str, Any]]:
        rows = []
        for name, arms in self.experiments():
            for arm in arms:
                row: dict[str, Any] = {"experiment": name, "arm": arm.name, "calls": arm.calls}
                row |= {"goals_reached": arm.reached, "results": dict(arm.results.most_common())}
                if arm is not arms[0] and arm.calls and arms[0].calls:
                    low, high = difference(arm.reached, arm.calls, arms[0].reached, arms[0].calls)
                    row["goals_reached_over_first_arm"] = {"low": round(low, 4), "high": round(high, 4)}
                rows.append(row)
        return rows


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % score interval on a share; `of` at least 1."""
    share, spread = count / of, Z * Z / of
    middle = share + spread / 2
    reach = math.sqrt(spread * share * (1 - share) + spread * spread / 4)
    return max(0.0, (middle - reach) / (1 + spread)), min(1.0, (middle + reach) / (1 + spread))


def difference(count: int, of: int, other: int, other_of: int) -> tuple[float, float]:
    """The 95 % interval on the first share less the second; both of at least 1."""
    share, than = count / of, other / other_of
    low, high = wilson(count, of)
    than_low, than_high = wilson(other, other_of)
    down = math.hypot(share - low, than_high - than)
    up = math.hypot(high - share, than - than_low)
    return share - than - down, share - than + up
