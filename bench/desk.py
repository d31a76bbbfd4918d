"""A floor full of people at the desk, over the wire: how late a page is told, and what a message costs the server.

python bench/desk.py [--pages 200] [--seconds 10] [--profile FILE]

One process is a centre as it runs: record on disk, 200 agents signed in over WebSockets, 2,000 conversations queued and
600 being served, one supervisor's wall. Its conversations have no engine behind them (bench/turns.py measures that) and
its audit is written before each answer. Another process is all the pages: they sign in, take what rings, read, answer
and close, so that their cost is not the server's; the two share the machine's cores. Each agent's callers say two
things a second (each in three partials and a final) and the agent does one thing a second, every tenth of which closes
a conversation and is followed by an offer: some five times what a busy floor does. bench/handoff.py measures the same
centre without a wire.
"""

import argparse
import asyncio
import cProfile
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402
from websockets.asyncio.client import connect  # noqa: E402
from websockets.exceptions import ConnectionClosed  # noqa: E402

from bench.handoff import Line  # noqa: E402
from huashu.core.actions import Handoff  # noqa: E402
from huashu.core.events import EdgeEvent, Heard, HungUp  # noqa: E402
from huashu.desk.serving import seats  # noqa: E402
from huashu.handoff.plan import Plan, Queue  # noqa: E402
from huashu.handoff.service import HandoffService  # noqa: E402
from huashu.store.log import Store  # noqa: E402
from huashu.store.records import Entry, Opening  # noqa: E402
from tests.desk.kit import PASSWORD, Clock, running  # noqa: E402

QUEUED, EACH = 2000, 3
"""Conversations that wait; that each agent has."""
UTTERANCES = 2.0
"""A second and agent, each as three partials and a final."""
DONE = 1.0
"""Commands a second and page."""
LETTERS = str.maketrans("0123456789", "abcdefghij")
DIGITS = str.maketrans("abcdefghij", "0123456789")


def stamp() -> str:
    """Now, in letters: digits in a row are masked. CLOCK_MONOTONIC is one for all processes of the machine."""
    return f"@{str(time.monotonic_ns() // 1000).translate(LETTERS)}@"


def since(text: str) -> float | None:
    """Seconds since the stamp in a text."""
    parts = text.split("@")
    return time.monotonic() - int(parts[1].translate(DIGITS)) / 1e6 if len(parts) == 3 else None


# --- the server's process -------------------------------------------------------------------------------------------


class Now(Clock):
    def __call__(self) -> float:
        return time.time()


class Talk(Line):
    """A conversation that ends when its agent closes it."""

    def __init__(self, call: str, over: Callable[[str], None]) -> None:
        super().__init__(call)
        self._over = over

    async def receive(self, event: EdgeEvent) -> None:
        await super().receive(event)
        if isinstance(event, HungUp):
            self._over(self.call)


class Floor:
    def __init__(self, store: Store, agents: int) -> None:
        queues = {
            name: Queue(name, wait=3600.0, wrap_up=0.0, announce=30.0, capacity=5000) for name in ("信用卡", "贷款")
        }
        self.service = HandoffService(Plan(queues=queues), store=store)
        self.lines: dict[str, Talk] = {}
        self._store = store
        self._rng = Random(1)
        self._born = 0
        self._agents = agents

    def arrive(self) -> None:
        name = f"c{self._born}"
        self._born += 1
        line = self.lines[name] = Talk(name, self._ended)
        self._store.begin(Opening(name, "card", started=1_772_000_000.0), [Entry(0, 0.0, line.started)])
        self.service.join(line)
        self.service.request(name, Handoff("h", self._rng.choice(("信用卡", "贷款")), within=7200.0))

    def _ended(self, call: str) -> None:
        del self.lines[call]
        self.service.leave(call, over=True)
        self.arrive()

    @property
    def served(self) -> list[Talk]:
        return [line for line in self.lines.values() if line.owner == "human"]

    async def talk(self, seconds: float) -> None:
        """Callers speak."""
        begun, said = time.monotonic(), 0
        while (passed := time.monotonic() - begun) < seconds:
            served = self.served
            for _ in range(int(passed * UTTERANCES * self._agents) - said):
                said += 1
                line = self._rng.choice(served)
                for part in ("我想", "我想问一下", "我想问一下手续费"):
                    line.happened(Heard(part + stamp(), final=False))
                line.happened(Heard("我想问一下手续费怎么收" + stamp()))
            await asyncio.sleep(0.01)


