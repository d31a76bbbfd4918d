"""A voice's sound on its way to the line: resampled, and cut where a word begins, so that the ledger knows the word."""

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np

from huashu.core.audio import Audio
from huashu.voice.line_cache import Chunk
from huashu.voice.resample import Resampler

INAUDIBLE = 104
"""16-bit steps: -50 dBFS."""
_LEAD = 0.1
"""Seconds of quiet before a voice's first sound that are left out: the caller waits for them (eSpeak: 0 to 0.04)."""
_EDGE = 16
"""Samples of it that stay."""


class Reading:
    """Of one piece of a line.

    Args:
        source, target: samples a second, of the voice and of the line.
        begin, end: characters of the line that have been read before the piece and behind it.
        place: character of what the voice was given → character of the piece as the line has it.
        lead: leave out the quiet before the first sound.
    """

    def __init__(
        self, source: int, target: int, *, begin: int, end: int, place: Callable[[int], int], lead: bool = False
    ) -> None:
        self._resampler = Resampler(source, target)
        self._source, self._target = source, target
        self._begin, self._end, self._place = begin, end, place
        self._lead = round(_LEAD * target) if lead else 0
        self._in = self._out = 0
        """Samples taken and given; those left out count as given."""
        self._cuts: deque[tuple[int, int]] = deque()
        """(sample at which a word begins, characters read until there)."""
        self._last = begin

    def feed(self, audio: Audio) -> Iterator[Chunk]:
        for timing in audio.timings:
            if timing.kind == "word" and not timing.estimated:
                at = round((self._in / self._source + timing.at) * self._target)
                upto = min(self._end, self._begin + self._place(timing.start))
                if upto > self._last:
                    self._cuts.append((at, upto))
                    self._last = upto
        self._in += len(audio.pcm) // 2
        return self._cut(self._resampler.feed(audio.pcm))

    def finish(self) -> Iterator[Chunk]:
        return self._cut(self._resampler.feed(b"", last=True))

    def _cut(self, pcm: bytes) -> Iterator[Chunk]:
        if self._lead:
            whole = len(pcm)
            pcm, self._lead = _without_lead(pcm, self._lead)
            self._out += (whole - len(pcm)) // 2
        while self._cuts and self._cuts[0][0] < self._out + len(pcm) // 2:
            at, upto = self._cuts.popleft()
            size = 2 * max(0, at - self._out)
            if size:
                yield Chunk(pcm[:size], upto)
                pcm = pcm[size:]
                self._out += size // 2
        if pcm:
            self._out += len(pcm) // 2
            yield Chunk(pcm, self._cuts[0][1] if self._cuts else self._end)


def _without_lead(pcm: bytes, most: int) -> tuple[bytes, int]:
    """Sound without the quiet it begins with, at most so many samples of it; and how many more may still go."""
    samples = np.frombuffer(pcm, "<i2").astype(np.int32)
    loud = np.flatnonzero(np.abs(samples) > INAUDIBLE)
    if not len(loud):
        gone = min(most, len(samples))
        return pcm[2 * gone :], most - gone
    return pcm[2 * min(most, max(0, int(loud[0]) - _EDGE)) :], 0


def quiet_end(chunks: list[Chunk]) -> int:
    """Samples of quiet at the end of sound."""
    quiet = 0
    for chunk in reversed(chunks):
        samples = np.frombuffer(chunk.pcm, "<i2").astype(np.int32)
        loud = np.flatnonzero(np.abs(samples) > INAUDIBLE)
        if len(loud):
            return quiet + len(samples) - 1 - int(loud[-1])
        quiet += len(samples)
    return quiet
