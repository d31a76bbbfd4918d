"""Embedding: load a bot, hold conversations with it from Python, synchronously or on an event loop.

    bot = Bot.load("card_instalment", actions=[create_instalment])
    with bot.call(账单金额="12000") as call:
        print(call.opening.text)
        reply = call.say("分六期")

Audio is not embedded here: `huashu.voice.call.run_call` and the gRPC server carry sound.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, get_args

from huashu.core.actions import Action, Disposition, Handoff, Say
from huashu.core.errors import UsageError
from huashu.core.events import Answered, Dtmf, EdgeEvent, Heard, HungUp, Started
from huashu.core.ids import new_call_id
from huashu.core.values import Values
from huashu.flows.script import Script
from huashu.runtime.actions import Function, find_actions
from huashu.runtime.bot import Bot as LoadedBot
from huashu.runtime.bot import load_bot
from huashu.runtime.host import Host
from huashu.store.log import Store
from huashu.values.registry import canonical

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot did with its turn."""

    actions: tuple[Action, ...]
    closed: bool
    """The conversation is over."""

    @property
    def lines(self) -> list[str]:
        return [action.text for action in self.actions if isinstance(action, Say)]

    @property
    def text(self) -> str:
        """All lines of the turn, one a line."""
        return "\n".join(self.lines)

    @property
    def handoff(self) -> Handoff | None:
        """A person is wanted: answer with `send(HumanJoined())` or `send(HandoffFailed())`."""
        return next((action for action in self.actions if isinstance(action, Handoff)), None)


class Bot:
    """A bot loaded from its folder: shared, safe to hold many conversations at once."""

    def __init__(self, loaded: LoadedBot, *, store: Store | None = None) -> None:
        self._loaded = loaded
        self._store = store

    @classmethod
    def load(
        cls,
        folder: Path | str,
        *,
        actions: Iterable[Function] = (),
        trust: bool = False,
        store: Store | str | None = None,
    ) -> "Bot":
        """Check, train (or take from the cache) and load the bot in `folder`.

        Args:
            actions: functions marked with `@action` that the script's `do:` may call.
            trust: also run the folder's own `actions.py`.
            store: an open Store, or where to keep one ("sqlite:///calls.db"); None keeps no record.

        Raises:
            ScriptError: the folder has errors; the message holds all of them.
            UsageError: a function in `actions` is not marked, or two have one name.
        """
        if callable(actions):
            raise UsageError("actions takes a list of functions: actions=[my_action]")
        functions = list(actions)
        found = find_actions({str(number): function for number, function in enumerate(functions)})
        if len(found) != len(functions):
            raise UsageError("every function given as an action must be marked with @action")
        loaded = load_bot(folder, trust=trust, actions=found or None)
        return cls(loaded, store=Store.open(store) if isinstance(store, str) else store)

    @property
    def script(self) -> Script:
        return self._loaded.script

    @property
    def loaded(self) -> LoadedBot:
        """The same bot as huashu.runtime and the rooms above know it."""
        return self._loaded

    def started(self, variables: Values, **fields: Any) -> Started:
        """The Started event of a text conversation with these variables; `seed` is drawn unless it is among the fields.

        One that is missing though the script declares it `given` is a warning in the log: a line that says it runs the
        script's `error` pattern.

        Raises UsageError for an unknown variable, or a value that is not of its type.
        """
        known = self.script.variables
        for name in variables:
            if name not in known:
                raise UsageError(f"{self.script.name} has no variable {name!r}; it has: {', '.join(known) or 'none'}")
        values = {name: canonical(known[name].type, value) for name, value in variables.items()}
        missing = [
            name
            for name, variable in known.items()
            if variable.given and variable.default is None and values.get(name) is None
        ]
        if missing:
            logger.warning("%s begins without what its script is given: %s", self.script.name, ", ".join(missing))
        fields.setdefault("seed", secrets.randbits(31))
        return Started(new_call_id(), self.script.direction, "text", marks="none", variables=values, **fields)

    def acall(self, **variables: Any) -> "AsyncCall":
        """A text conversation on the running event loop: `async with bot.acall() as call`."""
        return AsyncCall(self._loaded, self.started(variables), self._store)

    def call(self, **variables: Any) -> "Call":
        """A text conversation: `with bot.call() as call`. Not from inside an event loop: use `acall` there."""
        return Call(self.acall(**variables))


