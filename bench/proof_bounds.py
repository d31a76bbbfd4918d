"""Long proof: random accepted scripts never exceed the bounds that `huashu check` prints, whatever the caller does.

Thousands of random bots, each talked to by callers of every mood in virtual time (tests/flows/adversary.py). Prints how
many scripts were accepted, refused and left unbounded, calls held, the worst share of each bound that was reached.
Takes the number of bots (default 4000, about two minutes on one core).
"""

import math
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from huashu.flows.check import check_sources
from huashu.flows.findings import Findings
from huashu.flows.folder import Sources
from tests.flows.adversary import MOODS, Adversary
from tests.flows.random_flows import Maker


def main(bots: int) -> int:
    began, counts = time.perf_counter(), Counter[str]()
    reached = {"dead air": 0.0, "hold": 0.0, "call": 0.0, "turns": 0.0}
    shares: list[float] = []
    for seed in range(bots):
        files = Maker(random.Random(seed)).files()
        report = check_sources(Sources({name: text.encode() for name, text in files.items()}), Findings())
        if report.script is None or report.bounds is None:
            counts["refused"] += 1
            counts.update(f"refused for {code}" for code in {finding.code for finding in report.errors})
            continue
        bounds = report.bounds
        counts["unbounded" if math.isinf(bounds.call) else "bounded"] += 1
        worst = 0.0
        for number, mood in enumerate(MOODS):
            measured = Adversary(report.script, seed * 100 + number, mood).run()
            counts["calls"] += 1
            worst = max(worst, measured.dead_air)
            share = {
                "dead air": measured.dead_air / max(bounds.dead_air, 0.01),
                "hold": measured.hold / max(bounds.hold, 0.01),
            }
            if not math.isinf(bounds.call):
                share |= {
                    "call": measured.call / max(bounds.call, 0.01),
                    "turns": measured.turns / max(bounds.turns, 1),
                }
                counts["not closed"] += not measured.closed
            for name, value in share.items():
                reached[name] = max(reached[name], value)
                if value > 1.001:
                    counts["exceeded"] += 1
                    printed = (bounds.dead_air, bounds.call, bounds.turns)
                    print(f"EXCEEDED {name}: bot {seed}, {mood}: {measured}, bounds {printed}")
        shares.append(worst / bounds.dead_air if bounds.dead_air else 1.0)
    print(", ".join(f"{name} {count}" for name, count in counts.most_common()))
    print("largest share of a bound reached: " + ", ".join(f"{name} {value:.1%}" for name, value in reached.items()))
    print(f"dead air reached of the bound, on average: {sum(shares) / len(shares):.1%}")
    print(f"{bots} bots in {time.perf_counter() - began:.0f} s")
    return 1 if counts["exceeded"] or counts["not closed"] else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4000))
