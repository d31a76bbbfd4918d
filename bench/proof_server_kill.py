"""Proof: a server killed with SIGKILL in mid-conversation loses no turn, doubles none, and runs no action twice.

A client holds conversations in which every other turn places an order with a system of the canteen's own. After each
turn the server process is killed, between 0 and 25 ms later: before the turn arrives, while it is understood, between
commit and performance, while the action runs, after everything. A new process resumes the call from the record.

Checked against a run without kills: the lines of the bot, by action id; the caller's turns in the record; one row an
order at the canteen. An order may be *asked for* again under its key (killed after the effect, before the result was
recorded): that count is printed, and the key makes it one order.

Usage: python bench/proof_server_kill.py [--kills 60] [--seed 1]
"""

import argparse
import asyncio
import random
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from huashu.channels.client import Client, Conversation
from huashu.core.actions import Disposition, Listen, Say
from huashu.core.errors import RemoteError
from huashu.core.events import Heard, Started
from huashu.store.log import Store
from tests.channels.kit import write_bot
from tests.channels.process import ServerProcess

ORDERS = 5
"""Orders of one conversation: two turns each, so ten points to kill at."""
LONGEST_DELAY = 0.025
"""Seconds between a turn and the kill; a turn with its order takes about 5 ms."""
RESUME_WITHIN = 60.0


@dataclass
class Outcome:
    """What one conversation left behind."""

    call: str = ""
    lines: dict[str, str] = field(default_factory=dict)
    """Text by id of the Say."""
    turns: list[str] = field(default_factory=list)
    """What the caller said."""
    results: list[str] = field(default_factory=list)
    kills: int = 0


class Caller:
    """Answers each question once, by its id, whatever comes twice; reconnects when the stream breaks."""

    def __init__(self, server: ServerProcess, delays: list[float]) -> None:
        self._server = server
        self._delays = delays
        self._orders = 0
        self._answered: set[str] = set()
        self._up = asyncio.Event()
        self._up.set()
        self.outcome = Outcome()

    async def hold(self) -> Outcome:
        client = Client(self._server.grpc)
        talk = await client.converse("canteen", Started("", marks="none", variables={"姓名": "老王"}))
        self.outcome.call = talk.call
        killer: asyncio.Task[None] | None = None
        while True:
            try:
                item = await talk.receive()
                if item is None:
                    break
                if isinstance(item, Say):
                    self.outcome.lines[item.id] = item.text
                elif isinstance(item, Disposition):
                    self.outcome.results.append(item.result)
                elif isinstance(item, Listen) and item.id not in self._answered:
                    self._answered.add(item.id)
                    text = self._answer(item.expect.step)
                    self.outcome.turns.append(text)
                    if self._delays and (killer is None or killer.done()):
                        killer = asyncio.create_task(self._kill(self._delays.pop()))
                    await talk.send(Heard(text))
            except RemoteError:
                client = await self._again(client, talk)
        if killer is not None:
            await killer
        await client.__aexit__(None, None, None)
        return self.outcome

    def _answer(self, step: str) -> str:
        match step.partition(".")[2]:
            case "几份":
                self._orders += 1
                return "三份"
            case "还要吗":
                return "要" if self._orders < ORDERS else "不用了"
            case _:
                self._orders += 1
                return "好"

    async def _kill(self, delay: float) -> None:
        await asyncio.sleep(delay)
        self._up.clear()
        await self._server.kill()
        self.outcome.kills += 1
        await self._server.start()
        self._up.set()

    async def _again(self, client: Client, talk: Conversation) -> Client:
        async with asyncio.timeout(RESUME_WITHIN):
            while True:
                await client.__aexit__(None, None, None)
                await self._up.wait()
                client = Client(self._server.grpc)
                try:
                    await client.resume(talk)
                    return client
                except RemoteError:
                    await asyncio.sleep(0.05)  # killed again


@dataclass(frozen=True)
class Figures:
    conversations: int
    kills: int
    turns: int
    orders: int
    asked_again: int
    """Orders asked for more than once, under the same key."""
    faults: tuple[str, ...]
    seconds: float


async def prove(kills: int, folder: Path, *, seed: int = 1) -> Figures:
    """Run conversations until the server was killed `kills` times; what went wrong stands in `faults`."""
    began = time.perf_counter()
    source = random.Random(seed)
    write_bot(folder / "bots" / "canteen")
    server = ServerProcess(folder / "bots", store=folder / "calls.db", cache=folder / "cache")
    await server.start()
    outcomes: list[Outcome] = []
    try:
        reference = await Caller(server, []).hold()
        while (left := kills - sum(outcome.kills for outcome in outcomes)) > 0:
            delays = [source.uniform(0.0, LONGEST_DELAY) for _ in range(min(left, 2 * ORDERS))]
            outcomes.append(await Caller(server, delays).hold())
    finally:
        await server.kill()
    faults: list[str] = []
    with Store.open(folder / "calls.db") as store:
        for outcome in outcomes:
            faults.extend(compare(reference, outcome, store))
    with sqlite3.connect(server.orders) as orders:
        rows = orders.execute("select key, portions, asked from orders").fetchall()
    for outcome in outcomes:
        placed = sum(key.startswith(f"{outcome.call}/") for key, _, _ in rows)
        if placed != ORDERS:
            faults.append(f"{outcome.call}: {placed} orders at the canteen, not {ORDERS}")
    return Figures(
        len(outcomes),
        sum(outcome.kills for outcome in outcomes),
        sum(len(outcome.turns) for outcome in outcomes),
        sum(not key.startswith(f"{reference.call}/") for key, _, _ in rows),
        sum(asked > 1 for _, _, asked in rows),
        tuple(faults),
        time.perf_counter() - began,
    )


def compare(reference: Outcome, outcome: Outcome, store: Store) -> list[str]:
    """What differs from a conversation without kills."""
    faults = []
    if list(outcome.lines.values()) != list(reference.lines.values()):
        faults.append(f"{outcome.call}: the lines heard differ: {outcome.lines}")
    if outcome.turns != reference.turns:
        faults.append(f"{outcome.call}: the questions asked differ")
    recorded = [
        entry.event.text for entry in store.read(outcome.call) if isinstance(entry.event, Heard) and entry.event.final
    ]
    if recorded != reference.turns:
        faults.append(f"{outcome.call}: {len(recorded)} turns on record, not {len(reference.turns)} in order")
    record = store.call(outcome.call)
    if (record.state, record.result) != ("closed", "success"):
        faults.append(f"{outcome.call}: ended {record.state}, {record.result}")
    return faults


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill a Huashu server in mid-conversation, again and again.")
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(prove(arguments.kills, Path(folder), seed=arguments.seed))
    print(
        f"{figures.kills} kills in {figures.conversations} conversations, {figures.turns} turns, "
        f"{figures.orders} orders: {len(figures.faults)} faults; "
        f"{figures.asked_again} orders asked for again under the same key; "
        f"{figures.seconds:.0f} s"
    )
    for fault in figures.faults:
        print(f"  {fault}")
    raise SystemExit(1 if figures.faults else 0)


if __name__ == "__main__":
    main()
