"""Several intents in one sentence, learnt from examples that have several: a question by itself for each intent.

Linear over the same features as the classifier: one support vector machine an intent, against all other sentences
(binary relevance; Tsoumakas, Katakis, "Multi-label classification: an overview", 2007), so that intents may be heard
together that no example has together. Only intents that some example has beside another are learnt so. How high a
score must be is found in a rehearsal: the bar under which most of what is meant besides is heard, and little else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.nlu import text as texts
from huashu.nlu.features import Floats, Vector, Vectoriser

if TYPE_CHECKING:
    from huashu.nlu.fitting import Rows

MEANT: Final = 0.5
"""Confidence of a score at the bar: an intent that is this sure is meant."""
FOLDS: Final = 10
SUPPORT_C: Final = 1.0
OWN: Final = 0.8
"""A feature speaks for an intent if it does so at least this share as loudly as for the one it speaks for most. Of two
intents that the examples always have together each would else be heard in the other's words. By folds 0 to 9 of NLU++,
trained on one, from 67.5 to 71.1 (banking) and 52.8 to 53.2 (hotels); trained on eight, 85.5 to 84.9."""
STEEP: Final = 4.0
"""Of the logistic curve from a score, less the bar, to a confidence, where the rehearsal tells no slope."""


@dataclass(frozen=True, slots=True, eq=False)
class Several:
    """What hears several intents at once: empty where no example has several."""

    labels: tuple[str, ...] = ()
    """Intents that are said beside others: the columns."""
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """(features, labels)"""
    bias: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    bar: float = 0.0
    steep: float = STEEP
    told: frozenset[str] = frozenset()
    """`bare` texts of the examples that have several."""

    def __bool__(self) -> bool:
        return bool(self.labels)

    def heard(self, vector: Vector) -> dict[str, float]:
        """Intent → confidence, of those that are meant: any number of them."""
        if not self.labels or not len(vector.index):
            return {}
        scores = vector.weight @ self.weights[vector.index] + self.bias
        sure = 1 / (1 + np.exp(-np.clip(self.steep * (scores - self.bar), -30, 30)))
        return {self.labels[at]: round(float(sure[at]), 4) for at in np.flatnonzero(sure >= MEANT)}

    def data(self) -> dict[str, Any]:
        """All but the arrays, for a file of JSON."""
        return {"labels": list(self.labels), "bar": self.bar, "steep": self.steep, "told": sorted(self.told)}

    @classmethod
    def of(cls, data: Mapping[str, Any], weights: Floats, bias: Floats) -> "Several":
        return cls(
            tuple(data["labels"]), weights, bias, float(data["bar"]), float(data["steep"]), frozenset(data["told"])
        )


def learn(rows: "Rows", vectoriser: Vectoriser, *, seed: int) -> Several:
    """From rows of which some belong to one sentence (`rows.together`). Imports scikit-learn when there are such."""
    if not rows.together:
        return Several()
    meant: dict[str, set[str]] = {}
    for text, label in zip(rows.texts, rows.labels, strict=True):
        meant.setdefault(text, set()).add(label)
    labels = tuple(sorted(set().union(*rows.together.values())))
    from huashu.nlu.fitting import matrix_of

    matrix = matrix_of([vectoriser.vector(text) for text in meant], len(vectoriser.names))
    answers = np.array([[label in said for label in labels] for said in meant.values()])
    weights, bias = _fit(matrix, answers, seed)
    bar, steep = _rehearsed(matrix, answers, seed)
    return Several(labels, weights, bias, bar, steep, frozenset(map(texts.bare, rows.together)))


def _fit(matrix: Any, answers: NDArray[np.bool_], seed: int) -> tuple[Floats, Floats]:
    from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

    weights = np.zeros((matrix.shape[1], answers.shape[1]), np.float32)
    bias = np.full(answers.shape[1], -1.0, np.float32)
    for at in range(answers.shape[1]):
        share = float(answers[:, at].mean())
        if not 0 < share < 1:  # nobody says it here, or everybody
            bias[at] = 1.0 if share else -1.0
            continue
        # Half-way to balanced, as in huashu.nlu.fitting.
        weight = np.where(answers[:, at], np.sqrt((1 - share) / share), 1.0)
        fitted = LinearSVC(C=SUPPORT_C, random_state=seed).fit(matrix, answers[:, at], sample_weight=weight)
        weights[:, at], bias[at] = fitted.coef_[0], fitted.intercept_[0]
    loudest = weights.max(axis=1, keepdims=True)
    return np.where((weights <= 0) | (weights >= OWN * loudest), weights, np.float32(0)), bias


def _rehearsed(matrix: Any, answers: NDArray[np.bool_], seed: int) -> tuple[float, float]:
    """(bar, slope) by sentences held out."""
    part = np.random.default_rng(seed).permutation(len(answers)) % FOLDS
    scores = np.zeros(answers.shape)
    for fold in range(FOLDS):
        kept = part != fold
        weights, bias = _fit(matrix[kept], answers[kept], seed)
        scores[~kept] = matrix[~kept] @ weights + bias
    best = scores.argmax(axis=1)
    # Of the first intent the classifier is the judge: the bar is for what is meant beside it.
    first = answers[np.arange(len(answers)), best]
    beside = np.ones(answers.shape, bool)
    beside[np.arange(len(answers)), best] = False
    asked = first[:, None] & beside
    return _bar(scores[asked], answers[asked]), STEEP


def _bar(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The bar of the highest F1; above all scores where nothing is ever meant besides."""
    if not right.any():
        return float(scores.max(initial=0.0)) + 1.0
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + right.sum())
    at = int(f1.argmax())
    below = scores[order[at + 1]] if at + 1 < len(order) else scores[order[at]] - 1.0
    return float((scores[order[at]] + below) / 2)
