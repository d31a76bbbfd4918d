"""One gRPC stream's way out: messages waiting for the client, and how the stream ends."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import grpc

from huashu.channels import conversations_pb2 as pb

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    code: grpc.StatusCode
    details: str = ""
    retry: float = 0.0
    """Seconds after which the client may try again; 0: nothing is said of it."""


OVER = Ending(grpc.StatusCode.OK)


class Outbox:
    """Messages in order, and at last one ending. `put` never blocks, so that an edge may call it from `perform`."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: deque[pb.ServerMessage] = deque()
        self._changed = asyncio.Event()
        self.ending: Ending | None = None

    def put(self, message: pb.ServerMessage) -> None:
        """More than `most` waiting end the stream: its client does not read. What is on record is not lost."""
        if self.ending is not None:
            return
        if len(self._waiting) >= self._most:
            details = f"{self._most} messages wait to be read; resume the call"
            self.end(Ending(grpc.StatusCode.RESOURCE_EXHAUSTED, details))
            return
        self._waiting.append(message)
        self._changed.set()

    def end(self, ending: Ending) -> None:
        """After what waits now, nothing more. The first ending stands."""
        if self.ending is None:
            self.ending = ending
            self._changed.set()

    async def write_to(self, write: Callable[[pb.ServerMessage], Awaitable[None]]) -> Ending:
        """Write until the ending has come and, when it is OK, everything before it is written."""
        while True:
            while self._waiting and (self.ending is None or self.ending.code is grpc.StatusCode.OK):
                await write(self._waiting.popleft())
            if self.ending is not None:
                return self.ending
            self._changed.clear()
            await self._changed.wait()


def error_message(code: str, message: str) -> pb.ServerMessage:
    return pb.ServerMessage(error=pb.Error(code=code, message=message))


def supervise(task: "asyncio.Task[None]", outbox: Outbox, part: str) -> "asyncio.Task[None]":
    """End the stream when a task of its conversation dies of a fault: a call must not go on deaf or mute. The record
    stays, so the client may resume."""

    def ended(done: "asyncio.Task[None]") -> None:
        if done.cancelled() or (error := done.exception()) is None:
            return
        log.error("stream ends: its %s failed with %s", part, type(error).__name__)
        outbox.end(Ending(grpc.StatusCode.INTERNAL, f"the {part} of this conversation failed; resume the call"))

    task.add_done_callback(ended)
    return task
