"""The loudness of what is played: turned down while somebody may be speaking, and up again."""

import numpy as np

DUCKED = 12.0
"""dB: a quarter of the amplitude. Callers hear that they are heard, and what is said is still understood."""


class Fader:
    """Changes within one frame, so that nothing clicks."""

    def __init__(self) -> None:
        self._now = self._wanted = 1.0

    @property
    def down(self) -> bool:
        return self._wanted < 1.0

    def duck(self) -> None:
        self._wanted = 10 ** (-DUCKED / 20)

    def restore(self) -> None:
        self._wanted = 1.0

    def apply(self, pcm: bytes) -> bytes:
        """16-bit mono PCM, louder or softer from its beginning to its end."""
        if self._now == self._wanted == 1.0:
            return pcm
        samples = np.frombuffer(pcm, "<i2")
        gain = np.linspace(self._now, self._wanted, len(samples))
        self._now = self._wanted
        return (samples * gain).astype("<i2").tobytes()
