"""The pains of the field, by their numbers there: public issues of other frameworks, each as a call that would show it.

Real session, engine and host; sound in, sound out, virtual time. Words are tones (tests.voice.voice_fakes).
"""

import asyncio
import logging
import threading
from pathlib import Path

import numpy as np
import pytest

from huashu.core.actions import Disposition, Handoff, Hangup, RunAction, Say
from huashu.core.events import (
    ActionResult,
    HandoffFailed,
    HumanJoined,
    HumanLeft,
    HungUp,
    PlaybackEnded,
    PlaybackMark,
)
from huashu.core.expect import Expectation
from huashu.runtime.bot import Bot
from huashu.voice.render import Renderer, Rendering
from tests.dialogue.talk import Talk, said
from tests.dialogue.talk import script as compiled
from tests.voice.voice_fakes import QUIET, RATE, BuzzVoice, ToneRecogniser, ToneStream, frames, noise, silence, tone
from tests.voice.voice_line import BOT, WORDS, Line, make_bot

pytestmark = pytest.mark.audio

ASK = "- 本人: {ask: 请问您是本人吗？, answers: {肯定: {end: 好了}, 否定: {end: 无应答}}}\n"
YES, TOKEN, MANY, NO = tone(400, 0.4), tone(600, 0.4), tone(800, 0.8), tone(1200, 0.4)


def bot(folder: Path, steps: str, *, anytime: str = "") -> Bot:
    settings = BOT.replace("defaults:", "actions: http://127.0.0.1:9\ndefaults:", 1)
    return make_bot(folder / "bot", bot=settings, flow=f"flow: 主\nsteps:\n{steps}{anytime}")


