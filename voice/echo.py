"""The bot's own voice on its way back: a loudspeaker, a bad hybrid. Told from the caller's by what was played.

What comes in is compared with what went out by normalised cross-correlation (as in G. Carter, "Coherence and time delay
estimation", Proc. IEEE 75(2), 1987), both whitened by their first difference. Of unrelated Mandarin sentences 0.2 s of
which are compared at every delay up to 0.6 s, the largest correlation was 0.53; an echo through G.711 and a telephone's
band has 0.8, one with a room of 60 ms in it 0.6 (medians). Once delay and loss are known the level alone decides:
sound that is no louder than the echo would be is the echo, and over it a caller is heard. Pure: sound in, yes or no.
"""

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

_RATE = 8000
_FRAME = _RATE // 50
_COMPARED = 10 * _FRAME
"""Samples of 0.2 s, …"""
_SEARCHED = 5 * _FRAME
"""… half of which are looked for at every delay: 0.1 ms of processor time less."""
_LONGEST = 30 * _FRAME
"""Samples of the longest delay: 0.6 s, twice what jitter buffers and satellites make of it."""
_POINTS = 5760
"""Of the transform: `_LONGEST` and `_SEARCHED` fit, and it has small factors only."""
_SURE = 0.8
"""Correlation from which a delay is believed at once …"""
_LIKELY = 0.5
"""… and from which it is when it has come before, the same within …"""
_SAME = 12
"""… so many samples, …"""
_APART = 5
"""… so many frames ago at least."""
_LOSS = 6.0
"""dB that an echo loses at least: networks must take as much off (ITU-T G.122)."""
_OVER = 6.0
"""dB over the expected echo from which somebody speaks; within them correlation decides."""
_ALIKE = 0.35
"""Of the last 0.2 s, with a delay that is known: the echo alone. With a caller as loud as it, 0.2 or less."""
_UNLIKE = 0.25
"""Under this it is not the bot that comes back …"""
_FORGET = 25
"""… and after so many frames of it there is no echo any more: voices may be alike for a moment."""
_TAIL = 8
"""Frames in which a room lets sound die away: 0.16 s."""
_EVERY = 3
"""Frames between two searches for a delay that is not known."""
_NOT_HERE = 25
"""Searches in vain, 1.5 s of voice over the bot, after which it is searched for …"""
_SELDOM = 25
"""… every so many frames: most lines have none."""
_QUIET = -55.0
"""dBFS of the bot's sound that no echo is heard of."""


