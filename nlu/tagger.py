"""A sequence tagger over tokens: which words of an utterance are whose slot. A linear-chain CRF with BIO tags.

Serving only: features of a token and its neighbours, of the values seen in training, and of the utterance's intent;
the best sequence by Viterbi. Plain arrays and a list of feature names. Training is in huashu.nlu.crf.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from huashu.core.errors import EngineError
from huashu.nlu.data import Span
from huashu.nlu.features import Floats
from huashu.nlu.stems import stem
from huashu.nlu.text import CJK

OUTSIDE: Final = "O"
LONGEST_VALUE: Final = 8
"""Tokens of a known value that is looked for."""
MOST_TOKENS: Final = 120
"""Later tokens are no slot's: a bound on the work of one utterance."""
_PIECE: Final = re.compile(rf"[{CJK}]|[^\W_{CJK}]+(?:['’.\-:/][^\W_{CJK}]+)*|\S")
_NEVER: Final = np.float32(-1e4)

Values = Mapping[str, Mapping[str, int]]
"""Words of a value, joined by blanks → slot → how many examples have it."""


@dataclass(frozen=True, slots=True)
class Tagger:
    tags: tuple[str, ...] = ()
    """Empty: there was nothing to learn."""
    names: tuple[str, ...] = ()
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """(features, tags)"""
    moves: Floats = field(default_factory=lambda: np.zeros((1, 0), np.float32))
    """(tags + 1, tags): from a tag, or in the last row from the beginning, to the next."""
    values: Values = field(default_factory=dict)
    numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", {name: at for at, name in enumerate(self.names)})

    def spans(self, text: str, intent: str = "") -> tuple[Span, ...]:
        """The slots' words in a text, as half-open character offsets. `intent`: the likeliest one of the text."""
        if not self.tags:
            return ()
        places = pieces(text)
        if not places:
            return ()
        words = [text[start:end].lower() for start, end in places]
        told = known(words, self.values)
        numbers = self.numbers
        rows: list[int] = []
        starts: list[int] = []
        for at in range(len(words)):
            starts.append(len(rows))  # never an empty run: the feature "1" is every token's
            rows += [numbers[name] for name in context(words, at, told[at], intent) if name in numbers]
        best = viterbi(np.add.reduceat(self.weights[rows], starts, axis=0), self.moves)
        return joined([self.tags[at] for at in best], places)

    def save(self, folder: Path) -> None:
        np.save(folder / "tagger.npy", self.weights)
        np.save(folder / "moves.npy", self.moves)
        data = {"tags": self.tags, "names": self.names, "values": {key: dict(to) for key, to in self.values.items()}}
        (folder / "tagger.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Tagger":
        """Raises EngineError when a file is missing or unreadable."""
        try:
            data = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
            weights = np.asarray(np.load(folder / "tagger.npy", mmap_mode="r", allow_pickle=False))
            moves = np.load(folder / "moves.npy", allow_pickle=False)
            return cls(tuple(data["tags"]), tuple(data["names"]), weights, moves, data["values"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EngineError(f"{folder / 'tagger.json'}: not a readable tagger: {error}") from error


def pieces(text: str) -> list[tuple[int, int]]:
    """Half-open offsets of the tagger's tokens: a CJK character, a word ("o'clock", "3.5"), a mark."""
    return [match.span() for match in _PIECE.finditer(text)][:MOST_TOKENS]


def bio(text: str, spans: Sequence[Span]) -> list[str]:
    """The tag of each piece of a text; a piece that is only partly in a span is outside."""
    places = pieces(text)
    tags = [OUTSIDE] * len(places)
    for span in spans:
        inside = [at for at, (start, end) in enumerate(places) if start >= span.start and end <= span.end]
        for order, at in enumerate(inside):
            tags[at] = f"{'I' if order else 'B'}-{span.slot}"
    return tags


def legal(tags: Sequence[str]) -> Floats:
    """What must not follow what, as `moves`: I-x goes on a B-x or I-x."""
    moves = np.zeros((len(tags) + 1, len(tags)), np.float32)
    for row, last in enumerate([*tags, OUTSIDE]):
        for column, tag in enumerate(tags):
            if tag.startswith("I-") and last[2:] != tag[2:]:
                moves[row, column] = _NEVER
    return moves


def viterbi(scores: Floats, moves: Floats) -> list[int]:
    """The best path through (tokens, tags) scores."""
    total = scores[0] + moves[-1]
    inner = moves[:-1].T
    back = np.zeros(scores.shape, np.int64)
    every = np.arange(scores.shape[1])
    for at in range(1, len(scores)):
        table = inner + total
        back[at] = table.argmax(axis=1)
        total = table[every, back[at]] + scores[at]
    path = [int(total.argmax())]
    for at in range(len(scores) - 1, 0, -1):
        path.append(int(back[at, path[-1]]))
    return path[::-1]


def known(words: Sequence[str], values: Values, own: Sequence[tuple[str, str]] = ()) -> list[list[str]]:
    """For each token, the slots whose known values it is in: "B-city" at a beginning, "I-city" further on.

    The longest values win. `own`: values of the example itself, which counts for nothing as its own witness.
    """
    told: list[list[str]] = [[] for _ in words]
    at = 0
    while at < len(words):
        end, slots = _longest(words, at, values, own)
        for place in range(at, end):
            told[place] = [f"{'B' if place == at else 'I'}-{slot}" for slot in slots]
        at = max(end, at + 1)
    return told


def _longest(
    words: Sequence[str], at: int, values: Values, own: Sequence[tuple[str, str]]
) -> tuple[int, tuple[str, ...]]:
    for end in range(min(len(words), at + LONGEST_VALUE), at, -1):
        key = " ".join(words[at:end])
        slots = values.get(key)
        if slots:
            left = tuple(slot for slot, count in slots.items() if count > own.count((key, slot)))
            if left:
                return end, left
    return at, ()


def context(words: Sequence[str], at: int, told: Sequence[str], intent: str) -> Iterator[str]:
    """The features of one token."""

    def word(offset: int) -> str:
        place = at + offset
        return "<" if place < 0 else ">" if place >= len(words) else words[place]

    here, before, after, shape = word(0), word(-1), word(1), _shape(word(0))
    yield "1"
    yield f"w={here}"
    yield f"r={stem(here)}"
    yield f"s={shape}"
    yield f"p={here[:3]}"
    yield f"e={here[-3:]}"
    yield f"b={before}"
    yield f"a={after}"
    yield f"c={word(-2)}"
    yield f"d={word(2)}"
    yield f"bb={word(-2)}_{before}"
    yield f"aa={after}_{word(2)}"
    yield f"bw={before}_{here}"
    yield f"wa={here}_{after}"
    if shape == "han":
        yield f"bbw={word(-2)}_{before}_{here}"
        yield f"waa={here}_{after}_{word(2)}"
    for slot in told:
        yield f"v={slot}"
        yield f"vb={slot}_{before}"
        yield f"va={slot}_{after}"
    if intent:
        yield f"i={intent}"
        yield f"iw={intent}_{here}"
        yield f"ib={intent}_{before}"
        yield f"ia={intent}_{after}"
        yield f"is={intent}_{shape}_{at == 0}_{at + 1 == len(words)}"


def _shape(word: str) -> str:
    if word.isdigit():
        return "0" * min(len(word), 4)
    if len(word) == 1 and word >= CJK[0]:
        return "han"
    if word.isalpha():
        return "abc"
    return "a0" if any(letter.isdigit() for letter in word) else "."


def joined(tags: Sequence[str], places: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    """BIO tags of pieces as spans."""
    spans: list[Span] = []
    for tag, (start, end) in zip(tags, places, strict=True):
        if tag.startswith("B-"):
            spans.append(Span(start, end, tag[2:]))
        elif tag.startswith("I-") and spans:
            spans[-1] = Span(spans[-1].start, end, tag[2:])
    return tuple(spans)
