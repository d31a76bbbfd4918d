"""From one sampling rate to another, piece by piece and without chance: soxr dithers 16-bit output with random noise,
so everything here goes through floats and is rounded, equal in every run."""

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from huashu.core.errors import EngineError


class Resampler:
    """16-bit mono PCM at `source` in, at `target` out; a pass-through when they agree."""

    def __init__(self, source: int, target: int) -> None:
        self._stream = None if source == target else soxr.ResampleStream(source, target, 1, dtype="float32")

    def feed(self, pcm: bytes, *, last: bool = False) -> bytes:
        """What is ready; with `last` the rest as well, after which the resampler is used up.

        Raises EngineError when half a sample is left over.
        """
        if len(pcm) % 2:
            raise EngineError(f"sound of {len(pcm)} bytes is not 16-bit samples", code="bad_audio")
        if self._stream is None:
            return pcm
        sound = np.frombuffer(pcm, "<i2").astype(np.float32)
        return to_pcm(np.asarray(self._stream.resample_chunk(sound, last=last)))


def resample(sound: NDArray[np.float32], source: int, target: int) -> NDArray[np.float32]:
    """A whole sound at once."""
    if source == target:
        return sound
    return np.asarray(soxr.resample(sound, source, target), np.float32)


def to_pcm(sound: NDArray[np.float32]) -> bytes:
    """Samples on the 16-bit scale (±32768), rounded and clipped."""
    pcm: bytes = np.clip(np.rint(sound), -32768, 32767).astype("<i2").tobytes()
    return pcm
