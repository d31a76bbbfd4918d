"""Accuracy of the embedded understanding on public sets, through the public API, with no expectation open.

Usage: python bench/nlu_accuracy.py ROWS [--sets NAME ...]

ROWS is the folder that `python ../shared/data/rows.py ROWS` writes: <set>/{train,test}.jsonl. Trained on train rows
only. "accuracy" counts the best intent, whatever its confidence; "accepted" only at confidence ≥ 0.5 (what a script
does by default), so that an unsure right answer is wrong; "oos" is the share of out-of-scope rows refused at 0.5.
"""

import argparse
import json
import resource
import time
from datetime import UTC, datetime
from pathlib import Path

from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, train

SETS = {
    "banking77_10shot": "en-US", "banking77": "en-US", "clinc150": "en-US", "cais": "zh-CN",
    "smp2019_intent": "zh-CN", "smp2019_domain": "zh-CN",
}  # fmt: skip
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
REFUSED = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    arguments = parser.parse_args()
    for name in arguments.sets:
        measure(name, SETS[name], arguments.rows / name)


def measure(name: str, language: str, folder: Path) -> None:
    rows = read(folder / "train.jsonl")
    began = time.process_time()
    model = train(TrainingData(language, tuple(Example(row["text"], row["intent"]) for row in rows)))
    trained = time.process_time() - began
    understander = EmbeddedUnderstander(model)
    inside: list[tuple[bool, float]] = []
    outside: list[tuple[bool, float]] = []
    times: list[float] = []
    for row in read(folder / "test.jsonl"):
        began = time.perf_counter()
        intents = understander.understand(Heard(row["text"]), NOTHING, at=AT).intents
        times.append(1e3 * (time.perf_counter() - began))
        best, sure = (intents[0].name, intents[0].confidence) if intents else ("", 0.0)
        (outside if row["intent"] == "oos" else inside).append((best == row["intent"], sure))
    times.sort()
    print(
        f"{name}: accuracy {share([right for right, _ in inside])}"
        f", accepted {share([right and sure >= REFUSED for right, sure in inside])}"
        + (f", oos {share([sure < REFUSED for _, sure in outside])}" if outside else "")
        + f", n={len(inside)}+{len(outside)}, p50 {times[len(times) // 2]:.3f} ms"
        + f", trained on {len(rows)} rows in {trained:.1f} CPU s"
        + f", peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB",
        flush=True,
    )
    if outside:
        for bar in (0.2, 0.3, 0.4, 0.6, 0.7):
            kept = share([right and sure >= bar for right, sure in inside])
            print(f"  at {bar}: accepted {kept}, oos {share([sure < bar for _, sure in outside])}", flush=True)


def read(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def share(values: list[bool]) -> str:
    return f"{100 * sum(values) / max(1, len(values)):.1f}"


if __name__ == "__main__":
    main()
