"""The one timer of a conversation on an event loop."""

import asyncio
from collections.abc import Callable


class Alarm:
    """Rings once after a time that is moved often, mostly later: every turn moves it.

    A later instant leaves the loop's timer alone; when that fires too early it is set again for the rest. So a
    conversation that goes on costs the loop no timers.
    """

    __slots__ = ("_at", "_handle", "_ring")

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._at: float | None = None
        self._handle: asyncio.TimerHandle | None = None

    def set(self, seconds: float | None) -> None:
        """Ring in so many seconds from now (0 or less: as soon as possible); None: not at all."""
        if seconds is None:
            self._at = None
            if self._handle is not None:
                self._handle.cancel()
                self._handle = None
            return
        loop = asyncio.get_running_loop()
        self._at = loop.time() + max(0.0, seconds)
        if self._handle is not None:
            if self._handle.when() <= self._at:
                return
            self._handle.cancel()
        self._handle = loop.call_at(self._at, self._fire)

    def _fire(self) -> None:
        self._handle = None
        if self._at is None:
            return
        loop = asyncio.get_running_loop()
        if loop.time() < self._at:
            self._handle = loop.call_at(self._at, self._fire)
            return
        self._at = None
        self._ring()
