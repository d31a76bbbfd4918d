"""Tones that are no speech: what a frame holds as one or two steady frequencies, and the runs they make.

A window of 40 ms is taken apart (Hann, Fourier); a tone is sound whose energy lies round two peaks at most and whose
peaks stay where they are. What runs and pauses mean is huashu.voice.progress's to say. Pure: sound in, runs out.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huashu.core.audio import FRAME_SECONDS

_QUIETEST = -45.0
"""dB of full scale below which a window holds no tone: networks send them at -10 to -25 dBm0 (ITU-T E.180)."""
_PURE = 0.9
"""Share of the energy in the peaks."""
_BESIDE = 62.5
"""Hertz on either side of a peak that belong to it: half the width of the window's main lobe."""
_SECOND = 0.05
"""Share of the energy from which a second peak is a tone of its own."""
_STILL = 20.0
"""Hertz a peak may move from frame to frame within a run."""
_FULL_SCALE_DB = 20 * math.log10(32768)


@dataclass(frozen=True, slots=True)
class Tone:
    """A run of frames with the same one or two frequencies."""

    frequencies: tuple[float, ...]
    """Hertz, in order, one or two. Two that are less than about 60 Hz apart count as one between them."""
    began: float
    """Second of the line."""
    seconds: float
    """To the frame."""
    level: float
    """dB of full scale."""

    @property
    def ended(self) -> float:
        return self.began + self.seconds


class ToneRuns:
    """One line's tones.

    Args:
        rate: of the line, 8000 or 16000.
    """

    def __init__(self, rate: int = 8000) -> None:
        self._half = rate // 50
        self._points = rate * 512 // 8000
        self._bin = rate / self._points
        self._beside = round(_BESIDE / self._bin)
        self._window: NDArray[np.float32] = np.hanning(2 * self._half).astype(np.float32)
        self._before: NDArray[np.float32] = np.zeros(self._half, np.float32)
        self._was_quiet = True
        self._frames = 0
        self._begun = 0
        self._now: tuple[float, ...] = ()
        self._level = 0.0

    @property
    def running(self) -> Tone | None:
        """The tone that sounds now, as long as it is so far."""
        return self._tone() if self._now else None

    def feed(self, frame: NDArray[np.int16]) -> Tone | None:
        """The next 20 ms; the run that has just ended, if one has."""
        sound = frame.astype(np.float32)
        before, self._before = self._before, sound
        self._frames += 1
        energy = float(np.dot(sound, sound)) / len(sound)
        level = 10 * math.log10(energy) - _FULL_SCALE_DB if energy > 1.0 else -120.0
        was_quiet, self._was_quiet = self._was_quiet, level < _QUIETEST
        if self._was_quiet or was_quiet:
            return self._end()  # the first frame of a sound has silence in its window: the run begins there afterwards
        peaks = self._peaks(np.concatenate([before, sound]))
        if not peaks:
            return self._end()
        ended = None
        if not self._now or not _same(self._now, peaks):
            ended = self._end()
            self._begun, self._level = self._frames - 1, level
        self._now = peaks
        return ended

    def _end(self) -> Tone | None:
        tone = self._tone() if self._now else None
        self._now = ()
        return tone

    def _tone(self) -> Tone:
        last = self._frames - 1
        return Tone(self._now, (self._begun - 1) * FRAME_SECONDS, (last - self._begun + 1) * FRAME_SECONDS, self._level)

    def _peaks(self, sound: NDArray[np.float32]) -> tuple[float, ...]:
        """The frequencies that the window consists of, none when it is no tone."""
        spectrum = np.fft.rfft(sound * self._window, self._points)
        power = spectrum.real**2 + spectrum.imag**2
        whole = float(power.sum())
        first = int(power.argmax())
        peaks = [self._frequency(power, first)]
        share = self._take(power, first) / whole
        second = int(power.argmax())
        beside = self._frequency(power, second)
        more = self._take(power, second) / whole
        if more > _SECOND:
            peaks.append(beside)
            share += more
        return tuple(sorted(peaks)) if share >= _PURE else ()

    def _take(self, power: NDArray[np.floating[Any]], peak: int) -> float:
        """The energy round a peak, taken out."""
        part = power[max(0, peak - self._beside) : peak + self._beside + 1]
        energy = float(part.sum())
        part[:] = 0.0
        return energy

    def _frequency(self, power: NDArray[np.floating[Any]], peak: int) -> float:
        """The middle of the energy round a peak: of two tones as close as 440 and 480 Hz, whichever is just louder."""
        start = max(0, peak - self._beside)
        part = power[start : peak + self._beside + 1]
        return (start + float(np.dot(part, np.arange(len(part)))) / float(part.sum() + 1e-9)) * self._bin


def _same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _STILL for a, b in zip(one, other, strict=True))
