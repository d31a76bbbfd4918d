"""The classifier: rows of sentences and labels in, one matrix of weights and the examples for likeness out.

Linear over the sparse vectors of huashu.nlu.features: multinomial logistic regression, which is the better one on few
examples, mixed with one-against-rest support vectors, which are better on many; linear models sum to one matrix.
Imports scikit-learn and scipy when it runs.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import EngineError
from huashu.nlu import features
from huashu.nlu.features import Floats, Vector
from huashu.nlu.model import Nearest

LOGISTIC_C: Final = 100.0
SUPPORT_C: Final = (3.0, 1.0)
"""For few and for many rows, by cross-validation on SMP2019 (2,000 rows) and HWU64 (8,000)."""
MANY_ROWS: Final = 4000
"""From here on one rehearsal instead of FOLDS, and fewer passes: the figures below are BANKING77's (10,000 rows)."""
PASSES: Final = (60, 6)
"""Of the SAGA solver, for few and for many rows: more raised no accuracy by cross-validation on training rows."""
TOLERANCE: Final = (1e-4, 1e-2)
"""Of the support vectors' solver, likewise."""
CODE_WORDS: Final = (3, 64)
"""Words shared by names of intents that are learnt too: none when there are fewer, the most frequent ones of more."""
CODE_SHARE: Final = 0.25
"""Weight of each of the two ways to read an intent out of them, against the intents' own scores; with the pairs of
huashu.nlu.features by cross-validation on BANKING77 (+ 0.5 points together) and HWU64 (+ 0.5)."""
CODE_C: Final = 0.5
NEAR_MOST: Final = 64
"""Examples kept of an intent for the likeness to the nearest one: bounds the work of an utterance."""


