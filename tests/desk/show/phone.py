"""The caller: a telephone on gRPC that sends 20 ms of µ-law all the time and keeps what it hears, by the clock."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from huashu.channels import conversations_pb2 as pb
from huashu.channels.client import Client, Conversation, Received, Sound, Transcript
from huashu.core.errors import RemoteError
from huashu.core.events import Started
from huashu.voice.g711 import ulaw_decode, ulaw_encode
from tests.desk.show.sounds import RATE

FRAME = 0.02
SIZE = 2 * round(FRAME * RATE)
MULAW = pb.AudioFormat(encoding=pb.ENCODING_MULAW, rate=RATE)
WITHIN = 30.0
LOUD = 500
"""Peak over which a frame is no silence: -36 dB of full scale."""


@dataclass
class Phone:
    """Times are those of time.monotonic."""

    talk: Conversation
    client: Client
    heard: list[tuple[float, bytes]] = field(default_factory=list)
    """Each frame and when it came."""
    got: list[tuple[float, Received]] = field(default_factory=list)
    over: float = 0.0
    """When the bot hung up."""
    broken: float = 0.0
    """When the line was lost; 0 while it is there."""
    _to_say: bytearray = field(default_factory=bytearray)
    _tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def call(cls, address: str) -> "Phone":
        """As a switch does: a server that has too much to do just now is asked again."""
        client = Client(address)
        started = Started("", medium="voice", caller="13800138000")
        async with asyncio.timeout(WITHIN):
            while True:
                try:
                    phone = cls(await client.converse("helpdesk", started, audio=MULAW), client)
                    break
                except RemoteError as refused:
                    if not refused.retryable:
                        raise
                    await asyncio.sleep(0.5)
        phone._begin()
        return phone

    def _begin(self) -> None:
        self.broken = 0.0
        self._tasks = [asyncio.create_task(self._speak()), asyncio.create_task(self._listen())]

    async def again(self, address: str) -> None:
        """Call back in with the id of the call, as often as it takes."""
        await self._hang()
        async with asyncio.timeout(WITHIN):
            while True:
                self.client = Client(address)
                try:
                    await self.client.resume(self.talk)
                    break
                except RemoteError:
                    await self.client.__aexit__(None, None, None)
                    await asyncio.sleep(0.1)
        self._begin()

    async def close(self) -> None:
        self.talk.abandon()
        await self._hang()

    async def _hang(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.client.__aexit__(None, None, None)

    # --- speaking -------------------------------------------------------------------------------------------------

    def say(self, pcm: bytes) -> float:
        """When it will have been said."""
        self._to_say += pcm
        return time.monotonic() + len(self._to_say) / 2 / RATE

    async def _speak(self) -> None:
        """Paced by the clock: a frame that was late does not make the next one late."""
        due = time.monotonic()
        try:
            while True:
                frame = bytes(self._to_say[:SIZE]).ljust(SIZE, b"\0")
                del self._to_say[:SIZE]
                await self.talk.send_sound(ulaw_encode(frame))
                due += FRAME
                await asyncio.sleep(max(0.0, due - time.monotonic()))
        except RemoteError:
            return  # over, or lost: whoever listens knows which

    # --- hearing --------------------------------------------------------------------------------------------------

    async def _listen(self) -> None:
        try:
            async for item in self.talk:
                now = time.monotonic()
                if isinstance(item, Sound):
                    self.heard.append((now, ulaw_decode(item.data)))
                else:
                    self.got.append((now, item))
                self._news.set()
            self.over = time.monotonic()
        except RemoteError:
            self.broken = time.monotonic()
        self._news.set()

    async def until(self, true: Callable[[], object], what: str) -> None:
        """Raises AssertionError: it did not come to that."""
        try:
            async with asyncio.timeout(WITHIN):
                while not true():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"{what}: not within {WITHIN:g} s") from None

    async def action(self, kind: type, *, after: float = 0.0) -> float:
        """When the first of a kind came."""
        await self.until(lambda: self._first(kind, after), f"the caller is told {kind.__name__}")
        return self._first(kind, after)

    def _first(self, kind: type, after: float) -> float:
        return next((at for at, item in self.got if isinstance(item, kind) and at > after), 0.0)

    async def voice(self, *, after: float) -> float:
        """When something was heard."""
        await self.until(lambda: self._loud(after), "something is heard")
        return self._loud(after)[0]

    async def silence(self, *, after: float, lasts: float = 0.6) -> None:
        """Until whoever speaks has spoken: something was heard, and then nothing for so long."""

        def quiet() -> bool:
            loud = self._loud(after)
            return bool(loud) and self.heard[-1][0] - loud[-1] > lasts

        await self.until(quiet, "whoever speaks has spoken")

    def _loud(self, after: float) -> list[float]:
        return [at for at, pcm in self.heard if at > after and np.abs(np.frombuffer(pcm, "<i2")).max(initial=0) > LOUD]

    async def soon(self, true: Callable[[], object], what: str) -> None:
        """The same for what is costly to ask: five times a second."""
        last = 0.0

        def due() -> bool:
            nonlocal last
            if (now := time.monotonic()) - last < 0.2:
                return False
            last = now
            return bool(true())

        await self.until(due, what)

    async def words(self, *, after: float) -> None:
        """Until the server has written down what was said until then."""
        await self.until(
            lambda: any(isinstance(item, Transcript) and item.final and at > after for at, item in self.got),
            "the caller's words are written down",
        )

    def sound(self, begins: float) -> bytes:
        """What was heard since an instant."""
        return b"".join(pcm for at, pcm in self.heard if at >= begins)

    def when(self, begins: float, second: float) -> float:
        """The instant of a second of `sound(begins)`."""
        times = [at for at, _ in self.heard if at >= begins]
        return times[min(len(times) - 1, round(second / FRAME))] if times else begins
