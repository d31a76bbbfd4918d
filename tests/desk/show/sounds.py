"""Known sounds, and whether one of them is somewhere in what was heard, however it got there.

Sound that has been through a browser (echo cancelling, noise suppression, gain control, two resamplings) and a µ-law
line has other samples than before; its shape over time and frequency stays. So sounds are compared by the logarithm of
their energy in 16 bands of the telephone's range, every 10 ms, as a normalised cross-correlation over all lags: that of
pieces of the sound, each of which may come up to half a second later than the first would have it. (A buffer that has
run dry on a busy machine leaves a gap, and loses nothing.)
"""

import math
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huashu.tts.engine import Utterance
from huashu.tts.registry import open_voice
from huashu.voice.resample import resample, to_pcm

RATE = 8000
HOP = 0.01
"""Seconds between two looks at the bands."""
_WINDOW = 256
_EDGES = np.geomspace(200.0, 3600.0, 17)
_FLOOR = 10.0 ** (-60.0 / 10.0)
"""Energy of full scale below which everything is the same silence: -60 dB."""
PIECE, LATE = 0.4, 0.5
"""Seconds."""
THERE, ABSENT = 0.7, 0.62
"""A sound that is there is as like as the first or more, one that is not less than the second. Measured: other people's
sentences and the bot's lines 0.4 to 0.57, the sound itself 0.8 (in shreds, on a machine five times overbooked) to 1."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a sound is most likely, and how like it is there: 1 the same, 0 nothing in common."""

    score: float
    begins: float
    """Second of what was heard."""
    ends: float


@dataclass(frozen=True, slots=True)
class Sentences:
    """What people say: 8 kHz, 16-bit mono."""

    yes_or_no: bytes
    """The caller's answer to the bot: no."""
    caller: tuple[bytes, bytes]
    agent: bytes
    human: bool
    """Recordings of people; else espeak's voices."""


_RECORDED = ("vm-no", "do-not-disturb", "please-try-again", "queue-thankyou")
_SPOKEN = (
    ("No.", "en-us"),
    ("Do not disturb.", "en-us"),
    ("Please try that again.", "en-us"),
    ("Thank you for your patience.", "en-us+f2"),
)


def sentences(data: Path | None) -> Sentences:
    """Recordings of people from the evaluation data (speech_en/asterisk_prompts), or espeak's without it.

    Raises:
        EngineError: neither is there.
    """
    folder = data / "speech_en" / "asterisk_prompts" / "wav" if data is not None else Path()
    files = [folder / f"{name}.wav" for name in _RECORDED]
    recorded = data is not None and all(file.is_file() for file in files)
    if recorded:
        no, first, second, agent = (mono(file) for file in files)
    else:
        no, first, second, agent = (spoken(text, voice) for text, voice in _SPOKEN)
    return Sentences(no, (first, second), agent, recorded)


def mono(path: Path) -> bytes:
    """A recording at the line's rate."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")[:: file.getnchannels()]
        return at_line(samples.tobytes(), file.getframerate())


def spoken(text: str, voice: str) -> bytes:
    chunks = list(open_voice("espeak").synthesise(Utterance(text, "en-US", voice=voice)))
    return at_line(b"".join(chunk.pcm for chunk in chunks), chunks[0].rate)


def at_line(pcm: bytes, rate: int) -> bytes:
    """16-bit mono of any rate at the line's."""
    if rate == RATE or not pcm:
        return pcm
    return to_pcm(resample(np.frombuffer(pcm, "<i2").astype(np.float32), rate, RATE))


def sides(path: Path) -> tuple[bytes, bytes]:
    """Of a call's recording: the caller's, and what the caller was given to hear."""
    with wave.open(str(path)) as file:
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return both[:, 0].tobytes(), both[:, 1].tobytes()


def write(path: Path, pcm: bytes, rate: int = RATE) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(pcm)


def seconds(pcm: bytes) -> float:
    return len(pcm) / 2 / RATE


def cut(pcm: bytes, begins: float, ends: float) -> bytes:
    last = len(pcm) if ends == math.inf else 2 * max(0, round(ends * RATE))
    return pcm[2 * max(0, round(begins * RATE)) : last]


