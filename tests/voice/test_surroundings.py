"""What else is on a line, through a whole session: the bot's echo, people behind the caller, music, endless talk."""

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.core.audio import Audio
from huashu.core.events import Heard, PlaybackEnded, SpeechStarted, SpeechStopped, Started
from huashu.runtime.bot import Bot
from huashu.tts.engine import Capabilities, Utterance
from huashu.voice.session import VoiceSession
from huashu.voice.vad import CallVad, shared_model
from tests.voice.test_near_end import talk
from tests.voice.voice_fakes import FRAME, RATE, LoudDetector, ToneRecogniser, frames, tone
from tests.voice.voice_line import WORDS

pytestmark = pytest.mark.audio

Sound = NDArray[np.float64]


class Talks:
    """A voice of made-up speech, 0.1 s a character."""

    capabilities = Capabilities("talks", ("zh", "en"), RATE, streaming=True)

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        sound = 2.2 * talk(0.1 * len(utterance.text), len(utterance.text))  # -13 dBFS
        yield Audio((sound * 32767).astype("<i2").tobytes(), RATE)


class Call:
    """A line with an echo of the bot on it."""

    def __init__(self, bot: Bot, *, delay: float = 0.0, loss: float = 200.0, model: bool = False) -> None:
        self.log: list[tuple[float, object]] = []
        self.out: list[bytes] = []
        self._delay, self._gain = round(delay * RATE), 10 ** (-loss / 20)
        self.session = VoiceSession(
            bot,
            ToneRecogniser(WORDS),
            Talks(),
            started=Started("c", medium="voice", wall=1.8e9),
            observer=lambda now, what: self.log.append((now, what)),
            detector=CallVad(shared_model(RATE)) if model else LoudDetector(),
        )

    async def hear(self, sound: Sound | float) -> None:
        """So much sound of the caller's, or so many seconds of silence."""
        pcm = np.zeros(round(sound * RATE)) if isinstance(sound, float) else sound
        for piece in frames((np.clip(pcm, -1, 1) * 32767).astype("<i2").tobytes()):
            samples = np.frombuffer(piece, "<i2") / 32768 + self._echo()
            self.out.append(await self.session.push((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()))

    def _echo(self) -> Sound:
        start = len(self.out) * FRAME - self._delay
        sound = np.frombuffer(b"".join(self.out[max(0, start // FRAME) : start // FRAME + 2]), "<i2") / 32768
        begin = start - max(0, start // FRAME) * FRAME
        piece = sound[max(0, begin) : max(0, begin) + FRAME] if start > -FRAME else sound[:0]
        return np.pad(piece, (0, FRAME - len(piece))) * self._gain

    def of(self, *kinds: type) -> list[tuple[float, object]]:
        return [(now, what) for now, what in self.log if isinstance(what, kinds)]

    def words(self) -> list[str]:
        return [what.text for _, what in self.log if isinstance(what, Heard) and what.final and what.text]


WORDS[2600] = "我跟你讲这个事情"
LONG = 2.3
"""Seconds of the bot's first line."""


@pytest.mark.parametrize(("delay", "loss"), [(0.06, 7), (0.2, 8), (0.45, 10)])
async def test_the_bot_does_not_stop_for_its_own_voice(bot: Bot, delay: float, loss: float) -> None:
    call = Call(bot, delay=delay, loss=loss)
    await call.session.start()
    await call.hear(6.0)
    assert [entry.played for entry in call.session.ledger[:2]] == [1.0, 1.0]
    ((ended, _), *_) = call.of(PlaybackEnded)
    assert ended == pytest.approx(LONG, abs=0.15)
    assert not call.words()


async def test_a_caller_is_heard_over_the_bot_s_echo(bot: Bot) -> None:
    call = Call(bot, delay=0.15, loss=14)
    await call.session.start()
    await call.hear(1.2)
    await call.hear(np.frombuffer(tone(800, 1.0), "<i2") / 32768)
    await call.hear(1.6)
    assert call.session.ledger[0].played < 0.7
    assert call.words() == ["我想问一下手续费"]


async def test_the_words_of_both_at_once_are_the_caller_s(bot: Bot) -> None:
    """Nothing interrupts the bot here: it talks on, and what the caller said meanwhile is in the record."""
    call = Call(bot)
    await call.session.start()
    await call.hear(0.6)
    await call.hear(np.frombuffer(tone(600, 0.3), "<i2") / 32768)
    await call.hear(4.0)
    assert call.session.ledger[0].played == 1.0
    assert call.words() == ["嗯"]


async def asked(call: Call) -> None:
    """To the end of the bot's question."""
    await call.session.start()
    while not call.session.listening:
        await call.hear(0.02)


async def test_talk_behind_a_known_caller_neither_holds_the_bot_nor_keeps_the_turn_open(bot: Bot) -> None:
    call = Call(bot)
    await asked(call)
    answer = np.frombuffer(tone(2600, 0.6, level=0.6), "<i2") / 32768
    await call.hear(answer)  # -7 dBFS; the bot answers and asks again
    behind = talk(40.0, 9) * 10 ** (-9 / 20)  # -29 dBFS: a voice to the detector, no words
    await call.hear(behind[: 4 * RATE])
    at = 4 * RATE
    spoken = behind[at : at + len(answer)] + answer
    call.log.clear()
    await call.hear(spoken)
    said = call.session.now()
    await call.hear(behind[at + len(answer) : at + len(answer) + 3 * RATE])
    closed = [now for now, _ in call.of(SpeechStopped) if now > said]
    assert closed
    assert closed[0] - said <= 1.6
    assert call.words() == ["我跟你讲这个事情"]


async def test_music_on_hold_is_nobody_s_turn(bot: Bot) -> None:
    call = Call(bot, model=True)
    await call.session.start()
    await call.hear(0.2)
    t = np.arange(4 * RATE) / RATE
    beat = np.exp(-(t % 0.5) * 3)
    notes = (220, 277, 330, 440)
    await call.hear(sum(np.sin(2 * np.pi * note * k * t) / k for note in notes for k in (1, 2, 3)) * beat * 0.04)
    assert [entry.played for entry in call.session.ledger[:1]] == [1.0]
    assert not call.words()


async def test_who_talks_without_end_is_answered_after_half_a_minute(bot: Bot) -> None:
    call = Call(bot)
    await asked(call)
    begun = call.session.now()
    await call.hear(np.tile(np.concatenate([talk(2.0, 5), np.frombuffer(tone(2600, 0.4), "<i2") / 32768]), 14))
    stopped = [now for now, _ in call.of(SpeechStopped) if now > begun]
    assert stopped[0] - begun == pytest.approx(30.0, abs=0.5)
    assert call.words()[0].startswith("我跟你讲")


async def test_a_hello_into_the_first_breath_delays_the_greeting_and_does_not_cut_it(bot: Bot) -> None:
    call = Call(bot)
    await call.session.start()
    await call.hear(np.frombuffer(tone(400, 0.3), "<i2") / 32768)
    await call.hear(6.0)
    assert [entry.played for entry in call.session.ledger[:2]] == [1.0, 1.0]
    assert len(call.of(SpeechStarted)) == 1
