"""Whole calls: the real engine and host, tones for words, a hum for a voice, and the clock of frames."""

import asyncio
import json
import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.core.actions import Action, Hangup, Say
from huashu.core.errors import UsageError
from huashu.core.events import (
    Dtmf,
    EdgeEvent,
    Heard,
    HungUp,
    PlaybackEnded,
    PlaybackStarted,
    SpeechStopped,
)
from huashu.flows.loader import load
from huashu.runtime.bot import Bot
from huashu.voice import g711
from huashu.voice.wav import comment_of
from tests.voice.voice_fakes import (
    FRAME,
    QUIET,
    RATE,
    LoudDetector,
    frames,
    noise,
    silence,
    tone,
)
from tests.voice.voice_line import BOT, FLOW, Line, kinds, make_bot

pytestmark = pytest.mark.audio


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
    label = json.loads(comment_of((tmp_path / "call.wav").read_bytes()))["AIGC"]
    assert label["Label"] == "1", "a synthetic voice is in it"
    assert label["ProduceID"] == line.session.host.call
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


def test_recogniser_and_voice_follow_the_language_of_the_call(tmp_path: Path) -> None:
    bot = make_bot(
        tmp_path,
        bot=BOT.replace("language: zh-CN", "language: zh-CN\nlanguages: [en-US]"),
        flow=FLOW.replace("费用: {say: 手续费很低。,", "费用: {language: en-US, say: 手续费很低。,"),
    )
    lines = tmp_path / "lines" / "en-US.yaml"
    lines.parent.mkdir()
    lines.write_text(
        '主.本人: {ask: Is it you?, answers.费用: "It is cheap."}\n主.选期数: {prompt: How many?}\n', "utf-8"
    )
    bot = Bot(load(tmp_path), bot.understander, bot.retriever, folder=tmp_path)

    async def call() -> Line:
        line = Line(bot)
        await line.reach_question()
        await line.quiet(0.4)
        await line.say(tone(800, 0.4))  # the sentence that the script answers in English
        await line.until(Say, text="Is it you?")
        await line.quiet(3.0)
        await line.say(tone(400, 0.4))
        await line.until(Say, text="How many?")
        return line

    line = asyncio.run(call())
    languages = [what.language for _, what in line.of(Say) if isinstance(what, Say)]
    assert languages == ["zh-CN", "zh-CN", "en-US", "en-US", "en-US"]
    assert [expect.language for expect in line.recogniser.expected] == ["zh-CN", "en-US"]
