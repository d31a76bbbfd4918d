"""Sound in other files than WAV (MP3, M4A, Ogg, Opus, FLAC, WebM …), both ways, by PyAV where that is installed.

PyAV (BSD; its wheels hold FFmpeg, LGPL) comes with the extra `whisper`. Files are read from memory, are given nothing
else to open, and are read no further than they may be long.
"""

import io
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import UsageError
from huashu.voice.wav import Wav, decode

RATE: Final = 16000
"""Samples a second of what is read: all that a recogniser asks for."""
WRITTEN: Final[Mapping[str, tuple[str, str, str]]] = {
    "mp3": ("mp3", "libmp3lame", "audio/mpeg"),
    "opus": ("ogg", "libopus", "audio/ogg"),
    "flac": ("flac", "flac", "audio/flac"),
}
"""Name of a format → FFmpeg's names of its container and coding, and its media type. AAC is not among them: its files
hold no label of synthetic content."""
_KNOWN: Final = (
    (b"ID3", 0, "MP3", "mp3"), (b"\xff\xfb", 0, "MP3", "mp3"), (b"\xff\xf3", 0, "MP3", "mp3"),
    (b"\xff\xf2", 0, "MP3", "mp3"), (b"\xff\xf1", 0, "AAC", "aac"), (b"\xff\xf9", 0, "AAC", "aac"),
    (b"OggS", 0, "Ogg", "ogg"), (b"fLaC", 0, "FLAC", "flac"), (b"ftyp", 4, "MP4 (M4A)", "mp4"),
    (b"\x1aE\xdf\xa3", 0, "WebM", "matroska"), (b"#!AMR", 0, "AMR", "amr"),
)  # fmt: skip
"""First bytes, where they stand, what that is, and FFmpeg's name of it, which it is not left to guess: among its
formats are lists of addresses."""


def available() -> bool:
    return find_spec("av") is not None


def read(data: bytes, *, most: float) -> Wav:
    """The sound of a file. most: seconds; of a longer one a little more than that is read, so that it shows.

    Raises:
        UsageError: what it is cannot be read, or not without PyAV; the message says which.
    """
    known = ((name, form) for mark, place, name, form in _KNOWN if data[place : place + len(mark)] == mark)
    kind, form = next(known, ("", ""))
    if not kind:
        return _plain(data)
    if not available():
        raise UsageError(f"{kind} is read where PyAV is installed (pip install 'huashu[whisper]'); WAV always is")
    import av

    parts: list[NDArray[np.int16]] = []
    size = 0
    try:
        with av.open(io.BytesIO(data), "r", format=form, options={"protocol_whitelist": ""}) as file:
            if not file.streams.audio:
                raise UsageError(f"{kind} without sound in it")
            resampler = av.AudioResampler("s16", "mono", RATE)
            for frame in file.decode(file.streams.audio[0]):
                for made in resampler.resample(frame):
                    parts.append(made.to_ndarray().reshape(-1).astype(np.int16))
                    size += len(parts[-1])
                if size > (most + 1) * RATE:
                    break
    except (av.FFmpegError, ValueError) as error:
        if not parts:  # a file that is cut short gives what it holds
            reason = getattr(error, "strerror", "") or "damaged"
            raise UsageError(f"{kind} that cannot be read: {reason}") from None
    sound = np.concatenate(parts) if parts else np.zeros(0, np.int16)
    return Wav(sound.astype(np.float32) / np.float32(32768), RATE)


def _plain(data: bytes) -> Wav:
    try:
        return decode(data)
    except UsageError as error:
        if data[:4] == b"RIFF":
            raise
        others = ", ".join(dict.fromkeys(name for *_, name, _ in _KNOWN if name != "AAC"))
        raise UsageError(f"{error}, nor {others}") from None


def written(pcm: bytes, form: str, *, rate: int, comment: str) -> bytes:
    """16-bit mono sound as a file of one of WRITTEN, with a comment in its metadata where the format has such."""
    import av

    container, coding, _ = WRITTEN[form]
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        file.metadata["comment"] = comment
        stream: Any = file.add_stream(coding, rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.frombuffer(pcm, "<i2").reshape(1, -1), "s16", "mono")
        frame.sample_rate = rate
        resampler = av.AudioResampler(stream.format, "mono", rate, frame_size=stream.codec_context.frame_size or 0)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return out.getvalue()
