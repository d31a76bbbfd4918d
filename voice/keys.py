"""The keys of one line, each told once, whichever way it comes: as a tone in the sound, as an RTP event, or both.

A gateway that turns tones into telephone events often lets the first moments of the tone through, so that a detector
reads the key a second time. Who sends events sends all keys so: from the first one on the sound is no longer asked, and
a tone that was read just before it was that same key. Pure: sound and packets in, keys out, no clock but the frames.
"""

import numpy as np
from numpy.typing import NDArray

from huashu.voice.dtmf import DtmfDetector
from huashu.voice.telephone_event import TelephoneEvents

_SAME_KEY = 50
"""Frames, 1 s, within which the first telephone event tells of the key that had been read from the sound: gateways send
the event 20 to 60 ms after the tone has begun, networks delay both alike."""


_OVERDUE = 25
"""Frames, 0.5 s, that may be missing in the middle of a key: longer, and what follows is another one. A network that
stalls gives its sound late and whole, and most stalls of a connection that goes on are shorter."""


class LineKeys:
    """Args:
    rate: of the line, 8000 or 16000.
    tones: whether keys may come as tones in the sound.
    """

    def __init__(self, rate: int, *, tones: bool) -> None:
        self._tones = DtmfDetector(rate) if tones else None
        self._events: TelephoneEvents | None = None
        self._frame = 0
        self._missing = 0
        self._read: list[tuple[int, str]] = []
        """Frame and key of what the sound told lately."""

    def sound(self, frame: NDArray[np.int16], *, missing: bool = False) -> str:
        """The next 20 ms; the keys in them, mostly none. missing: silence in place of sound that has not come, which
        does not end a key."""
        self._frame += 1
        self._missing = self._missing + 1 if missing else 0
        if self._tones is None or 0 < self._missing <= _OVERDUE:
            return ""
        found = self._tones.feed(frame)
        if found:
            recent = [(at, key) for at, key in self._read if self._frame - at < _SAME_KEY]
            self._read = recent + [(self._frame, key) for key in found]
        return found

    def packet(self, payload: bytes, timestamp: int) -> str:
        """A telephone event (huashu.voice.telephone_event); the key that it is the first to tell of, else ""."""
        if self._events is None:
            self._events = TelephoneEvents()
        keys = self._events.feed(payload, timestamp)
        if not keys or self._tones is None:
            return keys
        self._tones = None
        already = [key for at, key in self._read if self._frame - at < _SAME_KEY]
        return keys[1:] if keys[0] in already else keys
