"""Finding the item of a knowledge base that answers an utterance. Built in memory from the items; numpy only.

Every question and variant is a document of n-grams (huashu.nlu.features). A query adds up the postings of its own
features; the likeness of a document is the cosine, one channel at a time. Confidence is that likeness, corrected by
how much of the query the document leaves unexplained, and by whether another item is as near.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.events import FaqHit
from huashu.knowledge.items import KnowledgeBase
from huashu.nlu import features
from huashu.nlu import text as texts
from huashu.nlu.features import Floats, Vectoriser

EXACT: Final = 0.98
"""Confidence when the words are a question or variant, word for word."""
MIDDLE: Final = 0.39
STEEP: Final = 12.0
"""Likeness at which confidence is a half, and the slope there. Measured on AFQMC's training pairs: of the right first
hits three in four lie above 0.41; of strangers (BUSTM's training part) nineteen in twenty below 0.30 with 30 items in
the base, below 0.49 with 1,000."""
RIVAL: Final = 0.25
"""How much of the confidence a second item just as near takes away: then nobody knows which was meant."""
NARROW: Final = 0.05
"""Lead in likeness over the second item from which it is no rival."""

LONGEST: Final = 2
"""Of n-grams over Chinese characters: paraphrases of a question share pairs of characters, seldom four in a row."""

_ZH_FUNCTION: Final = (
    "怎么样什哪里吗呢的了是我你您们他有会能可以要个这那多少几为啥如何请问想一下去不没在给把和就也都被让吧到啊呀"
)
_EN_FUNCTION: Final = """
what when where how why who which is are be am do i you my your the a an to of in on for it can could would will please
this that there and or me we have has not with at by from if about
"""
FUNCTION: Final = frozenset(_ZH_FUNCTION) | frozenset(_EN_FUNCTION.split())
"""Words that every question is made of: alike in them alone, two questions are strangers."""
FUNCTION_WEIGHT: Final = 0.25

_Columns = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Index:
    """One base: its documents' features turned over into postings."""

    base: KnowledgeBase
    vectoriser: Vectoriser
    starts: _Columns
    documents: NDArray[np.int32]
    weights: Floats
    items: NDArray[np.int32]
    """Number of the item each document belongs to."""
    exact: Mapping[str, int]

    def likeness(self, text: str) -> Floats:
        """How near each item's best document is, 0 to 1."""
        found = np.zeros(len(self.base.items), np.float32)
        vector = self.vectoriser.vector(text)
        if not len(vector.index):
            return found
        runs = [slice(int(self.starts[at]), int(self.starts[at + 1])) for at in vector.index]
        postings = np.concatenate([self.documents[run] for run in runs])
        lengths = np.array([run.stop - run.start for run in runs])
        products = np.concatenate([self.weights[run] for run in runs]) * np.repeat(vector.weight, lengths)
        sums = np.bincount(postings, products, len(self.items)).astype(np.float32)
        # Words of the query that no document has count as unlike: a query is never made shorter than it is.
        power = max(float(vector.weight @ vector.weight), 1e-6)
        np.maximum.at(found, self.items, sums / power)
        return found * np.float32(math.sqrt(vector.known))


class Retriever:
    """All knowledge bases of a bot. Immutable: safe to share between calls and threads."""

    def __init__(self, bases: Mapping[str, KnowledgeBase]) -> None:
        self._indexes = {name: _index(base) for name, base in bases.items()}

    def search(self, text: str, bases: Iterable[str], *, most: int = 3) -> tuple[FaqHit, ...]:
        """Items that answer the text, best first, each at least as sure as its base's threshold.

        A base that does not exist has no hits: an expectation may outlive the script that named it.
        """
        bare = texts.bare(text)
        if not bare or most < 1:
            return ()
        hits: list[FaqHit] = []
        for name in dict.fromkeys(bases):
            index = self._indexes.get(name)
            if index is not None and index.base.items:
                hits += _hits(index, text, bare, most)
        return tuple(sorted(hits, key=lambda hit: (-hit.confidence, hit.base, hit.item))[:most])


def _hits(index: _Index, text: str, bare: str, most: int) -> list[FaqHit]:
    likeness = index.likeness(text)
    told = index.exact.get(bare)
    order = np.argsort(-likeness, kind="stable")[: most + 1]
    hits = []
    for at in order:
        rival = max((float(likeness[other]) for other in order if other != at), default=0.0)
        sure = _confidence(float(likeness[at]), rival)
        if told is not None:
            sure = EXACT if int(at) == told else min(sure, EXACT / 2)
        if sure >= index.base.threshold:
            hits.append(FaqHit(index.base.name, index.base.items[int(at)].id, round(sure, 4)))
    return sorted(hits, key=lambda hit: -hit.confidence)[:most]


def _confidence(likeness: float, rival: float) -> float:
    sure = 1 / (1 + math.exp(-STEEP * (likeness - MIDDLE)))
    closeness = min(1.0, max(0.0, 1 - (likeness - rival) / NARROW))
    return sure * (1 - RIVAL * closeness) if likeness > 0 else 0.0


def _is_function(name: str) -> bool:
    parts = name.split("_")
    if name[0] == "#":  # letters inside a word: of a whole word only
        parts = [name[1:].strip()] if name.startswith("# ") and name.endswith(" ") else ["#"]
    return all(part in FUNCTION or part in "^$" for part in parts)


def _index(base: KnowledgeBase) -> _Index:
    sentences: list[str] = []
    owners: list[int] = []
    exact: dict[str, int] = {}
    for number, item in enumerate(base.items):
        for sentence in dict.fromkeys((item.question, *item.variants)):
            sentences.append(sentence)
            owners.append(number)
            exact.setdefault(texts.bare(sentence), number)
    vectoriser = features.learn(sentences, han_longest=LONGEST)
    plain = np.array([_is_function(name) for name in vectoriser.names], bool)
    idf = np.where(plain, vectoriser.idf * np.float32(FUNCTION_WEIGHT), vectoriser.idf).astype(np.float32)
    vectoriser = dataclasses.replace(vectoriser, idf=idf)
    vectors = [vectoriser.vector(sentence) for sentence in sentences]
    rows = np.repeat(np.arange(len(vectors), dtype=np.int32), [len(vector.index) for vector in vectors])
    _, columns, weights = features.stack(vectors)
    order: NDArray[Any] = np.argsort(columns, kind="stable")
    starts = np.searchsorted(columns[order], np.arange(len(vectoriser.names) + 1))
    return _Index(base, vectoriser, starts, rows[order], weights[order], np.array(owners, np.int32), exact)
