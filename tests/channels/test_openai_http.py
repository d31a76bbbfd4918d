"""`/v1/audio`, as OpenAI's own Python client uses it."""

import io
import json
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import numpy as np
import pytest

from huashu.asr.sphinx import SphinxRecogniser
from huashu.channels.http_server import HttpServer, app
from huashu.channels.limits import Limits
from huashu.channels.security import Address
from huashu.channels.speech import SpeechDesk
from huashu.tts.engine import Utterance
from huashu.tts.registry import open_voice
from huashu.tts.text_only import NullVoice
from huashu.voice import g711
from huashu.voice.resample import resample, to_pcm
from huashu.voice.wav import comment_of, decode, header
from tests.channels.test_speech import Ears, Tone

pytestmark = pytest.mark.server

TOKEN = "correct-horse-battery"
SPOKEN = "cancel my order"


@asynccontextmanager
async def serving(desk: SpeechDesk) -> AsyncIterator[str]:
    server = HttpServer(Address("127.0.0.1", 0), app(lambda: True, token=TOKEN, speech=desk), token=TOKEN)
    where = await server.start()
    try:
        yield f"http://{where}/v1"
    finally:
        await server.stop()
        desk.close()


@asynccontextmanager
async def client(desk: SpeechDesk, token: str = TOKEN) -> AsyncIterator[Any]:
    openai = pytest.importorskip("openai", reason="openai (extra dev) is not installed")
    async with serving(desk) as url, httpx.AsyncClient(trust_env=False) as http:
        yield openai.AsyncOpenAI(base_url=url, api_key=token, http_client=http, max_retries=0)


def fakes(**limits: Any) -> SpeechDesk:
    return SpeechDesk(Ears(), Tone(), Limits(**limits))


@pytest.fixture(scope="module")
def ears() -> SphinxRecogniser:
    return SphinxRecogniser(rate=8000)


@pytest.fixture
def real(ears: SphinxRecogniser) -> SpeechDesk:
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    return SpeechDesk(ears, open_voice("espeak"), Limits())


async def test_what_is_spoken_is_written_down_again(real: SpeechDesk) -> None:
    async with client(real) as ai:
        spoken = await ai.audio.speech.create(model="tts-1", voice="alloy", input=SPOKEN, response_format="wav")
        sound = decode(spoken.content)
        assert sound.rate == 24000
        assert 0.5 < sound.seconds < 3
        quiet = np.random.default_rng(1).normal(0, 12, 16000).astype("<i2").tobytes()
        line = quiet + to_pcm(resample(sound.sound, 24000, 8000) * np.float32(32768)) + quiet
        file = ("call.wav", header(len(line), rate=8000) + line)
        asked: dict[str, Any] = {"model": "whisper-1", "language": "en", "prompt": f"{SPOKEN}\ntrack my parcel"}
        plain = await ai.audio.transcriptions.create(file=file, **asked)
        assert plain.text == SPOKEN
        text = await ai.audio.transcriptions.create(file=file, response_format="text", **asked)
        assert text.strip() == SPOKEN
        verbose = await ai.audio.transcriptions.create(file=file, response_format="verbose_json", **asked)
        srt = await ai.audio.transcriptions.create(file=file, response_format="srt", **asked)
        timed = await ai.audio.transcriptions.create(
            file=file, response_format="verbose_json", timestamp_granularities=["word"], **asked
        )
    [segment] = verbose.segments
    assert (verbose.text, verbose.language) == (SPOKEN, "en")
    assert verbose.duration == pytest.approx(4 + sound.seconds, abs=0.01)
    assert 1.5 < segment.start < 2.1
    assert segment.end > segment.start + sound.seconds - 0.2
    assert timed.words is not None
    assert " ".join(word.word for word in timed.words) == SPOKEN
    assert timed.words[0].start == pytest.approx(2.0, abs=0.15)
    assert timed.words[-1].end == pytest.approx(2.0 + sound.seconds, abs=0.25)
    assert verbose.words is None
    assert srt.startswith("1\n00:00:0")
    assert SPOKEN in srt


async def test_a_wav_says_in_its_metadata_that_it_is_synthetic() -> None:
    async with client(fakes()) as ai:
        made = [
            (await ai.audio.speech.create(model="tone", voice="alloy", input="您好", response_format="wav")).content
            for _ in range(2)
        ]
    labels = [json.loads(comment_of(wav))["AIGC"] for wav in made]
    assert [label["Label"] for label in labels] == ["1", "1"]
    assert labels[0]["ProduceID"] != labels[1]["ProduceID"]
    assert decode(made[0]).seconds == pytest.approx(0.4, abs=0.01)


