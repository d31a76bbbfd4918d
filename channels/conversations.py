"""The `Conversations` service: admits streams, joins each to its call, and turns what goes wrong into clear words.

What is refused within a conversation comes back as `Error` and the conversation goes on. What ends a stream without
ending the conversation leaves it on record, to be resumed.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TypeAlias

import grpc
from google.protobuf.message import DecodeError

from huashu.channels import conversations_pb2 as pb
from huashu.channels import metrics, wire
from huashu.channels.admission import Admission
from huashu.channels.bots import known
from huashu.channels.limits import Limits, Pace, check_event, check_size
from huashu.channels.stream import HEARD_OUT, OVER, Ending, Outbox, error_message, hear_out, supervise
from huashu.channels.text_call import Call, LastWords, TextCall
from huashu.core.errors import LimitError, StoreError, UsageError
from huashu.core.events import Dtmf, Heard, HungUp, Started
from huashu.core.ids import new_call_id
from huashu.core.language import primary
from huashu.core.values import Scalar, Values
from huashu.handoff.attended import Joins
from huashu.runtime.alarm import Alarm
from huashu.runtime.bot import Bot
from huashu.store.log import Store
from huashu.values.registry import canonical

log = logging.getLogger(__name__)

Context: TypeAlias = "grpc.aio.ServicerContext[pb.ClientMessage, pb.ServerMessage]"
Requests = AsyncIterator[pb.ClientMessage]
VoiceFactory = Callable[[Bot, Outbox, pb.AudioFormat, Limits, Store | None, Joins | None], Call]

_CUT = Ending(grpc.StatusCode.CANCELLED)
"""A stream that its client broke off."""
_UNREADABLE = "a message that is no huashu.v1.ClientMessage (bytes or UTF-8 that cannot be read)"
_BREAK_SHOWS = 0.2
"""Seconds after the last message before its absence counts as "the caller has left". A broken stream ends its messages
in the same way, but cancels this handler right after; that conversation must stay open."""


_DETAILS = 1000
"""Characters of a status: it travels in the metadata, of which clients take 16 KB."""


class RefusedError(Exception):
    """Ends a stream before or instead of a conversation."""

    def __init__(self, code: grpc.StatusCode, details: str, retry: float = 0.0) -> None:
        super().__init__(details)
        self.ending = Ending(code, details, retry)


class ConversationsService:
    def __init__(
        self,
        bots: Mapping[str, Bot],
        *,
        store: Store | None,
        limits: Limits,
        voice: VoiceFactory | None = None,
        centre: Joins | None = None,
    ) -> None:
        """`bots` is read at each start, so bots may be added while the server runs. `voice` None: text only."""
        self._centre = centre
        self._bots = bots
        self._store = store
        self._limits = limits
        self._voice = voice
        self._live: dict[str, tuple[Outbox, asyncio.Event]] = {}
        """By call: its stream's way out, and what is set when the call has been let go."""
        self.admission = Admission(limits)
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def live(self) -> int:
        """Streams open now."""
        return self.admission.streams

    @property
    def draining(self) -> bool:
        return self.admission.draining

    async def drain(self, within: float) -> int:
        """Take no new conversations and let the live ones finish; how many were cut after `within` seconds."""
        self.admission.draining = True
        try:
            async with asyncio.timeout(within):
                await self._empty.wait()
        except TimeoutError:
            pass
        cut = self.live
        for outbox, _ in list(self._live.values()):
            outbox.end(Ending(grpc.StatusCode.UNAVAILABLE, "the server stops; resume the call on another"))
        await self._empty.wait()
        return cut

    async def converse(self, requests: Requests, context: Context) -> None:
        refusal = self.admission.stream_refusal()
        if refusal is not None:
            await _refuse(refusal, requests, context)
        self._empty.clear()
        ending = _CUT
        try:
            with self.admission.stream():
                ending = await self._conversation(requests, context)
        except RefusedError as refused:
            ending = refused.ending
            await _refuse(ending, requests, context)
        finally:
            metrics.ENDED.labels(ending.code.name).inc()
            if not self.live:
                self._empty.set()
        await _end(ending, context)

    async def _conversation(self, requests: Requests, context: Context) -> Ending:
        start = await self._opening(requests)
        if not start.HasField("audio"):
            return await self._admitted(start, requests, context)
        refusal = self.admission.call_refusal(resuming=bool(start.resume))
        if refusal is not None:
            raise RefusedError(refusal.code, refusal.details, refusal.retry)
        with self.admission.call():
            return await self._admitted(start, requests, context)

    async def _admitted(self, start: pb.Start, requests: Requests, context: Context) -> Ending:
        outbox = Outbox(self._limits.outbox)
        released = asyncio.Event()
        if start.resume:
            name = start.resume
            await self._evict(name)
            self._live[name] = (outbox, released)  # before any await: of many that resume at once, one holds the call
            try:
                call = await self._resumed(start, outbox)
            except BaseException:
                self._let_go(name, outbox, released)
                raise
        else:
            name, call = await self._started(start, outbox)
            self._live[name] = (outbox, released)
        tasks = [
            supervise(asyncio.create_task(self._read(requests, call, outbox)), outbox, "reader"),
            supervise(asyncio.create_task(self._watch(call, outbox)), outbox, "dialogue"),
        ]
        try:
            return await outbox.write_to(context.write)
        finally:
            # before anything is awaited: a client that broke off has this task cancelled, here as well
            for task in tasks:
                task.cancel()
            call.release()
            self._let_go(name, outbox, released)
            await asyncio.gather(*tasks, return_exceptions=True)

    def _let_go(self, name: str, outbox: Outbox, released: asyncio.Event) -> None:
        if self._live.get(name) == (outbox, released):
            del self._live[name]
        released.set()

    # --- how a conversation begins --------------------------------------------------------------------------------

    async def _opening(self, requests: Requests) -> pb.Start:
        try:
            async with asyncio.timeout(self._limits.start_within):
                message = await anext(requests, None)
        except TimeoutError:
            details = f"no start within {self._limits.start_within:g} s"
            raise RefusedError(grpc.StatusCode.DEADLINE_EXCEEDED, details) from None
        except DecodeError:
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, _UNREADABLE) from None
        if message is None or message.WhichOneof("message") != "event" or message.event.WhichOneof("event") != "start":
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, "the first message must be event.start")
        try:
            check_size(message, self._limits)
        except LimitError as error:
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, f"start: {error}") from None
        return message.event.start

    async def _started(self, start: pb.Start, outbox: Outbox) -> tuple[str, Call]:
        bot = self._bots.get(start.bot)
        if bot is None:
            scripts = {name: bot.script for name, bot in self._bots.items()}
            raise RefusedError(grpc.StatusCode.NOT_FOUND, f"start.bot: no bot {start.bot[:80]!r}; {known(scripts)}")
        try:
            started = self._wanted(start, bot)
            call = self._join(bot, start, outbox)
            outbox.put(accepted(started.call, bot.script.digest))
            await _or_released(call, call.start(started))
        except UsageError as error:
            raise RefusedError(grpc.StatusCode.INVALID_ARGUMENT, str(error)) from None
        except StoreError as error:
            log.error("call not started: %s", error)
            raise RefusedError(grpc.StatusCode.UNAVAILABLE, "the record cannot be written; try again") from None
        return started.call, call

    def _wanted(self, start: pb.Start, bot: Bot) -> Started:
        """What the client asks for, checked against the limits and the bot's variables. Raises UsageError."""
        event = wire.event_from(pb.Event(start=start))
        if not isinstance(event, Started):
            raise UsageError("start: cannot be read")
        check_event(event, self._limits)
        language = _spoken(event.language, (bot.script.language, *bot.script.languages))
        direction = event.direction if start.direction else bot.script.direction
        marks = event.marks if start.marks or event.medium == "voice" else "none"
        return replace(
            event,
            call=new_call_id(),
            language=language,
            wall=time.time(),
            seed=event.seed or secrets.randbits(31),
            direction=direction,
            marks=marks,
            variables=_canonical(event.variables, bot),
        )

    def _join(self, bot: Bot, start: pb.Start, outbox: Outbox) -> Call:
        if not start.HasField("audio"):
            return TextCall(bot, outbox, store=self._store, centre=self._centre)
        if start.medium != pb.MEDIUM_VOICE:
            raise UsageError("start.audio: only with start.medium MEDIUM_VOICE")
        if self._voice is None:
            raise UsageError("start.audio: this server has no ears and no voice; leave audio out and send heard events")
        return self._voice(bot, outbox, start.audio, self._limits, self._store, self._centre)

    async def _resumed(self, start: pb.Start, outbox: Outbox) -> Call:
        if self._store is None:
            raise RefusedError(grpc.StatusCode.FAILED_PRECONDITION, "start.resume: this server keeps no record")
        try:
            record = await asyncio.to_thread(self._store.call, start.resume)
            if record.state == "closed" and not start.received:
                raise RefusedError(grpc.StatusCode.FAILED_PRECONDITION, "start.resume: the conversation is over")
            entries = await asyncio.to_thread(self._store.read, start.resume)
            bot = self._bots.get(record.bot)
            if bot is None:
                details = f"start.resume: bot {record.bot!r} is not served here"
                raise RefusedError(grpc.StatusCode.FAILED_PRECONDITION, details)
            bot = await bot.version(self._store, record.digest)
            recorded = sum(
                isinstance(entry.event, Dtmf) or (isinstance(entry.event, Heard) and entry.event.final)
                for entry in entries
            )
            call = LastWords(bot, outbox, entries) if record.state == "closed" else self._join(bot, start, outbox)
            outbox.put(accepted(start.resume, record.digest, recorded=recorded))
            await _or_released(call, call.resume(start.resume, after=start.received or None))
        except StoreError as error:
            code, details = _STORE_STATUS.get(error.code, (grpc.StatusCode.UNAVAILABLE, "the record cannot be read"))
            raise RefusedError(code, f"start.resume: {details}") from None
        except UsageError as error:
            raise RefusedError(grpc.StatusCode.FAILED_PRECONDITION, f"start.resume: {error}") from None
        return call

    async def _evict(self, name: str) -> None:
        """Another stream of ours holds the call: its client may be gone without our having noticed."""
        while name in self._live:
            outbox, released = self._live[name]
            outbox.end(Ending(grpc.StatusCode.ABORTED, "the call was resumed by another stream"))
            await released.wait()

    # --- while it runs --------------------------------------------------------------------------------------------

    async def _read(self, requests: Requests, call: Call, outbox: Outbox) -> None:
        pace = Pace(self._limits.events_per_second, self._limits.events_burst)
        details = f"nothing for {self._limits.idle:g} s; resume the call"
        idle = Alarm(lambda: outbox.end(Ending(grpc.StatusCode.DEADLINE_EXCEEDED, details)))
        try:
            while True:
                idle.set(self._limits.idle)
                message = await anext(requests, None)
                if message is None:  # the client has nothing more to say
                    await asyncio.sleep(_BREAK_SHOWS)
                    await call.receive(HungUp())
                    return
                await self._take(message, call, outbox, pace)
        except DecodeError:
            outbox.end(Ending(grpc.StatusCode.INVALID_ARGUMENT, _UNREADABLE))
        except StoreError as error:
            outbox.end(_broken(error))
        finally:
            idle.set(None)

    async def _take(self, message: pb.ClientMessage, call: Call, outbox: Outbox, pace: Pace) -> None:
        try:
            check_size(message, self._limits)
            match message.WhichOneof("message"):
                case "audio":
                    sound = message.audio
                    await call.sound(sound.data, sound.at if sound.HasField("at") else None)
                case "telephone_event":
                    packet = message.telephone_event
                    if await call.telephone_event(packet.payload, packet.timestamp):  # the packets of a key are many
                        await _slowed(pace)
                case "event":
                    await _slowed(pace)
                    event = wire.event_from(message.event)
                    if isinstance(event, Started):
                        raise UsageError("start: the conversation has been started already")
                    if event is not None:
                        check_event(event, self._limits)
                        await call.receive(event)
                case _:
                    pass  # from a newer client: ignored, by the rule in conversations.proto
        except UsageError as error:
            metrics.REFUSED.labels(error.code).inc()
            outbox.put(error_message(error.code, str(error)))

    async def _watch(self, call: Call, outbox: Outbox) -> None:
        try:
            await call.wait_closed()
        except StoreError as error:
            outbox.end(_broken(error))
        else:
            outbox.end(OVER)


