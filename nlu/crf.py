"""Training of the tagger: a conditional random field, its likelihood climbed by AdaGrad over batches of equal length.

Model: Lafferty, McCallum, Pereira, "Conditional Random Fields" (ICML 2001); steps: Duchi, Hazan, Singer, "Adaptive
Subgradient Methods" (JMLR 2011). The forward and backward sums run as products of whole batches, scaled at each step,
so that thousands of sentences take seconds. Imports scipy when it runs; serving does not need it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.nlu.data import Example
from huashu.nlu.features import Floats
from huashu.nlu.tagger import OUTSIDE, Tagger, Values, bio, context, known, legal, pieces

PLAIN_SHARE: Final = 4
"""Sentences without spans are kept up to this many times those with: they teach what is no slot."""
EPOCHS: Final = (25, 7)
"""Passes over few and over MANY sentences."""
MANY: Final = 2000
BATCH: Final = 64
STEP: Final = 0.1
"""On SNIPS' validation rows steps of 0.05 to 0.25 are alike; a decay of the weights only harmed."""
RARE: Final = 2
"""With MANY sentences, features of fewer tokens are left out."""
INTENT_DROPPED: Final = 0.15
"""Share of sentences learnt without their intent: at work the intent may be wrong, or none."""

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Sentence:
    names: tuple[tuple[str, ...], ...]
    """Features of each token."""
    tags: tuple[str, ...]


def learn(examples: Sequence[Example], *, seed: int, lists: Mapping[str, Mapping[str, Sequence[str]]]) -> Tagger:
    """Train on examples with spans, and some without. No spans at all: an empty tagger.

    `lists`: the script's vocabularies; a slot named like one knows its words though no example has them.
    """
    marked = [example for example in examples if example.spans]
    if not marked:
        return Tagger()
    dice = np.random.default_rng(seed)
    plain = [example for example in examples if not example.spans]
    plain = [plain[at] for at in dice.permutation(len(plain))[: PLAIN_SHARE * len(marked)]]
    values = _values(marked, lists)
    sentences = [_sentence(example, values, dice) for example in [*marked, *plain]]
    sentences = [sentence for sentence in sentences if sentence.tags]
    many = len(sentences) >= MANY
    counts = Counter(name for sentence in sentences for names in sentence.names for name in names)
    names = tuple(sorted(name for name, count in counts.items() if count >= (RARE if many else 1)))
    tags = tuple(sorted({tag for sentence in sentences for tag in sentence.tags} | {OUTSIDE}))
    weights, moves = _climb(sentences, names, tags, EPOCHS[many], dice)
    return Tagger(tags, names, weights, moves + legal(tags), values)


def _words(text: str) -> list[str]:
    return [text[start:end].lower() for start, end in pieces(text)]


def _values(examples: Sequence[Example], lists: Mapping[str, Mapping[str, Sequence[str]]]) -> Values:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    slots = set()
    for example in examples:
        for span in example.spans:
            slots.add(span.slot)
            found[" ".join(_words(example.text[span.start : span.end]))][span.slot] += 1
    for slot in sorted(slots & set(lists)):
        for value, synonyms in lists[slot].items():
            for form in (value, *synonyms):
                found[" ".join(_words(form))][slot] += 2  # known for good, whichever example has it
    return {words: dict(slots) for words, slots in found.items() if words}


