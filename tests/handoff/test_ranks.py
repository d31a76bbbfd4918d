"""Orders and timers against their plain definitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huashu.handoff.figures import HALF_LIFE, Tally
from huashu.handoff.ranks import Ranked, Timers

pytestmark = pytest.mark.unit

names = st.sampled_from("abcdefg")
steps = st.lists(st.tuples(names, st.one_of(st.none(), st.integers(0, 5))), max_size=60)


@given(steps)
def test_ranks_are_sorted_whatever_comes_and_goes(steps: list[tuple[str, int | None]]) -> None:
    ranked = Ranked()
    plain: dict[str, int] = {}
    for name, key in steps:
        if key is None:
            ranked.drop(name)
            plain.pop(name, None)
        else:
            ranked.add(name, key)
            plain[name] = key
        order = [name for _, name in sorted((key, name) for name, key in plain.items())]
        assert list(ranked) == order
        assert ranked.first() == (order[0] if order else "")
        assert [ranked.place(name) for name in order] == list(range(1, len(order) + 1))
    assert ranked.place("nobody") == 0


@given(steps)
def test_timers_come_by_time_and_then_by_when_they_were_set(steps: list[tuple[str, int | None]]) -> None:
    timers = Timers()
    plain: dict[str, tuple[int, int]] = {}
    for number, (name, at) in enumerate(steps):
        if at is None:
            timers.cancel((name,))
            plain.pop(name, None)
        else:
            timers.set((name,), float(at))
            plain[name] = (at, number)
        assert timers.next == min((float(at) for at, _ in plain.values()), default=None)
        assert len(timers) == len(plain)
    due = []
    while (found := timers.due(5.0)) is not None:
        due.append(found[0])
    assert due == sorted(plain, key=lambda name: plain[name])


def test_timers_that_are_moved_again_and_again_take_no_room() -> None:
    timers = Timers()
    for number in range(10_000):
        timers.set(("a",), float(number))
    assert len(timers._heap) < 200
    assert timers.due(9_998.0) is None
    assert timers.due(9_999.0) == ("a",)


def test_the_rate_follows_what_was_measured_and_fades() -> None:
    tally = Tally(20.0)
    assert tally.expected(1) is None
    now = 1000.0
    for _ in range(10):
        tally.occupied(now, 5)
        now += 30.0
        tally.occupied(now, 4)
        tally.took(30.0, queued=True, again=False)
    assert tally.expected(2) == pytest.approx(60.0, rel=0.15)
    tally.occupied(now, 0)
    tally.occupied(now + 100 * HALF_LIFE, 0)
    assert tally.expected(1) is None, "what was measured long ago says nothing"
