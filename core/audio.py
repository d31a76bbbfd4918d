"""One piece of sound: 16-bit signed little-endian mono PCM. Rooms above turn it into arrays; here it is bytes."""

from dataclasses import dataclass
from typing import Literal

FRAME_SECONDS = 0.020
"""The length of a frame on every line (RFC 3551's usual packet time)."""
RATES = (8000, 16000)


@dataclass(frozen=True, slots=True)
class Timing:
    """Where in the sound of a voice a word or a speech sound begins."""

    at: float
    """Seconds from the beginning of the piece of sound that it comes with; it may lie in pieces to come."""
    kind: Literal["word", "phone"]
    value: str
    """The word as it is written, or the sound in IPA; "" for a pause."""
    start: int = -1
    """Of a word: its first character in the text that was given to the voice."""
    estimated: bool = False
    """Told by the length of the text, not by the engine."""


@dataclass(frozen=True, slots=True)
class Audio:
    pcm: bytes
    rate: int
    """Samples a second."""
    timings: tuple[Timing, ...] = ()
    """What begins here, in order; empty where the engine does not tell."""

    @property
    def seconds(self) -> float:
        return len(self.pcm) / (2 * self.rate)


def frame_bytes(rate: int) -> int:
    """Bytes of one 20 ms frame at `rate`: 320 at 8 kHz, 640 at 16 kHz."""
    return int(rate * FRAME_SECONDS) * 2