def _sentence(example: Example, values: Values, dice: np.random.Generator) -> _Sentence:
    places = pieces(example.text)
    words = [example.text[start:end].lower() for start, end in places]
    own = []
    for span in example.spans:
        inside = [at for at, (start, end) in enumerate(places) if start >= span.start and end <= span.end]
        own.append((" ".join(words[at] for at in inside), span.slot))
    told = known(words, values, own)
    intent = "" if dice.random() < INTENT_DROPPED else example.intent
    names = tuple(tuple(context(words, at, told[at], intent)) for at in range(len(words)))
    return _Sentence(names, tuple(bio(example.text, example.spans)))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Sentences of one length, token after token: rows are (token, sentence)."""

    length: int
    matrix: Any
    """(tokens x sentences, features the batch has), sparse."""
    columns: _Ints
    """Number of each of those features."""
    answers: _Ints
    """(tokens, sentences)"""


def _batches(
    sentences: Sequence[_Sentence], numbers: Mapping[str, int], tags: Mapping[str, int], dice: np.random.Generator
) -> Iterator[_Batch]:
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    by_length: dict[int, list[_Sentence]] = defaultdict(list)
    for at in dice.permutation(len(sentences)).tolist():
        by_length[len(sentences[at].tags)].append(sentences[at])
    for length, group in sorted(by_length.items()):
        for first in range(0, len(group), BATCH):
            chosen = group[first : first + BATCH]
            index = []
            starts = [0]
            for at in range(length):
                for sentence in chosen:
                    index += [numbers[name] for name in sentence.names[at] if name in numbers]
                    starts.append(len(index))
            columns, local = np.unique(np.array(index, np.int64), return_inverse=True)
            shape = (len(starts) - 1, len(columns))
            matrix = csr_matrix((np.ones(len(index), np.float32), local.ravel(), starts), shape=shape)
            answers = np.array([[tags[sentence.tags[at]] for sentence in chosen] for at in range(length)])
            yield _Batch(length, matrix, columns, answers)


def _climb(
    sentences: Sequence[_Sentence], names: Sequence[str], tags: Sequence[str], epochs: int, dice: np.random.Generator
) -> tuple[Floats, Floats]:
    numbers = {name: at for at, name in enumerate(names)}
    batches = list(_batches(sentences, numbers, {tag: at for at, tag in enumerate(tags)}, dice))
    weights = np.zeros((len(names), len(tags)), np.float32)
    power = np.full((len(names), len(tags)), 1e-2, np.float32)
    moves = np.zeros((len(tags) + 1, len(tags)), np.float32)
    moves_power = np.full(moves.shape, 1e-2, np.float32)
    barred = legal(tags)
    for _ in range(epochs):
        for at in dice.permutation(len(batches)).tolist():
            batch = batches[at]
            here = weights[batch.columns]
            scores = (batch.matrix @ here).reshape(batch.length, -1, len(tags))
            wrong, moved = _gradient(scores, moves + barred, batch.answers)
            slope = batch.matrix.T @ wrong.reshape(-1, len(tags))
            sums = power[batch.columns] + slope * slope
            power[batch.columns] = sums
            weights[batch.columns] = here - np.float32(STEP) * slope / np.sqrt(sums)
            moves_power += moved * moved
            moves -= np.float32(STEP) * moved / np.sqrt(moves_power)
    return weights, moves


def _gradient(scores: Floats, moves: Floats, answers: _Ints) -> tuple[Floats, Floats]:
    """Of minus the log likelihood: by (token, sentence, tag) score, and by move."""
    length, count, _ = scores.shape
    top = scores.max(axis=2, keepdims=True)
    local = np.exp(scores - top)
    step = np.exp(np.minimum(moves[:-1], 30.0))
    forward = np.empty_like(local)
    forward[0] = local[0] * np.exp(np.minimum(moves[-1], 30.0))
    forward[0] /= forward[0].sum(axis=1, keepdims=True)
    for at in range(1, length):
        forward[at] = (forward[at - 1] @ step) * local[at]
        forward[at] /= forward[at].sum(axis=1, keepdims=True)
    moved = np.zeros_like(moves)
    backward = np.ones_like(local[0])
    wrong = np.empty_like(local)
    rows = np.arange(count)
    for at in range(length - 1, -1, -1):
        chance = forward[at] * backward
        chance /= chance.sum(axis=1, keepdims=True)
        wrong[at] = chance
        wrong[at, rows, answers[at]] -= 1
        if at:
            behind = local[at] * backward
            # chance of the pair (tag before, tag here), each sentence's pairs summing to one
            total = ((forward[at - 1] @ step) * behind).sum(axis=1, keepdims=True)
            moved[:-1] += (forward[at - 1] / total).T @ behind * step
            np.subtract.at(moved, (answers[at - 1], answers[at]), 1)
            backward = behind @ step.T
            backward /= backward.max(axis=1, keepdims=True)
    moved[-1] = wrong[0].sum(axis=0)
    return wrong, moved