class Echo:
    """Of one line.

    Args:
        rate: 8000, or 16000 of which every second sample is taken.
    """

    def __init__(self, rate: int = _RATE) -> None:
        self._step = rate // _RATE
        self._out: NDArray[np.int16] = np.zeros(_LONGEST + _COMPARED, np.int16)
        self._in: NDArray[np.int16] = np.zeros(_COMPARED, np.int16)
        self._levels: deque[float] = deque(
            [-120.0] * (_LONGEST // _FRAME + _TAIL + 2), maxlen=_LONGEST // _FRAME + _TAIL + 2
        )
        """dBFS of the bot's latest frames, newest last."""
        self._delay: int | None = None
        """Samples between the end of what was played up to the last frame and what came in up to this one."""
        self._loss = 0.0
        """dB by which the echo is quieter than the loudest of the bot's frames it may come from."""
        self._guesses: list[tuple[int, int]] = []
        """(frame, delay) of the latest likely ones."""
        self._unlike = 0
        self._frames = 0
        self._searched = 0
        self._wait = 0

    @property
    def delay(self) -> float | None:
        """Seconds; None: no echo has been found."""
        return None if self._delay is None else (self._delay + _FRAME) / _RATE

    @property
    def possible(self) -> bool:
        """The bot has sounded within the longest delay."""
        return max(self._levels) >= _QUIET

    def played(self, frame: NDArray[np.int16], level: float) -> None:
        """20 ms that leave for the line, and their dBFS."""
        self._levels.append(level)
        self._out = _shifted(self._out, frame[:: self._step])

    def feed(self, frame: NDArray[np.int16], level: float, *, voice: bool) -> bool:
        """The next 20 ms that come in, their dBFS, whether they hold a voice; whether it is but the bot's own."""
        self._in = _shifted(self._in, frame[:: self._step])
        self._frames += 1
        if not voice or not self.possible:
            return False
        if self._delay is not None:
            return self._is_back(self._delay, level)
        self._wait -= 1
        if self._wait > 0:
            return False
        self._search()
        return self._delay is not None and level <= self._expected(self._delay) + _OVER

    def _is_back(self, delay: int, level: float) -> bool:
        """Whether the last frame is what was played then; the delay is forgotten when it is not for long."""
        expected = self._expected(delay)
        if level > expected + _OVER:
            return False
        end = len(self._out) - delay
        alike = _alike(self._in, self._out[end - _COMPARED : end])
        self._unlike = self._unlike + 1 if alike < _UNLIKE else 0
        if self._unlike >= _FORGET:
            self._delay, self._searched = None, 0
            return False
        return level <= expected or alike >= _ALIKE

    def _expected(self, delay: int) -> float:
        """dBFS of the echo at most, now."""
        newest = len(self._levels) - 1 - delay // _FRAME
        return max(list(self._levels)[max(0, newest - _TAIL) : newest + 1], default=-120.0) - self._loss

    def _search(self) -> None:
        """Look for the delay in what has come in."""
        self._searched += 1
        self._wait = _EVERY if self._searched < _NOT_HERE else _SELDOM
        correlation, delay, loss = _compare(self._in[-_SEARCHED:], self._out[-_LONGEST - _SEARCHED :])
        if correlation < _LIKELY:
            return
        if loss < _LOSS:
            return
        again = any(self._frames - at >= _APART and abs(delay - was) <= _SAME for at, was in self._guesses)
        self._guesses = [*self._guesses, (self._frames, delay)][-_EVERY * _APART :]
        if correlation >= _SURE or again:
            self._delay, self._loss, self._unlike = delay, loss, 0


def _alike(sound: NDArray[np.int16], played: NDArray[np.int16]) -> float:
    """Correlation of two stretches of the same length."""
    one, other = _white(sound), _white(played)
    powers = float(np.dot(one, one)) * float(np.dot(other, other))
    return abs(float(np.dot(one, other))) / math.sqrt(powers) if powers > 1.0 else 0.0


def _compare(sound: NDArray[np.int16], played: NDArray[np.int16]) -> tuple[float, int, float]:
    """The largest correlation of what came in with what was played before, by how many samples before, and by how many
    dB that was louder."""
    white, source = _white(sound), _white(played)
    size = len(white)
    across = np.fft.rfft(source, _POINTS) * np.conj(np.fft.rfft(white, _POINTS))
    found = np.fft.irfft(across, _POINTS)[: len(source) - size + 1]
    sums = np.concatenate([[0.0], np.cumsum(source * source, dtype=np.float64)])
    energy = sums[size:] - sums[:-size]
    least = max(float(energy.max()) * 1e-3, 1.0)
    share = np.abs(found) / np.sqrt(np.maximum(energy, least) * max(float(np.dot(white, white)), 1.0))
    best = int(share.argmax())
    lost = 10 * math.log10(max(float(energy[best]), 1.0) / max(float(np.dot(white, white)), 1.0))
    return float(share[best]), len(source) - size - best, max(0.0, lost)


def _white(sound: NDArray[np.int16]) -> NDArray[np.float32]:
    return np.diff(sound.astype(np.float32))


def _shifted(line: NDArray[np.int16], frame: NDArray[np.int16]) -> NDArray[np.int16]:
    line[: -len(frame)] = line[len(frame) :]
    line[-len(frame) :] = frame
    return line
