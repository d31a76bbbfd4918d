"""Finding the item of a knowledge base that answers an utterance. Built in memory from the items; numpy only.

Two stages. Every question and variant is a sparse document of huashu.knowledge.content's features, times their rarity
in the base; a query adds up the postings of its features, and the items of the highest cosines are candidates.
Evidence then weighs, for each candidate, how much content is shared, what each side leaves unexplained, and whether
both ask for the same kind of thing; the confidence is the calibrated chance that the best candidate is right.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.events import FaqHit
from huashu.knowledge import content
from huashu.knowledge.items import KnowledgeBase
from huashu.nlu import text as texts

EXACT: Final = 0.98
"""Confidence when the words are a question or variant, word for word."""
MOST: Final = 5
"""Hits that go on record: enough that one is left when some may not be told to this caller."""
CANDIDATES: Final = 16
CLEAR_LEAD: Final = 3.0
"""A score this far before the second item's is as good as alone."""
ENOUGH: Final = 3.0
"""Weight of shared content from which on more says nothing."""

_Floats = NDArray[np.float32]
_Ints = NDArray[np.int32]
_Starts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """For one candidate, against its document nearest to the query. Shares and likeness are 0 to 1."""

    likeness: float
    """Cosine, the query's unknown words counted."""
    explained: float
    """Share of the query's single words that the document has."""
    covered: float
    """Share of the document's single words that the query has."""
    known: float
    """Share of the query's single words that any variant of the item has."""
    shared: float
    """Weight of the shared words, over ENOUGH."""
    other_kind: float
    """1: both ask, for different things (why, how much, when, …)."""
    same_kind: float
    other_sign: float
    """1: one of them denies."""

    def values(self) -> tuple[float, ...]:
        return (
            self.likeness, self.explained, self.covered, self.known,
            self.shared, self.other_kind, self.same_kind, self.other_sign,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calibration:
    """A linear score over Evidence.values(), and a logistic model over (score, its lead): fitted, never typed in.

    By `python bench/kb_accuracy.py --fit`, on questions paired with paraphrases, near misses and strangers.
    """

    weights: tuple[float, ...]
    constant: float
    slope: float
    lead: float
    offset: float

    def score(self, evidence: Evidence) -> float:
        pairs = zip(self.weights, evidence.values(), strict=True)
        return self.constant + sum(weight * value for weight, value in pairs)

    def confidence(self, score: float, second: float) -> float:
        """Of a candidate, given the best score among the others."""
        lead = max(-CLEAR_LEAD, min(CLEAR_LEAD, score - second))
        return 1 / (1 + math.exp(-(self.slope * score + self.lead * lead + self.offset)))


CALIBRATIONS: Final[Mapping[str, Calibration]] = {
    "zh": Calibration((0.78, 1.41, 2.52, 1.45, 2.86, -0.83, 0.37, -1.10), -7.32, 0.52, 0.94, -0.91),
    "en": Calibration((4.74, 0.00, 1.93, 1.09, 3.30, -0.22, 0.37, -0.15), -5.44, 0.83, 0.36, -0.23),
}
"""By primary language subtag."""


@dataclass(frozen=True, slots=True)
class _Sparse:
    """Rows of (column, weight), compressed."""

    starts: _Starts
    columns: _Ints
    weights: _Floats

    def row(self, at: int) -> Iterator[tuple[int, float]]:
        run = slice(int(self.starts[at]), int(self.starts[at + 1]))
        return zip(self.columns[run].tolist(), self.weights[run].tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class _Index:
    base: KnowledgeBase
    numbers: Mapping[str, int]
    """Feature → number; single words have the lower ones."""
    singles: int
    rarity: _Floats
    """By feature, 0 to 1: 1 is a feature of no item."""
    documents: _Sparse
    words: _Sparse
    """The single words of each item, all its variants together."""
    postings: _Sparse
    """The documents turned over; weights divided by the document's length."""
    owners: _Ints
    kinds: Sequence[int]
    negated: Sequence[bool]
    exact: Mapping[str, int]

    def candidates(self, query: Mapping[int, float], length: float) -> list[tuple[int, int, float]]:
        """(item, its nearest document, cosine), nearest first."""
        if not query:
            return []
        bounds = [(int(self.postings.starts[at]), int(self.postings.starts[at + 1])) for at in query]
        found = np.concatenate([self.postings.columns[first:last] for first, last in bounds])
        weights = np.concatenate([self.postings.weights[first:last] for first, last in bounds])
        weights = weights * np.repeat(list(query.values()), [last - first for first, last in bounds])
        cosines = np.bincount(found, weights, len(self.owners)) / length
        most = min(len(cosines), 8 * CANDIDATES)
        nearest = np.argpartition(-cosines, most - 1)[:most]
        nearest = nearest[np.lexsort((nearest, -cosines[nearest]))]
        best: dict[int, tuple[int, int, float]] = {}
        for document in nearest.tolist():
            item = int(self.owners[document])
            if cosines[document] > 0 and item not in best:
                best[item] = (item, document, float(cosines[document]))
                if len(best) == CANDIDATES:
                    break
        return list(best.values())

    def evidence(self, text: str) -> list[tuple[int, Evidence]]:
        """Candidates with what speaks for them."""
        known, strange, length = self._query(text)
        if not length:
            return []
        single = {at: weight for at, weight in known.items() if at < self.singles}
        total = sum(single.values()) + strange
        kind, denied = content.kinds(text), content.negated(text)
        found = []
        for item, document, cosine in self.candidates(known, length):
            row = [(at, weight) for at, weight in self.documents.row(document) if at < self.singles]
            shared = sum(single[at] for at, _ in row if at in single)
            covered = sum(weight for at, weight in row if at in single)
            anywhere = sum(single[at] for at, _ in self.words.row(item) if at in single)
            other = self.kinds[document]
            told = Evidence(
                likeness=cosine,
                explained=shared / max(total, 1e-6),
                covered=covered / max(sum(weight for _, weight in row), 1e-6),
                known=anywhere / max(total, 1e-6),
                shared=min(shared / ENOUGH, 1.0),
                other_kind=float(bool(kind and other and not kind & other)),
                same_kind=float(bool(kind & other)),
                other_sign=float(denied != self.negated[document]),
            )
            found.append((item, told))
        return found

    def _query(self, text: str) -> tuple[dict[int, float], float, float]:
        """Weights of the features the base knows, weight of the single words it does not, length of all."""
        known: dict[int, float] = {}
        strange = power = 0.0
        for feature, weight in content.features(text).items():
            number = self.numbers.get(feature)
            if number is not None:
                weight *= float(self.rarity[number])
                known[number] = weight
            elif not content.is_pair(feature):
                strange += weight
            power += weight * weight
        return known, strange, math.sqrt(power)


class Retriever:
    """All knowledge bases of a bot. Immutable: safe to share between calls and threads."""

    def __init__(self, bases: Mapping[str, KnowledgeBase], reorder: Mapping[str, "Reorder"] | None = None) -> None:
        """reorder: for some bases, what puts their first candidates in a better order (huashu.knowledge.reranking)."""
        self._indexes = {name: _index(base) for name, base in bases.items()}
        self._reorder = dict(reorder or {})

    def search(
        self, text: str, bases: Iterable[str], *, on: date | None = None, most: int = MOST
    ) -> tuple[FaqHit, ...]:
        """Items that answer the text, best first, each at least as sure as its base's threshold.

        on: the caller's day; items that are not valid then are not there. None: dates are not looked at.

        A base that does not exist has no hits: an expectation may outlive the script that named it.
        """
        hits = self._found(text, bases, on)
        return tuple(hit for threshold, hit in hits if hit.confidence >= threshold)[:most]

    def candidates(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]:
        """All that was thought of, best first, however unsure: for those who look after a base."""
        return tuple(hit for _, hit in self._found(text, bases, on))

    def without(self, text: str, base: str, item: str) -> tuple[tuple[str, float], ...]:
        """(id, confidence) of what the base would answer if it did not have one of its items.

        Raises:
            KeyError: there is no such base.
        """
        index = self._indexes[base]
        hits = _hits(index, text, texts.bare(text), None, self._reorder.get(base), without=item)
        return tuple((hit.item, hit.confidence) for hit in hits)

    def _found(self, text: str, bases: Iterable[str], on: date | None) -> list[tuple[float, FaqHit]]:
        """Hits with the thresholds of their bases."""
        bare = texts.bare(text)
        found: list[tuple[float, FaqHit]] = []
        for name in dict.fromkeys(bases if bare else ()):
            index = self._indexes.get(name)
            if index is not None and index.base.items:
                found += [(index.base.threshold, hit) for hit in _hits(index, text, bare, on, self._reorder.get(name))]
        return sorted(found, key=lambda pair: (-pair[1].confidence, pair[1].base, pair[1].item))

    def evidence(self, text: str, base: str) -> tuple[tuple[str, Evidence], ...]:
        """Candidate items of a base with their evidence: what the calibration is fitted on.

        Raises:
            KeyError: there is no such base.
        """
        index = self._indexes[base]
        return tuple((index.base.items[item].id, told) for item, told in index.evidence(text))


Reorder = Callable[[str, Mapping[str, float]], Mapping[str, float]]
"""(text, item → score) → the scores that change."""


def _hits(
    index: _Index, text: str, bare: str, on: date | None, reorder: Reorder | None, *, without: str = ""
) -> list[FaqHit]:
    base = index.base

    def there(item: int) -> bool:
        return base.items[item].id != without and (on is None or base.items[item].valid(on))

    told = index.exact.get(bare)
    if told is not None and not there(told):
        told = None
    language = texts.language_of(text, index.base.language)
    calibration = CALIBRATIONS.get(language, CALIBRATIONS["en"])
    scores = {item: calibration.score(evidence) for item, evidence in index.evidence(text) if there(item)}
    if reorder is not None and told is None:
        changed = reorder(text, {base.items[item].id: score for item, score in scores.items()})
        scores = {item: changed.get(base.items[item].id, score) for item, score in scores.items()}
    best, second = (*sorted(scores.values(), reverse=True), -math.inf, -math.inf)[:2]
    sure = {item: calibration.confidence(score, second if score == best else best) for item, score in scores.items()}
    if told is not None:
        sure = {item: min(value, EXACT / 2) for item, value in sure.items()} | {told: EXACT}
    return [FaqHit(base.name, base.items[item].id, round(value, 4)) for item, value in sure.items()]


def _index(base: KnowledgeBase) -> _Index:
    sentences: list[str] = []
    owners: list[int] = []
    exact: dict[str, int] = {}
    for number, item in enumerate(base.items):
        for sentence in dict.fromkeys((item.question, *item.variants)):
            sentences.append(sentence)
            owners.append(number)
            exact.setdefault(texts.bare(sentence), number)
    rows = [content.features(sentence) for sentence in sentences]
    words: list[dict[str, float]] = [{} for _ in base.items]
    spread: Counter[str] = Counter()
    together: list[set[str]] = [set() for _ in base.items]
    for row, owner in zip(rows, owners, strict=True):
        together[owner].update(row)
        words[owner].update((name, 1.0) for name in row if not content.is_pair(name))
    for features in together:
        spread.update(features)  # by item: the many variants of one item do not make its words common
    names = sorted(spread, key=lambda name: (content.is_pair(name), name))
    numbers = {name: at for at, name in enumerate(names)}
    counts = np.array([spread[name] for name in names], np.float32)
    total = len(base.items)
    rarity = ((1 + np.log((1 + total) / (1 + counts))) / (1 + math.log(1 + total))).astype(np.float32)
    documents = _sparse(rows, numbers, rarity)
    return _Index(
        base=base,
        numbers=numbers,
        singles=sum(not content.is_pair(name) for name in names),
        rarity=rarity,
        documents=documents,
        words=_sparse(words, numbers, rarity),
        postings=_turned(documents, len(names)),
        owners=np.array(owners, np.int32),
        kinds=[content.kinds(sentence) for sentence in sentences],
        negated=[content.negated(sentence) for sentence in sentences],
        exact=exact,
    )


def _sparse(rows: Sequence[Mapping[str, float]], numbers: Mapping[str, int], rarity: _Floats) -> _Sparse:
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    columns = np.array([numbers[name] for row in rows for name in row], np.int32)
    weights = np.array([weight for row in rows for weight in row.values()], np.float32)
    return _Sparse(starts, columns, weights * rarity[columns])


def _turned(documents: _Sparse, width: int) -> _Sparse:
    order = np.argsort(documents.columns, kind="stable")
    owners = np.repeat(np.arange(len(documents.starts) - 1, dtype=np.int32), np.diff(documents.starts))
    lengths = np.array([
        math.sqrt(float(row @ row)) or 1.0
        for row in (documents.weights[first:last] for first, last in pairwise(documents.starts.tolist()))
    ], np.float32)  # fmt: skip
    weights = documents.weights / lengths[owners]
    starts = np.searchsorted(documents.columns[order], np.arange(width + 1))
    return _Sparse(starts.astype(np.int64), owners[order], weights[order])
