"""A conversation gets no bigger with its length: a small twin of bench/endless.py."""

import gc
import tracemalloc

import pytest

from tests.runtime.endless import Endless, endless_bot

pytestmark = pytest.mark.engine


ABREAST = 10
"""What the interpreter keeps for itself is shared between so many."""


def test_a_long_conversation_is_as_small_as_a_short_one() -> None:
    bot = endless_bot()
    Endless(bot, 0).turn()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    talks = [Endless(bot, number) for number in range(1, 1 + ABREAST)]
    sizes = []
    for mark in (60, 600):
        for talk in talks:
            while talk.count < mark:
                talk.turn()
        gc.collect()
        sizes.append((tracemalloc.get_traced_memory()[0] - before) / ABREAST)
    tracemalloc.stop()
    assert sizes[0] < 20_000
    assert sizes[1] < sizes[0] + 12_000  # the heard ledger alone would be twice that