async def _slowed(pace: Pace) -> None:
    """A client that sends more than its share is read more slowly."""
    pause = pace.wait(time.monotonic())
    if pause > 0:
        await asyncio.sleep(pause)


async def _or_released(call: Call, begins: Awaitable[None]) -> None:
    """A call that does not begin gives back what it holds."""
    try:
        await begins
    except BaseException:
        call.release()
        raise


async def _refuse(ending: Ending, requests: Requests, context: Context) -> None:
    await _say_over(ending, context)
    await hear_out(requests)
    await _abort(ending, context)


async def _end(ending: Ending, context: Context) -> None:
    await _say_over(ending, context)
    if ending is not OVER:
        await _abort(ending, context)


async def _say_over(ending: Ending, context: Context) -> None:
    code = "" if ending is OVER else ending.code.name.lower()
    over = pb.Over(code=code, message=ending.details[:_DETAILS], retry_after=ending.retry)
    with suppress(TimeoutError):  # a client that does not read is not waited for
        async with asyncio.timeout(HEARD_OUT):
            await context.write(pb.ServerMessage(over=over))


async def _abort(ending: Ending, context: Context) -> None:
    """End a stream, and tell its client when to come back (gRFC A6)."""
    pushback = (("grpc-retry-pushback-ms", str(round(ending.retry * 1000))),) if ending.retry else ()
    await context.abort(ending.code, ending.details[:_DETAILS], pushback)


