"""Looking after a base: items that say the same, items that contradict each other, how far the items reach."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from huashu.knowledge import content
from huashu.knowledge.items import FaqItem, KnowledgeBase
from huashu.knowledge.retrieval import Retriever
from huashu.nlu import text as texts
from huashu.values.registry import parse

ALIKE: Final = 0.6
"""Confidence with which a question finds another item, from which on the two may be one."""
_NO_DAY: Final = datetime(2000, 1, 1)
"""Sums and shares do not depend on the day."""
_FIGURES: Final = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that a caller may mean alike. `one` stands before `two` in the base."""

    kind: Literal["duplicate", "conflict"]
    """conflict: their answers differ in a number or in yes and no. duplicate: they do not."""
    one: str
    two: str
    asked: str
    """The question or variant of one that finds the other."""
    confidence: float
    differ: tuple[str, ...] = ()
    """What only one of the answers says: figures, or "不"."""


def pairs(base: KnowledgeBase, *, alike: float = ALIKE) -> tuple[Pair, ...]:
    """Items of a base that are asked for in the same words, surest first.

    Every question and variant is looked up in the base without its own item. Items whose days do not overlap, and
    follow-ups of different items, are never meant at the same time and are left out.
    """
    found: dict[tuple[str, str], Pair] = {}
    order = {item.id: at for at, item in enumerate(base.items)}
    retriever = Retriever({base.name: base})
    for item in base.items:
        for asked in dict.fromkeys((item.question, *item.variants)):
            for other, confidence in _others(retriever, base, item, asked, alike):
                one, two = sorted((item, other), key=lambda found: order[found.id])
                if confidence > (found[one.id, two.id].confidence if (one.id, two.id) in found else 0.0):
                    found[one.id, two.id] = _pair(one, two, asked, confidence)
    return tuple(sorted(found.values(), key=lambda pair: (-pair.confidence, order[pair.one], order[pair.two])))


def _others(
    retriever: Retriever, base: KnowledgeBase, item: FaqItem, asked: str, alike: float
) -> Iterable[tuple[FaqItem, float]]:
    for identity, confidence in retriever.without(asked, base.name, item.id):
        other = base.item(identity)
        if confidence >= alike and _together(item, other):
            yield other, confidence


def _together(one: FaqItem, two: FaqItem) -> bool:
    if one.parent != two.parent:
        return False
    begins, ends = max(one.starts or date.min, two.starts or date.min), min(one.ends or date.max, two.ends or date.max)
    return begins <= ends


def _pair(one: FaqItem, two: FaqItem, asked: str, confidence: float) -> Pair:
    figures = set(_figures(one.answer)) ^ set(_figures(two.answer))
    denied = content.negated(one.answer) != content.negated(two.answer)
    differ = (*sorted(figures), *(("不",) if denied else ()))
    return Pair("conflict" if differ else "duplicate", one.id, two.id, asked, confidence, differ)


def _figures(answer: str) -> Iterable[str]:
    """Numbers as written in digits, and percentages and sums of money in words."""
    yield from _FIGURES.findall(answer)
    language = texts.language_of(answer, "zh")
    for kind in ("percent", "money"):
        for match in parse(kind, answer, language=language, at=_NO_DAY):
            if not _FIGURES.search(match.text):
                yield str(match.value)


# --- how far a base reaches ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reach:
    """What a base does for the questions that callers asked."""

    questions: int
    answered: int
    by_item: tuple[tuple[str, int], ...]
    """Item → how many questions it answers, most asked first; items that nobody asked for are missing."""
    unanswered: tuple[tuple[str, float], ...]
    """Question → confidence of the best candidate, in the order asked, repeated ones once."""

    @property
    def share(self) -> float:
        return self.answered / self.questions if self.questions else 0.0

    def items_for(self, share: float) -> int:
        """How many items, the most asked first, answer this share of all questions; 0 when all of them do not."""
        needed, total = share * self.questions, 0
        for number, (_, count) in enumerate(self.by_item, 1):
            total += count
            if total >= needed:
                return number
        return 0


def reach(base: KnowledgeBase, questions: Sequence[str], *, on: date | None = None) -> Reach:
    """Every question looked up as a caller's would be (follow-ups are nobody's first question)."""
    top = KnowledgeBase(base.name, tuple(i for i in base.items if not i.parent), base.language, base.threshold)
    retriever = Retriever({base.name: top})
    counts: Counter[str] = Counter()
    unanswered: dict[str, float] = {}
    for question in questions:
        best = next(iter(retriever.candidates(question, (base.name,), on=on)), None)
        if best is not None and best.confidence >= base.threshold:
            counts[best.item] += 1
        else:
            unanswered.setdefault(question, best.confidence if best is not None else 0.0)
    return Reach(len(questions), counts.total(), tuple(counts.most_common()), tuple(unanswered.items()))
