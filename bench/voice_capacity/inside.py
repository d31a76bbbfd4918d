"""The measured process without an edge: many voice sessions on one event loop, fed at the speed of life.

Started by __main__ with a JSON object on the command line; prints one JSON object of figures.
"""

import asyncio
import gc
import json
import random
import sys
import time
from pathlib import Path

import numpy as np
from load import RATE, SILENCE, Callers, Ears, Mouth, make_bot, memory

from huashu.core.events import Answered, Started
from huashu.runtime import lasting
from huashu.runtime.bot import Bot
from huashu.voice.line_cache import LineCache
from huashu.voice.render import Renderer
from huashu.voice.session import VoiceSession
from huashu.voice.vad import Batcher, CallVad, shared_model

PARTS = 4
"""Groups of calls within the 20 ms, as packets are spread on a real switch."""
LATE = 0.06
"""Seconds behind its due time at which a frame of the bot is a hole in the caller's ear: what telephones buffer."""
PROBES = 1.0
"""Seconds between two outbound calls that only measure how soon the first prompt sounds."""


STALL = 0.02
"""Seconds that the event loop is late by at once which are told apart: a whole frame of every call."""


class Pauses:
    """Times at which the garbage collector halted the process, by generation."""

    def __init__(self) -> None:
        self.took: list[tuple[float, float, float, int]] = []
        """Beginning, length in seconds, of that processor time, generation."""
        self._began = (0.0, 0.0)
        gc.callbacks.append(self._note)

    def _note(self, phase: str, info: dict[str, int]) -> None:
        now, used = time.monotonic(), time.thread_time()
        if phase == "start":
            self._began = now, used
        else:
            began, before = self._began
            self.took.append((began, now - began, used - before, info["generation"]))

    def close(self) -> None:
        gc.callbacks.remove(self._note)

    def within(self, begin: float, end: float) -> float:
        return sum(took for began, took, _, _ in self.took if begin <= began < end)


class Host:
    """What sessions of this process share."""

    def __init__(self, bot: Bot, folder: Path, *, idle: bool) -> None:
        self._bot, self._folder, self._idle = bot, folder, idle
        self._batcher = Batcher(shared_model(RATE))
        self.renderer = Renderer(Mouth(), rate=RATE, cache=LineCache())
        for task in self.renderer.prepare(bot.script):
            task.result()

    def session(self, name: str, *, outbound: bool = False) -> VoiceSession:
        return VoiceSession(
            self._bot,
            Ears(),
            Mouth(),
            rate=RATE,
            encoding="ulaw",
            recording=self._folder / f"{name}.wav",
            started=Started(name, "outbound" if outbound else "inbound", "voice", wall=1.8e9),
            realtime=True,
            renderer=self.renderer,
            detector=CallVad(shared_model(RATE), batcher=self._batcher),
        )


async def probe(host: Host, callers: Callers, until: float) -> list[float]:
    """Seconds from Answered to the first sound of the bot, of one call after another beside the load."""
    loop, took, number = asyncio.get_running_loop(), [], 0
    rng = random.Random(1)
    while loop.time() < until - 2 * PROBES:
        number += 1
        session = host.session(f"probe-{number}", outbound=True)
        await session.start(answered=False)
        began, answered, heard = loop.time(), 0.0, 0.0
        ring = rng.uniform(0.1, 0.4)
        for frame in range(int(PROBES * 50)):
            await asyncio.sleep(max(0.0, began + frame * 0.02 - loop.time()))
            if not answered and frame * 0.02 >= ring:
                answered = loop.time()
                await session.receive(Answered())
            out = await session.push(callers.frame(0, frame))
            if answered and not heard and out != SILENCE:
                heard = loop.time()
        took.append(heard - answered if heard else 9.0)
        await session.hangup()
    return took


async def run(options: dict[str, float | str]) -> dict[str, float]:
    folder, seconds, calls = Path(str(options["folder"])), float(options["seconds"]), int(options["calls"])
    callers = Callers(folder / "callers.ulaw")
    host = Host(make_bot(folder / "bot"), folder, idle=False)
    warm = host.session("warm")
    await warm.start()
    for number in range(250):  # everything imported, loaded and grown
        await warm.push(callers.frame(0, number))
    await warm.hangup()
    if options.get("settled", 1.0):
        lasting.keep()  # as `huashu serve` does
    gc.collect()
    before = memory()
    sessions = [host.session(f"call-{number}") for number in range(calls)]
    for session in sessions:
        await session.start()
    groups = [list(enumerate(sessions))[part::PARTS] for part in range(PARTS)]
    loop = asyncio.get_running_loop()
    took = np.zeros(int(seconds * 50) * calls, np.float32)
    count = holes = spoken = 0
    began, used = loop.time(), time.process_time()
    probing = asyncio.create_task(probe(host, callers, began + seconds))
    pauses, stalls, turned = Pauses(), [], loop.time()
    for frame in range(int(seconds * 50)):
        for part, group in enumerate(groups):
            due = began + frame * 0.02 + part * 0.02 / PARTS
            await asyncio.sleep(max(0.0, due - loop.time()))
            now = loop.time()
            if now - max(due, turned) > STALL:
                stalls.append((now - max(due, turned), pauses.within(turned, now)))
            turned = now
            for number, session in group:
                out = await session.push(callers.frame(number, frame))
                late = loop.time() - due
                took[count] = late
                count += 1
                if out != SILENCE:
                    spoken += 1
                    holes += late > LATE
    wall, used = loop.time() - began, time.process_time() - used
    first = await probing
    pauses.close()
    figures = {
        "calls": calls,
        "seconds": wall,
        "cpu": 100 * used / wall / calls,
        "memory": (memory() - before) / calls / 1024**2,
        "frame p50": 1000 * float(np.percentile(took, 50)),
        "frame p95": 1000 * float(np.percentile(took, 95)),
        "frame p99": 1000 * float(np.percentile(took, 99)),
        "holes": 100 * holes / max(1, spoken),
        "first p50": 1000 * float(np.percentile(first, 50)),
        "first p95": 1000 * float(np.percentile(first, 95)),
        "lines": sum(len(session.ledger) for session in sessions) / calls,
        **told(stalls, pauses, wall),
    }
    for session in sessions:
        await session.hangup()
    host.renderer.close()
    return figures


def told(stalls: list[tuple[float, float]], pauses: Pauses, wall: float) -> dict[str, float]:
    """stalls: how late, and how long the collector had halted the process meanwhile."""
    full = [used for _, _, used, generation in pauses.took if generation == 2]
    return {
        "stalls": len(stalls),
        "stalls by gc": sum(2 * collected > late for late, collected in stalls),
        "stall max": 1000 * max((late for late, _ in stalls), default=0.0),
        "full rounds": len(full),
        "full round max": 1000 * max(full, default=0.0),
        "gc share": 100 * sum(used for _, _, used, _ in pauses.took) / wall,
    }


def feeding(options: dict[str, float | str]) -> float:
    """% of a core a call that the feeding of frames takes by itself, without sessions: part of what `run` counts."""
    callers = Callers(Path(str(options["folder"])) / "callers.ulaw")
    began = time.process_time()
    for number in range(100_000):
        time.monotonic()
        callers.frame(number % 200, number)
    return 100 * 50 * (time.process_time() - began) / 100_000


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(json.dumps({"feeding": feeding(given), **asyncio.run(run(given))}))
