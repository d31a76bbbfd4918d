"""One timer for all the calls of a process: each is looked at every 20 ms, and woken when its instant has come."""

import asyncio
from typing import Protocol

from huashu.core.audio import FRAME_SECONDS


class Turning(Protocol):
    def look(self, now: float) -> None:
        """`now`: the event loop's time in seconds. Must be quick and may not raise."""
        ...


class Wheel:
    """Turns while it has members: a process without calls has no timer."""

    def __init__(self, every: float = FRAME_SECONDS) -> None:
        self._every = every
        self._members: dict[Turning, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def join(self, member: Turning) -> None:
        self._members[member] = None
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._every, self._turn)

    def leave(self, member: Turning) -> None:
        self._members.pop(member, None)

    def _turn(self) -> None:
        self._timer = None
        if not self._members:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        for member in self._members:
            member.look(now)
        self._timer = loop.call_at(now + self._every, self._turn)
