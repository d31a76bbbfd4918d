"""Whose voice it is: the caller's, the bot's own on its way back, or somebody's behind the caller."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.voice import g711
from huashu.voice.echo import Echo
from huashu.voice.fader import DUCKED, Fader
from huashu.voice.foreground import Foreground
from huashu.voice.vad import level_of
from tests.voice.voice_fakes import FRAME, RATE

pytestmark = pytest.mark.audio

Sound = NDArray[np.float64]


def talk(seconds: float, seed: int) -> Sound:
    """Something like speech: a pitch that glides, formants that change, syllables and pauses."""
    rng = np.random.default_rng(seed)
    parts: list[Sound] = []
    while sum(map(len, parts)) < seconds * RATE:
        t = np.arange(int(rng.uniform(0.12, 0.3) * RATE)) / RATE
        pitch = rng.uniform(110, 220) * (1 + rng.uniform(-0.15, 0.15) * t / t[-1])
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        formants = rng.uniform((300, 900), (800, 2300))
        voiced = sum(
            np.sin(k * phase) * sum(np.exp(-(((k * 160 - f) / 250) ** 2)) for f in formants) for k in range(1, 20)
        )
        hiss = rng.normal(size=len(t)) * rng.uniform(0.02, 0.4)
        parts += [(voiced + hiss) * np.sin(np.pi * t / t[-1]), np.zeros(int(rng.uniform(0.02, 0.12) * RATE))]
    made = np.concatenate(parts)[: round(seconds * RATE)]
    return np.asarray(made * 0.1 / np.sqrt((made**2).mean()))


def heard(sound: Sound) -> list[NDArray[np.int16]]:
    """In frames, through the telephone."""
    pcm = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
    coded = g711.decode(g711.encode(pcm, "ulaw"), "ulaw")
    samples = np.frombuffer(coded[: len(coded) // (2 * FRAME) * 2 * FRAME], "<i2")
    return list(samples.reshape(-1, FRAME))


def judged(out: Sound, back: Sound) -> list[bool]:
    """What the detector takes for the bot's echo, frame by frame; every frame over -55 dBFS has a voice in it."""
    echo, found = Echo(), []
    for sent, came in zip(heard(out), heard(back), strict=True):
        level = level_of(came)
        found.append(echo.feed(came, level, voice=level > -55))
        echo.played(sent, level_of(sent))
    return found


def delayed(sound: Sound, seconds: float, db: float) -> Sound:
    made = np.zeros_like(sound)
    shift = round(seconds * RATE)
    made[shift:] = sound[: len(sound) - shift] * 10 ** (-db / 20)
    return made


@pytest.mark.parametrize("seconds", [0.04, 0.13, 0.31, 0.55])
@pytest.mark.parametrize("db", [10, 20, 30])
def test_the_bot_s_own_voice_is_known_at_once(seconds: float, db: float) -> None:
    out = talk(5.0, 1)
    back = delayed(out, seconds, db) + np.random.default_rng(2).normal(0, 10 ** (-65 / 20), len(out))
    found = np.array(judged(out, back))
    voiced = np.array([level_of(frame) > -55 for frame in heard(back)])
    assert found[voiced].mean() >= 0.97


@pytest.mark.parametrize("seed", range(6))
def test_a_caller_who_speaks_over_the_bot_is_no_echo(seed: int) -> None:
    found = judged(talk(6.0, seed), talk(6.0, 100 + seed))
    assert sum(found) <= 0.01 * len(found)


@pytest.mark.parametrize("db", [12, 20])
def test_a_caller_is_heard_over_the_echo(db: float) -> None:
    out, caller = talk(6.0, 3), np.zeros(6 * RATE)
    caller[3 * RATE :] = talk(3.0, 50)
    found = judged(out, delayed(out, 0.2, db) + caller)
    loud = [level_of(frame) > -22 for frame in heard(caller)]
    missed = [echo for echo, spoken in zip(found, loud, strict=True) if spoken]
    assert sum(missed) <= 0.1 * len(missed)
    assert not all(missed[:5])


def test_nothing_was_played_so_nothing_comes_back() -> None:
    assert not any(judged(np.zeros(3 * RATE), talk(3.0, 4)))


def levels(foreground: Foreground, *runs: tuple[float, float], voice: Callable[[float], bool] = bool) -> list[bool]:
    """Feed runs of (seconds, dBFS); whether each frame counts."""
    return [foreground.feed(db, voice=voice(db)) for seconds, db in runs for _ in range(round(seconds * 50))]


def known(db: float) -> Foreground:
    foreground = Foreground()
    levels(foreground, (1.0, db))
    foreground.turn(words=True)
    return foreground


@pytest.mark.parametrize("db", [15, 20, 25])
def test_a_television_behind_a_caller_who_is_known_is_left_out_after_a_second(db: float) -> None:
    found = levels(known(-20), (0.3, -20), (4.0, -20 - db))
    assert all(found[:60])
    assert not any(found[90:])


def test_trailing_off_is_still_the_caller() -> None:
    assert all(levels(known(-20), (2.0, -20), (0.9, -34), (1.0, -22), (0.9, -34)))


def test_a_caller_who_hands_the_telephone_on_is_heard_again_before_long() -> None:
    found = levels(known(-20), (30.0, -35))
    assert any(found[10 * 50 :])
    assert all(found[20 * 50 :])


def test_who_has_not_spoken_yet_is_nobody_s_neighbour() -> None:
    assert all(levels(Foreground(), (10.0, -45)))
    faint = Foreground()
    levels(faint, (1.0, -40))
    assert not faint.near
    levels(faint, (0.1, -20))
    assert faint.near


def test_ducking_changes_within_a_frame_and_comes_back() -> None:
    fader, sound = Fader(), (np.full(FRAME, 10000, "<i2")).tobytes()
    assert fader.apply(sound) is sound
    fader.duck()
    first, second = (np.frombuffer(fader.apply(sound), "<i2") for _ in range(2))
    assert (first[0], np.abs(np.diff(first.astype(int))).max() < 60) == (10000, True)
    assert 20 * np.log10(10000 / second.mean()) == pytest.approx(DUCKED, abs=0.1)
    fader.restore()
    fader.apply(sound)
    assert fader.apply(sound) == sound


@pytest.mark.parametrize("before", [1.2, 6.0])
def test_who_was_heard_before_the_caller_s_first_words_is_known_by_them(before: float) -> None:
    foreground = Foreground()
    assert all(levels(foreground, (before, -40), (0.5, -20)))
    foreground.words()
    assert sum(levels(foreground, (3.0, -40))) <= 20  # 0.4 s: a syllable of the caller may still be in its echo
    quiet = Foreground()
    levels(quiet, (before, -120), (0.5, -20), voice=lambda db: db > -100)
    quiet.words()
    assert sum(levels(quiet, (3.0, -40))) >= 50  # nobody was there: it may be the caller who trails off


def test_a_soft_hello_and_a_louder_answer_are_both_the_caller() -> None:
    foreground = Foreground()
    assert all(levels(foreground, (0.3, -34), (0.2, -30), (1.0, -20)))
    foreground.words()
    assert all(levels(foreground, (0.4, -33), (0.5, -21), (0.6, -34)))
