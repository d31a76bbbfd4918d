"""What the gRPC edge costs: server CPU a spoken call, and text turns a second through one server process.

Voice: calls over µ-law, one frame each 20 ms, -50 dBFS noise from the caller, the bot speaking and then listening.
Text: chats that answer as soon as they are asked, every turn understood and committed. The server is a process of its
own; its CPU is read from /proc (Linux).

Usage: python bench/edge_cost.py [--calls 20] [--seconds 10] [--chats 20]
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from huashu.channels import conversations_pb2 as pb
from huashu.channels.client import Client
from huashu.core.errors import RemoteError
from huashu.core.events import Heard, Started
from huashu.voice import g711
from tests.channels.kit import until_listening, write_bot
from tests.channels.process import ServerProcess

DESK = {
    "bot.yaml": "bot: desk\ntitle: Front desk\nlanguage: en-US\n",
    "flows/main.yaml": """
flow: main
silence: [{after: 90s, end: gone}]
steps:
- greet: {say: "Hello, this is the front desk of the river house. We are open from nine to five on every weekday."}
- open:
    ask: Shall I open the door?
    answers: {affirm: {end: gone}, deny: {end: gone}}
endings:
  gone: {say: Goodbye., result: no_input}
""",
}
MULAW = pb.AudioFormat(encoding=pb.ENCODING_MULAW, rate=8000)
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def noise() -> list[bytes]:
    """One second of frames at -50 dBFS."""
    wave = np.random.default_rng(1).normal(0.0, 32768 * 10 ** (-50 / 20), 8000).astype("<i2")
    return [g711.ulaw_encode(wave[at : at + 160].tobytes()) for at in range(0, 8000, 160)]


async def spoken(client: Client, seconds: float, frames: list[bytes]) -> int:
    """One call; how many frames came back."""
    talk = await client.converse("desk", Started("", medium="voice"), audio=MULAW)
    heard = 0

    async def listen() -> None:
        nonlocal heard
        try:
            while await talk.receive() is not None:
                heard += 1
        except RemoteError:
            return  # broken off below

    ears = asyncio.create_task(listen())
    began = time.monotonic()
    for n in range(int(seconds * 50)):
        await asyncio.sleep(max(0.0, began + n * 0.02 - time.monotonic()))
        await talk.send_sound(frames[n % len(frames)])
    talk.stream.cancel()
    await ears
    return heard


async def written(client: Client, seconds: float) -> int:
    """Chats one after another; how many turns."""
    turns = 0
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        talk = await client.converse("canteen", Started("", marks="none", variables={"姓名": "老王"}))
        await until_listening(talk)
        for text in ("三份", "要", "好", "要", "好", "不用了"):
            await talk.send(Heard(text))
            await until_listening(talk)
            turns += 1
    return turns


async def measure(calls: int, chats: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_bot(folder / "bots" / "canteen")
        write_bot(folder / "bots" / "desk", DESK)
        server = ServerProcess(folder / "bots", store=folder / "calls.db", cache=folder / "cache", asr="pocketsphinx")
        async with Client(await server.start()) as client:
            await written(client, 1.0)
            await spoken(client, 1.0, noise())
            began, used = time.monotonic(), cpu_seconds(server.pid)
            frames = await asyncio.gather(*(spoken(client, seconds, noise()) for _ in range(calls)))
            wall, used = time.monotonic() - began, cpu_seconds(server.pid) - used
            print(
                f"voice: {calls} calls, {wall:.1f} s, {used / wall / calls:.2%} of a core a call, "
                f"{sum(frames) / calls / seconds:.1f} messages a second a call back"
            )
            began, used = time.monotonic(), cpu_seconds(server.pid)
            turns = sum(await asyncio.gather(*(written(client, seconds) for _ in range(chats))))
            wall, used = time.monotonic() - began, cpu_seconds(server.pid) - used
            cost = f"{used / turns * 1e6:.0f} µs of server CPU a turn"
            print(f"text: {chats} chats at once, {turns / wall:.0f} turns/s, {cost}")
        await server.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description="CPU of the gRPC edge.")
    parser.add_argument("--calls", type=int, default=20)
    parser.add_argument("--chats", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10.0)
    arguments = parser.parse_args()
    asyncio.run(measure(arguments.calls, arguments.chats, arguments.seconds))


if __name__ == "__main__":
    main()
