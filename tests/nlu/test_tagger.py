"""The tagger: its sums are right, it learns from few sentences, and it knows the words it has seen."""

import itertools
import re

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.nlu import crf, tagger
from huashu.nlu.data import Example, Span

pytestmark = pytest.mark.unit

PLACE = (
    "fly to [new york](city) please", "fly to [london](city)", "i want to fly to [rome](city) on [monday](day)",
    "book [paris](city)", "go on [friday](day)", "to [new york](city) on [sunday](day)",
    "a ticket for [rome](city) now",
    "leave on [tuesday](day) please", "i have a question",
)  # fmt: skip


def example(marked: str, intent: str = "fly") -> Example:
    plain, spans, at = "", [], 0
    for match in re.finditer(r"\[(.*?)\]\((.*?)\)", marked):
        plain += marked[at : match.start()]
        spans.append(Span(len(plain), len(plain) + len(match[1]), match[2]))
        plain, at = plain + match[1], match.end()
    return Example(plain + marked[at:], intent, tuple(spans))


def said(found: tuple[Span, ...], text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.slot) for span in found]


def test_the_best_path_is_the_best_of_all_paths() -> None:
    dice = np.random.default_rng(1)
    scores, moves = dice.normal(size=(4, 3)).astype(np.float32), dice.normal(size=(4, 3)).astype(np.float32)
    paths = itertools.product(range(3), repeat=4)
    assert tuple(tagger.viterbi(scores, moves)) == max(paths, key=lambda path: _score(path, scores, moves))


def test_the_gradient_is_that_of_the_likelihood() -> None:
    dice = np.random.default_rng(2)
    scores, moves = dice.normal(size=(3, 2, 3)).astype(np.float32), dice.normal(size=(4, 3)).astype(np.float32)
    answers = dice.integers(0, 3, size=(3, 2))
    wrong, moved = crf._gradient(scores, moves, answers)
    for at in np.ndindex(*scores.shape):
        assert wrong[at] == pytest.approx(_slope(scores, moves, answers, scores, at), abs=2e-3)
    for at in np.ndindex(*moves.shape):
        assert moved[at] == pytest.approx(_slope(scores, moves, answers, moves, at), abs=2e-3)


def test_slots_in_new_sentences() -> None:
    taught = crf.learn([example(line) for line in PLACE], seed=0, lists={})
    text = "please fly to new york on friday"
    assert said(taught.spans(text, "fly"), text) == [("new york", "city"), ("friday", "day")]
    assert taught.spans("i have a question", "fly") == ()


def test_words_of_a_list_are_known_without_an_example() -> None:
    lists = {"city": {"Ulan Bator": ("the red hero",)}}
    taught = crf.learn([example(line) for line in PLACE], seed=0, lists=lists)
    text = "a ticket for ulan bator now"
    assert said(taught.spans(text, "fly"), text) == [("ulan bator", "city")]


def test_an_example_is_no_witness_of_itself() -> None:
    values = {"new york": {"city": 2}, "rome": {"city": 1}}
    assert tagger.known(["in", "new", "york"], values, [("new york", "city")]) == [[], ["B-city"], ["I-city"]]
    assert tagger.known(["in", "rome"], values, [("rome", "city")]) == [[], []]
    assert tagger.known(["in", "rome"], values) == [[], ["B-city"]]


def test_tokens_of_both_languages() -> None:
    text = "改到3.5号, five o'clock"
    assert [text[a:b] for a, b in tagger.pieces(text)] == ["改", "到", "3.5", "号", ",", "five", "o'clock"]


def test_no_spans_no_tagger() -> None:
    assert crf.learn([example("hello")], seed=0, lists={}).spans("hello") == ()


Floats = NDArray[np.float32]


def _score(path: tuple[int, ...], scores: Floats, moves: Floats) -> float:
    total = float(moves[-1, path[0]] + scores[0, path[0]])
    return (
        total
        + sum(float(moves[a, b]) for a, b in itertools.pairwise(path))
        + sum(float(scores[at, path[at]]) for at in range(1, len(path)))
    )


def _loss(scores: Floats, moves: Floats, answers: NDArray[np.int64]) -> float:
    total = 0.0
    for sentence in range(scores.shape[1]):
        of_all = [
            _score(path, scores[:, sentence], moves)
            for path in itertools.product(range(scores.shape[2]), repeat=len(scores))
        ]
        total += float(np.logaddexp.reduce(of_all))
        total -= _score(tuple(answers[:, sentence].tolist()), scores[:, sentence], moves)
    return total


def _slope(scores: Floats, moves: Floats, answers: NDArray[np.int64], array: Floats, at: tuple[int, ...]) -> float:
    kept = array[at]
    array[at] = kept + 1e-2
    above = _loss(scores, moves, answers)
    array[at] = kept - 1e-2
    below = _loss(scores, moves, answers)
    array[at] = kept
    return (above - below) / 2e-2
