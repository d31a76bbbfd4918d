"""From a script's examples and an encoder to an understanding: fine-tune, export, fit the heads, rehearse.

The heads are fitted on the vectors that the int8 graph gives, so what is judged, calibrated and served is one and the
same. Twice through: first with part of the sentences and of the intents held out, to see when to stop, how much the
encoder may say beside the words, who finds the slots, and how sure to be; then on everything.
"""

import dataclasses
import logging
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import EngineError
from huashu.nlu import crf
from huashu.nlu.data import Span, TrainingData
from huashu.nlu.encoder import EncoderModel, Head, tagged
from huashu.nlu.encoder_export import Base, Lesson, Settings, export, fine_tune, load_base
from huashu.nlu.encoder_run import Encoded, Encoder
from huashu.nlu.features import Floats
from huashu.nlu.fitting import MANY_ROWS, Fitted, Rows, fit
from huashu.nlu.model import NOWHERE, Calibration
from huashu.nlu.rehearsal import DEFAULT, FOLDS, Trial, calibrated, sharpness, split, trial
from huashu.nlu.tagger import OUTSIDE, bio
from huashu.nlu.train import rows_of, train

log = logging.getLogger(__name__)

SHARES: Final = (1.0, 0.8, 0.6, 0.4, 0.2)
"""Of the encoder in the scores, tried on what is held out."""
UNTRIED: Final = 0.5
"""The share where nothing can be held out."""
LEAST_HELD: Final = 10
HEAD_C: Final = 10.0
ABSENT: Final = -10.0
"""Score of a class that no row has."""
MOST_PIECES: Final = 20000
"""Pieces that the head of the slots learns from, those of sentences with slots first."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a training came to; accuracies are of sentences held out, 0 to 1, nothing where none could be."""

    epochs: int
    share: float
    held: int
    encoder: float | None
    words: float | None
    both: float | None
    slots: str
    """Who finds them: "encoder", "words", or "" when there are none."""


@dataclass(frozen=True, slots=True)
class _Lessons:
    rows: Rows
    spans: Mapping[str, tuple[Span, ...]]
    """Of the sentences that are examples: those know their slots, if only that there are none."""
    tags: tuple[str, ...]

    def of(self, keep: Sequence[int], labels: Sequence[str]) -> list[Lesson]:
        number = {label: at for at, label in enumerate(labels)}
        return [self._lesson(at, number) for at in keep if self.rows.labels[at] in number]

    def _lesson(self, at: int, number: Mapping[str, int]) -> Lesson:
        text = self.rows.texts[at]
        spans = self.spans.get(text)
        tags = () if spans is None or not self.tags else tuple(map(self.tags.index, bio(text, spans)))
        return Lesson(text, number[self.rows.labels[at]], tags)


@dataclass(slots=True, eq=False)
class _Tried:
    """What a rehearsal showed."""

    epochs: int
    share: float = UNTRIED
    calibration: Calibration = DEFAULT
    accuracy: tuple[float, float, float] | None = None
    """Of the encoder alone, the words alone, both."""
    held: int = 0
    slots: bool = True
    """The encoder finds them no worse than the tagger of the words."""


