"""Calls whose sound travels over the stream."""

import asyncio
import gc
import math
import struct
import wave
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soxr  # type: ignore[import-untyped]

from huashu.asr.engine import Capabilities as Hearing
from huashu.channels import conversations_pb2 as pb
from huashu.channels.client import Client, Conversation, Received, Refused, Sound, Transcript
from huashu.channels.limits import Limits
from huashu.channels.voice_call import Switchboard
from huashu.core.actions import Disposition, Listen, Say
from huashu.core.audio import Audio
from huashu.core.errors import RemoteError, UsageError
from huashu.core.events import Answered, Direction, Dtmf, Heard, HungUp, Started
from huashu.core.expect import Expectation
from huashu.store.files import Files
from huashu.store.log import Store
from huashu.tts.engine import Capabilities as Speaking
from huashu.tts.engine import Utterance
from huashu.tts.registry import open_voice
from huashu.voice import g711
from huashu.voice.vad import shared_model
from tests.channels.kit import WITHIN, Kitchen, Running, make_bot, said

pytestmark = pytest.mark.server

OPEN = Started("", medium="voice", variables={"姓名": "老王"})
MULAW = pb.AudioFormat(encoding=pb.ENCODING_MULAW, rate=8000)
LINEAR = pb.AudioFormat(encoding=pb.ENCODING_LINEAR16, rate=8000)
FRAME = 0.02


class Tone:
    """A voice that hums 0.2 s a line."""

    capabilities = Speaking("tone", ("zh",), 8000)

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        wave = array("h", (round(8000 * math.sin(n * 0.3)) for n in range(1600)))
        yield Audio(wave.tobytes(), 8000)


class Hears:
    """A recogniser that hears the next of its words in whatever is said."""

    capabilities = Hearing("hears", ("zh",), 8000, streaming=False)

    def __init__(self, *words: str) -> None:
        self.words = list(words)

    def stream(self, expect: Expectation, language: str) -> "Hears":
        return self

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass

    def accept(self, pcm: bytes) -> Heard | None:
        return None

    def finish(self) -> Heard:
        return Heard(self.words.pop(0) if self.words else "", confidence=0.9)


class Warmed(Hears):
    """… and takes lists and topics, and keeps what it is to prepare."""

    capabilities = Hearing("warmed", ("zh", "en"), 8000, streaming=False, grammar=True, topics=True)

    def __init__(self) -> None:
        super().__init__()
        self.warmed: list[Expectation] = []

    def warm(self, expectations: Sequence[Expectation]) -> None:
        self.warmed += expectations


@pytest.fixture(scope="module")
def speech() -> bytes:
    """About a second of a voice, 8 kHz PCM."""
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    chunks = list(open_voice("espeak").synthesise(Utterance("我要三份午饭", "zh-CN")))
    samples = np.frombuffer(b"".join(chunk.pcm for chunk in chunks), "<i2").astype(np.float32)
    spoken = soxr.resample(samples, chunks[0].rate, 8000)
    pcm: bytes = np.clip(spoken, -32768, 32767).astype("<i2").tobytes()
    return pcm


class Line:
    """The client's end: sends sound all the time, as a telephone does, and keeps what comes."""

    def __init__(self, talk: Conversation, *, mulaw: bool) -> None:
        self.talk = talk
        self._mulaw = mulaw
        self._to_say = bytearray()
        self._mouth = asyncio.create_task(self._speak())
        self.received: list[Received] = []

    def say(self, pcm: bytes) -> None:
        self._to_say += pcm

    async def until(self, kind: type, times: int = 1) -> None:
        """Until `times` more of a kind have come."""
        async with asyncio.timeout(WITHIN):
            while times:
                item = await self.talk.receive()
                assert item is not None
                self.received.append(item)
                times -= isinstance(item, kind)

    async def rest(self) -> None:
        async with asyncio.timeout(WITHIN):
            async for item in self.talk:
                self.received.append(item)
        self.close()

    def close(self) -> None:
        self._mouth.cancel()

    @property
    def sound(self) -> bytes:
        data = b"".join(item.data for item in self.received if isinstance(item, Sound))
        return g711.ulaw_decode(data) if self._mulaw else data

    async def _speak(self) -> None:
        while True:
            frame = bytes(self._to_say[:320]).ljust(320, b"\0")
            del self._to_say[:320]
            await self.talk.send_sound(g711.ulaw_encode(frame) if self._mulaw else frame)
            await asyncio.sleep(FRAME)


