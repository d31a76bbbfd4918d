"""What a script's `do:` calls: Python functions of the bot's own, or a server over HTTP.

A backend never raises: whatever goes wrong becomes an `ActionResult` with `ok` False and one of these codes in
`error`: "unknown_action", "not_trusted", "bad_arguments", "bad_values", "timeout", "exception", "unreachable",
"refused", "too_large", or what the action's own server or `ActionFailed` said.
"""

import asyncio
import inspect
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar, overload

from huashu.core.actions import RunAction
from huashu.core.errors import HuashuError, UsageError
from huashu.core.events import ActionResult
from huashu.core.values import Scalar, Values
from huashu.flows.script import Variable
from huashu.runtime.faults import where
from huashu.values.registry import canonical

logger = logging.getLogger(__name__)

MAX_THREADS = 16
"""Synchronous actions running at once in one process; more wait (their timeout running)."""

_POOL = ThreadPoolExecutor(MAX_THREADS, thread_name_prefix="huashu-action")


class ActionFailed(HuashuError):  # noqa: N818 - it is an outcome that a script handles, not a fault
    """Raise it in an action to answer the script with `failed:`. `code` becomes ActionResult.error."""

    code = "failed"


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What an action may want to know beside its arguments: a parameter annotated with this type receives it."""

    call: str
    key: str
    """Idempotency key, the same over retries and restarts: pass it on to whatever moves money."""
    deadline: float
    """`time.monotonic()` by which the script stops waiting."""


class Actions(Protocol):
    """A backend."""

    async def run(self, call: str, action: RunAction) -> ActionResult:
        """Run it once, within `action.timeout` seconds. Never raises (cancellation apart)."""
        ...


Function = Callable[..., Values | Awaitable[Values | None] | None]
F = TypeVar("F", bound=Function)

_NAME = "__huashu_action__"


@overload
def action(function: F, /) -> F: ...
@overload
def action(name: str, /) -> Callable[[F], F]: ...
@overload
def action(*, name: str) -> Callable[[F], F]: ...
def action(function: F | str | None = None, /, *, name: str | None = None) -> F | Callable[[F], F]:
    """Mark a function as an action of this bot; its name, or `name` (`@action("name")`), is what `do:` calls.

    Parameters are filled by name from the action's arguments; one with a default may be missing; `**rest` takes what
    is left; one annotated `ActionContext` receives that. It returns a mapping of script variables to values, or None.
    It may be `async`; if not, it runs in a thread. After a crash it may run again with the same `ActionContext.key`.

    Raises UsageError for what is no function.
    """
    wanted = function if isinstance(function, str) else name

    def mark(target: F) -> F:
        if not callable(target):
            raise UsageError(f"@action marks a function, not {target!r}")
        setattr(target, _NAME, wanted or target.__name__)
        return target

    return mark if function is None or isinstance(function, str) else mark(function)


def find_actions(namespace: Mapping[str, Any]) -> dict[str, Function]:
    """The marked functions in a module's namespace, by action name. Raises UsageError on two of one name."""
    found: dict[str, Function] = {}
    for item in namespace.values():
        name = getattr(item, _NAME, None)
        if isinstance(name, str) and callable(item):
            if found.get(name, item) is not item:
                raise UsageError(f"two actions are called {name!r}")
            found[name] = item
    return found


