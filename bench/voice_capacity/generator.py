"""The load generator of the gRPC edge, a process of its own: callers that send 20 ms each 20 ms and hear what returns.

Started by __main__ with a JSON object on the command line; prints "ready" once all calls are open, "over" when the
measured time is, and one JSON object of figures at the end.
"""

import asyncio
import json
import random
import sys
import time
from pathlib import Path

import grpc
import numpy as np
from load import RATE, SILENCE, Callers

from huashu.channels import conversations_pb2 as pb
from huashu.channels.client import Client, Conversation
from huashu.core.events import Answered, Started

MULAW = pb.AudioFormat(encoding=pb.ENCODING_MULAW, rate=8000, sparse=True)
BUFFER = 0.06
"""Seconds of sound that the caller's telephone buffers before it plays."""
CHANNELS = 4


class Listener:
    """A telephone's playout: each frame has its place in the call, and what arrives behind that is a hole."""

    def __init__(self) -> None:
        self._zero: float | None = None
        """When the call's first sample is heard."""
        self.frames = self.holes = 0

    def hear(self, now: float, data: bytes, at: int) -> None:
        for start in range(at, at + len(data), len(SILENCE)):
            self.frames += 1
            late = self._zero is not None and now > self._zero + start / RATE
            self.holes += late
            if self._zero is None or late:
                self._zero = now + BUFFER - start / RATE  # the telephone waits anew from here


async def listen(talk: Conversation, listener: Listener) -> None:
    try:
        async for message in talk.stream:
            if message.WhichOneof("message") == "audio":
                listener.hear(time.monotonic(), message.audio.data, message.audio.at)
    except (grpc.aio.AioRpcError, asyncio.CancelledError):
        return


async def call(client: Client, number: int, callers: Callers, began: float, seconds: float) -> Listener:
    talk = await client.converse("load", Started("", medium="voice"), audio=MULAW)
    listener = Listener()
    ears = asyncio.create_task(listen(talk, listener))
    began += number % 20 / 1000  # spread over the 20 ms
    frame = max(0, int((time.monotonic() - began) / 0.02))
    while frame < seconds * 50:
        await asyncio.sleep(max(0.0, began + frame * 0.02 - time.monotonic()))
        await talk.send_sound(callers.frame(number, frame))
        frame += 1
    ears.cancel()
    talk.abandon()
    return listener


async def probe(client: Client, callers: Callers, until: float) -> list[float]:
    """Seconds from sending Answered to the bot's first sound, of one outbound call after another."""
    took = []
    rng = random.Random(2)
    while time.monotonic() < until - 2.0:
        talk = await client.converse("load", Started("", "outbound", "voice"), audio=MULAW)
        answered = [0.0, 0.0]

        async def hear(talk: Conversation = talk, at: list[float] = answered) -> None:
            async for message in talk.stream:
                if message.WhichOneof("message") == "audio" and at[0]:
                    at[1] = at[1] or time.monotonic()

        ears = asyncio.create_task(hear())
        began, ring = time.monotonic(), rng.uniform(0.1, 0.4)
        for frame in range(50):
            await asyncio.sleep(max(0.0, began + frame * 0.02 - time.monotonic()))
            if not answered[0] and frame * 0.02 >= ring:
                answered[0] = time.monotonic()
                await talk.send(Answered())
            await talk.send_sound(callers.frame(0, frame))
        took.append(answered[1] - answered[0] if answered[1] else 9.0)
        ears.cancel()
        talk.abandon()
    return took


async def run(options: dict[str, float | str]) -> dict[str, float]:
    callers = Callers(Path(str(options["folder"])) / "callers.ulaw")
    calls, seconds = int(options["calls"]), float(options["seconds"])
    clients = [Client(str(options["address"])) for _ in range(CHANNELS)]
    began = time.monotonic() + 0.5
    tasks = [
        asyncio.create_task(call(clients[number % CHANNELS], number, callers, began, seconds + 3.0))
        for number in range(calls)
    ]
    await asyncio.sleep(2.5)
    print("ready", flush=True)
    used = time.process_time()
    first = await probe(clients[0], callers, began + seconds)
    await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
    used = time.process_time() - used
    print("over", flush=True)
    heard = await asyncio.gather(*tasks)
    for client in clients:
        await client.__aexit__(None, None, None)
    return {
        "generator": 100 * used / seconds,
        "holes": 100 * sum(one.holes for one in heard) / max(1, sum(one.frames for one in heard)),
        "spoken": sum(one.frames for one in heard) / max(1, calls) / seconds / 50,
        "first p50": 1000 * float(np.percentile(first, 50)),
        "first p95": 1000 * float(np.percentile(first, 95)),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.loads(sys.argv[1])))))
