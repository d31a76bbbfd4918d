"""When words were said, from the pieces that models write and when each of them begins."""

import pytest

from huashu.asr.engine import Details, Stream, Word, details
from huashu.asr.fallback import Bounded, Fallback
from huashu.asr.word_times import timed
from huashu.core.expect import NOTHING, Expectation
from tests.asr.test_fallback import Reads

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (["分", "六", "期"], ["分", "六", "期"]),
        (["▁TRA", "CK", "▁MY", "▁PAR", "CEL"], ["TRACK", "MY", "PARCEL"]),
        ([" six", "ty", " three"], ["sixty", "three"]),
        (["my", "par@@", "cel", "六", "期"], ["my", "parcel", "六", "期"]),
        (["<|zh|>", "好", "，", "的", "。"], ["好", "的"]),
        (["办", "▁vi", "p", "卡"], ["办", "vip", "卡"]),
        ([], []),
    ],
)
def test_pieces_become_words(pieces: list[str], words: list[str]) -> None:
    found = timed(pieces, [0.2 * number for number in range(len(pieces))], 0.2 * len(pieces) + 0.1)
    assert [word.text for word in found] == words
    assert all(0 < word.end - word.begin <= 1.0 for word in found)
    assert list(found) == sorted(found, key=lambda word: word.begin)


def test_a_word_ends_where_the_next_begins_and_a_pause_is_nobodys() -> None:
    first, second, last = timed(["▁yes", "▁I", "▁do"], [0.1, 0.4, 2.0], 2.3)
    assert (first.begin, first.end) == (0.1, 0.4)
    assert second.end == 1.4
    assert last.end == 2.3
    assert timed(["六", "期"], [0.1, 1.5], 1.7)[0].end == 0.5


def test_without_times_there_are_no_words() -> None:
    assert timed(["六", "期"], [], 1.0) == ()


class Tells(Reads):
    details = Details((Word("six", 0.1, 0.4),), "happy")

    def stream(self, expect: Expectation, language: str) -> Stream:
        stream = super().stream(expect, language)
        vars(stream)["details"] = self.details
        return stream


def test_what_an_engine_tells_comes_through_bounds_and_fallbacks() -> None:
    for recogniser in (Bounded(Tells("one"), most=1), Fallback(Bounded(Tells("one"), most=1), Reads("two"))):
        stream = recogniser.stream(NOTHING, "zh")
        stream.accept(bytes(320))
        stream.finish()
        assert details(stream) == Tells.details
    stream = Fallback(Reads("one"), Reads("two")).stream(NOTHING, "zh")
    stream.finish()
    assert details(stream) == Details()