def loud(pcm: bytes) -> float:
    """Seconds of frames with sound."""
    samples = np.frombuffer(pcm, "<i2").astype(np.int32)
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    return float((np.abs(frames).max(axis=1) > 1000).sum()) * FRAME


async def test_a_spoken_call(tmp_path: Path, speech: bytes) -> None:
    kitchen = Kitchen()
    board = Switchboard(Hears("三份", "不用了"), Tone())
    async with Running(make_bot(tmp_path, kitchen), voice=board.call) as server, server.client() as client:
        line = Line(await client.converse("canteen", OPEN, audio=MULAW), mulaw=True)
        await line.until(Listen)
        line.say(bytes(16000) + speech)  # after the bot's two lines
        await line.until(Transcript)
        await line.until(Listen)
        line.say(bytes(16000) + speech)
        await line.rest()
    board.close()
    assert said([item for item in line.received if isinstance(item, Say)]).endswith("再见。")
    assert [item.text for item in line.received if isinstance(item, Transcript) and item.final] == ["三份", "不用了"]
    assert [item.result for item in line.received if isinstance(item, Disposition)] == ["success"]
    assert kitchen.orders == [3]
    assert loud(line.sound) == pytest.approx(5 * 0.2, abs=0.15)  # five lines of 0.2 s


async def test_who_leaves_and_what_a_call_does_not_take(tmp_path: Path) -> None:
    board = Switchboard(Hears(), Tone())
    async with Running(make_bot(tmp_path), voice=board.call) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN, audio=LINEAR)
        line = Line(talk, mulaw=False)
        await line.until(Listen)
        await talk.send(Heard("三份"))
        await line.until(Refused)
        await talk.send_sound(bytes(16001))
        await line.until(Refused)
        refused = [item.message for item in line.received if isinstance(item, Refused)]
        assert refused[0] == "Heard: the server hears and speaks in this call; send audio"
        assert refused[1] == "audio.data: 16001 bytes; at most 16000, 1 s of sound"
        await talk.send(HungUp())
        await line.rest()
        assert [item.result for item in line.received if isinstance(item, Disposition)] == ["hung_up"]
    board.close()


@pytest.mark.parametrize(
    ("audio", "words"),
    [
        (pb.AudioFormat(encoding=pb.ENCODING_MULAW, rate=16000), "start.audio.rate: 16000; expected 8000"),
        (pb.AudioFormat(rate=44100), "start.audio.rate: 44100"),
        (pb.AudioFormat(encoding=77), "start.audio.encoding"),  # type: ignore[arg-type]
    ],
)
async def test_impossible_formats_are_named(tmp_path: Path, audio: pb.AudioFormat, words: str) -> None:
    board = Switchboard(Hears(), Tone())
    async with Running(make_bot(tmp_path), voice=board.call) as server, server.client() as client:
        with pytest.raises(RemoteError, match=words) as refused:
            await client.converse("canteen", OPEN, audio=audio)
    assert refused.value.code == "invalid_argument"


@pytest.mark.parametrize(("direction", "asked"), [("outbound", True), ("inbound", False)])
async def test_what_machines_say_is_prepared_before_a_bot_that_calls_has_its_first_call(
    tmp_path: Path, direction: Direction, asked: bool
) -> None:
    ears = Warmed()
    board = Switchboard(ears, Tone())
    bot = make_bot(tmp_path)
    bot = replace(bot, script=replace(bot.script, direction=direction, languages=("en-US",)))
    await board.prepare(bot)
    board.close()
    phrases = [phrase for expect in ears.warmed for phrase in expect.phrases]
    assert any(expect.step.endswith("几份") for expect in ears.warmed)
    assert any("您拨打的用户已关机" in phrase for phrase in phrases) is asked
    assert any(expect.kind == "topic" for expect in ears.warmed) is asked


