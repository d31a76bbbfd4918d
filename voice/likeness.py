"""How like a machine's words an utterance is: log odds against a person's, from a reading of it as a topic.

Three things speak: the words, by how much more often machines begin calls with them, in that order, than people do or
speech in general (n-grams of two words of huashu.voice.openings_en, each word's part bounded); the recogniser's
confidence that it is talk of this kind at all, against anything else that could have been said; and the cues
(huashu.voice.cues) in what dictation makes of it, which has every third word wrong. A logistic regression puts them
together; bench/machine_likeness.py fits its weights, which stand in huashu.voice.likeness_weights.
"""

import math
from collections import defaultdict
from functools import cache

from huashu.asr.topic import weighted
from huashu.core.expect import NOTHING, Expectation
from huashu.core.language import primary
from huashu.voice.cues import evidence
from huashu.voice.likeness_weights import EVERYDAY, WEIGHTS
from huashu.voice.openings_en import MACHINES, PEOPLE

_BOUND = 4.0
"""Nats that one word can speak for or against a machine: it may not have been said at all."""
_EVERYDAY = 0.6
"""Share of speech in general in what people begin with: they say everything."""
_OUTSIDE = 0.03
"""The same in what machines say."""
_CONFIDENT = (-5.0, 6.0)
"""Log odds of confidence beyond which it says no more."""
_CUES = (-2.0, 3.0)


def topic(language: str) -> Expectation | None:
    """What a recogniser of topics is asked for beside the conversation; None: a language without samples."""
    return _topic() if primary(language) == "en" else None


def log_odds(text: str, confidence: float, freely: str) -> float:
    """Of one utterance, 0: as likely a person. text, confidence: of the topic; freely: what dictation heard."""
    found = measures(text, confidence, freely)
    return WEIGHTS["always"] + sum(
        WEIGHTS[name] * value for name, value in zip(("words", "confidence", "cues"), found, strict=True)
    )


def measures(text: str, confidence: float, freely: str) -> tuple[float, float, float]:
    """The words, the confidence and the cues, as they are weighed."""
    sure = max(1e-6, confidence) / max(1e-6, 1.0 - confidence)
    return words(text), _within(math.log(sure), *_CONFIDENT), _within(evidence(freely).balance, *_CUES)


def words(text: str) -> float:
    """Nats that the words speak for a machine."""
    machines, people = _orders()
    total, before = 0.0, "<s>"
    for word in text.split():
        likely = (1.0 - _OUTSIDE) * machines.of(word, before) + _OUTSIDE * _everyday(word)
        else_likely = (1.0 - _EVERYDAY) * people.of(word, before) + _EVERYDAY * _everyday(word)
        total += _within(math.log(likely / else_likely), -_BOUND, _BOUND)
        before = word
    return total


class _Order:
    """Which words follow which in some samples; Witten and Bell's interpolation of pairs and single words."""

    def __init__(self, lines: list[str]) -> None:
        self._pairs: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._words: defaultdict[str, float] = defaultdict(float)
        for sentence, weight in weighted(lines):
            for before, word in zip(("<s>", *sentence), (*sentence, "</s>"), strict=True):
                self._pairs[before][word] += weight
                self._words[word] += weight
        self._sums = {before: sum(after.values()) for before, after in self._pairs.items()}
        self._all = sum(self._words.values())

    def of(self, word: str, before: str) -> float:
        alone = self._words.get(word, 0.0) / self._all
        after = self._pairs.get(before)
        if after is None:
            return alone
        seen = self._sums[before]
        share = seen / (seen + len(after))
        return share * after.get(word, 0.0) / seen + (1.0 - share) * alone


@cache
def _topic() -> Expectation:
    machines, people = samples()
    return Expectation(NOTHING.step, kind="topic", phrases=(*machines, *people), language="en")


@cache
def _orders() -> tuple[_Order, _Order]:
    machines, people = samples()
    return _Order(machines), _Order(people)


@cache
def _millionths() -> dict[str, int]:
    return {word: int(count) for word, count in (entry.split() for entry in EVERYDAY.split(","))}


def samples() -> tuple[list[str], list[str]]:
    """Lines of what machines and people begin with."""
    return _lines(MACHINES), _lines(PEOPLE)


def _everyday(word: str) -> float:
    return max(1, _millionths().get(word, 1)) / 1e6


def _lines(table: str) -> list[str]:
    return table.strip().replace("\n    ", "").splitlines()


def _within(value: float, low: float, high: float) -> float:
    return min(high, max(low, value))