class PythonActions:
    """Functions of this process."""

    def __init__(
        self, functions: Mapping[str, Function], variables: Mapping[str, Variable], *, pool: Executor | None = None
    ) -> None:
        self._functions = {name: _Bound(function) for name, function in functions.items()}
        self._variables = variables
        self._pool = pool or _POOL

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._functions)

    async def run(self, call: str, action: RunAction) -> ActionResult:
        bound = self._functions.get(action.name)
        if bound is None:
            logger.warning(
                "call %s: no action of the name asked for in %s; known: %d", call, action.id, len(self.names)
            )
            return ActionResult(action.id, ok=False, error="unknown_action")
        context = ActionContext(call, f"{call}/{action.id}", time.monotonic() + action.timeout)
        try:
            arguments = bound.arguments(action.args, context)
        except UsageError as error:
            logger.warning("call %s action %s: %s", call, action.id, error)
            return ActionResult(action.id, ok=False, error="bad_arguments")
        try:
            async with asyncio.timeout(action.timeout):
                values = await self._call(bound, arguments)
        except TimeoutError:
            return ActionResult(action.id, ok=False, error="timeout")
        except ActionFailed as failure:
            return ActionResult(action.id, ok=False, error=failure.code)
        except Exception as error:  # the bot's own code may raise anything; the call must go on
            logger.error("call %s action %s raised %s", call, action.id, where(error))
            return ActionResult(action.id, ok=False, error="exception")
        return checked(action.id, values, self._variables, call=call)

    async def _call(self, bound: "_Bound", arguments: dict[str, Any]) -> Any:
        if bound.is_async:
            return await bound.function(**arguments)  # type: ignore[misc]  # checked by is_async
        run = partial(copy_context().run, bound.function, **arguments)
        return await asyncio.get_running_loop().run_in_executor(self._pool, run)


class RefusedActions:
    """Stands in where a script wants `actions.py` but its folder is not trusted, or has no backend at all."""

    def __init__(self, reason: str, code: str) -> None:
        self._reason = reason
        self._code = code

    async def run(self, call: str, action: RunAction) -> ActionResult:
        logger.error("call %s action %s was not run: %s", call, action.id, self._reason)
        return ActionResult(action.id, ok=False, error=self._code)


def checked(identity: str, values: object, variables: Mapping[str, Variable], *, call: str) -> ActionResult:
    """The result of an action, its values canonical by the script's declared types ("bad_values" if they can't be)."""
    if values is None:
        return ActionResult(identity)
    if not isinstance(values, Mapping):
        logger.error("call %s action %s answered %s, not a mapping", call, identity, type(values).__name__)
        return ActionResult(identity, ok=False, error="bad_values")
    result: dict[str, Scalar] = {}
    for name, value in values.items():
        variable = variables.get(name) if isinstance(name, str) else None
        if variable is None:
            logger.error("call %s action %s answered a value for no variable of the script", call, identity)
            return ActionResult(identity, ok=False, error="bad_values")
        try:
            result[name] = None if value is None else canonical(variable.type, value)
        except UsageError:
            logger.error("call %s action %s: the value for %r is no %s", call, identity, name, variable.type)
            return ActionResult(identity, ok=False, error="bad_values")
    return ActionResult(identity, values=result)


class _Bound:
    """A function and what it wants, found once."""

    __slots__ = ("_context", "_names", "_required", "_rest", "function", "is_async")

    def __init__(self, function: Function) -> None:
        self.function = function
        self.is_async = inspect.iscoroutinefunction(function)
        self._context: str | None = None
        self._rest = False
        self._names: set[str] = set()
        self._required: set[str] = set()
        for name, parameter in inspect.signature(function, eval_str=True).parameters.items():
            if parameter.annotation is ActionContext:
                self._context = name
            elif parameter.kind is parameter.VAR_KEYWORD:
                self._rest = True
            elif parameter.kind in (parameter.POSITIONAL_ONLY, parameter.VAR_POSITIONAL):
                raise UsageError(f"action {function.__name__}: parameter {name!r} cannot be given by name")
            else:
                self._names.add(name)
                if parameter.default is parameter.empty:
                    self._required.add(name)

    def arguments(self, args: Values, context: ActionContext) -> dict[str, Any]:
        """Raises UsageError naming a parameter that has no value."""
        missing = self._required - set(args)
        if missing:
            raise UsageError(f"no value for parameter {sorted(missing)[0]!r}")
        given: dict[str, Any] = {name: value for name, value in args.items() if self._rest or name in self._names}
        if self._context is not None:
            given[self._context] = context
        return given
