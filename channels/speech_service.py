"""The `Speech` service: ears and voice over gRPC, without a bot."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from huashu.channels import conversations_pb2, metrics, wire
from huashu.channels import speech_pb2 as pb
from huashu.channels.speech import BUSY, RATES, SILENCE, STOPPING, SpeechDesk
from huashu.channels.stream import hear_out
from huashu.core.errors import EngineError, HuashuError, LimitError, UsageError
from huashu.voice import g711
from huashu.voice.dictating import Dictation, Reading
from huashu.voice.g711 import Encoding
from huashu.voice.spoken import Piece

log = logging.getLogger(__name__)

Context = grpc.aio.ServicerContext

_ENCODINGS: dict[int, Encoding] = {
    conversations_pb2.ENCODING_UNSPECIFIED: "pcm",
    conversations_pb2.ENCODING_LINEAR16: "pcm",
    conversations_pb2.ENCODING_MULAW: "ulaw",
    conversations_pb2.ENCODING_ALAW: "alaw",
}
_STATUS = {
    BUSY: grpc.StatusCode.RESOURCE_EXHAUSTED,
    STOPPING: grpc.StatusCode.UNAVAILABLE,
    SILENCE: grpc.StatusCode.FAILED_PRECONDITION,
    "language": grpc.StatusCode.INVALID_ARGUMENT,
    "unknown_voice": grpc.StatusCode.INVALID_ARGUMENT,
    "no_grammar": grpc.StatusCode.INVALID_ARGUMENT,
    "no_model": grpc.StatusCode.FAILED_PRECONDITION,
}


_DETAILS = 1000
"""Characters of a status: it travels in the metadata, of which clients take 16 KB."""


class SpeechService:
    def __init__(self, desk: SpeechDesk) -> None:
        self.desk = desk

    async def recognise(
        self,
        requests: AsyncIterator[pb.RecogniseRequest],
        context: "Context[pb.RecogniseRequest, pb.RecogniseReply]",
    ) -> None:
        with _refusals("Recognise") as refused, self.desk.place():
            await self._recognise(requests, context)
        if refused.ending is not None:
            await hear_out(requests)
        await refused.abort(context)

    async def synthesise(
        self, request: pb.SynthesiseRequest, context: "Context[pb.SynthesiseRequest, pb.SynthesiseReply]"
    ) -> None:
        with _refusals("Synthesise") as refused, self.desk.place():
            await self._synthesise(request, context)
        await refused.abort(context)

    async def _recognise(
        self,
        requests: AsyncIterator[pb.RecogniseRequest],
        context: "Context[pb.RecogniseRequest, pb.RecogniseReply]",
    ) -> None:
        desk, limits = self.desk, self.desk.limits
        first = await _next(requests, limits.start_within)
        if first is None or first.WhichOneof("message") != "config":
            raise UsageError("the first message must be config")
        config = first.config
        encoding, rate = _format(config.audio)
        most = round(limits.audio_seconds * rate) * (2 if encoding == "pcm" else 1)
        dictation = await desk.dictation(
            rate=rate,
            language=config.language,
            phrases=tuple(config.phrases),
            closed=config.closed,
            pauses=config.until_pause,
            partials=not config.finals_only,
        )
        try:
            while (message := await _next(requests, limits.idle)) is not None:
                match message.WhichOneof("message"):
                    case "audio":
                        await self._tell(await self._feed(dictation, message.audio.data, encoding, most), context)
                    case "end":
                        await self._tell(await desk.readings(dictation.end), context)
                    case "config":
                        raise UsageError("config: it has been given already")
                    case _:
                        pass  # from a newer client: ignored, by the rule in conversations.proto
            await self._tell(await desk.readings(dictation.end), context)
        finally:
            desk.release(dictation)

    async def _feed(self, dictation: Dictation, data: bytes, encoding: Encoding, most: int) -> list[Reading]:
        if len(data) > most:
            seconds = self.desk.limits.audio_seconds
            raise LimitError(f"audio.data: {len(data)} bytes; at most {most}, {seconds:g} s of sound")
        if encoding == "pcm" and len(data) % 2:
            raise UsageError(f"audio.data: {len(data)} bytes are not 16-bit samples")
        return await self.desk.readings(lambda: dictation.feed(g711.decode(data, encoding)))

    async def _tell(self, readings: list[Reading], context: "Context[pb.RecogniseRequest, pb.RecogniseReply]") -> None:
        for reading in readings:
            heard, more = wire.event_message(reading.heard).heard, reading.details
            words = [pb.HeardWord(word=word.text, begin=word.begin, end=word.end) for word in more.words]
            reply = pb.RecogniseReply(heard=heard, begin=reading.begin, end=reading.end, words=words)
            reply.emotion, reply.event = more.emotion, more.event
            await context.write(reply)

    async def _synthesise(
        self, request: pb.SynthesiseRequest, context: "Context[pb.SynthesiseRequest, pb.SynthesiseReply]"
    ) -> None:
        encoding, rate = _format(request.audio)
        said = self.desk.utterance(
            request.text or request.ssml,
            language=request.language,
            voice=request.voice,
            speed=request.speed or 1.0,
            ssml=request.WhichOneof("input") == "ssml",
        )
        sound = 0
        async for piece in self.desk.spoken(said, rate, timings=request.timings):
            sound += len(piece.pcm)
            if piece.pcm or piece.words or piece.visemes:
                await context.write(_synthesised(piece, encoding))
        if not sound:
            raise UsageError("text: there is nothing in it that can be read aloud")


def _synthesised(piece: Piece, encoding: Encoding) -> pb.SynthesiseReply:
    return pb.SynthesiseReply(
        audio=conversations_pb2.Audio(data=g711.encode(piece.pcm, encoding)),
        words=[
            pb.WordTiming(at=one.at, word=one.value, start=one.start, estimated=one.estimated) for one in piece.words
        ],
        visemes=[pb.Viseme(at=one.at, number=one.number, estimated=one.estimated) for one in piece.visemes],
    )


class _Refusal:
    """How a request ended that could not be served; None: it was."""

    ending: tuple[grpc.StatusCode, str] | None = None

    async def abort(self, context: "Context[Any, Any]") -> None:
        if self.ending is not None:
            await context.abort(*self.ending)


@contextmanager
def _refusals(method: str) -> Iterator[_Refusal]:
    """Turns our errors into a status, and counts how requests end."""
    refusal = _Refusal()
    status = grpc.StatusCode.CANCELLED
    try:
        yield refusal
        status = grpc.StatusCode.OK
    except HuashuError as error:
        status = _status(error)
        refusal.ending = (status, str(error)[:_DETAILS])
        if status is grpc.StatusCode.INTERNAL:
            log.error("%s failed: %s", method, error.code)
    except DecodeError:
        status = grpc.StatusCode.INVALID_ARGUMENT
        refusal.ending = (status, f"a message that is none of huashu.v1.Speech/{method}")
    except TimeoutError:
        status = grpc.StatusCode.DEADLINE_EXCEEDED
        refusal.ending = (status, "no message came for too long")
    finally:
        metrics.SPEECH.labels(method, status.name).inc()


def _status(error: HuashuError) -> grpc.StatusCode:
    if error.code in _STATUS:
        return _STATUS[error.code]
    if isinstance(error, UsageError):
        return grpc.StatusCode.INVALID_ARGUMENT
    return (
        grpc.StatusCode.UNAVAILABLE if isinstance(error, EngineError) and error.retryable else grpc.StatusCode.INTERNAL
    )


async def _next(requests: AsyncIterator[pb.RecogniseRequest], within: float) -> pb.RecogniseRequest | None:
    async with asyncio.timeout(within):
        return await anext(requests, None)


def _format(audio: conversations_pb2.AudioFormat) -> tuple[Encoding, int]:
    """Raises UsageError for what is not served."""
    rate = audio.rate or 8000
    if audio.encoding not in _ENCODINGS:
        raise UsageError("audio.encoding: expected LINEAR16, MULAW or ALAW")
    encoding = _ENCODINGS[audio.encoding]
    if rate not in RATES or (encoding != "pcm" and rate != 8000):
        rates = ", ".join(map(str, RATES))
        raise UsageError(f"audio.rate: {rate}; expected 8000, or with LINEAR16 one of {rates}")
    return encoding, rate