def accepted(call: str, digest: str, *, recorded: int | None = None) -> pb.ServerMessage:
    """`recorded` None: a new call."""
    return pb.ServerMessage(
        accepted=pb.Accepted(call=call, digest=digest, resumed=recorded is not None, recorded=recorded or 0)
    )


def _canonical(values: Values, bot: Bot) -> Values:
    """Raises UsageError naming the variable."""
    variables = bot.script.variables
    for name in values:
        if name not in variables:
            raise UsageError(f"start.variables: the bot has no variable {name!r}; it has: {', '.join(variables)}")
    checked: dict[str, Scalar] = {}
    for name, value in values.items():
        try:
            checked[name] = None if value is None else canonical(variables[name].type, value)
        except UsageError as error:
            raise UsageError(f"start.variables[{name}]: {error}") from None
    return checked


_STORE_STATUS = {
    "unknown": (grpc.StatusCode.NOT_FOUND, "no such call on record"),
    "closed": (grpc.StatusCode.FAILED_PRECONDITION, "the conversation is over"),
}


def _broken(error: StoreError) -> Ending:
    if error.code in ("stale", "closed"):
        return Ending(grpc.StatusCode.ABORTED, "the call was resumed elsewhere")
    log.error("stream ends: the record cannot be written: %s", error)
    return Ending(grpc.StatusCode.UNAVAILABLE, "the record cannot be written; resume the call")


def _spoken(wanted: str | None, languages: tuple[str, ...]) -> str | None:
    """The bot's own tag for a language: "zh" finds "zh-CN". Raises UsageError when the bot does not speak it."""
    if not wanted:
        return None
    for tag in languages:
        if wanted.lower() in (tag.lower(), primary(tag)):
            return tag
    raise UsageError(f"start.language: the bot does not speak {wanted[:20]!r}; it has: {', '.join(languages)}")
