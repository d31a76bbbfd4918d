"""What a call promises, held against the sound alone: the stereo recording, caller left, bot right.

No event list is asked when something sounded; the ledger is compared with what the right channel holds.
"""

import asyncio
import itertools
import wave
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.core.audio import Audio
from huashu.core.events import HungUp
from huashu.runtime.bot import Bot
from huashu.tts.engine import Utterance
from huashu.voice.playback import Spoken
from huashu.voice.render import Renderer
from tests.voice.voice_fakes import RATE, BuzzVoice, noise, tone
from tests.voice.voice_line import Line

pytestmark = pytest.mark.audio
Sound = NDArray[np.int16]
Stretch = tuple[float, float]
LOUD = 327  # -40 dBFS


def stretches(sound: Sound, *, pause: float = 0.1) -> list[Stretch]:
    """(start, end) in seconds of what is audible, to the sample; pauses shorter than `pause` do not part it."""
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > LOUD)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > pause * RATE)
    starts, ends = [loud[0], *loud[breaks + 1]], [*loud[breaks], loud[-1]]
    return [(start / RATE, (end + 1) / RATE) for start, end in zip(starts, ends, strict=True)]


def recorded(
    bot: Bot, folder: Path, call: Callable[[Line], Awaitable[object]], **options: object
) -> tuple[Sound, Sound, list[Spoken]]:
    """Hold a call; (caller, bot) as recorded, and the ledger."""

    async def hold() -> list[Spoken]:
        line = Line(bot, recording=folder / "call.wav", **options)
        await line.session.start()
        await call(line)
        await line.session.hangup()
        return line.session.ledger

    ledger = asyncio.run(hold())
    with wave.open(str(folder / "call.wav")) as file:
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return both[:, 0], both[:, 1], ledger


def gaps(parts: list[Stretch]) -> list[float]:
    return [later[0] - earlier[1] for earlier, later in itertools.pairwise(parts)]


def test_a_silent_caller_hears_the_ladder_by_the_end_of_playback(bot: Bot, tmp_path: Path) -> None:
    async def nobody_speaks(line: Line) -> None:
        await line.until(HungUp)

    caller, sound, _ = recorded(bot, tmp_path, nobody_speaks)
    assert not caller.any()
    said = stretches(sound)
    assert said[0][0] < 0.1  # the first line, from Answered
    assert gaps(said) == pytest.approx([0.2, 4.0, 3.0], abs=0.05)  # a breath, "still there?", the ending
    assert len(sound) / RATE - said[-1][1] == pytest.approx(0.2, abs=0.05)  # and it was heard to its end


def test_a_cough_begins_the_silence_anew(bot: Bot, tmp_path: Path) -> None:
    async def cough(line: Line) -> None:
        while not line.session.listening:
            await line.quiet(0.02)
        await line.quiet(2.5)
        await line.say(noise(0.3))
        await line.until(HungUp)

    caller, sound, _ = recorded(bot, tmp_path, cough)
    [(_, coughed)] = stretches(caller)
    said = stretches(sound)
    after = next(start for start, _ in said if start > coughed)
    assert after - coughed == pytest.approx(4.0 + 0.3, abs=0.05)  # 0.3 s: until it is known that no words follow
    assert gaps(said)[-1] == pytest.approx(3.0, abs=0.05)


def test_the_ledger_is_what_the_recording_holds_wherever_the_bot_is_interrupted(bot: Bot, tmp_path: Path) -> None:
    worst = 0.0
    for frames in range(20, 112, 9):  # of a line of 2.3 s; tests/voice/test_ledger.py takes every one

        async def interrupt(line: Line, onset: float = frames * 0.02) -> None:
            await line.quiet(onset)
            await line.say(tone(800, 1.0))
            await line.quiet(0.4)

        caller, sound, ledger = recorded(bot, tmp_path, interrupt)
        [(onset, spoken)] = stretches(caller)
        start, end = stretches(sound)[0]
        assert start < 0.1
        assert end - onset < 0.1  # the bot falls silent
        assert not stretches(sound[round(end * RATE) : round(spoken * RATE)])  # and stays so
        whole = 0.1 * len(ledger[0].say.text)
        worst = max(worst, abs(ledger[0].seconds - (end - start)), abs(ledger[0].played * whole - (end - start)))
    assert worst <= 0.02


@pytest.mark.parametrize("sound_over", [tone(600, 0.3), noise(0.3)], ids=["token", "cough"])
@pytest.mark.parametrize("onset", [0.3, 1.11, 1.9])
def test_a_line_that_goes_on_has_lost_and_repeated_nothing(
    bot: Bot, tmp_path: Path, onset: float, sound_over: bytes
) -> None:
    async def over(line: Line) -> None:
        await line.quiet(onset)
        await line.say(sound_over)
        await line.quiet(3.0)

    _, sound, ledger = recorded(bot, tmp_path, over)
    heard = ledger[0]
    parts = stretches(sound)
    lasted = sum(end - start for start, end in parts[:2])
    assert parts[1][0] - parts[0][1] < 0.9
    assert lasted == pytest.approx(0.1 * len(heard.say.text), abs=0.02)
    assert heard.seconds == pytest.approx(lasted, abs=0.02)
    assert heard.played == 1.0


def test_stopping_and_going_on_make_no_click(bot: Bot, tmp_path: Path) -> None:
    class Higher(BuzzVoice):
        """Its waves do not end with the frame, as those of 150 Hz do."""

        def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
            yield Audio(tone(170, 0.1 * len(utterance.text), rate=16000, level=0.2), 16000)

    async def over(line: Line) -> None:
        await line.quiet(0.53)
        await line.say(tone(600, 0.3))  # a token: it goes on
        await line.quiet(1.0)
        await line.say(tone(800, 0.6))  # words: it stops
        await line.quiet(0.4)

    renderer = Renderer(Higher(), rate=RATE, inline=True)
    _, sound, _ = recorded(bot, tmp_path, over, renderer=renderer)
    assert len(stretches(sound)) == 3  # broken off by the token, by the words, and the answer
    steps = np.abs(np.diff(sound.astype(np.int32)))
    hum = 2 * np.pi * 170 / RATE * 0.2 * 32767  # the steepest slope of the voice itself
    assert steps.max() < 1.3 * hum