@dataclass(frozen=True, slots=True)
class Rows:
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    together: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Sentence → its intents, where it has several; it then has a row for each."""

    def take(self, keep: list[int]) -> "Rows":
        return Rows(tuple(self.texts[at] for at in keep), tuple(self.labels[at] for at in keep), self.together)


@dataclass(frozen=True, slots=True)
class Fitted:
    vectoriser: features.Vectoriser
    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    nearest: Nearest


def matrix_of(vectors: list[Vector], width: int) -> Any:
    """Compressed sparse rows."""
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    starts, index, weight = features.stack(vectors)
    return csr_matrix((weight, index, starts), shape=(len(vectors), width))


def fit(rows: Rows, *, seed: int) -> Fitted:
    vectoriser, vectors = features.learn_rows(rows.texts)
    labels = tuple(sorted(set(rows.labels)))
    number = {label: at for at, label in enumerate(labels)}
    answers = np.array([number[label] for label in rows.labels])
    matrix = matrix_of(vectors, len(vectoriser.names))
    if len(labels) == 1:
        weights = np.zeros((len(vectoriser.names), 1), np.float32)
        bias = np.ones(1, np.float32)
    else:
        weights, bias = _linear(matrix, answers, len(labels), seed)
        _add_codes(weights, bias, matrix, answers, labels, seed)
    return Fitted(vectoriser, labels, weights, bias, _nearest(vectors, answers, len(labels), seed))


def _linear(matrix: Any, answers: NDArray[np.int64], classes: int, seed: int) -> tuple[Floats, Floats]:
    """Two linear models as one: each divided by the spread of its scores, so that the mixture is of equals."""
    import warnings

    try:
        from sklearn.exceptions import ConvergenceWarning  # type: ignore[import-untyped]
        from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
        from sklearn.svm import LinearSVC  # type: ignore[import-untyped]
    except ImportError as error:
        raise EngineError("training needs scikit-learn: pip install scikit-learn") from error
    counts = np.bincount(answers, minlength=classes)
    # Half-way to balanced: a built-in intent has ten times the sentences of one with five examples.
    balance = np.sqrt(np.median(counts) / counts)[answers].clip(0.4, 2.5)
    share = float(np.clip((len(answers) / classes - 15) / 60, 0.0, 1.0)) * 0.6
    many = len(answers) >= MANY_ROWS
    logistic = LogisticRegression(C=LOGISTIC_C, solver="saga", max_iter=PASSES[many], tol=1e-4, random_state=seed)
    support = LinearSVC(C=SUPPORT_C[many], random_state=seed, max_iter=300, tol=TOLERANCE[many])
    weights = np.zeros((matrix.shape[1], classes), np.float32)
    bias = np.zeros(classes, np.float32)
    for part, estimator in ((share, support), (1 - share, logistic)):  # the hungrier one while there is room
        if not part:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(matrix, answers, sample_weight=balance)
        slopes, heights = estimator.coef_, estimator.intercept_
        estimator.coef_ = None
        if classes == 2:
            slopes, heights = np.concatenate([-slopes, slopes]), np.concatenate([-heights, heights])
        sample = matrix[:: max(1, len(answers) // 500)] @ slopes.T
        spread = float(np.std(sample)) or 1.0
        for klass, row in enumerate(slopes):  # not at once: a copy of them all would be the peak of memory
            weights[:, klass] += np.asarray(row, np.float32) * np.float32(part / spread)
        del slopes
        bias += np.asarray(heights, np.float32) * np.float32(part / spread)
    return weights, bias


def _add_codes(
    weights: Floats, bias: Floats, matrix: Any, answers: NDArray[np.int64], labels: tuple[str, ...], seed: int
) -> None:
    """Intents whose names share words ("card_arrival", "card_lost") help one another: each shared word is learnt as a
    question of its own, and an intent is scored by the answers: by agreement with all of them, as in error-correcting
    output codes (Dietterich, Bakiri, JAIR 1995), and by the mean over its own words. Linear, so it adds to `weights`.
    """
    from sklearn.svm import LinearSVC

    names = [frozenset(re.findall(r"[a-z]{2,}", label.lower())) for label in labels]
    spread = Counter(word for name in names for word in name)
    shared = [word for word, count in spread.most_common() if 2 <= count <= 0.7 * len(labels)]
    words = sorted(shared[: CODE_WORDS[1]])
    if len(words) < CODE_WORDS[0]:
        return
    code = np.array([[word in name for word in words] for name in names], np.float32)
    slopes = np.zeros((len(words), matrix.shape[1]), np.float32)
    heights = np.zeros(len(words), np.float32)
    tolerance = TOLERANCE[len(answers) >= MANY_ROWS]
    for at in range(len(words)):
        fitted = LinearSVC(C=CODE_C, random_state=seed, max_iter=200, tol=tolerance).fit(matrix, code[answers, at])
        slopes[at], heights[at] = fitted.coef_[0], fitted.intercept_[0]
    sample = matrix[:: max(1, len(answers) // 500)]
    told = sample @ slopes.T + heights
    spread_of_scores = float(np.std(sample @ weights + bias))
    for way in ((2 * code - 1) / len(words), code / np.maximum(code.sum(axis=1, keepdims=True), 1)):
        factor = np.float32(CODE_SHARE * spread_of_scores / (float(np.std(told @ way.T)) or 1.0))
        weights += slopes.T @ (way.T * factor)
        bias += heights @ (way.T * factor)


def _nearest(vectors: list[Vector], answers: NDArray[np.int64], classes: int, seed: int) -> Nearest:
    dice = np.random.default_rng(seed)
    rows: list[int] = []
    bounds = [0]
    for klass in range(classes):
        members = np.flatnonzero(answers == klass)
        # A row without features would make reduceat read its neighbour's first product.
        members = np.array([at for at in members if len(vectors[at].index)], np.int64)
        if len(members) > NEAR_MOST:
            members = np.sort(dice.choice(members, NEAR_MOST, replace=False))
        rows += members.tolist()
        bounds.append(len(rows))
    starts, index, weight = features.stack([vectors[at] for at in rows])
    return Nearest(starts, index, weight, np.array(bounds, np.int64))
