"""The asyncio shell around one conversation: events in order, turns committed, actions performed, one timer.

Everything that decides is in `Turns` and below it; here are only the clock, the lock and the tasks.
"""

import asyncio
import dataclasses
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from huashu.core.actions import Action, Disposition, RunAction, Stop, Turn
from huashu.core.errors import LimitError, StoreError, UsageError
from huashu.core.events import EdgeEvent, Event, Resumed, Started, Ticked, Understood
from huashu.core.expect import Expectation
from huashu.core.ids import new_call_id
from huashu.core.values import Values
from huashu.runtime import metrics
from huashu.runtime.alarm import Alarm
from huashu.runtime.bot import Bot
from huashu.runtime.faults import where
from huashu.runtime.replay import replayed
from huashu.runtime.resume import outstanding
from huashu.runtime.salvage import Salvage
from huashu.runtime.turn import Observer, Question, Turns
from huashu.runtime.work import Work, report
from huashu.store.log import Store

logger = logging.getLogger(__name__)

MAX_WAITING = 256
"""Events of one conversation that may wait while a turn is being handled."""
UNDERSTAND_WITHIN = 8.0
"""Seconds for an understander that runs in a pool; then the utterance counts as not understood."""


class Edge(Protocol):
    """Where actions go: a console, a gRPC stream, a voice session."""

    def perform(self, action: Action) -> None:
        """Do it, or hand it on. Called on the event loop, in order, after the commit; must not block."""
        ...


