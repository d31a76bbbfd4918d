"""Does a conversation get slower or bigger with its length? One that never ends, at turn 6, 60, 600 and 6,000.

Every round: a question answered, a detour and back, words not understood, a value put in, a flow called and returned
from, all lines played and reported. Prints turns a second and bytes a live conversation holds, for the bare engine with
its host's heart (huashu.runtime.turn) and no store.

Usage: python bench/endless.py [--turns 6000] [--abreast 10]
"""

import argparse
import gc
import os
import sys
import time
import tracemalloc
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from huashu.runtime.bot import Bot
from tests.runtime.endless import Endless, endless_bot


def rates(bot: Bot, marks: list[int]) -> list[float]:
    """Turns a second of processor time, around each of the turns `marks`, best of five conversations."""
    best = [0.0] * len(marks)
    for number in range(5):
        talk = Endless(bot, number)
        for at, mark in enumerate(marks):
            span = max(3, mark // 10)
            while talk.count < mark - span:
                talk.turn()
            began = time.process_time()
            while talk.count < mark:
                talk.turn()
            best[at] = max(best[at], span / max(1e-9, time.process_time() - began))
    return best


def sizes(bot: Bot, marks: list[int], abreast: int) -> list[float]:
    """Bytes that a live conversation holds at each of the turns `marks`."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    talks = [Endless(bot, number) for number in range(abreast)]
    found = []
    for mark in marks:
        for talk in talks:
            while talk.count < mark:
                talk.turn()
        gc.collect()
        found.append((tracemalloc.get_traced_memory()[0] - before) / abreast)
    tracemalloc.stop()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=6000)
    parser.add_argument("--abreast", type=int, default=10)
    given = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    marks = [mark for mark in (6, 60, 600, 6000) if mark <= given.turns]
    bot = endless_bot()
    rates(bot, marks[:1])
    fast, big = rates(bot, marks), sizes(bot, marks, given.abreast)
    most = max(fast)
    for mark, rate, size in zip(marks, fast, big, strict=True):
        bar = "#" * round(40 * rate / most)
        print(f"turn {mark:6,}: {rate:8,.0f} turns/s cpu, {size / 1024:6.1f} KiB a conversation  {bar}")


if __name__ == "__main__":
    main()
