"""Turn-taking on recordings of people, through Silero: how soon the bot stops, goes on, answers."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.asr import engine as asr
from huashu.core.events import Heard, SpeechStopped, Started
from huashu.core.expect import Expectation
from huashu.runtime.bot import Bot
from huashu.voice.render import read_wav
from huashu.voice.session import VoiceSession
from tests.voice.voice_fakes import FRAME, QUIET, RATE, BuzzVoice, frames
from tests.voice.voice_line import make_bot

pytestmark = pytest.mark.audio
HISS = np.random.default_rng(7).normal(0.0, 32768 * 10 ** (-50 / 20), 60 * RATE)


class Says:
    """Hears the same words in every turn: at once as a partial, if it streams."""

    def __init__(self, text: str, *, streaming: bool = True) -> None:
        self.text = text
        self.capabilities = asr.Capabilities("says", ("zh", "en"), RATE, streaming)

    def stream(self, expect: Expectation, language: str) -> "SaysStream":
        return SaysStream(self.text if self.capabilities.streaming else "", self.text)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass


class SaysStream:
    def __init__(self, partial: str, final: str) -> None:
        self._partial = partial
        self._final = final
        self._sound = 0

    def accept(self, pcm: bytes) -> Heard | None:
        self._sound += len(pcm)
        if not self._partial or self._sound < RATE * 2 * 0.5:
            return None
        text, self._partial = self._partial, ""
        return Heard(text, final=False)

    def finish(self) -> Heard:
        return Heard(self._final)


def line(sound: NDArray[np.int16], *, before: float, after: float) -> list[bytes]:
    """A clip in the hiss of a line at -50 dBFS."""
    size = round((before + after) * RATE) + len(sound)
    whole = HISS[:size].copy()
    start = round(before * RATE)
    whole[start : start + len(sound)] += sound
    return frames(np.clip(whole, -32768, 32767).astype("<i2").tobytes())


def clips(data: Path, kind: str) -> list[NDArray[np.int16]]:
    return [np.frombuffer(read_wav(path, RATE), "<i2") for path in sorted((data / "voice_bench").glob(f"{kind}_*.wav"))]


async def over_the_bot(bot: Bot, clip: NDArray[np.int16], words: Says) -> tuple[bytes, float]:
    """A clip spoken a second into the bot's first line; the bot's sound and its first line's share."""
    session = VoiceSession(bot, words, BuzzVoice(), started=Started("c", medium="voice", wall=1.8e9))
    await session.start()
    out = b"".join([await session.push(frame) for frame in line(clip, before=1.0, after=2.0)])
    await session.hangup()
    return out, session.ledger[0].played


def silent_from(out: bytes, start: float) -> float:
    """Seconds after `start` at which the bot falls silent (a frame under -40 dBFS)."""
    peaks = np.abs(np.frombuffer(out, "<i2").astype(int)).reshape(-1, FRAME).max(axis=1)
    quiet = np.flatnonzero(peaks[round(start * 50) :] < 327)
    return float(quiet[0]) * 0.02 if len(quiet) else 99.0


def test_a_person_stops_the_bot_within_200_ms(tmp_path: Path, data: Path) -> None:
    bot = make_bot(tmp_path / "bot")

    async def run() -> list[tuple[float, float]]:
        results = []
        for clip in clips(data, "speech"):
            out, played = await over_the_bot(bot, clip, Says("我想问一下手续费"))
            results.append((silent_from(out, 1.0), played))
        return results

    results = asyncio.run(run())
    stops = [stop for stop, _ in results]
    assert np.percentile(stops, 50) <= 0.2
    assert np.percentile(stops, 95) <= 0.3
    assert all(played < 1.0 for _, played in results)


def test_short_words_and_keys_do_not_stop_it(tmp_path: Path, data: Path) -> None:
    bot = make_bot(tmp_path / "bot")
    ends: list[float] = []

    async def run() -> None:
        for kind, words in (("word", Says("uh-huh")), ("word", Says("uh-huh", streaming=False)), ("keys", Says(""))):
            for clip in clips(data, kind):
                out, _ = await over_the_bot(bot, clip, words)
                end = 1.0 + len(clip) / RATE
                peaks = np.abs(np.frombuffer(out, "<i2").astype(int)).reshape(-1, FRAME).max(axis=1)
                loud = np.flatnonzero(peaks[round(end * 50) : round((end + 2.0) * 50)] > 327)
                ends.append(float(loud[0]) * 0.02 if len(loud) else 99.0)

    asyncio.run(run())
    assert max(ends) <= 0.6


def test_answers_come_soon_after_speech_and_not_before_its_end(tmp_path: Path, data: Path) -> None:
    bot = make_bot(tmp_path / "bot")

    async def answer(clip: NDArray[np.int16]) -> tuple[float, int]:
        """Seconds from the true end to the bot's sound; turns closed before the end."""
        stops: list[float] = []
        session = VoiceSession(
            bot,
            Says("是的"),
            BuzzVoice(),
            started=Started("c", medium="voice", wall=1.8e9),
            observer=lambda now, what: stops.append(now) if isinstance(what, SpeechStopped) else None,
        )
        await session.start()
        for _ in range(2000):
            if session.listening:
                break
            await session.push(QUIET)
        start = session.now()
        out = b"".join([await session.push(frame) for frame in line(clip, before=0.5, after=2.0)])
        end = 0.5 + len(clip) / RATE
        early = sum(stop - start < end for stop in stops)
        peaks = np.abs(np.frombuffer(out, "<i2").astype(int)).reshape(-1, FRAME).max(axis=1)
        loud = np.flatnonzero(peaks[round(end * 50) :] > 327)
        return (float(loud[0]) * 0.02 if len(loud) else 99.0), early

    async def run() -> list[tuple[float, int]]:
        return [await answer(clip) for clip in clips(data, "word")]

    results = asyncio.run(run())
    short = [delay for delay, _ in results]
    assert not any(early for _, early in results)
    assert np.percentile(short, 50) <= 0.2
