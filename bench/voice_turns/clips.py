"""Sound of people, at 8 kHz: labelled clips, single digits, sentences; and bursts of noise of our own making."""

import random
from functools import cache
from pathlib import Path

import numpy as np
from rig import RATE, Sound

from huashu.voice.render import read_wav

LEVEL = 10 ** (-20 / 20)
_BLOCK = RATE // 100


@cache
def read(path: Path) -> Sound:
    return np.frombuffer(read_wav(path, RATE), "<i2") / 32768.0


def bench_clips(data: Path, kind: str) -> list[Sound]:
    """Clips whose length is the truth of when speech starts and ends."""
    return [read(path) for path in sorted((data / "voice_bench").glob(f"{kind}_*.wav"))]


def trimmed(sound: Sound) -> Sound:
    """From the first 10 ms over 30 dB under the clip's level to the last over 20 dB, at -20 dBFS: the rule by which the
    labelled clips were cut."""
    blocks = sound[: len(sound) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    level = np.sqrt((blocks**2).mean(axis=1) + 1e-12)
    loud = np.sqrt((np.sort(level)[-max(5, len(level) // 3) :] ** 2).mean())
    first = int(np.flatnonzero(level > loud * 10**-1.5)[0])
    last = int(np.flatnonzero(level > loud * 0.1)[-1])
    active = level[first : last + 1]
    cut = sound[first * _BLOCK : (last + 1) * _BLOCK] * (LEVEL / np.sqrt((active[active > loud * 0.1] ** 2).mean()))
    return np.asarray(np.clip(cut, -0.95, 0.95))


_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@cache
def digits(data: Path) -> dict[str, list[list[Sound]]]:
    """Takes of each digit by each speaker; where a speaker lacks one, somebody else's."""
    folder = data / "speech_en" / "fsdd_digits" / "wav"
    takes: dict[str, list[list[Sound]]] = {}
    for path in sorted(folder.glob("*.wav")):
        digit, speaker, _ = path.stem.split("_")
        takes.setdefault(speaker, [[] for _ in _NAMES])[int(digit)].append(trimmed(read(path)))
    for number in range(10):
        spare = next(takes[speaker][number] for speaker in sorted(takes) if takes[speaker][number])
        for speaker in takes:
            takes[speaker][number] = takes[speaker][number] or spare
    return takes


def short_clips(data: Path) -> list[Sound]:
    """Sixteen words as short as a listener's token: the labelled ones, and eight digits by the speakers in turn."""
    speakers = list(digits(data).values())
    more = [speakers[number % len(speakers)][number + 1][-1] for number in range(8)]
    return [*bench_clips(data, "word"), *more]


def sentences(data: Path) -> list[tuple[Sound, str]]:
    """Mandarin sentences as spoken, with their words."""
    folder = data / "speech_zh" / "aishell1_sample"
    rows = [row.split("\t") for row in (folder / "transcripts.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    return [(trimmed(read(folder / "wav" / row[0])), row[1]) for row in rows]


def bursts() -> list[Sound]:
    """Seven noises: three coughs, a knock, a rustle, a breath into the microphone, a chair. Filtered noise with the
    envelopes such sounds have (cough: a burst of 30 ms, then 150 to 300 ms of voiced turbulence)."""
    rng = np.random.default_rng(20)
    made = []
    for length, formant in ((0.35, 700.0), (0.5, 1100.0), (0.42, 1500.0)):
        t = np.arange(round(length * RATE)) / RATE
        shape = np.exp(-t / 0.02) + 0.7 * np.exp(-(((t - 0.15) / 0.08) ** 2))
        made.append(_band(rng.normal(size=len(t)), formant, 600.0) * shape)
    t = np.arange(round(0.15 * RATE)) / RATE
    made.append(_band(rng.normal(size=len(t)), 200.0, 300.0) * np.exp(-t / 0.03))
    t = np.arange(round(0.9 * RATE)) / RATE
    made.append(_band(rng.normal(size=len(t)), 2800.0, 1500.0) * (0.3 + np.abs(np.sin(2 * np.pi * 5 * t)) ** 3))
    t = np.arange(round(0.7 * RATE)) / RATE
    made.append(_band(rng.normal(size=len(t)), 250.0, 500.0) * np.sin(np.pi * t / 0.7) ** 2)
    t = np.arange(round(0.6 * RATE)) / RATE
    made.append(_band(rng.normal(size=len(t)), 900.0, 200.0) * (np.sin(2 * np.pi * 18 * t) > 0.2))
    return [np.asarray(np.clip(sound * (LEVEL / np.sqrt((sound**2).mean())), -0.95, 0.95)) for sound in made]


def _band(noise: Sound, centre: float, width: float) -> Sound:
    """Noise about a frequency, by its spectrum."""
    spectrum = np.fft.rfft(noise)
    frequency = np.fft.rfftfreq(len(noise), 1 / RATE)
    return np.asarray(np.fft.irfft(spectrum * np.exp(-(((frequency - centre) / width) ** 2)), len(noise)))


def lognormal(rng: random.Random, median: float, spread: float, most: float) -> float:
    return min(most, median * rng.lognormvariate(0.0, spread))