async def serve(pages: int, seconds: float, profile: str) -> None:
    people = (*((f"agent{number}", "agent") for number in range(pages)), ("boss", "supervisor"))
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "desk.db") as store:
        floor = Floor(store, pages)
        for number in range(QUEUED + EACH * pages):
            floor.arrive()
            if number % 50 == 0:
                await asyncio.sleep(0)
        async with running(Path(folder), clock=Now(time.time()), people=people, sign_in=seats(floor.service)) as at:
            child = await asyncio.create_subprocess_exec(
                sys.executable, __file__, "--pages", str(pages), "--at", str(at.where),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            assert child.stdin is not None
            assert child.stdout is not None
            while len(floor.served) < EACH * pages:
                await asyncio.sleep(0.2)
            await asyncio.sleep(1.0)
            child.stdin.write(b"go\n")
            spent = await measured(floor, seconds, profile)
            child.stdin.write(b"stop\n")
            told = json.loads(await child.stdout.read())
            await child.wait()
            waiting = sum(floor.service.centre.waiting(name)[0] for name in floor.service.plan.queues)
    report(pages, seconds, spent, waiting, told)


async def measured(floor: Floor, seconds: float, profile: str) -> float:
    """CPU seconds of this process."""
    watched = cProfile.Profile() if profile else None
    if watched is not None:
        watched.enable()
    cpu = time.process_time()
    await floor.talk(seconds)
    spent = time.process_time() - cpu
    if watched is not None:
        watched.disable()
        watched.dump_stats(profile)
    return spent


def report(pages: int, seconds: float, spent: float, waiting: int, told: dict[str, Any]) -> None:
    count = told["views"] + told["asked"] + len(told["answered"])
    print(
        f"{pages} pages and a wall, {waiting} waiting, {seconds:g} s: {told['views'] / seconds:.0f} views and "
        f"{told['asked'] / seconds:.0f} commands a second, {spent / seconds:.0%} of a core"
    )
    for name, title, promise in (
        ("offered", "offer", 100),
        ("shown", "said → shown", 200),
        ("answered", "answer", 200),
    ):
        sample = sorted(told[name])
        p50, p95 = (sample[int(len(sample) * share)] * 1e3 for share in (0.5, 0.95))
        print(f"  {title}: p50 {p50:.1f} ms, p95 {p95:.1f} ms (promise {promise} ms), of {len(sample)}")
    print(f"  {spent / count * 1e6:.0f} µs of a core a message (views told, commands, answers) in the server")


# --- the pages' process ---------------------------------------------------------------------------------------------


class Told:
    """What all pages have measured. Before `on`, nothing counts."""

    def __init__(self) -> None:
        self.on = False
        self.views = self.asked = 0
        self.shown: list[float] = []
        self.answered: list[float] = []
        self.offered: list[float] = []


class Sheet:
    """One page: takes what rings, does something once a second."""

    def __init__(self, name: str, told: Told) -> None:
        self.name = name
        self._told = told
        self._rng = Random(name)
        self._mine: dict[str, None] = {}
        self._asked: dict[str, float] = {}
        self._number = 0
        self._seq = 0
        self._freed = 0.0
        self._socket: Any = None

    async def run(self, where: str, cookie: str, origin: str) -> None:
        headers = {"cookie": cookie}
        async with connect(
            f"ws://{where}/desk/ws?lists=1", additional_headers=headers, origin=origin, proxy=None
        ) as line:  # type: ignore[arg-type]
            self._socket = line
            doing = asyncio.create_task(self._work())
            try:
                async for text in line:
                    data = json.loads(text)
                    for item in data if isinstance(data, list) else [data]:
                        await self._take(item)
            except ConnectionClosed:
                pass
            finally:
                doing.cancel()

    async def _take(self, item: dict[str, Any]) -> None:
        told = self._told
        match item:
            case {"view": view, "seq": seq}:
                self._seq = seq
                told.views += told.on
                await self._seen(view, item)
            case {"type": "answer", "to": to}:
                at = self._asked.pop(to)
                if told.on:
                    told.answered.append(time.monotonic() - at)

    async def _seen(self, view: str, item: dict[str, Any]) -> None:
        told = self._told
        if view == "Said":
            delay = since(item["text"]) if told.on else None
            if delay is not None:
                told.shown.append(delay)
        elif view == "Offer" and self.name != "boss":
            if told.on and self._freed:
                told.offered.append(time.monotonic() - self._freed)
            self._freed = 0.0
            await asyncio.sleep(self._rng.uniform(0.0, 0.02))
            await self._do("Accept", offer=item["id"])
            await self._do("Acknowledge", conversation=item["conversation"]["id"])
        elif view == "Conversation" and item["state"] == "bridged" and item.get("agent") == self.name:
            self._mine[item["id"]] = None
        elif view == "Gone" and item["kind"] == "conversation":
            self._mine.pop(item["id"], None)

    async def _work(self) -> None:
        if self.name == "boss":
            await self._do("SetPresence", presence="break")
        while True:
            await asyncio.sleep(self._rng.uniform(0.5, 1.5) / DONE)
            await self._socket.send(json.dumps({"type": "seen", "seq": self._seq}))
            if not self._told.on or not self._mine:
                continue
            call = self._rng.choice(list(self._mine))
            chance = self._rng.random()
            if chance < 0.1:
                del self._mine[call]
                self._freed = time.monotonic()
                await self._do("Close", conversation=call, disposition="")
            elif chance < 0.3:
                await self._do("Note", conversation=call, text="客户想了解手续费")
            elif chance < 0.4:
                await self._do("Find", conversation=call, text="手续费")
            else:
                await self._do("Say", conversation=call, text="好的，我帮您查一下。" + stamp())

    async def _do(self, command: str, **fields: str) -> None:
        self._number += 1
        name = f"{self.name}-{self._number}"
        self._asked[name] = time.monotonic()
        self._told.asked += self._told.on
        await self._socket.send(json.dumps({"type": "do", "id": name, "command": command, **fields}))


async def attend(pages: int, where: str) -> None:
    told = Told()
    origin = f"http://{where}"
    people = [*(f"agent{number}" for number in range(pages)), "boss"]
    tasks: list[asyncio.Task[None]] = []
    async with httpx.AsyncClient(base_url=origin, headers={"origin": origin}, trust_env=False, timeout=60) as client:
        for first in range(0, len(people), 10):  # so many tries from one address at a time are let in
            some = people[first : first + 10]
            asked = [client.post("/desk/api/sign-in", json={"user": name, "password": PASSWORD}) for name in some]
            for name, answer in zip(some, await asyncio.gather(*asked), strict=True):
                answer.raise_for_status()
                cookie = "; ".join(f"{key}={value}" for key, value in answer.cookies.items())
                tasks.append(asyncio.create_task(Sheet(name, told).run(where, cookie, origin)))
            client.cookies.clear()
    await asyncio.to_thread(sys.stdin.readline)
    told.on = True
    await asyncio.to_thread(sys.stdin.readline)
    told.on = False
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(json.dumps({name: getattr(told, name) for name in ("views", "asked", "shown", "answered", "offered")}))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=200)
    options.add_argument("--seconds", type=float, default=10.0)
    options.add_argument("--profile", default="", help="write cProfile's figures of the server here (slows it down)")
    options.add_argument("--at", default="", help="inside: be the pages of the desk there")
    chosen = options.parse_args()
    if chosen.at:
        asyncio.run(attend(chosen.pages, chosen.at))
    else:
        asyncio.run(serve(chosen.pages, chosen.seconds, chosen.profile))


if __name__ == "__main__":
    main()
