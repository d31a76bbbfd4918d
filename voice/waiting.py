"""What a caller hears who waits for a person: two soft notes every few seconds, so that the line is not taken for dead.

Our own, so that no licence and no fee comes with it; an operator may give a recording instead.
"""

from functools import cache
from pathlib import Path

import numpy as np

from huashu.core.audio import frame_bytes
from huashu.core.errors import UsageError
from huashu.voice.resample import resample, to_pcm
from huashu.voice.wav import decode

_NOTES = (523.25, 659.26)
"""Hz, c and e: in the telephone band, clear of what networks signal with (350 to 480 Hz; 950 Hz and up)."""
_NOTE_SECONDS = 0.9
_EVERY = 5.0
_LEVEL = 0.05
"""Of full scale, -26 dB: under a voice."""
_FADE = 0.35
"""Seconds in which a note dies away to a third."""
LONGEST = 600.0
"""Seconds of a recording."""


class WaitingSound:
    """Frames without end; one object a call.

    recording: a WAV to play instead, over and over. Raises UsageError when it cannot be read or is too long.
    """

    def __init__(self, rate: int, recording: Path | None = None) -> None:
        self._sound = _sound(rate, recording)
        self._size = frame_bytes(rate)
        self._at = 0

    def frame(self) -> bytes:
        """The next 20 ms, 16-bit mono PCM."""
        start = self._at
        self._at = (start + self._size) % len(self._sound)
        return self._sound[start : start + self._size]

    def rewind(self) -> None:
        """Somebody was there: the next time begins at the beginning."""
        self._at = 0


@cache
def _sound(rate: int, recording: Path | None) -> bytes:
    """The same for every call: made, or read and resampled, once."""
    return _recorded(recording, rate) if recording is not None else _chime(rate)


def _chime(rate: int) -> bytes:
    seconds = np.arange(round(_NOTE_SECONDS * rate)) / rate
    shape = np.minimum(1.0, seconds / 0.01) * np.exp(-seconds / _FADE)
    shape *= np.minimum(1.0, (_NOTE_SECONDS - seconds) / 0.05)
    sound = np.zeros(round(_EVERY * rate))
    for number, note in enumerate(_NOTES):
        start = round(number * 0.45 * rate)
        sound[start : start + len(seconds)] += np.sin(2 * np.pi * note * seconds) * shape
    pcm: bytes = np.rint(sound * _LEVEL * 32767).astype("<i2").tobytes()
    return pcm


def _recorded(path: Path, rate: int) -> bytes:
    try:
        wav = decode(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; expected a WAV file") from None
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None
    if not 0 < wav.seconds <= LONGEST:
        raise UsageError(f"{path}: {wav.seconds:.0f} s; the sound of waiting has up to {LONGEST:.0f} s")
    pcm = to_pcm(resample(wav.sound, wav.rate, rate) * 32767)
    return pcm + bytes(-len(pcm) % frame_bytes(rate))
