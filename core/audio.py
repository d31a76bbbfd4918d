"""One piece of sound: 16-bit signed little-endian mono PCM. Rooms above turn it into arrays; here it is bytes."""

from dataclasses import dataclass

FRAME_SECONDS = 0.020
"""The length of a frame on every line (RFC 3551's usual packet time)."""
RATES = (8000, 16000)


@dataclass(frozen=True, slots=True)
class Audio:
    pcm: bytes
    rate: int
    """Samples a second."""

    @property
    def seconds(self) -> float:
        return len(self.pcm) / (2 * self.rate)


def frame_bytes(rate: int) -> int:
    """Bytes of one 20 ms frame at `rate`: 320 at 8 kHz, 640 at 16 kHz."""
    return int(rate * FRAME_SECONDS) * 2
