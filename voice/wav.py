"""WAV files as they come from telephony: PCM of 8 to 32 bits, floats, G.711; and the header of those we write.

Read by chunk (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0", 1991): the standard
library's reader refuses G.711 and floats, which is what recordings of call centres are often made of.
"""

import json
import os
import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import UsageError
from huashu.voice import g711

_PCM, _EXTENSIBLE = 1, 0xFFFE
"""Format tags of the registry in RFC 2361; 3 is IEEE float, 6 A-law, 7 µ-law."""
_SHORTEST_RATE, _HIGHEST_RATE = 4000, 192_000

Sound = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Wav:
    sound: Sound
    """Mono, -1 to 1; channels are averaged."""
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.sound) / self.rate


def decode(data: bytes) -> Wav:
    """The sound of a WAV file. A file that is cut short gives what it holds: recordings of a crashed writer do.

    Raises:
        UsageError: no WAV file, or of a coding that is not read; the message says which.
    """
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise UsageError("no WAV file (it does not begin with RIFF … WAVE)")
    form: tuple[int, int, int, int] | None = None
    place = 12
    while place + 8 <= len(data):
        name, size = data[place : place + 4], struct.unpack_from("<I", data, place + 4)[0]
        body = data[place + 8 : place + 8 + size]
        if name == b"fmt ":
            form = _form(body)
        elif name == b"data":
            if form is None:
                raise UsageError("a WAV file whose sound comes before its format")
            if not size and not _chunk(data, place + 8):
                body = data[place + 8 :]  # its writer never came to filling in how much there is
            return _sound(body, *form)
        place += 8 + size + size % 2
    raise UsageError("a WAV file without sound (no `data` chunk)")


def _chunk(data: bytes, place: int) -> bool:
    """Whether a whole chunk begins there, or nothing does."""
    if place + 8 > len(data):
        return True
    size = int(struct.unpack_from("<I", data, place + 4)[0])
    return data[place : place + 4].isascii() and data[place : place + 4].isalnum() and place + 8 + size <= len(data)


def _form(body: bytes) -> tuple[int, int, int, int]:
    """Coding, channels, samples a second, bits."""
    if len(body) < 16:
        raise UsageError("a WAV file whose format cannot be read (`fmt ` is too short)")
    coding, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
    if coding == _EXTENSIBLE and len(body) >= 26:
        coding = struct.unpack_from("<H", body, 24)[0]
    if not 1 <= channels <= 32 or not _SHORTEST_RATE <= rate <= _HIGHEST_RATE:
        raise UsageError(f"a WAV file of {channels} channels at {rate} samples a second is not read")
    return coding, channels, rate, bits


def _sound(body: bytes, coding: int, channels: int, rate: int, bits: int) -> Wav:
    width = bits // 8 * channels
    body = body[: len(body) // width * width] if width else b""
    sound: Sound
    match coding, bits:
        case (1, 8):
            sound = (np.frombuffer(body, np.uint8).astype(np.float32) - 128.0) / 128.0
        case (1, 24):
            whole = np.zeros((len(body) // 3, 4), np.uint8)
            whole[:, 1:] = np.frombuffer(body, np.uint8).reshape(-1, 3)
            sound = whole.view("<i4")[:, 0].astype(np.float32) / 2.0**31
        case (1, 16 | 32):
            sound = np.frombuffer(body, f"<i{bits // 8}").astype(np.float32) / np.float32(2.0 ** (bits - 1))
        case (3, 32 | 64):
            sound = np.nan_to_num(np.frombuffer(body, f"<f{bits // 8}").astype(np.float32))
        case (6, 8):
            sound = np.frombuffer(g711.alaw_decode(body), "<i2").astype(np.float32) / np.float32(32768)
        case (7, 8):
            sound = np.frombuffer(g711.ulaw_decode(body), "<i2").astype(np.float32) / np.float32(32768)
        case _:
            raise UsageError(
                f"a WAV file of coding {coding} with {bits} bits is not read; PCM, floats, µ-law and A-law are"
            )
    if channels > 1:
        sound = sound.reshape(-1, channels).mean(axis=1)
    return Wav(sound, rate)


def header(size: int, *, rate: int, channels: int = 1, comment: str = "") -> bytes:
    """What stands before `size` bytes of 16-bit PCM. comment: text of the file's INFO list, such as an `ai_label`."""
    info = _info(comment)
    return struct.pack(
        "<4sI4s4sIHHIIHH",
        b"RIFF", 36 + len(info) + size, b"WAVE",
        b"fmt ", 16, _PCM, channels, rate, rate * channels * 2, channels * 2, 16,
    ) + info + struct.pack("<4sI", b"data", size)  # fmt: skip


def ai_label(number: str, *, provider: str = "") -> str:
    """The implicit label of a file with a synthetic voice in it, for `header`.

    《人工智能生成合成内容标识办法》 (1 September 2025), article 5, wants in the metadata that the content is synthetic,
    who provides the service, and a number of the content; the fields are those of GB 45438-2025.

    number: of the content, such as a call's id. provider: name or code; default: HUASHU_PROVIDER, or "huashu".
    """
    provider = provider or os.environ.get("HUASHU_PROVIDER", "huashu")
    return json.dumps({"AIGC": {"Label": "1", "ContentProducer": provider, "ProduceID": number}}, ensure_ascii=False)


def comment_of(data: bytes) -> str:
    """The comment in a WAV file's INFO list; "" when there is none."""
    place = data.find(b"LIST", 12)
    if place < 0 or data[place + 8 : place + 16] != b"INFOICMT":
        return ""
    size = int(struct.unpack_from("<I", data, place + 16)[0])
    return data[place + 20 : place + 20 + size].rstrip(b"\0").decode("utf-8", "replace")


def _info(comment: str) -> bytes:
    if not comment:
        return b""
    text = comment.encode() + b"\0"
    text += b"\0" * (len(text) % 2)
    return struct.pack("<4sI4s4sI", b"LIST", 12 + len(text), b"INFO", b"ICMT", len(text)) + text
