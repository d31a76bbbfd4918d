"""Ears and voice by themselves, over gRPC."""

import asyncio
import math
from array import array
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soxr  # type: ignore[import-untyped]

from huashu.asr.engine import Capabilities as Hearing
from huashu.asr.engine import Details, Word
from huashu.asr.sphinx import SphinxRecogniser
from huashu.channels import conversations_pb2 as pb
from huashu.channels.client import Client, Words
from huashu.channels.limits import Limits
from huashu.channels.speech import SpeechDesk
from huashu.channels.speech_service import SpeechService
from huashu.core.audio import Audio
from huashu.core.errors import EngineError, LimitError, RemoteError
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.tts.engine import Capabilities as Speaking
from huashu.tts.engine import Utterance
from huashu.tts.registry import open_voice
from huashu.tts.text_only import NullVoice
from huashu.voice import g711
from huashu.voice.vad import shared_model
from tests.channels.kit import WITHIN, Running, make_bot

pytestmark = pytest.mark.server

TOKEN = "correct-horse-battery"
SECOND = array("h", (round(8000 * math.sin(n * 0.3)) for n in range(8000))).tobytes()


class Ears:
    """Writes down how many samples an utterance had; sound over 2 s is refused."""

    capabilities = Hearing("counting", ("zh", "en"), 8000, streaming=True)

    def __init__(self) -> None:
        self.asked: list[Expectation] = []
        self.samples = 0

    def stream(self, expect: Expectation, language: str) -> "Ears":
        if language.split("-")[0] not in self.capabilities.languages:
            raise EngineError(f"no {language}", code="language")
        self.asked.append(expect)
        return self

    def warm(self, expectations: object) -> None:
        pass

    def accept(self, pcm: bytes) -> Heard | None:
        self.samples += len(pcm) // 2
        if self.samples > 16000:
            raise LimitError("an utterance is at most 2 s long")
        return Heard(f"{self.samples}", final=False)

    def finish(self) -> Heard:
        samples, self.samples = self.samples, 0
        return Heard(f"{samples} samples", confidence=0.9)


class Tone:
    """Hums 0.2 s a character at 16 kHz; refuses other languages, and breaks off at a bang."""

    capabilities = Speaking("tone", ("zh",), 16000)

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        if utterance.language != "zh-CN":
            raise EngineError(f"no {utterance.language}", code="language")
        for letter in utterance.text:
            if letter == "砰":
                raise EngineError("the voice broke")
            wave = (round(8000 * math.sin(n * 0.3)) for n in range(round(3200 / utterance.rate)))
            yield Audio(array("h", wave).tobytes(), 16000)


def running(
    folder: Path, ears: Ears | None = None, *, limits: Limits | None = None, token: str | None = None
) -> Running:
    desk = SpeechDesk(ears or Ears(), Tone(), limits or Limits())
    return Running(make_bot(folder), speech=SpeechService(desk), token=token)


async def told(client: Client, *sound: bytes | None, **options: object) -> list[Words]:
    async def pieces() -> AsyncIterator[bytes | None]:
        for piece in sound:
            yield piece

    async with asyncio.timeout(WITHIN):
        return [item async for item in client.recognise(pieces(), until_pause=False, **options)]  # type: ignore[arg-type]


async def spoken(client: Client, text: str, **options: object) -> bytes:
    async with asyncio.timeout(WITHIN):
        return b"".join([piece async for piece in client.synthesise(text, **options)])  # type: ignore[arg-type]


def finals(words: list[Words]) -> list[tuple[str, float, float]]:
    return [(item.heard.text, item.begin, item.end) for item in words if item.heard.final]


async def test_utterances_end_where_the_client_says(tmp_path: Path) -> None:
    async with running(tmp_path) as server, server.client() as client:
        words = await told(client, SECOND, None, SECOND[:8000], None, None)
    assert finals(words) == [("8000 samples", 0.0, 1.0), ("4000 samples", 1.0, 1.5)]
    partial = words[0]
    assert (partial.heard.text, partial.heard.final, partial.end) == ("800", False, 0.1)


