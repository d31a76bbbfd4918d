"""How much faster than real time simulated callers are, with understanding, and where the time goes.

Every stock script holds calls with all personas; the model is loaded before the clock starts, processes are not. With
--profile one process is profiled instead and the costliest functions are told.

Usage: python bench/simulate.py [--callers 1000] [--jobs 2] [--cer 0.05] [--profile]
"""

import argparse
import cProfile
import pathlib
import pstats
import time

from huashu.lab.campaign import simulate
from huashu.runtime.bot import load_bot

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent / "scripts_market"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--callers", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--cer", type=float, default=0.05)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    for folder in sorted(path for path in SCRIPTS.iterdir() if (path / "bot.yaml").exists()):
        bot = load_bot(folder, trust=True)
        profile = cProfile.Profile()
        began, used = time.perf_counter(), time.process_time()
        if options.profile:
            profile.enable()
            tally = simulate(folder, callers=options.callers, seed=1, rate=options.cer, trust=True, bot=bot)
            profile.disable()
        else:
            tally = simulate(folder, callers=options.callers, seed=1, rate=options.cer, trust=True, jobs=options.jobs)
        wall, cpu = time.perf_counter() - began, time.process_time() - used
        said = sum(tally.utterances)
        print(
            f"{bot.script.name}: {tally.calls} calls, {said} utterances, {tally.seconds / 3600:.1f} h in {wall:.1f} s:"
            f" {tally.seconds / wall:,.0f} times real time, {tally.jobs} processes, {1000 * wall / tally.calls:.1f} ms"
            f" a call; parent {cpu:.1f} s of CPU; {tally.digest[:16]}"
        )
        if options.profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(15)


if __name__ == "__main__":
    main()