async def test_a_server_without_ears_says_so(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as server, server.client() as client:
        with pytest.raises(RemoteError, match="no ears and no voice"):
            await client.converse("canteen", OPEN, audio=LINEAR)


async def test_an_outbound_call_is_silent_until_it_is_answered(tmp_path: Path) -> None:
    board = Switchboard(Hears(), Tone())
    async with Running(make_bot(tmp_path), voice=board.call) as server, server.client() as client:
        start = Started("", direction="outbound", medium="voice", variables={"姓名": "老王"})
        talk = await client.converse("canteen", start, audio=LINEAR)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(talk.receive(), 0.3)
        await talk.send(Answered())
        line = Line(talk, mulaw=False)
        await line.until(Listen)
        assert said(line.received).startswith("您好")
        line.close()
    board.close()


async def test_a_lost_line_ends_the_stream_and_the_call_goes_on(tmp_path: Path) -> None:
    board = Switchboard(Hears(), Tone())
    with Store.open(tmp_path / "calls.db") as store:
        bot = make_bot(tmp_path / "bot")
        limits = Limits(line_lost=0.3)
        async with Running(bot, store=store, limits=limits, voice=board.call) as server, server.client() as client:
            talk = await client.converse("canteen", OPEN, audio=LINEAR)
            with pytest.raises(RemoteError, match=r"no sound for 0\.3 s") as lost:
                await _read_on(talk)
            assert lost.value.code == "deadline_exceeded"
            assert store.call(talk.call).state == "open"
            resumed = await _resumed(client, talk.call)
            line = Line(resumed, mulaw=False)
            await line.until(Listen)
            await line.until(Sound, 50)
            assert loud(line.sound) > 0.1  # the cut question is spoken again
            line.close()
    board.close()


async def _resumed(client: Client, call: str) -> Conversation:
    return await client.open(pb.Start(resume=call, medium=pb.MEDIUM_VOICE, audio=LINEAR))


async def _read_on(talk: Conversation) -> None:
    async with asyncio.timeout(WITHIN):
        while await talk.receive() is not None:
            pass


@pytest.mark.parametrize("mulaw", [False, True])
async def test_comfort_noise_fills_the_bots_silence_alone(tmp_path: Path, mulaw: bool) -> None:
    board = Switchboard(Hears(), Tone(), comfort=-45.0)
    async with Running(make_bot(tmp_path), voice=board.call) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN, audio=MULAW if mulaw else LINEAR)
        line = Line(talk, mulaw=mulaw)
        await line.until(Listen)
        await line.until(Sound, 40)
        await talk.send(HungUp())
        await line.rest()
    board.close()
    frames = np.frombuffer(line.sound, "<i2").reshape(-1, 160).astype(float)
    levels = 20 * np.log10(np.sqrt(np.mean(frames**2, axis=1)) / 32768)
    quiet = levels[levels < -30]
    assert len(quiet) > 10
    assert quiet.mean() == pytest.approx(-45.0, abs=2.0)  # no frame of nothing
    assert (levels > -20).sum() >= 10  # the bot's own voice is as it was


async def test_a_level_out_of_range_is_told_before_the_first_call() -> None:
    with pytest.raises(UsageError, match="-80 to -40"):
        Switchboard(Hears(), Tone(), comfort=-10.0)


