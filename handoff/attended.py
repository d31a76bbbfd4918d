"""A conversation on a host as a `Line`: what every channel joins to the centre.

line = Attended(centre, bot.script, store)
host = Host(bot, edge, store=store, observe=line.saw)
line.over(host)                     # a voice call: line.over(session.host, session)
…
line.join()                         # after host.start or host.resume, before the caller is answered
line.did(action)                    # in the edge's perform, behind what the edge does itself
line.leave()
"""

import logging
from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from huashu.core.actions import Action, Handoff
from huashu.core.errors import UsageError
from huashu.core.events import EdgeEvent, Event, Heard, Started
from huashu.core.expect import Expectation
from huashu.core.values import Values
from huashu.flows.script import Script
from huashu.handoff.line import Audience, Line, Track, Watcher
from huashu.runtime.faults import where
from huashu.runtime.host import Host
from huashu.runtime.replay import run
from huashu.store.log import Entry, Store

log = logging.getLogger(__name__)

KEPT = 4000
"""Events and actions remembered of a conversation that has no record."""


class Joins(Protocol):
    """The centre, as a channel knows it."""

    def join(self, line: Line) -> None:
        """A conversation lives here from now on. One of the same call that was here before is replaced."""
        ...

    def leave(self, call: str, *, over: bool) -> None:
        """It does not any more. over False: its line was lost, and may come back."""
        ...

    def request(self, call: str, handoff: Handoff) -> None:
        """The bot asks for a person. Never blocks."""
        ...


class Sound(Protocol):
    """The sound of a voice call (huashu.voice.session.VoiceSession)."""

    @property
    def rate(self) -> int: ...

    async def receive(self, event: EdgeEvent) -> None: ...

    def bridge(self, track: Track, *, hears: Audience, heard_by: Audience) -> None: ...

    def unbridge(self, track: Track) -> None: ...


class Attended:
    """Args: centre: None: nobody takes over, and every method here does nothing."""

    def __init__(self, centre: Joins | None, script: Script, store: Store | None) -> None:
        self._centre = centre
        self.script = script
        self._store = store
        self._host: Host | None = None
        self._sound: Sound | None = None
        self._watchers: list[Watcher] = []
        self._kept: list[tuple[float, Event | Action]] = []
        self._joined = False

    def over(self, host: Host, sound: Sound | None = None) -> None:
        self._host, self._sound = host, sound

    def join(self) -> None:
        if self._centre is not None and not self._joined:
            self._joined = True
            self._centre.join(self)

    def leave(self) -> None:
        if self._centre is not None and self._joined:
            self._joined = False
            self._centre.leave(self.call, over=self.host.closed)

    def saw(self, entry: Entry) -> None:
        """The engine has accepted an event."""
        if self._centre is None:
            return
        if self._store is None and not (isinstance(entry.event, Heard) and not entry.event.final):
            self._keep(entry.now, entry.event)
        self._tell(entry.now, entry.event)

    def did(self, action: Action) -> None:
        """An action has been performed."""
        if self._centre is None:
            return
        if self._store is None:
            self._keep(self.now, action)
        self._tell(self.now, action)
        if isinstance(action, Handoff):
            if not self._joined:
                self.join()  # a resumed conversation asks again before its channel has come so far
            self._centre.request(self.call, action)

    # --- the line -------------------------------------------------------------------------------------------------

    @property
    def host(self) -> Host:
        if self._host is None:
            raise UsageError("the line is over no host yet")
        return self._host

    @property
    def call(self) -> str:
        return self.host.call

    @property
    def started(self) -> Started:
        started = self.host.started
        if started is None:
            raise UsageError("the conversation has not been started")
        return started

    @property
    def now(self) -> float:
        return self.host.now

    @property
    def owner(self) -> Literal["bot", "human"]:
        return "human" if self.host.owner == "human" else "bot"

    @property
    def step(self) -> str:
        return self.host.step

    @property
    def slots(self) -> Values:
        return self.host.slots

    @property
    def expectation(self) -> Expectation:
        return self.host.expectation

    @property
    def rate(self) -> int | None:
        return self._sound.rate if self._sound is not None else None

    def history(self) -> Sequence[tuple[float, Event | Action]]:
        """Read from the record where there is one: a conversation keeps none of it in memory.

        Raises:
            StoreError: the record cannot be read.
        """
        if self._store is None:
            return tuple(self._kept)
        past: list[tuple[float, Event | Action]] = []
        for turn in run(self._store.read(self.call), self.script):
            event = turn.entry.event
            if not (isinstance(event, Heard) and not event.final):
                past.append((turn.entry.now, event))
            past += ((turn.entry.now, action) for action in turn.actions)
        return past

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        self._watchers.append(watcher)

        def stop() -> None:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

        return stop

    async def receive(self, event: EdgeEvent) -> None:
        await (self._sound or self.host).receive(event)

    def bridge(self, track: Track, *, hears: Audience, heard_by: Audience) -> None:
        if self._sound is None:
            raise UsageError(f"call {self.call} has no sound: its words are text")
        self._sound.bridge(track, hears=hears, heard_by=heard_by)

    def unbridge(self, track: Track) -> None:
        if self._sound is not None:
            self._sound.unbridge(track)

    # --- inside ---------------------------------------------------------------------------------------------------

    def _keep(self, now: float, what: Event | Action) -> None:
        if len(self._kept) < KEPT:
            self._kept.append((now, what))

    def _tell(self, now: float, what: Event | Action) -> None:
        for watcher in tuple(self._watchers):
            try:
                watcher(now, what)
            except Exception as error:  # whoever looks on must not cost the caller the conversation
                log.error("call %s: a watcher failed with %s", self.call, where(error))
                self._watchers.remove(watcher)
