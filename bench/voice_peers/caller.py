"""The half of the comparison that knows no framework: a clocked caller, what the bot's sound was, scenarios.

A caller speaks 20 ms each 20 ms of the wall clock. Words are recognised at their end and the recogniser's delay behind
it. Nothing says that the caller has finished, for that is what is measured: the recogniser closes an utterance when the
engine's own voice detector (or turn-taking) says so, with the words whose sound it has been given. An engine has

    bot             a BotOut that it writes what leaves its sink to
    log             list of (instant, name, data): "vad_stop"; "tts" when it begins to make a reply
    reply_secs      length of the next reply
    async start(), stop();  push(pcm)
    stt(kind, text) "interim" with the words so far and "final"; or word(text), where it calls `caller.flush` itself

The harness's engines of the peers import this file as `common`.
"""

import asyncio
import json
import os
import random
import resource
import time
import wave
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np

SR, FRAME = 16000, 320
now = time.monotonic
SENTENCE = ("this", "is", "what", "the", "caller", "said")
STOP = ("no", "wait", "stop")
TOKEN = ("uh-huh",)
SOFT_END = 0.25
"""Seconds before the labelled end at which Silero lets go of these recordings: a recogniser that is told to close then
has heard the last word."""
LEVEL = 10 ** (-65 / 20)
Row = dict[str, Any]


class BotOut:
    """What the caller hears: when each piece of sound began, and its seconds."""

    def __init__(self) -> None:
        self.frames: list[tuple[float, float]] = []

    def played(self, at: float, seconds: float) -> None:
        self.frames.append((at, seconds))

    def first_after(self, at: float) -> float | None:
        return next((begun for begun, _ in self.frames if begun >= at), None)

    def silent_for(self) -> float:
        return now() - (self.frames[-1][0] + self.frames[-1][1]) if self.frames else 9e9

    def broken_off(self, at: float, hole: float = 0.1) -> tuple[float, float | None] | None:
        """The first end of sound at or after `at` that is followed by nothing for `hole` seconds, and when sound came
        back; None while there is none."""
        end = None
        for begun, seconds in self.frames:
            if end is not None and begun - end >= hole and end >= at - 0.02:
                return end, begun
            end = begun + seconds
        return (end, None) if end is not None and end >= at - 0.02 and now() - end >= hole else None


