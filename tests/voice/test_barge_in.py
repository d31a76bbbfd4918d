"""Every kind of barge-in from the script to the line: what stops the bot, by voice and in conversation tests alike."""

import asyncio
from pathlib import Path

import pytest

from huashu.core.actions import Say
from huashu.core.events import Answered, Dtmf, Heard, PlaybackEnded, Started
from huashu.lab.simulation import Simulation
from huashu.runtime.bot import Bot
from huashu.runtime.turn import Turns
from tests.voice.voice_fakes import tone
from tests.voice.voice_line import FLOW, WORDS, Line, make_bot

pytestmark = pytest.mark.audio

HOTWORDS = "{kind: hotword, hotwords: [手续费]}"
PROTECTED = "{kind: speech, protected: 3s}"
CASES = [
    ("off", 800, False),
    ("speech", 800, True),
    ("speech", 600, False),  # 嗯
    ("words>=5", 800, True),
    ("words>=5", 400, False),
    (HOTWORDS, 800, True),
    (HOTWORDS, 400, False),
    ("hotword", 400, True),  # 是的: an answer of the question behind the line
    ("hotword", 1000, False),  # 六期: nobody has asked for that yet
    ("dtmf", 800, False),
    (PROTECTED, 800, False),
]


def opening(folder: Path, barge_in: str) -> Bot:
    """`barge_in` on the line itself, over the step's and the flow's own."""
    said = f"{{text: 您好，这里是银行的智能客服，先说一段很长的话。, barge_in: {barge_in}}}"
    flow = FLOW.replace("您好，这里是银行的智能客服，先说一段很长的话。", said)
    flow = flow.replace("- 开场:", f"- 开场:\n    barge_in: {'off' if barge_in != 'off' else 'speech'}")
    return make_bot(folder, flow=flow)


def first_ended(line: Line) -> PlaybackEnded:
    first = line.of(Say)[0][1]
    assert isinstance(first, Say)
    return next(what for _, what in line.log if isinstance(what, PlaybackEnded) and what.say == first.id)


@pytest.mark.parametrize(("barge_in", "pitch", "stops"), CASES)
def test_words_over_a_line(tmp_path: Path, barge_in: str, pitch: int, stops: bool) -> None:
    bot = opening(tmp_path / "bot", barge_in)

    async def call() -> Line:
        line = Line(bot)
        await line.session.start()
        await line.quiet(1.0)
        await line.say(tone(pitch, 0.4))
        await line.until(PlaybackEnded)
        return line

    assert (first_ended(asyncio.run(call())).played < 1.0) is stops

    sim = Simulation(bot)
    sim.start()
    sim.interrupt(1.0)
    sim.speak(WORDS[pitch])
    assert ("stop" in [entry.who for entry in sim.record]) is stops


@pytest.mark.parametrize(
    ("barge_in", "stops"), [("off", False), ("dtmf", True), ("speech", True), ("words>=5", True), (HOTWORDS, True),
                            (PROTECTED, False)]
)  # fmt: skip
def test_a_key_over_a_line(tmp_path: Path, barge_in: str, stops: bool) -> None:
    bot = opening(tmp_path / "bot", barge_in)

    async def call() -> Line:
        line = Line(bot)
        await line.session.start()
        await line.quiet(1.0)
        await line.session.dtmf("6")
        await line.until(PlaybackEnded)
        return line

    line = asyncio.run(call())
    assert (first_ended(line).played < 1.0) is stops
    assert bool(line.of(Dtmf)) is (barge_in != PROTECTED)

    sim = Simulation(bot)
    sim.start()
    sim.interrupt(1.0)
    sim.press("6")
    assert ("stop" in [entry.who for entry in sim.record]) is stops


def test_words_that_may_not_stop_a_line_answer_nothing(tmp_path: Path) -> None:
    """ "是的" over a line that wants five words, or over its protected start, is no answer to what comes next."""
    for barge_in in ("words>=5", PROTECTED, "off", "dtmf"):
        sim = Simulation(opening(tmp_path / "bot", barge_in))
        sim.start()
        sim.interrupt(1.0)
        sim.speak("是的")
        sim.settle()
        assert sim.turns.position == "主.本人", barge_in


def test_a_text_chat_plays_nothing_so_nothing_is_in_the_way(tmp_path: Path) -> None:
    for barge_in in ("off", "dtmf", "words>=5", HOTWORDS, PROTECTED):
        turns = Turns(opening(tmp_path / "bot", barge_in))
        turns.step(Started("c", medium="text", marks="none", wall=1.8e9), now=0.0)
        turns.step(Answered(), now=0.0)
        turns.step(Heard("是的"), now=0.1)
        assert turns.position == "主.选期数", barge_in