async def test_pcm_streams_and_speed_counts() -> None:
    async with client(fakes()) as ai:
        asked: dict[str, Any] = {"model": "tone", "voice": "default", "response_format": "pcm"}
        async with ai.audio.speech.with_streaming_response.create(input="您好", **asked) as answer:
            pcm = b"".join([piece async for piece in answer.iter_bytes()])
        assert len(pcm) == 2 * 9600
        fast = await ai.audio.speech.create(input="您好", speed=2.0, **asked)
        assert len(fast.content) == 9600
        assert [model.id async for model in ai.models.list()] == ["counting", "whisper-1", "tone", "tts-1"]


@pytest.mark.parametrize("coding", ["pcm", "alaw", "ulaw", "float", "stereo", "24 bit"])
async def test_files_of_telephony_are_read(coding: str, real: SpeechDesk) -> None:
    """Whatever the file is made of, the words are the same."""
    chunks = list(real.voice.synthesise(Utterance(SPOKEN, "en-US")))
    samples = np.frombuffer(b"".join(chunk.pcm for chunk in chunks), "<i2").astype(np.float32)
    pcm = to_pcm(np.pad(resample(samples, chunks[0].rate, 8000), 8000))
    data = _file(pcm, coding)
    async with (
        serving(real) as url,
        httpx.AsyncClient(trust_env=False) as http,
    ):
        form = {"model": "whisper-1", "language": "en", "prompt": SPOKEN}
        headers = {"authorization": f"Bearer {TOKEN}"}
        answer = await http.post(f"{url}/audio/transcriptions", data=form, files={"file": data}, headers=headers)
    assert answer.json() == {"text": SPOKEN}


def _file(pcm: bytes, coding: str) -> bytes:
    samples = np.frombuffer(pcm, "<i2")
    match coding:
        case "alaw" | "ulaw":
            body, tag, bits, channels = g711.encode(pcm, coding), {"alaw": 6, "ulaw": 7}[coding], 8, 1
        case "float":
            body, tag, bits, channels = (samples / np.float32(32768)).astype("<f4").tobytes(), 3, 32, 1
        case "stereo":
            body, tag, bits, channels = np.repeat(samples, 2).tobytes(), 1, 16, 2
        case "24 bit":
            whole = (samples.astype("<i4") << 8).view(np.uint8).reshape(-1, 4)[:, :3]
            body, tag, bits, channels = whole.tobytes(), 1, 24, 1
        case _:
            return header(len(pcm), rate=8000) + pcm
    width = bits // 8 * channels
    form = np.array([tag | channels << 16, 8000, 8000 * width, width | bits << 16], "<u4").tobytes()
    chunks = b"fmt \x10\0\0\0" + form + b"LIST\x04\0\0\0INFO" + b"data" + np.uint32(len(body)).tobytes() + body
    return b"RIFF" + np.uint32(len(chunks) + 4).tobytes() + b"WAVE" + chunks


def test_the_header_is_what_other_programs_read() -> None:
    with wave.open(io.BytesIO(header(320, rate=8000) + bytes(320))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate(), file.getnframes()) == (1, 2, 8000, 160)


WAV = header(16000, rate=8000) + bytes(16000)