def bands(pcm: bytes) -> NDArray[np.float64]:
    """Looks × bands, decibels over the floor."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768.0
    hop = round(HOP * RATE)
    if len(samples) < _WINDOW:
        return np.zeros((0, len(_EDGES) - 1))
    frames = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2 / (_WINDOW / 2) ** 2
    place = np.searchsorted(_EDGES, np.fft.rfftfreq(_WINDOW, 1 / RATE)) - 1
    energy = np.stack([power[:, place == band].sum(axis=1) for band in range(len(_EDGES) - 1)], axis=1)
    told: NDArray[np.float64] = 10.0 * np.log10(np.maximum(energy, _FLOOR) / _FLOOR)
    return told


def find(known: bytes, heard: bytes) -> Found:
    """The most likely place of a known sound in what was heard; score 0 where that is shorter than the sound."""
    found = find_all(known, heard, least=-1.0, most=1)
    return found[0] if found else Found(0.0, 0.0, 0.0)


def find_all(known: bytes, heard: bytes, *, least: float = ABSENT, most: int = 100) -> list[Found]:
    """Places where it is that likely, none over another, the likeliest first."""
    known = trimmed(known)
    lasts = seconds(known) + LATE
    size = round(lasts / HOP)
    scores = _scores(known, heard)
    found: list[Found] = []
    while len(scores) and scores.max() >= least and len(found) < most:
        best = int(np.argmax(scores))
        found.append(Found(float(scores[best]), best * HOP, best * HOP + lasts))
        scores[max(0, best - size) : best + size] = -2.0
    return found


def _scores(known: bytes, heard: bytes) -> NDArray[np.float64]:
    """How like the sound what begins at each look is: the mean of its pieces, each of which may come late."""
    count = max(1, round(seconds(known) / PIECE))
    step = seconds(known) / count
    given = bands(heard)
    rows = [_correlation(bands(cut(known, n * step, (n + 1) * step)), given) for n in range(count)]
    looks = len(rows[-1]) - round((count - 1) * step / HOP)
    if looks <= 0:
        return np.zeros(0)
    total: NDArray[np.float64] = np.zeros(looks)
    late = round(LATE / HOP)
    for number, row in enumerate(rows):
        later = np.concatenate([row[round(number * step / HOP) :], np.full(late + looks, -1.0)])
        total += np.lib.stride_tricks.sliding_window_view(later, late + 1)[:looks].max(axis=1)
    return total / count


def _correlation(wanted: NDArray[np.float64], given: NDArray[np.float64]) -> NDArray[np.float64]:
    """Normalised, by the look of `given` at which `wanted` begins."""
    size = len(wanted)
    if not size or len(given) < size:
        return np.zeros(0)
    wanted = wanted - wanted.mean(axis=0)
    product = np.sum([np.correlate(given[:, band], wanted[:, band], "valid") for band in range(given.shape[1])], axis=0)
    total = np.cumsum(np.vstack([np.zeros((1, given.shape[1])), given]), axis=0)
    square = np.cumsum(np.concatenate([[0.0], (given**2).sum(axis=1)]))
    sums = total[size:] - total[:-size]
    spread = square[size:] - square[:-size] - (sums**2).sum(axis=1) / size
    wanted_spread = float((wanted**2).sum())
    # what is nearly silent is like nothing: less than a hundredth of the sound's own spread
    scores: NDArray[np.float64] = product / np.sqrt(np.maximum(spread, wanted_spread / 100) * wanted_spread)
    return scores


def trimmed(pcm: bytes) -> bytes:
    """Without the quiet before and after."""
    samples = np.frombuffer(pcm, "<i2")
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 300)
    return samples[loud[0] : loud[-1] + 1].tobytes() if len(loud) else pcm


def loud_seconds(pcm: bytes, *, since: float, apart_from: Sequence[Found], level: float = -45.0) -> float:
    """Seconds of 20 ms frames over a level (dB of full scale), outside the places named and 0.3 s around them."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64) / 32768.0
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    counted = 10.0 * np.log10((frames**2).mean(axis=1) + 1e-12) > level
    counted[: max(0, round(since * 50))] = False
    for place in apart_from:
        counted[max(0, round((place.begins - 0.3) * 50)) : round((place.ends + 0.3) * 50)] = False
    return float(counted.sum()) * 0.02
