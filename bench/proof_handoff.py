"""Proof that the centre keeps its promises whatever happens: random orders of events, most of them at the wrong time.

`python bench/proof_handoff.py [--orders 1000000] [--asked 3000] [--workers 2] [--seed 1]` drives random orders against
the centre's machine (tests/handoff/chaos.py says what happens in them and what must hold after each event): agents who
crash, double accepts, callers who hang up at each arrow, full queues, lost lines, late and doubled reports, restarts.
Each is then left to the clock alone. Beside them, `--asked` conversations on the real engine go to a person and back
(tests/handoff/again.py). Prints counts; exit status 1 with the seeds of what broke.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.handoff.again import asks_again  # noqa: E402
from tests.handoff.chaos import Chaos  # noqa: E402

LENGTHS = (6, 10, 16, 32)
"""Random events of an order, before the clock is left alone with it."""
EACH = 2000
"""Orders of one job."""


def orders(first: int) -> tuple[Counter[str], list[str], float]:
    """What happened in `EACH` orders, what broke, and the CPU seconds."""
    counts: Counter[str] = Counter()
    broken: list[str] = []
    began = time.process_time()
    longest = 0
    for seed in range(first, first + EACH):
        chaos = Chaos(Random(seed), calls=1 + seed % 4)
        try:
            chaos.run(LENGTHS[seed // 4 % len(LENGTHS)])
        except Exception as error:  # whatever it is, the seed is what helps
            broken.append(f"order {seed}: {type(error).__name__}: {error}")
        longest = max(longest, chaos.stats.pop("longest wait", 0))
        counts.update(chaos.stats)
        counts["events"] += LENGTHS[seed // 4 % len(LENGTHS)]
    counts["longest wait"] = longest
    return counts, broken, time.process_time() - began


def asked(first: int, number: int) -> list[str]:
    async def run() -> list[str]:
        broken = []
        for seed in range(first, first + number):
            try:
                await asks_again(Random(seed))
            except Exception as error:
                broken.append(f"conversation {seed}: {type(error).__name__}: {error}")
        return broken

    return asyncio.run(run())


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--orders", type=int, default=1_000_000)
    options.add_argument("--asked", type=int, default=3000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    first = chosen.seed * 1_000_000_000
    counts: Counter[str] = Counter()
    broken: list[str] = []
    spent, longest, done = 0.0, 0, 0
    with ProcessPoolExecutor(chosen.workers) as pool:
        for found, wrong, seconds in pool.map(orders, range(first, first + chosen.orders, EACH)):
            longest = max(longest, found.pop("longest wait"))
            counts.update(found)
            broken += wrong
            spent += seconds
            done += EACH
    broken += asked(first, chosen.asked)
    events = counts.pop("events")
    refused = sum(number for name, number in counts.items() if name.startswith("refused"))
    print(f"{done:,} orders, {events:,} events in {spent:.0f} CPU s; longest wait {longest} s; refused {refused:,}")
    print(", ".join(f"{name} {number:,}" for name, number in sorted(counts.items()) if not name.startswith("refused")))
    print(f"{chosen.asked:,} conversations to a person and back on the real engine")
    print(f"{len(broken)} broken")
    for line in broken[:20]:
        print(line)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
