"""A person's sound over a network that loses, delays, doubles and reorders."""

import asyncio
import random

import pytest

from huashu.handoff.track import KEPT, SoundTrack

pytestmark = pytest.mark.audio

SIZE = 320


def frame(number: int) -> bytes:
    return number.to_bytes(4, "little") * (SIZE // 4)


def numbers(played: list[bytes | None]) -> list[int]:
    return [int.from_bytes(one[:4], "little") for one in played if one is not None]


def test_frames_are_played_in_order_after_a_short_gathering() -> None:
    track = SoundTrack("小王", 8000)
    played = []
    for number in range(100):
        track.put(number, frame(number))
        played.append(track.take())
    assert played[:2] == [None, None]
    assert numbers(played) == list(range(98))
    assert (track.lost, track.late) == (0, 0)


def test_jitter_reordering_and_doubles_are_not_heard() -> None:
    rng = random.Random(7)
    arrivals = sorted((number + rng.uniform(0.0, 2.0), number) for number in range(500))
    arrivals += [(at + 0.5, number) for at, number in arrivals[::10]]
    arrivals.sort()
    track, played, at = SoundTrack("a", 8000, ahead=4), [], 0
    for tick in range(520):
        while at < len(arrivals) and arrivals[at][0] <= tick:
            track.put(arrivals[at][1], frame(arrivals[at][1]))
            at += 1
        played.append(track.take())
    assert numbers(played) == list(range(500))
    assert track.lost == 0


def test_a_lost_frame_is_20_ms_of_silence_and_nothing_shifts() -> None:
    track, played = SoundTrack("a", 8000), []
    for number in range(50):
        if number != 20:
            track.put(number, frame(number))
        played.append(track.take())
    assert played[22] is None
    assert numbers(played) == [number for number in range(48) if number != 20]
    assert track.lost == 1


def test_the_delay_does_not_grow_when_the_network_stalls() -> None:
    track = SoundTrack("a", 8000)
    for number in range(200):  # four seconds at once
        track.put(number, frame(number))
    assert numbers([track.take()]) == [185]
    assert track.late == 185


def test_after_a_pause_it_goes_on_wherever_the_numbers_are() -> None:
    track = SoundTrack("a", 8000)
    for number in range(5):
        track.put(number, frame(number))
    assert numbers([track.take() for _ in range(10)]) == list(range(5))
    for number in range(1000, 1005):
        track.put(number, frame(number))
    assert numbers([track.take() for _ in range(5)]) == list(range(1000, 1005))


def test_only_the_first_of_many_stalls_is_heard_and_a_calm_time_takes_the_delay_back() -> None:
    track, played = SoundTrack("a", 8000), []
    waiting: list[int] = []
    for number in range(4000):
        waiting.append(number)
        stalled = number < 2000 and number % 100 >= 95  # 100 ms every two seconds
        if not stalled:
            for one in waiting:
                track.put(one, frame(one))
            waiting.clear()
        played.append(track.take())
    gaps = [at for at, one in enumerate(played) if one is None and at > 2]
    assert gaps == list(range(gaps[0], gaps[0] + len(gaps))), "one gap"
    assert 95 <= gaps[0] <= 100
    assert len(gaps) <= 8
    heard = numbers(played)
    assert heard == sorted(heard)
    assert heard[:1000] == list(range(1000)), "nothing is lost to a stall"
    assert 3999 - heard[-1] == 2, "and later it is as short as before"


def test_a_pause_is_no_stall() -> None:
    track = SoundTrack("a", 8000)
    played = []
    for number in range(300):
        if number % 100 < 50:
            track.put(number // 100 * 50 + number % 100, frame(number))
        played.append(track.take())
    assert [one is None for one in played[100:102]] == [True, True]
    assert played[102] == frame(100), "three are gathered after each"
    assert played[202] == frame(200)


def test_a_muted_person_hears_and_is_not_heard() -> None:
    track = SoundTrack("a", 8000, ahead=1)
    track.muted = True
    track.put(0, frame(0))
    assert track.take() is None
    track.give(frame(7))
    assert asyncio.run(track.get()) == frame(7)


def test_frames_of_another_length_are_dropped() -> None:
    track = SoundTrack("a", 16000, ahead=1)
    track.put(0, frame(0))
    assert track.take() is None
    assert track.late == 1


async def test_a_slow_network_loses_the_oldest_sound_and_an_end_is_told() -> None:
    track = SoundTrack("a", 8000)
    for number in range(KEPT + 10):
        track.give(frame(number))
    assert numbers([await track.get()]) == [10]
    for _ in range(KEPT - 1):
        await track.get()
    track.close()
    assert await track.get() is None
