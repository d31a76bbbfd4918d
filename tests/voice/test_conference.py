"""People on a call: who hears whom, what the caller hears meanwhile, what is written down."""

import asyncio
import io
import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from huashu.core.actions import Handoff, Say
from huashu.core.errors import UsageError
from huashu.core.events import HandoffFailed, HandoffQueued, Heard, HumanJoined, HumanLeft, HumanSaid
from huashu.handoff.line import Audience
from huashu.voice.conference import Conference
from huashu.voice.waiting import WaitingSound
from tests.voice.voice_fakes import FRAME, QUIET, RATE, LoudDetector, frames, silence, tone
from tests.voice.voice_line import FLOW, Line, make_bot

pytestmark = pytest.mark.audio

HANDOFF = FLOW.replace(
    "费用: {say: 手续费很低。, then: back}", "费用: {say: 请稍等。, handoff: 客服, failed: {say: 人工忙。, then: back}}"
)


@dataclass
class Desk:
    """A person at a desk: says what is in `says`, and keeps what they hear."""

    name: str = "小王"
    says: list[bytes] = field(default_factory=list)
    heard: bytes = b""

    def take(self) -> bytes | None:
        return self.says.pop(0) if self.says else None

    def give(self, frame: bytes) -> None:
        self.heard += frame


def level(pcm: bytes) -> float:
    return float(np.abs(np.frombuffer(pcm, "<i2").astype(np.int32)).max(initial=0))


def pitch(pcm: bytes) -> float:
    """The strongest tone, Hz."""
    samples = np.frombuffer(pcm, "<i2").astype(float)
    return float(np.argmax(np.abs(np.fft.rfft(samples))) * RATE / len(samples))


def frame(hertz: int, amplitude: float = 0.2) -> bytes:
    return tone(hertz, 0.02, level=amplitude)


@pytest.mark.parametrize(
    ("hears", "heard_by", "caller_hears", "person_hears", "colleague_hears"),
    [
        ("all", "all", {500, 900}, {300, 900}, {300, 500}),
        ("all", "nobody", {900}, {300, 900}, {300}),
        ("all", "people", {900}, {300, 900}, {300, 500}),
        ("people", "people", {900}, {900}, {300, 500}),
        ("caller", "caller", {500, 900}, {300}, {300}),
    ],
)
def test_each_hears_whom_they_should(
    hears: Audience, heard_by: Audience, caller_hears: set[int], person_hears: set[int], colleague_hears: set[int]
) -> None:
    """The caller hums at 300 Hz, the person at 500, a colleague who is on with everybody at 900."""
    room, person, colleague = Conference(RATE), Desk("a"), Desk("b")
    room.bridge(person, hears="nobody", heard_by="nobody")
    room.bridge(person, hears=hears, heard_by=heard_by)
    room.bridge(colleague, hears="all", heard_by="all")
    out = b""
    hum = {hertz: list(frames(tone(hertz, 1.0, level=0.2))) for hertz in (300, 500, 900)}
    person.says, colleague.says = hum[500][:], hum[900][:]
    for caller in hum[300]:
        out += room.exchange(caller, QUIET, awaited=False)
    for sound, expected in ((out, caller_hears), (person.heard, person_hears), (colleague.heard, colleague_hears)):
        spectrum = np.abs(np.fft.rfft(np.frombuffer(sound, "<i2")))
        loud = {hertz for hertz in hum if spectrum[hertz] > 0.2 * spectrum.max()} if spectrum.max() else set()
        assert loud == expected


def test_the_bots_voice_reaches_who_listens_in() -> None:
    room, supervisor = Conference(RATE), Desk()
    room.bridge(supervisor, hears="all", heard_by="nobody")
    line = tone(700, 0.02)
    assert room.exchange(QUIET, line, awaited=False) == line
    assert supervisor.heard == line


def test_voices_together_are_clipped_and_never_wrap_round() -> None:
    room, person = Conference(RATE), Desk(says=[np.full(FRAME, 30000, "<i2").tobytes()])
    room.bridge(person, hears="all", heard_by="all")
    out = np.frombuffer(room.exchange(QUIET, np.full(FRAME, 20000, "<i2").tobytes(), awaited=False), "<i2")
    assert set(out.tolist()) == {32767}


def test_who_has_left_is_neither_heard_nor_hears() -> None:
    room, person = Conference(RATE), Desk(says=[frame(500)] * 4)
    room.bridge(person, hears="all", heard_by="all")
    room.exchange(QUIET, QUIET, awaited=False)
    room.unbridge(person)
    room.unbridge(person)
    assert room.exchange(QUIET, QUIET, awaited=False) == QUIET
    assert len(person.heard) == len(QUIET)


# --- on a whole call --------------------------------------------------------------------------------------------------


