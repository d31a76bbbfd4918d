"""A person's sound between the page and a call: numbered 20 ms frames, and a small buffer that evens out the network.

The page numbers its frames. One that is late or doubled is dropped; one that is missing leaves a gap the length of a
frame once the buffer runs dry, so that delay does not grow.
"""

import asyncio
import struct
from collections import deque
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

FRAME: Final = 0.02
"""Seconds."""
FIRST: Final = 3
"""Frames gathered before the first is played: 60 ms evens out a common Wi-Fi."""
MOST: Final = 15
"""Frames that may wait: 300 ms. Older ones go, or a stall would be a delay for the rest of the call."""
_HEADER = struct.Struct("<I")


class Jitter:
    """Frames in by number, out by the clock of whoever takes them."""

    def __init__(self, first: int = FIRST, most: int = MOST) -> None:
        self._frames: dict[int, bytes] = {}
        self._first, self._most = first, most
        self._next = 0
        self._playing = False
        self.dropped = 0
        """Late, doubled and overflowing frames."""

    def put(self, number: int, frame: bytes) -> None:
        if (self._playing and number < self._next) or number in self._frames:
            self.dropped += 1
            return
        self._frames[number] = frame
        while len(self._frames) > self._most:
            oldest = min(self._frames)
            del self._frames[oldest]
            self._next = oldest + 1
            self.dropped += 1

    def take(self) -> bytes | None:
        """The next frame, or None when there is none yet."""
        if not self._playing:
            if len(self._frames) < self._first:
                return None
            self._playing = True
            self._next = min(self._frames)
        if not self._frames:
            self._playing = False  # run dry: gather anew
            return None
        frame = self._frames.pop(self._next, None)
        self._next += 1
        return frame  # None: it was lost on the way; the one behind it has its turn next


class Sound:
    """A `huashu.handoff.line.Track` whose other end is a page."""

    def __init__(self) -> None:
        self._in = Jitter()
        self._out: deque[bytes] = deque(maxlen=MOST)
        self._number = 0
        self._ready = asyncio.Event()

    def take(self) -> bytes | None:
        return self._in.take()

    def give(self, frame: bytes) -> None:
        self._out.append(frame)
        self._ready.set()

    async def run(self, websocket: WebSocket, rate: int) -> None:
        """Carry frames both ways until the page is gone."""
        sending = asyncio.create_task(self._send(websocket))
        try:
            await self._receive(websocket, int(rate * FRAME) * 2)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)

    async def _receive(self, websocket: WebSocket, size: int) -> None:
        while True:
            data = await websocket.receive_bytes()
            if len(data) == _HEADER.size + size:  # what has another length is no frame of this call
                self._in.put(_HEADER.unpack_from(data)[0], data[_HEADER.size :])

    async def _send(self, websocket: WebSocket) -> None:
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._out:
                frame = self._out.popleft()
                self._number = (self._number + 1) & 0xFFFFFFFF
                try:
                    await websocket.send_bytes(_HEADER.pack(self._number) + frame)
                except (WebSocketDisconnect, RuntimeError, OSError):
                    return
