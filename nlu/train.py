"""Training: a script's examples in, a Model out. The only place of the room that imports scikit-learn, when it runs.

The classifier is linear over the sparse vectors of huashu.nlu.features: multinomial logistic regression, which is the
better one on few examples, mixed with one-against-rest support vectors, which are better on many; two linear models
sum to one matrix. Confidence is fitted in a rehearsal: part of the examples, and whole intents as stand-ins for what
is out of scope, are held out, and a logistic model learns from the scores whether the answer was right.
"""

import hashlib
import logging
import re
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import EngineError
from huashu.nlu import crf, features
from huashu.nlu import text as texts
from huashu.nlu.builtin import SWITCHES
from huashu.nlu.concepts import CONCEPTS
from huashu.nlu.data import TrainingData
from huashu.nlu.features import Floats, Vector
from huashu.nlu.general import GENERAL, GREETINGS
from huashu.nlu.model import FORMAT, NOWHERE, Calibration, Model, Nearest

log = logging.getLogger(__name__)

LOGISTIC_C: Final = 100.0
SUPPORT_C: Final = (3.0, 1.0)
"""For few and for many rows, by cross-validation on SMP2019 (2,000 rows) and HWU64 (8,000)."""
MANY_ROWS: Final = 4000
"""From here on one rehearsal instead of FOLDS, and fewer passes: the figures below are BANKING77's (10,000 rows)."""
PASSES: Final = (60, 12)
"""Of the SAGA solver, for few and for many rows: more raised no accuracy by cross-validation on training rows."""
FOLDS: Final = 5
TOO_CLOSE: Final = 0.45
"""A general negative at least this like an example of the script is left out."""
_RULED: Final = frozenset({*SWITCHES, *SWITCHES.values()})
"""Built-in intents that are no matter of examples (huashu.nlu.switching): beside them a rehearsal learns too little."""
NEAR_MOST: Final = 64
"""Examples kept of an intent for the likeness to the nearest one: bounds the work of an utterance."""
OUTSIDE_SHARE: Final = 0.03
"""Weight in the rehearsal of all that should be refused, against all that should be accepted."""
CODE_WORDS: Final = (3, 64)
"""Words shared by names of intents that are learnt too: none when there are fewer, the most frequent ones of more."""
CODE_SHARE: Final = 0.25
"""Weight of each of the two ways to read an intent out of them, against the intents' own scores; with the pairs of
huashu.nlu.features by cross-validation on BANKING77 (+ 0.5 points together) and HWU64 (+ 0.5)."""
CODE_C: Final = 0.5
DEFAULT: Final = Calibration(3.0, (2.0, 1.0, 2.0, 1.0, -3.0))
"""For a script so small that nothing can be held out."""


@dataclass(frozen=True, slots=True)
class _Rows:
    texts: tuple[str, ...]
    labels: tuple[str, ...]

    def take(self, keep: list[int]) -> "_Rows":
        return _Rows(tuple(self.texts[at] for at in keep), tuple(self.labels[at] for at in keep))


@dataclass(frozen=True, slots=True)
class _Fitted:
    vectoriser: features.Vectoriser
    labels: tuple[str, ...]
    weights: Floats
    bias: Floats
    nearest: Nearest


def train(data: TrainingData, *, seed: int = 0) -> Model:
    """Train on everything a script teaches. The same data and seed give the same model, bit for bit.

    Raises:
        EngineError: there is no example of any intent, or scikit-learn cannot be imported.
    """
    rows = _rows(data)
    if not any(rows.labels):
        raise EngineError("no intent has an example: give `intents` some, or use a built-in intent")
    fitted = _fit(rows, seed=seed)
    calibration = _rehearse(rows, seed=seed)
    return Model(
        language=data.language,
        labels=fitted.labels,
        vectoriser=fitted.vectoriser,
        weights=fitted.weights,
        bias=fitted.bias,
        nearest=fitted.nearest,
        exact=_exact(data),
        calibration=calibration,
        tagger=crf.learn(data.examples, seed=seed, lists=data.lists),
        lists=data.lists,
        slots=data.slots,
        carried=_carried(data),
    )


