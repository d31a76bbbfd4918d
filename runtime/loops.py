"""Connections belong to the event loop that opened them, and a backend serves several loops."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class PerLoop(Generic[T]):
    """One of something for each event loop that asks for it, until the loop is closed."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        # not weak: a connection holds its loop, so no entry would ever go by itself
        self._made: dict[asyncio.AbstractEventLoop, T] = {}

    def get(self) -> T:
        """The running loop's own, made now if it has none."""
        loop = asyncio.get_running_loop()
        if loop not in self._made:
            for other in list(self._made):  # other threads may add theirs meanwhile
                if other.is_closed():
                    self._made.pop(other, None)
            self._made[loop] = self._make()
        return self._made[loop]

    def forget(self) -> None:
        """Have the running loop get a new one next time."""
        self._made.pop(asyncio.get_running_loop(), None)
