"""Confidence is learnt in a rehearsal: part of the examples, and whole intents as stand-ins for what is out of scope,
are held out, and a logistic model learns from the scores whether the answer was right.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from huashu.nlu.features import Floats
from huashu.nlu.fitting import MANY_ROWS, Fitted, Rows, fit
from huashu.nlu.model import NOWHERE, Calibration

FOLDS: Final = 5
OUTSIDE_SHARE: Final = 0.03
"""Weight in the rehearsal of all that should be refused, against all that should be accepted."""
DEFAULT: Final = Calibration(3.0, (2.0, 1.0, 2.0, 1.0, -3.0))
"""For a script so small that nothing can be held out."""


@dataclass(slots=True)
class Trial:
    """What a rehearsal saw of one held-out sentence: its scores by label, and whether the best one is right."""

    scores: Floats
    answer: int
    """Column of the right label, -1 when nothing is."""
    likeness: float
    known: float
    nowhere: int
    """Column of the class of no intent, or -1."""


def rehearse(rows: Rows, *, seed: int) -> Calibration:
    trials: list[Trial] = []
    folds = 1 if len(rows.texts) >= MANY_ROWS else FOLDS
    for fold in range(folds):
        kept, held = split(rows, fold, seed)
        if rows.together:  # a sentence is held out with all of its intents, and judged once
            out = {rows.texts[at]: at for at in held if rows.texts[at] in rows.together}
            kept = [at for at in kept if rows.texts[at] not in out]
            held = [at for at in held if out.get(rows.texts[at], at) == at]
        fitted = fit(rows.take(kept), seed=seed)
        trials += [_any_right(trial(fitted, rows.texts[at], rows.labels[at]), fitted, rows, at) for at in held]
    return calibrated(trials)


def _any_right(made: Trial, fitted: Fitted, rows: Rows, at: int) -> Trial:
    """Of a sentence of several intents each is right: the likeliest of them is taken as its answer."""
    meant = rows.together.get(rows.texts[at], frozenset())
    columns = [fitted.labels.index(label) for label in meant if label in fitted.labels]
    if columns:
        made.answer = max(columns, key=lambda column: float(made.scores[column]))
    return made


def calibrated(trials: list[Trial]) -> Calibration:
    """What makes a confidence of scores such as these."""
    right = [trial for trial in trials if trial.answer >= 0]
    if len(right) < 10 or len(right) == len(trials):
        return DEFAULT
    _, factor = sharpness(right)
    return Calibration(factor, _coefficients(trials, factor))


def split(rows: Rows, fold: int, seed: int) -> tuple[list[int], list[int]]:
    """Numbers of the rows that are learnt and of those that are held out, in a fold of FOLDS."""
    dice = np.random.default_rng(seed + 1)
    intents = sorted({label for label in rows.labels if label})
    order = dice.permutation(len(intents))
    counts = Counter(rows.labels)
    # An intent that half of all examples have is no stand-in for a stranger.
    chosen = [intents[at] for place, at in enumerate(order) if len(intents) >= 4 and place % FOLDS == fold]
    absent = {label for label in chosen if counts[label] * FOLDS <= len(rows.labels)}
    # A sentence a label: an intent of two examples must keep one.
    seen: Counter[str] = Counter()
    held: list[int] = []
    kept: list[int] = []
    for at in dice.permutation(len(rows.texts)).tolist():
        label = rows.labels[at]
        seen[label] += 1
        out = label in absent or (seen[label] % FOLDS == fold and seen[label] > 1)
        (held if out else kept).append(at)
    return sorted(kept), sorted(held)[:: max(1, len(held) // 4000)]


def trial(fitted: Fitted, text: str, label: str, *, other: Floats | None = None, share: float = 0.0) -> Trial:
    """`other`: scores of another model, by the labels of `fitted`; they have this share."""
    vector = fitted.vectoriser.vector(text)
    scores = vector.weight @ fitted.weights[vector.index] + fitted.bias
    if other is not None:
        scores = np.float32(share) * other + np.float32(1 - share) * scores
    nowhere = fitted.labels.index(NOWHERE) if NOWHERE in fitted.labels else -1
    intents = scores.copy()
    if nowhere >= 0:
        intents[nowhere] = -np.inf
    best = int(np.argmax(intents))
    dense = np.zeros(len(fitted.vectoriser.names), np.float32)
    dense[vector.index] = vector.weight
    power = float(vector.weight @ vector.weight) or 1.0
    answer = fitted.labels.index(label) if label and label in fitted.labels else -1
    return Trial(scores, answer, fitted.nearest.likeness(dense, best) / power, vector.known, nowhere)


def sharpness(trials: list[Trial]) -> tuple[float, float]:
    """(loss, factor) of the factor before the softmax under which the right answers are likeliest (temperature
    scaling)."""
    best = (np.inf, 1.0)
    for factor in (0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0):
        loss = 0.0
        for trial in trials:
            scaled = trial.scores * factor
            loss += float(np.logaddexp.reduce(scaled) - scaled[trial.answer])
        best = min(best, (loss, factor))
    return best


def _coefficients(trials: list[Trial], factor: float) -> tuple[float, float, float, float, float]:
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    table = np.zeros((len(trials), 4))
    good = np.zeros(len(trials), bool)
    for at, trial in enumerate(trials):
        intents = trial.scores.copy()
        if trial.nowhere >= 0:
            intents[trial.nowhere] = -np.inf
        best = int(np.argmax(intents))
        share = float(factor * intents[best] - np.logaddexp.reduce(factor * trial.scores))
        table[at] = (intents[best], share, trial.likeness, trial.known)
        good[at] = best == trial.answer
    inside = np.array([trial.answer >= 0 for trial in trials])
    weight = np.where(inside, 1.0, OUTSIDE_SHARE * inside.sum() / max(1, (~inside).sum()))
    if good.all() or not good.any():
        return DEFAULT.coefficients
    slopes = np.zeros(table.shape[1])
    columns = np.arange(table.shape[1])
    while True:
        fitted = LogisticRegression(C=10.0).fit(table[:, columns], good, sample_weight=weight)
        # Evidence never counts against: a negative slope is noise of a small rehearsal, and the others do without it.
        kept = fitted.coef_[0] > 0
        if kept.all() or not kept.any():
            break
        columns = columns[kept]
    slopes[columns] = np.maximum(fitted.coef_[0], 0.0)
    a, b, c, d = (float(slope) for slope in slopes)
    return a, b, c, d, float(fitted.intercept_[0])
