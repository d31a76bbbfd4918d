"""The sound of one utterance as it comes in: whole samples, no longer than an engine reads, spoken or quiet."""

import numpy as np

from huashu.core.errors import LimitError, UsageError

QUIET = 40.0
"""Loudness (root mean square of 20 ms, 16-bit steps; -58 dBFS) that no 20 ms of an utterance reaches: nobody spoke."""


class Utterance:
    """16-bit mono sound, grown by `add` until it is `closed`."""

    __slots__ = ("_closed", "_longest", "_rate", "_seconds", "pcm")

    def __init__(self, rate: int, longest: float) -> None:
        """rate: samples a second. longest: seconds."""
        self.pcm = bytearray()
        self._rate = rate
        self._longest = longest
        self._seconds = 0.0
        self._closed = False

    @property
    def seconds(self) -> float:
        return self._seconds

    def add(self, pcm: bytes, *, keep: bool = True) -> None:
        """keep: the sound is wanted again; else it is only counted.

        Raises:
            LimitError: longer than may be; what came before is still there.
            UsageError: the stream is used up, or a sample is cut in half.
        """
        self.check_open()
        if len(pcm) % 2:
            raise UsageError(f"16-bit sound has an even number of bytes, not {len(pcm)}")
        seconds = self._seconds + len(pcm) / (2 * self._rate)
        if seconds > self._longest:
            raise LimitError(f"an utterance is at most {self._longest:g} s long")
        self._seconds = seconds
        if keep:
            self.pcm += pcm

    def close(self) -> None:
        """Nothing more is to come. Raises UsageError when that has been said before."""
        self.check_open()
        self._closed = True

    def check_open(self) -> None:
        if self._closed:
            raise UsageError("the stream is used up: start another for the next utterance")

    def spoken(self) -> bool:
        """Some 20 ms of it are louder than QUIET."""
        frame = self._rate // 50
        sound = np.frombuffer(bytes(self.pcm), np.int16).astype(np.float32)
        frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
        return len(frames) > 0 and float(np.sqrt(np.mean(frames**2, axis=1)).max()) >= QUIET