@pytest.mark.parametrize(
    ("form", "file", "status", "param", "message"),
    [
        ({"model": "gpt-5"}, WAV, 404, "model", "'counting' is, and 'whisper-1' means the same"),
        ({"response_format": "docx"}, WAV, 400, "response_format", "expected one of json, text"),
        ({"stream": "true"}, WAV, 400, "stream", "Recognise streams"),
        ({"timestamp_granularities[]": "word"}, WAV, 400, "timestamp_granularities", "in response_format verbose_json"),
        (
            {"timestamp_granularities[]": "word", "response_format": "verbose_json"},
            WAV,
            400,
            "timestamp_granularities",
            "counting tells no times of words",
        ),
        (
            {"timestamp_granularities[]": "syllable"},
            WAV,
            400,
            "timestamp_granularities",
            "'syllable'; expected word or",
        ),
        ({"temperature": "9"}, WAV, 400, "temperature", "'9'; expected a number from 0 to 1"),
        ({}, b"hello world", 400, "file", "nor MP3, Ogg, FLAC"),
        ({"include[]": "logprobs"}, WAV, 400, "include", "a segment, not a token"),
        ({"language": "sw"}, WAV, 400, None, "no sw"),
        ({}, b"ID3\x04 an mp3", 400, "file", "file: MP3 "),
        ({}, b"\x1aE\xdf\xa3 a webm", 400, "file", "file: WebM "),
        ({}, header(0, rate=8000), 400, "file", "there is no sound in it"),
        ({}, b"", 400, "file", "it is empty"),
        ({}, None, 400, "file", "expected a file with sound"),
        ({}, header(90000, rate=8000) + bytes(90000), 413, "file", "90044 bytes; at most 40000"),
        ({}, header(300000, rate=8000) + bytes(300000), 413, None, "the request has more than"),
        ({}, header(40000 - 44, rate=4000) + bytes(40000 - 44), 413, "file", "5 s of sound; at most 4"),
        ({"prompt": "x" * 70000}, WAV, 400, None, "cannot be read"),
    ],
)
async def test_what_cannot_be_written_down_is_refused(
    form: dict[str, str], file: bytes | None, status: int, param: str | None, message: str
) -> None:
    desk = fakes(upload_bytes=40000, upload_seconds=4.0)
    async with serving(desk) as url, httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(
            f"{url}/audio/transcriptions",
            data={"model": "whisper-1", **form},
            files={"file": file} if file is not None else {"other": b""},
            headers={"authorization": f"Bearer {TOKEN}"},
        )
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (status, param)
    assert message in error["message"]


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (b"{", 400, "no JSON"),
        (b"[]", 400, "expected a JSON object"),
        (b"[" * 60000, 400, "no JSON"),
        (b"x" * 70000, 413, "more than 65536 bytes"),
        (b'{"model": "tts-2", "input": "x"}', 404, "'tts-2' is not served"),
        (b'{"model": "tts-1", "input": 5}', 400, "input: expected text"),
        (b'{"model": "tts-1"}', 400, "input: there is nothing to read"),
        (b'{"model": "tts-1", "input": "' + b"x" * 5000 + b'"}', 400, "input: 5000 characters; at most 4096"),
        (b'{"model": "tts-1", "input": "x", "response_format": "aac"}', 400, "expected one of wav, pcm"),
        (b'{"model": "tts-1", "input": "x\\ud800"}', 400, "input: half of a character"),
        (b'{"model": "tts-1", "input": "x", "stream_format": "sse"}', 400, "only audio"),
        (b'{"model": "tts-1", "input": "x", "speed": "fast"}', 400, "speed: expected a number"),
        (b'{"model": "tts-1", "input": "x", "speed": 4}', 400, "speed: 4; expected 0.5 to 2"),
        (b'{"model": "tts-1", "input": "x"}', 400, "no en-US"),
        ('{"model": "tts-1", "input": "砰"}'.encode(), 500, "the voice broke"),
    ],
)
async def test_what_cannot_be_spoken_is_refused(body: bytes, status: int, message: str) -> None:
    async with serving(fakes()) as url, httpx.AsyncClient(trust_env=False) as http:
        headers = {"authorization": f"Bearer {TOKEN}"}
        answer = await http.post(f"{url}/audio/speech", content=body, headers=headers)
    assert answer.status_code == status
    assert message in answer.json()["error"]["message"]


async def test_the_token_is_asked_for() -> None:
    openai = pytest.importorskip("openai", reason="openai (extra dev) is not installed")
    async with client(fakes(), token="wrong") as ai:
        for attempt in (
            ai.audio.speech.create(model="tts-1", voice="alloy", input="您好"),
            ai.audio.transcriptions.create(model="whisper-1", file=("a.wav", WAV)),
            ai.models.list(),
        ):
            with pytest.raises(openai.AuthenticationError, match="bearer token"):
                await attempt


async def test_places_drains_and_a_missing_voice_are_told() -> None:
    openai = pytest.importorskip("openai", reason="openai (extra dev) is not installed")
    desk = fakes(speech=1)
    async with client(desk) as ai:
        with desk.place(), pytest.raises(openai.RateLimitError, match="all 1 places are taken"):
            await ai.audio.speech.create(model="tts-1", voice="alloy", input="您好")
        await desk.drain(0.0)
        with pytest.raises(openai.InternalServerError, match="stopping"):
            await ai.audio.transcriptions.create(model="whisper-1", file=("a.wav", WAV))
    async with client(SpeechDesk(Ears(), NullVoice(), Limits())) as ai:
        with pytest.raises(openai.InternalServerError, match="no voice"):
            await ai.audio.speech.create(model="tts-1", voice="alloy", input="您好")


