"""How good an understanding is: trained on some rows, asked about others, by cross-validation or on a test set."""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Final

from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.insight.rows import OUT_OF_SCOPE, training_data
from huashu.nlu.data import Example, Span, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, train
from huashu.nlu.engine import Understander

ACCEPTED: Final = 0.5
"""Confidence from which a script believes an intent, unless it says otherwise."""
_AT: Final = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""Any instant: nothing that is counted here depends on the day."""

Train = Callable[[TrainingData], Understander]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row and what the understanding made of it, with no question open."""

    row: Example
    ranked: tuple[tuple[str, float], ...]
    """(intent, confidence), best first."""
    spans: tuple[Span, ...]
    seconds: float
    also: tuple[tuple[str, float], ...] = ()
    """What else it means, likewise."""

    @property
    def best(self) -> str:
        return self.ranked[0][0] if self.ranked else ""

    @property
    def sure(self) -> float:
        return self.ranked[0][1] if self.ranked else 0.0

    @property
    def right(self) -> bool:
        """The best intent is the row's, or one of the row's, however sure."""
        return self.best in self.row.intents

    def meant(self, bar: float) -> frozenset[str]:
        """All intents that are believed at this bar."""
        both = (*self.ranked[:1], *self.also)
        return frozenset(name for name, sure in both if sure >= bar)

    def accepted(self, bar: float) -> str:
        """The intent that is believed at this bar; out of scope when none is."""
        return self.best if self.ranked and self.sure >= bar else OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Training:
    rows: int
    cpu_seconds: float
    peak_megabytes: int
    """Of the process so far."""


def embedded(data: TrainingData) -> Understander:
    return EmbeddedUnderstander(train(data))


def fit(rows: Sequence[Example], *, language: str = "", learn: Train = embedded) -> tuple[Understander, Training]:
    """An understanding trained on rows, and what that took. Raises EngineError when there is nothing to learn."""
    began = time.process_time()
    made = learn(training_data(rows, language=language))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return made, Training(len(rows), time.process_time() - began, peak)


def ask(understander: Understander, rows: Sequence[Example]) -> list[Judged]:
    """Every row understood by itself."""
    found = []
    for row in rows:
        began = time.perf_counter()
        meant = understander.understand(Heard(row.text), NOTHING, at=_AT)
        seconds = time.perf_counter() - began
        spans = tuple(Span(entity.start, entity.end, entity.slot) for entity in meant.entities if entity.slot)
        ranked, also = (
            tuple((score.name, score.confidence) for score in scores) for scores in (meant.intents, meant.also)
        )
        found.append(Judged(row, ranked, spans, seconds, also))
    return found


def cross_validate(
    data: TrainingData, rows: Sequence[Example], *, folds: int = 5, seed: int = 0, learn: Train = embedded
) -> list[Judged]:
    """Every row judged by an understanding that has not seen it, in the order of the rows.

    Folds are even within each intent. What belongs to no row (lists, slots, built-in intents without a row) is learnt
    in each of them.
    """
    judged: dict[int, Judged] = {}
    parts = _parts(rows, min(folds, len(rows)), seed)
    texts = {row.text for row in rows}
    regulars = {name: tuple(t for t in told if t not in texts) for name, told in data.regulars.items()}
    for part in parts:
        kept = [row for at, row in enumerate(rows) if at not in part]
        learnt = training_data(kept, language=data.language)
        own = learnt.own
        understander = learn(
            replace(
                learnt,
                lists=data.lists,
                slots=data.slots,
                regulars={name: told for name, told in regulars.items() if told and name not in own},
            )
        )
        order = sorted(part)
        judged.update(zip(order, ask(understander, [rows[at] for at in order]), strict=True))
    return [judged[at] for at in range(len(rows))]


def _parts(rows: Sequence[Example], folds: int, seed: int) -> list[set[int]]:
    """Disjoint sets of positions, each intent dealt out evenly; the same for the same seed."""
    by_intent: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        by_intent.setdefault(row.intent, []).append(at)
    parts: list[set[int]] = [set() for _ in range(folds)]
    dealt = 0
    for intent in sorted(by_intent):
        order = by_intent[intent]
        Random(f"{seed}:{intent}").shuffle(order)
        for at in order:
            parts[dealt % folds].add(at)
            dealt += 1
    return [part for part in parts if part]
