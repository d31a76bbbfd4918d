"""Eight hours of calls in virtual time: nothing may grow, and no call may hang.

    python bench/proof_soak.py [--hours 8] [--lines 2]

Calls follow one another on each line as fast as they go: callers who answer, say nothing, cough, press keys, interrupt,
hang up in mid-sentence, lose 5 % of their frames, and recognisers that fail for some. Every call has its session, its
detector, its recording on disk and its record in a store. Sampled every ten minutes of call time; growth is judged by
the slope and its interval (growth.py).
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from growth import held, objects, table  # noqa: E402 (beside this file, however it was started)

from huashu.core.errors import EngineError  # noqa: E402
from huashu.core.events import Started  # noqa: E402
from huashu.core.expect import Expectation  # noqa: E402
from huashu.runtime.bot import Bot  # noqa: E402
from huashu.store.log import Store  # noqa: E402
from huashu.voice.line_cache import LineCache  # noqa: E402
from huashu.voice.render import Renderer  # noqa: E402
from huashu.voice.session import VoiceSession  # noqa: E402
from huashu.voice.vad import CallVad, level_of, shared_model  # noqa: E402
from tests.voice.voice_fakes import RATE, BuzzVoice, ToneRecogniser, ToneStream, noise, silence, tone  # noqa: E402
from tests.voice.voice_line import WORDS, make_bot  # noqa: E402

MOODS = ("answers", "silent", "coughs", "keys", "interrupts", "leaves", "loses", "unheard")
FRAME = 320
LONGEST = 300.0
"""Seconds of a call; one that goes on longer hangs."""
EVERY = 600.0
KEEP = 50
"""Recordings on disk; older ones are removed, so that the disk is not what grows."""


class Ears(ToneRecogniser):
    """Fails on every turn of a caller who is not to be heard."""

    def __init__(self, fails: bool) -> None:
        super().__init__(WORDS)
        self._fails = fails

    def stream(self, expect: Expectation, language: str) -> ToneStream:
        if self._fails:
            raise EngineError("no words today")
        return super().stream(expect, language)


class Detects(CallVad):
    """The real detector, its slot and its model; what it says is overruled, for tones are no voice to it."""

    def feed(self, frame: NDArray[np.int16]) -> bool:
        super().feed(frame)
        return level_of(frame) > -35.0


class Soak:
    def __init__(self, bot: Bot, store: Store, folder: Path, seed: int) -> None:
        self._bot, self._store, self._folder = bot, store, folder
        self._renderer = Renderer(BuzzVoice(), rate=RATE, cache=LineCache(), inline=True)
        self._random = random.Random(seed)
        self.seconds = 0.0
        self.ended: Counter[str] = Counter()
        self.hung: list[str] = []
        self._hiss = np.frombuffer(noise(2.0, level=0.003), "<i2").reshape(-1, FRAME // 2)
        self._kept: list[Path] = []

    async def call(self, number: int) -> None:
        mood = self._random.choice(MOODS)
        path = self._folder / f"{number}.wav"
        session = VoiceSession(
            self._bot,
            Ears(mood == "unheard"),
            BuzzVoice(),
            recording=path,
            store=self._store,
            started=Started(f"soak-{number}", medium="voice", wall=1.8e9, seed=number),
            renderer=self._renderer,
            detector=Detects(shared_model(RATE)),
        )
        await session.start()
        await self._talk(session, mood)
        if not session.closed:
            self.hung.append(f"call {number} ({mood}) after {session.now():.0f} s at {session.host.step}")
            await session.hangup()
        outcome = session.host.disposition
        self.ended[f"{mood}: {outcome.result if outcome is not None else 'none'}"] += 1
        self.seconds += session.now()
        self._kept.append(path)
        if len(self._kept) > KEEP:
            self._kept.pop(0).unlink()

    async def _talk(self, session: VoiceSession, mood: str) -> None:
        rng = self._random
        leaves = rng.uniform(0.5, 12.0) if mood == "leaves" else LONGEST
        due = rng.uniform(1.0, 4.0)
        while not session.closed and session.now() < LONGEST:
            if session.now() >= leaves:
                await session.hangup()
                return
            if session.now() < due or mood == "silent":
                await self._push(session, self._hiss[rng.randrange(len(self._hiss))].tobytes(), mood)
                continue
            due = session.now() + rng.uniform(2.0, 7.0)
            if mood == "keys":
                await session.dtmf(rng.choice("0123456789*#"))
            elif mood == "coughs":
                await self._say(session, noise(0.3), mood)
            elif mood != "interrupts" or not session.listening:
                await self._say(
                    session, tone(rng.choice((400, 400, 800, 1000, 1000, 1200)), rng.uniform(0.3, 1.0)), mood
                )

    async def _say(self, session: VoiceSession, pcm: bytes, mood: str) -> None:
        for start in range(0, len(pcm) - FRAME + 1, FRAME):
            if not session.closed:
                await self._push(session, pcm[start : start + FRAME], mood)

    async def _push(self, session: VoiceSession, frame: bytes, mood: str) -> None:
        lost = mood == "loses" and self._random.random() < 0.05
        await session.push(silence(0.02) if lost else frame)

    def close(self) -> None:
        self._renderer.close()


async def soak(bot: Bot, folder: Path, hours: float, lines: int) -> tuple[list[dict[str, float]], list[Soak]]:
    store = Store.open(folder / "calls.db")
    soaks = [Soak(bot, store, folder, seed) for seed in range(lines)]
    samples: list[dict[str, float]] = []
    number = 0
    while soaks[0].seconds < 3600 * hours:
        for one in soaks:
            while one.seconds < EVERY * len(samples):
                number += 1
                await one.call(number)
        tasks = float(len(asyncio.all_tasks()))
        samples.append({**objects(), **held(), "tasks": tasks})
        if len(samples) * EVERY > 3600 * hours:
            break
    for one in soaks:
        one.close()
    store.close()
    return samples, soaks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--lines", type=int, default=2)
    options = parser.parse_args()
    logging.disable(logging.ERROR)  # of callers who are not to be heard
    began, used = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        samples, soaks = asyncio.run(soak(make_bot(folder / "bot"), folder, options.hours, options.lines))
    ended: Counter[str] = sum((one.ended for one in soaks), Counter())
    hung = [line for one in soaks for line in one.hung]
    rows, grows = table(samples)
    print(
        f"{sum(ended.values())} calls, {sum(one.seconds for one in soaks) / 3600:.1f} h on {len(soaks)} lines, ", end=""
    )
    print(f"in {time.perf_counter() - began:.0f} s ({time.process_time() - used:.0f} CPU s)")
    print(", ".join(f"{name} {count}" for name, count in sorted(ended.items())))
    print(*rows, sep="\n")
    print(f"{len(hung)} calls hung", *hung[:10], sep="\n")
    return 1 if grows or hung else 0


if __name__ == "__main__":
    sys.exit(main())
