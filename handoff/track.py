"""A person's sound between a network that loses, delays and doubles frames and a call that takes one every 20 ms.

The person's frames carry numbers. They are put in order and played `ahead` later than they come at best, so that the
usual jitter is not heard; what is missing when its time has come is silence, what comes later than that is dropped,
and when a pause has let too much gather, the oldest is left out, so that the delay cannot grow. A stall that ran the
track dry makes it gather as much more as the stall was long, so that the next one is not heard; ten seconds without
one, and a shorter delay is tried. (The page does the same with what it is sent:
desk/web/src/sound.worklet.js.)
"""

import asyncio
from collections import deque

from huashu.core.audio import frame_bytes

AHEAD = 3
"""Frames gathered before the first is played: 60 ms."""
MOST_AHEAD = 10
"""The same after stalls: 200 ms."""
CALM = 500
"""Frames played without a stall after which one less is gathered: 10 s."""
MOST = 15
"""Frames that may gather: 300 ms. ITU-T G.114 calls more than 400 ms one way unacceptable."""
KEPT = 50
"""Frames for the person that wait for a slow network: one second."""


class SoundTrack:
    """A `huashu.handoff.line.Track` of frames that come over a network. Both sides on one event loop.

    Args:
    name: who speaks, for the record.
    rate: samples a second of the call, 8000 or 16000.
    """

    def __init__(self, name: str, rate: int, *, ahead: int = AHEAD, most: int = MOST) -> None:
        self.name = name
        self.rate = rate
        """May be set before the first frame, when only the line tells it."""
        self.muted = False
        """The person is not heard, and hears."""
        self._least = ahead
        self._ahead = ahead
        """How many are gathered now."""
        self._dry = 0
        """Frames that were wanted since there were none."""
        self._missed = -1
        """Number of the first of them."""
        self._calm = 0
        """Frames played since the last stall, or since the delay was looked at …"""
        self._spare = most
        """… and the fewest that waited meanwhile."""
        self._most = most
        self._frames: dict[int, bytes] = {}
        """By number, not played yet."""
        self._due: int | None = None
        """Number of the frame to play next; None: gathering."""
        self._out: deque[bytes] = deque(maxlen=KEPT)
        self._ready = asyncio.Event()
        self.lost = 0
        """Frames whose time came before them."""
        self.late = 0
        """Frames that came after their time, twice, or too many at once."""
        self.closed = False

    # --- the network's side -----------------------------------------------------------------------------------------

    def put(self, number: int, frame: bytes) -> None:
        """What the person said: 20 ms, by its number. Frames of another length are dropped."""
        if (
            len(frame) != frame_bytes(self.rate)
            or number in self._frames
            or (self._due is not None and number < self._due)
        ):
            self.late += 1
            return
        if self._due is None and number == self._missed and self._dry <= MOST_AHEAD:
            self._ahead = max(self._ahead, min(MOST_AHEAD, self._least + self._dry))  # no pause: it came late
        self._missed = -1
        self._frames[number] = frame
        while len(self._frames) > self._most:
            oldest = min(self._frames)
            del self._frames[oldest]
            self.late += 1
            if self._due is not None:
                self._due = max(self._due, oldest + 1)

    @property
    def waiting(self) -> int:
        """Frames that `get` has at once."""
        return len(self._out)

    async def get(self) -> bytes | None:
        """What the person is to hear next, as soon as there is any; None once the track is closed."""
        while not self._out:
            if self.closed:
                return None
            self._ready.clear()
            await self._ready.wait()
        return self._out.popleft()

    # --- the call's side --------------------------------------------------------------------------------------------

    def take(self) -> bytes | None:
        if self._due is None:
            self._dry += 1
            if len(self._frames) < self._ahead:
                return None
            self._due = min(self._frames)
        self._shorten()
        frame = self._frames.pop(self._due, None)
        if frame is None and not self._frames:
            self._missed, self._dry = self._due, 1
            self._calm, self._spare = 0, self._most
            self._due = None  # a pause, or a stall: gather anew, wherever the numbers go on
            return None
        self._due += 1
        self.lost += frame is None
        return None if self.muted else frame

    def _shorten(self) -> None:
        """After a calm time in which there was always a frame more than was needed: one less of delay."""
        self._calm += 1
        self._spare = min(self._spare, len(self._frames))
        if self._calm <= CALM or self._due is None:
            return
        if self._spare > 1 and self._ahead > self._least and self._due in self._frames:
            self._ahead -= 1
            del self._frames[self._due]
            self._due += 1
        self._calm, self._spare = 0, self._most

    def give(self, frame: bytes) -> None:
        self._out.append(frame)
        self._ready.set()

    def close(self) -> None:
        self.closed = True
        self._ready.set()