def load_or_train(data: TrainingData, digest: str, cache_dir: Path, *, seed: int = 0) -> Model:
    """The model of a script, from the cache when it is there. `digest`: the script's `model_digest`.

    Written to a folder beside and renamed, so that two processes at once are safe; a damaged entry is trained anew.
    """
    folder = cache_dir / f"nlu-{FORMAT}-{_own_digest()}-{digest[:32]}-{seed}"
    if folder.is_dir():
        try:
            return Model.load(folder)
        except EngineError as error:
            log.warning("cached model is not usable, training anew: %s", error)
            shutil.rmtree(folder, ignore_errors=True)
    model = train(data, seed=seed)
    cache_dir.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="nlu-new-", dir=cache_dir))
    try:
        model.save(made)
        made.rename(folder)
    except FileExistsError:
        shutil.rmtree(made)  # another process was first
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        if not folder.is_dir():
            log.warning("model is not cached: %s", error)
            return model
    return Model.load(folder)


def _own_digest() -> str:
    """What a model depends on beside the script: this room's own sentences and words."""
    own = (sorted(GENERAL.items()), sorted(GREETINGS.items()), sorted(CONCEPTS.items()))
    return hashlib.sha256(repr(own).encode()).hexdigest()[:8]


# --- what to learn from -------------------------------------------------------------------------------------------


def _rows(data: TrainingData) -> _Rows:
    own = {example.intent for example in data.examples}
    known: dict[tuple[str, str], str] = {}
    taken = set()
    for example in data.examples:
        known[texts.bare(example.text), example.intent] = example.text
        taken.add(texts.bare(example.text))
    for intent, sentences in data.regulars.items():
        if intent not in own and intent not in _RULED:
            for sentence in sentences:
                if texts.bare(sentence) not in taken:
                    known.setdefault((texts.bare(sentence), intent), sentence)
    for intent in sorted(own | set(data.regulars) - _RULED):
        name = _name_words(intent, data.language)
        if name and texts.bare(name) not in taken:
            known.setdefault((texts.bare(name), intent), name)
    for sentence in data.out_of_scope:
        known[texts.bare(sentence), NOWHERE] = sentence
    rows = _Rows(tuple(known.values()), tuple(intent for _, intent in known))
    negatives = _distant(GENERAL.get(data.language.split("-")[0].lower(), ()), rows)
    return _Rows(rows.texts + negatives, rows.labels + (NOWHERE,) * len(negatives))


