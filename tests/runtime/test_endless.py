"""A conversation gets no bigger with its length: a small twin of bench/endless.py."""

import gc
import tracemalloc

import pytest

from tests.runtime.endless import Endless, endless_bot

pytestmark = pytest.mark.engine


def test_a_long_conversation_is_as_small_as_a_short_one() -> None:
    bot = endless_bot()
    warm = Endless(bot, 0)  # what is kept for all calls is there before counting
    while warm.count < 800:
        warm.turn()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    talk = Endless(bot, 1)
    sizes = []
    for mark in (80, 800):
        while talk.count < mark:
            talk.turn()
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0] - before)
    tracemalloc.stop()
    assert sizes[0] < 30_000
    assert sizes[1] < sizes[0] + 8_000
