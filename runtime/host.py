"""The asyncio shell around one conversation: events in order, turns committed, actions performed, one timer.

Everything that decides is in `Turns` and below it; here are only the clock, the lock and the tasks.
"""

import asyncio
import dataclasses
import logging
import time
from collections.abc import Callable
from typing import Protocol

from huashu.core.actions import Action, Disposition, RunAction, Turn
from huashu.core.errors import LimitError, StoreError, UsageError
from huashu.core.events import ActionResult, EdgeEvent, Event, Resumed, Started, Ticked, Understood
from huashu.core.expect import Expectation
from huashu.core.ids import new_call_id
from huashu.core.values import Values
from huashu.runtime import metrics
from huashu.runtime.bot import Bot
from huashu.runtime.faults import where
from huashu.runtime.resume import outstanding
from huashu.runtime.salvage import Salvage
from huashu.runtime.turn import Observer, Question, Turns
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
        "_bot",
        "_clock",
        "_closed",
        "_detached",
        "_edge",
        "_error",
        "_history",
        "_lock",
        "_observe",
        "_store",
        "_tasks",
        "_timer",
        "_timers",
        "_turns",
        "_waiting",
        "_wall",
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
        self._timers = timers
        self._observe = observe
        self._turns = Turns(bot, store, observe=observe)
        self._zero = 0.0
        self._lock = asyncio.Lock()
        self._waiting = 0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] | None = None
        self._closed: asyncio.Future[None] | None = None
        self._error: StoreError | None = None
        self._detached = False

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
        metrics.OPEN_CONVERSATIONS.inc()

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
        """The edge is gone, the caller perhaps not: stop the clock and keep the state, for `attach` here or
        `resume` anywhere. A caller who is known to be gone is `receive(HungUp())`."""
        self._detached = True
        self._disarm()

    async def attach(self, edge: Edge, *, after: str | None = None) -> None:
        """Another edge for a detached conversation. `after`: see `resume`."""
        if not self._detached:
            raise UsageError(f"call {self.call} has an edge")
        raise UsageError("resume the call instead") if self._store is None else None

    async def resume(self, call: str, *, after: str | None = None) -> None:
        """Go on with an open call from its last committed turn, as its only worker.

        after: id of the last action the edge received; later ones are performed again. None: the unfinished ones.

        Raises:
            StoreError: no store, no such call (code "unknown"), it is closed (code "closed"), or erased.
        """
        if self._store is None:
            raise StoreError("without a store nothing can be resumed")
        epoch = self._store.claim(call)
        entries = self._store.read(call)
        bot = await self._bot.version(self._store, self._store.call(call).digest)
        self._bot = bot
        self._turns = Turns(bot, self._store, observe=self._observe)
        history = self._turns.restore(entries, epoch=epoch)
        started = self._turns.started
        if started is None:
            raise StoreError(f"the log of call {call} does not begin with Started", code="damaged")
        downtime = max(0.0, self._wall() - started.wall - self._turns.now)
        self._zero = self._clock() - self._turns.now - downtime
        metrics.CONVERSATIONS.labels("resumed").inc()
        metrics.OPEN_CONVERSATIONS.inc()
        await self._handle(Resumed(downtime), before=outstanding(history, after=after))

    # --- inside ---------------------------------------------------------------------------------------------------

    async def _handle(self, event: Event, *, before: list[Action] | None = None) -> None:
        self._waiting += 1
        try:
            async with self._lock:
                if self._detached or self._error is not None:
                    return
                began = time.perf_counter()
                if isinstance(event, Ticked):
                    deadline = self._turns.deadline
                    if deadline is None or self.closed or self.now < deadline:
                        self._arm()
                        return
                for action in before or ():
                    self._perform(action)
                turn = await self._turn(event)
                for action in turn.actions:
                    self._perform(action)
                metrics.TURNS.inc()
                metrics.TURN_SECONDS.observe(time.perf_counter() - began)
                self._after(turn)
        finally:
            self._waiting -= 1

    async def _turn(self, event: Event) -> Turn:
        question = self._turns.hear(event, now=self.now)
        if question is not None:
            understood = await self._understand(question)
            self._turns.answer(understood, now=self.now)
        try:
            return await self._turns.commit_async()
        except StoreError as error:
            return self._lost(error)

    async def _understand(self, question: Question) -> Understood:
        if self._bot.pool is None:
            return self._turns.understand(question)
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._bot.pool, self._turns.understand, question)
        try:
            return await asyncio.wait_for(work, UNDERSTAND_WITHIN)
        except TimeoutError:
            metrics.NLU_FAILURES.inc()
            return Understood(question.heard.text, confidence=question.heard.confidence)

    def _perform(self, action: Action) -> None:
        if isinstance(action, RunAction) and self._bot.actions is not None:
            self._spawn(self._run(action))
            return
        try:
            self._edge.perform(action)
        except Exception as error:  # a broken edge is a lost edge; the conversation can be resumed
            logger.error("call %s: the edge failed on %s with %s", self.call, action.id, where(error))
            self.detach()

    async def _run(self, action: RunAction) -> None:
        assert self._bot.actions is not None
        result = self._store.get_result(self.call, action.id) if self._store is not None else None
        if result is None:
            with metrics.ACTION_SECONDS.time():
                result = await self._bot.actions.run(self.call, action)
            if self._store is not None and not self.closed:
                self._store.put_result(self.call, result)
        metrics.ACTIONS.labels("ok" if result.ok else "failed").inc()
        await self._handle(result)

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        if self._tasks is None:
            self._tasks = set()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- the timer, the end ---------------------------------------------------------------------------------------

    def _after(self, turn: Turn) -> None:
        if not self.closed:
            self._arm()
            return
        self._disarm()
        metrics.OPEN_CONVERSATIONS.dec()
        if self._closed is not None and not self._closed.done():
            self._closed.set_result(None)

    def _arm(self) -> None:
        """One timer. A later deadline leaves it alone: when it fires too early, `wake` arms it anew."""
        deadline = self._turns.deadline
        if not self._timers or self._detached or deadline is None or self.closed:
            self._disarm()
            return
        loop = asyncio.get_running_loop()
        at = loop.time() + max(0.0, deadline - self.now)
        if self._timer is not None:
            if not self._timer.cancelled() and loop.time() < self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = loop.call_at(at, self._fire)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _fire(self) -> None:
        self._timer = None
        self._spawn(self.wake())

    def _lost(self, error: StoreError) -> Turn:
        """The turn is not on record, so it must not happen. Another worker's call is left to it; a caller of ours
        whose record cannot be written hears the error pattern, unrecorded, instead of silence."""
        self._error = error
        metrics.STORE_FAILURES.inc()
        logger.error("call %s: a turn could not be recorded (%s)", self.call, error.code)
        if error.code == "stale":
            return Turn(closed=True)
        salvage = Salvage(self._bot.script, 0, now=self.now)
        return Turn(tuple(salvage.actions), closed=True)
