"""The built-in understanding: no download, no torch, trained in seconds from the script's own examples.

One utterance: features → scores → the answers possible here, by the open question → confidence; values beside it.
Serving reads arrays and imports numpy; only training (huashu.nlu.train) imports scikit-learn.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.events import Entity, Heard, IntentScore, Understood
from huashu.core.expect import Expectation
from huashu.nlu import dictated, elsewhere, entities
from huashu.nlu import text as texts
from huashu.nlu.assent import weighed
from huashu.nlu.clauses import SURE, beside_value, clauses, opposite, together
from huashu.nlu.data import TrainingData
from huashu.nlu.engine import Capabilities
from huashu.nlu.model import EXACT, NOWHERE, Model
from huashu.nlu.mood import anger, sentiment
from huashu.nlu.plausible import Plausibility
from huashu.nlu.polarity import assents, denied
from huashu.nlu.scoring import Reading, Scorer
from huashu.nlu.switching import asked_language
from huashu.nlu.train import load_or_train, train
from huashu.values import registry

__all__ = ["EmbeddedUnderstander", "Model", "load_or_train", "train"]

MOST: Final = 5
"""Intents in a result."""
LEAST: Final = 0.02
"""An intent less sure than this is not told."""
ANSWER_PRIOR: Final = 1.0
"""Added to the sharpened score of an answer of the open question: such an answer is e times likelier."""
ANSWER_BOOST: Final = 0.25
"""Added to its score where the confidence is judged."""
ELSEWHERE: Final = 0.3
"""Factor on the confidence of an intent that nothing here reacts to."""
CLEAR: Final = 0.5
"""A reading under this is not understood, and the recogniser's other readings are tried."""
CARRIES: Final = 0.3
"""From this confidence on, the slots annotated in an intent's examples are looked for."""
AGREED: Final = 0.8
"""Factor on a yes or no that only the words of huashu.values tell, not the examples."""

MOST_SPLITS: Final = 4096
"""Questions remembered: more than any script has."""

ASKING: Final = {"en": ("说英语", "speak_english"), "zh": ("说中文", "speak_chinese")}
"""Language → the names of the built-in intent that asks for it."""

_Columns = NDArray[np.intp]
_YES: Final = ("肯定", "affirm")
_NO: Final = ("否定", "deny")


