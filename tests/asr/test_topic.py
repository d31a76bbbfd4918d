"""Samples of a topic, written out and counted."""

import math
import re

import pytest

from huashu.asr.topic import arpa, sentences, weighted

pytestmark = pytest.mark.unit


def test_a_line_with_choices_stands_for_every_way_to_say_it() -> None:
    assert sorted(sentences("the line is (busy|in use) (now|)")) == [
        "the line is busy",
        "the line is busy now",
        "the line is in use",
        "the line is in use now",
    ]


def test_of_a_line_that_stands_for_too_much_every_choice_is_still_there() -> None:
    ten = "(a|b|c|d|e|f|g|h|i|j)"
    said = [sentence.split() for sentence in sentences(" ".join([ten] * 4))]
    assert len(said) == len({tuple(words) for words in said}) < 10000
    for place in range(4):
        assert {words[place] for words in said} == set("abcdefghij")


def test_a_line_weighs_by_the_root_of_what_it_stands_for_and_not_without_bound() -> None:
    def weigh(line: str) -> float:
        return round(sum(weight for _, weight in weighted([line])), 6)

    assert weigh("hello") == 1.0
    assert weigh("(a|b) (c|d)") == 2.0
    assert weigh("(a|b|c|d) (a|b|c|d) (a|b|c|d)") == 4.0


def test_chances_of_what_may_follow_come_to_one() -> None:
    written = arpa(["the line is (busy|in use|broken)", "the (number|line) (is|was) busy", "is it"], lambda word: True)
    assert written is not None
    grams: dict[tuple[str, ...], tuple[float, float]] = {}
    for line in written.splitlines():
        found = re.match(r"(-?\d+\.\d+) (.+?)(?: (-?\d+\.\d+))?$", line)
        if found:
            grams[tuple(found[2].split())] = (10 ** float(found[1]), 10 ** float(found[3] or 0))

    def chance(gram: tuple[str, ...]) -> float:
        if gram in grams:
            return grams[gram][0]
        return grams.get(gram[:-1], (0.0, 1.0))[1] * chance(gram[1:])

    words = [gram[0] for gram in grams if len(gram) == 1 and gram != ("<s>",)]
    for before in ((), ("line",), ("<s>",), ("the", "line"), ("line", "is"), ("busy", "broken")):
        assert math.isclose(sum(chance((*before, word)) for word in words), 1.0, abs_tol=0.02), before
    assert chance(("line", "is", "busy")) > 5 * chance(("line", "is", "number"))


def test_samples_with_unknown_words_are_left_out() -> None:
    written = arpa(["please hold", "please xyzzy"], lambda word: word != "xyzzy")
    assert written is not None
    assert "xyzzy" not in written
    assert "please hold" in written
    assert arpa(["xyzzy"], lambda word: False) is None
