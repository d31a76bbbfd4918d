"""CPU and memory of live voice calls in one process, with the engines faked and everything else real.

    python bench/voice_cpu.py [--calls 50 100 200] [--seconds 20] [--outbound] [--data ../shared/data]

Each call: G.711 µ-law at 8 kHz both ways, -50 dBFS noise on the line, recorded speech 40 % of the time, Silero behind
its gate, turn-taking, dialogue, playback, recording to disk. The recogniser and the voice cost nothing. Frames are
pushed at the speed of life by one event loop; a frame's handling time runs from the instant it was due to the return
of its `push`, so it counts the wait for the calls before it. `--outbound`: who answers is looked for all the while (on
a real call for 25 s at most).
"""

import argparse
import asyncio
import gc
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from voice_capacity.load import Ears, Mouth, NoWork

from huashu.core.events import Direction, Started
from huashu.flows.loader import load
from huashu.runtime.bot import Bot
from huashu.voice import g711
from huashu.voice.line_cache import LineCache
from huashu.voice.render import Renderer, read_wav
from huashu.voice.session import VoiceSession
from huashu.voice.vad import Batcher, CallVad, shared_model

RATE = 8000
SCRIPT = {
    "bot.yaml": """
bot: load
title: 负载
language: zh-CN
defaults:
  silence: [{after: 5s, say: 您还在听吗？}, {after: 5s, say: 喂，能听到吗？}, {after: 5s, end: 完}]
  unclear: [{say: 不好意思，请再说一遍？}, {say: 您可以换个说法。}, {end: 完}]
  max_length: 60m
  max_turns: 1000
endings: {完: {say: 再见。, result: completed}}
""",
    "flows/主.yaml": """
flow: 主
steps:
- 问: {ask: 您这期账单可以分期，您想了解一下吗？, answers: {肯定: {say: 好的，我再说一遍。, go: 问}}}
""",
}


def caller(clips: list[np.ndarray], talk: float, seconds: float, seed: int) -> list[bytes]:
    """µ-law frames of one caller: noise at -50 dBFS with clips in it for `talk` of the time."""
    rng = np.random.default_rng(seed)
    sound = rng.normal(0, 32768 * 10 ** (-50 / 20), int(seconds * RATE))
    at = int(rng.uniform(0, 3) * RATE)
    while True:
        clip = clips[int(rng.integers(len(clips)))]
        if at + len(clip) > len(sound):
            break
        sound[at : at + len(clip)] += clip
        at += int(len(clip) / talk)
    pcm = np.clip(sound, -32768, 32767).astype("<i2").tobytes()
    ulaw = g711.ulaw_encode(pcm)
    return [ulaw[start : start + 160] for start in range(0, len(ulaw) - 159, 160)]


def resident() -> float:
    """Bytes of this process in memory."""
    return float(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


async def load_test(
    bot: Bot, calls: int, seconds: float, clips: list[np.ndarray], folder: Path, direction: Direction
) -> dict[str, float]:
    sounds = [caller(clips, 0.4, seconds, seed) for seed in range(16)]
    model = shared_model(RATE)
    batcher = Batcher(model)
    renderer = Renderer(Mouth(), rate=RATE, cache=LineCache())
    for task in renderer.prepare(bot.script):
        task.result()
    gc.collect()
    before = resident()
    sessions = []
    for number in range(calls):
        session = VoiceSession(
            bot,
            Ears(),
            Mouth(),
            rate=RATE,
            encoding="ulaw",
            recording=folder / f"{calls}-{number}.wav",
            started=Started(f"{calls}-{number}", direction, "voice", wall=1.8e9),
            realtime=True,
            renderer=renderer,
            detector=CallVad(model, batcher=batcher),
        )
        await session.start()
        sessions.append(session)
    loop = asyncio.get_running_loop()
    took: list[float] = []
    # calls are spread over the 20 ms, as they are on a real switch
    groups = [sessions[part::4] for part in range(4)]
    frames = int(seconds * 50)
    began, cpu = loop.time(), time.process_time()
    for frame in range(frames):
        for part, group in enumerate(groups):
            due = began + frame * 0.02 + part * 0.005
            wait = due - loop.time()
            if wait > 0:
                await asyncio.sleep(wait)
            for number, session in enumerate(group):
                await session.push(sounds[(4 * number + part) % 16][frame])
                took.append(loop.time() - due)
    wall, used = loop.time() - began, time.process_time() - cpu
    memory = (resident() - before) / calls
    for session in sessions:
        await session.hangup()
    renderer.close()
    lines = sum(len(session.ledger) for session in sessions)
    return {
        "calls": calls,
        "% of a core per call": 100 * used / wall / calls,
        "kB per call": memory / 1024,
        "frame ms p50": 1000 * float(np.percentile(took, 50)),
        "frame ms p95": 1000 * float(np.percentile(took, 95)),
        "frame ms p99": 1000 * float(np.percentile(took, 99)),
        "lines spoken per call": lines / calls,
        "load average": os.getloadavg()[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, nargs="+", default=[50, 100, 200])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("HUASHU_TEST_DATA", "../shared/data")))
    parser.add_argument("--outbound", action="store_true")
    options = parser.parse_args()
    direction: Direction = "outbound" if options.outbound else "inbound"
    paths = sorted((options.data / "voice_bench").glob("speech_*.wav"))
    if not paths:
        raise SystemExit(f"no recorded speech in {options.data / 'voice_bench'}: give its folder with --data")
    clips = [np.frombuffer(read_wav(path, RATE), "<i2").astype(float) for path in paths]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, text in SCRIPT.items():
            (folder / "bot" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "bot" / name).write_text(text, encoding="utf-8")
        bot = Bot(load(folder / "bot"), NoWork(), NoWork(), folder=folder / "bot")
        asyncio.run(load_test(bot, 4, 3.0, clips, folder, direction))  # everything imported, loaded and grown
        for calls in options.calls:
            figures = asyncio.run(load_test(bot, calls, options.seconds, clips, folder, direction))
            print("  ".join(f"{name}: {value:.4g}" for name, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
