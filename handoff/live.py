"""One live conversation as the service holds it: its line, what has been said, and what goes to it, in order."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping

from huashu.core.errors import HuashuError, UsageError
from huashu.core.events import EdgeEvent, Started
from huashu.core.values import Scalar
from huashu.handoff.asides import Asides
from huashu.handoff.line import Line, Track
from huashu.handoff.packet import Stages
from huashu.handoff.rules import Watch
from huashu.handoff.transcript import Transcript
from huashu.handoff.views import Reason
from huashu.runtime.faults import where

logger = logging.getLogger(__name__)


class Live:
    def __init__(self, line: Line, language: str) -> None:
        self.line = line
        self.transcript = Transcript(line.call, language)
        self.stages = Stages()
        self.asides = Asides()
        self.watch: Watch | None = None
        """While a person has it."""
        self.tracks: dict[str, Track] = {}
        """By person."""
        self.queue = ""
        """In which it is, or was last."""
        self.served: dict[str, None] = {}
        """Who has had it, in order."""
        self.reason: Reason = "requested"
        """Why a person was wanted last."""
        self.struck: set[str] = set()
        """Demands that have taken it from the bot: what does not change strikes once."""
        self.disposition = ""
        self.rating = ""
        """What the caller has answered to how it was (views.Ticket)."""
        self.closing = ""
        """The agent who still has to say how it went, when it is over."""
        self.stop: Callable[[], None] = _nothing
        """Ends the watching of the line."""
        self._waiting: deque[tuple[EdgeEvent, asyncio.Future[None]]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def call(self) -> str:
        return self.line.call

    @property
    def known(self) -> Mapping[str, Scalar]:
        """What the bot knows, and what agents have put right."""
        return {**self.line.slots, **self.stages.filled}

    @property
    def number(self) -> str:
        """The other party's."""
        return other_party(self.line.started)

    def post(self, event: EdgeEvent) -> "asyncio.Future[None]":
        """Give the conversation an event, behind those given before. The future is done when it has been handled."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        future.add_done_callback(_looked_at)
        self._waiting.append((event, future))
        if self._task is None:
            self._task = loop.create_task(self._run())
        return future

    @property
    def busy(self) -> bool:
        """Events are being handled, or wait."""
        return self._task is not None

    async def settled(self) -> None:
        """Until what has been given so far has been handled."""
        if self._task is not None:
            await asyncio.shield(self._task)

    async def _run(self) -> None:
        while self._waiting:
            event, future = self._waiting.popleft()
            error: HuashuError | None = None
            try:
                await self.line.receive(event)
            except HuashuError as refused:
                error = refused
            except Exception as found:  # the outermost loop of this line: one event that fails must not end the others
                logger.error("call %s: its line failed on %s with %s", self.call, type(event).__name__, where(found))
                error = UsageError(f"the line of call {self.call} failed")
            if future.done():
                continue
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)
        self._task = None


def other_party(started: Started) -> str:
    """The number that is not the bot's."""
    return started.caller if started.direction == "inbound" else started.callee


def _nothing() -> None:
    pass


def _looked_at(future: "asyncio.Future[None]") -> None:
    """Nobody need wait for it."""
    if not future.cancelled():
        future.exception()
