"""G.711: the eight-bit companding of telephone lines, µ-law and A-law, by table.

The tables are computed here from the formulas of ITU-T Recommendation G.711 (11/1988): eight segments that double in
step, decoded to the middle of the step. PCM on this side is 16-bit little-endian mono, as in huashu.core.audio.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Encoding = Literal["pcm", "ulaw", "alaw"]
"""What the bytes of a line are: 16-bit PCM, or G.711 (8 kHz, one byte a sample)."""

_BIAS = 0x84  # µ-law: 33 of the 14-bit scale, times 4
_CLIP = 32635  # with the bias, the largest magnitude of 15 bits


def decode(data: bytes, encoding: Encoding) -> bytes:
    """A line's bytes to PCM."""
    match encoding:
        case "pcm":
            return data
        case "ulaw":
            return ulaw_decode(data)
        case "alaw":
            return alaw_decode(data)


def encode(pcm: bytes, encoding: Encoding) -> bytes:
    """PCM to a line's bytes. Raises ValueError on an odd number of bytes."""
    match encoding:
        case "pcm":
            return pcm
        case "ulaw":
            return ulaw_encode(pcm)
        case "alaw":
            return alaw_encode(pcm)


def ulaw_decode(data: bytes) -> bytes:
    """µ-law bytes to PCM, twice as long."""
    pcm: bytes = _ULAW_PCM[np.frombuffer(data, np.uint8)].tobytes()
    return pcm


def alaw_decode(data: bytes) -> bytes:
    """A-law bytes to PCM, twice as long."""
    pcm: bytes = _ALAW_PCM[np.frombuffer(data, np.uint8)].tobytes()
    return pcm


def ulaw_encode(pcm: bytes) -> bytes:
    """PCM to µ-law, half as long. Raises ValueError on an odd number of bytes."""
    data: bytes = _PCM_ULAW[np.frombuffer(pcm, "<u2")].tobytes()
    return data


def alaw_encode(pcm: bytes) -> bytes:
    """PCM to A-law, half as long. Raises ValueError on an odd number of bytes."""
    data: bytes = _PCM_ALAW[np.frombuffer(pcm, "<u2")].tobytes()
    return data


def _ulaw_decoding() -> NDArray[np.int16]:
    code = ~np.arange(256) & 0xFF
    magnitude = (((code & 0x0F) << 3) + _BIAS << ((code >> 4) & 7)) - _BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype("<i2")


def _alaw_decoding() -> NDArray[np.int16]:
    code = np.arange(256) ^ 0x55
    segment, step = (code >> 4) & 7, (code & 0x0F) << 4
    magnitude = np.where(segment == 0, step + 8, (step + 0x108) << np.maximum(segment - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype("<i2")


def _samples() -> NDArray[np.int32]:
    """All 16-bit samples, indexed by their unsigned reading."""
    return np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)


def _ulaw_encoding() -> NDArray[np.uint8]:
    sample = _samples()
    magnitude = np.minimum(np.abs(sample), _CLIP) + _BIAS
    segment = np.log2(magnitude).astype(np.int32) - 7
    code = np.where(sample < 0, 0x80, 0) | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F)
    return np.asarray(~code & 0xFF, np.uint8)


def _alaw_encoding() -> NDArray[np.uint8]:
    sample = _samples()
    magnitude = np.where(sample < 0, ~sample, sample) >> 4  # one's complement: the scale has no zero
    segment = np.maximum(np.log2(np.maximum(magnitude, 1)).astype(np.int32) - 3, 0)
    code = (segment << 4) | ((magnitude >> np.maximum(segment - 1, 0)) & 0x0F)
    return np.asarray((np.where(sample < 0, 0, 0x80) | code) ^ 0x55, np.uint8)


_ULAW_PCM, _ALAW_PCM = _ulaw_decoding(), _alaw_decoding()
_PCM_ULAW, _PCM_ALAW = _ulaw_encoding(), _alaw_encoding()
