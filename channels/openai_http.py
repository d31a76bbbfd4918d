"""`/v1/audio/transcriptions`, `/v1/audio/speech` and `/v1/models` as OpenAI's clients expect them.

The shapes are those of OpenAI's API reference, "Audio", of 2025; what this server does not do is refused by its name
instead of being passed over.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final
from uuid import uuid4

import numpy as np
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from huashu.channels import metrics
from huashu.channels.security import Gate
from huashu.channels.speech import BUSY, SILENCE, STOPPING, SpeechDesk
from huashu.channels.transcripts import transcript
from huashu.core.errors import HuashuError, LimitError, UsageError
from huashu.tts.registry import SILENT
from huashu.voice import containers
from huashu.voice.dictating import Reading
from huashu.voice.resample import to_pcm
from huashu.voice.wav import Wav, ai_label, header

log = logging.getLogger(__name__)

RATE: Final = 24000
"""Samples a second of what is spoken: what OpenAI's `pcm` has."""
_FORMATS: Final = ("json", "text", "verbose_json", "srt", "vtt")
_SOUNDS: Final = {"wav": "audio/wav", "pcm": "audio/pcm"}
_HEARING, _SPEAKING = "whisper-1", "tts-1"
"""OpenAI's names, which many programs have written into them: here they mean the recogniser and voice there is."""
_LISTED: Final = re.compile(r"[\n，、；,;]")
"""Between likely phrases: OpenAI's guide lists words in a prompt with commas."""
_OUR_VOICE: Final = ("", "default", "alloy")
_SMALL_BODY = 64 << 10
"""Bytes of a JSON body, and of all that is in a form beside the file."""
_STATUS = {BUSY: 429, STOPPING: 503, SILENCE: 503, "language": 400, "unknown_voice": 400, "no_grammar": 400,
           "no_model": 400}  # fmt: skip

Answer = Callable[[Request], Awaitable[Response]]


