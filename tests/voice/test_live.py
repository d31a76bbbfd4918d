"""What real lines do to a session: engines in threads, engines that break or hang, lines that are lost."""

import asyncio
import threading
import wave
from pathlib import Path

import pytest

from huashu.core.actions import Action, Handoff, OptOut, Say
from huashu.core.errors import EngineError, OverloadedError
from huashu.core.events import (
    Dtmf,
    EdgeEvent,
    EngineFailed,
    Heard,
    HumanJoined,
    HungUp,
    NotAnswered,
    PlaybackEnded,
    Started,
)
from huashu.core.expect import Expectation
from huashu.dialogue.engine import Conversation
from huashu.runtime.bot import Bot
from tests.voice.voice_fakes import (
    QUIET,
    RATE,
    ToneRecogniser,
    ToneStream,
    frames,
    noise,
    silence,
    tone,
)
from tests.voice.voice_line import BOT, WORDS, Line, kinds, make_bot

pytestmark = pytest.mark.audio


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
    assert line.loud(held + 5.0, held + 7.0)
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


async def test_waiting_for_a_person_is_no_dead_air(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> list[Action]:
        raise RuntimeError("the engine is broken")

    settings = BOT.replace("endings:", "patterns: {error: {say: 请稍等。, handoff: 人工}}\nendings:")
    line = Line(make_bot(tmp_path / "bot", bot=settings))
    await line.reach_question()
    monkeypatch.setattr(Conversation, "receive", broken)
    await line.say(tone(400, 0.4))
    await line.quiet(20.0)  # nobody has come yet
    assert line.of(Handoff)
    await line.session.receive(HumanJoined())
    await line.quiet(20.0)  # and now nothing is waited for
    assert "dead air" not in caplog.text


async def test_dead_air_is_a_fault_of_a_named_call(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    line = Line(bot)
    line.session._started = Started("", medium="voice")  # the host makes up an id
    await line.reach_question()
    line.session.host.detach()  # what a broken edge does
    await line.quiet(20.0)
    assert f"call {line.session.host.call}: dead air of 15 s" in caplog.text
    assert len(line.session.host.call) > 8


async def test_the_line_is_kept_until_the_last_words_have_arrived(bot: Bot) -> None:
    line = Line(bot)
    await line.reach_question()
    ended = await line.until(HungUp)
    assert ended == pytest.approx(line.of(PlaybackEnded)[-1][0] + 0.2, abs=0.03)


async def test_a_refusal_spoken_into_the_goodbye_is_heard(tmp_path: Path) -> None:
    settings = BOT.replace("endings:", "anytime: {费用: {end: 拒绝}}\nendings:\n  拒绝: {say: 好。, result: opt_out}")
    flow = "flow: 主\nsteps:\n- 本人: {ask: 请问您是本人吗？, answers: {肯定: {end: 好了}, 否定: {end: 无应答}}}\n"
    line = Line(make_bot(tmp_path / "bot", bot=settings, flow=flow))
    await line.reach_question()
    await line.say(tone(1200, 0.4))
    await line.until(Say, text="再见")
    await line.quiet(0.2)  # half the goodbye
    await line.say(tone(800, 1.0))
    end = line.session.now()
    hung_up = await line.until(HungUp)
    assert line.of(OptOut)
    assert line.session.ledger[-1].played == 1.0
    assert end < hung_up < end + 1.0
    assert line.session.host.disposition is not None
    assert line.session.host.disposition.result == "no_input"


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


class Broken(ToneRecogniser):
    """Works again after so many turns."""

    turns = 0

    def __init__(self, broken: int) -> None:
        super().__init__(WORDS)
        self._broken = broken

    def stream(self, expect: Expectation, language: str) -> ToneStream:
        self.turns += 1
        if self.turns <= self._broken:
            raise OverloadedError("no place")
        return super().stream(expect, language)


async def test_a_caller_who_cannot_be_heard_twice_is_told_so(bot: Bot) -> None:
    """By the script's error pattern, and the record says why."""
    line = Line(bot)
    line.session._ears._recogniser = Broken(9)
    await line.reach_question()
    await line.say(tone(400, 0.4))
    await line.until(Heard)
    assert line.of(EngineFailed) == []
    await line.until(Say, text="您还在吗")
    await line.quiet(2.0)
    await line.say(tone(400, 0.4))
    await line.until(Say, text="抱歉")
    assert [what for _, what in line.of(EngineFailed)] == [EngineFailed("recogniser", "overloaded")]
    await line.until(HungUp)
    assert line.session.host.disposition is not None
    assert line.session.host.disposition.result == "error"


async def test_one_lost_turn_between_others_is_only_asked_for_again(bot: Bot) -> None:
    line = Line(bot)
    line.session._ears._recogniser = Broken(1)
    await line.reach_question()
    await line.say(tone(400, 0.4))
    await line.until(Say, text="您还在吗")
    await line.quiet(2.0)
    await line.say(tone(400, 0.4))
    await line.until(Heard)
    assert line.of(EngineFailed) == []
    assert [what.text for _, what in line.of(Heard) if isinstance(what, Heard) and what.final][-1] == "是的"


async def test_words_that_do_not_come_in_five_seconds_are_given_up(bot: Bot) -> None:
    """The next turn does not wait behind a recogniser that hangs."""
    stuck = threading.Event()

    class Hangs(ToneRecogniser):
        first = True

        def stream(self, expect: Expectation, language: str) -> ToneStream:
            if self.first:
                type(self).first = False
                stuck.wait(20.0)
            return super().stream(expect, language)

    line = LiveLine(bot)
    line.session._ears._recogniser = Hangs(WORDS)
    await line.session.start()
    while not (line.session.listening and line.session.ledger):
        await line.say(QUIET)
    await line.say(tone(400, 0.4))
    asked = line.session.now()
    assert await line.hear(Heard) == Heard("", confidence=0.0)
    assert 5.0 < line.session.now() - asked < 6.5
    line.log.clear()
    await line.say(silence(1.0) + tone(400, 0.4))
    assert await line.hear(Heard) == Heard("是的")
    stuck.set()
    await line.session.hangup()
