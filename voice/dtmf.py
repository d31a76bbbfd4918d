"""Keys pressed as tones in the sound of the line (ITU-T Q.23), for lines that send no telephone events (RFC 4733).

Goertzel's filter (G. Goertzel, 1958) at the eight frequencies, over windows of 20 ms that begin every 10 ms; here all
windows of a frame are one matrix product, which is the same sum. A window alone tells frequencies 50 Hz apart; the
turn of the phase from one window to the next tells them to a few hertz, so the 1.5 % of Q.24 are met also at 1633 Hz,
and speech, whose pitch glides, falls through. Pure: sound in, keys out, no clock.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOW = (697.0, 770.0, 852.0, 941.0)
HIGH = (1209.0, 1336.0, 1477.0, 1633.0)
KEYS = ("123A", "456B", "789C", "*0#D")
"""Rows by low, columns by high frequency (Q.23)."""


@dataclass(frozen=True, slots=True)
class DtmfLimits:
    """ITU-T Q.24, annex A; where administrations differ, the value that takes in most of them."""

    quietest: float = -40.0
    """dB of full scale of a window with a key in it. Q.24 asks for -25 to -29 dBm a tone at the exchange: -32 here."""
    share: float = 0.88
    """Of the energy of each of two windows in a row, 30 ms together, in the two tones. 40 ms always hold two full
    windows, 22 ms never come near. Of 33 min of speech, none passes this and the rest."""
    deviation: float = 0.025
    """Of a tone's frequency: at 1.5 % it must be a key, at 3.5 % it must not."""
    normal_twist: float = 8.0
    """dB by which the low tone may be louder than the high one: lines lose the high one."""
    reverse_twist: float = 8.0
    """dB by which the high tone may be louder: Q.24 has 4, telephones that are set for long lines bring more."""
    gap: int = 4
    """Pairs of windows without the key after which the same key is a new one: a dropout of 10 ms is none, 40 ms are."""


USUAL = DtmfLimits()
_FULL_SCALE = 32768.0
_AT_WORST = 0.4
"""Of a tone's power, what its filter passes when it is 1.5 % beside it (1633 Hz)."""


class DtmfDetector:
    """One line's keys.

    Args:
        rate: of the line, 8000 or 16000.
        limits: of Q.24.
    """

    def __init__(self, rate: int = 8000, limits: DtmfLimits = USUAL) -> None:
        self._limits = limits
        self._size = rate // 50
        self._hop = self._size // 2
        self._turn = self._hop / rate
        time = np.arange(self._size) / rate
        tones = np.array(LOW + HIGH)
        waves = np.exp(-2j * math.pi * tones[:, None] * time)
        self._bank: NDArray[np.float32] = np.concatenate([waves.real, waves.imag]).astype(np.float32)
        self._expected = np.exp(2j * math.pi * tones * self._turn)
        self._before: NDArray[np.float32] = np.zeros(self._hop, np.float32)
        self._last: _Window | None = None
        """The window before, None where that held no key."""
        self._key = ""
        """The key that is down."""
        self._missing = 0

    def feed(self, frame: NDArray[np.int16]) -> str:
        """The next 20 ms; the keys that were recognised in them, mostly none. A held key comes once, after 30 ms."""
        sound = np.concatenate([self._before, frame.astype(np.float32)])
        self._before = sound[-self._hop :]
        found = ""
        for start in (0, self._hop):
            found += self._step(self._window(sound[start : start + self._size]))
        return found

    def _step(self, key: str) -> str:
        """What the latest pair of windows means, after the ones before it."""
        if key and key == self._key:
            self._missing = 0
            return ""
        self._missing += 1
        if self._missing >= self._limits.gap:
            self._key = ""
        if not key:
            return ""
        self._key, self._missing = key, 0
        return key

    def _window(self, sound: NDArray[np.float32]) -> str:
        """The key whose tones fill this window and the one before it, or none."""
        last, self._last = self._last, None
        energy = float(np.dot(sound, sound))
        if energy < len(sound) * _FULL_SCALE**2 * 10 ** (self._limits.quietest / 10):
            return ""
        both = self._bank @ sound
        now = (both[:8] + 1j * both[8:]).astype(np.complex64)
        power = now.real**2 + now.imag**2
        low, high = int(power[:4].argmax()), 4 + int(power[4:].argmax())
        most = len(sound) * energy / 2
        """A sine of amplitude a brings energy n a² / 2 and, through the filter of its frequency, power (n a / 2)²."""
        if power[low] + power[high] < _AT_WORST * self._limits.share * most:
            return ""
        self._last = _Window(now, low, high, most)
        return self._pair(last, self._last) if last is not None else ""

    def _pair(self, last: "_Window", now: "_Window") -> str:
        if (last.low, last.high) != (now.low, now.high):
            return ""
        levels = []
        shares = [0.0, 0.0]
        for tone in (now.low, now.high):
            turned = now.through[tone] * np.conj(last.through[tone]) * np.conj(self._expected[tone])
            off = float(np.angle(turned)) / (2 * math.pi * self._turn)
            if abs(off) > self._limits.deviation * (LOW + HIGH)[tone]:
                return ""
            lost = float(np.sinc(2 * off * self._turn)) ** 2  # what a filter passes beside its middle
            levels.append(abs(now.through[tone]) ** 2 / lost)
            shares = [
                share + abs(window.through[tone]) ** 2 / lost / window.most
                for share, window in zip(shares, (last, now), strict=True)
            ]
        twist = 10 * math.log10(levels[1] / levels[0])
        if min(shares) < self._limits.share or not -self._limits.normal_twist <= twist <= self._limits.reverse_twist:
            return ""
        return KEYS[now.low][now.high - 4]


@dataclass(frozen=True, slots=True)
class _Window:
    through: NDArray[np.complex64]
    """The eight filters."""
    low: int
    high: int
    most: float
    """The power through one filter if all energy were a sine on its frequency."""
