"""Who is let in: how many conversations and spoken calls a server carries, and when it is too busy for one more.

A caller who was let in is served to the end; whoever would be starved is refused at the door, with a reason and the
time to come back. A value machine: the server's clock and the lateness of its event loop are told to it.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from huashu.channels import metrics
from huashu.channels.limits import Limits
from huashu.channels.stream import Ending

_STEP = 0.1
"""Seconds between two looks at the event loop."""
_LOOKS = 50
"""Looks that are remembered: 5 s."""
_RARE = 3
"""Of those, how many may be later than allowed: 5 % (a single stall, such as a bot being loaded, is no load)."""


class Admission:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lags: deque[float] = deque(maxlen=_LOOKS)
        self.draining = False
        self.streams = 0
        """Conversations on open streams."""
        self.calls = 0
        """Those of them whose sound comes here."""

    def look(self, lag: float) -> None:
        """The event loop was `lag` seconds late just now: as late as every frame of a call that was due."""
        self._lags.append(lag)
        metrics.LOOP_LAG.set(self.lag)

    @property
    def lag(self) -> float:
        """Seconds that 95 % of the last five seconds were late at most; 0 before there is something to tell."""
        return sorted(self._lags)[-_RARE] if len(self._lags) >= _RARE else 0.0

    @property
    def full(self) -> str:
        """Why a new spoken call would be refused; "" when it would not."""
        return self._no_stream() or self._no_call(resuming=False)

    def stream_refusal(self) -> Ending | None:
        """How a stream ends that is not let in; None: it is."""
        return self._refusal(self._no_stream())

    def call_refusal(self, *, resuming: bool) -> Ending | None:
        """The same for an open stream that wants its sound heard. Who was in already (`resuming`) is not turned away
        because the server is late."""
        return self._refusal(self._no_call(resuming=resuming))

    def _no_stream(self) -> str:
        if self.draining:
            return "the server is stopping and takes no new conversations"
        limit = self._limits.conversations
        return f"all {limit} conversations are taken" if self.streams >= limit else ""

    def _no_call(self, *, resuming: bool) -> str:
        limits = self._limits
        if self.calls >= limits.calls:
            return f"all {limits.calls} spoken calls are taken"
        if self.lag > limits.late and not resuming:
            return f"sound is handled {1000 * self.lag:.0f} ms late (at most {1000 * limits.late:.0f})"
        return ""

    def _refusal(self, why: str) -> Ending | None:
        if not why:
            return None
        code = grpc.StatusCode.UNAVAILABLE if self.draining else grpc.StatusCode.RESOURCE_EXHAUSTED
        metrics.TURNED_AWAY.labels(code.name).inc()
        if self.draining:
            return Ending(code, why)
        again = self._limits.retry_after
        return Ending(code, f"{why}; try again in {again:g} s", retry=again)

    @contextmanager
    def stream(self) -> Iterator[None]:
        """While a stream is open."""
        self.streams += 1
        metrics.STREAMS.inc()
        try:
            yield
        finally:
            self.streams -= 1
            metrics.STREAMS.dec()

    @contextmanager
    def call(self) -> Iterator[None]:
        """While a call's sound comes here."""
        self.calls += 1
        metrics.CALLS.inc()
        try:
            yield
        finally:
            self.calls -= 1
            metrics.CALLS.dec()

    async def watch(self) -> None:
        """Look at the event loop for as long as it is not cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _STEP
            await asyncio.sleep(_STEP)
            self.look(max(0.0, loop.time() - due))