def sounds(line: Line) -> list[tuple[float, float]]:
    """Stretches of the bot's sound in seconds, parted by a quiet of over 0.35 s."""
    samples = np.abs(np.frombuffer(line.out, "<i2"))[: len(line.out) // 2]
    loud = np.flatnonzero(samples > 327) / RATE
    if not len(loud):
        return []
    cuts = np.flatnonzero(np.diff(loud) > 0.35)
    starts, ends = [loud[0], *loud[cuts + 1]], [*loud[cuts], loud[-1]]
    return [(float(start), float(end)) for start, end in zip(starts, ends, strict=True)]


def prompts(line: Line) -> list[str]:
    return [what.text for _, what in line.of(Say) if isinstance(what, Say)]


async def opened(made: Bot, **options: object) -> Line:
    """A line through to the bot's first question, all of it played."""
    line = Line(made, **options)
    await line.reach_question()
    return line


def test_pain_01_silence_prompt_fires_after_long_bot_speech(tmp_path: Path) -> None:
    """pipecat-ai/pipecat#1124: the idle timer began when the speech was made, so a long line was followed at once by
    "are you still there". Silence begins where the caller hears the last sound."""

    async def call() -> Line:
        line = Line(bot(tmp_path, "- 开场: {say: " + "很长的说明，" * 25 + "}\n" + ASK))
        await line.session.start()
        await line.quiet(26.0)
        return line

    line = asyncio.run(call())
    (_, end), (prompt, _), *_ = sounds(line)
    assert end > 15.0
    assert prompt - end == pytest.approx(4.0, abs=0.02)


def test_pain_02_a_cough_kills_the_silence_clock(tmp_path: Path) -> None:
    """pipecat-ai/pipecat#4343, #4911: voice without a transcript stopped the idle timer for good. Every cough arms the
    same rung anew, and a caller who only coughs is not waited for without end."""

    async def call() -> tuple[Line, float]:
        line = await opened(bot(tmp_path, ASK))
        await line.quiet(3.0)
        await line.say(noise(0.3))
        coughed = line.session.now()
        await line.until(Say, text="您还在吗")
        for _ in range(60):
            if line.session.closed:
                break
            await line.say(noise(0.3) + silence(2.0))
        return line, coughed

    line, coughed = asyncio.run(call())
    asked = next(at for at, what in line.of(Say) if isinstance(what, Say) and what.text.startswith("您还在吗"))
    assert asked - coughed == pytest.approx(4.0 + 0.3, abs=0.05)  # 0.3 s of quiet end the cough
    assert line.session.closed


def test_pain_03_the_clock_runs_while_buffered_sound_is_still_played() -> None:
    """pipecat-ai/pipecat#2741: the carrier still played what had been sent, and the call was hung up. Only the edge's
    own reports end a line: neither a prompt nor a hang-up comes before them, however late they are."""
    talk = Talk(compiled("flow: 主\nsteps:\n" + ASK + "endings: {好了: {say: 再见。}, 无应答: {}}"), voice=True)
    [asked] = [action for action in talk.actions if isinstance(action, Say)]
    for mark in range(8):  # ten times slower than the text would take
        assert talk.silence(5.0) == []
        talk.do(PlaybackMark(asked.id, mark / 8))
    talk.do(PlaybackEnded(asked.id))
    assert talk.silence(4.9) == []
    assert len(talk.silence(0.2)) == 1


def test_pain_04_silence_prompt_during_an_action_or_an_entry(tmp_path: Path) -> None:
    """pipecat-ai/pipecat#3742, #4579: the idle prompt came while a tool ran, the caller was muted or typed. What pauses
    the clock has a name each, and only when none is left it runs."""
    keyed = "- 问: {collect: 期数, prompt: 请按期数。, dtmf: {digits: 0, inter_digit: 8s}}\n"

    async def acting() -> Line:
        line = Line(bot(tmp_path / "a", "- 办: {do: act, timeout: 30s}\n" + ASK))
        await line.session.start()
        await line.quiet(20.0)
        assert prompts(line) == []
        [(_, run)] = line.of(RunAction)
        assert isinstance(run, RunAction)
        await line.session.receive(ActionResult(run.id))
        await line.quiet(6.0)
        return line

    async def typing() -> Line:
        line = await opened(bot(tmp_path / "b", keyed))
        for digit in "12":
            await line.session.dtmf(digit)
            await line.say(noise(0.3) + silence(6.5))  # a cough in it: that pause ends, the keys' does not
        return line

    assert prompts(asyncio.run(acting())) == ["请问您是本人吗？", "您还在吗？"]
    assert prompts(asyncio.run(typing())) == ["请按期数。"]


def test_pain_05_after_a_false_interruption_the_bot_stays_silent(tmp_path: Path) -> None:
    """livekit/agents#4039, #1229: a noise stopped the bot and nothing set it going again. It goes on where it was,
    within 0.6 s; and when the recogniser hangs, within six seconds and a half, whatever happens."""
    made = bot(tmp_path, "- 开场: {say: 这里是银行的智能客服，先说一段很长的话，再说一段很长的话。}\n" + ASK)

    async def call() -> tuple[Line, float]:
        line = Line(made)
        await line.session.start()
        await line.quiet(1.0)
        await line.say(noise(0.5))
        end = line.session.now()
        await line.quiet(5.0)
        return line, end

    line, end = asyncio.run(call())
    assert not line.loud(end - 0.3, end)
    assert line.loud(end, end + 0.6)
    assert line.session.ledger[0].played == 1.0

    async def hung() -> None:
        stuck = threading.Event()

        class Stuck(ToneRecogniser):
            def stream(self, expect: Expectation, language: str) -> ToneStream:
                stuck.wait(30.0)
                return super().stream(expect, language)

        line = Line(made, realtime=True)
        line.session._ears._recogniser = Stuck(WORDS)
        await line.session.start()
        for frame in frames(silence(1.0) + noise(0.4) + silence(10.0)):
            line.out += await line.session.push(frame)
            await asyncio.sleep(0.0002)
        stuck.set()
        await line.session.hangup()
        assert not line.loud(2.0, 6.0)
        assert line.loud(6.0, 8.5)

    asyncio.run(hung())


def test_pain_06_a_listeners_token_stops_the_bot(tmp_path: Path) -> None:
    """livekit/agents#3984, #4127, pipecat-ai/pipecat#1391, xinnan-tech/xiaozhi-esp32-server#2891: "嗯" over the bot
    stopped it, and filtering the word by a list lost it where it was an answer. Here the moment decides."""

    async def call() -> Line:
        line = Line(bot(tmp_path, "- 开场: {say: 这里是银行的智能客服，先说一段很长的话。}\n" + ASK))
        await line.session.start()
        await line.quiet(1.0)
        await line.say(TOKEN)
        while not line.session.listening:
            line.out += await line.session.push(QUIET)
        assert [entry.played for entry in line.session.ledger] == [1.0, 1.0]
        await line.say(TOKEN)
        await line.until(Hangup)
        return line

    assert prompts(asyncio.run(call()))[-1] == "谢谢您再见。"


def test_pain_07_the_transcript_holds_words_nobody_heard(tmp_path: Path) -> None:
    """pipecat-ai/pipecat#4996, #5426, #2791, livekit/agents#5038, #2201: the record kept the whole line although the
    caller had cut it. The ledger is what left for the line, to the sample, and the dialogue knows the same."""

    async def call() -> Line:
        line = Line(bot(tmp_path, "- 开场: {say: 这里是银行的智能客服，先说一段很长的话。}\n" + ASK))
        await line.session.start()
        await line.quiet(1.0)
        await line.say(MANY)
        await line.quiet(1.0)
        return line

    line = asyncio.run(call())
    entry = line.session.ledger[0]
    _, end = sounds(line)[0]
    assert entry.seconds == pytest.approx(end, abs=0.005)
    assert entry.heard == entry.say.text[: round(entry.seconds / 0.1)]
    spoken = line.session.host._turns.engine.ledger[0]
    assert spoken.heard == pytest.approx(len(entry.heard), abs=1)
    assert spoken.played < 0.6


def test_pain_08_the_state_says_speaking_and_the_line_is_silent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """livekit/agents#3418: the voice had stopped making sound, the session believed it spoke, and nobody said anything
    any more. What speaks is what sends sound: a line without any is told in the log, given up, and the call goes on."""

    class Stuck:
        """Of one line, no sound ever comes."""

        def __init__(self) -> None:
            self.renderer = Renderer(BuzzVoice(), rate=RATE, inline=True)

        def render(self, say: Say) -> Rendering:
            return Rendering(len(say.text)) if say.text.startswith("这里") else self.renderer.render(say)

    async def call() -> Line:
        line = Line(bot(tmp_path, "- 开场: {say: 这里是银行。}\n" + ASK), renderer=Stuck())
        await line.session.start()
        await line.quiet(11.0)
        return line

    with caplog.at_level(logging.WARNING):
        line = asyncio.run(call())
    assert "a line has had no sound" in caplog.text
    assert [entry.played for entry in line.session.ledger][:2] == [0.0, 1.0]
    assert 5.0 < sounds(line)[0][0] < 5.5  # the question is heard, five seconds late
    assert "您还在吗？" in prompts(line)


def test_pain_14_the_goodbye_is_cut_by_the_hang_up(tmp_path: Path) -> None:
    """pipecat-ai/pipecat#1461, XiyaoWang0519/agent-call#9: the line was closed while the last words were on their way.
    Hanging up waits for the end of playback and a little more; the caller's voice cannot stop last words."""

    async def call() -> Line:
        line = await opened(bot(tmp_path, ASK))
        await line.say(YES)
        await line.until(Hangup)
        await line.say(MANY)
        await line.quiet(2.0)
        return line

    line = asyncio.run(call())
    entry = line.session.ledger[-1]
    assert (entry.say.text, entry.played) == ("谢谢您再见。", 1.0)
    start, end = sounds(line)[-1]
    assert end - start == pytest.approx(0.1 * len("谢谢您再见。"), abs=0.01)
    assert line.of(HungUp)[0][0] >= end + 0.2


def test_pain_17_nobody_minds_the_silence_of_the_bot(tmp_path: Path) -> None:
    """openai/openai-agents-python#1763, lionsoul2014/freeswitch-asr#1: frameworks count the caller's silence, not their
    own. While an action runs the bot speaks again within the time its `late` ladder says."""
    late = "late: [{after: 2s, say: 请稍等。}, {after: 3s, say: 还在为您办理。}]"

    async def call() -> Line:
        line = Line(bot(tmp_path, f"- 办: {{say: 正在办理。, do: act, timeout: 20s, {late}}}\n" + ASK))
        await line.session.start()
        await line.quiet(7.0)
        [(_, run)] = line.of(RunAction)
        assert isinstance(run, RunAction)
        await line.session.receive(ActionResult(run.id))
        await line.quiet(1.0)
        return line

    line = asyncio.run(call())
    assert prompts(line) == ["正在办理。", "请稍等。", "还在为您办理。", "请问您是本人吗？"]
    quiet = [after[0] - before[1] for before, after in zip(sounds(line), sounds(line)[1:], strict=False)]
    assert max(quiet) < 3.0


def test_pain_18_a_slot_is_asked_for_without_end(tmp_path: Path) -> None:
    """RasaHQ/rasa-sdk#317, RasaHQ/rasa#7751: a form asked for the same slot for ever; after a change of topic it asked
    for the wrong one. Tries are counted, and a detour comes back to the question it left."""
    flow = bot(
        tmp_path,
        "- 期: {collect: 期数, prompt: 几期？, one_of: {values: [3, 6], unit: 期, otherwise: 只有3期和6期。}}\n"
        "- 电: {collect: 电话, prompt: 电话是多少？}\n- 完: {end: 好了}\n",
        anytime="anytime: {费用: {say: 手续费很低。, then: back}}\n",
    ).script
    talk = Talk(flow)
    tries = 0
    while not talk.engine.closed:
        talk.value("期数", 5)
        tries += 1
    assert tries <= 5
    assert any(isinstance(action, Disposition) for action in talk.actions)
    talk = Talk(flow)
    talk.value("期数", 6)
    assert said(talk.intent("费用")) == ["手续费很低。", "电话是多少？"]
    talk.value("电话", "13912345678")
    assert talk.engine.slots == {"期数": 6, "电话": "13912345678"}


def test_pain_24_the_bot_speaks_after_the_handoff_or_the_caller_is_stranded(tmp_path: Path) -> None:
    """chatwoot/rasa-agent-bot-demo#12, fazer-ai/agents#457, livekit/sip#234, #91: the bot went on beside the person; a
    refused transfer left the caller with nobody. Who has the call is a state: the bot is silent in one only."""
    failed = "{handoff: 客服, failed: {say: 人工都在忙。, then: back}}"
    made = bot(tmp_path, ASK, anytime=f"anytime: {{费用: {failed}}}\n")

    async def asked_for() -> Line:
        line = await opened(made)
        await line.say(MANY)
        await line.until(Handoff)
        return line

    async def joined() -> Line:
        line = await asked_for()
        await line.session.receive(HumanJoined("a"))
        await line.quiet(0.1)
        began = len(line.out)
        for _ in range(5):
            await line.say(YES + silence(5.0) + MANY + noise(0.5))
        assert not np.frombuffer(line.out[began:], "<i2").any()
        await line.session.receive(HumanLeft())
        await line.quiet(2.0)
        return line

    async def refused() -> Line:
        line = await asked_for()
        await line.session.receive(HandoffFailed("603"))
        await line.quiet(2.0)
        return line

    async def nobody() -> Line:
        line = await asked_for()
        await line.quiet(62.0)
        return line

    first = "请问您是本人吗？"
    assert prompts(asyncio.run(joined())) == [first, "好的，我们继续。", first]
    assert prompts(asyncio.run(refused())) == [first, "人工都在忙。", first]
    assert prompts(asyncio.run(nobody()))[:3] == [first, "人工都在忙。", first]
