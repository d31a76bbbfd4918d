"""Whether something grows: what a process holds, sampled over time, and the slope of it with its interval."""

import gc
import os
import resource
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

WARM = 0.25
"""Share of the samples that is left out at the beginning: caches fill, arenas grow."""
RISES = 0.02
"""Share of the level by which something has to have risen over the whole run to be called growth."""


_GRPC = ("event_engine", "lifeguard", "grpc_")
"""How gRPC's threads are called: a pool of its own, which the lifeguard makes larger while work waits and which shrinks
when there is none, and a timer."""


@dataclass(frozen=True, slots=True)
class Slope:
    """Of a straight line through samples, a unit of time."""

    level: float
    """Mean."""
    rise: float
    """Over the whole run."""
    low: float
    high: float
    """The same at the ends of its interval, 95 % by Student's t."""

    @property
    def grows(self) -> bool:
        return self.low > 0 and self.rise > max(RISES * abs(self.level), 1.0)


def slope(values: Sequence[float]) -> Slope:
    """Of samples taken at even times, the warm-up left out. Least squares; the interval takes the residuals as
    independent, which makes it narrow rather than wide."""
    y = np.asarray(values[round(WARM * len(values)) :], float)
    x = np.linspace(0.0, 1.0, len(y))
    b, a = np.polyfit(x, y, 1)
    rest = y - (a + b * x)
    freedom = len(y) - 2
    error = float(np.sqrt((rest @ rest) / freedom / ((x - x.mean()) @ (x - x.mean()))))
    t = 1.96 + 2.4 / freedom  # within 2 % of Student's 97.5 % from 5 degrees on
    return Slope(float(y.mean()), float(b), float(b - t * error), float(b + t * error))


def held(pid: str = "self") -> dict[str, float]:
    """What a process holds, from outside: memory in MB, open files, threads."""
    process = Path("/proc") / pid
    pages = int((process / "statm").read_text().split()[1])
    names = [(task / "comm").read_text().strip() for task in (process / "task").iterdir()]
    grpc = sum(name.startswith(_GRPC) for name in names)
    return {
        "memory, MB": pages * resource.getpagesize() / 1024**2,
        "open files": float(len(os.listdir(process / "fd"))),
        "gRPC's own threads": float(grpc),
        "other threads": float(len(names) - grpc),
    }


def objects() -> dict[str, float]:
    """What this process holds, from inside: blocks of Python memory (in thousands), objects the collector knows."""
    gc.collect()
    return {
        "memory blocks, thousands": sys.getallocatedblocks() / 1000,
        "objects, thousands": len(gc.get_objects()) / 1000,
        "Python threads": float(threading.active_count()),
    }


def table(samples: Sequence[dict[str, float]]) -> tuple[list[str], bool]:
    """Rows of a report, and whether anything grows."""
    rows, grows = ["| | mean | rise over the run | 95 % interval | |", "|---|---|---|---|---|"], False
    for name in samples[0]:
        found = slope([sample[name] for sample in samples])
        grows = grows or found.grows
        verdict = "GROWS" if found.grows else "steady"
        rows.append(
            f"| {name} | {found.level:.4g} | {found.rise:+.3g} | {found.low:+.3g} … {found.high:+.3g} | {verdict} |"
        )
    return rows, grows
