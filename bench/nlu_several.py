"""Several intents in one utterance: NLU++ (Casanueva et al., 2022) through the public API, by its own protocol.

Usage: python bench/nlu_several.py DATA [--setups 20-fold 10-fold large] [--runs N]

DATA is the folder of evaluation data (nlu_en/nlupp: folds 0 to 9 of each domain, half of the set). The protocol trains
on 1 fold ("20-fold"), on 2 ("10-fold") or on all but 2 ("large"), tests on the others, and reports the mean F1 of all
intents of all utterances (micro-averaged, those without any intent counted too) over as many runs as there are parts.
With half of the folds the parts to learn from are the same for the first two, those to test on are half as many, and
"large" learns from 8 folds instead of 18. Slots are learnt beside the intents.
"""

import argparse
import json
import statistics
import time
from itertools import chain
from pathlib import Path
from typing import Any

from huashu.insight.judging import ask, fit
from huashu.insight.rows import OUT_OF_SCOPE
from huashu.insight.scoring import Scores, score
from huashu.nlu.data import Example, Span

DOMAINS = ("banking", "hotels")
SETUPS = {"20-fold": 1, "10-fold": 2, "large": -2}
"""Folds to learn from, fewer than none: to test on."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--setups", nargs="*", default=list(SETUPS), choices=list(SETUPS))
    parser.add_argument("--runs", type=int, default=10, help="at most")
    arguments = parser.parse_args()
    for domain in DOMAINS:
        folder = arguments.data / "nlu_en/nlupp" / domain
        count = len(list(folder.glob("fold*.json")))
        folds = [rows(folder / f"fold{number}.json") for number in range(count)]
        for setup in arguments.setups:
            measure(domain, setup, folds, arguments.runs)


def rows(path: Path) -> list[Example]:
    return [row(data) for data in json.loads(path.read_text(encoding="utf-8"))]


def row(data: dict[str, Any]) -> Example:
    first, *also = data.get("intents") or [OUT_OF_SCOPE]
    spans = (Span(*slot["span"], name) for name, slot in data.get("slots", {}).items() if "span" in slot)
    return Example(data["text"], first, tuple(sorted(spans, key=lambda span: span.start)), tuple(also))


def measure(domain: str, setup: str, folds: list[list[Example]], runs: int) -> None:
    size = SETUPS[setup]
    parts = [range(first, first + abs(size)) for first in range(0, len(folds), abs(size))][:runs]
    began = time.process_time()
    found: list[tuple[Scores, int]] = []
    for part in parts:
        learnt = [number for number in range(len(folds)) if (number in part) is (size > 0)]
        train = list(chain.from_iterable(folds[number] for number in learnt))
        test = list(chain.from_iterable(fold for number, fold in enumerate(folds) if number not in learnt))
        understander, _ = fit(train, language="en-US")
        found.append((score(ask(understander, test)), len(train)))
    f1 = [100 * (scores.several_f1 or 0.0) for scores, _ in found]
    slots = statistics.fmean(100 * (scores.slot_f1 or 0.0) for scores, _ in found)
    print(
        f"{domain}, {setup}: F1 {statistics.fmean(f1):.1f} (± {statistics.pstdev(f1):.1f} over {len(f1)} runs)"
        f", slots {slots:.1f}, about {statistics.fmean(count for _, count in found):.0f} rows to learn from"
        f", p50 {statistics.median(scores.median_ms for scores, _ in found):.2f} ms"
        f", {time.process_time() - began:.0f} CPU s",
        flush=True,
    )


if __name__ == "__main__":
    main()