class _RefusedError(Exception):
    def __init__(self, status: int, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.param = param
        self.code = code


def routes(desk: SpeechDesk, gate: Gate) -> list[Route]:
    audio = _Audio(desk)
    return [
        Route("/v1/models", _guarded("models", audio.models, gate)),
        Route("/v1/models/{model}", _guarded("models", audio.model, gate)),
        Route("/v1/audio/transcriptions", _guarded("transcriptions", audio.transcriptions, gate), methods=["POST"]),
        Route("/v1/audio/speech", _guarded("speech", audio.speech, gate), methods=["POST"]),
        Route("/v1/{rest:path}", _guarded("unknown", _unknown, gate), methods=["GET", "POST", "DELETE"]),
    ]


async def _unknown(request: Request) -> Response:
    known = "/v1/models, /v1/audio/transcriptions and /v1/audio/speech"
    message = f"/v1/{request.path_params['rest'][:80]} is not served; {known} are"
    raise _RefusedError(404, message, code="unknown_url")


class _Audio:
    def __init__(self, desk: SpeechDesk) -> None:
        self._desk = desk

    async def models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [_served(name) for name in self._names()]})

    async def model(self, request: Request) -> Response:
        name = request.path_params["model"]
        if name not in self._names():
            message = f"model: {name[:80]!r} is not served; /v1/models lists those that are"
            raise _RefusedError(404, message, param="model", code="model_not_found")
        return JSONResponse(_served(name))

    def _names(self) -> list[str]:
        names = [self._desk.recogniser.capabilities.name, _HEARING]
        if self._desk.voice.capabilities.name != SILENT:
            names += [self._desk.voice.capabilities.name, _SPEAKING]
        return names

    async def transcriptions(self, request: Request) -> Response:
        with self._desk.place():
            form = await self._form(request)
            self._model(_text(form, "model"), self._desk.recogniser.capabilities.name, _HEARING)
            wanted = _text(form, "response_format") or "json"
            if wanted not in _FORMATS:
                known = ", ".join(_FORMATS)
                raise _RefusedError(
                    400, f"response_format: {wanted[:40]!r}; expected one of {known}", param="response_format"
                )
            if _text(form, "stream").lower() in ("true", "1"):
                raise _RefusedError(
                    400, "stream: not served here; gRPC huashu.v1.Speech/Recognise streams", param="stream"
                )
            words = self._words_wanted(form, wanted)
            _temperature(_text(form, "temperature"))
            if form.getlist("include[]"):
                raise _RefusedError(400, "include: log probabilities are told a segment, not a token", param="include")
            wav = await self._wav(form)
            language = _text(form, "language")
            phrases = tuple(filter(None, (part.strip() for part in _LISTED.split(_text(form, "prompt")))))
            readings = await self._written(wav, language, phrases, more=words or wanted == "verbose_json")
        told = language or self._desk.language
        return transcript(readings, wanted, told, wav.seconds, words=words)

    def _words_wanted(self, form: FormData, wanted: str) -> bool:
        asked = {str(item) for item in form.getlist("timestamp_granularities[]")}
        message = ""
        if asked - {"word", "segment"}:
            message = f"{min(asked - {'word', 'segment'})[:40]!r}; expected word or segment"
        elif "word" not in asked:
            return False
        elif wanted != "verbose_json":
            message = "words have times in response_format verbose_json only"
        elif not self._desk.recogniser.capabilities.word_times:
            message = f"{self._desk.recogniser.capabilities.name} tells no times of words; segments have times"
        if message:
            raise _RefusedError(400, f"timestamp_granularities: {message}", param="timestamp_granularities")
        return True

    async def speech(self, request: Request) -> Response:
        body = await _json(request)
        self._model(_string(body, "model"), self._desk.voice.capabilities.name, _SPEAKING)
        form = _string(body, "response_format") or "wav"
        known = (*_SOUNDS, *containers.WRITTEN) if containers.available() else tuple(_SOUNDS)
        if form not in known:
            more = "" if containers.available() else "; mp3, opus and flac where PyAV is installed (huashu[whisper])"
            message = f"response_format: {form[:40]!r}; expected one of {', '.join(known)}{more}"
            raise _RefusedError(400, message, param="response_format")
        if _string(body, "stream_format") not in ("", "audio"):
            raise _RefusedError(400, "stream_format: only audio is served here", param="stream_format")
        speed = body.get("speed", 1.0)
        if isinstance(speed, bool) or not isinstance(speed, int | float):
            raise _RefusedError(400, "speed: expected a number from 0.5 to 2", param="speed")
        voice = _string(body, "voice")
        text = _string(body, "input")
        if not text.strip():
            raise _RefusedError(400, "input: there is nothing to read", param="input")
        if len(text) > self._desk.limits.speech_text:
            message = f"input: {len(text)} characters; at most {self._desk.limits.speech_text}"
            raise _RefusedError(400, message, param="input", code="string_above_max_length")
        utterance = self._desk.utterance(
            text,
            language=_string(body, "language"),
            voice="" if voice in _OUR_VOICE else voice,
            speed=float(speed),
            ssml=text.lstrip().startswith(("<speak", "<?xml", "<!DOCTYPE")),
        )
        sound = self._sound(self._desk.speak(utterance, RATE))
        first = await anext(sound, b"")  # what the engine refuses is known now: it can still be a status
        if not first:
            raise _RefusedError(400, "input: there is nothing in it that can be read aloud", param="input")
        if form == "pcm":
            return StreamingResponse(_again(first, sound), media_type=_SOUNDS[form])
        pcm = first + b"".join([piece async for piece in sound])
        label = ai_label(uuid4().hex)
        if form == "wav":
            return Response(header(len(pcm), rate=RATE, comment=label) + pcm, media_type=_SOUNDS[form])
        made = await self._desk.run(lambda: containers.written(pcm, form, rate=RATE, comment=label))
        return Response(made, media_type=containers.WRITTEN[form][2])

    async def _sound(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        with self._desk.place():
            async for piece in pieces:
                yield piece

    def _model(self, asked: str, ours: str, theirs: str) -> None:
        if asked not in (ours, theirs):
            message = f"model: {asked[:80]!r} is not served; {ours!r} is, and {theirs!r} means the same"
            raise _RefusedError(404, message, param="model", code="model_not_found")

    async def _form(self, request: Request) -> FormData:
        kind = request.headers.get("content-type", "")
        if not kind.startswith("multipart/form-data"):
            raise _RefusedError(415, "expected multipart/form-data with sound in `file`")
        most = self._desk.limits.upload_bytes + _SMALL_BODY
        parser = _InMemory(
            request.headers, _bounded(request, most), max_files=1, max_fields=20, max_part_size=_SMALL_BODY
        )
        try:
            return await parser.parse()
        except MultiPartException as error:
            raise _RefusedError(400, f"the form cannot be read: {error.message}") from None

    async def _wav(self, form: FormData) -> Wav:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise _RefusedError(400, "file: expected a file with sound", param="file")
        limits = self._desk.limits
        data = await file.read()
        if not data:
            raise _RefusedError(400, "file: it is empty", param="file")
        if len(data) > limits.upload_bytes:
            raise _RefusedError(413, f"file: {len(data)} bytes; at most {limits.upload_bytes}", param="file")
        try:
            wav = await self._desk.run(lambda: containers.read(data, most=limits.upload_seconds))
        except UsageError as error:
            raise _RefusedError(400, f"file: {error}", param="file") from None
        if not len(wav.sound):
            raise _RefusedError(400, "file: there is no sound in it", param="file")
        if wav.seconds > limits.upload_seconds:
            message = f"file: {wav.seconds:.0f} s of sound; at most {limits.upload_seconds:g}"
            raise _RefusedError(413, message, param="file")
        return wav

    async def _written(self, wav: Wav, language: str, phrases: tuple[str, ...], *, more: bool) -> list[Reading]:
        """A second at a time, so that other requests get their turn and a client that has gone is noticed."""
        dictation = await self._desk.dictation(
            rate=wav.rate, language=language, phrases=phrases, partials=False, more=more
        )
        readings: list[Reading] = []
        try:
            for start in range(0, len(wav.sound), wav.rate):
                pcm = to_pcm(wav.sound[start : start + wav.rate] * np.float32(32768.0))
                readings += await self._desk.readings(partial(dictation.feed, pcm))
            readings += await self._desk.readings(dictation.end)
        finally:
            self._desk.release(dictation)
        return [reading for reading in readings if reading.heard.final and reading.heard.text]


class _InMemory(MultiPartParser):
    """What callers say is not written to a temporary file; the bound on the body bounds the memory."""

    spool_max_size = 1 << 31


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise _RefusedError(413, f"the request has more than {most} bytes")
        yield piece


async def _json(request: Request) -> Mapping[str, Any]:
    raw = b"".join([piece async for piece in _bounded(request, _SMALL_BODY)])
    try:
        body = json.loads(raw)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _RefusedError(400, f"the body is no JSON: {error}") from None
    if not isinstance(body, dict):
        raise _RefusedError(400, "the body: expected a JSON object")
    return body


async def _again(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str):
        raise _RefusedError(400, f"{name}: expected text", param=name)
    return value


def _temperature(told: str) -> None:
    """It is taken and has no effect: recognisers here give their likeliest reading. What is none is refused."""
    try:
        known = not told or 0.0 <= float(told) <= 1.0
    except ValueError:
        known = False
    if not known:
        raise _RefusedError(400, f"temperature: {told[:40]!r}; expected a number from 0 to 1", param="temperature")


def _string(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name) or ""
    if not isinstance(value, str):
        raise _RefusedError(400, f"{name}: expected text", param=name)
    if not value.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _RefusedError(400, f"{name}: half of a character (a lone surrogate)", param=name)
    return value


def _served(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "huashu"}


# --- what is refused --------------------------------------------------------------------------------------------------


def _guarded(name: str, answer: Answer, gate: Gate) -> Answer:
    async def guarded(request: Request) -> Response:
        if not gate.admits(request.headers.get("authorization")):
            metrics.UNAUTHENTICATED.inc()
            refused = _error(401, "a bearer token is needed", code="invalid_api_key")
            refused.headers["www-authenticate"] = "Bearer"
            return refused
        try:
            response = await answer(request)
        except _RefusedError as error:
            response = _error(error.status, str(error), param=error.param, code=error.code)
        except HuashuError as error:
            response = _error(_status(error), str(error), code=error.code)
            if response.status_code == 500:
                log.error("%s failed: %s", name, error.code)
        except (ClientDisconnect, asyncio.CancelledError):
            metrics.SPEECH.labels(name, "CANCELLED").inc()
            raise
        metrics.SPEECH.labels(name, str(response.status_code)).inc()
        return response

    return guarded


def _status(error: HuashuError) -> int:
    if error.code in _STATUS:
        return _STATUS[error.code]
    if isinstance(error, LimitError):
        return 413
    return 400 if isinstance(error, UsageError) else 500


def _error(status: int, message: str, *, param: str | None = None, code: str | None = None) -> Response:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    response = JSONResponse(body, status_code=status)
    if status in (429, 503):
        response.headers["retry-after"] = "5"
    return response