class Caller:
    def __init__(self, engine: Any, delay: float, seed: int = 1) -> None:
        """delay: seconds from the end of a word until it is recognised."""
        self._engine = engine
        self._delay = delay
        self._said: list[tuple[float, str]] = []
        """Words and the instants at which they are recognised."""
        self._open: list[str] = []
        """Words recognised since the recogniser last closed an utterance."""
        self._logged = 0
        self._closing = False
        engine.caller = self
        self._floor = (np.random.default_rng(seed).standard_normal(2 * SR) * LEVEL * 32767).astype(np.int16)
        self._clip: Row | None = None
        self.late: list[float] = []
        self.running = True

    async def run(self) -> None:
        due, place = now(), 0
        while self.running:
            due += 0.02
            await asyncio.sleep(max(0.0, due - now()))
            self.late.append(max(0.0, now() - due))
            frame = self._floor[place : place + FRAME]
            place = (place + FRAME) % (len(self._floor) - FRAME)
            self._engine.push(self._spoken(frame).tobytes())
            self._recognise()

    @property
    def behind(self) -> bool:
        """Words that were spoken are still being recognised."""
        return bool(self._said)

    def flush(self) -> None:
        """Close the utterance: what has been heard of the last word is enough for it."""
        clip = self._clip
        while clip is not None and clip["words"] and clip["words"][0][0] <= clip["at"] + SOFT_END * SR:
            end, word = clip["words"].pop(0)
            self._said.append((clip["on"] + end / SR + self._delay, word))

    def _recognise(self) -> None:
        while self._said and self._said[0][0] <= now():
            word = self._said.pop(0)[1]
            if hasattr(self._engine, "word"):
                self._engine.word(word)
                continue
            self._open.append(word)
            self._engine.stt("interim", " ".join(self._open))
        log = self._engine.log
        if any(entry[1] == "vad_stop" for entry in log[self._logged :]):
            self._closing = True
            self.flush()
        self._logged = len(log)
        if self._closing and not self._said:
            if self._open:
                self._engine.stt("final", " ".join(self._open))
                self._open.clear()
            self._closing = False

    def _spoken(self, floor: "np.ndarray[Any, np.dtype[np.int16]]") -> "np.ndarray[Any, np.dtype[np.int16]]":
        clip = self._clip
        if clip is None:
            return floor
        sound, at = clip["sound"], clip["at"]
        piece = sound[at : at + FRAME]
        mixed = floor.astype(np.int32)
        mixed[: len(piece)] += piece
        if at == 0:
            clip["on"] = now() - 0.02
        clip["at"] = at + FRAME
        words = clip["words"]
        while words and words[0][0] <= clip["at"]:
            self._said.append((now() + self._delay, words.pop(0)[1]))
        if clip["at"] >= len(sound):
            clip["off"] = now() - (clip["at"] - len(sound)) / SR
            self._clip = None
            clip["done"].set()
        return np.clip(mixed, -32768, 32767).astype(np.int16)

    async def say(self, sound: Any, words: tuple[str, ...]) -> tuple[float, float]:
        """When the caller began and ended, by the labels of the recording. Words end at even distances."""
        ends = [(len(sound) * (number + 1) // len(words), word) for number, word in enumerate(words)]
        self._clip = {"sound": sound, "at": 0, "words": ends, "done": asyncio.Event()}
        clip = self._clip
        await clip["done"].wait()
        return clip["on"], clip["off"]


def load_clips(folder: Path, kind: str) -> list[Any]:
    found = []
    for clip in json.loads((folder / "clips.json").read_text(encoding="utf-8")):
        if clip["kind"] == kind:
            with wave.open(str(folder / clip["file"])) as file:
                assert file.getframerate() == SR
                found.append(np.frombuffer(file.readframes(file.getnframes()), np.int16))
    return found


async def until(condition: Callable[[], Any], within: float) -> Any:
    end = now() + within
    while now() < end:
        found = condition()
        if found:
            return found
        await asyncio.sleep(0.01)
    return None


async def quiet(engine: Any, seconds: float, within: float = 20.0) -> None:
    await until(lambda: engine.bot.silent_for() > seconds, within)


async def turns(engine: Any, caller: Caller, clips: list[Any], count: int, rows: list[Row]) -> None:
    """Seconds from the true end of what the caller says to the bot's first sound behind it."""
    for number, sound in enumerate([clips[20], *clips[:count]]):
        engine.reply_secs = 1.2
        on, off = await caller.say(sound, engine.words(SENTENCE))
        early = any(on < begun < off for begun, _ in engine.bot.frames)
        first = await until(lambda off=off: engine.bot.first_after(off), 8.0)
        await quiet(engine, 1.0)
        if number:  # not the first, by which everything is loaded
            rows.append({"early": early, "delay": first - off if first else None})


async def long_reply(engine: Any, caller: Caller, prompt: Any) -> bool:
    """The bot is 3.5 s into a reply of 9."""
    engine.reply_secs = 9.0
    _, off = await caller.say(prompt, engine.words(SENTENCE))
    first = await until(lambda: engine.bot.first_after(off), 8.0)
    if first is None:
        return False
    await asyncio.sleep(max(0.0, first + 3.5 - now()))
    return True


async def interruptions(engine: Any, caller: Caller, clips: list[Any], count: int, rows: list[Row]) -> None:
    """Seconds from a person's onset over the bot until the bot is silent."""
    chosen = [clip for number, clip in enumerate(clips) if number != 20][:count]
    for sound in chosen:
        if not await long_reply(engine, caller, clips[20]):
            continue
        engine.reply_secs = 1.0
        on, off = await caller.say(sound, engine.words(STOP))
        gap = await until(lambda on=on: engine.bot.broken_off(on), 4.0)
        stopped = gap is not None and (gap[1] is None or gap[1] > off)
        rows.append({"stop": gap[0] - on if stopped else None})
        await quiet(engine, 1.5)


async def noises(engine: Any, caller: Caller, data: Path, prompt: Any, count: int, rows: list[Row]) -> None:
    """`count` short words and half as many bursts of typing over the bot's long reply.

    Wrong: not back 0.6 s after its end, or a new reply.
    """
    for kind, words in (("word", TOKEN), ("keys", ())):
        for sound in load_clips(data, kind)[: count if words else count // 2]:
            if not await long_reply(engine, caller, prompt):
                continue
            engine.reply_secs = 1.0
            made = sum(entry[1] == "tts" for entry in engine.log)
            on, off = await caller.say(sound, engine.words(words) if words else ())
            await asyncio.sleep(3.0)
            gap = engine.bot.broken_off(on)
            wrong, hole = False, 0.0
            if gap is not None and gap[0] < off + 2.0:
                hole = (gap[1] or now()) - gap[0]
                wrong = gap[1] is None or gap[1] > off + 0.6
            wrong = wrong or sum(entry[1] == "tts" for entry in engine.log) > made
            rows.append({"kind": kind, "wrong": wrong, "hole": hole})
            await quiet(engine, 1.5)


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def memory() -> float:
    """MB of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1024**2


async def load(make: Callable[[], Any], clips: list[Any], calls: int, seconds: float, delay: float) -> Row:
    """% of a core and MB a call, the caller's cost included: a third each of caller, bot, silence."""

    async def life(engine: Any, caller: Caller, rng: random.Random) -> None:
        await asyncio.sleep(rng.uniform(0.0, 4.0))
        while caller.running:
            engine.reply_secs = 2.0
            await caller.say(clips[rng.randrange(len(clips))], engine.words(SENTENCE))
            await asyncio.sleep(5.0)

    before = memory()
    engines = [make() for _ in range(calls)]
    for engine in engines:
        await engine.start()
    callers = [Caller(engine, delay, number) for number, engine in enumerate(engines)]
    tasks: list[Awaitable[None]] = [asyncio.ensure_future(caller.run()) for caller in callers]
    tasks += [
        asyncio.ensure_future(life(engine, caller, random.Random(number)))
        for number, (engine, caller) in enumerate(zip(engines, callers, strict=True))
    ]
    await asyncio.sleep(5.0)
    used, began = cpu(), now()
    await asyncio.sleep(seconds)
    used, wall = cpu() - used, now() - began
    late = sorted(entry for caller in callers for entry in caller.late)
    return {
        "cpu": 100 * used / wall / calls,
        "memory": (memory() - before) / calls,
        "late p99": late[round(0.99 * (len(late) - 1))],
        "load": os.getloadavg()[0],
    }
