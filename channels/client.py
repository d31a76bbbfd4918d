"""A client of a Huashu server, in Python: for programs that drive bots, for tests and for benchmarks."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc

from huashu.asr.engine import NO_DETAILS, Details, Word
from huashu.channels import bots_pb2, rpc, speech_pb2, wire
from huashu.channels import conversations_pb2 as pb
from huashu.core.actions import Action, Listen, Say
from huashu.core.audio import Timing
from huashu.core.errors import RemoteError
from huashu.core.events import Dtmf, EdgeEvent, Heard, Started
from huashu.tts.timing import Viseme


@dataclass(frozen=True, slots=True)
class Sound:
    """Sound of the bot, in the format that the call was opened with."""

    data: bytes
    at: int | None = None
    """Of sparse sound: where its first sample stands in the bot's, from the stream's beginning."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What the server's recogniser made of the caller's speech."""

    text: str
    final: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Words:
    """What the server's recogniser made of sound that belongs to no conversation."""

    heard: Heard
    begin: float
    """Second of the sound at which the utterance began …"""
    end: float
    """… and how far this reading goes."""
    details: Details = NO_DETAILS
    """Of a final reading, where the server's recogniser tells: when each word was said, how it sounded."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A piece of synthesised sound, and what begins in it or after it, by the seconds of the whole sound."""

    data: bytes
    words: tuple[Timing, ...]
    visemes: tuple[Viseme, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was sent has been refused; the conversation goes on."""

    code: str
    message: str


Received = Action | Sound | Transcript | Refused


class Client:
    """One connection; use as `async with Client("127.0.0.1:50051", token=…) as client`."""

    def __init__(
        self,
        address: str,
        *,
        token: str | None = None,
        ca: Path | None = None,
        certificate: Path | None = None,
        key: Path | None = None,
    ) -> None:
        """
        ca: PEM of the authority that signed the server's certificate; None: no TLS.
        certificate, key: PEM of this client, where the server wants one (mTLS).
        """
        self._metadata = (("authorization", f"Bearer {token}"),) if token else ()
        options = [("grpc.max_receive_message_length", 16 << 20), ("grpc.use_local_subchannel_pool", 1)]
        if ca is None:
            self._channel = grpc.aio.insecure_channel(address, options)
        else:
            credentials = grpc.ssl_channel_credentials(
                ca.read_bytes(), key.read_bytes() if key else None, certificate.read_bytes() if certificate else None
            )
            self._channel = grpc.aio.secure_channel(address, credentials, options)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close(None)

    async def bots(self) -> list[bots_pb2.Bot]:
        reply: bots_pb2.ListBotsReply = await self._unary(rpc.LIST, bots_pb2.ListBotsRequest())
        return list(reply.bots)

    async def describe(self, name: str) -> bots_pb2.Bot:
        reply: bots_pb2.Bot = await self._unary(rpc.DESCRIBE, bots_pb2.DescribeBotRequest(name=name))
        return reply

    async def check(self, files: Mapping[str, bytes]) -> bots_pb2.CheckBotReply:
        """`files`: content by path inside the bot's folder."""
        reply: bots_pb2.CheckBotReply = await self._unary(rpc.CHECK, bots_pb2.CheckBotRequest(files=files))
        return reply

    async def _unary(self, method: rpc.Method, request: Any) -> Any:
        call = self._channel.unary_unary(method.path, method.request.SerializeToString, method.reply.FromString)
        try:
            return await call(request, metadata=self._metadata)
        except grpc.aio.AioRpcError as error:
            raise _remote(error) from None

    async def recognise(
        self,
        sound: AsyncIterable[bytes | None],
        *,
        audio: pb.AudioFormat | None = None,
        language: str = "",
        phrases: Sequence[str] = (),
        closed: bool = False,
        until_pause: bool = True,
    ) -> AsyncIterator[Words]:
        """Words of sound, partial and final, while it arrives.

        sound: pieces of at most a second in the format of `audio` (default: 16-bit PCM at 8000); None ends an
            utterance. until_pause: the server ends them at pauses as well.

        Raises:
            RemoteError: refused or unreachable; `code` is the gRPC status in lower case.
        """
        config = speech_pb2.RecogniseConfig(
            audio=audio, language=language, phrases=phrases, closed=closed, until_pause=until_pause
        )

        async def requests() -> AsyncIterator[speech_pb2.RecogniseRequest]:
            yield speech_pb2.RecogniseRequest(config=config)
            async for piece in sound:
                if piece is None:
                    yield speech_pb2.RecogniseRequest(end=speech_pb2.EndUtterance())
                else:
                    yield speech_pb2.RecogniseRequest(audio=pb.Audio(data=piece))

        method = self._channel.stream_stream(
            rpc.RECOGNISE.path, rpc.RECOGNISE.request.SerializeToString, rpc.RECOGNISE.reply.FromString
        )
        try:
            async for reply in method(requests(), metadata=self._metadata):
                heard = wire.event_from(pb.Event(heard=reply.heard))
                if isinstance(heard, Heard):
                    words = tuple(Word(word.word, word.begin, word.end) for word in reply.words)
                    yield Words(heard, reply.begin, reply.end, Details(words, reply.emotion, reply.event))
        except grpc.aio.AioRpcError as error:
            raise _remote(error) from None

    async def synthesise(
        self,
        text: str,
        *,
        audio: pb.AudioFormat | None = None,
        language: str = "",
        voice: str = "",
        speed: float = 1.0,
        ssml: bool = False,
    ) -> AsyncIterator[bytes]:
        """Sound of a text, in the format of `audio` (default: 16-bit PCM at 8000). Raises RemoteError."""
        request = _synthesise_request(text, ssml, language=language, voice=voice, speed=speed, audio=audio)
        async for reply in self._synthesised(request):
            if reply.audio.data:
                yield reply.audio.data

    async def synthesise_timed(
        self,
        text: str,
        *,
        audio: pb.AudioFormat | None = None,
        language: str = "",
        voice: str = "",
        speed: float = 1.0,
        ssml: bool = False,
    ) -> AsyncIterator[Spoken]:
        """The same with the times of words and the shapes of the mouth, for captions and avatars."""
        request = _synthesise_request(text, ssml, language=language, voice=voice, speed=speed, audio=audio)
        request.timings = True
        async for reply in self._synthesised(request):
            yield Spoken(
                reply.audio.data,
                tuple(Timing(one.at, "word", one.word, one.start, one.estimated) for one in reply.words),
                tuple(Viseme(one.at, one.number, one.estimated) for one in reply.visemes),
            )

    async def _synthesised(self, request: speech_pb2.SynthesiseRequest) -> AsyncIterator[speech_pb2.SynthesiseReply]:
        method = self._channel.unary_stream(
            rpc.SYNTHESISE.path, rpc.SYNTHESISE.request.SerializeToString, rpc.SYNTHESISE.reply.FromString
        )
        try:
            async for reply in method(request, metadata=self._metadata):
                yield reply
        except grpc.aio.AioRpcError as error:
            raise _remote(error) from None

    async def converse(
        self, bot: str, started: Started | None = None, *, audio: pb.AudioFormat | None = None
    ) -> "Conversation":
        """Open a conversation. `audio`: voice over this stream; without it words travel as text.

        Raises:
            RemoteError: refused or unreachable; `code` is the gRPC status in lower case ("not_found").
        """
        start = wire.event_message(started or Started(call="", marks="none")).start
        start.bot = bot
        if audio is not None:
            start.audio.CopyFrom(audio)
        return await self.open(start)

    async def resume(self, conversation: "Conversation") -> None:
        """Go on with a conversation whose stream broke: what the server has not on record is sent again. A voice call
        goes on in the format it was opened with."""
        start = pb.Start(resume=conversation.call, received=conversation.received)
        if conversation.audio is not None:
            start.medium = pb.MEDIUM_VOICE
            start.audio.CopyFrom(conversation.audio)
        opened = await self.open(start)
        await conversation.adopt(opened)

    async def open(self, start: pb.Start) -> "Conversation":
        """Like `converse`, with the message in full."""
        conversation = Conversation(self.stream(), audio=start.audio if start.HasField("audio") else None)
        await conversation.begin(start)
        return conversation

    def stream(self) -> Any:
        """A bare stream: a grpc.aio call of ClientMessage and ServerMessage."""
        method = self._channel.stream_stream(
            rpc.CONVERSE.path, rpc.CONVERSE.request.SerializeToString, rpc.CONVERSE.reply.FromString
        )
        return method(None, metadata=self._metadata)


@dataclass(eq=False)
class Conversation:
    """One open conversation: send events and sound, iterate over what comes back until the conversation is over."""

    stream: Any
    call: str = ""
    digest: str = ""
    recorded: int = 0
    turns: list[EdgeEvent] = field(default_factory=list)
    """Final Heard and Dtmf events sent, oldest first."""
    received: str = ""
    """Id of the last action received."""
    seen: set[str] = field(default_factory=set)
    """Ids of actions received: after a resume only lines and questions are handed out again."""
    audio: pb.AudioFormat | None = None
    """Of a voice call: what its sound is like, both ways."""

    reading: "asyncio.Future[pb.ServerMessage | None] | None" = None
    over: pb.Over | None = None
    """What the server said last, and why."""

    writing: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while something is sent: gRPC ends a stream with an internal error when two send at once, as the task of
    the sound and the task of the keys do."""

    async def begin(self, start: pb.Start) -> None:
        with suppress(RemoteError):  # what the server says tells more than that it did not listen
            await self._write(pb.ClientMessage(event=pb.Event(start=start)))
        first = await self._read()
        if first is not None and first.WhichOneof("message") == "over":
            await self.done()
            raise _error(first.over.code, first.over.message)
        if first is None or first.WhichOneof("message") != "accepted":
            raise await _status(self.stream, None)
        self.call = first.accepted.call
        self.digest = first.accepted.digest
        self.recorded = first.accepted.recorded

    async def adopt(self, opened: "Conversation") -> None:
        """Continue over another stream of the same call."""
        self.stream = opened.stream
        self.reading = None
        self.over = None
        missing = self.turns[opened.recorded :]
        del self.turns[opened.recorded :]
        for event in missing:
            await self.send(event)

    async def send(self, event: EdgeEvent) -> None:
        """Raises RemoteError when the stream is broken or over; a turn is kept and sent again by `Client.resume`."""
        if isinstance(event, Dtmf) or (isinstance(event, Heard) and event.final):
            self.turns.append(event)
        await self._write(pb.ClientMessage(event=wire.event_message(event)))

    async def send_sound(self, data: bytes, at: int | None = None) -> None:
        """`at`: place of the first sample in all of the sound, where pieces may have come out of order or been lost."""
        await self._write(pb.ClientMessage(audio=pb.Audio(data=data, at=at)))

    async def send_telephone_event(self, payload: bytes, timestamp: int) -> None:
        """An RTP packet of type telephone-event (RFC 4733), as it came; `timestamp`: of its header."""
        packet = pb.TelephoneEvent(payload=payload, timestamp=timestamp)
        await self._write(pb.ClientMessage(telephone_event=packet))

    async def _write(self, message: pb.ClientMessage) -> None:
        sending = asyncio.ensure_future(self._sent(message))
        sending.add_done_callback(_looked_at)
        try:
            await asyncio.shield(sending)
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError) as error:
            raise await _status(self.stream, error) from None

    async def _sent(self, message: pb.ClientMessage) -> None:
        """In a task of its own, as grpc.aio breaks the stream when a write is cancelled."""
        async with self.writing:
            await self.stream.write(message)

    async def done(self) -> None:
        """Nothing more will be sent: the caller hangs up."""
        async with self.writing:
            await self.stream.done_writing()

    def abandon(self) -> None:
        """Break the stream off, as a lost network would."""
        self.stream.cancel()
        if self.reading is not None:
            self.reading.cancel()
            self.reading = None

    async def __aiter__(self) -> AsyncIterator[Received]:
        while (item := await self.receive()) is not None:
            yield item

    async def receive(self) -> Received | None:
        """The next thing from the server; None when the conversation is over. May be cancelled (`asyncio.timeout`).

        Raises:
            RemoteError: the stream broke.
        """
        while True:
            if self.over is not None and self.over.code:
                raise _error(self.over.code, self.over.message)
            if self.over is not None or (message := await self._read()) is None:
                return None
            item = self._received(message)
            if item is not None:
                return item

    async def _read(self) -> pb.ServerMessage | None:
        """None: the stream has ended well.

        In a task of its own, as grpc.aio breaks the stream when a read is cancelled; and by iteration, as its `read`
        gives nothing more of what has arrived once a write has failed.
        """
        if self.reading is None:
            self.reading = asyncio.ensure_future(anext(aiter(self.stream), None))
        reading = self.reading
        try:
            message = await asyncio.shield(reading)
        except (grpc.aio.AioRpcError, asyncio.CancelledError) as error:
            if not reading.done():
                raise  # it is we who were cancelled; the read goes on for the next call
            self.reading = None
            raise await _status(self.stream, error) from None
        self.reading = None
        return message

    def _received(self, message: pb.ServerMessage) -> Received | None:
        match message.WhichOneof("message"):
            case "action":
                action = wire.action_from(message.action)
                if action is None or (action.id in self.seen and not isinstance(action, (Say, Listen))):
                    return None
                self.seen.add(action.id)
                self.received = action.id
                return action
            case "audio":
                audio = message.audio
                return Sound(audio.data, audio.at if audio.HasField("at") else None)
            case "transcript":
                item = message.transcript
                return Transcript(item.text, item.final, item.confidence)
            case "error":
                return Refused(message.error.code, message.error.message)
            case "over":
                self.over = message.over
                return None
            case _:
                return None


def _looked_at(sending: "asyncio.Future[None]") -> None:
    """Nobody waits any more for what a cancelled sender had begun to send: how it ended is no news to anybody."""
    if not sending.cancelled():
        sending.exception()


def _synthesise_request(
    text: str, ssml: bool, *, language: str, voice: str, speed: float, audio: pb.AudioFormat | None
) -> speech_pb2.SynthesiseRequest:
    request = speech_pb2.SynthesiseRequest(language=language, voice=voice, speed=speed, audio=audio)
    if ssml:
        request.ssml = text
    else:
        request.text = text
    return request


async def _status(stream: Any, error: BaseException | None) -> RemoteError:
    if isinstance(error, grpc.aio.AioRpcError):
        return _remote(error)
    return _error((await stream.code()).name.lower(), await stream.details())


_RETRYABLE = "unavailable", "resource_exhausted", "cancelled"
_WRITE_FAILED = "internal", "Internal error from Core"
"""What grpc.aio makes of a write to a stream that has ended, in place of the server's status."""


def _remote(error: "grpc.aio.AioRpcError") -> RemoteError:
    return _error(error.code().name.lower(), error.details())


def _error(code: str, details: str | None) -> RemoteError:
    if (code, details) == _WRITE_FAILED:
        code, details = "unavailable", "the stream ended while something was being sent"
    return RemoteError(details or code, code=code, retryable=code in _RETRYABLE)
