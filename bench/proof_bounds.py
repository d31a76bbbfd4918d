"""Long proof: random accepted scripts never exceed the bounds that `huashu check` prints, whatever the caller does.

Thousands of random bots, each talked to by callers of every mood in virtual time (tests/flows/adversary.py), every
second one with all that a script may say and ask (tests/flows/random_features.py). Prints how many scripts were
accepted, refused and left unbounded, calls held, and the worst share of each bound that was reached.

Usage: python bench/proof_bounds.py [--calls 100000] [--seed 0] [--jobs 2]
"""

import argparse
import math
import os
import random
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from huashu.flows.bounds import Bounds
from huashu.flows.check import check_sources
from huashu.flows.findings import Findings
from huashu.flows.folder import Sources
from huashu.flows.script import Script
from tests.flows.adversary import MOODS, Adversary, Measured
from tests.flows.random_features import MOODS as ALL_MOODS
from tests.flows.random_features import Richer, Wilder
from tests.flows.random_flows import Maker

BATCH = 100
"""Bots that a process does at a time."""


@dataclass(slots=True)
class Tally:
    counts: Counter[str] = field(default_factory=Counter)
    reached: dict[str, float] = field(default_factory=dict)
    shares: list[float] = field(default_factory=list)
    exceeded: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        self.counts += other.counts
        self.shares += other.shares
        self.exceeded += other.exceeded
        self.seconds += other.seconds
        for name, value in other.reached.items():
            self.reached[name] = max(self.reached.get(name, 0.0), value)


def batch(first: int) -> Tally:
    tally, began = Tally(), time.process_time()
    for seed in range(first, first + BATCH):
        rich = seed % 2 == 1
        files = (Richer if rich else Maker)(random.Random(seed)).files()
        report = check_sources(Sources({name: text.encode() for name, text in files.items()}), Findings())
        if report.script is None or report.bounds is None:
            tally.counts["refused"] += 1
            tally.counts.update(f"refused for {code}" for code in {finding.code for finding in report.errors})
            continue
        tally.counts["unbounded" if math.isinf(report.bounds.call) else "bounded"] += 1
        _talk(report.script, report.bounds, seed, tally, rich=rich)
    tally.seconds = time.process_time() - began
    return tally


def _talk(script: Script, bounds: Bounds, seed: int, tally: Tally, *, rich: bool) -> None:
    """Calls of every mood to one bot."""
    worst = 0.0
    for number, mood in enumerate(ALL_MOODS if rich else MOODS):
        caller = (Wilder if rich else Adversary)(script, seed * 100 + number, mood)
        measured = caller.run()
        tally.counts["calls"] += 1
        worst = max(worst, measured.dead_air)
        for name, value in _shares(measured, bounds).items():
            tally.reached[name] = max(tally.reached.get(name, 0.0), value)
            if value > 1.001:
                tally.exceeded.append(f"EXCEEDED {name}: bot {seed}, {mood}: {measured}, {value:.3f} of the bound")
        if not math.isinf(bounds.call) and not measured.closed:
            tally.exceeded.append(f"NOT CLOSED: bot {seed}, {mood}: {measured}")
    tally.shares.append(worst / bounds.dead_air if bounds.dead_air else 1.0)


def _shares(measured: Measured, bounds: Bounds) -> dict[str, float]:
    """Of each bound, how much was reached."""
    shares = {
        "dead air": measured.dead_air / max(bounds.dead_air, 0.01),
        "hold": measured.hold / max(bounds.hold, 0.01),
    }
    if not math.isinf(bounds.call):
        shares |= {"call": measured.call / max(bounds.call, 0.01), "turns": measured.turns / max(bounds.turns, 1)}
    return shares


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first bot")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    given = parser.parse_args()
    total, began, first = Tally(), time.perf_counter(), given.seed
    with ProcessPoolExecutor(given.jobs) as pool:
        while total.counts["calls"] < given.calls:
            starts = range(first, first + 10 * BATCH, BATCH)
            for done in pool.map(batch, starts):
                total.add(done)
            first = starts.stop
    print(", ".join(f"{name} {count:,}" for name, count in total.counts.most_common()))
    told = ", ".join(f"{name} {value:.1%}" for name, value in total.reached.items())
    print(f"largest share of a bound reached: {told}")
    print(f"dead air reached of the bound, on average: {sum(total.shares) / len(total.shares):.1%}")
    print(f"{len(total.exceeded)} bounds exceeded")
    print("\n".join(total.exceeded[:20]))
    print(f"{first - given.seed:,} bots in {time.perf_counter() - began:.0f} s ({total.seconds:.0f} CPU s)")
    return 1 if total.exceeded else 0


if __name__ == "__main__":
    sys.exit(main())