@pytest.mark.parametrize("sparse", [False, True])
async def test_a_sparse_client_is_sent_the_bots_sound_and_no_silence(tmp_path: Path, sparse: bool) -> None:
    board = Switchboard(Hears(), Tone(), recordings=tmp_path / "recordings")
    wanted = pb.AudioFormat(encoding=pb.ENCODING_MULAW, rate=8000, sparse=sparse)
    store = Store.open(tmp_path / "calls.db")
    async with Running(make_bot(tmp_path), store=store, voice=board.call) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN, audio=wanted)
        line = Line(talk, mulaw=True)
        await line.until(Sound, times=40 if not sparse else 15)
        line.close()
        talk.abandon()
    board.close()
    quiet = [item for item in line.received if isinstance(item, Sound) and item.data == b"\xff" * 160]
    assert bool(quiet) is not sparse
    assert loud(line.sound) > 0.2
    assert [kept.path for kept in Files(store).of(talk.call)] == list((tmp_path / "recordings").iterdir())
    store.close()
    sounds = [item for item in line.received if isinstance(item, Sound)]
    if not sparse:
        assert {item.at for item in sounds} == {None}  # every frame comes: its place is where it lies
        return
    with wave.open(str(tmp_path / "recordings" / f"{talk.call}.wav")) as file:
        bot = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)[:, 1]
    for item in sounds:
        assert item.at is not None
        kept = bot[item.at : item.at + len(item.data)]
        assert item.data == g711.ulaw_encode(kept.tobytes())  # at its place in the call's own record


async def test_a_call_that_does_not_begin_gives_back_its_detector(tmp_path: Path) -> None:
    board = Switchboard(Hears(), Tone())
    wrong = Started("", medium="voice", variables={"姓名": "老王"}, zone="Mars/Base")
    async with Running(make_bot(tmp_path), voice=board.call) as server, server.client() as client:
        free = len(shared_model(8000)._free)
        with pytest.raises(RemoteError, match="Mars"):
            await client.converse("canteen", wrong, audio=MULAW)
        assert len(shared_model(8000)._free) == free
    board.close()


async def test_sound_out_of_order_is_recorded_in_order(tmp_path: Path, speech: bytes) -> None:
    board = Switchboard(Hears(), Tone(), recordings=tmp_path / "recordings")
    sent = g711.ulaw_encode(speech)[: 160 * 40]
    frames = [(start, sent[start : start + 160]) for start in range(0, len(sent), 160)]
    for n in range(2, len(frames) - 1, 5):
        frames[n], frames[n + 1] = frames[n + 1], frames[n]
    del frames[20]  # neither of a pair that changed places
    async with Running(make_bot(tmp_path), voice=board.call) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN, audio=MULAW)
        for at, frame in frames:
            await talk.send_sound(frame, at)
        line = Line(talk, mulaw=True)
        await line.until(Sound, times=60)
        line.close()
        await client_gone(talk, server)
    board.close()
    [path] = (tmp_path / "recordings").iterdir()
    with wave.open(str(path)) as file:
        caller = np.frombuffer(file.readframes(40 * 160), "<i2")[::2]
    expected = np.frombuffer(g711.ulaw_decode(sent), "<i2").copy()
    expected[20 * 160 : 21 * 160] = 0
    assert (caller == expected).all()


async def client_gone(talk: Conversation, running: Running) -> None:
    talk.abandon()
    async with asyncio.timeout(WITHIN):
        while running.server.live:
            await asyncio.sleep(0)


async def test_a_bot_that_is_loaded_anew_leaves_no_renderer_behind(tmp_path: Path) -> None:
    board = Switchboard(Hears(), Tone())
    first = make_bot(tmp_path / "one")
    for number in range(3):
        script = replace(first.script, wording_digest=f"version {number}")
        await board.prepare(replace(first, script=script))
    async with asyncio.timeout(WITHIN):
        while len(board._renderers) > 1:  # until the lines under way have been made
            await asyncio.sleep(0.001)
            gc.collect()
    assert [digest for digest, _ in board._renderers] == [script.digest]
    board.close()


def packets(code: int, timestamp: int) -> list[tuple[bytes, int]]:
    """An RFC 4733 event as a gateway sends it, its end three times."""
    growing = [(struct.pack("!BBH", code, 10, 160 * n), timestamp) for n in range(1, 5)]
    return growing + [(struct.pack("!BBH", code, 0x8A, 800), timestamp)] * 3


