"""Huashu, Pipecat and LiveKit Agents on the same paced calls, in one run: a table of ratios and a page of plots.

    python bench/voice_peers --harness DIR --python pipecat=PATH livekit=PATH [--page OUT.html] [--quick]

DIR holds `pipecat_engine.py` and `livekit_engine.py` (mock recogniser, model and voice in each framework's own places
for them); each PATH is the Python of an environment with the framework and numpy. Without them ours runs alone. Callers
are recordings of people; words are recognised 0.15 s behind their ends (`--delay`), and nothing tells an engine that
the caller has finished. All engines run at the same time, each in a process of its own, so that one machine disturbs
them alike; load is measured one after another. "ours" answers a yes/no question, "ours free" takes whatever is said.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from page import bars, page, steps, table  # noqa: E402 (beside this file, however it was started)

Found = dict[str, dict[str, Any]]


def start(python: str, **options: object) -> "subprocess.Popen[str]":
    environment = {**os.environ, "LOGURU_LEVEL": "ERROR"}
    command = [python, str(HERE / "one.py"), json.dumps(options)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def result(process: "subprocess.Popen[str]", name: str) -> dict[str, Any]:
    out, err = process.communicate()
    print(err[-2000:] if "cut off" in err else "", end="", file=sys.stderr)
    lines = [line for line in out.splitlines() if line.startswith("{")]
    if not lines:
        print(f"{name} gave no result: {err.strip().splitlines()[-1:]}", file=sys.stderr)
        return {}
    found: dict[str, Any] = json.loads(lines[-1])
    return found


def talk(options: argparse.Namespace, pythons: dict[str, str]) -> Found:
    counts = (5, 3, 4) if options.quick else (24, 16, 8)
    common = {
        "scenario": "talk",
        "clips": str(options.data / "voice_bench"),
        "harness": str(options.harness or ""),
        "delay": options.delay,
        "turns": counts[0],
        "limit": 50 if options.quick else 600,
    }
    processes = {
        "ours": start(sys.executable, engine="ours", mode="closed", interruptions=0, noises=0, **common),
        "ours free": start(
            sys.executable, engine="ours", mode="free", interruptions=counts[1], noises=counts[2], **common
        ),
    }
    for name, python in pythons.items():
        processes[name] = start(
            python, engine=name, mode="default", interruptions=counts[1], noises=counts[2], **common
        )
    return {name: result(process, name) for name, process in processes.items()}


def loads(options: argparse.Namespace, pythons: dict[str, str]) -> Found:
    calls, seconds = (4, 6) if options.quick else (10, 40)
    found = {}
    for name, python in {"null": sys.executable, "ours": sys.executable, **pythons}.items():
        process = start(
            python,
            engine=name,
            mode="default",
            scenario="load",
            clips=str(options.data / "voice_bench"),
            harness=str(options.harness or ""),
            delay=options.delay,
            calls=calls,
            seconds=seconds,
        )
        found[name] = result(process, name).get("load", {})
    return found


def ms(values: Sequence[float], share: float) -> str:
    return f"{1000 * float(np.percentile(values, share)):.0f}" if len(values) else "-"


def delays(found: dict[str, Any]) -> list[float]:
    return [row["delay"] if row["delay"] is not None else 9.0 for row in found.get("turns", []) if not row["early"]]


def stops(found: dict[str, Any]) -> list[float]:
    return [row["stop"] if row["stop"] is not None else 9.0 for row in found.get("interruptions", [])]


def wrong(found: dict[str, Any]) -> int:
    return sum(row["wrong"] for row in found.get("noises", []))


def ratio(values: Sequence[float], ours: Sequence[float]) -> str:
    if not len(values) or not len(ours):
        return ""
    return f" ({np.median(values) / np.median(ours):.1f} ×)"


def rows(found: Found, load: Found) -> list[list[str]]:
    names = list(found)
    base = delays(found["ours"])
    people = stops(found["ours free"])
    own, null = load.get("ours", {}), load.get("null", {})
    made = [
        [
            "end of speech → bot's sound, p50 ms",
            *(ms(delays(found[n]), 50) + ratio(delays(found[n]), base) for n in names),
        ],
        ["… p95 ms", *(ms(delays(found[n]), 95) for n in names)],
        [
            "… turns over 1.2 s",
            *(f"{sum(d > 1.2 for d in delays(found[n]))} of {len(delays(found[n]))}" for n in names),
        ],
        [
            "bot began before the true end, turns",
            *(f"{sum(row['early'] for row in found[n].get('turns', []))}" for n in names),
        ],
        ["interruption → silence, p50 ms", *(ms(stops(found[n]), 50) + ratio(stops(found[n]), people) for n in names)],
        ["… p95 ms", *(ms(stops(found[n]), 95) for n in names)],
        [
            "wrong stops for short words and keys",
            *(f"{wrong(found[n])} of {len(found[n]['noises'])}" if found[n].get("noises") else "" for n in names),
        ],
    ]
    for key, title, digits in (("cpu", "% of a core a call, without the caller's", 2), ("memory", "MB a call", 1)):
        cells = []
        for name in names:
            one = load.get(name, {})
            if not one:
                cells.append("")
                continue
            value = one[key] - (null.get("cpu", 0.0) if key == "cpu" else 0.0)
            mine = own[key] - (null.get("cpu", 0.0) if key == "cpu" else 0.0)
            cells.append(f"{value:.{digits}f} ({value / mine:.1f} ×)")
        made.append([title, *cells])
    return [["", *names], *made]


def drawn(found: Found, load: Found, lines: list[list[str]], options: argparse.Namespace) -> str:
    heard = {name: one for name, one in found.items() if one}
    noisy = {name: float(wrong(one)) for name, one in heard.items() if one.get("noises")}
    null = load.get("null", {}).get("cpu", 0.0)
    costs = {name: one["cpu"] - null for name, one in load.items() if one and name != "null"}
    sizes = {name: one["memory"] for name, one in load.items() if one and name != "null"}
    sections = [
        ("The figures", "In brackets: how many times ours.", table(lines)),
        (
            "End of speech → bot's sound",
            "Share of turns answered within so many milliseconds. “ours” answers a yes/no question, “ours free” waits "
            "whether more is coming.",
            steps({n: [1000 * d for d in delays(one)] for n, one in heard.items()}, "ms", 3000, 200),
        ),
        (
            "Interruption → silence",
            "Share of interruptions by people after which the bot was silent within so many milliseconds.",
            steps({n: [1000 * s for s in stops(one)] for n, one in heard.items() if stops(one)}, "ms", 1000, 200),
        ),
        (
            "Wrong stops",
            "Short listener's words and bursts of typing over the bot: not back 0.6 s after their end, or a new reply.",
            bars(noisy, f"of {max([len(one['noises']) for one in heard.values()], default=0)}"),
        ),
        ("Processor a call", "The caller's own cost taken off.", bars(costs, "% of a core")),
        ("Memory a call", "Growth of the process by its calls.", bars(sizes, "MB")),
    ]
    intro = (
        f"One run, the same paced calls of recorded people; mock engines, words recognised {options.delay:g} s behind "
        f"their ends, nothing says when the caller has finished. Load average of the machine: "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores."
    )
    return page("Whose turn is it? Huashu beside Pipecat and LiveKit Agents", intro, sections)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--harness", type=Path, help="folder of the peers' engines")
    parser.add_argument("--python", nargs="*", default=[], metavar="ENGINE=PATH")
    parser.add_argument("--delay", type=float, default=0.15, help="of the recogniser, seconds")
    parser.add_argument("--quick", action="store_true", help="a quarter of it")
    parser.add_argument("--page", type=Path, help="where the plots go")
    default = os.environ.get("HUASHU_TEST_DATA", HERE.parent.parent.parent / "shared/data")
    parser.add_argument("--data", type=Path, default=Path(default))
    options = parser.parse_args()
    if not (options.data / "voice_bench").is_dir():
        sys.exit(f"no recordings in {options.data}; give --data")
    pythons = dict(item.split("=", 1) for item in options.python)
    found, load = talk(options, pythons), loads(options, pythons)
    lines = rows(found, load)
    for number, line in enumerate(lines):
        print("| " + " | ".join(line) + " |")
        if not number:
            print("|---" * len(line) + "|")
    late = max((one.get("late p99", 0.0) for one in found.values()), default=0.0)
    print(f"\ncallers' frames late, p99 at most {1000 * late:.0f} ms; load average {os.getloadavg()[0]:.1f}")
    if options.page is not None:
        options.page.write_text(drawn(found, load, lines, options), encoding="utf-8")
        print(f"plots: {options.page}")


if __name__ == "__main__":
    main()
