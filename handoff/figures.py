"""How a queue has been doing: what is counted since midnight, and the rate at which it is served.

Expected waits are by measured rates: while somebody waited, cases left for agents at so many a second; who is k-th
waits k over that. Time and takes fade with a half-life, so that the rate follows the staff of the last minutes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

HALF_LIFE = 600.0
"""Seconds after which what was measured counts half."""
ENOUGH = 2.0
"""Takes (faded) from which on a rate is told."""


@dataclass(slots=True)
class Tally:
    target: float
    day: int = 0
    """Ordinal of the day that is counted."""
    answered: int = 0
    in_time: int = 0
    lost: int = 0
    _busy: float = field(default=0.0, repr=False)
    _takes: float = field(default=0.0, repr=False)
    _at: float = field(default=0.0, repr=False)
    _occupied: bool = field(default=False, repr=False)

    def on(self, day: int) -> None:
        """Counts begin anew at midnight; rates do not."""
        if day != self.day:
            self.day, self.answered, self.in_time, self.lost = day, 0, 0, 0

    def resumed(self, now: float) -> None:
        """The process was down until now: nobody was served meanwhile, and nothing is concluded from that."""
        fading = 0.5 ** (max(0.0, now - self._at) / HALF_LIFE)
        self._busy *= fading
        self._takes *= fading
        self._at = now
        self._occupied = False

    def occupied(self, now: float, waiting: int) -> None:
        """So many wait from now on."""
        passed = max(0.0, now - self._at)
        fading = 0.5 ** (passed / HALF_LIFE)
        self._busy = self._busy * fading + (passed if self._occupied else 0.0)
        self._takes *= fading
        self._at = now
        self._occupied = waiting > 0

    def took(self, waited: float, *, queued: bool, again: bool) -> None:
        """An agent has a case that waited so long. queued: nobody was free at first; again: it had been answered
        before."""
        if not again:
            self.answered += 1
            self.in_time += waited <= self.target
        self._takes += queued

    def kept(self) -> dict[str, Any]:
        """For the record; `of` reads it."""
        return {
            "day": self.day, "answered": self.answered, "in_time": self.in_time, "lost": self.lost,
            "busy": self._busy, "takes": self._takes, "at": self._at,
        }  # fmt: skip

    @classmethod
    def of(cls, data: Mapping[str, Any], target: float) -> "Tally":
        """What was kept, with the target of today's plan."""
        tally = cls(target, data["day"], data["answered"], data["in_time"], data["lost"])
        tally._busy, tally._takes, tally._at = data["busy"], data["takes"], data["at"]
        return tally

    @property
    def level(self) -> float:
        """Service level: the share answered within the target."""
        whole = self.answered + self.lost
        return self.in_time / whole if whole else 1.0

    def expected(self, position: int) -> float | None:
        """Seconds until the k-th is served; None: too little has been measured."""
        if self._takes < ENOUGH or self._busy <= 0.0:
            return None
        return round(position * self._busy / self._takes, 1)


NO_FIGURES: Final[Mapping[str, Tally]] = MappingProxyType({})
"""By queue."""
