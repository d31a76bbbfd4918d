"""What a recording of a call holds: who spoke when, how long the bot took to answer, what was spoken over.

From the samples of a stereo WAV alone, the caller left, the bot right (huashu.voice.recording). The event log, where
there is one, adds words and marks but corrects nothing: where sound and log differ, that is what one wants to see.
"""

import itertools
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import UsageError

_STEP = 0.01
"""Seconds of a measuring frame: times are exact to this."""
_UNDER = 30.0
"""dB under a side's own loud frames at which it is silent …"""
_LEAST = -55.0
"""… but never under this, dBFS."""
_PAUSE = {"caller": 0.6, "bot": 0.35}
"""Seconds of quiet that part two stretches: people breathe within one, the bot's own pauses are shorter."""
_SHORTEST = 0.06
_FULL = 32767 / 32768


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound of one side, seconds of the call."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Turn:
    """What the caller said in one breath or several, and what the bot did."""

    caller: Stretch
    answer: float | None
    """Seconds from the caller's end to the bot's next sound; None: the caller spoke again first, or the call ended."""
    over: float | None
    """Seconds the bot spoke on after the caller had begun over it; None: it was not speaking."""


@dataclass(frozen=True, slots=True)
class Side:
    stretches: tuple[Stretch, ...]
    level: float | None
    """Mean level of the speech, dBFS; None: no speech."""
    clipped: int
    """Samples at full scale."""
    peaks: tuple[float, ...]
    """Highest amplitude (0 to 1) of each `Listening.step` seconds."""

    @property
    def seconds(self) -> float:
        return sum(stretch.seconds for stretch in self.stretches)


@dataclass(frozen=True, slots=True)
class Listening:
    seconds: float
    step: float
    caller: Side
    bot: Side
    turns: tuple[Turn, ...]

    @property
    def answers(self) -> tuple[float, ...]:
        return tuple(turn.answer for turn in self.turns if turn.answer is not None)

    @property
    def both(self) -> float:
        """Seconds in which both sides sound."""
        pairs = itertools.product(self.caller.stretches, self.bot.stretches)
        return sum(max(0.0, min(a.end, b.end) - max(a.start, b.start)) for a, b in pairs)

    @property
    def longest_silence(self) -> float:
        """Seconds in which neither side sounds."""
        ends, longest = 0.0, 0.0
        for stretch in sorted((*self.caller.stretches, *self.bot.stretches), key=lambda one: one.start):
            longest = max(longest, stretch.start - ends)
            ends = max(ends, stretch.end)
        return max(longest, self.seconds - ends)


def listen(recording: Path) -> Listening:
    """Measure a recording.

    Raises:
        UsageError: not a stereo WAV of 16 bits, or an empty one.
    """
    try:
        with wave.open(str(recording)) as file:
            if file.getnchannels() != 2 or file.getsampwidth() != 2:
                raise UsageError(f"{recording} is no recording of both sides: that is a stereo WAV of 16 bits")
            rate = file.getframerate()
            both = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    except (OSError, EOFError, wave.Error) as error:
        raise UsageError(f"{recording} cannot be read: {error or type(error).__name__}") from error
    if len(both) < rate * _STEP:
        raise UsageError(f"{recording} holds no sound")
    caller, bot = (_side(both[:, side], rate, name) for side, name in enumerate(("caller", "bot")))
    turns = tuple(_turns(caller.stretches, bot.stretches))
    return Listening(len(both) / rate, _STEP, caller, bot, turns)


def _side(sound: NDArray[np.int16], rate: int, name: str) -> Side:
    size = round(rate * _STEP)
    frames = sound[: len(sound) // size * size].reshape(-1, size).astype(np.float32) / 32768
    level = 10 * np.log10(np.maximum((frames**2).mean(axis=1), 1e-12))
    # The loudest moment may be a slammed door: the loud fifth of the sound is what speech is measured against.
    loud = float(np.percentile(level[level > _LEAST], 80)) if (level > _LEAST).any() else _LEAST
    over = level > max(_LEAST, loud - _UNDER)
    found = tuple(_stretches(over, _PAUSE[name]))
    mean = float(10 * np.log10((10 ** (level[over] / 10)).mean())) if found else None
    peaks = np.abs(frames).max(axis=1)
    return Side(found, mean, int((peaks >= _FULL).sum()), tuple(peaks.tolist()))


def _stretches(over: NDArray[np.bool_], pause: float) -> list[Stretch]:
    loud = np.flatnonzero(over)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > pause / _STEP)
    ends = zip((loud[0], *loud[breaks + 1]), (*loud[breaks], loud[-1]), strict=True)
    found = (Stretch(float(first) * _STEP, float(last + 1) * _STEP) for first, last in ends)
    return [stretch for stretch in found if stretch.seconds >= _SHORTEST]


def _turns(caller: Sequence[Stretch], bot: Sequence[Stretch]) -> list[Turn]:
    turns = []
    for number, said in enumerate(caller):
        later = caller[number + 1].start if number + 1 < len(caller) else float("inf")
        after = next((line.start for line in bot if line.start >= said.end), None)
        under = next((line for line in bot if line.start < said.start < line.end), None)
        answer = after - said.end if after is not None and after < later else None
        turns.append(Turn(said, answer, None if under is None else under.end - said.start))
    return turns