class EmbeddedUnderstander:
    """Understands with one trained model: a Model, or another Scorer under another `name` (huashu.nlu.encoder).

    Holds no state between calls: safe to share between threads.
    """

    def __init__(self, model: Scorer, *, name: str = "embedded") -> None:
        self._name = name
        self._model = model
        self._nowhere = model.labels.index(NOWHERE) if NOWHERE in model.labels else -1
        self._plausible = Plausibility(model)
        self._splits: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[_Columns, _Columns]] = {}

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(name=self._name, languages=("zh", "en"))

    @property
    def model(self) -> Scorer:
        return self._model

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        """See huashu.nlu.engine. Another reading of the recogniser is taken only when the first says nothing."""
        first = self._read(heard.text, heard, expect, at)
        told = strength(first, expect)
        if told >= CLEAR or not heard.alternatives:
            return replace(first, confidence=heard.confidence)
        best, best_weight, sure = first, told * heard.confidence, heard.confidence
        for other in heard.alternatives:
            reading = self._read(other.text, heard, expect, at)
            told = strength(reading, expect)
            if told >= CLEAR and told * other.confidence > best_weight:
                best, best_weight, sure = reading, told * other.confidence, other.confidence
        return replace(best, confidence=sure)

    def _read(self, text: str, heard: Heard, expect: Expectation, at: datetime) -> Understood:
        if not text.strip():
            return Understood(text=text, language=heard.language)
        language = heard.language or texts.language_of(text, expect.language)
        read = self._model.read(text)
        intents = self._intents(text, read, expect)
        spoken = language if language[:2] in ("zh", "en") else "en"
        likeliest, sure = (intents[0].name, intents[0].confidence) if intents else ("", 0.0)
        found = entities.entities(
            self._model, text, read, expect, intent=likeliest, sure=sure >= CARRIES, language=spoken, at=at
        )
        intents = _language_asked(_apart_from_value(intents, found, text, expect), text, expect)
        if found and found[0].slot == expect.slot is not None and self._plausible.outside(text, read, found[0]):
            found = (replace(found[0], slot=None), *found[1:])
        also: tuple[IntentScore, ...] = ()
        if self._model.exact.get(texts.bare(text)) != ():  # a greeting, a sentence the script puts out of scope
            intents = _yes_or_no(intents, text, expect, spoken, at)
            told = bool(intents) and intents[0].name in self._model.exact.get(texts.bare(text), ())
            intents = weighed(intents, text, expect, told=told)[:MOST]
            if not told:
                intents, also = together(intents, self._said(clauses(text), expect), expect)
                also = self._beside_value(text, found, expect) or also
            if not (found and found[0].slot is not None and found[0].slot == expect.slot):
                intents, also = _taught(text, intents, also, self._possible(read.together(), expect))
            meant = bool(intents) and self._plausible.meant(text, intents[0].name)
            found = _with_whole(found, text, intents if meant else (), expect)
        others = elsewhere.values(text, expect, language=spoken, at=at)
        return Understood(
            text=text,
            intents=intents,
            entities=elsewhere.together(found, others.named),
            denied=others.denied,
            language=language,
            backchannel=texts.is_backchannel(text),
            also=also,
            anger=anger(text),
            sentiment=sentiment(text),
        )

    def _beside_value(self, text: str, found: tuple[Entity, ...], expect: Expectation) -> tuple[IntentScore, ...]:
        """What is said beside the asked value, where that is chosen in a clause of its own."""
        if not found or found[0].slot is None or found[0].slot != expect.slot:
            return ()
        said = self._said(beside_value(text, found[0].start, found[0].end), expect)
        return tuple({score.name: score for score, _ in said if score.confidence >= SURE}.values())

    def _said(self, parts: tuple[str, ...], expect: Expectation) -> list[tuple[IntentScore, bool]]:
        """The best intent of each clause, and whether the clause is an example of it."""
        found = []
        for clause in parts:
            intents = self._intents(clause, self._model.read(clause), expect)
            told = bool(intents) and intents[0].name in self._model.exact.get(texts.bare(clause), ())
            found += [(score, told) for score in weighed(intents, clause, expect, told=told)[:1]]
        return found

    def _intents(self, text: str, read: Reading, expect: Expectation) -> tuple[IntentScore, ...]:
        bare = texts.bare(text)
        if not bare:
            return ()
        model = self._model
        told = model.exact.get(bare)
        if told is None and len(set(bare)) == 1:  # 好好好 is 好
            told = model.exact.get(bare[0])
        if told == ():
            return ()
        if read.blank and not told:
            return ()
        scores = read.scores
        here, elsewhere = self._split(expect)
        ranked = self._judged(read, here, expect.intents)
        if len(elsewhere) and (not len(here) or scores[elsewhere].max() > scores[here].max()):
            for name, sure in self._judged(read, elsewhere, ()).items():
                ranked[name] = sure * ELSEWHERE
        for name, sure in self._told(told or (), here, expect).items():
            ranked[name] = max(ranked.get(name, 0.0), sure)
        order = sorted(ranked.items(), key=lambda item: (-item[1], item[0]))
        return tuple(IntentScore(name, round(sure, 4)) for name, sure in order[:MOST] if sure >= LEAST)

    def _possible(self, together: Mapping[str, float], expect: Expectation) -> Mapping[str, float]:
        """Those of the intents that something here reacts to."""
        if not together:
            return together
        here = {self._model.labels[at] for at in self._split(expect)[0]}
        return {name: sure for name, sure in together.items() if name in here}

    def _split(self, expect: Expectation) -> tuple[_Columns, _Columns]:
        """Columns of the intents that something here reacts to, and of the others.

        An expectation that names no intent at all makes every intent possible.
        """
        key = (expect.intents, expect.anytime)
        known = self._splits.get(key)
        if known is None:
            columns = [at for at, label in enumerate(self._model.labels) if label != NOWHERE]
            wanted = {*expect.intents, *expect.anytime}
            here = [at for at in columns if self._model.labels[at] in wanted] if wanted else columns
            known = (np.array(here, np.intp), np.array([at for at in columns if at not in set(here)], np.intp))
            if len(self._splits) < MOST_SPLITS:
                self._splits[key] = known
        return known

    def _judged(self, read: Reading, columns: _Columns, answers: tuple[str, ...]) -> dict[str, float]:
        """Confidence by name of some intents among themselves: the best one's calibrated, the others' in proportion."""
        if not len(columns):
            return {}
        model, calibration, scores = self._model, self._model.calibration, read.scores
        expected = np.array([model.labels[at] in answers for at in columns])
        sharp = calibration.sharpness * scores[columns] + ANSWER_PRIOR * expected
        rivals = np.append(sharp, calibration.sharpness * scores[self._nowhere]) if self._nowhere >= 0 else sharp
        shares = np.exp(sharp - np.logaddexp.reduce(rivals))
        best = int(np.argmax(sharp))
        column = int(columns[best])
        score = float(scores[column]) + ANSWER_BOOST * bool(expected[best])
        sure = calibration.confidence(score, float(shares[best]), read.likeness(column), read.known)
        top = np.argsort(-shares, kind="stable")[:MOST]
        return {model.labels[int(columns[at])]: sure * float(shares[at] / shares[best]) for at in top}

    def _told(self, intents: tuple[str, ...], here: _Columns, expect: Expectation) -> dict[str, float]:
        """Confidence of intents that have this very sentence as an example: the answers', else the others' here."""
        possible = {self._model.labels[int(at)] for at in here}
        answers = [name for name in intents if name in expect.intents and name in possible]
        others = [name for name in intents if name not in answers and name in possible]
        away = [name for name in intents if name not in possible]
        second = EXACT * ELSEWHERE if answers else EXACT
        return {
            **dict.fromkeys(away, EXACT * ELSEWHERE),
            **dict.fromkeys(others, second),
            **dict.fromkeys(answers, EXACT),
        }


