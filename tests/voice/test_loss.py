"""Frames that never arrive: the edge pushes silence in their place, and the call stays in time and in order."""

import asyncio
import random
from pathlib import Path

import numpy as np
import pytest

from huashu.channels.pacing import Due, FramePacer
from huashu.core.actions import Say
from huashu.core.events import Heard, PlaybackEnded, Started
from huashu.runtime.bot import Bot
from huashu.voice.session import VoiceSession
from tests.voice.test_human import Says, clips, line, silent_from
from tests.voice.voice_fakes import FRAME, QUIET, BuzzVoice, silence, tone
from tests.voice.voice_line import Line

pytestmark = pytest.mark.audio
LOST = bytes(2 * FRAME)


def lossy(frames: list[bytes], share: float, rng: random.Random) -> list[bytes]:
    """Losses in bursts of three frames on average (E. N. Gilbert, 1960)."""
    bad, sent = False, []
    for frame in frames:
        if rng.random() < (1 / 3 if bad else share / (1 - share) / 3):
            bad = not bad
        sent.append(LOST if bad else frame)
    return sent


def test_people_stop_the_bot_through_five_per_cent_of_loss(bot: Bot, data: Path) -> None:
    rng = random.Random(5)

    async def stop(clip: np.ndarray[tuple[int], np.dtype[np.int16]]) -> float:
        session = VoiceSession(
            bot, Says("我想问一下手续费"), BuzzVoice(), started=Started("c", medium="voice", wall=1.8e9)
        )
        await session.start()
        frames = lossy(line(clip, before=1.0, after=1.5), 0.05, rng)
        out = b"".join([await session.push(frame) for frame in frames])
        assert session.now() == pytest.approx(len(frames) * 0.02)
        await session.hangup()
        return silent_from(out, 1.0)

    stops = [asyncio.run(stop(clip)) for clip in clips(data, "speech")[:16]]
    assert np.percentile(stops, 50) <= 0.2
    assert np.percentile(stops, 95) <= 0.35


def test_a_hole_in_a_word_does_not_end_the_turn(bot: Bot) -> None:
    async def call() -> Line:
        line = Line(bot)
        await line.reach_question()
        await line.quiet(0.5)
        await line.say(tone(1200, 0.2) + silence(0.1) + tone(1200, 0.04) + silence(0.06) + tone(1200, 0.2))
        await line.until(Say)
        return line

    finals = [what for _, what in asyncio.run(call()).of(Heard) if isinstance(what, Heard) and what.final]
    assert len(finals) == 1


def test_the_silence_prompt_comes_in_time_when_nothing_arrives(bot: Bot) -> None:
    """An edge whose far end is mute, or sends its frames late and all at once."""

    async def call() -> tuple[float, float]:
        line, pacer = Line(bot), FramePacer()
        await line.session.start()
        rng, due, sent = random.Random(1), 0.0, 0
        arrives = sorted(number * 0.02 + rng.choice((0.0, 0.0, 0.03, 0.4)) for number in range(800))
        wall = 0.0
        while wall < 14.0 and not line.session.closed:
            step = pacer.next(wall, waiting=sent < len(arrives) and arrives[sent] <= wall)
            if isinstance(step, Due):
                sent += step is Due.TAKE
                line.out += await line.session.push(QUIET)
                due = max(due, abs(line.session.now() - wall))
            else:
                wall += max(0.005, min(step, 0.02))
        ended = [at for at, what in line.log if isinstance(what, PlaybackEnded)][1]
        asked = next(at for at, what in line.log if isinstance(what, Say) and what.text.startswith("您还在"))
        return asked - ended, due

    after, drift = asyncio.run(call())
    assert after == pytest.approx(4.0, abs=0.02)
    assert drift <= 1.05, "the session is never further from the wall than the pacer allows"
