"""From text to a sparse vector: n-grams of words, letters and sounds, weighted by TF-IDF, one unit length a channel.

Five channels. Words: token n-grams of the text without fillers, English tokens stemmed, with the edges of the
utterance marked. Letters: n-grams inside each English word, which survive errors. Pairs: two English words of one
utterance, wherever they stand. Sounds: n-grams of how Chinese characters sound (huashu.nlu.sounds), which survive a
recogniser's homophones. Kinds: what the words name (huashu.nlu.kinds). A Chinese token is a character. Plain
dictionaries and numpy: serving imports nothing else.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huashu.nlu import sounds
from huashu.nlu import text as texts
from huashu.nlu.concepts import CONCEPTS
from huashu.nlu.kinds import by_sound, kinds
from huashu.nlu.language import COMMON
from huashu.nlu.stems import stem

HAN_LONGEST: Final = 2
WORD_LONGEST: Final = 2
LETTERS: Final = (2, 3, 4, 5)
"""Lengths of n-grams, by cross-validation on training rows: letters on BANKING77, characters on SMP2019, where
runs of three cost 0.3 points. Pairs of characters gave 0.2 more, but they blur the likeness to the nearest example."""
WEIGHTS: Final = (1.0, 1.0, 0.7, 0.7, 0.4)
"""Of the channels words, letters, pairs, sounds, kinds: by cross-validation on clean and on spoilt training rows
(bench/nlu_noise.py)."""
RARE_PAIR: Final = 3
"""Pairs of fewer sentences are left out: thrice the features, and no right answer more."""
MOST_TOKENS: Final = 120
"""Longer utterances are read to here: a bound on the work one Heard can cause."""
MOST_PAIRED: Final = 16
"""Words of an utterance that are paired."""
SHORTEST_REPAIRED: Final = 4
"""Letters of a word that may be a slip of another: shorter ones are too near to everything."""
_COMMON_WORDS: Final = """\
a an the to of in on at for and or is be i my me you it this that with from do have will would can could"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())
"""Words that pair with everything and tell nothing by it."""

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Vector:
    """A sparse vector: parallel arrays of feature numbers and weights."""

    index: Ints
    weight: Floats
    known: float
    """Share of the utterance's single tokens that training has seen, 0 to 1."""


def word_features(found: list[str]) -> list[str]:
    """Stemmed token n-grams; single tokens first, one for each token, then what they mean (huashu.nlu.concepts)."""
    longest = HAN_LONGEST if any(not token.isascii() for token in found) else WORD_LONGEST
    features = [*found, *("=" + CONCEPTS[token] for token in found if token in CONCEPTS)]
    return features + _joined(found, longest)


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


def pair_features(found: list[str]) -> list[str]:
    """Pairs of different telling words, marked with a leading "&"."""
    telling = sorted({token for token in found[:MOST_PAIRED] if token.isascii() and token not in _COMMON})
    return [f"&{one}&{other}" for one, other in combinations(telling, 2)]


def sound_features(words: list[str], heard: Mapping[str, str]) -> list[str]:
    """n-grams of the keys of characters, marked with a leading "~"; none without a character."""
    if all(word.isascii() for word in words):
        return []
    keys = ["~" + heard.get(word, word) for word in words]
    return keys + _joined(keys, HAN_LONGEST)


def kind_features(found: list[str], heard: Mapping[str, str], sounding: Mapping[str, str]) -> list[str]:
    """Kinds of things, marked with a leading "@"."""
    return ["@" + kind for kind in kinds(found, heard, sounding)]


def _joined(found: list[str], longest: int) -> list[str]:
    edged = ["^", *found, "$"]
    lengths = range(2, longest + 1)
    return ["_".join(edged[at : at + length]) for length in lengths for at in range(len(edged) - length + 1)]


def _channels(
    text: str, words: list[str], found: list[str], heard: Mapping[str, str], sounding: Mapping[str, str]
) -> list[list[str]]:
    """The features of each channel: words, letters, pairs, sounds, kinds. `found`: the stems."""
    return [
        word_features(found),
        letter_features(texts.normal(text)),
        pair_features(found),
        sound_features(words, heard),
        kind_features(found, heard, sounding),
    ]


def _slips(word: str) -> list[str]:
    """Keys that a word shares with any other that is one letter put in, left out or replaced away."""
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


