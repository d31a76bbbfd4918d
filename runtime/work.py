"""The script's actions at work for one call: each in a task of its own, its result kept, so that none runs twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from huashu.core.actions import RunAction
from huashu.core.errors import StoreError
from huashu.core.events import ActionResult
from huashu.runtime import metrics
from huashu.runtime.actions import Actions
from huashu.runtime.faults import where
from huashu.store.log import Store

logger = logging.getLogger(__name__)


class Work:
    """store: keeps results until they are in the log. done: hands a result on to the conversation."""

    __slots__ = ("_call", "_done", "_running", "_store")

    def __init__(self, call: str, store: Store | None, done: Callable[[ActionResult], Awaitable[None]]) -> None:
        self._call = call
        self._store = store
        self._done = done
        self._running: set[asyncio.Task[None]] = set()

    @property
    def busy(self) -> bool:
        return bool(self._running)

    async def settle(self) -> None:
        """Wait until nothing runs, and all results have been handed on."""
        while self._running:
            await asyncio.wait(set(self._running))

    def begin(self, backend: Actions, action: RunAction, *, again: bool) -> None:
        """again: it may have run before a crash; a result that was kept is taken instead."""
        task = asyncio.get_running_loop().create_task(self._run(backend, action, again=again))
        self._running.add(task)
        task.add_done_callback(self._ran)

    async def _run(self, backend: Actions, action: RunAction, *, again: bool) -> None:
        result = self._store.get_result(self._call, action.id) if again and self._store is not None else None
        if result is None:
            with metrics.span("huashu.action"), metrics.ACTION_SECONDS.time():
                result = await backend.run(self._call, action)
            if self._store is not None:
                # at once, not with the turn: that may have to wait, and a crash meanwhile must not run it again
                try:
                    self._store.put_result(self._call, result)
                except StoreError as error:
                    logger.error("call %s: the result of %s could not be kept (%s)", self._call, action.id, error.code)
        metrics.ACTIONS.labels("ok" if result.ok else "failed").inc()
        await self._done(result)

    def _ran(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        report(self._call, task)


def report(call: str, task: asyncio.Task[None]) -> None:
    """A task that nobody waits for is over: told in the log when it has failed."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        logger.error("call %s: a background task failed with %s", call, where(error))
