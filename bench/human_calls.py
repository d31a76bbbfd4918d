"""Whole calls held by recordings of people: how many of how many turns were understood, how many calls succeeded.

English: coffee orders of over 50 speakers (all visible ones that name a drink and a size), then "tomorrow" and "no" by
another speaker, into tests/bots/coffee_en. Chinese: a temperature, a song and a place by two AISHELL-1 speakers into
tests/bots/home_zh. A turn is understood when its slots are those of the label.

Usage: python bench/human_calls.py [--rate 8000] [--data DIR] [--models DIR]
"""

import argparse
import asyncio
import itertools
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
from huashu.tts.engine import Voice
from huashu.tts.registry import open_voice
from huashu.voice.call import CallReport, run_call

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
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


def copied(spoken: list[pathlib.Path], folder: str) -> pathlib.Path:
    for number, path in enumerate(spoken):
        shutil.copy(path, pathlib.Path(folder) / f"{number}.wav")
    return pathlib.Path(folder)


class Count:
    """Of one language."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.turns = self.understood = self.calls = self.succeeded = 0
        self.seconds = 0.0
        self.began = time.process_time()

    def add(self, report: CallReport, turns: int, understood: int, note: str) -> None:
        result = report.disposition.result if report.disposition else "none"
        self.calls += 1
        self.succeeded += understood == turns and result == "success"
        self.turns += turns
        self.understood += understood
        self.seconds += report.seconds
        if understood < turns:
            print(f"  {note} {result}: heard {' | '.join(heard(report))}")

    def show(self) -> None:
        cpu = time.process_time() - self.began
        print(
            f"{self.name}: {self.understood} of {self.turns} turns understood, {self.succeeded} of {self.calls} calls"
            f" succeeded; {self.seconds:.0f} s of calls in {cpu:.0f} CPU s ({self.seconds / cpu:.0f} × real time)"
        )


def heard(report: CallReport) -> list[str]:
    return [event.text for _, event in report.events if isinstance(event, Heard) and event.final]


def english(data: pathlib.Path, voice: Voice, rate: int) -> None:
    orders, prompts = data / "speech_en" / "coffee_commands", data / "speech_en" / "asterisk_prompts" / "wav"
    bot = load_bot(ROOT / "tests" / "bots" / "coffee_en")
    recogniser = open_recogniser("pocketsphinx", rate=rate)
    count = Count(f"English, {rate} Hz")
    for line in (orders / "transcripts.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        file, label, *_ = line.split("\t")
        slots = wanted(json.loads(label)["slots"])
        if not {"drink", "size"} <= slots.keys():
            continue
        spoken = [orders / "wav" / file]
        if len(slots) == 2:
            spoken.append(prompts / "vm-no.wav")  # "Anything special in it?"
        spoken += [prompts / "digits" / "tomorrow.wav", prompts / "vm-no.wav"]
        with tempfile.TemporaryDirectory() as folder:
            report = asyncio.run(run_call(bot, copied(spoken, folder), recogniser=recogniser, voice=voice, rate=rate))
        values = report.disposition.values if report.disposition else {}
        right = all(values.get(key) == value for key, value in slots.items())
        right_words = sum(text in ("no", "tomorrow") for text in heard(report)[1:])
        count.add(report, len(spoken), right + right_words, file[:8])
    count.show()


def chinese(data: pathlib.Path, weights: pathlib.Path, voice: Voice, rate: int) -> None:
    speech = data / "speech_zh" / "aishell1_sample"
    texts = dict(line.split("\t")[:2] for line in (speech / "transcripts.tsv").read_text("utf-8").splitlines()[1:])
    bot = load_bot(ROOT / "tests" / "bots" / "home_zh")
    model = weights / "pocketsphinx-zh-tdt-8k"
    recogniser = open_recogniser("pocketsphinx", model=model, rate=rate)
    variables = bot.script.variables
    songs = [
        (file, name) for file, text in texts.items() for name in variables["歌名"].values if text.endswith(str(name))
    ]
    places = [file for file, text in texts.items() if text in variables["地点"].values]
    degrees = next(file for file, text in texts.items() if text == "设定三十一度")
    count = Count(f"Chinese, {rate} Hz")
    for (song, name), place in zip(songs, itertools.cycle(places), strict=False):
        spoken = [speech / "wav" / file for file in (degrees, song, place)]
        with tempfile.TemporaryDirectory() as folder:
            report = asyncio.run(run_call(bot, copied(spoken, folder), recogniser=recogniser, voice=voice, rate=rate))
        values = report.disposition.values if report.disposition else {}
        right = (values.get("温度") == 31) + (values.get("歌名") == name) + (values.get("地点") == texts[place])
        count.add(report, 3, right, texts[song])
    count.show()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=8000)
    parser.add_argument("--data", type=pathlib.Path, default=os.environ.get("HUASHU_TEST_DATA", SHARED / "data"))
    parser.add_argument("--models", type=pathlib.Path, default=os.environ.get("HUASHU_TEST_MODELS", SHARED / "models"))
    options = parser.parse_args()
    data, weights = pathlib.Path(options.data), pathlib.Path(options.models)
    if not data.is_dir():
        sys.exit(f"no recordings in {data}; give --data")
    voice = open_voice("espeak")
    english(data, voice, options.rate)
    if weights.is_dir():
        chinese(data, weights, voice, options.rate)


if __name__ == "__main__":
    main()
