"""A sequence tagger over tokens: which words of an utterance are whose slot. Averaged perceptron, greedy, BIO tags.

Trained from the spans annotated in examples, `改到[后天](日期)`. Averaging after Collins, "Discriminative Training
Methods for Hidden Markov Models" (EMNLP 2002). Plain arrays and a list of feature names.
"""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from huashu.core.errors import EngineError
from huashu.nlu.data import Example, Span
from huashu.nlu.features import Floats
from huashu.nlu.text import CJK, token_spans

OUTSIDE: Final = "O"
ROUNDS: Final = 8
"""Passes over the examples: a script has tens of annotated sentences, on which the weights settle within a few."""
PLAIN_SHARE: Final = 4
"""Sentences without spans are kept up to this many times those with: they teach what is no slot."""


@dataclass(frozen=True, slots=True)
class Tagger:
    tags: tuple[str, ...] = ()
    """Empty: there was nothing to learn."""
    names: tuple[str, ...] = ()
    weights: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """(features, tags)"""
    numbers: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "numbers", {name: at for at, name in enumerate(self.names)})

    def spans(self, text: str) -> tuple[Span, ...]:
        """The slots' words in a text, as half-open character offsets."""
        if not self.tags:
            return ()
        pieces = token_spans(text)
        words = [text[start:end].lower() for start, end in pieces]
        last, tags = OUTSIDE, []
        for at in range(len(words)):
            rows = [self.numbers[name] for name in _context(words, at, last) if name in self.numbers]
            total = self.weights[rows].sum(axis=0) if rows else np.zeros(len(self.tags), np.float32)
            for choice in np.argsort(-total, kind="stable"):
                if _may_follow(last, self.tags[choice]):
                    last = self.tags[choice]
                    break
            tags.append(last)
        return _joined(tags, pieces)

    def save(self, folder: Path) -> None:
        np.save(folder / "tagger.npy", self.weights)
        data = {"tags": self.tags, "names": self.names}
        (folder / "tagger.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Tagger":
        """Raises EngineError when a file is missing or unreadable."""
        try:
            data = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
            weights = np.asarray(np.load(folder / "tagger.npy", mmap_mode="r", allow_pickle=False))
            return cls(tuple(data["tags"]), tuple(data["names"]), weights)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EngineError(f"{folder / 'tagger.json'}: not a readable tagger: {error}") from error


def learn(examples: Sequence[Example], *, seed: int) -> Tagger:
    """Train on examples with spans, and some without. No spans at all: an empty tagger."""
    marked = [example for example in examples if example.spans]
    if not marked:
        return Tagger()
    dice = random.Random(seed)
    plain = [example for example in examples if not example.spans]
    dice.shuffle(plain)
    sentences = [_labelled(example) for example in [*marked, *plain[: PLAIN_SHARE * len(marked)]]]
    tags = sorted({tag for _, found in sentences for tag in found} | {OUTSIDE})
    return _averaged(sentences, tags, dice)


def _averaged(sentences: list[tuple[list[str], list[str]]], tags: list[str], dice: random.Random) -> Tagger:
    number = {tag: at for at, tag in enumerate(tags)}
    weights: dict[str, dict[int, float]] = {}
    totals: dict[str, dict[int, float]] = {}
    step = 1
    for _ in range(ROUNDS):
        dice.shuffle(sentences)
        for words, right in sentences:
            last = OUTSIDE
            for at, tag in enumerate(right):
                names = _context(words, at, last)
                guess = _best(weights, names, len(tags))
                want = number[tag]
                if guess != want:
                    for name in names:
                        for column, change in ((want, 1.0), (guess, -1.0)):
                            row = weights.setdefault(name, {})
                            row[column] = row.get(column, 0.0) + change
                            sums = totals.setdefault(name, {})
                            sums[column] = sums.get(column, 0.0) + change * step
                # The tag it would have given, not the right one: at work there is no teacher.
                last = tags[guess]
                step += 1
    names = sorted(weights)
    table = np.zeros((len(names), len(tags)), np.float32)
    for at, name in enumerate(names):
        for column, value in weights[name].items():
            table[at, column] = value - totals[name][column] / step
    return Tagger(tuple(tags), tuple(names), table)


def _best(weights: Mapping[str, Mapping[int, float]], names: Sequence[str], width: int) -> int:
    total = [0.0] * width
    for name in names:
        for column, value in weights.get(name, {}).items():
            total[column] += value
    return max(range(width), key=total.__getitem__)


def _labelled(example: Example) -> tuple[list[str], list[str]]:
    pieces = token_spans(example.text)
    tags = [OUTSIDE] * len(pieces)
    for span in example.spans:
        inside = [at for at, (start, end) in enumerate(pieces) if start >= span.start and end <= span.end]
        for order, at in enumerate(inside):
            tags[at] = f"{'I' if order else 'B'}-{span.slot}"
    return [example.text[start:end].lower() for start, end in pieces], tags


def _context(words: Sequence[str], at: int, last: str) -> list[str]:
    def word(offset: int) -> str:
        place = at + offset
        return "<" if place < 0 else ">" if place >= len(words) else words[place]

    here, before, after = word(0), word(-1), word(1)
    return [
        "1",
        f"w={here}",
        f"s={_shape(here)}",
        f"e={here[-3:]}",
        f"b={before}",
        f"bb={word(-2)}_{before}",
        f"a={after}",
        f"aa={after}_{word(2)}",
        f"bw={before}_{here}",
        f"wa={here}_{after}",
        f"bs={before}_{_shape(here)}",
        f"t={last}",
        f"tw={last}_{here}",
        f"tb={last}_{before}",
        f"ta={last}_{after}",
    ]


def _shape(word: str) -> str:
    if word.isdigit():
        return "0"
    return "han" if len(word) == 1 and word >= CJK[0] else "abc"


def _may_follow(last: str, tag: str) -> bool:
    return not tag.startswith("I-") or last[2:] == tag[2:]


def _joined(tags: Sequence[str], pieces: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for tag, (start, end) in zip(tags, pieces, strict=True):
        if tag.startswith("B-"):
            spans.append(Span(start, end, tag[2:]))
        elif tag.startswith("I-") and spans:
            spans[-1] = Span(spans[-1].start, end, tag[2:])
    return tuple(spans)
