"""Packets that come late, twice, in any order, or not at all."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huashu.channels.reorder import MOST, Reorder
from huashu.core.errors import LimitError

pytestmark = pytest.mark.unit

FRAME = 160


def packets(count: int) -> list[tuple[int, bytes]]:
    return [(1000 + FRAME * n, bytes([n % 256]) * FRAME) for n in range(count)]


def heard(line: list[tuple[int, bytes]]) -> bytes:
    reorder = Reorder(8000, b"\xff")
    return b"".join(reorder.put(at, data) for at, data in line)


@given(st.integers(0, 2**32), st.integers(1, 40))
def test_neighbours_that_change_places_or_come_twice_are_no_matter(seed: int, count: int) -> None:
    rng = random.Random(seed)
    line = packets(count)
    first, rest = line[0], line[1:]
    places = sorted(range(len(rest)), key=lambda n: n + rng.uniform(0.0, 1.9))
    mixed = [first, *(rest[n] for n in places)]
    doubled = [packet for packet in mixed for _ in range(rng.choice((1, 1, 2)))]
    assert heard(doubled) == b"".join(data for _, data in line)


def test_a_lost_packet_is_silence_of_its_length() -> None:
    line = packets(10)
    lost = line[:4] + line[5:]
    reorder = Reorder(8000, b"\xff")
    out = [reorder.put(at, data) for at, data in lost]
    assert b"".join(out) == b"".join(data if n != 4 else b"\xff" * FRAME for n, (_, data) in enumerate(line))
    assert [len(piece) // FRAME for piece in out[3:7]] == [1, 0, 3, 1], "two later packets are waited for, no more"
    assert reorder.lost == FRAME


def test_what_comes_after_it_has_been_given_up_is_dropped() -> None:
    line = packets(8)
    assert len(heard([*line[:3], *line[4:], line[3]])) == 8 * FRAME


def test_counting_may_begin_anew() -> None:
    line = packets(3)
    again = [(at + 10**9, data) for at, data in line]
    assert heard([*line, *again]) == b"".join(data for _, data in [*line, *line])


def test_pieces_that_overlap_are_cut() -> None:
    assert heard([(0, b"abcd"), (2, b"cdef"), (6, b"g")]) == b"abcdefg"


def test_waiting_is_bounded() -> None:
    reorder = Reorder(8000, b"\xff")
    reorder.put(0, b"a")
    for n in range(MOST):
        reorder.put(2 + 2 * n, b"b")
    with pytest.raises(LimitError, match="wait"):
        reorder.put(3 + 2 * MOST, b"b")
