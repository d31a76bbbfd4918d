"""Keys, network tones and telephone events: what lines send besides speech."""

import random
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.voice.dtmf import HIGH, KEYS, LOW, DtmfDetector
from huashu.voice.keys import LineKeys
from huashu.voice.progress import Progress
from huashu.voice.render import read_wav
from huashu.voice.telephone_event import TelephoneEvents, parse

pytestmark = pytest.mark.audio

Sound = NDArray[np.float64]
RATE = 8000
ALL = "".join(KEYS)


def sines(frequencies: tuple[float, ...], seconds: float, *, level: float = -18.0, rate: int = RATE) -> Sound:
    t = np.arange(round(seconds * rate)) / rate
    parts = [np.sin(2 * np.pi * frequency * t + number) for number, frequency in enumerate(frequencies)]
    return np.asarray(32768 * 10 ** (level / 20) * np.sum(parts, axis=0), np.float64)


def quiet(seconds: float, rate: int = RATE) -> Sound:
    return np.zeros(round(seconds * rate))


def frames(sound: Sound, rate: int = RATE) -> list[NDArray[np.int16]]:
    size = rate // 50
    pcm = np.clip(np.concatenate([sound, np.zeros(-len(sound) % size)]), -32768, 32767).astype("<i2")
    return [pcm[start : start + size] for start in range(0, len(pcm), size)]


def key(name: str, seconds: float, *, off: float = 0.0, twist: float = 0.0, rate: int = RATE) -> Sound:
    """`off`: share by which the frequencies are wrong; `twist`: dB by which the high tone is louder."""
    row = next(number for number, keys in enumerate(KEYS) if name in keys)
    low, high = LOW[row] * (1 + off), HIGH[KEYS[row].index(name)] * (1 + off)
    return sines((low,), seconds, rate=rate) + sines((high,), seconds, level=-18 + twist, rate=rate)


def keys_in(sound: Sound, rate: int = RATE) -> str:
    detector = DtmfDetector(rate)
    return "".join(detector.feed(frame) for frame in frames(np.concatenate([sound, quiet(0.1, rate)]), rate))


def signals(*parts: Sound, late: int = 0) -> list[str]:
    sound = np.concatenate([np.zeros(late), *parts, quiet(0.6)])
    sound += np.random.default_rng(0).normal(0.0, 15.0, len(sound))
    progress = Progress(RATE)
    return [signal for frame in frames(sound) if (signal := progress.feed(frame)) is not None]


@pytest.mark.parametrize("rate", [8000, 16000])
def test_every_key_of_40_ms_with_pauses_of_40_ms_is_read_wherever_it_begins(rate: int) -> None:
    for late in (0.0, 0.0049, 0.0111, 0.0173):
        parts = [part for name in ALL for part in (key(name, 0.04, rate=rate), quiet(0.04, rate))]
        assert keys_in(np.concatenate([quiet(late, rate), *parts]), rate) == ALL


def test_the_same_key_twice_is_two_and_a_held_one_is_one() -> None:
    assert keys_in(np.concatenate([key("5", 0.04), quiet(0.04), key("5", 0.04)])) == "55"
    assert keys_in(key("5", 2.0)) == "5"
    assert keys_in(np.concatenate([key("5", 0.06), quiet(0.008), key("5", 0.06)])) == "5"  # a dropout, Q.24: 10 ms


@pytest.mark.parametrize(("stalled", "told"), [(0, "5"), (20, "5"), (30, "55")])
def test_a_network_that_stalls_in_the_middle_of_a_key_does_not_press_it_twice(stalled: int, told: str) -> None:
    keys = LineKeys(RATE, tones=True)
    sound = frames(np.concatenate([key("5", 0.2), quiet(0.1)]))
    late = [(sound[-1], True)] * stalled
    line = [(frame, False) for frame in sound[:5]] + late + [(frame, False) for frame in sound[5:]]
    assert "".join(keys.sound(frame, missing=missing) for frame, missing in line) == told


def test_frequencies_and_twist_count_as_q_24_has_them() -> None:
    right, wrong = ("".join(keys_in(key(name, 0.06, off=off)) for name in ALL) for off in (0.015, 0.035))
    assert (right, wrong) == (ALL, "")
    assert keys_in(key("9", 0.06, twist=-6)) == "9"
    assert keys_in(key("9", 0.06, twist=4)) == "9"
    assert keys_in(key("9", 0.06, twist=14)) == ""


def test_22_ms_are_no_key() -> None:
    assert all(keys_in(np.concatenate([np.zeros(late), key("1", 0.022)])) == "" for late in range(0, 160, 16))


def test_keys_are_read_through_noise_of_15_db_less() -> None:
    sound = np.concatenate([part for name in "13800#" for part in (key(name, 0.06), quiet(0.06))])
    noise = np.random.default_rng(3).normal(0.0, 32768 * 10 ** ((-18 - 15) / 20), len(sound))
    assert keys_in(sound + noise) == "13800#"


def test_speech_presses_no_keys_and_plays_no_network_tones(data: Path) -> None:
    paths = sorted((data / "voice_bench").glob("speech_*.wav"))
    if not paths:
        pytest.skip("no voice_bench in HUASHU_TEST_DATA")
    for path in paths:
        sound = np.frombuffer(read_wav(path, RATE), "<i2").astype(float)
        assert keys_in(sound) == "", path.name
        assert signals(sound) == [], path.name


