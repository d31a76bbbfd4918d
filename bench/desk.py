"""The desk with a floor full of people: how late a page is told what happens, and what a message costs.

python bench/desk.py [PAGES] [SECONDS]      # default 200 pages, 5 s; a quarter of the time is the pages' own

Each page is a signed-in WebSocket that is told 10 views a second (a live transcript) and asks once a second. Server and
pages share this process and its core, so the figures are upper bounds of delay and cost.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from huashu.handoff.views import Said
from tests.desk.kit import Browser, Clock, Page, running
from tests.desk.scripted import Centre

TOLD, ASKED = 10, 1


class Now(Clock):
    def __call__(self) -> float:
        return time.time()


async def page(browser: Browser, name: str, delays: list[float], trips: list[float], ready: asyncio.Barrier) -> None:
    async with Page.opened(browser) as desk:
        await ready.wait()
        asked: dict[str, float] = {}
        number, turn = 0, int(name.removeprefix("agent")) % TOLD
        while True:
            data = json.loads(await desk.socket.recv())
            if data.get("view") == "Said" and data["n"] > 1000:
                delays.append(time.perf_counter() - float(data["text"]))
                if data["n"] % (TOLD // ASKED) == turn:
                    number += 1
                    asked[f"{name}-{number}"] = time.perf_counter()
                    wanted = {"command": "Find", "conversation": "c1", "text": "x"}
                    await desk.say({"type": "do", "id": f"{name}-{number}", **wanted})
            elif data.get("type") == "answer":
                trips.append(time.perf_counter() - asked.pop(data["to"]))


async def measure(pages: int, seconds: float) -> None:
    people = tuple((f"agent{number}", "agent") for number in range(pages))
    centre = Centre(rings=False)
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder), centre=centre, people=people, clock=Now(time.time())) as at:
            delays: list[float] = []
            trips: list[float] = []
            ready = asyncio.Barrier(pages + 1)
            tasks = []
            for name, _ in people:
                browser = Browser.opened(at)
                opened = await browser.__aenter__()
                await opened.sign_in(name)
                tasks.append(asyncio.create_task(page(opened, name, delays, trips, ready)))
            await ready.wait()
            begun, cpu = time.perf_counter(), time.process_time()
            number = 1000
            while time.perf_counter() - begun < seconds:
                number += 1
                for seat in list(centre.seats.values()):
                    seat.tell(Said("c1", number, "caller", float(number), str(time.perf_counter())))
                await asyncio.sleep(max(0.0, begun + (number - 1000) / TOLD - time.perf_counter()))
            await asyncio.sleep(0.5)
            used = time.process_time() - cpu
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    messages = len(delays) + 2 * len(trips)
    print(f"{pages} pages, {seconds:g} s: {len(delays)} views told, {len(trips)} commands answered")
    for name, found in (("told", delays), ("command", trips)):
        found.sort()
        print(f"{name:8} p50 {found[len(found) // 2] * 1000:.1f} ms  p95 {found[int(len(found) * 0.95)] * 1000:.1f} ms")
    print(f"{used / messages * 1e6:.0f} µs of a core a message, both ends together")


if __name__ == "__main__":
    given = [float(item) for item in sys.argv[1:]]
    asyncio.run(measure(int(given[0]) if given else 200, given[1] if len(given) > 1 else 5.0))