def tone(low: float, high: float) -> bytes:
    """0.1 s of a key, and as much of nothing."""
    time = np.arange(800) / 8000
    wave = 6000 * (np.sin(2 * math.pi * low * time) + np.sin(2 * math.pi * high * time))
    return wave.astype("<i2").tobytes() + bytes(1600)


THREE, POUND = tone(697, 1477), tone(941, 1477)


@pytest.mark.parametrize("way", ["events", "tones", "both", "tones, events later"])
async def test_keys_count_once_however_they_come(tmp_path: Path, way: str) -> None:
    kitchen = Kitchen()
    board = Switchboard(Hears(), Tone())
    audio = pb.AudioFormat(rate=8000, tones=way != "events")
    async with Running(make_bot(tmp_path, kitchen), voice=board.call) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN, audio=audio)
        line = Line(talk, mulaw=False)
        await line.until(Listen)
        await line.until(Sound, 30)  # after the bot's words
        for code, sound in ((3, THREE), (11, POUND)):
            first = packets(code, 4000 * code)
            if way != "events":
                line.say(sound)
                await line.until(Sound, 6)
            if way in ("events", "both") or (way == "tones, events later" and code == 11):
                for payload, timestamp in [first[2], *first, first[0]]:
                    await talk.send_telephone_event(payload, timestamp)
        await line.until(Listen)
        line.close()
    board.close()
    assert kitchen.orders == [3]


class OneAtATime:
    """A stream that bears no second writer, as gRPC's does not."""

    def __init__(self) -> None:
        self.written = 0
        self._busy = False

    async def write(self, message: pb.ClientMessage | None) -> None:
        assert not self._busy, "somebody is writing"
        self._busy = True
        await asyncio.sleep(0)
        self._busy = False
        self.written += 1

    async def done_writing(self) -> None:
        await self.write(None)


async def test_sound_keys_and_events_may_be_sent_by_tasks_of_their_own() -> None:
    stream = OneAtATime()
    talk = Conversation(stream)
    await asyncio.gather(
        talk.send_sound(b""), talk.send(Dtmf("1")), talk.send_telephone_event(b"\0\0\0\0", 0), talk.done()
    )
    assert stream.written == 4


async def test_who_stops_sending_in_the_middle_of_it_does_not_break_the_stream() -> None:
    stream = OneAtATime()
    talk = Conversation(stream)
    sending = asyncio.create_task(talk.send_sound(b""))
    for _ in range(2):
        await asyncio.sleep(0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await talk.send(HungUp())
    assert stream.written == 2, "grpc.aio takes a write that is cancelled for the end of the call"


async def test_packets_that_are_no_events_are_refused_by_field(tmp_path: Path) -> None:
    board = Switchboard(Hears(), Tone())
    async with Running(make_bot(tmp_path), voice=board.call) as server, server.client() as client:
        for audio, words in (
            (LINEAR, "telephone_event.payload: 3 bytes; an event of RFC 4733 has 4"),
            (None, "telephone_event: this conversation was started without start.audio; send dtmf"),
        ):
            talk = await client.converse("canteen", OPEN, audio=audio)
            await talk.send_telephone_event(b"\1\2\3", 0)
            async with asyncio.timeout(WITHIN):
                while not isinstance(item := await talk.receive(), Refused):
                    pass
            assert item.message.startswith(words)
            talk.abandon()
    board.close()


async def test_a_folder_for_recordings_is_looked_at_first_and_lost_later_costs_no_call(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"recordings cannot be written to .*file"):
        Switchboard(Hears(), Tone(), recordings=tmp_path / "file")
    board = Switchboard(Hears(), Tone(), recordings=tmp_path / "recordings")
    (tmp_path / "recordings").rmdir()
    async with Running(make_bot(tmp_path), voice=board.call) as server, server.client() as client:
        line = Line(await client.converse("canteen", OPEN, audio=LINEAR), mulaw=False)
        await line.until(Listen)
        line.close()
    board.close()
