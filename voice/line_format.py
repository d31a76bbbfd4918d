"""How a line carries sound: samples a second, the encoding of its bytes, and 20 ms of it to PCM and back."""

from huashu.core.audio import RATES, frame_bytes
from huashu.core.errors import UsageError
from huashu.voice import g711


class LineFormat:
    """Args:
    rate: 8000 or 16000 samples a second.
    encoding: of the bytes on the line; G.711 at 8000 only.

    Raises:
        UsageError: an impossible rate or encoding.
    """

    def __init__(self, rate: int, encoding: g711.Encoding) -> None:
        if rate not in RATES or (encoding != "pcm" and rate != 8000):
            raise UsageError(f"a line of {encoding} at {rate} samples a second: expected 8000, or 16000 with pcm")
        self.rate = rate
        self.silence = bytes(frame_bytes(rate))
        """20 ms of it, as PCM."""
        self._encoding = encoding

    def decode(self, frame: bytes) -> bytes:
        """20 ms of the line to PCM. Raises UsageError when they are not 20 ms."""
        pcm = g711.decode(frame, self._encoding)
        if len(pcm) != len(self.silence):
            raise UsageError(f"a frame of {len(pcm)} bytes of PCM; 20 ms are {len(self.silence)}")
        return pcm

    def encode(self, pcm: bytes) -> bytes:
        return g711.encode(pcm, self._encoding)
