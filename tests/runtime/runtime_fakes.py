"""What surrounds a host in tests: an understander told the meaning, an edge that remembers, a hand on the clock."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from huashu.core.actions import Action, Say
from huashu.core.events import Answered, Entity, FaqHit, Heard, IntentScore, Started, Understood
from huashu.core.expect import Expectation
from huashu.nlu.engine import Capabilities
from huashu.runtime.actions import Actions, Function
from huashu.runtime.bot import Bot, load_bot
from huashu.runtime.host import Host
from huashu.store.log import Store

STARTED = Started("call1", wall=1_770_000_000.0, marks="none")


class Words:
    """ "slot=value" fills a slot, "!name" is an intent, anything else is not understood."""

    capabilities = Capabilities("words", ("zh-CN",))

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, datetime]] = []
        """(text, slot expected, caller's local time)."""
        self.fault: Exception | None = None

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        self.asked.append((heard.text, expect.slot, at))
        if self.fault is not None:
            raise self.fault
        if heard.text.startswith("!"):
            return Understood(heard.text, (IntentScore(heard.text[1:], 0.95),))
        slot, found, value = heard.text.partition("=")
        if not found:
            return Understood(heard.text)
        kind = "integer" if slot == "人数" else "text"
        entity = Entity(kind, int(value) if kind == "integer" else value, value, 0, len(value), slot)
        return Understood(heard.text, entities=(entity,))

    def search(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]:
        return ()

    candidates = search


class Edge:
    def __init__(self) -> None:
        self.actions: list[Action] = []
        self.fault: Exception | None = None

    def perform(self, action: Action) -> None:
        if self.fault is not None:
            raise self.fault
        self.actions.append(action)

    @property
    def said(self) -> list[str]:
        return [action.text for action in self.actions if isinstance(action, Say)]

    @property
    def ids(self) -> list[str]:
        return [action.id for action in self.actions]

    def kinds(self) -> list[str]:
        return [type(action).__name__ for action in self.actions]


class Clock:
    """Seconds that pass when told to; the wall beside it."""

    def __init__(self, at: float = 100.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at

    def wall(self) -> float:
        return STARTED.wall + self.at - 100.0


def bot(folder: Path, actions: Mapping[str, Function] | Actions | None = None, words: Words | None = None) -> Bot:
    return load_bot(
        folder, actions=actions or {"book": lambda 人数: {"单号": f"B{人数}"}}, understander=words or Words()
    )


def host(with_bot: Bot, edge: Edge, clock: Clock, store: Store | None = None, **options: Any) -> Host:
    return Host(with_bot, edge, store=store, clock=clock, wall=clock.wall, timers=False, **options)


async def opened(with_bot: Bot, edge: Edge, clock: Clock, store: Store | None = None, **fields: Any) -> Host:
    """A host whose bot has asked its first question."""
    held = host(with_bot, edge, clock, store)
    await held.start(Started(**{"call": "call1", "wall": STARTED.wall, "marks": "none", **fields}))
    await held.receive(Answered())
    return held