def _name_words(intent: str, language: str) -> str:
    """An intent's name as a sentence, in the script's language: names mean something ("card_arrival", 太贵)."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", intent.replace("_", " ").replace("-", " "))
    said = re.search(r"[^\W\d]{2}", words) and texts.language_of(words, language) == language[:2].lower()
    return words if said else ""


def _distant(sentences: tuple[str, ...], rows: _Rows) -> tuple[str, ...]:
    """The sentences that are like no example of the script."""
    if not sentences or not rows.texts:
        return sentences
    vectoriser = features.learn(rows.texts)
    matrix = _matrix([vectoriser.vector(text) for text in rows.texts], len(vectoriser.names))
    asked = _matrix([vectoriser.vector(text) for text in sentences], len(vectoriser.names))
    lengths = np.maximum(np.asarray(asked.multiply(asked).sum(axis=1)).ravel(), 1e-6)
    nearest = np.asarray((asked @ matrix.T).max(axis=1).todense()).ravel() / lengths
    return tuple(text for text, like in zip(sentences, nearest, strict=True) if like < TOO_CLOSE)


def _exact(data: TrainingData) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for example in data.examples:
        intents = found.setdefault(texts.bare(example.text), [])
        if example.intent not in intents:
            intents.append(example.intent)
    own = {example.intent for example in data.examples}
    written = set(found)
    for intent, sentences in data.regulars.items():
        if intent not in own:
            for sentence in sentences:
                key = texts.bare(sentence)
                if key not in written and intent not in found.setdefault(key, []):
                    found[key].append(intent)
    for sentence in (*data.out_of_scope, *GREETINGS.get(data.language.split("-")[0].lower(), ())):
        found.setdefault(texts.bare(sentence), [])
    return {text: tuple(intents) for text, intents in found.items()}


def _carried(data: TrainingData) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for example in data.examples:
        for span in example.spans:
            found.setdefault(example.intent, set()).add(span.slot)
    return {intent: tuple(sorted(slots)) for intent, slots in found.items()}


# --- fitting ------------------------------------------------------------------------------------------------------


def _matrix(vectors: list[Vector], width: int) -> Any:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    starts, index, weight = features.stack(vectors)
    return csr_matrix((weight, index, starts), shape=(len(vectors), width))


def _fit(rows: _Rows, *, seed: int) -> _Fitted:
    vectoriser = features.learn(rows.texts)
    vectors = [vectoriser.vector(text) for text in rows.texts]
    labels = tuple(sorted(set(rows.labels)))
    number = {label: at for at, label in enumerate(labels)}
    answers = np.array([number[label] for label in rows.labels])
    matrix = _matrix(vectors, len(vectoriser.names))
    if len(labels) == 1:
        weights = np.zeros((len(vectoriser.names), 1), np.float32)
        bias = np.ones(1, np.float32)
    else:
        weights, bias = _linear(matrix, answers, len(labels), seed)
        _add_codes(weights, bias, matrix, answers, labels, seed)
    return _Fitted(vectoriser, labels, weights, bias, _nearest(vectors, answers, len(labels), seed))


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
    support = LinearSVC(C=SUPPORT_C[many], random_state=seed, max_iter=300)
    weights = np.zeros((matrix.shape[1], classes), np.float32)
    bias = np.zeros(classes, np.float32)
    for part, estimator in ((1 - share, logistic), (share, support)):
        if not part:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(matrix, answers, sample_weight=balance)
        slopes, heights = estimator.coef_, estimator.intercept_
        if classes == 2:
            slopes, heights = np.concatenate([-slopes, slopes]), np.concatenate([-heights, heights])
        sample = matrix[:: max(1, len(answers) // 500)] @ slopes.T
        spread = float(np.std(sample)) or 1.0
        weights += np.asarray(slopes.T, np.float32) * np.float32(part / spread)
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
    for at in range(len(words)):
        fitted = LinearSVC(C=CODE_C, random_state=seed, max_iter=200).fit(matrix, code[answers, at])
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


# --- rehearsal ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Trial:
    """What a rehearsal saw of one held-out sentence: its scores by label, and whether the best one is right."""

    scores: Floats
    answer: int
    """Column of the right label, -1 when nothing is."""
    likeness: float
    known: float
    nowhere: int
    """Column of the class of no intent, or -1."""


def _rehearse(rows: _Rows, *, seed: int) -> Calibration:
    trials: list[_Trial] = []
    folds = 1 if len(rows.texts) >= MANY_ROWS else FOLDS
    for fold in range(folds):
        trials += _trials(rows, fold, seed)
    right = [trial for trial in trials if trial.answer >= 0]
    if len(right) < 10 or len(right) == len(trials):
        return DEFAULT
    sharpness = _sharpness(right)
    return Calibration(sharpness, _coefficients(trials, sharpness))


def _trials(rows: _Rows, fold: int, seed: int) -> list[_Trial]:
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
    fitted = _fit(rows.take(sorted(kept)), seed=seed)
    held = sorted(held)[:: max(1, len(held) // 4000)]
    return [_trial(fitted, rows.texts[at], rows.labels[at]) for at in held]


def _trial(fitted: _Fitted, text: str, label: str) -> _Trial:
    vector = fitted.vectoriser.vector(text)
    scores = vector.weight @ fitted.weights[vector.index] + fitted.bias
    nowhere = fitted.labels.index(NOWHERE) if NOWHERE in fitted.labels else -1
    intents = scores.copy()
    if nowhere >= 0:
        intents[nowhere] = -np.inf
    best = int(np.argmax(intents))
    dense = np.zeros(len(fitted.vectoriser.names), np.float32)
    dense[vector.index] = vector.weight
    power = float(vector.weight @ vector.weight) or 1.0
    answer = fitted.labels.index(label) if label and label in fitted.labels else -1
    return _Trial(scores, answer, fitted.nearest.likeness(dense, best) / power, vector.known, nowhere)


def _sharpness(trials: list[_Trial]) -> float:
    """The factor before the softmax under which the right answers are likeliest (temperature scaling)."""
    best = (np.inf, 1.0)
    for factor in (0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0):
        loss = 0.0
        for trial in trials:
            scaled = trial.scores * factor
            loss += float(np.logaddexp.reduce(scaled) - scaled[trial.answer])
        best = min(best, (loss, factor))
    return best[1]


def _coefficients(trials: list[_Trial], sharpness: float) -> tuple[float, float, float, float, float]:
    from sklearn.linear_model import LogisticRegression

    table = np.zeros((len(trials), 4))
    good = np.zeros(len(trials), bool)
    for at, trial in enumerate(trials):
        intents = trial.scores.copy()
        if trial.nowhere >= 0:
            intents[trial.nowhere] = -np.inf
        best = int(np.argmax(intents))
        share = float(sharpness * intents[best] - np.logaddexp.reduce(sharpness * trial.scores))
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
