"""Whole calls: the real engine and host, tones for words, a hum for a voice, and the clock of frames."""

import asyncio
import threading
import wave
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from voice_fakes import (
    FRAME,
    QUIET,
    RATE,
    BuzzVoice,
    LoudDetector,
    ToneRecogniser,
    ToneStream,
    frames,
    noise,
    silence,
    tone,
)

from huashu.core.actions import Action, Hangup, Say
from huashu.core.errors import EngineError, UsageError
from huashu.core.events import (
    Dtmf,
    EdgeEvent,
    Entity,
    FaqHit,
    Heard,
    HungUp,
    IntentScore,
    NotAnswered,
    PlaybackEnded,
    PlaybackStarted,
    SpeechStopped,
    Started,
    Understood,
)
from huashu.core.expect import Expectation
from huashu.flows.loader import load
from huashu.nlu.engine import Capabilities
from huashu.nlu.text import is_backchannel
from huashu.runtime.bot import Bot
from huashu.values import registry
from huashu.voice import g711
from huashu.voice.session import VoiceSession

pytestmark = pytest.mark.audio

WORDS = {400: "是的", 600: "嗯", 800: "我想问一下手续费", 1000: "六期", 1200: "不是", 1400: "13812", 1600: "345678"}
BOT = """
bot: little
title: 小
language: zh-CN
variables:
  期数: {type: integer, unit: 期}
  电话: {type: phone}
defaults:
  silence: [{after: 4s, say: 您还在吗？}, {after: 3s, end: 无应答}]
  unclear: [{say: 请再说一遍？}, {say: 没听清。}, {end: 无应答}]
endings:
  无应答: {say: 再见。, label: F, result: no_input}
  好了: {say: 谢谢您再见。, label: A, result: success}
"""
FLOW = """
flow: 主
steps:
- 开场:
    say: 您好，这里是银行的智能客服，先说一段很长的话。
- 本人:
    ask: 请问您是本人吗？
    answers: {肯定: {go: 选期数}, 否定: {end: 无应答}, 费用: {say: 手续费很低。, then: back}}
- 选期数:
    collect: 期数
    prompt: 想分几期？
    one_of: {values: [3, 6, 12], unit: 期}
    dtmf: {digits: 1, keys: {6: 6}}
- 结束: {end: 好了}
"""
NLU = """
intents:
  费用: [手续费多少, 我想问一下手续费]
"""


class Rules:
    """Understanding by table: what the words mean is not what is tested here."""

    capabilities = Capabilities("rules", ("zh", "en"))

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        intents = {"是的": "肯定", "嗯": "肯定", "不是": "否定", "我想问一下手续费": "费用"}
        name = intents.get(heard.text)
        entities = []
        if expect.type is not None and expect.slot is not None:
            for match in registry.parse(expect.type, heard.text, language=expect.language, at=at, unit=expect.unit)[:1]:
                entities.append(
                    Entity(expect.type, match.value, match.text, match.start, match.end, expect.slot, match.confidence)
                )
        return Understood(
            heard.text,
            (IntentScore(name, 0.95),) if name else (),
            tuple(entities),
            backchannel=is_backchannel(heard.text),
        )


class NoAnswers:
    def search(self, text: str, bases: tuple[str, ...], *, most: int = 3) -> tuple[FaqHit, ...]:
        return ()