async def test_without_a_desk_there_is_no_such_page() -> None:
    server = HttpServer(Address("127.0.0.1", 0), app(lambda: True))
    where = await server.start()
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            assert (await http.post(f"http://{where}/v1/audio/speech", content=b"{}")).status_code == 404
    finally:
        await server.stop()


@pytest.mark.parametrize("form", ["mp3", "opus", "flac"])
async def test_other_files_than_wav_are_made_labelled_and_read_again(form: Any, real: SpeechDesk) -> None:
    pytest.importorskip("av", reason="PyAV (extra `whisper`) is not installed")
    async with client(real) as ai:
        spoken = await ai.audio.speech.create(model="tts-1", voice="alloy", input=SPOKEN, response_format=form)
        assert b"AIGC" in spoken.content
        written = await ai.audio.transcriptions.create(
            model="whisper-1", file=(f"said.{form}", spoken.content), language="en",
            prompt=f"{SPOKEN}\ntrack my parcel", response_format="verbose_json",
        )  # fmt: skip
        if form != "opus":  # a page of Ogg is a second of sound, there or not
            half = spoken.content[: len(spoken.content) * 2 // 3]
            cut = await ai.audio.transcriptions.create(
                model="whisper-1", file=("cut", half), language="en", response_format="verbose_json"
            )
            assert 0 < cut.duration < written.duration
    assert written.text == SPOKEN


async def test_a_model_is_told_by_its_name() -> None:
    openai = pytest.importorskip("openai", reason="openai (extra dev) is not installed")
    async with client(fakes()) as ai:
        assert (await ai.models.retrieve("whisper-1")).owned_by == "huashu"
        with pytest.raises(openai.NotFoundError, match="'gpt-5' is not served"):
            await ai.models.retrieve("gpt-5")


@pytest.mark.parametrize("text", ["。。。！", "<speak></speak>", '<?xml version="1.0"?><speak>，</speak>'])
async def test_what_cannot_be_read_aloud_is_told(text: str, real: SpeechDesk) -> None:
    openai = pytest.importorskip("openai", reason="openai (extra dev) is not installed")
    async with client(real) as ai:
        with pytest.raises(openai.BadRequestError, match="nothing in it that can be read aloud"):
            await ai.audio.speech.create(model="tts-1", voice="alloy", input=text, response_format="wav")


async def test_ssml_may_begin_as_xml_does(real: SpeechDesk) -> None:
    openai = pytest.importorskip("openai", reason="openai (extra dev) is not installed")
    async with client(real) as ai:
        sounds = [
            (await ai.audio.speech.create(model="tts-1", voice="alloy", input=text, response_format="wav")).content
            for text in ("yes", '<?xml version="1.0"?>\n<speak>yes</speak>')
        ]
        with pytest.raises(openai.BadRequestError, match="ssml: a document type is not read"):
            await ai.audio.speech.create(model="tts-1", voice="alloy", input="<!DOCTYPE a [<!ENTITY b 'c'>]><speak/>")
    assert len(sounds[1]) == pytest.approx(len(sounds[0]), rel=0.2)


async def test_what_is_no_part_of_it_is_told_as_openai_would() -> None:
    async with client(fakes()) as ai:
        openai = pytest.importorskip("openai")
        with pytest.raises(openai.NotFoundError, match="/v1/embeddings is not served; /v1/models"):
            await ai.embeddings.create(model="x", input="x")


async def test_likely_words_may_stand_in_one_line() -> None:
    """OpenAI's guide lists them with commas; Chinese writers use their own."""
    ears = Ears()
    async with client(SpeechDesk(ears, Tone(), Limits(), language="en-GB")) as ai:
        asked = {"model": "whisper-1", "file": ("a.wav", WAV), "prompt": "分期，明天、不是, no\n转人工"}
        await ai.audio.transcriptions.create(**asked)
    assert ears.asked[0].phrases == ("分期", "明天", "不是", "no", "转人工")
    assert ears.asked[0].language == "en-GB"  # what the server's bots speak: none was named


def test_a_language_that_the_recogniser_does_not_know_is_not_the_usual_one() -> None:
    assert SpeechDesk(Ears(), Tone(), Limits(), language="fr-FR").language == Ears().capabilities.languages[0]
