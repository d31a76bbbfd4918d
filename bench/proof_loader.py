"""Long proof: whatever a bot's folder holds, checking and loading it ends with findings, soon and in little memory.

Files of whole bots (flows, nlu, knowledge, lines, tests, bot.yaml, actions.py) are spoiled in some thirty ways
(tests/flows/mutations.py) and read. Held against each: no exception; a script exactly when there is no error; every
finding with a message and a place that the file has; the archive of an accepted bot gives the same script; and an
accepted bot, started, ends by itself in front of a caller who says nothing.

Usage: python bench/proof_loader.py [--cases 200000] [--seed 1] [--jobs 2]

Prints how many cases of each mutation were accepted and refused, with the slowest and the hungriest. Files that are not
spoiled are parsed once, not once a case; what is made of them is made each time.
"""

import argparse
import faulthandler
import gc
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from huashu.flows import parse
from huashu.flows.document import Node, read
from huashu.flows.findings import Findings
from tests.flows.mutations import BY_NAME, RARE, Files, rearranged, spoiled
from tests.flows.spoiling import bots, case

SLOW = 20.0
"""Processor seconds that no file may take: one at the limits (100,000 items) takes some seven."""
HUNGRY = 1_500_000_000
"""Bytes of address space; beyond that a reader meets MemoryError."""
HANG = 300


@dataclass(slots=True)
class Tally:
    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(mutation, outcome)"""
    codes: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    grown: dict[str, int] = field(default_factory=dict)
    """Mutation → kilobytes by which its hungriest case raised the memory of the process."""
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, other: "Tally") -> None:
        self.cases += other.cases
        self.codes += other.codes
        for mine, theirs in ((self.slowest, other.slowest), (self.grown, other.grown)):
            for name, value in theirs.items():
                mine[name] = max(mine.get(name, 0), value)  # type: ignore[type-var]
        self.failures += other.failures
        self.seconds += other.seconds


_nodes: dict[tuple[str, bytes], Node | None] = {}


def remembered(known: set[tuple[str, bytes]]) -> None:
    """Let unspoiled files be parsed once."""

    def once(file: str, data: bytes, findings: Findings) -> Node | None:
        if (file, data) not in known:
            return read(file, data, findings)
        if (file, data) not in _nodes:
            _nodes[file, data] = read(file, data, findings)
        return _nodes[file, data]

    parse.read = once


def worker(seeds: range) -> Tally:
    """Cases `seeds`; what is wrong is kept with the seed that shows it again."""
    faulthandler.dump_traceback_later(HANG, exit=True)
    resource.setrlimit(resource.RLIMIT_AS, (HUNGRY, HUNGRY))
    tally, began = Tally(), time.process_time()
    sound = bots()
    remembered({(name, data) for files in sound for name, data in files.items()})
    with tempfile.TemporaryDirectory() as temporary:
        for seed in seeds:
            faulthandler.cancel_dump_traceback_later()
            faulthandler.dump_traceback_later(HANG, exit=True)
            _try(seed, sound, Path(temporary), tally)
            if seed % 500 == 0:
                gc.collect()
    faulthandler.cancel_dump_traceback_later()
    tally.seconds = time.process_time() - began
    return tally


def _try(seed: int, sound: list[Files], folder: Path, tally: Tally) -> None:
    choices = random.Random(seed)
    files = sound[0] if choices.random() < 0.88 else choices.choice(sound[1:])
    names = [*(name for name in BY_NAME if name not in RARE or choices.random() < 0.15), "rearranged"]
    name = choices.choice(names)
    spoilt = rearranged(files, choices) if name == "rearranged" else spoiled(files, choices, name)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        outcome = case(spoilt, seed, folder)
    except Exception as error:  # the proof's outermost loop: whatever comes is what is looked for
        outcome = "FAILED"
        at = error.__traceback__
        while at is not None and at.tb_next is not None:
            at = at.tb_next
        where = f"{at.tb_frame.f_code.co_filename}:{at.tb_lineno}" if at is not None else ""
        tally.failures.append(f"seed {seed} {name}: {type(error).__name__}: {str(error)[:300]} {where}")
    spent = time.process_time() - began
    if spent > SLOW:
        tally.failures.append(f"seed {seed} {name}: {spent:.1f} s")
    tally.cases[name, outcome] += 1
    tally.slowest[name] = max(tally.slowest.get(name, 0.0), spent)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    tally.grown[name] = max(tally.grown.get(name, 0), grown)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1, help="the first")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    given = parser.parse_args()
    size = 2000
    shares = [
        range(at, min(at + size, given.seed + given.cases)) for at in range(given.seed, given.seed + given.cases, size)
    ]
    total, began = Tally(), time.perf_counter()
    with ProcessPoolExecutor(given.jobs) as pool:
        for done in pool.map(worker, shares):
            total.add(done)
    print(f"{'mutation':16} {'refused':>8} {'accepted':>9} {'slowest s':>10} {'grown MB':>9}")
    for name in sorted({name for name, _ in total.cases}):
        refused, accepted = total.cases[name, "refused"], total.cases[name, "accepted"]
        print(f"{name:16} {refused:8,} {accepted:9,} {total.slowest[name]:10.2f} {total.grown[name] / 1024:9.1f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    count = sum(total.cases.values())
    print(f"{count:,} cases in {time.perf_counter() - began:.0f} s ({total.seconds:.0f} CPU s); at most {peak:.0f} MB")
    print(f"{len(total.failures)} failures")
    print("\n".join(total.failures[:40]))
    return 1 if total.failures else 0


if __name__ == "__main__":
    sys.exit(main())
