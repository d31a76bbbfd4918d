"""A conversation whose words travel as text: text chats, and calls whose client recognises and speaks by itself."""

import logging
from collections.abc import Sequence
from typing import Protocol

import grpc

from huashu.channels import conversations_pb2 as pb
from huashu.channels import wire
from huashu.channels.stream import Ending, Outbox
from huashu.core.actions import Action, Listen, RunAction
from huashu.core.errors import UsageError
from huashu.core.events import Answered, EdgeEvent, Started
from huashu.handoff.attended import Attended, Joins
from huashu.runtime.bot import Bot
from huashu.runtime.host import Host
from huashu.runtime.resume import outstanding
from huashu.runtime.turn import Turns
from huashu.store.log import Entry, Store

log = logging.getLogger(__name__)


class Call(Protocol):
    """What the stream of one conversation is joined to. Errors of its methods are those of `Host`."""

    async def start(self, started: Started) -> None: ...

    async def resume(self, call: str, *, after: str | None) -> None: ...

    async def receive(self, event: EdgeEvent) -> None: ...

    async def sound(self, data: bytes, at: int | None = None) -> None:
        """Raises UsageError when the conversation has no sound."""
        ...

    async def telephone_event(self, payload: bytes, timestamp: int) -> bool:
        """A packet of RFC 4733; whether it was the first to tell of a key. Raises UsageError as `sound` does."""
        ...

    async def wait_closed(self) -> None: ...

    def release(self) -> None:
        """Let go of the conversation; what is on record stays, and an open one may be resumed. Nothing is awaited, so
        that nothing can come between."""
        ...


class TextCall:
    """The host's edge: actions go out as they are."""

    def __init__(self, bot: Bot, outbox: Outbox, *, store: Store | None, centre: Joins | None = None) -> None:
        self._outbox = outbox
        self._line = Attended(centre, bot.script, store)
        self._host = Host(bot, self, store=store, observe=self._line.saw)
        self._line.over(self._host)

    def perform(self, action: Action) -> None:
        try:
            message = wire.action_message(action)
        except UsageError as error:
            log.error("call %s: action %s has no wire form", self._host.call, action.id)
            self._outbox.end(Ending(grpc.StatusCode.INTERNAL, f"action {action.id}: {error}"))
            return
        self._outbox.put(pb.ServerMessage(action=message))
        self._line.did(action)

    async def start(self, started: Started) -> None:
        await self._host.start(started)
        self._line.join()
        if answered_from_the_start(started):
            await self._host.receive(Answered())

    async def resume(self, call: str, *, after: str | None) -> None:
        await self._host.resume(call, after=after)
        self._line.join()

    async def receive(self, event: EdgeEvent) -> None:
        await self._host.receive(event)

    async def sound(self, data: bytes, at: int | None = None) -> None:
        raise UsageError("audio: this conversation was started without start.audio")

    async def telephone_event(self, payload: bytes, timestamp: int) -> bool:
        raise UsageError("telephone_event: this conversation was started without start.audio; send dtmf events")

    async def wait_closed(self) -> None:
        await self._host.wait_closed()

    def release(self) -> None:
        self._line.leave()
        self._host.detach()


class LastWords:
    """A conversation that ended when its client could not hear it: what the client lacks, then nothing more."""

    def __init__(self, bot: Bot, outbox: Outbox, entries: Sequence[Entry]) -> None:
        self._bot = bot
        self._outbox = outbox
        self._entries = entries

    async def start(self, started: Started) -> None:
        raise UsageError("the conversation is over")

    async def resume(self, call: str, *, after: str | None) -> None:
        history = Turns(self._bot).restore(self._entries, epoch=0)
        for action in outstanding(history, after=after):
            if not isinstance(action, (RunAction, Listen)):
                self._outbox.put(pb.ServerMessage(action=wire.action_message(action)))

    async def receive(self, event: EdgeEvent) -> None:
        """Too late."""

    async def sound(self, data: bytes, at: int | None = None) -> None:
        """Too late."""

    async def telephone_event(self, payload: bytes, timestamp: int) -> bool:
        """Too late."""
        return False

    async def wait_closed(self) -> None:
        """At once."""

    def release(self) -> None:
        """Nothing is held."""


def answered_from_the_start(started: Started) -> bool:
    """A chat, and a call that came in, have somebody at the other end; one that goes out rings first."""
    return started.medium == "text" or started.direction == "inbound"
