"""A line put together: recordings and values in one voice's place, as loud as each other, without clicks.

Loudness is that of ITU-R BS.1770-4 (K-weighting, gates of -70 and of -10 LU under the ungated level) over blocks of
0.1 s instead of 0.4: a spliced digit is shorter than that. What is joined is first freed of the quiet around it, so
that the pauses are those that the text asks for.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

_BLOCK, _STEP = 0.1, 0.025
"""Seconds."""
_ABSOLUTE, _RELATIVE = -70.0, -10.0
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""Coefficients (b, a) of BS.1770-4's tables 1 and 2, for 48,000 samples a second."""
_REFERENCE_RATE = 48000
MOST_GAIN, MOST_LOSS = 12.0, 30.0
"""dB: what is further under the others is no recording of the same kind, and its noise would come up with it."""
_QUIET_UNDER = 40.0
"""dB under a sound's loudest moment at which it is silence …"""
_QUIETEST = 10 ** (-60 / 20)
"""… but never louder than this."""
_EDGE = 0.02
"""Seconds of that silence that stay: the release of a "t", the breath of an "h"."""
_FADE = 0.005
"""Seconds; shorter ones are heard as clicks, longer ones cut into consonants."""
_KNEE = np.float32(0.7)
"""Of full scale: peaks above it are bent, those below stay as they are."""
WITHIN: Final = 0.04
"""Seconds of pause between two parts of one phrase."""
BETWEEN_WORDS: Final = 0.02
"""Between two recorded words."""
_PAUSES: Final = (("。！？!?；;…\n", 0.3), ("，,、：:", 0.15))
_MARK: Final = re.compile(r"[\s，,、：:。！？!?；;…“”\"'（）()·—-]+|\.(?=\s|$)")


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A recording ready to be joined: without the quiet around it."""

    sound: Sound
    loudness: float | None
    """None: nothing that can be heard."""


def unit(sound: Sound, rate: int) -> Unit:
    bare = sound[slice(*ends(sound, rate))]
    return Unit(bare, loudness(bare, rate))


def ends(sound: Sound, rate: int) -> tuple[int, int]:
    """First sample and the one behind the last, without the quiet at the ends."""
    level = np.abs(sound)
    over = np.flatnonzero(level > max(float(level.max(initial=0.0)) * 10 ** (-_QUIET_UNDER / 20), _QUIETEST))
    if not len(over):
        return 0, 0
    edge = round(_EDGE * rate)
    return max(0, int(over[0]) - edge), min(len(sound), int(over[-1]) + 1 + edge)


def loudness(sound: Sound, rate: int) -> float | None:
    """Of speech, in LKFS (a mono sine of full scale at 1 kHz has -3). None: all of it is under -70."""
    size, step = round(_BLOCK * rate), round(_STEP * rate)
    padded = np.pad(sound, (0, max(0, size - len(sound))))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, size)[::step]
    power = _power(blocks, rate)
    heard = power[power > 10 ** ((_ABSOLUTE + 0.691) / 10)]
    if not len(heard):
        return None
    gated = heard[heard > heard.mean() * 10 ** (_RELATIVE / 10)]
    return float(-0.691 + 10 * math.log10(gated.mean()))


def together(units: Sequence[Unit]) -> float | None:
    """Loudness of several as one, by their lengths."""
    heard = [(10 ** (one.loudness / 10), len(one.sound)) for one in units if one.loudness is not None]
    whole = sum(length for _, length in heard)
    return 10 * math.log10(sum(power * length for power, length in heard) / whole) if whole else None


def joined(piece: Unit, wanted: float | None, rate: int) -> Sound:
    """A unit as loud as wanted, its edges faded; peaks over full scale are rounded off, not clipped."""
    if piece.loudness is None or not len(piece.sound):
        return np.zeros(0, np.float32)
    gain = 0.0 if wanted is None else min(MOST_GAIN, max(-MOST_LOSS, wanted - piece.loudness))
    sound = _rounded(piece.sound * np.float32(10 ** (gain / 20)))
    fade = min(round(_FADE * rate), len(sound) // 2)
    slope = (0.5 - 0.5 * np.cos(np.pi * (np.arange(fade) + 0.5) / max(1, fade))).astype(np.float32)
    sound[:fade] *= slope
    sound[len(sound) - fade :] *= slope[::-1]
    return sound


def _rounded(sound: Sound) -> Sound:
    """Peaks bent under full scale: a voice of few, high peaks could otherwise not be as loud as one of many."""
    level = np.abs(sound)
    over = level > _KNEE
    if over.any():
        room = np.float32(0.99 - _KNEE)
        sound = np.where(over, np.sign(sound) * (_KNEE + room * np.tanh((level - _KNEE) / room)), sound)
    return np.asarray(sound, np.float32)


def pause(before: str, behind: str) -> float:
    """Seconds between two parts, by the marks where the texts meet."""
    marks = (_tail(before) or "") + (_head(behind) or "")
    return next((seconds for signs, seconds in _PAUSES if any(sign in signs for sign in marks)), WITHIN)


def spelled(text: str, words: Mapping[str, Path]) -> list[tuple[float, Path]] | None:
    """Recordings of words, the longest first at each place, that together say a text, each with the seconds of pause
    before it; None when it cannot be said.

    words: by how they are written, in lower case.
    """
    longest = max(map(len, words), default=0)
    found: list[tuple[float, Path]] = []
    rest, quiet = text.casefold(), 0.0
    while rest:
        mark = _MARK.match(rest)
        if mark is not None:
            rest = rest[mark.end() :]
            quiet = BETWEEN_WORDS if mark[0].isspace() else pause(mark[0], "")
            continue
        word = next((rest[:size] for size in range(min(longest, len(rest)), 0, -1) if _said(rest, size, words)), None)
        if word is None:
            return None
        found.append((quiet if found else 0.0, words[word]))
        rest, quiet = rest[len(word) :], BETWEEN_WORDS
    return found


def _said(rest: str, size: int, words: Mapping[str, Path]) -> bool:
    """Whether the text begins with such a word; Latin ones end where a word ends."""
    broken = rest[size - 1 : size + 1].isascii() and rest[size - 1 : size + 1].isalpha() and size < len(rest)
    return rest[:size] in words and not broken


def _tail(text: str) -> str | None:
    found = re.search(r"[\W_]+$", text)
    return found[0] if found else None


def _head(text: str) -> str | None:
    found = re.match(r"[\W_]+", text)
    return found[0] if found else None


def _power(blocks: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """Mean square of each block behind the K-weighting, by its spectrum (Parseval)."""
    size = blocks.shape[1]
    spectrum = np.abs(np.fft.rfft(blocks, axis=1)) ** 2
    spectrum[:, 1 : size // 2 + size % 2] *= 2.0
    return np.asarray((spectrum * _weights(size, rate)).sum(axis=1) / size**2, np.float64)


@lru_cache(8)
def _weights(size: int, rate: int) -> NDArray[np.float64]:
    """Power response of the K-weighting at the frequencies of a spectrum."""
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size, 1.0 / rate) / _REFERENCE_RATE)
    response = np.ones(len(z), np.complex128)
    for b, a in (_SHELF, _HIGH_PASS):
        response *= (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)
    return np.asarray(np.abs(response) ** 2, np.float64)
