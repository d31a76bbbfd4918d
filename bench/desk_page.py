"""What the desk's page costs a cheap PC: six conversations with words at five a second each, and an hour of callers.

python bench/desk_page.py [--hour]      # needs Chromium; half a minute, with --hour a minute and a half

The shares are of one core, told by Chromium itself (TaskDuration: all that the page's thread does); "a quarter of the
speed" is Chromium's CPU throttling. --hour: the words of an hour (six conversations at a time, five minutes and thirty
lines each, every line in five partials) as fast as they are taken; the heap after garbage collection.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from huashu.handoff import views
from tests.desk import scripted
from tests.desk.browsers import chromium, sign_in, window
from tests.desk.kit import Clock, running

if TYPE_CHECKING:
    from playwright.async_api import CDPSession, Page

AT_ONCE = 6
WORDS = "那就十二期吧，但是手续费能不能便宜一点？我之前问过你们同事。"
PARTIALS = 15


class Now(Clock):
    def __call__(self) -> float:
        return time.time()


class Full(scripted.Centre):
    """Six chats at one desk."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seat = Seat


class Seat(scripted.ScriptedSeat):
    def look(self) -> list[views.View]:
        return [*scripted.QUEUES, *(chat(0, n) for n in range(AT_ONCE))]


def chat(turn: int, n: int) -> views.Conversation:
    now = time.time()
    caller = f"13{n}••••{turn:04}"
    return replace(scripted.BRIEF, id=f"{turn}/{n}", state="bridged", agent="wang", caller=caller, since=now, began=now)


async def measured(cdp: "CDPSession") -> dict[str, float]:
    told = await cdp.send("Performance.getMetrics")
    return {item["name"]: item["value"] for item in told["metrics"]}


async def share(cdp: "CDPSession", name: str, doing: Any) -> None:
    before, began = await measured(cdp), time.perf_counter()
    await doing
    after, took = await measured(cdp), time.perf_counter() - began
    parts = ("TaskDuration", "ScriptDuration", "LayoutDuration")
    shares = [100 * (after[part] - before[part]) / took for part in parts]
    print(f"{name}: {shares[0]:.1f} % of a core (script {shares[1]:.1f}, layout {shares[2]:.1f})", flush=True)


async def talk(tell: Callable[[views.View], None], first: int, seconds: float) -> None:
    began = time.perf_counter()
    for tick in range(int(seconds * 5)):
        line, part = divmod(tick, PARTIALS)
        for n in range(AT_ONCE):
            text = WORDS[: 2 * (part + 1)]
            tell(views.Said(f"0/{n}", first + line, "caller", 60.0 + tick / 5, text, final=part == PARTIALS - 1))
        await asyncio.sleep(max(0.0, began + (tick + 1) / 5 - time.perf_counter()))


async def hour(tell: Callable[[views.View], None], cdp: "CDPSession", page: "Page") -> None:
    for turn in range(12):
        for n in range(AT_ONCE):
            for line in range(30):
                for part in range(5):
                    by: views.By = "caller" if line % 2 else "agent"
                    tell(
                        views.Said(f"{turn}/{n}", 1000 + line, by, 60.0 + line, WORDS[: 6 * part + 6], final=part == 4)
                    )
            await page.wait_for_timeout(100)
        for n in range(AT_ONCE):
            tell(views.Gone("conversation", f"{turn}/{n}"))
            tell(chat(turn + 1, n))
        await page.wait_for_timeout(500)
        if turn % 2:
            await cdp.send("HeapProfiler.collectGarbage")
            now = await measured(cdp)
            heap, nodes, heard = (now[name] for name in ("JSHeapUsedSize", "Nodes", "JSEventListeners"))
            print(
                f"after {turn * 5 + 5} min: {heap / 1e6:.2f} MB, {nodes:.0f} nodes, {heard:.0f} listeners", flush=True
            )


async def main() -> None:
    clock = Now(time.time())
    with tempfile.TemporaryDirectory() as folder:
        centre = Full(rings=False, clock=clock)
        async with (
            running(Path(folder), centre=centre, clock=clock, people=(("wang", "agent"),)) as at,
            chromium() as browser,
            window(browser, size=(1366, 768)) as page,
        ):
            await sign_in(page, at.url, "wang")
            await page.wait_for_selector(".item >> nth=5")
            cdp = await page.context.new_cdp_session(page)
            await cdp.send("Performance.enable")
            tell = centre.seats["wang"].tell
            await share(cdp, "nobody speaks", asyncio.sleep(5))
            await share(cdp, "six speak", talk(tell, 100, 12))
            await cdp.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            await share(cdp, "six speak, at a quarter of the speed", talk(tell, 200, 12))
            await page.focus(".composer textarea")
            began = time.perf_counter()
            await page.keyboard.type(WORDS)
            print(f"a key: {1000 * (time.perf_counter() - began) / len(WORDS):.0f} ms")
            await cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            if "--hour" in sys.argv:
                await hour(tell, cdp, page)


if __name__ == "__main__":
    asyncio.run(main())
