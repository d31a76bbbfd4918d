"""A message left on a voicemail: after its beep, or after a silence, never over its greeting; by the sound alone."""

from pathlib import Path

import numpy as np
import pytest

from huashu.core.events import Beep, MachineDetected
from huashu.runtime.bot import Bot
from tests.voice.voice_fakes import RATE, noise, silence, tone
from tests.voice.voice_line import BOT, WORDS, Line, make_bot

pytestmark = pytest.mark.audio

WORDS[3000] = "请在提示音后留言"  # above what counts as a beep
GREETING = noise(1.0) + tone(3000, 1.5)
BEEP = tone(1000, 0.4)
QUIET = 2.0


@pytest.fixture
def leaver(tmp_path: Path) -> Bot:
    message = "patterns: {machine: {after_beep: {within: 20s, quiet: 2s}, say: 请您回电谢谢, end: 好了}}\n"
    return make_bot(tmp_path, bot=BOT + message)


async def call(bot: Bot, sound: bytes, wait: float) -> Line:
    line = Line(bot, outbound=True)
    await line.session.start()
    await line.quiet(0.3)
    await line.say(sound)
    for _ in range(round(wait * 50)):
        if not line.session.closed:
            await line.quiet(0.02)
    return line


def spoken(line: Line, after: float) -> float | None:
    """The second at which the bot is heard next, by its sound."""
    samples = np.abs(np.frombuffer(line.out, "<i2")[round(after * RATE) :])
    loud = np.flatnonzero(samples > 327)
    return after + int(loud[0]) / RATE if len(loud) else None


async def test_the_message_begins_right_after_the_beep_and_is_played_whole(leaver: Bot) -> None:
    line = await call(leaver, GREETING + silence(0.7) + BEEP, 6.0)
    beep = 0.3 + 2.5 + 0.7 + 0.4
    assert len(line.of(Beep)) == 1
    begun = spoken(line, beep - 0.5)
    assert begun is not None
    assert 0 <= begun - beep <= 0.4
    assert [entry.heard for entry in line.session.ledger][-2:] == ["请您回电谢谢", "谢谢您再见。"]


async def test_nothing_is_said_into_the_greeting_once_it_is_known(leaver: Bot) -> None:
    line = await call(leaver, GREETING + noise(4.0), 0.2)
    ((known, _),) = line.of(MachineDetected)
    assert known < 3.5
    assert not line.loud(known + 0.1, known + 3.0), "the bot speaks over the greeting"


async def test_without_a_beep_the_message_begins_after_the_silence(leaver: Bot) -> None:
    line = await call(leaver, GREETING, 6.0)
    begun = spoken(line, 2.9)
    assert begun is not None
    assert QUIET - 0.1 <= begun - 2.8 <= QUIET + 1.5  # the end of a turn is known up to 1.05 s late


async def test_a_beep_that_comes_before_it_is_known_who_answered_counts(leaver: Bot) -> None:
    line = Line(leaver, outbound=True)
    await line.session.start()
    await line.say(silence(0.3) + noise(1.0) + silence(0.3) + BEEP + silence(0.3))
    assert not line.of(MachineDetected)
    await line.session.receive(MachineDetected("voicemail"))
    await line.say(silence(0.1))
    assert len(line.of(Beep)) == 1


async def test_a_beep_inside_the_greeting_is_not_the_one(leaver: Bot) -> None:
    line = await call(leaver, noise(0.6) + BEEP + GREETING + noise(1.0), 0.2)
    assert line.of(MachineDetected)
    assert not line.of(Beep)


async def test_an_edge_that_says_voicemail_has_its_beep_listened_for(leaver: Bot) -> None:
    line = Line(leaver, outbound=True)
    await line.session.start()
    await line.session.receive(MachineDetected("voicemail"))
    await line.say(noise(2.0) + silence(0.4) + BEEP + silence(0.6))
    assert len(line.of(Beep)) == 1


async def test_a_line_that_is_switched_off_is_left_no_message(leaver: Bot) -> None:
    WORDS[2000] = "您拨打的电话已关机，请稍后再拨"
    line = await call(leaver, tone(2000, 3.0), 3.0)
    ((_, told),) = line.of(MachineDetected)
    assert told == MachineDetected("announcement", told.confidence, "powered_off")  # type: ignore[union-attr]
    assert "请您回电谢谢" not in [entry.say.text for entry in line.session.ledger]