async def test_who_is_refused_while_sending_learns_why(tmp_path: Path) -> None:
    async with running(tmp_path) as server, server.client() as client:
        for options, words in (({"language": "sw"}, "no sw"), ({"phrases": ["a"] * 300}, "phrases: at most 200")):
            with pytest.raises(RemoteError, match=words) as refused:
                await told(client, *[SECOND] * 30, **options)
            assert refused.value.code == "invalid_argument"
        with pytest.raises(RemoteError, match="no 你你你") as refused:
            await spoken(client, "好", language="你" * 9000)
        assert refused.value.code == "invalid_argument"


class Tells(Ears):
    details = Details((Word("好", 0.2, 0.45),), "happy", "speech")


async def test_when_words_were_said_and_how_comes_with_the_final_reading(tmp_path: Path) -> None:
    async with running(tmp_path, Tells()) as server, server.client() as client:
        words = await told(client, SECOND, None, SECOND)
    assert [item.details for item in words if not item.heard.final] == [Details()] * 20
    first, second = (item.details for item in words if item.heard.final)
    assert first == Tells.details
    assert second.words == (Word("好", 1.2, 1.45),)


async def test_the_end_of_the_stream_ends_the_last_utterance(tmp_path: Path) -> None:
    async with running(tmp_path) as server, server.client() as client:
        assert finals(await told(client, SECOND)) == [("8000 samples", 0.0, 1.0)]
        assert await told(client) == []


async def test_what_is_likely_reaches_the_recogniser(tmp_path: Path) -> None:
    ears = Ears()
    async with running(tmp_path, ears) as server, server.client() as client:
        await told(client, language="en-GB", phrases=["yes", "no"], closed=True)
        await told(client)
    assert [(item.kind, item.language, item.phrases) for item in ears.asked] == [
        ("choice", "en-GB", ("yes", "no")),
        ("free", "zh", ()),
    ]
    assert [choice.value for choice in ears.asked[0].choices] == ["yes", "no"]


async def test_sound_of_other_formats(tmp_path: Path) -> None:
    async with running(tmp_path) as server, server.client() as client:
        mulaw = pb.AudioFormat(encoding=pb.ENCODING_MULAW)
        assert finals(await told(client, g711.ulaw_encode(SECOND), audio=mulaw)) == [("8000 samples", 0.0, 1.0)]
        [(text, _, _)] = finals(await told(client, SECOND, audio=pb.AudioFormat(rate=16000)))
        assert 3900 <= int(text.split()[0]) <= 4000


@pytest.mark.parametrize(
    ("options", "sound", "code", "message"),
    [
        ({"audio": pb.AudioFormat(rate=11025)}, (), "invalid_argument", "audio.rate: 11025"),
        ({"audio": pb.AudioFormat(rate=16000, encoding=pb.ENCODING_ALAW)}, (), "invalid_argument", "audio.rate: 16000"),
        ({"language": "sw"}, (), "invalid_argument", "no sw"),
        ({"phrases": ["a"] * 201}, (), "invalid_argument", "at most 200"),
        ({}, (SECOND + SECOND,), "invalid_argument", "at most 16000, 1 s of sound"),
        ({}, (b"odd",), "invalid_argument", "3 bytes are not 16-bit samples"),
        ({}, (SECOND, SECOND, SECOND), "invalid_argument", "at most 2 s"),
    ],
)
async def test_what_cannot_be_heard_is_refused(
    tmp_path: Path, options: dict[str, object], sound: tuple[bytes, ...], code: str, message: str
) -> None:
    async with running(tmp_path) as server, server.client() as client:
        with pytest.raises(RemoteError, match=message) as refused:
            await told(client, *sound, **options)
        assert refused.value.code == code


async def test_text_is_spoken_in_the_format_asked_for(tmp_path: Path) -> None:
    async with running(tmp_path) as server, server.client() as client:
        assert len(await spoken(client, "您好")) == 2 * 3200
        assert len(await spoken(client, "您好", speed=2.0)) == 3200
        assert len(await spoken(client, "您好", audio=pb.AudioFormat(rate=48000))) == 2 * 19200
        alaw = await spoken(client, "您好", audio=pb.AudioFormat(encoding=pb.ENCODING_ALAW))
        assert len(alaw) == 3200
        assert np.abs(np.frombuffer(g711.alaw_decode(alaw), "<i2")).max() > 5000