class AsyncCall:
    """One text conversation. Every method that gives the bot a turn returns its Reply once the turn is complete:
    the bot listens, waits for a person, or has ended the conversation; actions it runs are waited for."""

    def __init__(self, bot: LoadedBot, started: Started, store: Store | None) -> None:
        self._started = started
        self._host = Host(bot, self, store=store)
        self._heap: list[Action] = []
        self._watchers: list[Callable[[Action], None]] = []
        self.opening = Reply((), False)
        """What the bot said first."""

    # --- the caller's side --------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        await self._host.start(self._started)
        self.opening = await self._give(Answered())
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, at: Any) -> None:
        await self._host.receive(HungUp())

    async def say(self, text: str) -> Reply:
        """The caller says (types) something. Raises LimitError when it is longer than the host accepts."""
        if not isinstance(text, str):
            raise UsageError(f"say takes the caller's words as text, not {type(text).__name__}")
        return await self._give(Heard(text))

    async def press(self, keys: str) -> Reply:
        """The caller presses keys, 0-9 * # A-D. Raises UsageError for any other."""
        if not isinstance(keys, str) or not keys or set(keys) - set("0123456789*#ABCD"):
            raise UsageError("press takes keys as text: some of 0-9 * # A-D")
        for key in keys:
            await self._host.receive(Dtmf(key))
        await self._host.settle()
        return self._take()

    async def send(self, event: EdgeEvent) -> Reply:
        """Any other event of an edge: HumanJoined, HumanLeft, HandoffFailed …"""
        if not isinstance(event, get_args(EdgeEvent)):
            raise UsageError(f"send takes an event of huashu.core.events, not {type(event).__name__}")
        await self._host.receive(event)
        return self._take()

    async def listen(self, seconds: float) -> Reply:
        """Stay silent for so long; what the bot says of its own accord meanwhile."""
        await asyncio.sleep(seconds)
        return self._take()

    def watch(self, watcher: Callable[[Action], None]) -> None:
        """Call `watcher` with every action as it happens."""
        self._watchers.append(watcher)

    # --- what became of it ------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return self._host.call

    @property
    def closed(self) -> bool:
        return self._host.closed

    @property
    def slots(self) -> Values:
        return self._host.slots

    @property
    def step(self) -> str:
        """ "flow.step" the conversation stands at."""
        return self._host.step

    @property
    def outcome(self) -> Disposition | None:
        """How it ended: ending, result, label; None while it goes on."""
        return self._host.disposition

    # --- the edge of the host -----------------------------------------------------------------------------------------

    def perform(self, action: Action) -> None:
        self._heap.append(action)
        for watcher in self._watchers:
            watcher(action)

    async def _give(self, event: EdgeEvent) -> Reply:
        await self._host.receive(event)
        await self._host.settle()
        return self._take()

    def _take(self) -> Reply:
        actions, self._heap = self._heap, []
        return Reply(tuple(actions), self._host.closed)


class Call:
    """The same conversation, synchronously. Between two calls of its methods its clock runs on, and what fell due
    meanwhile (a prompt after silence) comes with the next reply."""

    def __init__(self, call: AsyncCall) -> None:
        self._call = call
        self._runner = asyncio.Runner()
        self._left = False

    def __enter__(self) -> Self:
        self._run(self._call.__aenter__)
        return self

    def _run(self, turn: Callable[..., Coroutine[Any, Any, T]], *arguments: Any) -> T:
        """Raises UsageError where no event loop can be run: inside one, or behind the `with`."""
        if self._left:
            raise UsageError("the conversation has been left; begin another one with bot.call()")
        if _in_a_loop():
            raise UsageError("an event loop is running here: use `async with bot.acall() as call`")
        return self._runner.run(turn(*arguments))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            self._run(self._call.__aexit__, kind, error, at)
        finally:
            self._left = True
            self._runner.close()

    @property
    def opening(self) -> Reply:
        """What the bot said first."""
        return self._call.opening

    def say(self, text: str) -> Reply:
        return self._run(self._call.say, text)

    def press(self, keys: str) -> Reply:
        return self._run(self._call.press, keys)

    def send(self, event: EdgeEvent) -> Reply:
        return self._run(self._call.send, event)

    @property
    def id(self) -> str:
        return self._call.id

    @property
    def closed(self) -> bool:
        return self._call.closed

    @property
    def slots(self) -> Values:
        return self._call.slots

    @property
    def outcome(self) -> Disposition | None:
        """How it ended: ending, result, label; None while it goes on."""
        return self._call.outcome


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