@pytest.mark.parametrize(
    ("parts", "signal"),
    [
        ([sines((450,), 1.0), quiet(4.0)], "ringback"),
        ([sines((450,), 0.35), quiet(0.35)] * 2, "busy"),
        ([sines((450,), 0.7), quiet(0.7)] * 2, "congestion"),
        ([*[sines((450,), 0.1), quiet(0.1)] * 3, sines((450,), 0.4), quiet(0.4)], "unobtainable"),
        ([sines((440, 480), 2.0), quiet(4.0)], "ringback"),
        ([sines((480, 620), 0.5), quiet(0.5)] * 2, "busy"),
        ([sines((480, 620), 0.25), quiet(0.25)] * 2, "congestion"),
        ([sines((425,), 0.5), quiet(0.5)] * 2, "busy"),
        ([sines((950,), 0.33), sines((1400,), 0.33), sines((1800,), 0.33)], "special_information"),
        ([sines((985.2,), 0.38), sines((1370.6,), 0.276), sines((1776.7,), 0.38)], "special_information"),
        ([sines((1100,), 0.5), quiet(3.0)] * 2, "fax"),
        ([sines((2100,), 2.6)], "fax"),
        ([sines((1000,), 0.4)], "beep"),
        ([sines((440,), 0.25), quiet(1.0)], "beep"),
        ([sines((1400,), 0.14)], "beep"),
    ],
)
def test_network_tones_are_told_by_frequency_and_cadence(parts: list[Sound], signal: str) -> None:
    for late in (0, 53, 117):
        assert signals(*parts, late=late) == [signal]


def test_one_ring_is_no_beep_and_the_rest_of_a_busy_tone_neither() -> None:
    assert signals(sines((450,), 1.0), quiet(2.0)) == ["ringback"]
    assert signals(*[sines((450,), 0.35), quiet(0.35)] * 3, quiet(2.0)) == ["busy"]


# --- RFC 4733 -----------------------------------------------------------------------------------------------------


def packets(code: int, timestamp: int, *, updates: int = 4) -> list[tuple[bytes, int]]:
    """An event as it is sent: packets while the key is down, then its end three times."""
    growing = [(struct.pack("!BBH", code, 10, 160 * (n + 1)), timestamp) for n in range(updates)]
    return growing + [(struct.pack("!BBH", code, 0x80 | 10, 160 * (updates + 1)), timestamp)] * 3


def told(stream: list[tuple[bytes, int]]) -> str:
    events = TelephoneEvents()
    return "".join(events.feed(payload, timestamp) for payload, timestamp in stream)


def test_an_event_of_many_packets_is_one_key() -> None:
    stream = [packet for number, code in enumerate((1, 1, 10, 11, 15)) for packet in packets(code, 4000 * number)]
    assert told(stream) == "11*#D"


def test_keys_survive_loss_of_all_but_one_packet_and_packets_that_overtake_each_other() -> None:
    rng = random.Random(5)
    for _ in range(200):
        dialled = [rng.randrange(16) for _ in range(6)]
        base = rng.choice((0, (1 << 32) - 9000))  # the clock goes round
        stream = []
        for number, code in enumerate(dialled):
            kept = [packet for packet in packets(code, (base + 4000 * number) % (1 << 32)) if rng.random() > 0.6]
            stream += kept or packets(code, (base + 4000 * number) % (1 << 32))[-1:]
        mixed = [packet for _, packet in sorted(enumerate(stream), key=lambda item: item[0] + rng.uniform(0, 0.9))]
        assert told(mixed) == "".join("0123456789*#ABCD"[code] for code in dialled)


def test_a_late_packet_of_an_earlier_event_is_no_new_key() -> None:
    first, second = packets(1, 0), packets(2, 4000)
    assert told([*first[:3], *second[:2], *first[3:], *second[2:], *first]) == "12"


def test_a_key_held_for_longer_than_the_duration_field_is_one_key() -> None:
    long = [(struct.pack("!BBH", 5, 10, 0xFFFF), 1000), (struct.pack("!BBH", 5, 10, 160), 1000 + 0xFFFF)]
    assert told(long) == "5"
    assert told([*packets(5, 1000), *packets(5, 9000)]) == "55"


def test_events_that_travel_in_one_packet_are_keys_of_their_own() -> None:
    three = struct.pack("!BBHBBHBBH", 4, 0x8A, 800, 4, 0x8A, 800, 2, 0x0A, 160)
    rest = [(struct.pack("!BBH", 2, 0x8A, 800), 9000 + 1600)] * 3
    assert told([(three, 9000), (three, 9000), *rest]) == "442"


def test_a_gateway_that_counts_the_timestamp_on_within_an_event_presses_one_key() -> None:
    def drifting(code: int, base: int) -> list[tuple[bytes, int]]:
        sent = packets(code, 0)
        return [(payload, base + 160 * number) for number, (payload, _) in enumerate(sent)]

    assert told([*drifting(7, 1000), *drifting(7, 9000), *drifting(8, 17000)]) == "778"


def test_other_events_are_no_keys_and_broken_payloads_are_counted() -> None:
    events = TelephoneEvents()
    assert events.feed(struct.pack("!BBH", 16, 10, 800), 0) == ""
    assert events.feed(b"\x01\x0a", 4000) == ""
    assert events.malformed == 1
    (event,) = parse(struct.pack("!BBH", 11, 0x80 | 0x40 | 12, 640) + b"\0")
    assert (event.key, event.end, event.volume, event.duration) == ("#", True, 12, 640)
