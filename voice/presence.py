"""Sound of an open turn that the detector does not call voice: the soft end of a word, the first moments of the next.

Measured on labelled speech at 8 kHz, Silero lets go up to 0.28 s before a phrase has died away and takes up to 0.3 s to
be sure of the next one, so a pause of 0.9 s looks like one of 1.4. Level alone sees both ends, but not whether they are
a voice: what it says only lengthens a silence by a bounded time (huashu.voice.turns).
"""

import math

from huashu.voice.vad import NoiseFloor

_UNDER = 38.0
"""dB under the turn's loudest frame that still belong to a word: 30 under the mean level of speech."""
_OVER = 8.0
"""dB over the line's own noise."""
_LEAST = -56.0
"""dBFS; quieter sound is the line's."""
_DECAY = 0.02
"""dB a frame by which the loudest moment is forgotten: 1 dB a second."""


class Presence:
    """Of one line."""

    def __init__(self) -> None:
        self._floor = NoiseFloor(3.0)
        self._loudest = -math.inf

    def begin(self) -> None:
        """A turn has opened."""
        self._loudest = -math.inf

    def feed(self, level: float, *, voice: bool) -> bool:
        """The next frame's level in dBFS, and whether the detector calls it voice; whether there is sound."""
        floor = self._floor.follow(level)
        self._loudest -= _DECAY
        if voice and level > self._loudest:
            self._loudest = level
        return voice or level > max(self._loudest - _UNDER, floor + _OVER, _LEAST)
