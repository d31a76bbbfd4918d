"""Twenty minutes of live calls through the gRPC edge in real time: nothing of the server may grow.

    python bench/voice_soak.py [--minutes 20] [--calls 20] [--data ../shared/data]

The server (one bot, engines without cost, recordings on) and the callers are two processes, as in bench/voice_capacity.
Calls last 5 to 40 s: callers talk 40 % of the time, some press keys, some hang up, some lines break, some lose 5 % of
their packets or send them late and all at once. Sampled every 10 s; growth is judged by the slope and its interval
(growth.py).
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "voice_capacity")]

from generator import MULAW  # noqa: E402 (beside this file, however it was started)
from growth import held, table  # noqa: E402
from load import Callers, write_callers  # noqa: E402

from huashu.channels.client import Client, Conversation  # noqa: E402
from huashu.core.errors import RemoteError  # noqa: E402
from huashu.core.events import Answered, Dtmf, Started  # noqa: E402

MOODS = ("talks", "talks", "talks", "keys", "breaks", "loses", "late", "outbound")
EVERY = 10.0


async def listen(talk: Conversation) -> int:
    frames = 0
    with contextlib.suppress(RemoteError):
        while await talk.receive() is not None:
            frames += 1
    return frames


async def one_call(client: Client, callers: Callers, number: int, rng: random.Random) -> str:
    mood = rng.choice(MOODS)
    direction = "outbound" if mood == "outbound" else "inbound"
    talk = await client.converse("load", Started("", direction, "voice"), audio=MULAW)
    ears = asyncio.create_task(listen(talk))
    began, seconds, kept = time.monotonic(), rng.uniform(5.0, 40.0), b""
    for frame in range(int(seconds * 50)):
        await asyncio.sleep(max(0.0, began + frame * 0.02 - time.monotonic()))
        if mood == "outbound" and frame == 50:
            await talk.send(Answered())
        if mood == "keys" and frame % 200 == 100:
            await talk.send(Dtmf(rng.choice("0123456789")))
        if mood == "loses" and rng.random() < 0.05:
            continue
        kept += callers.frame(number, frame)
        if mood == "late" and frame % 20:
            continue
        await talk.send_sound(kept)
        kept = b""
    if mood == "breaks":
        talk.abandon()
    else:
        await talk.done()
    with contextlib.suppress(asyncio.CancelledError):
        await ears
    return mood


async def caller(client: Client, callers: Callers, number: int, until: float, ended: Counter[str]) -> None:
    rng = random.Random(number)
    while time.monotonic() < until:
        try:
            ended[await one_call(client, callers, rng.randrange(1000), rng)] += 1
        except RemoteError as error:
            ended[f"refused: {error.code}"] += 1
            await asyncio.sleep(1.0)


def inside(server: "subprocess.Popen[str]") -> dict[str, float]:
    """What the server says of itself."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write("objects\n")
    server.stdin.flush()
    found: dict[str, float] = json.loads(server.stdout.readline())
    return found


async def soak(server: "subprocess.Popen[str]", address: str, folder: Path, minutes: float, calls: int) -> bool:
    callers, ended = Callers(folder / "callers.ulaw"), Counter[str]()
    until = time.monotonic() + 60 * minutes
    samples = []
    async with Client(address) as client:
        tasks = [asyncio.create_task(caller(client, callers, number, until, ended)) for number in range(calls)]
        while time.monotonic() < until:
            await asyncio.sleep(EVERY)
            samples.append({**await asyncio.to_thread(inside, server), **held(str(server.pid))})
            for old in sorted((folder / "recordings").iterdir(), key=os.path.getmtime)[: -5 * calls]:
                old.unlink(missing_ok=True)
        await asyncio.gather(*tasks)
    await asyncio.sleep(1.0)
    left = inside(server)
    rows, grows = table(samples)
    print(f"{sum(ended.values())} calls: " + ", ".join(f"{name} {count}" for name, count in sorted(ended.items())))
    print(*rows, sep="\n")
    print(f"when all have hung up: {left['calls']:.0f} calls, {left['detectors']:.0f} detectors held")
    return grows or bool(left["calls"] or left["detectors"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--calls", type=int, default=20)
    default = os.environ.get("HUASHU_TEST_DATA", HERE.parent.parent / "shared/data")
    parser.add_argument("--data", type=Path, default=Path(default))
    options = parser.parse_args()
    clips = options.data / "voice_bench"
    if not clips.is_dir():
        raise SystemExit(f"no recorded speech in {clips}; give --data")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "recordings").mkdir()
        write_callers(folder / "callers.ulaw", clips)
        server = subprocess.Popen(
            [sys.executable, str(HERE / "voice_capacity" / "served.py"), json.dumps({"folder": str(folder)})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout is not None
        assert server.stdin is not None
        where = json.loads(server.stdout.readline())
        try:
            failed = asyncio.run(soak(server, where["grpc"], folder, options.minutes, options.calls))
        finally:
            server.stdin.close()
            server.wait()
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
