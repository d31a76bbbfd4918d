"""The recording that answered a call is played again: what comes in has been there before, wave for wave.

Announcements are repeated until the caller hangs up, menus when nobody presses a key. People say a thing twice, too,
but not with the same waves: 0.6 s of voice between 300 and 1,700 Hz are compared, by normalised cross-correlation,
with what the far side said first. So this needs no words and knows no language; `bench/machine_detection.py --again`
has the figures of both.

Only what was said first counts, up to the first pause in which an answer is waited for: who says a word and then puts
the line on hold, where something plays over and over, is a person. The bot's own lines are recordings as well, and may
come back as echo: where it sounded both times, nothing is concluded. Nor is it from a sound that is like itself all the
time: tones, buzzing, a held note. Pure: sound in, yes or no.
"""

import numpy as np
from numpy.typing import NDArray

_RATE = 8000
_STEP = 2
"""Of the band's samples every second is kept."""
_FRAME = _RATE // 50 // _STEP
"""Samples kept of 20 ms."""
_WINDOW = 30
"""Frames that are compared at a time: 0.6 s. Of 0.4 s the same word by one speaker is up to 0.8 alike."""
_VOICED = 0.7
"""Share of them that must hold a voice."""
_APART = 20
"""Frames that lie between the two at least: what goes on is not what comes again."""
_PAUSE = 50
"""Frames without a voice behind which what was said first is over: 1 s."""
_LONGEST = 25 * 50
"""Frames that are remembered: as long as it is looked for who answers (huashu.voice.answer)."""
_SAME = 0.92
"""Correlation from which it is the same recording: one who begins a command after another with 想听歌曲 has 0.85 …"""
_LIKELY = 0.75
"""… and from which it is when the stretch before was as much alike after the same time, within …"""
_OFF = 8
"""… so many samples kept, 2 ms."""
_WORTH = 0.5
"""Correlation from which a closer look is taken: halfway between two samples the same recording has some 0.75."""
_OWN = 0.5
"""Share of the frames over which the bot may have sounded both times."""
_STEADY = 0.7
"""Correlation with itself, a little later, from which a sound is a steady one …"""
_LATER = (200, 1200)
"""… that is, 50 to 300 ms: pitch is faster, syllables are slower to come again."""
_BAND = (300.0, 1700.0)
_TAPS = 63


def _band_pass() -> NDArray[np.float32]:
    """Of that band, by a windowed sinc (Hamming)."""
    n = np.arange(_TAPS) - _TAPS // 2
    low, high = (2 * edge / _RATE for edge in _BAND)
    taps: NDArray[np.float32] = ((high * np.sinc(high * n) - low * np.sinc(low * n)) * np.hamming(_TAPS)).astype("f4")
    return taps


_PASS = _band_pass()


class Repetition:
    """Of one line, from the answer on.

    Args:
        rate: 8000, or 16000 of which every second sample is taken.
    """

    def __init__(self, rate: int = _RATE) -> None:
        self._skip = rate // _RATE
        self._rest: NDArray[np.float32] = np.zeros(_TAPS - 1, np.float32)
        """The last samples that came in, for the filter."""
        self._kept = np.zeros(_LONGEST * _FRAME, np.int16)
        self._voiced: NDArray[np.bool_] = np.zeros(_LONGEST, np.bool_)
        self._own: NDArray[np.bool_] = np.zeros(_LONGEST, np.bool_)
        self._frames = 0
        self._last_voice: int | None = None
        self._first: int | None = None
        """Frames up to the end of what was said first, once it is over."""
        self._compared = 0
        """Frames up to the last comparison."""
        self._likely: int | None = None
        """Samples kept between the stretch compared last and what was like it."""

    def feed(self, frame: NDArray[np.int16], *, voice: bool, own: bool) -> bool:
        """The next 20 ms, whether they hold a voice, and whether the bot may be heard in them as its own echo; whether
        it is now certain that a recording has begun again."""
        if self._frames >= _LONGEST:
            return False
        whole = np.concatenate((self._rest, frame[:: self._skip].astype(np.float32)))
        self._rest = whole[1 - _TAPS :]
        at = self._frames
        band = np.convolve(whole, _PASS, "valid")[::_STEP]
        self._kept[at * _FRAME : (at + 1) * _FRAME] = np.clip(band, -32768, 32767)
        self._voiced[at], self._own[at] = voice, own
        self._frames += 1
        last = self._last_voice
        if last is not None and self._first is None and at - last > _PAUSE:
            self._first = last + 1
        if not voice:
            return False
        self._last_voice = at
        if self._frames - self._compared < _WINDOW:
            return False
        if self._voiced[max(0, self._frames - _WINDOW) : self._frames].sum() < _VOICED * _WINDOW:
            return False
        self._compared = self._frames
        return self._again()

    def _again(self) -> bool:
        """Whether the last frames are some earlier ones."""
        begin = self._frames - _WINDOW
        sound = self._kept[begin * _FRAME : self._frames * _FRAME].astype(np.float32)
        end = begin - _APART if self._first is None else min(begin - _APART, self._first)
        before = self._kept[: max(0, end) * _FRAME].astype(np.float32)
        likely, self._likely = self._likely, None
        if len(before) < len(sound) or not sound.any() or _steady(sound):
            return False
        alike = _correlation(sound, before)
        place = int(np.argmax(alike))
        if alike[place] < _LIKELY:
            return False
        self._likely = begin * _FRAME - place
        if alike[place] < _SAME and (likely is None or abs(self._likely - likely) > _OFF):
            return False
        then = slice(place // _FRAME, place // _FRAME + _WINDOW)
        return bool((self._own[then] & self._own[begin : self._frames]).mean() <= _OWN)


def _steady(sound: NDArray[np.float32]) -> bool:
    nearest, farthest = _LATER
    length = len(sound) - farthest
    return bool(_correlation(sound[:length], sound[nearest:]).max() >= _STEADY)


def _correlation(sound: NDArray[np.float32], within: NDArray[np.float32]) -> NDArray[np.float32]:
    """Normalised, of the one with each stretch of the other. A recording is not played again on the same sample, and
    what is kept is too coarse for that: where it may be one, the better of a place and halfway to the next counts. A
    stretch that is much quieter counts as that."""
    places = len(within) - len(sound) + 1
    points = 1 << (len(within) + len(sound) - 1).bit_length()
    product = np.fft.rfft(within, points) * np.conj(np.fft.rfft(sound, points))
    energy = float(np.sum(sound.astype(np.float64) ** 2))
    sums = np.concatenate(([0.0], np.cumsum(within.astype(np.float64) ** 2)))
    loudness = np.sqrt(energy * np.maximum(sums[len(sound) :] - sums[: -len(sound)], 0.01 * energy))
    alike: NDArray[np.float32] = (np.fft.irfft(product, points)[:places] / loudness).astype(np.float32)
    if alike.max() < _WORTH:
        return alike
    finer = 2.0 * np.fft.irfft(product, 2 * points)[: 2 * places]
    result: NDArray[np.float32] = (np.maximum(finer[0::2], finer[1::2]) / loudness).astype(np.float32)
    return result