def make_bot(folder: Path, *, flow: str = FLOW, bot: str = BOT) -> Bot:
    for name, text in (("bot.yaml", bot), ("flows/主.yaml", flow), ("nlu/a.yaml", NLU)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Bot(load(folder), Rules(), NoAnswers(), folder=folder)


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return make_bot(tmp_path / "bot")


class Line:
    """A telephone line with a session at its end; keeps what happened and when."""

    def __init__(self, bot: Bot, **options: object) -> None:
        self.log: list[tuple[float, EdgeEvent | Action]] = []
        self.out = b""
        self.recogniser = ToneRecogniser(WORDS)
        self.session = VoiceSession(
            bot,
            self.recogniser,
            BuzzVoice(),
            started=Started("call-1", medium="voice", wall=1.8e9),
            observer=lambda now, what: self.log.append((now, what)),
            **{"detector": LoudDetector(), **options},  # type: ignore[arg-type]
        )

    async def say(self, pcm: bytes) -> None:
        for frame in frames(pcm):
            self.out += await self.session.push(frame)

    async def quiet(self, seconds: float) -> None:
        await self.say(silence(seconds))

    async def until(self, kind: type, *, within: float = 30.0, text: str = "") -> float:
        """Silence until the next event or action of a kind (a Say beginning with `text`); the second it came."""
        start = len(self.log)
        for _ in range(round(within * 50)):
            for at, what in self.log[start:]:
                if isinstance(what, kind) and (not text or (isinstance(what, Say) and what.text.startswith(text))):
                    return at
            start = len(self.log)
            self.out += await self.session.push(QUIET)
        raise AssertionError(f"no {kind.__name__} within {within} s; last: {self.log[-3:]}")

    def of(self, kind: type) -> list[tuple[float, EdgeEvent | Action]]:
        return [(at, what) for at, what in self.log if isinstance(what, kind)]

    def loud(self, start: float, end: float) -> bool:
        samples = np.frombuffer(self.out, "<i2")[round(start * RATE) : round(end * RATE)]
        return bool(np.abs(samples).max() > 327)  # -40 dBFS

    async def reach_question(self) -> float:
        """Through the opening to the end of the first question; when it ended."""
        await self.session.start()
        while not self.session.listening:
            self.out += await self.session.push(QUIET)
        return self.session.now()


def test_a_call_runs_from_greeting_to_goodbye(bot: Bot) -> None:
    async def call() -> Line:
        line = Line(bot)
        await line.reach_question()
        await line.quiet(0.4)
        await line.say(tone(400, 0.4))
        await line.until(Say, text="想分几期")
        await line.quiet(1.0)
        await line.say(tone(1000, 0.4))
        await line.until(Hangup)
        await line.quiet(3.0)
        return line

    line = asyncio.run(call())
    said = [what.text for _, what in line.of(Say) if isinstance(what, Say)]
    assert said == ["您好，这里是银行的智能客服，先说一段很长的话。", "请问您是本人吗？", "想分几期？", "谢谢您再见。"]
    assert line.session.closed
    assert line.session.host.disposition is not None
    assert line.session.host.disposition.result == "success"
    [(_, hung_up)] = line.of(HungUp)
    assert hung_up == HungUp("bot")
    goodbye = line.of(PlaybackEnded)[-1]
    assert isinstance(goodbye[1], PlaybackEnded)
    assert goodbye[1].played == 1.0
    assert line.of(HungUp)[0][0] >= goodbye[0]
    assert [expect.step for expect in line.recogniser.expected] == ["主.本人", "主.选期数"]


def test_first_sound_and_answers_are_quick(bot: Bot) -> None:
    async def call() -> tuple[Line, float]:
        line = Line(bot)
        await line.session.start()
        await line.quiet(0.1)
        assert line.loud(0.0, 0.1)
        line = Line(bot)
        await line.reach_question()
        await line.say(tone(400, 0.4))
        spoke = line.session.now()
        await line.quiet(1.0)
        return line, spoke

    line, spoke = asyncio.run(call())
    assert not line.loud(spoke, spoke + 0.1)
    assert line.loud(spoke, spoke + 0.36)  # a yes/no answer: 0.3 s of silence, then the bot


def test_the_silence_ladder_fires_by_the_end_of_playback(bot: Bot) -> None:
    async def call() -> tuple[Line, float]:
        line = Line(bot)
        ended = await line.reach_question()
        await line.until(Say, text="您还在吗")
        await line.until(Hangup)
        return line, ended

    line, ended = asyncio.run(call())
    asked = next(at for at, what in line.log if isinstance(what, Say) and what.text == "您还在吗？")
    assert asked == pytest.approx(ended + 4.0, abs=0.05)
    again = [at for at, what in line.of(PlaybackEnded)][2]
    goodbye = next(at for at, what in line.log if isinstance(what, Say) and what.text == "再见。")
    assert goodbye == pytest.approx(again + 3.0, abs=0.05)


def test_a_cough_arms_the_silence_anew(bot: Bot) -> None:
    async def call() -> tuple[float, float]:
        line = Line(bot)
        await line.reach_question()
        await line.quiet(2.0)
        await line.say(noise(0.3))
        await line.until(Heard)
        coughed = line.session.now()
        return coughed, await line.until(Say, text="您还在吗")

    coughed, asked = asyncio.run(call())
    assert asked == pytest.approx(coughed + 4.0, abs=0.05)


def test_speaking_over_the_bot_stops_it_and_the_ledger_knows_what_was_heard(bot: Bot) -> None:
    async def call() -> tuple[Line, float, float]:
        line = Line(bot)
        await line.session.start()
        await line.quiet(1.0)
        onset = line.session.now()
        await line.say(tone(800, 1.2))
        end = line.session.now()
        await line.quiet(1.5)
        return line, onset, end

    line, onset, end = asyncio.run(call())
    assert not line.loud(onset + 0.2, end)
    first = line.session.ledger[0]
    audible = np.abs(np.frombuffer(line.out, "<i2")[: round(end * RATE)]) > 327
    assert first.seconds == pytest.approx(np.flatnonzero(audible).max() / RATE, abs=0.02)
    assert first.played == pytest.approx(first.seconds / (0.1 * len(first.say.text)), abs=0.01)
    assert first.say.text.startswith(first.heard)
    assert len(first.heard) == pytest.approx(first.seconds / 0.1, abs=1)
    reported = next(what for _, what in line.of(PlaybackEnded) if isinstance(what, PlaybackEnded))
    assert reported.played == first.played
    order = kinds(line.log)
    assert order.index("PlaybackEnded") < order.index("SpeechStopped")


@pytest.mark.parametrize("sound", [tone(600, 0.3), noise(0.4)], ids=["token", "cough"])
def test_a_token_or_a_cough_pauses_and_the_line_goes_on(bot: Bot, sound: bytes) -> None:
    async def call() -> tuple[Line, float]:
        line = Line(bot)
        await line.session.start()
        await line.quiet(1.0)
        await line.say(sound)
        end = line.session.now()
        await line.quiet(4.0)
        return line, end

    line, end = asyncio.run(call())
    assert not line.loud(end - 0.1, end)
    assert line.loud(end, end + 0.6)
    assert line.session.ledger[0].played == 1.0
    assert line.session.ledger[0].seconds == pytest.approx(0.1 * len(line.session.ledger[0].say.text), abs=0.01)


def test_an_uninterruptible_line_plays_on(tmp_path: Path) -> None:
    bot = make_bot(tmp_path / "bot", flow=FLOW.replace("- 开场:", "- 开场:\n    barge_in: off"))

    async def call() -> tuple[Line, float]:
        line = Line(bot)
        await line.session.start()
        await line.quiet(0.6)
        await line.say(tone(800, 0.8))
        end = line.session.now()
        await line.quiet(3.0)
        return line, end

    line, end = asyncio.run(call())
    assert line.loud(end - 0.4, end)
    assert line.session.ledger[0].played == 1.0


def test_a_protected_line_behind_an_interrupted_one_is_still_spoken(tmp_path: Path) -> None:
    bot = make_bot(tmp_path / "bot", flow=FLOW.replace("- 本人:", "- 本人:\n    barge_in: off"))

    async def call() -> Line:
        line = Line(bot)
        await line.session.start()
        await line.quiet(0.5)
        await line.say(tone(800, 0.8))
        await line.quiet(3.0)
        return line

    first, second = asyncio.run(call()).session.ledger
    assert first.played < 1.0
    assert (second.say.text, second.played) == ("请问您是本人吗？", 1.0)


def test_the_beginning_of_a_word_is_not_lost_to_detection(bot: Bot) -> None:
    class Late(LoudDetector):
        """Notices a voice after 0.2 s of it."""

        def __init__(self) -> None:
            self.heard = 0

        def feed(self, frame: NDArray[np.int16]) -> bool:
            self.heard = self.heard + 1 if super().feed(frame) else 0
            return self.heard > 10

    async def call() -> Line:
        line = Line(bot, detector=Late())
        await line.reach_question()
        await line.say(tone(400, 0.24))
        await line.until(SpeechStopped)
        return line

    line = asyncio.run(call())
    assert [what for _, what in line.of(Heard) if isinstance(what, Heard) and what.final] == [Heard("是的")]


def test_a_key_stops_the_line_and_answers(bot: Bot) -> None:
    async def call() -> Line:
        line = Line(bot)
        await line.reach_question()
        await line.say(tone(400, 0.4))
        await line.until(PlaybackStarted)
        await line.quiet(0.2)
        await line.session.dtmf("6")
        stopped = line.session.now()
        await line.quiet(1.5)
        assert line.of(Dtmf) == [(stopped, Dtmf("6"))]
        return line

    line = asyncio.run(call())
    prompt = next(entry for entry in line.session.ledger if entry.say.text == "想分几期？")
    assert 0 < prompt.played < 1
    assert [what.text for _, what in line.of(Say) if isinstance(what, Say)][-1] == "谢谢您再见。"


def test_a_dictated_number_is_waited_for_and_closed_when_whole(tmp_path: Path) -> None:
    flow = "flow: 主\nsteps:\n- 问: {collect: 电话, prompt: 请说号码。}\n- 结束: {end: 好了}\n"
    bot = make_bot(tmp_path / "bot", flow=flow)

    async def call() -> tuple[Line, float]:
        line = Line(bot)
        await line.reach_question()
        await line.say(tone(1400, 0.4))
        await line.quiet(2.0)  # half the number, then a long breath
        assert not line.of(SpeechStopped)
        await line.say(tone(1600, 0.4))
        end = line.session.now()
        return line, await line.until(SpeechStopped) - end

    line, delay = asyncio.run(call())
    assert delay <= 0.2
    assert [what.text for _, what in line.of(Heard) if isinstance(what, Heard) and what.final] == ["13812345678"]


def test_the_recording_holds_both_sides_sample_by_sample(bot: Bot, tmp_path: Path) -> None:
    async def call() -> tuple[Line, bytes]:
        line = Line(bot, recording=tmp_path / "call.wav")
        await line.session.start()
        caller = silence(0.7) + tone(800, 0.9) + noise(0.2) + silence(1.0)
        await line.say(caller)
        await line.session.hangup()
        return line, caller

    line, caller = asyncio.run(call())
    with wave.open(str(tmp_path / "call.wav")) as file:
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    assert both[:, 0].tobytes() == caller
    assert both[:, 1].tobytes() == line.out
    assert line.of(HungUp)[-1][1] == HungUp("caller")


def test_two_runs_are_equal(bot: Bot) -> None:
    async def call() -> tuple[list[tuple[float, EdgeEvent | Action]], bytes]:
        line = Line(bot)
        await line.session.start()
        for piece in (silence(0.7), tone(800, 0.9), noise(0.2), silence(3.0), tone(400, 0.5), silence(9.0)):
            await line.say(piece)
        return line.log, line.out

    assert asyncio.run(call()) == asyncio.run(call())


@pytest.mark.parametrize("encoding", ["ulaw", "alaw"])
def test_telephone_codecs_carry_the_call(bot: Bot, encoding: g711.Encoding) -> None:
    encode, decode = {
        "ulaw": (g711.ulaw_encode, g711.ulaw_decode),
        "alaw": (g711.alaw_encode, g711.alaw_decode),
    }[encoding]

    async def call() -> tuple[Line, bytes]:
        line = Line(bot, encoding=encoding)
        await line.session.start()
        out = b""
        for frame in frames(silence(6.0) + tone(400, 0.4) + silence(1.0)):
            out += decode(await line.session.push(encode(frame)))
        return line, out

    line, out = asyncio.run(call())
    assert [what.text for _, what in line.of(Heard) if isinstance(what, Heard) and what.final] == ["是的"]
    assert np.abs(np.frombuffer(out, "<i2")).max() == pytest.approx(0.2 * 32767, rel=0.05)


def test_a_frame_of_the_wrong_length_is_refused(bot: Bot) -> None:
    async def call() -> None:
        line = Line(bot)
        await line.session.start()
        with pytest.raises(UsageError, match="20 ms are 320"):
            await line.session.push(bytes(2 * FRAME + 2))

    asyncio.run(call())
    with pytest.raises(UsageError, match="ulaw at 16000"):
        Line(bot, encoding="ulaw", rate=16000)


def test_a_hang_up_in_the_middle_says_what_was_heard(bot: Bot) -> None:
    async def call() -> Line:
        line = Line(bot)
        await line.session.start()
        await line.quiet(0.5)
        await line.session.hangup()
        await line.session.hangup()
        assert await line.session.push(QUIET) == QUIET
        return line

    line = asyncio.run(call())
    assert line.session.closed
    ended = [what for _, what in line.log if isinstance(what, (PlaybackEnded, HungUp))]
    assert isinstance(ended[0], PlaybackEnded)
    assert 0 < ended[0].played < 1
    assert ended[-1] == HungUp("caller")


def kinds(log: Iterable[tuple[float, EdgeEvent | Action]]) -> list[str]:
    return [type(what).__name__ for _, what in log]


class LiveLine(Line):
    """The same in real-time mode: other tasks and threads get their turn between frames."""

    def __init__(self, bot: Bot, **options: object) -> None:
        super().__init__(bot, realtime=True, **options)

    async def say(self, pcm: bytes) -> None:
        for frame in frames(pcm):
            self.out += await self.session.push(frame)
            await asyncio.sleep(0.0005)

    async def hear(self, kind: type, *, within: float = 30.0) -> EdgeEvent | Action:
        for _ in range(round(within * 50)):
            for _, what in self.log:
                if isinstance(what, kind) and getattr(what, "final", True):
                    return what
            await self.say(QUIET)
        raise AssertionError(f"no {kind.__name__} within {within} s")


async def test_real_time_runs_the_engines_beside_the_audio(bot: Bot) -> None:
    line = LiveLine(bot)
    await line.session.start()
    while not (line.session.listening and line.session.ledger):
        await line.say(QUIET)
    await line.say(tone(400, 0.4))
    assert await line.hear(Heard) == Heard("是的")
    await line.session.hangup()
    assert line.session.closed
    assert "HungUp" in kinds(line.log)


async def test_a_key_in_real_time(bot: Bot) -> None:
    line = LiveLine(bot)
    await line.session.start()
    await line.say(silence(0.3))
    await line.session.dtmf("6")
    assert await line.hear(Dtmf) == Dtmf("6")
    assert await line.hear(PlaybackEnded)
    assert line.session.ledger[0].played < 1.0
    await line.session.hangup()


async def test_a_recogniser_that_never_answers_does_not_leave_the_line_silent(bot: Bot) -> None:
    stuck = threading.Event()

    class Stuck(ToneRecogniser):
        def stream(self, expect: Expectation, language: str) -> ToneStream:
            stuck.wait(20.0)
            return super().stream(expect, language)

    line = LiveLine(bot)
    line.session._ears._recogniser = Stuck(WORDS)
    await line.session.start()
    await line.say(silence(1.0) + noise(0.4))
    held = line.session.now()
    await line.say(silence(3.0))
    assert not line.loud(held, held + 3.0)
    await line.say(silence(7.0))
    assert line.loud(held + 8.0, held + 10.0)
    stuck.set()
    await line.session.hangup()


@pytest.mark.parametrize("error", [EngineError("broken"), RuntimeError("broken")])
async def test_a_recogniser_that_breaks_hears_no_words(bot: Bot, error: Exception) -> None:
    class Broken(ToneRecogniser):
        def stream(self, expect: Expectation, language: str) -> ToneStream:
            raise error

    line = Line(bot)
    line.session._ears._recogniser = Broken(WORDS)
    await line.reach_question()
    await line.say(tone(400, 0.4))
    await line.until(Heard)
    assert line.of(Heard)[0][1] == Heard("", confidence=0.0)
    await line.until(Say, text="您还在吗")


async def test_a_lost_line_leaves_the_conversation_for_another_worker(bot: Bot, tmp_path: Path) -> None:
    line = Line(bot, recording=tmp_path / "a.wav")
    await line.session.start()
    await line.quiet(0.5)
    line.session.detach()
    assert line.session.closed
    assert not line.session.host.closed
    assert line.of(HungUp) == []
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() == RATE // 2


async def test_a_call_that_was_not_answered_ends_by_itself(bot: Bot) -> None:
    line = Line(bot)
    await line.session.start(answered=False)
    await line.quiet(1.0)
    assert line.of(Say) == []
    await line.session.receive(NotAnswered("busy"))
    await line.quiet(0.1)
    assert line.session.closed
    assert line.session.host.disposition is not None
    assert line.session.host.disposition.result == "not_answered"
