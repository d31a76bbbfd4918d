"""The centre under load: its delays, the cost of an event, its waits beside the theory.

`python bench/handoff.py [--seconds 12]`

1. Waits against Erlang C (M/M/c; Erlang 1917, Cooper 1981): the machine in virtual time, Poisson arrivals, exponential
   service, agents who accept at once. The mean wait and the share who wait, with confidence intervals of batch means,
   beside what the formula says.
2. Cost of an event in the machine with 20, 200 and 2,000 agents and ten waiting cases for each.
3. One process, 200 agents at desks, 2,000 conversations queued and 600 being served, a record on disk, real time: from
   an agent being free to the offer at their desk, and from words on a line to the desks that show them.
"""

import argparse
import asyncio
import heapq
import math
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Literal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from huashu.core.actions import Action, Handoff  # noqa: E402
from huashu.core.events import EdgeEvent, Event, Heard, HumanJoined, HumanLeft, Started  # noqa: E402
from huashu.core.expect import NOTHING, Expectation  # noqa: E402
from huashu.core.values import Values  # noqa: E402
from huashu.flows.script import Script  # noqa: E402
from huashu.handoff import commands, signals  # noqa: E402
from huashu.handoff.effects import Ring  # noqa: E402
from huashu.handoff.line import Audience, Track, Watcher  # noqa: E402
from huashu.handoff.machine import Centre  # noqa: E402
from huashu.handoff.plan import Plan, Profile, Queue  # noqa: E402
from huashu.handoff.service import HandoffService  # noqa: E402
from huashu.handoff.views import Offer, Said, View  # noqa: E402
from huashu.store.log import Store  # noqa: E402
from huashu.store.records import Entry, Opening  # noqa: E402
from tests.handoff.hall import bot  # noqa: E402

# --- 1. theory --------------------------------------------------------------------------------------------------------


def erlang_c(agents: int, load: float) -> float:
    """Chance to wait, load in Erlang (arrivals times mean service), by the recursion of Erlang B."""
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - (load / agents) * (1 - blocked))


def waits(agents: int, rho: float, served: int, seed: int) -> list[float]:
    """Of `served` callers in turn, seconds; service takes 180 s on average. Virtual time."""
    rng = Random(seed)
    mean = 180.0
    rate = agents * rho / mean
    forever = 1e7
    centre = Centre(Plan(queues={"q": Queue("q", wait=forever, ring=forever, wrap_up=0, announce=0, capacity=10**9)}))
    now = 1_772_000_000.0
    found: dict[str, float] = {}
    leaving: list[tuple[float, str, str]] = []
    came: dict[str, float] = {}

    def perform(effects: Sequence[object]) -> None:
        for effect in effects:
            if isinstance(effect, Ring):
                case = effect.call
                centre.receive(signals.Accept(effect.agent, effect.offer), now=now)
                centre.receive(signals.Acknowledge(effect.agent, case), now=now)
                centre.receive(signals.Bridged(case, effect.agent), now=now)
                found[case] = now - came[case]
                heapq.heappush(leaving, (now + rng.expovariate(1 / mean), case, effect.agent))

    for number in range(agents):
        centre.receive(signals.SignedIn(Profile(f"a{number}", queues=("q",))), now=now)
    arrival = now + rng.expovariate(rate)
    number = 0
    while len(found) < served:
        if leaving and leaving[0][0] < arrival:
            now, case, _ = heapq.heappop(leaving)
            perform(centre.receive(signals.Ended(case), now=now))
        else:
            now = arrival
            case = f"c{number}"
            number += 1
            came[case] = now
            centre.receive(signals.Joined(case, "voice"), now=now)
            perform(centre.receive(signals.Requested(case, "q", handoff="h"), now=now))
            arrival = now + rng.expovariate(rate)
        centre.touched()
    return [found[f"c{number}"] for number in range(served) if f"c{number}" in found]


