"""A conversation that nobody carries any more, read from the record: what a person who calls back has to know of it."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

from huashu.core.actions import Action
from huashu.core.errors import StoreError, UsageError
from huashu.core.events import EdgeEvent, Event, Heard, Started
from huashu.core.expect import Expectation
from huashu.core.values import Values
from huashu.flows.loader import load_bundle
from huashu.flows.script import Script
from huashu.handoff.line import Audience, Track, Watcher
from huashu.runtime.replay import rerun
from huashu.store.log import Store

VERSIONS = 4
"""Versions of scripts that are kept compiled."""


class Past:
    """A `Line` on which nothing happens any more.

    Raises:
        StoreError: the call or its script is not in the store, was erased ("erased") or altered.
        ScriptError: its script is of a Huashu that this one does not understand.
    """

    def __init__(self, store: Store, call: str) -> None:
        record = store.call(call)
        if record.erased:
            raise StoreError(f"call {call} has been erased", code="erased")
        self.script = _script(store, record.digest)
        turns, self._engine = rerun(store.read(call), self.script)
        started = turns[0].entry.event
        assert isinstance(started, Started)  # rerun raises for any other
        self.call = call
        self.started = started
        self.now = turns[-1].entry.now
        self.rate = None
        past: list[tuple[float, Event | Action]] = []
        for turn in turns:
            event = turn.entry.event
            if not (isinstance(event, Heard) and not event.final):
                past.append((turn.entry.now, event))
            past += ((turn.entry.now, action) for action in turn.actions)
        self._past = tuple(past)

    @property
    def owner(self) -> Literal["bot", "human"]:
        return "bot"

    @property
    def step(self) -> str:
        return self._engine.step

    @property
    def slots(self) -> Values:
        return self._engine.slots

    @property
    def expectation(self) -> Expectation:
        return self._engine.expectation

    def history(self) -> Sequence[tuple[float, Event | Action]]:
        return self._past

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        return lambda: None

    async def receive(self, event: EdgeEvent) -> None:
        raise UsageError(f"call {self.call} is over: nobody is there to be told anything")

    def bridge(self, track: Track, *, hears: Audience, heard_by: Audience) -> None:
        raise UsageError(f"call {self.call} is over: it has no sound any more")

    def unbridge(self, track: Track) -> None:
        """It is on no line."""


def _script(store: Store, digest: str) -> Script:
    return _compiled(_Content(digest, store))


class _Content:
    """Equal to another of the same digest, so that a script is compiled once for many calls."""

    def __init__(self, digest: str, store: Store) -> None:
        self.digest, self.store = digest, store

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)


@lru_cache(maxsize=VERSIONS)
def _compiled(content: _Content) -> Script:
    data = content.store.get_script(content.digest)
    if data is None:
        raise StoreError(f"script version {content.digest} is not in the store", code="script")
    return load_bundle(data)
