"""Figures of a judgement: shares of what was right, by intent and by threshold, and whether two differ by chance."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from huashu.insight.judging import ACCEPTED, Judged
from huashu.insight.rows import OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class OfIntent:
    """Shares are 0 to 1; None where nothing was asked or told."""

    intent: str
    rows: int
    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float:
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class Scores:
    """Of rows in scope, unless said otherwise. Shares are 0 to 1."""

    rows: int
    outside: int
    """Rows out of scope."""
    bar: float
    accuracy: float
    """The best intent is right, however sure; of a row with several, one of them."""
    accepted: float
    """It is right and believed at the bar."""
    refused: float | None
    """Share of the rows out of scope that are refused at the bar."""
    macro_f1: float
    """Mean over intents of the F1 of the best intent."""
    slot_f1: float | None
    """Of (start, end, slot), all three right; None where no row has any."""
    frame: float | None
    """Intent and all slots right."""
    several_f1: float | None
    """F1 of all intents that are believed at the bar, over all rows, those out of scope too (micro-averaged); None
    where no row has several."""
    median_ms: float
    intents: tuple[OfIntent, ...]
    confusions: tuple[tuple[str, str, int], ...]
    """(row's intent, best intent, how often), most often first."""


def score(judged: Sequence[Judged], *, bar: float = ACCEPTED) -> Scores:
    inside = [one for one in judged if one.row.intent != OUT_OF_SCOPE]
    outside = [one for one in judged if one.row.intent == OUT_OF_SCOPE]
    several = any(one.row.also for one in judged)
    intents = by_intent(inside, bar=bar if several else None)
    slots = any(one.row.spans for one in judged)
    times = sorted(one.seconds for one in judged)
    wrong = Counter((one.row.intent, one.best or OUT_OF_SCOPE) for one in inside if not one.right)
    return Scores(
        rows=len(inside),
        outside=len(outside),
        bar=bar,
        accuracy=_share(one.right for one in inside),
        accepted=_share(one.right and one.sure >= bar for one in inside),
        refused=_share(one.sure < bar for one in outside) if outside else None,
        macro_f1=sum(one.f1 for one in intents) / max(1, len(intents)),
        slot_f1=_slot_f1(judged) if slots else None,
        frame=_share(_whole(one, bar) and set(one.spans) == set(one.row.spans) for one in inside) if slots else None,
        several_f1=_several_f1(judged, bar) if several else None,
        median_ms=1e3 * times[len(times) // 2] if times else 0.0,
        intents=intents,
        confusions=tuple((row, best, count) for (row, best), count in wrong.most_common()),
    )


def by_intent(inside: Sequence[Judged], *, bar: float | None = None) -> tuple[OfIntent, ...]:
    """Precision and recall of the best intent, however sure, worst F1 first; with a bar of all that are believed."""
    wanted, told, hits = Counter[str](), Counter[str](), Counter[str]()
    for one in inside:
        believed = frozenset({one.best}) if bar is None else one.meant(bar)
        wanted.update(one.row.intents)
        told.update(believed)
        hits.update(believed & {*one.row.intents})
    found = [
        OfIntent(
            intent,
            count,
            hits[intent] / told[intent] if told[intent] else None,
            hits[intent] / count,
        )
        for intent, count in wanted.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.f1, one.intent)))


@dataclass(frozen=True, slots=True)
class AtBar:
    bar: float
    right: float
    """Share of all rows in scope that are accepted and right."""
    wrong: float
    """… accepted and wrong."""
    refused: float | None
    """Share of the rows out of scope that are refused."""


def thresholds(judged: Sequence[Judged], *, steps: int = 20) -> tuple[AtBar, ...]:
    """What every bar from 0 to 1 would do."""
    inside = [one for one in judged if one.row.intent != OUT_OF_SCOPE]
    outside = [one for one in judged if one.row.intent == OUT_OF_SCOPE]
    return tuple(
        AtBar(
            bar,
            _share(one.right and one.sure >= bar for one in inside),
            _share(not one.right and one.sure >= bar for one in inside),
            _share(one.sure < bar for one in outside) if outside else None,
        )
        for bar in (step / steps for step in range(steps + 1))
    )


def bar_for(outside: Sequence[Judged], share: float) -> float:
    """The lowest bar that refuses at least this share of rows out of scope."""
    sure = sorted(one.sure for one in outside)
    needed = math.ceil(share * len(sure))
    return min(1.0, sure[needed - 1] + 1e-4) if needed else 0.0


def chance(before: Sequence[bool], after: Sequence[bool]) -> float:
    """Two-sided p-value that the difference of two judgements of the same rows is chance (McNemar's exact test)."""
    gained = sum(new and not old for old, new in zip(before, after, strict=True))
    lost = sum(old and not new for old, new in zip(before, after, strict=True))
    total = gained + lost
    if not total:
        return 1.0
    tail = sum(math.comb(total, k) for k in range(min(gained, lost) + 1)) / 2**total
    return min(1.0, 2.0 * float(tail))


def _whole(one: Judged, bar: float) -> bool:
    """All intents of a row are right: of a row with one the best, of a row with several those that are believed."""
    return one.meant(bar) == {*one.row.intents} if one.row.also else one.right


def _several_f1(judged: Sequence[Judged], bar: float) -> float:
    hits = told = wanted = 0
    for one in judged:
        found, right = one.meant(bar), {*one.row.intents} - {OUT_OF_SCOPE}
        hits, told, wanted = hits + len(found & right), told + len(found), wanted + len(right)
    return 2 * hits / max(1, told + wanted)


def _slot_f1(judged: Iterable[Judged]) -> float:
    hits = told = wanted = 0
    for one in judged:
        found, right = set(one.spans), set(one.row.spans)
        hits, told, wanted = hits + len(found & right), told + len(found), wanted + len(right)
    return 2 * hits / max(1, told + wanted)


def _share(values: Iterable[bool]) -> float:
    held = list(values)
    return sum(held) / len(held) if held else 0.0
