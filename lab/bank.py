"""The bot's own actions behind simulated calls, run at once and outside virtual time.

In a campaign (`Bank`) each call meets them as they are when first loaded, in conversation tests (`Backend`) all share
them.

An `actions.py` may keep things in memory (a booking, a counter). Calls that shared them would depend on the order in
which they are made, and so on the number of processes.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future
from types import CodeType, ModuleType
from typing import Any

from huashu.core.actions import RunAction
from huashu.core.events import ActionResult
from huashu.runtime.actions import Actions, PythonActions, find_actions
from huashu.runtime.bot import Bot


class Bank:
    """For one process. `close` it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._loop = asyncio.Runner()
        self._code: CodeType | None = None
        source = bot.script.actions or ""
        if isinstance(bot.actions, PythonActions) and source.endswith(".py") and bot.folder is not None:
            path = bot.folder / source
            self._code = compile(path.read_text(encoding="utf-8"), str(path), "exec")

    def fresh(self) -> Callable[[RunAction], ActionResult]:
        """The actions as one call sees them; loaded when the first is called."""
        actions: list[Actions] = []

        def run(action: RunAction) -> ActionResult:
            if not actions:
                loaded = self._load()
                if loaded is None:
                    return ActionResult(action.id, ok=False, error="no_backend")
                actions.append(loaded)
            return self._loop.run(actions[0].run("test", action))

        return run

    def close(self) -> None:
        self._loop.close()

    def _load(self) -> Actions | None:
        if self._code is None:
            return self._bot.actions
        module = ModuleType("huashu_simulated_actions")
        exec(self._code, vars(module))  # the bot's own file, which the operator has trusted
        return PythonActions(find_actions(vars(module)), self._bot.script.variables, pool=_Inline())


class _Inline(Executor):
    """Runs at once: in virtual time nobody waits."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # handed to who waits for it, as every executor does
            future.set_exception(error)
        return future


class Backend:
    """For all the tests of a run. `close` it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._loop = asyncio.Runner()

    def __call__(self, action: RunAction) -> ActionResult:
        if self._bot.actions is None:
            return ActionResult(action.id, ok=False, error="no_backend")
        return self._loop.run(self._bot.actions.run("test", action))

    def close(self) -> None:
        self._loop.close()
