"""One gRPC stream's way out: messages waiting for the client, and how the stream ends."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import grpc
from google.protobuf.message import DecodeError

from huashu.channels import conversations_pb2 as pb

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    code: grpc.StatusCode
    details: str = ""
    retry: float = 0.0
    """Seconds after which the client may try again; 0: nothing is said of it."""


OVER = Ending(grpc.StatusCode.OK)


Sent = TypeVar("Sent")
"""Type of the messages of a stream."""


class Messages(Generic[Sent]):
    """Messages in order, and at last one ending. `put` never blocks, so that an edge may call it from `perform`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: deque[Any] = deque()
        self._count = 0
        """Messages and frames in it."""
        self._changed = asyncio.Event()
        self.ending: Ending | None = None

    def put(self, message: Sent) -> None:
        """More than `most` waiting end the stream: its client does not read. What is on record is not lost."""
        if self._room():
            self._waiting.append(message)
            self._changed.set()

    def end(self, ending: Ending) -> None:
        """After what waits now, nothing more. The first ending stands."""
        if self.ending is None:
            self.ending = ending
            self._changed.set()

    async def write_to(self, write: Callable[[Sent], Awaitable[None]]) -> Ending:
        """Write until the ending has come and, when it is OK, everything before it is written."""
        while True:
            while self._waiting and (self.ending is None or self.ending.code is grpc.StatusCode.OK):
                await write(self._next())
            if self.ending is not None:
                return self.ending
            self._changed.clear()
            await self._changed.wait()

    def _room(self) -> bool:
        if self.ending is not None:
            return False
        if self._count >= self._most:
            details = f"{self._most} messages wait to be read; resume the call"
            self.end(Ending(grpc.StatusCode.RESOURCE_EXHAUSTED, details))
            return False
        self._count += 1
        return True

    def _next(self) -> Sent:
        self._count -= 1
        message: Sent = self._waiting.popleft()
        return message


_TOGETHER = 10
"""Frames of sound that wait are sent in one message, at most so many: who falls behind catches up with less work."""


class _Sound:
    """Frames on their way, not yet a message."""

    __slots__ = ("at", "data", "frames", "next")

    def __init__(self, data: bytes, at: int | None, samples: int) -> None:
        self.data = data
        self.frames = 1
        self.at = at
        self.next = None if at is None else at + samples

    def follows(self, at: int | None) -> bool:
        """Whether a frame at that place can be put behind this one."""
        return self.frames < _TOGETHER and at == self.next


class Outbox(Messages[pb.ServerMessage]):
    """Those of a conversation: actions, and the bot's sound."""

    def put_sound(self, frame: bytes, at: int | None = None, samples: int = 0) -> None:
        """20 ms of the bot, under the same bound. `at`: where its first of so many `samples` stands in the call, for
        clients that are not sent every frame."""
        if not self._room():
            return
        last = self._waiting[-1] if self._waiting else None
        if isinstance(last, _Sound) and last.follows(at):
            last.data += frame
            last.frames += 1
            last.next = None if at is None else at + samples
        else:
            self._waiting.append(_Sound(frame, at, samples))
        self._changed.set()

    def _next(self) -> pb.ServerMessage:
        if not isinstance(self._waiting[0], _Sound):
            return super()._next()
        sound = self._waiting.popleft()
        self._count -= sound.frames
        return pb.ServerMessage(audio=pb.Audio(data=sound.data, at=sound.at))


HEARD_OUT = 0.5
"""Seconds a stream that is refused may go on sending; what it sends is dropped."""


async def hear_out(requests: AsyncIterator[Any]) -> None:
    """Before a stream is refused: grpc.aio's clients take a write that fails for an error of their own, and may then
    not see why they were refused."""
    with suppress(TimeoutError, DecodeError):
        async with asyncio.timeout(HEARD_OUT):
            async for _ in requests:
                pass


def error_message(code: str, message: str) -> pb.ServerMessage:
    return pb.ServerMessage(error=pb.Error(code=code, message=message))


def supervise(task: "asyncio.Task[None]", outbox: "Messages[Sent]", part: str) -> "asyncio.Task[None]":
    """End the stream when a task of its conversation dies of a fault: a call must not go on deaf or mute. The record
    stays, so the client may resume."""

    def ended(done: "asyncio.Task[None]") -> None:
        if done.cancelled() or (error := done.exception()) is None:
            return
        log.error("stream ends: its %s failed with %s", part, type(error).__name__)
        outbox.end(Ending(grpc.StatusCode.INTERNAL, f"the {part} of this conversation failed; resume the call"))

    task.add_done_callback(ended)
    return task
