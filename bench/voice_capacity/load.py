"""What the measured processes have in common: a bot that asks for ever, engines that cost nothing, callers' sound.

Sound is made by one process before the measurement, into a file; whoever plays it maps that file.
"""

import mmap
import os
import resource
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from huashu.asr import engine as asr
from huashu.core.audio import Audio
from huashu.core.events import FaqHit, Heard, IntentScore, Understood
from huashu.core.expect import Expectation
from huashu.flows.loader import load
from huashu.nlu.engine import Capabilities
from huashu.runtime.bot import Bot
from huashu.tts import engine as tts
from huashu.voice import g711
from huashu.voice.render import read_wav

RATE = 8000
FRAME = 160
"""Bytes of µ-law, 20 ms."""
CALLERS = 32
"""Different ones; calls share them, each from another place."""
LOOP = 60.0
"""Seconds of sound of each caller."""
TALK = 0.4
NOISE = -50.0
SCRIPT = {
    "bot.yaml": """
bot: load
title: 负载
language: zh-CN
defaults:
  silence: [{after: 5s, say: 您还在听吗？}, {after: 5s, say: 喂，能听到吗？}, {after: 30s, end: 完}]
  unclear: [{say: 不好意思，请再说一遍？}, {say: 您可以换个说法。}, {end: 完}]
  max_length: 12h
  max_turns: 10000
endings: {完: {say: 再见。, result: completed}}
""",
    "flows/主.yaml": """
flow: 主
steps:
- 问: {ask: 您这期账单可以分期，您想了解一下吗？, answers: {肯定: {say: 好的，我再说一遍。, go: 问}}}
""",
}


class NoWork:
    """Understanding and knowledge: right shapes, no cost."""

    capabilities = Capabilities("none", ("zh", "en"))

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        return Understood(heard.text, (IntentScore("肯定", 0.9),))

    def search(self, text: str, bases: tuple[str, ...], *, most: int = 3) -> tuple[FaqHit, ...]:
        return ()


class Ears:
    capabilities = asr.Capabilities("none", ("zh", "en"), RATE, streaming=True)

    def stream(self, expect: Expectation, language: str) -> "Ears":
        return Ears()

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass

    def accept(self, pcm: bytes) -> Heard | None:
        return None

    def finish(self) -> Heard:
        return Heard("我想了解一下")


class Mouth:
    capabilities = tts.Capabilities("hum", ("zh", "en"), RATE)

    def synthesise(self, utterance: tts.Utterance) -> Iterator[Audio]:
        t = np.arange(int(0.2 * len(utterance.text) * RATE)) / RATE
        yield Audio((5000 * np.sin(2 * np.pi * 180 * t)).astype("<i2").tobytes(), RATE)


def make_bot(folder: Path) -> Bot:
    for name, text in SCRIPT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Bot(load(folder), NoWork(), NoWork(), folder=folder)


def write_callers(path: Path, data: Path) -> None:
    """µ-law of `CALLERS` callers one behind the other: noise, with recorded speech in it for `TALK` of the time."""
    clips = [np.frombuffer(read_wav(file, RATE), "<i2").astype(float) for file in sorted(data.glob("speech_*.wav"))]
    with path.open("wb") as file:
        for seed in range(CALLERS):
            rng = np.random.default_rng(seed)
            sound = rng.normal(0, 32768 * 10 ** (NOISE / 20), int(LOOP * RATE))
            at = int(rng.uniform(0, 3) * RATE)
            while at < len(sound):
                clip = clips[int(rng.integers(len(clips)))][: len(sound) - at]
                sound[at : at + len(clip)] += clip
                at += int(len(clip) / TALK)
            file.write(g711.ulaw_encode(np.clip(sound, -32768, 32767).astype("<i2").tobytes()))


class Callers:
    """Frames of prepared callers: `frame(call, number)`, round and round."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._frames = round(LOOP * RATE) // FRAME

    def frame(self, call: int, number: int) -> bytes:
        place = (number + 37 * call) % self._frames
        start = (call % CALLERS * self._frames + place) * FRAME
        return self._map[start : start + FRAME]


def memory(pid: str = "self") -> float:
    """Bytes of a process in memory."""
    return float(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def cpu(pid: int) -> float:
    """Seconds of processor time of a process, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


SILENCE = b"\xff" * FRAME