@pytest.mark.parametrize(
    ("text", "options", "code", "message"),
    [
        (" ", {}, "invalid_argument", "nothing to read"),
        ("好" * 4097, {}, "invalid_argument", "4097 characters; at most 4096"),
        ("Hello", {}, "invalid_argument", "no en-US"),
        ("好", {"speed": 3.0}, "invalid_argument", "speed: 3"),
        ("好", {"audio": pb.AudioFormat(rate=44100)}, "invalid_argument", "audio.rate: 44100"),
        ("砰", {}, "internal", "the voice broke"),
    ],
)
async def test_what_cannot_be_spoken_is_refused(
    tmp_path: Path, text: str, options: dict[str, object], code: str, message: str
) -> None:
    async with running(tmp_path) as server, server.client() as client:
        with pytest.raises(RemoteError, match=message) as refused:
            await spoken(client, text, **options)
        assert refused.value.code == code


async def test_a_server_without_a_voice_says_so(tmp_path: Path) -> None:
    desk = SpeechDesk(Ears(), NullVoice(), Limits())
    async with Running(make_bot(tmp_path), speech=SpeechService(desk)) as server, server.client() as client:
        with pytest.raises(RemoteError, match="no voice") as refused:
            await spoken(client, "您好")
        assert refused.value.code == "failed_precondition"


async def test_the_token_guards_both(tmp_path: Path) -> None:
    async with running(tmp_path, token=TOKEN) as server, server.client() as stranger, server.client(TOKEN) as friend:
        for attempt in (told(stranger, SECOND), spoken(stranger, "您好")):
            with pytest.raises(RemoteError) as refused:
                await attempt
            assert refused.value.code == "unauthenticated"
        assert await told(friend, SECOND)
        assert await spoken(friend, "您好")


