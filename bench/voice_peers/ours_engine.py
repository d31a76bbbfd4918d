"""Huashu at the caller's line: the voice session with a mock recogniser and voice, as the peers have them.

Modes: "closed" (the step asks a yes/no question), "free" (it takes whatever is said), "default" is free.
"""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from common import SR, BotOut, now

from huashu.asr import engine as asr
from huashu.core.audio import Audio
from huashu.core.events import Entity, FaqHit, Heard, IntentScore, Started, Understood
from huashu.core.expect import Expectation
from huashu.flows.loader import load
from huashu.nlu.engine import Capabilities
from huashu.nlu.text import is_backchannel
from huashu.runtime.bot import Bot
from huashu.tts import engine as tts
from huashu.voice.session import VoiceSession
from huashu.voice.vad import Batcher, CallVad, shared_model

BOT = """
bot: peer
title: peer
language: en-US
variables: {story: {type: text}, round: {type: integer, default: 0}}
defaults:
  silence: [{after: 60s, say: Hello}, {after: 60s, end: bye}]
  unclear: [{say: Again}, {say: Again}, {end: bye}]
  max_length: 12h
  max_turns: 10000
endings: {bye: {say: Bye, result: no_input}}
"""
FLOWS = {
    "closed": """
flow: main
steps:
- ask:
    ask: Is it you
    answers:
      affirm: {set: {round: "=round + 1"}, say: "Reply {{round}}", go: ask}
      deny: {end: bye}
""",
    "free": """
flow: main
steps:
- ask: {collect: story, prompt: Tell me, ask_before_filling: true, set: {round: "=round + 1"}}
- reply: {say: "Reply {{round}}", go: ask}
""",
}


class Understands:
    capabilities = Capabilities("mock", ("en",))

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        token = is_backchannel(heard.text)
        if expect.slot is not None:
            found = Entity("text", heard.text, heard.text, 0, len(heard.text), expect.slot)
            return Understood(heard.text, (), (found,), backchannel=token)
        return Understood(heard.text, (IntentScore("affirm", 0.95),), backchannel=token)

    def search(self, text: str, bases: object, *, most: int = 3, on: date | None = None) -> tuple[FaqHit, ...]:
        return ()

    candidates = search


class Ears:
    """Hears the words of one line as they are told to it."""

    capabilities = asr.Capabilities("mock", ("en",), SR, streaming=True)

    def __init__(self, engine: "Engine") -> None:
        self.engine = engine
        self.words: list[str] = []

    def stream(self, expect: Expectation, language: str) -> "Utterance":
        return Utterance(self)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass


class Utterance:
    def __init__(self, ears: Ears) -> None:
        self._ears = ears
        self._told = ""

    def accept(self, pcm: bytes) -> Heard | None:
        text = " ".join(self._ears.words)
        if text == self._told:
            return None
        self._told = text
        return Heard(text, final=False)

    def finish(self) -> Heard:
        """In a thread of the session's; words that are still being recognised are waited for."""
        engine = self._ears.engine
        if engine.loop is not None:
            asyncio.run_coroutine_threadsafe(flushed(engine), engine.loop).result()
        text = " ".join(self._ears.words)
        self._ears.words.clear()
        return Heard(text)


async def flushed(engine: "Engine") -> None:
    engine.caller.flush()
    while engine.caller.behind:
        await asyncio.sleep(0.005)


class Mouth:
    """Replies as long as they are wanted; questions are short."""

    capabilities = tts.Capabilities("mock", ("en",), SR, streaming=True)

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    def synthesise(self, utterance: tts.Utterance) -> Iterator[Audio]:
        reply = utterance.text.startswith("Reply")
        if reply:
            self._engine.mark("tts")
        seconds = self._engine.reply_secs if reply else 0.2
        yield Audio((np.sin(np.arange(round(seconds * SR)) * 0.2) * 6000).astype("<i2").tobytes(), SR)


@cache
def bot(mode: str) -> Bot:
    folder = Path(tempfile.mkdtemp(prefix="huashu-peer-"))
    for name, text in (("bot.yaml", BOT), ("flows/main.yaml", FLOWS[mode])):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    understands: Any = Understands()
    return Bot(load(folder), understands, understands, folder=folder)


@cache
def batcher() -> Batcher:
    return Batcher(shared_model(SR))


class Engine:
    def __init__(
        self, mode: str, stt_delay: float, llm_delay: float, tts_delay: float, idle: float = 0, observe: bool = True
    ) -> None:
        self._mode = "closed" if mode == "closed" else "free"
        self.bot, self.log, self.reply_secs = BotOut(), [], 1.0
        self._ears = Ears(self)
        self.caller: Any = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self._frames: asyncio.Queue[bytes] = asyncio.Queue()
        self._driver: asyncio.Task[None] | None = None

    def words(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """What is said here in place of the peers' words: an answer to a closed question has no more in it."""
        return ("yes",) if self._mode == "closed" and words[0] == "this" else words

    def mark(self, name: str, data: object = None) -> None:
        self.log.append((now(), name, data))

    async def start(self) -> None:
        self.loop = asyncio.get_running_loop()
        session = VoiceSession(
            bot(self._mode),
            self._ears,
            Mouth(self),
            rate=SR,
            started=Started("peer", medium="voice", wall=1.8e9),
            realtime=True,
            detector=CallVad(shared_model(SR), batcher=batcher()),
        )
        await session.start()
        self._driver = asyncio.create_task(self._drive(session))

    async def _drive(self, session: VoiceSession) -> None:
        silence = bytes(2 * SR // 50)
        while True:
            out = await session.push(await self._frames.get())
            if out != silence:
                self.bot.played(now(), 0.02)

    def push(self, pcm: bytes) -> None:
        self._frames.put_nowait(pcm)

    def word(self, text: str) -> None:
        self._ears.words.append(text)

    async def stop(self) -> None:
        if self._driver is not None:
            self._driver.cancel()