def theory(seed: int) -> None:
    print(
        "waits, virtual time, service 180 s on average (95 % confidence of all six together; the first tenth left out)"
    )
    for number, (agents, rho, served) in enumerate(((5, 0.8, 60_000), (20, 0.9, 120_000), (100, 0.95, 160_000))):
        sample = waits(agents, rho, served, seed * 10 + number)[served // 10 :]
        load = agents * rho
        chance = erlang_c(agents, load)
        expected = chance * 180.0 / (agents - load)
        mean, half = interval(sample)
        share, around = interval([float(wait > 1e-9) for wait in sample])
        inside = abs(mean - expected) <= half and abs(share - chance) <= around
        print(
            f"  {agents:3} agents at {rho:.0%}: mean wait {mean:.2f} ± {half:.2f} s, Erlang C {expected:.2f}; "
            f"wait at all {share:.4f} ± {around:.4f}, Erlang C {chance:.4f}; {'within' if inside else 'OUTSIDE'}"
        )


def interval(sample: Sequence[float], batches: int = 30) -> tuple[float, float]:
    """Mean and half the confidence interval by batch means: Student's t with 29 degrees of freedom at 0.05 / 6, since
    six intervals are to hold together (Bonferroni)."""
    size = len(sample) // batches
    means = [statistics.fmean(sample[number * size : (number + 1) * size]) for number in range(batches)]
    return statistics.fmean(means), 2.82 * statistics.stdev(means) / math.sqrt(batches)


# --- 2. cost ----------------------------------------------------------------------------------------------------------


def cost(agents: int, seed: int) -> float:
    """CPU microseconds of an event: agents of four queues finish a conversation and are rung for the next, accept it,
    are joined; another caller comes."""
    rng = Random(seed)
    names = ("q", "r", "s", "t")
    queues = {
        name: Queue(name, wait=1e6, ring=1e6, wrap_up=0, announce=60.0, capacity=10**9, skills=((name, 1),))
        for name in names
    }
    centre = Centre(Plan(queues=queues))
    now = 1_772_000_000.0
    busy: list[tuple[str, str]] = []
    rung: list[Ring] = []

    def tell(signal: signals.Signal) -> None:
        for effect in centre.receive(signal, now=now):
            if isinstance(effect, Ring):
                rung.append(effect)

    for number in range(agents):
        skills = {name: rng.randrange(1, 6) for name in rng.sample(names, 2)}
        tell(signals.SignedIn(Profile(f"a{number}", skills=skills)))
    for number in range(11 * agents):
        tell(signals.Joined(f"c{number}", "voice"))
        tell(signals.Requested(f"c{number}", rng.choice(names), handoff="h", priority=rng.randrange(3)))
    born = 11 * agents
    events = 0
    began = time.process_time()
    while events < 30_000:
        now += 0.01
        while (deadline := centre.deadline) is not None and deadline <= now:
            centre.tick(now=now)
            events += 1
        while rung:
            effect = rung.pop()
            for signal in (
                signals.Accept(effect.agent, effect.offer),
                signals.Acknowledge(effect.agent, effect.call),
                signals.Bridged(effect.call, effect.agent),
            ):
                tell(signal)
            busy.append((effect.call, effect.agent))
            events += 3
        call, _ = busy.pop(rng.randrange(len(busy)))
        tell(signals.Ended(call))
        tell(signals.Joined(f"c{born}", "voice"))
        tell(signals.Requested(f"c{born}", rng.choice(names), handoff="h", priority=rng.randrange(3)))
        born += 1
        events += 3
        centre.touched()
    return (time.process_time() - began) / events * 1e6


# --- 3. a process -----------------------------------------------------------------------------------------------------


class Line:
    """A conversation that does what it is told, without an engine behind it."""

    def __init__(self, call: str) -> None:
        self._call = call
        self.owner: Literal["bot", "human"] = "bot"
        self._watchers: list[Watcher] = []
        self._started = Started(call, wall=1_772_000_000.0, caller="13800138000", marks="none")
        self._past: list[tuple[float, Event | Action]] = [
            (float(number), Heard(f"我想问一下分期的手续费怎么收，第{number}次")) for number in range(8)
        ]

    @property
    def call(self) -> str:
        return self._call

    @property
    def started(self) -> Started:
        return self._started

    @property
    def script(self) -> Script:
        return bot().script

    @property
    def now(self) -> float:
        return 10.0

    @property
    def step(self) -> str:
        return "分期.期数"

    @property
    def slots(self) -> Values:
        return {"姓名": "张三", "期数": 6}

    @property
    def expectation(self) -> Expectation:
        return NOTHING

    @property
    def rate(self) -> int | None:
        return None

    def history(self) -> Sequence[tuple[float, Event | Action]]:
        return self._past

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    async def receive(self, event: EdgeEvent) -> None:
        if isinstance(event, HumanJoined):
            self.owner = "human"
        elif isinstance(event, HumanLeft):
            self.owner = "bot"
        self.happened(event)

    def happened(self, event: Event) -> None:
        for watcher in self._watchers:
            watcher(10.0, event)

    def bridge(self, track: Track, *, hears: Audience, heard_by: Audience) -> None:
        raise NotImplementedError("no sound here")

    def unbridge(self, track: Track) -> None:
        raise NotImplementedError("no sound here")


async def process(seconds: float, store: Store) -> None:
    queues = {name: Queue(name, wait=3600.0, wrap_up=0.0, announce=30.0, capacity=5000) for name in ("信用卡", "贷款")}
    service = HandoffService(Plan(queues=queues), store=store)
    rng = Random(1)
    lines: dict[str, Line] = {}
    free: dict[str, float] = {}
    """Agent → when they became free."""
    said: dict[str, float] = {}
    """Words → when they were said."""
    offered: list[float] = []
    shown: list[float] = []
    served: dict[str, str] = {}
    tasks: set[asyncio.Task[None]] = set()

    def desk(agent: str) -> Callable[[View], None]:
        def tell(view: View) -> None:
            now = time.perf_counter()
            if isinstance(view, Offer):
                if agent in free:
                    offered.append(now - free.pop(agent))
                task = asyncio.ensure_future(take(agent, view))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            elif isinstance(view, Said) and view.text in said:
                shown.append(now - said[view.text])

        return tell

    async def take(agent: str, offer: Offer) -> None:
        await asyncio.sleep(rng.uniform(0.0, 0.5))
        await seats[agent].do(commands.Accept(offer.id))
        await seats[agent].do(commands.Acknowledge(offer.conversation.id))
        served[offer.conversation.id] = agent

    def arrive() -> None:
        name = f"c{len(lines)}"
        line = lines[name] = Line(name)
        store.begin(Opening(name, "card", started=1_772_000_000.0), [Entry(0, 0.0, line.started)])
        service.join(line)
        service.request(name, Handoff("h", rng.choice(("信用卡", "贷款"))))

    for _ in range(2600):
        arrive()
        await asyncio.sleep(0)
    seats = {
        f"a{number}": service.sign_in(Profile(f"a{number}", queues=("信用卡", "贷款")), desk(f"a{number}"))
        for number in range(200)
    }
    service.sign_in(Profile("boss", role="supervisor"), lambda view: None)
    while len(served) < 600:
        await asyncio.sleep(0.1)
    offered.clear()
    began, cpu = time.perf_counter(), time.process_time()
    number = 0
    while time.perf_counter() - began < seconds:
        call = rng.choice(list(served))
        number += 1
        text = f"第{number}句"
        said[text] = time.perf_counter()
        lines[call].happened(Heard(text))
        if number % 10 == 0:  # one in ten words ends a conversation: 20 a second
            ended = rng.choice(list(served))
            agent = served.pop(ended)
            free[agent] = time.perf_counter()
            await seats[agent].do(commands.Close(ended, ""))
            service.leave(ended, over=True)
            arrive()
        await asyncio.sleep(0.005)
    spent = (time.process_time() - cpu) / (time.perf_counter() - began)
    waiting = sum(service.centre.waiting(name)[0] for name in queues)
    print(f"one process: 200 agents, {waiting} waiting, {len(served)} served, {number / seconds:.0f} utterances/s, "
          f"{len(offered) / seconds:.0f} offers/s, {spent:.0%} of a core")  # fmt: skip
    for name, sample, promise in (("free → offer", offered, 100), ("said → shown", shown, 200)):
        sample.sort()
        p50, p95 = (sample[int(len(sample) * share)] * 1e3 for share in (0.5, 0.95))
        print(f"  {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms (promise {promise} ms), most {sample[-1] * 1e3:.1f} ms")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=12.0)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    theory(chosen.seed)
    print("CPU of an event in the machine, with ten waiting cases an agent")
    for agents in (20, 200, 2000):
        print(f"  {agents:5} agents: {cost(agents, chosen.seed):.1f} µs")
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "calls.db") as store:
        asyncio.run(process(chosen.seconds, store))


if __name__ == "__main__":
    main()
