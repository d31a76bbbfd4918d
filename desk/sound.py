"""A person's sound between the page and a call: frames of 20 ms, each behind its number (docs/handoff.md).

Order, jitter and loss are `huashu.handoff.track.SoundTrack`'s; here is the WebSocket. The line's rate is known only
once the track is on it, so the track proper is made then; until that the person is silent and hears nothing.
"""

import asyncio
import struct
from typing import Final

from starlette.websockets import WebSocket, WebSocketDisconnect

from huashu.handoff.track import SoundTrack

_NUMBER: Final = struct.Struct("<I")


class Sound:
    """A `huashu.handoff.line.Track` whose other end is a page."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._track: SoundTrack | None = None

    def take(self) -> bytes | None:
        return self._track.take() if self._track is not None else None

    def give(self, frame: bytes) -> None:
        if self._track is not None:
            self._track.give(frame)

    async def run(self, websocket: WebSocket, rate: int) -> None:
        """Carry frames both ways until the page is gone."""
        self._track = track = SoundTrack(self.name, rate)
        sending = asyncio.create_task(_send(websocket, track))
        try:
            while True:
                data = await websocket.receive_bytes()
                if len(data) > _NUMBER.size:
                    track.put(_NUMBER.unpack_from(data)[0], data[_NUMBER.size :])
        finally:
            track.close()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)


async def _send(websocket: WebSocket, track: SoundTrack) -> None:
    number = 0
    while (frame := await track.get()) is not None:
        number = (number + 1) & 0xFFFFFFFF
        try:
            await websocket.send_bytes(_NUMBER.pack(number) + frame)
        except (WebSocketDisconnect, RuntimeError, OSError):
            return