async def test_a_text_server_has_no_such_service(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as server, server.client() as client:
        with pytest.raises(RemoteError) as refused:
            await spoken(client, "您好")
        assert refused.value.code == "unimplemented"


class Held:
    """Sound that is given by hand."""

    def __init__(self, client: Client) -> None:
        self.more: asyncio.Queue[bytes | None] = asyncio.Queue()
        self.heard: asyncio.Queue[Words] = asyncio.Queue()
        self.task = asyncio.create_task(self._run(client))

    async def _run(self, client: Client) -> None:
        async for item in client.recognise(self._sound(), until_pause=False):
            self.heard.put_nowait(item)

    async def _sound(self) -> AsyncIterator[bytes]:
        while piece := await self.more.get():
            yield piece


async def test_places_are_bounded_and_a_drain_lets_the_taken_ones_finish(tmp_path: Path) -> None:
    async with running(tmp_path, limits=Limits(speech=1)) as server, server.client() as client:
        held = Held(client)
        held.more.put_nowait(SECOND)
        await asyncio.wait_for(held.heard.get(), WITHIN)
        with pytest.raises(RemoteError, match="all 1 places are taken") as refused:
            await spoken(client, "您好")
        assert (refused.value.code, refused.value.retryable) == ("resource_exhausted", True)
        drain = asyncio.create_task(server.server.drain(WITHIN))
        while server.server.ready:
            await asyncio.sleep(0)
        with pytest.raises(RemoteError, match="stopping"):
            await spoken(client, "您好")
        held.more.put_nowait(None)
        await asyncio.wait_for(held.task, WITHIN)
        await asyncio.wait_for(drain, WITHIN)
    last = held.heard.get_nowait()
    while not held.heard.empty():
        last = held.heard.get_nowait()
    assert last.heard == Heard("8000 samples", confidence=0.9)


async def test_timings_come_with_the_sound_when_they_are_asked_for(tmp_path: Path) -> None:
    async with running(tmp_path) as server, server.client() as client, asyncio.timeout(WITHIN):
        pieces = [piece async for piece in client.synthesise_timed("您好。账单！")]
        plain = await spoken(client, "您好。账单！")
    assert b"".join(piece.data for piece in pieces) == plain
    words = [word for piece in pieces for word in piece.words]
    assert [(word.value, word.start) for word in words] == [("您", 0), ("好", 1), ("账", 3), ("单", 4)]
    assert all(word.estimated for word in words)
    assert words[2].at == pytest.approx(0.6, abs=0.01), "0.2 s a character, the mark included"
    shapes = [viseme for piece in pieces for viseme in piece.visemes]
    assert [shape.at for shape in shapes] == sorted(shape.at for shape in shapes)
    assert all(one.number != other.number for one, other in pairwise(shapes))
    assert shapes[-1].name == "sil"
    assert shapes[-1].at == pytest.approx(len(plain) / 16000, abs=0.01)


async def test_timings_of_ssml_have_no_place_in_the_text(tmp_path: Path) -> None:
    text = '<speak>您<break time="1s"/>好</speak>'
    async with running(tmp_path) as server, server.client() as client, asyncio.timeout(WITHIN):
        pieces = [piece async for piece in client.synthesise_timed(text, ssml=True)]
    words = [word for piece in pieces for word in piece.words]
    assert [(word.value, word.start, round(word.at, 1)) for word in words] == [("您", -1, 0.0), ("好", -1, 1.2)]
    quiet = [viseme.at for piece in pieces for viseme in piece.visemes if viseme.name == "sil"]
    assert quiet[0] == pytest.approx(0.2, abs=0.01)


async def test_pauses_end_utterances_of_real_speech(tmp_path: Path) -> None:
    """A voice, a pause, a voice: two utterances, with their places in the sound, understood by the real recogniser."""
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    voice = open_voice("espeak")

    def said(text: str) -> bytes:
        chunks = list(voice.synthesise(Utterance(text, "en-US")))
        samples = np.frombuffer(b"".join(chunk.pcm for chunk in chunks), "<i2").astype(np.float32)
        pcm: bytes = np.clip(soxr.resample(samples, chunks[0].rate, 8000), -32768, 32767).astype("<i2").tobytes()
        return pcm

    first, second = said("cancel my order"), said("talk to a person")
    noise = np.random.default_rng(1).normal(0, 12, 24000).astype("<i2").tobytes()
    line = noise[:16000] + first + noise + second + noise
    desk = SpeechDesk(SphinxRecogniser(rate=8000), voice, Limits())

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(line), 1600):
            yield line[start : start + 1600]

    phrases = ["cancel my order", "talk to a person", "track my parcel"]
    async with Running(make_bot(tmp_path), speech=SpeechService(desk)) as server, server.client() as client:
        heard = [item async for item in client.recognise(pieces(), language="en-US", phrases=phrases, closed=True)]
    ended = finals(heard)
    assert [text for text, _, _ in ended] == ["cancel my order", "talk to a person"]
    assert ended[0][1] < 1.1 < 1.0 + len(first) / 16000 < ended[0][2] < ended[1][1]


async def test_a_client_that_leaves_gives_everything_back(tmp_path: Path) -> None:
    model = shared_model(8000)
    desk = SpeechDesk(Ears(), Tone(), Limits())
    free = len(model._free)
    async with Running(make_bot(tmp_path), speech=SpeechService(desk)) as server, server.client() as client:

        async def sound() -> AsyncIterator[bytes]:
            while True:
                yield SECOND[:1600]
                await asyncio.sleep(0)

        async def listen() -> None:
            async for _ in client.recognise(sound(), until_pause=True):
                pass

        for _ in range(3):
            task = asyncio.create_task(listen())
            async with asyncio.timeout(WITHIN):
                while not desk.live:
                    await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        async with asyncio.timeout(WITHIN):
            while desk.live or len(model._free) < free:
                await asyncio.sleep(0)


async def test_marks_of_ssml_are_obeyed(tmp_path: Path) -> None:
    async with running(tmp_path) as server, server.client() as client:
        text = "<speak>您好<break time='1s'/><prosody rate='200%' volume='-6dB'>您</prosody></speak>"
        sound = np.frombuffer(await spoken(client, text, ssml=True), "<i2")
        assert len(sound) == 3200 + 8000 + 800
        assert np.abs(sound[3200:11200]).max() == 0
        assert 3700 < np.abs(sound[11200:]).max() < 4700
        with pytest.raises(RemoteError, match="document type") as refused:
            await spoken(client, "<!DOCTYPE speak><speak/>", ssml=True)
        assert refused.value.code == "invalid_argument"
