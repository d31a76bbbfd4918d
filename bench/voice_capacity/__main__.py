"""How many live voice calls a process carries, and what each costs: in the process itself, and through the gRPC edge.

    python bench/voice_capacity [--minutes 1] [--calls 200] [--edge-calls 60] [--only inside|edge] [--unsettled]
        [--data DIR]

Each call: G.711 µ-law both ways, -50 dBFS of noise on the line, recorded speech 40 % of the time, Silero behind its
gate, turn-taking, dialogue, playback, recording to disk. Recogniser, voice and understanding are fakes without cost.
Processor time is that of the measured process, all its threads; callers' sound is made beforehand, and at the edge the
callers are a process of their own, whose cost is told apart. A frame's handling time runs from the instant it was due,
so it counts the wait for the calls before it; a hole is sound of the bot that comes too late for a telephone that
buffers 60 ms. Beside the load, one outbound call a second measures how soon after Answered the first prompt sounds.

A stall is more than 20 ms by which the one process is later at once; "by the collector" where Python's garbage
collector had halted it for more than half of that. `--unsettled`: what is loaded is not taken out of the collector's
rounds first (huashu.runtime.lasting), as in a program that has Huashu inside it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from load import cpu, memory, write_callers  # noqa: E402 (beside this file, however it was started)

PROMISES = {"inside": 0.5, "edge": 1.2}


def start(script: str, **options: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(HERE / script), json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def lines(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"a process of the measurement died with status {process.wait()}")
    return line.strip()


def inside(folder: Path, calls: int, seconds: float, *, settled: bool) -> dict[str, float]:
    process = start("inside.py", folder=str(folder), calls=calls, seconds=seconds, settled=settled)
    figures: dict[str, float] = json.loads(lines(process))
    process.wait()
    return figures


def scraped(address: str, name: str) -> list[str]:
    """Rows of one of the server's metrics."""
    text = urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()
    return [line for line in text.splitlines() if line.startswith(name)]


def frame_seconds(address: str) -> dict[str, float]:
    """Counts of the server's histogram of handling times, by its upper bounds in seconds."""
    rows = scraped(address, "huashu_frame_seconds_bucket")
    return {row.split('le="')[1].split('"')[0]: float(row.split()[-1]) for row in rows}


def percentile(before: dict[str, float], after: dict[str, float], share: float) -> str:
    """The upper bound that so many frames stayed under, in ms."""
    whole = after["+Inf"] - before["+Inf"]
    for bound, count in after.items():
        if count - before[bound] >= share * whole:
            return f"≤ {1000 * float(bound):g}"
    return "-"


def edge(folder: Path, calls: int, seconds: float) -> dict[str, float | str]:
    (folder / "recordings").mkdir(exist_ok=True)
    server = start("served.py", folder=str(folder))
    where = json.loads(lines(server))
    empty = memory(str(server.pid))
    generator = start("generator.py", folder=str(folder), calls=calls, seconds=seconds, address=where["grpc"])
    lines(generator)  # every call is open
    before, began, used = frame_seconds(where["http"]), time.monotonic(), cpu(server.pid)
    lines(generator)  # the measured time is over
    wall, used, grown = time.monotonic() - began, cpu(server.pid) - used, memory(str(server.pid)) - empty
    after = frame_seconds(where["http"])
    lag = float(scraped(where["http"], "huashu_loop_lag_seconds ")[0].split()[-1])
    figures: dict[str, float | str] = json.loads(lines(generator))
    generator.wait()
    assert server.stdin is not None
    server.stdin.close()
    server.wait()
    return {
        **figures,
        "calls": calls,
        "seconds": wall,
        "cpu": 100 * used / wall / calls,
        "memory": grown / calls / 1024**2,
        "lag": 1000 * lag,
        "frame p50": percentile(before, after, 0.5),
        "frame p95": percentile(before, after, 0.95),
        "frame p99": percentile(before, after, 0.99),
    }


def shown(value: float | str | None) -> str:
    return value if isinstance(value, str) else "" if value is None else f"{value:.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--edge-calls", type=int, default=60)
    parser.add_argument("--unsettled", action="store_true")
    parser.add_argument("--only", choices=("inside", "edge"))
    default = os.environ.get("HUASHU_TEST_DATA", HERE.parent.parent.parent / "shared/data")
    parser.add_argument("--data", type=Path, default=Path(default))
    options = parser.parse_args()
    clips = options.data / "voice_bench"
    if not clips.is_dir():
        raise SystemExit(f"no recorded speech in {clips}; give --data")
    found: dict[str, dict[str, float | str]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_callers(folder / "callers.ulaw", clips)
        if options.only != "edge":
            found["inside"] = dict(inside(folder, options.calls, 60 * options.minutes, settled=not options.unsettled))
        if options.only != "inside":
            found["edge"] = edge(folder, options.edge_calls, 60 * options.minutes)
        kept = sum(path.stat().st_size for path in folder.rglob("*.wav"))
    names = {"inside": "one process", "edge": "with the gRPC edge"}
    print("| | " + " | ".join(f"{names[name]}, {row['calls']} calls" for name, row in found.items()) + " | promise |")
    print("|---|" + "---|" * (len(found) + 1))
    rows = (
        ("% of a core a call", "cpu", " / ".join(f"{PROMISES[name]}" for name in found)),
        ("MB a call", "memory", "2"),
        ("frame handled, p50 ms", "frame p50", ""),
        ("… p95 ms", "frame p95", "20"),
        ("… p99 ms", "frame p99", ""),
        ("event loop late at the end, p95 ms", "lag", ""),
        ("holes in the bot's sound, %", "holes", "0.5"),
        ("stalls over 20 ms", "stalls", ""),
        ("… by the garbage collector", "stalls by gc", "0"),
        ("… longest, ms", "stall max", ""),
        ("full rounds of the collector", "full rounds", ""),
        ("… longest, ms of processor time", "full round max", ""),
        ("all its rounds, % of a core", "gc share", ""),
        ("first prompt after Answered, p50 ms", "first p50", "100"),
        ("… p95 ms", "first p95", ""),
        ("load generator, % of a core, apart", "generator", ""),
        ("lines spoken a call", "lines", ""),
        ("seconds measured", "seconds", ""),
    )
    for title, key, promise in rows:
        print(f"| {title} | " + " | ".join(shown(row.get(key)) for row in found.values()) + f" | {promise} |")
    load = os.getloadavg()
    print(f"\nload average {load[0]:.1f}, {load[1]:.1f} on {os.cpu_count()} cores; recorded {kept >> 20} MB")


if __name__ == "__main__":
    main()
