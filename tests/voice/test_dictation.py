"""Dictated phone numbers with breaths between the groups: how often the caller is cut off, and how long the wait is."""

import random
from dataclasses import replace

import pytest

from huashu.core.expect import NOTHING, Expectation
from huashu.voice.endpoint import USUAL
from huashu.voice.turns import Decision, TurnTaker

pytestmark = pytest.mark.unit
PHONE = Expectation(step="f.电话", kind="value", type="phone", slot="电话")
WORDS_LATE = 0.3
"""Seconds until a streaming recogniser shows a digit."""


def dictation(rng: random.Random) -> tuple[list[tuple[float, str]], float]:
    """(second at which its sound ends, digit) of each digit, and the end. Groups of 3-4-4 with breaths up to 2.5 s."""
    number = "13" + "".join(rng.choice("0123456789") for _ in range(9))
    spoken, now = [], 0.0
    for position, digit in enumerate(number):
        if position in (3, 7):
            now += min(2.4, rng.lognormvariate(-0.3, 0.6))  # median 0.74 s, one in twenty over 2 s
        now += 0.25
        spoken.append((now, digit))
    return spoken, now


def close(taker: TurnTaker, spoken: list[tuple[float, str]]) -> float:
    """When the turn was closed."""
    now, text = 0.0, ""
    while True:
        now = round(now + 0.02, 2)
        shown = "".join(digit for at, digit in spoken if at + WORDS_LATE <= now)
        if shown != text:
            text = shown
            taker.hear(text, None)
        voice = any(at - 0.25 < now <= at for at, _ in spoken)
        if Decision.CLOSE in taker.advance(now=now, voice=voice, line=None):
            return now


def score(fixed: float | None, count: int = 300) -> tuple[int, float]:
    """Cut-offs of `count` dictations and the median wait after the others; `fixed`: one timeout instead of ours."""
    rng = random.Random(20)
    cuts, waits = 0, []
    for _ in range(count):
        spoken, end = dictation(rng)
        taker = TurnTaker(USUAL if fixed is None else replace(USUAL, free=fixed))
        taker.listen(PHONE if fixed is None else NOTHING)
        closed = close(taker, spoken)
        if closed < end:
            cuts += 1
        else:
            waits.append(closed - end)
    return cuts, sorted(waits)[len(waits) // 2] if waits else 0.0


def test_ten_times_fewer_are_cut_off_than_by_fixed_timeouts() -> None:
    cuts, wait = score(None)
    usual, _ = score(0.8)
    equal, _ = score(wait)
    assert wait <= 0.5
    assert usual >= 10 * max(cuts, 1)
    assert equal >= 10 * max(cuts, 1)
    assert cuts <= 3
