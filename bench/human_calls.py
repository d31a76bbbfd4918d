"""Whole calls held by recordings of people: how many of how many turns were understood, how many calls succeeded.

English: coffee orders of over 50 speakers (all visible ones that name a drink and a size), then "tomorrow" and "no" by
another speaker, into tests/bots/coffee_en. A turn is understood when its slots are those of the label.

Usage: python bench/human_calls.py [--rate 8000] [--data DIR]
"""

import argparse
import asyncio
import json
import os
import pathlib
import shutil
import sys
import tempfile
import time

from huashu.asr.registry import open_recogniser
from huashu.core.events import Heard
from huashu.runtime.bot import load_bot
from huashu.tts.registry import open_voice
from huashu.voice.call import run_call

ROOT = pathlib.Path(__file__).resolve().parent.parent
SLOTS = {
    "coffeeDrink": "drink",
    "size": "size",
    "roast": "roast",
    "numberOfShots": "shots",
    "sugarAmount": "sugar",
    "milkAmount": "milk",
}
AMOUNTS = ("a little bit of ", "a bit of ", "lots of ", "a lot of ", "some ")


def wanted(label: dict[str, str]) -> dict[str, str]:
    """The bot's slots for a label: amounts ("a bit of sugar") are not asked for."""
    values = {}
    for name, value in label.items():
        plain = value.strip()
        for amount in AMOUNTS:
            plain = plain.removeprefix(amount)
        values[SLOTS[name]] = plain
    return values


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=8000)
    parser.add_argument(
        "--data", type=pathlib.Path, default=os.environ.get("HUASHU_TEST_DATA", ROOT.parent / "shared/data")
    )
    options = parser.parse_args()
    speech = pathlib.Path(options.data) / "speech_en"
    if not speech.is_dir():
        sys.exit(f"no recordings in {speech}; give --data")
    prompts = speech / "asterisk_prompts" / "wav"
    bot = load_bot(ROOT / "tests" / "bots" / "coffee_en")
    recogniser = open_recogniser("pocketsphinx", rate=options.rate)
    voice = open_voice("espeak")
    turns = understood = calls = succeeded = 0
    seconds = 0.0
    began = time.process_time()
    lines = (speech / "coffee_commands" / "transcripts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    for line in lines:
        file, label, *_ = line.split("\t")
        slots = wanted(json.loads(label)["slots"])
        if not {"drink", "size"} <= slots.keys():
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            spoken = [speech / "coffee_commands" / "wav" / file]
            if len(slots) == 2:
                spoken.append(prompts / "vm-no.wav")  # "Anything special?"
            spoken += [prompts / "digits" / "tomorrow.wav", prompts / "vm-no.wav"]
            for number, path in enumerate(spoken):
                shutil.copy(path, folder / f"{number}.wav")
            report = asyncio.run(run_call(bot, folder, recogniser=recogniser, voice=voice, rate=options.rate))
        result = report.disposition.result if report.disposition else "none"
        values = report.disposition.values if report.disposition else {}
        heard = [event.text for _, event in report.events if isinstance(event, Heard) and event.final]
        right = all(values.get(key) == value for key, value in slots.items())
        rest = heard[1:]
        calls += 1
        succeeded += right and result == "success"
        turns += len(spoken)
        understood += right + sum(text in ("no", "tomorrow") for text in rest)
        seconds += report.seconds
        if not right or result != "success":
            print(f"  {file[:8]} {result:<9} heard: {' | '.join(heard)}   wanted: {slots}")
    cpu = time.process_time() - began
    print(
        f"English, {options.rate} Hz: {understood} of {turns} turns understood, {succeeded} of {calls} calls succeeded"
    )
    print(f"{seconds:.0f} s of calls in {cpu:.0f} CPU s ({seconds / cpu:.0f} × real time)")


if __name__ == "__main__":
    main()
