"""Utterances that mean alike put together, each heap with a name: a person reads forty heaps, not a thousand lines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from huashu.knowledge import content

ALIKE: Final = 0.5
"""Cosine of content from which on two utterances belong together: on BANKING77, 67 % of utterances then lie with their
own intent's majority, and 70 % in heaps of five or more."""
MOST_MEMBERS_NAMED: Final = 200
"""Of a heap, that may give it its name: bounds the work on a very big one."""

Vector = dict[str, float]


@dataclass(frozen=True, slots=True)
class Cluster:
    name: str
    """The utterance nearest to all others."""
    members: tuple[int, ...]
    """Positions in what was given, in that order."""


def cluster(texts: Sequence[str], *, alike: float = ALIKE) -> tuple[Cluster, ...]:
    """Biggest first; the same texts give the same clusters.

    Leader clustering: each text joins the heap whose mean is nearest, or begins one; then each is looked at once more,
    for early heaps were still forming.
    """
    vectors = [_unit(content.features(text)) for text in texts]
    heaps = _Heaps()
    homes = []
    for vector in vectors:
        home = heaps.nearest(vector, alike)
        if home is None:
            home = heaps.begin()
        heaps.add(home, vector)
        homes.append(home)
    homes = [
        home if (found := heaps.nearest(vector, alike)) is None else found
        for vector, home in zip(vectors, homes, strict=True)
    ]
    members: dict[int, list[int]] = {}
    for at, home in enumerate(homes):
        members.setdefault(home, []).append(at)
    named = (_named(texts, vectors, group) for group in members.values())
    return tuple(sorted(named, key=lambda one: (-len(one.members), one.members[0])))


class _Heaps:
    """Sums of vectors, turned over: feature → heap → weight, so that a text meets only heaps that share a word."""

    def __init__(self) -> None:
        self._weights: dict[str, dict[int, float]] = {}
        self._squares: list[float] = []
        """Squared length of each sum."""

    def begin(self) -> int:
        self._squares.append(0.0)
        return len(self._squares) - 1

    def add(self, heap: int, vector: Vector) -> None:
        for name, weight in vector.items():
            row = self._weights.setdefault(name, {})
            before = row.get(heap, 0.0)
            row[heap] = before + weight
            self._squares[heap] += (before + weight) ** 2 - before**2

    def nearest(self, vector: Vector, alike: float) -> int | None:
        """The heap with the highest cosine, the older of two alike; None under `alike`."""
        dots: dict[int, float] = {}
        for name, weight in vector.items():
            for heap, other in self._weights.get(name, {}).items():
                dots[heap] = dots.get(heap, 0.0) + weight * other
        best, most = None, alike
        for heap in sorted(dots):
            near = dots[heap] / math.sqrt(self._squares[heap])
            if near > most:
                best, most = heap, near
        return best


def _named(texts: Sequence[str], vectors: Sequence[Vector], group: list[int]) -> Cluster:
    total: Vector = {}
    for at in group:
        for name, weight in vectors[at].items():
            total[name] = total.get(name, 0.0) + weight
    middle = max(group[:MOST_MEMBERS_NAMED], key=lambda at: (_dot(vectors[at], total), -at))
    return Cluster(texts[middle], tuple(group))


def _unit(features: Vector) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in features.values()))
    return {name: weight / length for name, weight in features.items()} if length else {}


def _dot(one: Vector, two: Vector) -> float:
    return sum(weight * two.get(name, 0.0) for name, weight in one.items())
