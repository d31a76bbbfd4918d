"""Comfort noise: what a line sounds like while the bot is silent, so that nobody takes it for dead.

Noise falls by 5 dB an octave, which is the shape of the noise of rooms (D. F. Hoth, "Room noise spectra at subscribers'
telephone locations", J. Acoust. Soc. Am. 12, 1941), within the telephone band. It is the same at every call.
"""

from functools import cache

import numpy as np

from huashu.core.audio import frame_bytes
from huashu.core.errors import UsageError

LOUDEST, QUIETEST = -40.0, -80.0
_SECONDS = 4.0
"""After which it begins anew: longer than the ear remembers noise."""
_FALL = 5.0 / 6.02
"""dB an octave → exponent of the amplitude over frequency."""
_BAND = (200.0, 3400.0)


class ComfortNoise:
    """Frames of noise without end; one object a call."""

    def __init__(self, rate: int, level: float = -60.0) -> None:
        """level: root mean square in dB of full scale, -80 to -40. Raises UsageError for another."""
        if not QUIETEST <= level <= LOUDEST:
            raise UsageError(f"comfort noise of {level:g} dB; expected {QUIETEST:g} to {LOUDEST:g}")
        self._noise = _noise(rate, level)
        self._size = frame_bytes(rate)
        self._at = 0

    def frame(self) -> bytes:
        """The next 20 ms, 16-bit mono PCM."""
        start = self._at
        self._at = (start + self._size) % len(self._noise)
        return self._noise[start : start + self._size]


@cache
def _noise(rate: int, level: float) -> bytes:
    """Made from its spectrum, so that its end runs into its beginning: whole frames, random phases of a fixed seed."""
    count = round(_SECONDS * rate)
    frequencies = np.fft.rfftfreq(count, 1.0 / rate)
    inside = (frequencies >= _BAND[0]) & (frequencies <= _BAND[1])
    amplitude = np.zeros(len(frequencies))
    amplitude[inside] = frequencies[inside] ** -_FALL
    phases = np.random.default_rng(1941).uniform(0.0, 2.0 * np.pi, len(frequencies))
    sound = np.fft.irfft(amplitude * np.exp(1j * phases), count)
    sound *= 32768.0 * 10.0 ** (level / 20.0) / np.sqrt(np.mean(sound**2))
    pcm: bytes = np.rint(sound).astype("<i2").tobytes()
    return pcm
