"""How the far side's sound arrives: is there any, how loud, how clipped. Numbers, never content.

Taken a second at a time, which costs a call next to nothing. Levels are root mean square in dB of full scale, a square
wave of full scale being 0 (a sine -3).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Fault = Literal["one_way", "dead", "clipped", "quiet", "loud"]

_NOTHING = -70.0
"""dBFS a frame stays under when no sound comes: G.711's smallest step is -72, quiet rooms are at -60."""
_LOUDEST = 32000
"""Steps from which a sample counts as clipped; G.711's largest are 32124 (µ-law) and 32256 (A-law)."""
_TALK = 12.0
"""dB over the line's quietest tenth from which a frame is talk."""


@dataclass(frozen=True, slots=True)
class HealthLimits:
    one_way: float = 10.0
    """Seconds since the answer without any sound at all."""
    dead: float = 20.0
    """Seconds without any sound after there had been some. Networks that send nothing while nobody speaks are no
    fault."""
    clipped: float = 0.01
    """Share of the samples of talk."""
    quiet: float = -42.0
    """dBFS of talk under which recognisers suffer; speech on telephones is at -20 to -30 (ITU-T P.56)."""
    loud: float = -9.0


USUAL = HealthLimits()


@dataclass(frozen=True, slots=True)
class Health:
    """Of the caller's side of a call, since the answer."""

    seconds: float
    nothing: float
    """Seconds in which there was no sound at all, not even a line's noise."""
    nothing_at_the_end: float
    talk: float | None
    """dBFS of what is louder than the noise; None when nothing is."""
    noise: float | None
    """dBFS of the quietest tenth; None when there was no sound."""
    clipped: float
    """Share of the samples of talk at the end of the scale, 0 to 1."""
    faults: tuple[Fault, ...]


class LineHealth:
    """Args:
    limits: from which a number is a fault.
    """

    def __init__(self, limits: HealthLimits = USUAL) -> None:
        self._limits = limits
        self._waiting: list[NDArray[np.int16]] = []
        self._histogram = np.zeros(128, np.int64)
        """Frames by level: -n dBFS at n."""
        self._frames = 0
        self._since = 0
        """Frames since the last sound."""
        self._clipped = 0
        self._samples = 0

    def add(self, frame: NDArray[np.int16]) -> None:
        """The next 20 ms."""
        self._waiting.append(frame)
        if len(self._waiting) >= 50:
            self._count()

    def begin(self) -> None:
        """The call is answered: what came before does not count."""
        self._waiting.clear()
        self._histogram[:] = 0
        self._frames = self._since = self._clipped = self._samples = 0

    def fault(self) -> Fault | None:
        """Whether nothing comes, now: the one fault that can be told while the call goes on."""
        if self._since < 50 * (self._limits.one_way if self._since == self._frames else self._limits.dead):
            return None
        return "one_way" if self._since == self._frames else "dead"

    def report(self) -> Health:
        """Of all that has come so far."""
        self._count()
        heard = self._histogram[: int(-_NOTHING)]
        sounding = int(heard.sum())
        nothing = (self._frames - sounding) / 50
        noise = talk = None
        if sounding:
            levels = np.flatnonzero(heard)
            quietest = np.flatnonzero(np.cumsum(heard[::-1]) >= sounding / 10)[0]
            noise = -float(len(heard) - 1 - quietest)
            louder = levels[levels <= -(noise + _TALK)]
            if len(louder):
                energy = np.sum(heard[louder] * 10 ** (-louder / 10)) / heard[louder].sum()
                talk = round(float(10 * np.log10(energy)), 1)
        clipped = self._clipped / self._samples if self._samples else 0.0
        faults = self._faults(talk, clipped)
        return Health(self._frames / 50, nothing, self._since / 50, talk, noise, round(clipped, 4), faults)

    def _faults(self, talk: float | None, clipped: float) -> tuple[Fault, ...]:
        limits = self._limits
        faults: list[Fault] = []
        nothing = self.fault()
        if nothing is not None:
            faults.append(nothing)
        if clipped >= limits.clipped:
            faults.append("clipped")
        if talk is not None and talk <= limits.quiet:
            faults.append("quiet")
        if talk is not None and talk >= limits.loud:
            faults.append("loud")
        return tuple(faults)

    def _count(self) -> None:
        if not self._waiting:
            return
        sound = np.stack(self._waiting).astype(np.float32)
        self._waiting.clear()
        energy = np.einsum("ij,ij->i", sound, sound) / (sound.shape[1] * 32768.0**2)
        levels = np.minimum(127, np.round(-10 * np.log10(energy + 1e-12))).astype(np.int64)
        levels = np.maximum(levels, 0)
        self._histogram += np.bincount(levels, minlength=128)[:128]
        self._frames += len(levels)
        sounds = np.flatnonzero(levels < -_NOTHING)
        self._since = len(levels) - 1 - int(sounds[-1]) if len(sounds) else self._since + len(levels)
        loud = sound[levels < 40]
        self._samples += loud.size
        self._clipped += int(np.count_nonzero(np.abs(loud) >= _LOUDEST))