def test_a_person_and_the_caller_talk_while_the_bot_is_silent_and_all_of_it_is_on_record(tmp_path: Path) -> None:
    desk, recording = Desk(), tmp_path / "call.wav"

    async def call() -> tuple[Line, float, float]:
        line = Line(make_bot(tmp_path, flow=HANDOFF), recording=recording, detectors=LoudDetector)
        await line.reach_question()
        await line.quiet(0.4)
        await line.say(tone(800, 0.5))
        await line.until(Handoff)
        await line.quiet(3.0)
        await line.session.receive(HumanJoined("小王"))
        line.session.bridge(desk, hears="all", heard_by="all")
        begun = line.session.now()
        desk.says = list(frames(tone(400, 0.5) + silence(0.2)))
        await line.quiet(2.0)
        await line.say(tone(1000, 0.5))
        await line.quiet(2.0)
        ended = line.session.now()
        line.session.unbridge(desk)
        await line.session.receive(HumanLeft("本人"))
        await line.quiet(3.0)
        await line.session.hangup()
        return line, begun, ended

    line, begun, ended = asyncio.run(call())
    assert [what for _, what in line.of(HumanSaid)] == [HumanSaid("是的", "小王")]
    assert "六期" in [what.text for _, what in line.of(Heard) if isinstance(what, Heard) and what.final]
    assert not [what for at, what in line.of(Say) if begun < at < ended]
    after = [what.text for at, what in line.of(Say) if at >= ended and isinstance(what, Say)]
    assert after == ["好的，我们继续。", "请问您是本人吗？"]
    assert pitch(line.out[round(begun * RATE) * 2 :][: FRAME * 40]) == pytest.approx(400, abs=5)
    assert pitch(desk.heard[FRAME * 200 :][: FRAME * 40]) == pytest.approx(1000, abs=5)
    both = np.frombuffer(recording.read_bytes()[-len(line.out) * 2 :], "<i2").reshape(-1, 2)
    at = round(begun * RATE)
    assert level(both[at : at + 3000, 1].tobytes()) > 1000, "the agent is on the right channel"
    assert level(both[at + 2 * RATE : at + 2 * RATE + 3000, 0].tobytes()) > 1000, "the caller is on the left one"


def test_a_caller_who_waits_hears_that_the_line_is_alive_and_not_over_a_voice(tmp_path: Path) -> None:
    async def call() -> tuple[float, float, float, float]:
        line = Line(make_bot(tmp_path, flow=HANDOFF), waiting=WaitingSound(RATE), detectors=LoudDetector)
        await line.reach_question()
        await line.quiet(0.4)
        await line.say(tone(800, 0.5))
        await line.until(Handoff)
        while not line.session.listening:
            await line.quiet(0.02)
        start = line.session.now()
        await line.quiet(6.0)
        waiting = level(line.out[round(start * RATE) * 2 :])
        await line.session.receive(HandoffQueued(3))
        told = line.of(Say)[-1][0]
        await line.quiet(8.0)
        await line.session.receive(HumanJoined("小王"))
        desk = Desk()
        line.session.bridge(desk, hears="all", heard_by="all")
        start = line.session.now()
        await line.quiet(6.0)
        with_person = level(line.out[round(start * RATE) * 2 :])
        line.session.bridge(desk, hears="people", heard_by="people")
        start = line.session.now()
        await line.quiet(6.0)
        return waiting, told, with_person, level(line.out[round(start * RATE) * 2 :])

    waiting, told, with_person, on_hold = asyncio.run(call())
    assert waiting > 500
    assert told > 0
    assert with_person == 0
    assert on_hold > 500


def test_nobody_waits_any_more_when_nobody_came(tmp_path: Path) -> None:
    async def call() -> float:
        line = Line(make_bot(tmp_path, flow=HANDOFF), waiting=WaitingSound(RATE))
        await line.reach_question()
        await line.say(tone(800, 0.5))
        await line.until(Handoff)
        await line.session.receive(HandoffFailed("closed"))
        await line.quiet(0.2)
        while not line.session.listening:
            await line.quiet(0.02)
        start = line.session.now()
        await line.quiet(2.0)
        return level(line.out[round(start * RATE) * 2 :])

    assert asyncio.run(call()) == 0


# --- the sound of waiting ---------------------------------------------------------------------------------------------


def test_the_chime_is_soft_and_leaves_pauses() -> None:
    sound = WaitingSound(RATE)
    pcm = b"".join(sound.frame() for _ in range(500))
    seconds = [level(pcm[at : at + RATE * 2]) for at in range(0, len(pcm), RATE * 2)]
    assert 500 < max(seconds) < 4000
    assert seconds[2:5] == [0.0, 0.0, 0.0]


def test_a_recording_is_played_over_and_over(tmp_path: Path) -> None:
    path = tmp_path / "wait.wav"
    pcm = tone(440, 1.0, level=0.1)
    path.write_bytes(_wav(pcm, RATE))
    sound = WaitingSound(16000, path)
    played = b"".join(sound.frame() for _ in range(120))
    assert level(played[: 640 * 10]) > 1000
    assert level(played[640 * 60 : 640 * 70]) > 1000


@pytest.mark.parametrize(("content", "word"), [(b"no wav", "RIFF"), (None, "No such file")])
def test_a_recording_that_cannot_be_played_is_told(tmp_path: Path, content: bytes | None, word: str) -> None:
    path = tmp_path / "wait.wav"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError, match=word) as error:
        WaitingSound(RATE, path)
    assert "wait.wav" in str(error.value)


def _wav(pcm: bytes, rate: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)
    return out.getvalue()