class Host:
    """One conversation. Create it on the event loop; `start` or `resume` it once.

    timers=False: the shell owns the clock: it watches `deadline` (against `now`) after every turn and calls `wake`.
    clock: seconds that never run backwards. wall: Unix seconds.
    """

    __slots__ = (
        "_alarm",
        "_bot",
        "_clock",
        "_closed",
        "_counted",
        "_detached",
        "_edge",
        "_error",
        "_last",
        "_lock",
        "_observe",
        "_store",
        "_turns",
        "_waiting",
        "_waking",
        "_wall",
        "_work",
        "_zero",
    )

    def __init__(
        self,
        bot: Bot,
        edge: Edge,
        *,
        store: Store | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        timers: bool = True,
        observe: Observer | None = None,
    ) -> None:
        self._bot = bot
        self._edge = edge
        self._store = store
        self._clock = clock
        self._wall = wall
        self._observe = observe
        self._turns = Turns(bot, store, observe=observe)
        self._zero = 0.0
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._alarm = Alarm(self._ring) if timers else None
        self._waking: asyncio.Task[None] | None = None
        self._work: Work | None = None
        """From the first action of the script on."""
        self._closed: asyncio.Future[None] | None = None
        self._error: StoreError | None = None
        self._detached = False
        self._counted = False
        """In the gauge of open conversations."""
        self._last: tuple[Action, ...] = ()
        """Actions of the last turn that had any, for `attach` where there is no store to ask."""

    # --- what the edge sees ---------------------------------------------------------------------------------------

    @property
    def call(self) -> str:
        """Id of the call; empty before `start`."""
        return self._turns.call

    @property
    def started(self) -> Started | None:
        return self._turns.started

    @property
    def now(self) -> float:
        """Seconds since Started, by the clock."""
        return max(self._clock() - self._zero, self._turns.now)

    @property
    def deadline(self) -> float | None:
        """When to `wake` (seconds since Started), or None. Only shells with timers=False need it."""
        return None if self.closed or self._detached else self._turns.deadline

    @property
    def closed(self) -> bool:
        """The conversation is over, or was lost to another worker."""
        return self._turns.closed or self._error is not None

    @property
    def expectation(self) -> Expectation:
        return self._turns.expectation

    @property
    def owner(self) -> str:
        """ "bot" or "human"."""
        return self._turns.owner

    @property
    def step(self) -> str:
        """ "flow.step" it stands at."""
        return self._turns.position

    @property
    def slots(self) -> Values:
        return self._turns.slots

    @property
    def busy(self) -> bool:
        """An action of the script is running."""
        return self._work is not None and self._work.busy

    @property
    def disposition(self) -> Disposition | None:
        return self._turns.disposition

    # --- life -----------------------------------------------------------------------------------------------------

    async def start(self, started: Started) -> None:
        """Begin. An empty `call` gets an id, a `wall` of 0 the present instant.

        Raises:
            UsageError: started already, or `started` names a variable or time zone that does not exist.
            StoreError: the call could not be recorded.
        """
        if self._turns.started is not None:
            raise UsageError("the conversation has been started already")
        started = dataclasses.replace(
            started, call=started.call or new_call_id(), wall=started.wall or round(self._wall(), 3)
        )
        if self._store is not None:
            self._bot.keep(self._store)
        self._zero = self._clock()
        await self._handle(started)
        metrics.CONVERSATIONS.labels("started").inc()

    async def receive(self, event: EdgeEvent) -> None:
        """Handle one event of the edge: returns when its turn is committed and its actions are performed.

        Events are handled in the order of the calls. After the end, and after `detach`, events are ignored.

        Raises:
            UsageError: an impossible event; nothing has changed and the conversation goes on.
            LimitError: too long an utterance, or more than `MAX_WAITING` events waiting.
        """
        if self._waiting >= MAX_WAITING:
            raise LimitError(f"more than {MAX_WAITING} events wait in call {self.call}")
        await self._handle(event)

    async def wake(self) -> None:
        """The deadline may have come: tick the engine if it has."""
        await self._handle(Ticked())

    async def settle(self) -> None:
        """Wait until no action of the script is running and what their results led to has been performed."""
        if self._work is not None:
            await self._work.settle()

    async def wait_closed(self) -> Disposition | None:
        """Wait for the end; how it ended, None when the conversation stopped without an outcome.

        Raises:
            StoreError: the record failed, or another worker has taken the call over (code "stale").
        """
        if not self.closed:
            if self._closed is None:
                self._closed = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._closed)
        if self._error is not None:
            raise self._error
        return self._turns.disposition

    # --- losing the edge, losing the worker ------------------------------------------------------------------------

    def detach(self) -> None:
        """The edge is gone, the caller perhaps not: stop the clock and keep the state, for `attach` on this host or
        `resume` on another. A caller who is known to be gone is `receive(HungUp())`."""
        self._detached = True
        self._arm()
        self._count(False)

    async def attach(self, edge: Edge, *, after: str | None = None) -> None:
        """Another edge for a detached conversation; silence has stood still meanwhile. `after`: see `resume`.

        Raises:
            UsageError: the conversation has an edge, or was never started.
        """
        if not self._detached or self._turns.started is None:
            raise UsageError(f"call {self.call} is not detached")
        if self._store is not None:
            again = outstanding(replayed(self._store.read(self.call), self._bot.script), after=after)
        else:
            again = [action for action in self._last if not isinstance(action, Stop)]
        self._edge = edge
        self._detached = False
        downtime = max(0.0, self.now - self._turns.now)
        # actions of the script run in this process still: their results come by themselves
        await self._handle(Resumed(downtime), again=[item for item in again if not isinstance(item, RunAction)])

    async def resume(self, call: str, *, after: str | None = None) -> None:
        """Go on with an open call from its last committed turn, as its only worker.

        Unfinished actions are performed again under their old ids: lines not played to their end, actions without a
        result (a kept result is taken instead of running it again), and the whole last turn, which may never have
        reached the edge. The engine then learns the downtime.

        after: id of the last action the edge received, if it knows: exactly the later ones are performed again.

        Raises:
            StoreError: no store, no such call (code "unknown"), it is closed ("closed"), erased ("erased"), or its
                script version is gone ("script").
            UsageError: this host has a conversation already.
        """
        if self._turns.started is not None:
            raise UsageError("a host holds one conversation; use a new one to resume")
        if self._store is None:
            raise StoreError("without a store nothing can be resumed")
        record = self._store.call(call)
        if record.erased:
            raise StoreError(f"call {call} has been erased: it cannot go on", code="erased")
        self._bot = await self._bot.version(self._store, record.digest)
        epoch = self._store.claim(call)
        turns = Turns(self._bot, self._store, observe=self._observe)
        history = turns.restore(self._store.read(call), epoch=epoch)
        if turns.started is None:
            raise StoreError(f"the log of call {call} is empty", code="damaged")
        self._turns = turns
        downtime = max(0.0, self._wall() - turns.started.wall - turns.now)
        self._zero = self._clock() - turns.now - downtime
        metrics.CONVERSATIONS.labels("resumed").inc()
        again = outstanding(history, after=after)
        if not turns.closed:
            await self._handle(Resumed(downtime), again=again)
            return
        for action in again:  # it had ended, and its last words may never have reached anybody
            self._perform(action, again=True)
        await self._finish()
        self._settled()

    # --- one event ------------------------------------------------------------------------------------------------

    async def _handle(self, event: Event, *, again: Sequence[Action] = ()) -> None:
        """Wait for the conversation's turn, then: engine, commit, perform, timer. `again`: performed first."""
        self._waiting += 1
        try:
            async with self._lock:
                if self._detached or self.closed or (isinstance(event, Ticked) and not self._due()):
                    return
                with metrics.span("huashu.turn"):
                    began = time.perf_counter()
                    turn = await self._turn(event)
                    for action in again:
                        self._perform(action, again=True)
                    for action in turn.actions:
                        self._perform(action)
                    if turn.actions:
                        self._last = turn.actions
                    if turn.closed:
                        await self._finish()
                metrics.TURNS.inc()
                metrics.TURN_SECONDS.observe(time.perf_counter() - began)
                self._settled()
        finally:
            self._waiting -= 1

    async def _finish(self) -> None:
        """The last turn is done with, unless its edge has been lost meanwhile: then a resumed call does it again."""
        if self._error is None and not self._detached:
            try:
                await self._turns.finished_async()
            except StoreError as error:
                metrics.STORE_FAILURES.inc()
                logger.warning("call %s: ended, and could not be marked as done (%s)", self.call, error.code)

    async def _turn(self, event: Event) -> Turn:
        question = self._turns.hear(event, now=0.0 if isinstance(event, Started) else self.now)
        if question is not None:
            self._turns.answer(await self._understood(question), now=self.now)
        try:
            return await self._turns.commit_async()
        except StoreError as error:
            return self._lost(error)

    async def _understood(self, question: Question) -> Understood:
        if self._bot.pool is None:
            return self._turns.understand(question)
        work = asyncio.get_running_loop().run_in_executor(self._bot.pool, self._turns.understand, question)
        try:
            return await asyncio.wait_for(work, UNDERSTAND_WITHIN)
        except TimeoutError:
            metrics.NLU_FAILURES.inc()
            return Understood(question.heard.text, confidence=question.heard.confidence)

    def _perform(self, action: Action, *, again: bool = False) -> None:
        if isinstance(action, RunAction) and self._bot.actions is not None:
            self._work = self._work or Work(self.call, self._store, self._handle)
            self._work.begin(self._bot.actions, action, again=again)
            return
        if self._detached:
            return  # committed but not performed: `attach` or `resume` does it
        try:
            self._edge.perform(action)
        except Exception as error:  # a broken edge is a lost edge; the conversation can be resumed
            logger.error("call %s: the edge failed on %s with %s", self.call, action.id, where(error))
            self.detach()

    # --- the timer, the end ---------------------------------------------------------------------------------------

    def _due(self) -> bool:
        """The deadline has come; if it has moved meanwhile, the timer follows it."""
        deadline = self._turns.deadline
        if deadline is not None and self.now >= deadline:
            return True
        self._arm()
        return False

    def _settled(self) -> None:
        """After every turn: arm the timer, or tell whoever waits for the end."""
        self._arm()
        self._count(not (self.closed or self._detached))
        if not self.closed:
            return
        end = self._turns.disposition
        metrics.ENDED.labels(end.result if end is not None and self._error is None else "none").inc()
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)

    def _count(self, held: bool) -> None:
        if held != self._counted:
            metrics.OPEN_CONVERSATIONS.inc(1 if held else -1)
            self._counted = held

    def _arm(self) -> None:
        if self._alarm is not None:
            deadline = self.deadline
            self._alarm.set(None if deadline is None else deadline - self.now)

    def _ring(self) -> None:
        self._waking = asyncio.get_running_loop().create_task(self.wake())
        self._waking.add_done_callback(partial(report, self.call))

    def _lost(self, error: StoreError) -> Turn:
        """The turn is not on record, so it must not happen. A call that another worker has taken is left to it; a
        caller whose turn cannot be written down hears the error pattern, off the record, instead of silence."""
        self._error = error
        metrics.STORE_FAILURES.inc()
        logger.error("call %s: a turn could not be recorded (%s)", self.call, error.code)
        if error.code == "stale":
            return Turn(closed=True)
        salvage = Salvage(self._bot.script, 0, now=self.now, person=self._turns.owner == "human")
        return Turn(tuple(salvage.actions), closed=True)


__all__ = ["MAX_WAITING", "Edge", "Host", "Turns"]
