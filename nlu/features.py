"""From text to a sparse vector: n-grams of tokens and of letters, weighted by TF-IDF, one unit length a channel.

Two channels. Words: token n-grams of the text without fillers, English tokens stemmed, with the edges of the
utterance marked. Letters: n-grams inside each English word, which survive typing and recognition errors. A Chinese
text has only the first, where a token is a character. Plain dictionaries and numpy: serving imports nothing else.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huashu.nlu import text as texts
from huashu.nlu.concepts import CONCEPTS
from huashu.nlu.stems import stem

HAN_LONGEST: Final = 3
WORD_LONGEST: Final = 2
LETTERS: Final = (2, 3, 4, 5)
"""Lengths of n-grams, by cross-validation on training rows: letters on BANKING77, characters on SMP2019 and CAIS."""
MOST_TOKENS: Final = 120
"""Longer utterances are read to here: a bound on the work one Heard can cause."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: parallel arrays of feature numbers and weights."""

    index: Ints
    weight: Floats
    known: float
    """Share of the utterance's single tokens that training has seen, 0 to 1."""


def word_features(bare_text: str) -> list[str]:
    """Token n-grams; single tokens come first, one for each token, then what they mean (huashu.nlu.concepts)."""
    found = [stem(token) for token in texts.tokens(bare_text)[:MOST_TOKENS]]
    longest = HAN_LONGEST if any(not token.isascii() for token in found) else WORD_LONGEST
    edged = ["^", *found, "$"]
    features = [*found, *("=" + CONCEPTS[token] for token in found if token in CONCEPTS)]
    for length in range(2, longest + 1):
        features += ["_".join(edged[at : at + length]) for at in range(len(edged) - length + 1)]
    return features


def letter_features(normal_text: str) -> list[str]:
    """Letter n-grams inside words, marked with a leading "#"."""
    features: list[str] = []
    for word in normal_text.split()[:MOST_TOKENS]:
        if not word.isascii():
            continue
        padded = f" {word} "
        for length in LETTERS:
            if len(padded) <= length:
                features.append(f"#{padded}")
                break
            features += ["#" + padded[at : at + length] for at in range(len(padded) - length + 1)]
    return features


@dataclass(frozen=True, slots=True)
class Vectoriser:
    """The features training saw. `idf` is parallel to `names`."""

    names: tuple[str, ...]
    idf: Floats
    numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", {name: at for at, name in enumerate(self.names)})

    def vector(self, text: str) -> Vector:
        words = word_features(texts.bare(text))
        single = sum(1 for word in words if "_" not in word and word[0] != "=")
        seen = sum(1 for word in words[:single] if word in self.numbers)
        first = self._channel(words)
        second = self._channel(letter_features(texts.normal(text)))
        return Vector(
            np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]]), seen / single if single else 0
        )

    def _channel(self, features: list[str]) -> tuple[Ints, Floats]:
        numbers = self.numbers
        counts = Counter([numbers[name] for name in features if name in numbers])
        index = np.fromiter(counts.keys(), np.int32, len(counts))
        weight = np.fromiter(counts.values(), np.float32, len(counts))
        weight = (1 + np.log(weight)) * self.idf[index]
        length = math.sqrt(float(weight @ weight))
        return index, (weight / np.float32(length) if length else weight).astype(np.float32)


def learn(sentences: Iterable[str]) -> Vectoriser:
    """A vectoriser with every feature of the sentences. idf = 1 + ln((1 + n) / (1 + df)), the smoothed usual form."""
    spread: Counter[str] = Counter()
    total = 0
    for sentence in sentences:
        total += 1
        spread.update({*word_features(texts.bare(sentence)), *letter_features(texts.normal(sentence))})
    names = tuple(sorted(spread))
    counts = np.array([spread[name] for name in names], np.float32)
    return Vectoriser(names, (1 + np.log((1 + total) / (1 + counts))).astype(np.float32))


def stack(vectors: Sequence[Vector]) -> tuple[NDArray[np.int64], Ints, Floats]:
    """Rows as compressed sparse rows: (where each row starts, feature numbers, weights)."""
    starts = np.zeros(len(vectors) + 1, np.int64)
    np.cumsum([len(vector.index) for vector in vectors], out=starts[1:])
    if not vectors:
        return starts, np.zeros(0, np.int32), np.zeros(0, np.float32)
    return starts, np.concatenate([v.index for v in vectors]), np.concatenate([v.weight for v in vectors])
