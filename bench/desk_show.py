"""A person takes over, to watch and to hear: a server, a caller on a telephone line, an agent and a supervisor in two
browsers; bot → queue → agent → both talk → back to the bot → the bot hangs up.

    python bench/desk_show.py [--kill] [--keep FOLDER] [--data DIR]

`huashu serve --desk` runs as a process of its own; the caller sends µ-law over gRPC, 20 ms at a time; the agent's
browser has a fake microphone that says a known sentence. What everybody was given to hear is compared with what was
said (the score of tests/desk/show/sounds.py: 1 the same, under 0.62 something else). With --kill the server gets
SIGKILL while agent and caller talk, and is started again over the same data. --keep: where the record, the recording
of the call, what each of the three heard, and pictures of the pages are left. Exit status 1 when something is not as it
should be. The people are recordings of the evaluation data where those are at hand, else espeak's voices.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.desk.show.sounds import sentences  # noqa: E402
from tests.desk.show.takeover import Takeover, show  # noqa: E402


def tell(told: Takeover) -> None:
    began = told.times["asked for a person"]
    print("seconds after the caller has asked for a person")
    for what, at in sorted(told.times.items(), key=lambda item: item[1]):
        print(f"  {at - began:6.2f}  {what}")
    print("how like the known sound (1: the same)")
    for what, score in told.likeness.items():
        print(f"  {score:6.2f}  {what}")
    print("on record: second of the call, who, share that was played, words")
    for line in told.record.lines:
        share = f"{line.heard:4.0%}" if line.who == "bot" else "    "
        print(f"  {line.at:6.2f}  {line.who:<6} {share}  {line.text}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kill", action="store_true")
    options.add_argument("--keep", type=Path)
    options.add_argument(
        "--data", type=Path, default=os.environ.get("HUASHU_TEST_DATA", ROOT.parent / "shared" / "data")
    )
    chosen = options.parse_args()
    if chosen.keep and (chosen.keep / "calls.db").exists():
        options.error(f"{chosen.keep} has a show already: name another folder")
    says = sentences(Path(chosen.data))
    print("the people:", "recordings of people" if says.human else "espeak's voices")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        keep = chosen.keep or Path(folder)
        keep.mkdir(parents=True, exist_ok=True)
        told = asyncio.run(show(keep, says, kill=chosen.kill))
    tell(told)
    print(f"{len(told.faults)} faults, {time.monotonic() - began:.0f} s")
    for fault in told.faults:
        print(f"  {fault}")
    raise SystemExit(1 if told.faults else 0)


if __name__ == "__main__":
    main()
