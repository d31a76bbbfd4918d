"""A call follows its client's sound, whatever the network does with it."""

import pytest

from huashu.channels.pacing import Due, FramePacer

pytestmark = pytest.mark.unit

FRAME = 0.02


def run(arrivals: list[float], *, until: float, pacer: FramePacer) -> list[tuple[float, Due]]:
    """What is pushed when, for frames that arrive at the given seconds; the call begins at second 0."""
    now, taken, pushed = 0.0, 0, []
    while now < until:
        waiting = sum(at <= now for at in arrivals) > taken
        due = pacer.next(now, waiting=waiting)
        if isinstance(due, Due):
            pushed.append((now, due))
            taken += due is Due.TAKE
        else:
            coming = [at for at in arrivals if at > now]
            arrives = min(coming, default=until) if not waiting else until
            now = min(now + max(due, 1e-4), arrives)
    return pushed


def test_a_steady_client_is_followed_frame_by_frame() -> None:
    arrivals = [n * FRAME for n in range(100)]
    pushed = run(arrivals, until=2.0, pacer=FramePacer())
    assert [due for _, due in pushed] == [Due.TAKE] * 100
    assert max(at - arrival for (at, _), arrival in zip(pushed, arrivals, strict=True)) < 1e-9


def test_usual_jitter_puts_in_no_silence() -> None:
    arrivals = [n * FRAME + (0.08 if n % 7 == 3 else 0.0) for n in range(200)]
    arrivals = [max(arrivals[: n + 1]) for n in range(200)]  # in order: what is behind a late packet waits
    assert all(due is Due.TAKE for _, due in run(arrivals, until=4.2, pacer=FramePacer())[:200])


def test_a_stall_is_heard_as_silence_in_real_time() -> None:
    arrivals = [n * FRAME for n in range(50)] + [3.0 + n * FRAME for n in range(50)]
    pushed = run(arrivals, until=4.0, pacer=FramePacer())
    gap = [at for at, due in pushed if due is Due.SILENCE and at < 3.0]
    assert gap[0] == pytest.approx(1.1, abs=0.021)
    assert len(gap) == pytest.approx((3.0 - 1.1) / FRAME, abs=2)
    assert sum(due is Due.TAKE for _, due in pushed) == 100  # nothing the caller said is lost
    behind = [len([p for p in pushed if p[0] <= second]) * FRAME - second for second in (1.5, 2.5)]
    assert all(-0.13 < share <= 0.02 for share in behind)


def test_a_client_faster_than_speech_is_slowed() -> None:
    pushed = run([0.0] * 500, until=5.0, pacer=FramePacer(ahead=1.0))
    for second in (0.0, 1.0, 2.0, 4.0):
        count = sum(at <= second + 1e-6 for at, _ in pushed)
        assert count * FRAME <= second + 1.0 + 2 * FRAME
    assert sum(due is Due.TAKE for _, due in pushed) >= 298


def test_missing_counts_since_the_callers_last_frame() -> None:
    pacer = FramePacer()
    run([0.0], until=1.0, pacer=pacer)
    assert pacer.missing > 40
    pacer.next(1.0, waiting=True)
    assert pacer.missing == 0


def test_silence_is_left_out_until_the_client_is_back_in_step() -> None:
    pacer = FramePacer(trim=0.06)
    pacer.next(0.0, waiting=True)
    for _ in range(20):  # a burst: 0.4 s of speech at once is all sent
        assert pacer.sends(0.0, silent=False)
    assert not pacer.sends(0.0, silent=True)
    assert not pacer.sends(0.3, silent=True)
    assert pacer.sends(0.36, silent=True)
    assert pacer.sends(0.0, silent=False)