@dataclass(frozen=True, slots=True)
class Vectoriser:
    """The features training saw. `idf` is parallel to `names`, and holds the weight of the channel too."""

    names: tuple[str, ...]
    idf: Floats
    heard: Mapping[str, str] = field(default_factory=dict)
    """Character → key of its sound; empty where training saw no Chinese."""
    numbers: dict[str, int] = field(init=False, repr=False)
    _alike: dict[str, str] = field(init=False, repr=False)
    """Key of `_slips` → the most frequent English stem that has it."""
    _sounding: dict[str, str] = field(init=False, repr=False)
    """Sound → kind (huashu.nlu.kinds.by_sound)."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", {name: at for at, name in enumerate(self.names)})
        words = [name for name in self.names if len(name) >= SHORTEST_REPAIRED and name.isascii() and name.isalpha()]
        words.sort(key=lambda word: (self.idf[self.numbers[word]], word))
        alike: dict[str, str] = {}
        for word in words:
            for key in _slips(word):
                alike.setdefault(key, word)
        object.__setattr__(self, "_alike", alike)
        object.__setattr__(self, "_sounding", by_sound(self.heard) if self.heard else {})

    def vector(self, text: str) -> Vector:
        words = texts.tokens(texts.bare(text))[:MOST_TOKENS]
        stems = [stem(word) for word in words]
        seen = sum(1 for word in stems if word in self.numbers)
        found = stems if seen == len(stems) else [name for word in stems for name in self._repaired(word)]
        channels = _channels(text, words, found, self.heard, self._sounding)
        parts = [self._channel(*each) for each in zip(channels, WEIGHTS, strict=True) if each[0]]
        if not parts:
            return Vector(np.zeros(0, np.int32), np.zeros(0, np.float32), 0.0)
        index, weight = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Vector(index, weight, seen / len(stems) if stems else 0.0)

    def _repaired(self, word: str) -> tuple[str, ...]:
        """A word that training has not seen: the known one a slip away (the idea of SymSpell: keys with a letter less),
        or the two known ones that were run together; itself when there are none."""
        if word in self.numbers or len(word) < SHORTEST_REPAIRED or not (word.isascii() and word.isalpha()):
            return (word,)
        if word in COMMON:
            return (word,)
        for key in _slips(word):
            # A word that begins otherwise is more likely another than a slip: "after", "later".
            if key in self._alike and self._alike[key][0] == word[0]:
                return (self._alike[key],)
        for at in range(2, len(word) - 1):
            if word[:at] in self.numbers and word[at:] in self.numbers:
                return word[:at], word[at:]
        return (word,)

    def _channel(self, features: list[str], power: float) -> tuple[Ints, Floats]:
        numbers = self.numbers
        counts = Counter([numbers[name] for name in features if name in numbers])
        index = np.fromiter(counts.keys(), np.int32, len(counts))
        return index, _weighed(np.fromiter(counts.values(), np.float32, len(counts)), self.idf[index], power)


def _weighed(counts: Floats, idf: Floats, power: float) -> Floats:
    weight = (1 + np.log(counts)) * idf
    length = math.sqrt(float(weight @ weight)) / power
    return (weight / np.float32(length) if length else weight).astype(np.float32)


def learn(sentences: Iterable[str], table: Callable[[], Mapping[str, str]] = sounds.table) -> Vectoriser:
    """A vectoriser with the features of the sentences. idf = 1 + ln((1 + n) / (1 + df)), the smoothed usual form.

    `table`: gives the keys of characters; asked only when a sentence has one.
    """
    return learn_rows(list(sentences), table)[0]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The features of a row, numbered in the order of their first appearance anywhere."""

    index: Ints
    counts: Floats
    ends: tuple[int, ...]
    """Where the features of each channel end."""
    known: float


def learn_rows(
    rows: Sequence[str], table: Callable[[], Mapping[str, str]] = sounds.table
) -> tuple[Vectoriser, list[Vector]]:
    """`learn`, and the vectors of the sentences themselves: those of `Vectoriser.vector`, in half the time."""
    heard = table() if any(not token.isascii() for row in rows for token in texts.tokens(texts.normal(row))) else {}
    sounding = by_sound(heard) if heard else {}
    first: dict[str, int] = {}
    drawn = [_drawn(row, first, heard, sounding) for row in rows]
    spread = np.bincount(np.concatenate([np.zeros(0, np.int32), *(row.index for row in drawn)]), minlength=len(first))
    names = tuple(sorted(name for name, at in first.items() if name[0] != "&" or spread[at] >= RARE_PAIR))
    places = np.array([first[name] for name in names], np.int64)
    number = np.full(len(first), -1, np.int32)
    number[places] = np.arange(len(names), dtype=np.int32)
    idf = (1 + np.log((1 + len(rows)) / (1 + spread[places].astype(np.float32)))).astype(np.float32)
    return Vectoriser(names, idf, heard), [_numbered(row, number, idf) for row in drawn]


def _drawn(row: str, first: dict[str, int], heard: Mapping[str, str], sounding: Mapping[str, str]) -> _Drawn:
    """`first`: number of each feature seen so far; grows."""
    words = texts.tokens(texts.bare(row))[:MOST_TOKENS]
    index: list[int] = []
    counts: list[int] = []
    ends: list[int] = []
    for channel in _channels(row, words, [stem(word) for word in words], heard, sounding):
        counted = Counter([first.setdefault(name, len(first)) for name in channel])
        index += counted
        counts += counted.values()
        ends.append(len(index))
    return _Drawn(np.array(index, np.int32), np.array(counts, np.float32), tuple(ends), 1.0 if words else 0.0)


def _numbered(row: _Drawn, number: Ints, idf: Floats) -> Vector:
    """The vector of a row. `number`: of each feature in the end, -1 for one that is left out."""
    parts = []
    for start, end, power in zip((0, *row.ends), row.ends, WEIGHTS, strict=False):
        index = number[row.index[start:end]]
        kept = index >= 0
        if kept.any():
            index = index[kept]
            parts.append((index, _weighed(row.counts[start:end][kept], idf[index], power)))
    if not parts:
        return Vector(np.zeros(0, np.int32), np.zeros(0, np.float32), 0.0)
    index, weight = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Vector(index, weight, row.known)


def stack(vectors: Sequence[Vector]) -> tuple[NDArray[np.int64], Ints, Floats]:
    """Rows as compressed sparse rows: (where each row starts, feature numbers, weights)."""
    starts = np.zeros(len(vectors) + 1, np.int64)
    np.cumsum([len(vector.index) for vector in vectors], out=starts[1:])
    if not vectors:
        return starts, np.zeros(0, np.int32), np.zeros(0, np.float32)
    return starts, np.concatenate([v.index for v in vectors]), np.concatenate([v.weight for v in vectors])