def train_encoder(
    data: TrainingData, encoder: str, folder: Path, *, settings: Settings | None = None, tell: Tell | None = None
) -> Report:
    """Train on everything a script teaches and write the understanding to `folder`, which is replaced when whole.

    encoder: a folder, or a name in the user's own cache of transformers. Nothing is downloaded.
    settings: `epochs` 0 leaves the encoder as it is (frozen): quick, and right for few examples.
    tell: lines for whoever waits.

    Raises:
        MissingExtraError: a training library is not installed.
        EngineError: no intent has an example, or the encoder cannot be read or exported.
    """
    settings, tell = settings or Settings(), tell or log.info
    rows = rows_of(data)
    if not any(rows.labels):
        raise EngineError("no intent has an example: give `intents` some, or use a built-in intent")
    lessons = _lessons(data, rows)
    base = load_base(encoder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="encoder-new-", dir=folder.parent))
    try:
        read = _Vectors(made)
        tried = _rehearse(data, lessons, base, settings, read, tell)
        words = train(data, seed=settings.seed)
        if tried.epochs:
            base = load_base(encoder)
            learnt = lessons.of(range(len(rows.texts)), words.labels)
            fine_tune(base, learnt, len(words.labels), len(lessons.tags), settings, epochs=tried.epochs, tell=tell)
            export(base, made)
            read = _Vectors(made)
        model = EncoderModel(
            words=words,
            encoder=read.encoder,
            intents=intent_head(read, rows, words.labels),
            tags=lessons.tags,
            slots_head=slot_head(read, _marked(lessons, range(len(rows.texts))), lessons.tags, base.width),
            finds_slots=tried.slots,
            share=tried.share,
            calibration=tried.calibration,
        )
        report = _report(tried, lessons.tags)
        about = {"encoder": Path(encoder).name, "language": data.language, **dataclasses.asdict(settings)}
        model.save(made, {**about, "report": dataclasses.asdict(report)})
        _replace(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return report


def _lessons(data: TrainingData, rows: Rows) -> _Lessons:
    spans = {example.text: example.spans for example in data.examples}
    slots = sorted({span.slot for found in spans.values() for span in found})
    tags = (OUTSIDE, *(f"{mark}-{slot}" for slot in slots for mark in "BI")) if slots else ()
    return _Lessons(rows, spans, tags)


# --- rehearsal ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A sentence held out, and what both made of it."""

    fitted: Fitted
    text: str
    label: str
    scores: Floats
    """The encoder's, by the labels of `fitted`."""

    def trial(self, share: float) -> Trial:
        return trial(self.fitted, self.text, self.label, other=self.scores, share=share)


def _rehearse(
    data: TrainingData, lessons: _Lessons, base: Base, settings: Settings, read: "_Vectors", tell: Tell
) -> _Tried:
    rows, seed = lessons.rows, settings.seed
    asked: list[_Asked] = []
    tried = _Tried(settings.epochs)
    folds = FOLDS if settings.epochs == 0 and len(rows.texts) < MANY_ROWS else 1
    for fold in range(folds):
        kept, held = split(rows, fold, seed)
        fitted = fit(rows.take(kept), seed=seed)
        if settings.epochs:
            learnt, watched = (lessons.of(part, fitted.labels) for part in (kept, held))
            tried.epochs = fine_tune(
                base,
                learnt,
                len(fitted.labels),
                len(lessons.tags),
                settings,
                epochs=settings.epochs,
                held=watched,
                tell=tell,
            )
        if fold == 0:
            export(base, read.folder)
        head = intent_head(read, rows.take(kept), fitted.labels)
        for at in held:
            scores = head.scores(read(rows.texts[at]).sentence)
            asked.append(_Asked(fitted, rows.texts[at], rows.labels[at], scores))
        if fold == 0 and lessons.tags:
            tried.slots = _finds_slots(data, lessons, read, kept, held, base.width, seed)
    _weigh(tried, asked)
    return tried


def _weigh(tried: _Tried, asked: Sequence[_Asked]) -> None:
    """The share under which the right answers are likeliest, and the confidence at that share."""
    inside = [one for one in asked if one.label in one.fitted.labels and one.label != NOWHERE]
    if len(inside) < LEAST_HELD:
        return
    losses = [(sharpness([one.trial(share) for one in inside])[0], at) for at, share in enumerate(SHARES)]
    tried.share = SHARES[min(losses)[1]]
    tried.calibration = calibrated([one.trial(tried.share) for one in asked])
    tried.held = len(inside)
    only, without, both = (_accuracy([one.trial(share) for one in inside]) for share in (1.0, 0.0, tried.share))
    tried.accuracy = only, without, both


def _accuracy(trials: Sequence[Trial]) -> float:
    right = 0
    for one in trials:
        intents = one.scores.copy()
        if one.nowhere >= 0:
            intents[one.nowhere] = -np.inf
        right += int(np.argmax(intents)) == one.answer
    return right / len(trials)


def _finds_slots(
    data: TrainingData,
    lessons: _Lessons,
    read: "_Vectors",
    kept: Sequence[int],
    held: Sequence[int],
    width: int,
    seed: int,
) -> bool:
    """Whether the encoder finds the slots of the sentences held out at least as well as the tagger of the words."""
    texts = lessons.rows.texts
    wanted = {texts[at]: lessons.rows.labels[at] for at in held if lessons.spans.get(texts[at])}
    marked = _marked(lessons, kept)
    if not wanted or not any(lessons.spans[text] for text, _ in marked):
        return True
    head = slot_head(read, marked, lessons.tags, width)
    learnt = {texts[at] for at in kept}
    tagger = crf.learn([one for one in data.examples if one.text in learnt], seed=seed, lists=data.lists)
    hits = [0, 0]
    told = [0, 0]
    for text, intent in wanted.items():
        right = set(lessons.spans[text])
        for who, found in enumerate((tagged(text, read(text), head, lessons.tags), tagger.spans(text, intent))):
            hits[who] += len(right & set(found))
            told[who] += len(found) + len(right)
    return hits[0] / max(1, told[0]) >= hits[1] / max(1, told[1])


# --- heads --------------------------------------------------------------------------------------------------------


class _Vectors:
    """What an encoder makes of texts, each of them once and by itself, as when serving."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.encoder = Encoder(folder)
        self._known: dict[str, Encoded] = {}

    def __call__(self, text: str) -> Encoded:
        if text not in self._known:
            self._known[text] = self.encoder.encode(text)
        return self._known[text]


def intent_head(read: _Vectors, rows: Rows, labels: Sequence[str]) -> Head:
    """Scores of about -3 to 3, like those of the words."""
    number = {label: at for at, label in enumerate(labels)}
    vectors = np.stack([read(text).sentence for text in rows.texts])
    head = _linear(vectors, np.array([number[label] for label in rows.labels]), len(labels))
    spread = np.float32(np.std(head.scores(vectors))) or np.float32(1)
    return Head(head.weights / spread, head.bias / spread)


def slot_head(read: _Vectors, marked: Sequence[tuple[str, Sequence[str]]], tags: Sequence[str], width: int) -> Head:
    """`marked`: texts with the tags of their pieces. Without tags an empty head."""
    if not tags:
        return Head(np.zeros((width, 0), np.float32), np.zeros(0, np.float32))
    rows: list[Floats] = []
    answers: list[int] = []
    for text, told in marked:
        if len(answers) >= MOST_PIECES:
            break
        rows += list(read(text).pieces)
        answers += [tags.index(tag) for tag in told]
    return _linear(np.stack(rows), np.array(answers), len(tags))


def _marked(lessons: _Lessons, keep: Sequence[int]) -> list[tuple[str, list[str]]]:
    """Sentences whose slots are known, those that have some first."""
    texts = dict.fromkeys(lessons.rows.texts[at] for at in keep if lessons.rows.texts[at] in lessons.spans)
    order = sorted(texts, key=lambda text: not lessons.spans[text])
    return [(text, bio(text, lessons.spans[text])) for text in order]


def _linear(vectors: Floats, answers: NDArray[np.intp], classes: int) -> Head:
    """Multinomial logistic regression on vectors brought to mean 0, deviation 1 and unit length on average."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # scikit-learn's own requirement

    mean = vectors.mean(axis=0)
    scale = (vectors.std(axis=0) + 1e-6) * np.sqrt(vectors.shape[1])
    weights = np.zeros((vectors.shape[1], classes), np.float32)
    bias = np.full(classes, ABSENT, np.float32)
    present = np.unique(answers)
    if len(present) == 1:
        bias[present[0]] = 0.0
        return Head(weights, bias)
    with threadpool_limits(1):  # matrices so small are multiplied before other threads have woken up
        fitted = LogisticRegression(C=HEAD_C, max_iter=300).fit((vectors - mean) / scale, answers)
    slopes, heights = fitted.coef_, fitted.intercept_
    if len(present) == 2:
        slopes, heights = np.concatenate([-slopes, slopes]) / 2, np.concatenate([-heights, heights]) / 2
    weights[:, present] = slopes.T / scale[:, None]
    bias[present] = heights - (mean / scale) @ slopes.T
    return Head(weights, bias)


def _report(tried: _Tried, tags: Sequence[str]) -> Report:
    only, without, both = tried.accuracy or (None, None, None)
    slots = ("encoder" if tried.slots else "words") if tags else ""
    return Report(tried.epochs, tried.share, tried.held, only, without, both, slots)


def _replace(made: Path, folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    made.rename(folder)
