"""Silero behind its gate, on recordings of people."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.core.errors import LimitError, UsageError
from huashu.voice.render import read_wav
from huashu.voice.vad import Batcher, CallVad, NoiseFloor, Silero, shared_model
from tests.voice.voice_fakes import FRAME, RATE, noise

pytestmark = pytest.mark.audio
HISS = np.frombuffer(noise(12.0, level=0.003), "<i2")
"""-50 dBFS, as a telephone line."""


def on_the_line(clip: bytes, *, before: float = 1.0, after: float = 1.0) -> NDArray[np.int16]:
    """A clip in a line's hiss, level kept."""
    speech = np.frombuffer(clip, "<i2").astype(int)
    whole = HISS[: round((before + after) * RATE) + len(speech)].astype(int)
    start = round(before * RATE)
    whole[start : start + len(speech)] += speech
    return np.asarray(np.clip(whole, -32768, 32767), np.int16)


def judge(sound: NDArray[np.int16], vad: CallVad) -> list[bool]:
    return [vad.feed(sound[start : start + FRAME]) for start in range(0, len(sound) - FRAME + 1, FRAME)]


def test_speech_is_found_soon_after_it_begins_and_gone_soon_after_it_ends(data: Path) -> None:
    begins, ends = [], []
    for path in sorted((data / "voice_bench").glob("speech_*.wav")):
        clip = read_wav(path, RATE)
        vad = CallVad(shared_model(RATE))
        voiced = np.flatnonzero(judge(on_the_line(clip), vad))
        vad.close()
        begins.append((voiced[0] + 1) * 0.02 - 1.0)
        ends.append((voiced[-1] + 1) * 0.02 - 1.0 - len(clip) / 2 / RATE)
    assert np.median(begins) <= 0.12
    assert max(begins) <= 0.5
    assert np.median(ends) <= 0.1
    assert max(ends) <= 0.3


def test_typing_is_a_blink_at_most(data: Path) -> None:
    for path in sorted((data / "voice_bench").glob("keys_*.wav")):
        vad = CallVad(shared_model(RATE))
        assert sum(judge(on_the_line(read_wav(path, RATE)), vad)) <= 5
        vad.close()


def test_an_idle_line_never_reaches_the_model() -> None:
    class Counting(Silero):
        asked = 0

        def infer(self, slots: Sequence[int], windows: NDArray[np.float32]) -> NDArray[np.float32]:
            self.asked += 1
            return super().infer(slots, windows)

    model = Counting(RATE, capacity=1)
    judge(HISS, CallVad(model))
    assert model.asked == 0


def test_batched_judgements_are_the_same(data: Path) -> None:
    clips = [read_wav(data / "voice_bench" / f"speech_{number:02d}.wav", RATE) for number in range(4)]
    lines = [on_the_line(clip)[: 2 * RATE] for clip in clips]
    alone = []
    for line in lines:
        vad = CallVad(shared_model(RATE))
        alone.append(judge(line, vad))
        vad.close()

    async def together() -> list[list[bool]]:
        model = Silero(RATE, capacity=4)
        batcher = Batcher(model)
        vads = [CallVad(model, batcher=batcher) for _ in lines]
        seen: list[list[bool]] = [[] for _ in lines]
        for start in range(0, 2 * RATE, FRAME):
            for vad, line, judged in zip(vads, lines, seen, strict=True):
                vad.feed(line[start : start + FRAME])
                judged.append(vad._voice)
            batcher.flush()
            for vad, judged in zip(vads, seen, strict=True):
                judged[-1] = vad._voice
        return seen

    assert asyncio.run(together()) == alone


def test_slots_are_bounded_and_come_back() -> None:
    model = Silero(RATE, capacity=1)
    vad = CallVad(model)
    with pytest.raises(LimitError, match="1 calls"):
        CallVad(model)
    vad.close()
    vad.close()
    CallVad(model).close()


def test_the_floor_follows_the_line_down_at_once_and_up_in_seconds() -> None:
    floor = NoiseFloor(3.0)
    for _ in range(100):
        assert floor.follow(-40.0) == -40.0
    assert floor.follow(-60.0) == -60.0
    levels = [floor.follow(-30.0) for _ in range(200)]
    assert levels[49] == -60.0
    assert levels[-1] == -30.0


def test_digital_silence_is_not_taken_for_the_noise_of_the_line() -> None:
    floor = NoiseFloor(3.0)
    for level in (-50.0, -120.0, -120.0):
        assert floor.follow(level) == -50.0


def test_sixteen_kilohertz(data: Path) -> None:
    model = shared_model(16000)
    for name, least, most in (("speech_00", 40, 999), ("word_00", 10, 999), ("keys_00", 0, 5)):
        sound = np.frombuffer(read_wav(data / "voice_bench" / f"{name}.wav", 16000), "<i2")
        vad = CallVad(model)
        voiced = sum(vad.feed(sound[start : start + 320]) for start in range(0, len(sound) - 319, 320))
        vad.close()
        assert least <= voiced <= most


def test_other_rates_are_refused() -> None:
    with pytest.raises(UsageError, match="8000 or 16000"):
        Silero(11025)
