"""The heard ledger against the sound that left for the line: interrupted anywhere, on lines good and bad."""

from collections.abc import Callable

import numpy as np
import pytest

from huashu.core.actions import Say
from huashu.core.events import Heard, PlaybackEnded
from huashu.dialogue.audible import REACTION
from huashu.runtime.bot import Bot
from tests.voice.voice_fakes import QUIET, RATE, frames, silence, tone
from tests.voice.voice_line import Line

pytestmark = pytest.mark.audio

FRAME = 0.02
LONG = 2.3
"""Seconds of the bot's first line."""
Wire = Callable[[list[bytes]], list[bytes]]


def audible(line: Line, seconds: float) -> float:
    """Seconds in which the bot was heard, up to that second."""
    samples = np.abs(np.frombuffer(line.out, "<i2")[: round(seconds * RATE)])
    loud = np.flatnonzero(samples > 33)
    if not len(loud):
        return 0.0
    gaps = np.diff(loud)
    return (len(loud) + int(gaps[gaps < RATE * FRAME / 2].sum() - (gaps < RATE * FRAME / 2).sum())) / RATE


def clean(sound: list[bytes]) -> list[bytes]:
    return sound


def lossy(sound: list[bytes]) -> list[bytes]:
    """One frame in twelve never comes: the edge gives silence in its place."""
    drawn = np.random.default_rng(5).random(len(sound))
    return [QUIET if lost < 1 / 12 else frame for lost, frame in zip(drawn, sound, strict=True)]


def shuffled(sound: list[bytes]) -> list[bytes]:
    """One frame in six overtakes the one before it, and the edge does not mend that."""
    drawn = np.random.default_rng(6).random(len(sound))
    made = list(sound)
    for place in range(1, len(made)):
        if drawn[place] < 1 / 6:
            made[place - 1], made[place] = made[place], made[place - 1]
    return made


def jittery(sound: list[bytes]) -> list[bytes]:
    """Now and then nothing comes for 60 ms, and what was late is lost."""
    drawn = np.random.default_rng(7).random(len(sound))
    made = list(sound)
    for place in range(len(made)):
        if drawn[place] < 1 / 40:
            made[place : place + 3] = [QUIET] * len(made[place : place + 3])
    return made


async def interrupted(bot: Bot, onset: float, wire: Wire) -> Line:
    line = Line(bot)
    await line.session.start()
    for frame in wire(frames(silence(onset) + tone(800, 1.0) + silence(1.6))):
        line.out += await line.session.push(frame)
    return line


@pytest.mark.parametrize("wire", [clean, lossy, shuffled, jittery])
async def test_wherever_the_bot_is_interrupted_the_ledger_is_what_was_heard(bot: Bot, wire: Wire) -> None:
    step = 1 if wire is clean else 4
    for number in range(round(REACTION / FRAME) + 2, round(LONG / FRAME) - 2, step):
        line = await interrupted(bot, number * FRAME, wire)
        first = line.session.ledger[0]
        assert first.played < 1.0, f"not interrupted at {number * FRAME:.2f} s"
        ((ended, _), *_) = line.of(PlaybackEnded)
        heard = audible(line, ended + FRAME)
        assert abs(first.seconds - heard) <= FRAME, f"at {number * FRAME:.2f} s: {first.seconds} of {heard} s"
        assert first.played * LONG == pytest.approx(first.seconds, abs=FRAME)
        characters = len(first.say.text) * first.played
        assert abs(len(first.heard) - characters) <= 1
        words = [what.text for _, what in line.of(Heard) if isinstance(what, Heard) and what.final]
        assert len(words) == 1, "one turn, however many holes"
        assert words[0].startswith("我想问一下手续费")


@pytest.mark.parametrize("frame", range(1, round(REACTION / FRAME) - 1, 3))
async def test_who_speaks_before_anybody_could_have_heard_a_word_interrupts_nothing(bot: Bot, frame: int) -> None:
    line = await interrupted(bot, frame * FRAME, clean)
    for _ in range(200):
        line.out += await line.session.push(QUIET)
    first = line.session.ledger[0]
    assert (first.played, first.heard) == (1.0, first.say.text)
    assert [what.text for _, what in line.of(Heard) if isinstance(what, Heard) and what.final] == ["我想问一下手续费"]
    assert not [what for _, what in line.of(Say) if isinstance(what, Say) and what.text == "手续费很低。"]
