"""Where a word of the bot's own sound begins, for a line that goes on after a pause."""

import numpy as np
from numpy.typing import NDArray

_WINDOWS = 200
"""Judgements a second: each is of 5 ms."""
_QUIET = 6
"""Windows in a row: closures within a word are shorter than 30 ms in clear speech, or nearly so."""
_UNDER = 0.06
"""Of the loudest window: -24 dB. Voices leave some breath between words, recordings their room."""


def between_words(sound: NDArray[np.int16], rate: int) -> int | None:
    """Samples before the end of `sound` at which its last quiet place ends: there the last word begins.

    None: it has none, or nothing but that; a hum, or a silence, is no word.
    """
    size = rate // _WINDOWS
    windows = sound[len(sound) % size :].reshape(-1, size).astype(np.float32)
    level = np.abs(windows).max(axis=1) if len(windows) else np.zeros(0, np.float32)
    loud = level > max(float(level.max(initial=0.0)) * _UNDER, 1.0)
    if not loud.any():
        return None
    quiet = np.convolve(~loud, np.ones(_QUIET), "valid") >= _QUIET
    found = np.flatnonzero(quiet)
    if not len(found):
        return None
    return int(len(level) - found[-1] - _QUIET) * size