def open_embedded(data: TrainingData, digest: str, cache: Path) -> EmbeddedUnderstander:
    """Entry point "embedded" of group huashu.nlu: from the cache, or trained now."""
    return EmbeddedUnderstander(load_or_train(data, digest, cache))


def _apart_from_value(
    intents: tuple[IntentScore, ...], found: tuple[Entity, ...], text: str, expect: Expectation
) -> tuple[IntentScore, ...]:
    """Words that are the asked value are no evidence of an intent: "我想分二十四期" is not 等一下."""
    value = found[0] if found and expect.slot is not None and found[0].slot == expect.slot else None
    if value is None or value.type == "yes_no":
        return intents
    words = len(texts.tokens(texts.normal(text)))
    left = max(0.0, 1 - len(texts.tokens(texts.normal(value.text))) / max(1, words))
    told = (IntentScore(intent.name, round(intent.confidence * left, 4)) for intent in intents)
    return tuple(intent for intent in told if intent.confidence >= LEAST)


def _language_asked(intents: tuple[IntentScore, ...], text: str, expect: Expectation) -> tuple[IntentScore, ...]:
    """ "Can you speak English?", where something here reacts to it."""
    wanted = asked_language(text)
    if wanted is None:
        return intents
    names = (name for name in ASKING[wanted] if name in expect.intents or name in expect.anytime)
    name = next(names, None)
    if name is None:
        return intents
    return (IntentScore(name, EXACT), *(intent for intent in intents if intent.name != name))[:MOST]


def _taught(
    text: str, intents: tuple[IntentScore, ...], also: tuple[IntentScore, ...], meant: Mapping[str, float]
) -> tuple[tuple[IntentScore, ...], tuple[IntentScore, ...]]:
    """The ranking, and what else is meant, with what examples of several intents let be heard at once. A yes or no
    beside something else needs its own words: nobody has agreed by asking what it costs."""
    words = {**dict.fromkeys(_YES, assents), **dict.fromkeys(_NO, denied)}
    meant = {name: sure for name, sure in meant.items() if name not in words or words[name](text)}
    order = sorted(meant, key=lambda name: (-meant[name], name))
    if not order:
        return intents, also
    first = next((intent for intent in intents[:1] if intent.name in meant or intent.confidence >= CLEAR), None)
    main = first.name if first is not None else order[0]
    sure = max(meant.get(main, 0.0), first.confidence if first is not None else 0.0)
    rest = tuple(intent for intent in intents if intent.name != main)
    known = {main, *(score.name for score in also)}
    more = (IntentScore(name, meant[name]) for name in order if name not in known and not opposite(name, main))
    return (IntentScore(main, sure), *rest)[:MOST], (*also, *more)


def _yes_or_no(
    intents: tuple[IntentScore, ...], text: str, expect: Expectation, language: str, at: datetime
) -> tuple[IntentScore, ...]:
    """A yes or no in words that no example has ("嗯我是张伟没错"), where the question has such an answer."""
    if intents and intents[0].confidence >= CLEAR:
        return intents
    yes = next((name for name in _YES if name in expect.intents), None)
    no = next((name for name in _NO if name in expect.intents), None)
    if yes is None and no is None:
        return intents
    matches = registry.parse("yes_no", text, language=language, at=at)
    if not matches:
        return intents
    name = yes if matches[0].value else no
    sure = round(AGREED * matches[0].confidence, 4)
    if name is None or (intents and intents[0].confidence >= sure):
        return intents
    rest = tuple(intent for intent in intents if intent.name != name)
    return (IntentScore(name, sure), *rest)[:MOST]


def _with_whole(
    found: tuple[Entity, ...], text: str, intents: tuple[IntentScore, ...], expect: Expectation
) -> tuple[Entity, ...]:
    """An asked text is the whole utterance, unless the words mean something else that is possible here."""
    if expect.slot is None or (expect.type or "text") != "text" or expect.choices:
        return found
    if any(entity.slot == expect.slot for entity in found):
        return found
    if intents and intents[0].confidence >= CLEAR:
        return found
    entity = dictated.whole(text, expect)
    return found if entity is None else (entity, *found)


def strength(reading: Understood, expect: Expectation) -> float:
    """How much a reading means here, 0 to 1: the surest of its intents and of the values for a slot."""
    best = reading.intents[0].confidence if reading.intents else 0.0
    filled = [entity.confidence for entity in reading.entities if entity.slot is not None]
    return max([best, *(filled if expect.slot is not None else [])])
