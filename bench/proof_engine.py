"""Proof that the dialogue engine keeps its promises whatever happens: random events against real and invented bots.

`python bench/proof_engine.py [--seconds 240] [--seed 1]` drives random conversations (tests/dialogue/chaos.py says what
happens in them and what must hold) until the time is up: a third against the bots of this repository, the rest against
random bots that the checker accepts. Each is then ended by the clock alone, and its log replayed beside another's.
Prints counts; exit status 1 with the seeds of what broke.
"""

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from huashu.flows.loader import load  # noqa: E402
from huashu.flows.script import Script  # noqa: E402
from tests.dialogue.chaos import Chaos, drive, replay  # noqa: E402
from tests.dialogue.invented import invented  # noqa: E402

LENGTHS = (10, 40, 120, 300)
"""Random events of a conversation, before the clock is left alone with it."""
EACH = 200
"""Conversations with one invented bot."""


def bots() -> list[Script]:
    folders = [*ROOT.glob("scripts_market/*/bot.yaml"), *ROOT.glob("tests/bots/*/bot.yaml")]
    return [load(path.parent) for path in sorted(folders)] + [load(ROOT / "tests" / "flows" / "bots" / "card")]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=240.0)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    real = bots()
    counts: Counter[str] = Counter()
    broken: list[str] = []
    longest = 0
    began = time.monotonic()
    last: Chaos | None = None
    scripts = real
    number = chosen.seed * 1_000_000 - 1
    while time.monotonic() - began < chosen.seconds and len(broken) < 10:
        number += 1
        seed = number - number % EACH
        if (number // EACH) % 3 == 0:
            scripts = real
        elif number % EACH == 0:
            scripts = [invented(Random(seed))]
        rng = Random(number)
        try:
            chaos = drive(scripts[number % len(scripts)], rng, events=rng.choice(LENGTHS))
            replay([chaos, last] if last is not None else [chaos])
        except Exception as error:  # whatever it is, the seed is what helps
            broken.append(f"conversation {number} (bot {seed}): {type(error).__name__}: {error}")
            continue
        last = chaos
        longest = max(longest, chaos.counts.pop("seconds alone"))
        counts["conversations"] += 1
        counts["invented bots"] += number % EACH == 0 and len(scripts) == 1
        counts["events"] += len(chaos.log)
        counts.update(chaos.counts)
    print(", ".join(f"{name} {count:,}" for name, count in counts.most_common()))
    print(f"longest end by the clock alone: {longest} s; broken: {len(broken)}")
    print("\n".join(broken))
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
