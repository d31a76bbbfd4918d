"""Streaming around engines that read a whole utterance at once: sound is kept and read again while it grows.

A partial tells only what two readings in a row agree on (local agreement: D. Macháček et al., "Turning Whisper into
Real-Time Transcription System", 2023): words that are shown are seldom taken back. The time between readings grows with
the utterance, which bounds the cost of all of them to a few times that of the last.
"""

import re
from collections.abc import Callable
from typing import Final, Protocol, runtime_checkable

import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from huashu.asr.engine import Details, Word
from huashu.asr.utterance import Utterance
from huashu.core.events import Heard
from huashu.core.expect import Expectation

LONGEST: Final = 30.0
"""Seconds of one utterance; sound after that is refused, what came before is still read."""
_SHORTEST: Final = 0.1
"""Seconds below which there can be no word."""
_FIRST, _STEP, _GROWTH = 0.6, 0.5, 1.3
"""Seconds of the first reading ahead, least seconds to the next, and its factor on the length so far."""
_WORD: Final = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff]+\s*")

Sound = NDArray[np.float32]
Finding = Callable[[], tuple[Word, ...]]


class Reader(Protocol):
    """An engine that reads a whole utterance. Thread-safe."""

    rate: int
    """Samples a second it wants."""

    def read(self, sound: Sound, expect: Expectation, language: str, *, final: bool) -> Heard:
        """Mono sound, -1 to 1; the words with `final` as told, confidence 0 to 1. Raises EngineError."""


@runtime_checkable
class TellingReader(Reader, Protocol):
    """One that knows more of a final reading than its words."""

    def told(self, sound: Sound, expect: Expectation, language: str) -> tuple[Heard, Details]:
        """Times are seconds of `sound`. Raises EngineError."""


@runtime_checkable
class AligningReader(Reader, Protocol):
    """One that can find the words of a final reading in its sound, which costs about as much as reading it."""

    def aligning(self, sound: Sound, expect: Expectation, language: str) -> tuple[Heard, Finding]:
        """A final reading, and what finds its words; their times are seconds of `sound`. Raises EngineError."""


class BatchStream:
    """One utterance; see huashu.asr.engine.Stream."""

    def __init__(self, reader: Reader, expect: Expectation, language: str, rate: int) -> None:
        """rate: samples a second of the sound that will be given."""
        self._reader = reader
        self._expect = expect
        self._language = language
        self._rate = rate
        self._sound = Utterance(rate, LONGEST)
        self._last = self._told = ""
        self._next = _FIRST
        self._find: Finding = tuple
        self._details: Details | None = None

    def accept(self, pcm: bytes) -> Heard | None:
        """Raises:
        LimitError: more than `LONGEST` seconds; `finish` still reads what came before.
        UsageError: the stream is used up, or a sample is cut in half.
        """
        self._sound.add(pcm)
        length = self._sound.seconds
        if length < self._next:
            return None
        self._next = max(length + _STEP, _GROWTH * length)
        if not self._sound.spoken():
            return None
        heard = self._read(final=False)
        agreed = _agreed(self._last, heard.text)
        self._last = heard.text
        if not agreed or agreed == self._told:
            return None
        self._told = agreed
        return Heard(agreed, final=False, confidence=heard.confidence, language=heard.language)

    def finish(self) -> Heard:
        self._sound.close()
        if self._sound.seconds < _SHORTEST or not self._sound.spoken():
            return Heard("", confidence=0.0, language=self._language)
        if isinstance(self._reader, TellingReader):
            heard, self._details = self._reader.told(self._wanted(), self._expect, self._language)
            return heard
        if isinstance(self._reader, AligningReader):
            heard, self._find = self._reader.aligning(self._wanted(), self._expect, self._language)
            return heard
        return self._read(final=True)

    @property
    def details(self) -> Details:
        """Of the final reading; found when first asked for where that is work of its own."""
        if self._details is None:
            self._details = Details(self._find())
        return self._details

    def _read(self, *, final: bool) -> Heard:
        return self._reader.read(self._wanted(), self._expect, self._language, final=final)

    def _wanted(self) -> Sound:
        """All of the sound, as the engine wants it."""
        sound: Sound = np.frombuffer(bytes(self._sound.pcm), np.int16).astype(np.float32) / np.float32(32768)
        if self._rate != self._reader.rate:
            sound = soxr.resample(sound, self._rate, self._reader.rate, quality="HQ")
        return sound


def _agreed(one: str, two: str) -> str:
    """The words both begin with, as the second has them."""
    first, second = _WORD.findall(one), _WORD.findall(two)
    kept = 0
    for ours, theirs in zip(first, second, strict=False):
        if _plain(ours) != _plain(theirs):
            break
        kept += 1
    return "".join(second[:kept]).strip()


def _plain(word: str) -> str:
    return re.sub(r"[^\w]", "", word).lower()
