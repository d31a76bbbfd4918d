"""Sound of any length to words, utterance by utterance: cut at pauses, or where the owner of the sound says.

Blocking and without a clock: times are those of the sound itself. For whoever wants ears without a bot; the ears of a
call are huashu.voice.ears.
"""

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from huashu.asr.engine import NO_DETAILS, Details, Recogniser, Stream, details
from huashu.core.audio import FRAME_SECONDS, RATES, frame_bytes
from huashu.core.errors import EngineError
from huashu.core.events import Heard
from huashu.core.expect import Choice, Expectation
from huashu.voice.resample import Resampler
from huashu.voice.vad import CallVad, shared_model

PAUSE = 0.6
"""Seconds of quiet that end an utterance."""
LONGEST = 28.0
"""Seconds after which an utterance without a pause is cut: recognisers read at most 30 s at once."""
_BEFORE = 15
"""Frames kept from before a voice is noticed: detection takes up to 0.12 s, soft first sounds as much again."""
_TOGETHER = 5
"""Frames handed to the recogniser at once: 0.1 s."""


@dataclass(frozen=True, slots=True)
class Reading:
    heard: Heard
    begin: float
    """Second of the sound at which the utterance began …"""
    end: float
    """… and how far this reading goes."""
    details: Details = NO_DETAILS
    """Of a final one, times by the second of the sound."""


def expecting(language: str, phrases: tuple[str, ...] = (), *, closed: bool = False) -> Expectation:
    """What a recogniser is told of sound that belongs to no script. closed: nothing but one of `phrases` is said."""
    if closed and phrases:
        choices = tuple(Choice(phrase, (phrase,)) for phrase in phrases)
        return Expectation("speech", kind="choice", choices=choices, phrases=phrases, language=language)
    return Expectation("speech", phrases=phrases, language=language)


class Dictation:
    """Args:
    rate: of the sound that will be given, samples a second.
    pauses: utterances end at pauses as well as at `end`; voice without words is then left out.
    partials: tell what an utterance says so far.
    more: tell what else the recogniser knows of a final reading: times of words, emotion. With Whisper that is work.

    Raises:
        EngineError: the recogniser does not serve the language or the phrases.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        expect: Expectation,
        *,
        rate: int,
        pauses: bool = True,
        partials: bool = True,
        more: bool = True,
    ) -> None:
        self._more = more
        self._recogniser = recogniser
        self._expect = expect
        self._partials = partials
        self._rate = recogniser.capabilities.rate
        if self._rate not in RATES:
            raise EngineError(f"{recogniser.capabilities.name} wants {self._rate} samples a second; 8000 or 16000 can")
        self._given = rate
        self._resampler = Resampler(rate, self._rate)
        self._stream: Stream | None = recogniser.stream(expect, expect.language)  # refuses a language before any sound
        self._size = frame_bytes(self._rate)
        self._rest = b""
        self._waiting: list[bytes] = []
        self._before: deque[bytes] = deque(maxlen=_BEFORE)
        self._frames = 0
        self._begun: int | None = None
        """The frame the open utterance began at."""
        self._quiet = 0
        self._busy = threading.Lock()
        self._vad = CallVad(shared_model(self._rate)) if pauses else None

    def feed(self, pcm: bytes) -> Iterator[Reading]:
        """16-bit mono sound of any length. Raises EngineError or LimitError when the recogniser does."""
        with self._busy:
            yield from self._take(self._resampler.feed(pcm))

    def end(self) -> Iterator[Reading]:
        """The utterance is over, wherever the sound stands; nothing when there was no sound since the last one."""
        with self._busy:
            yield from self._take(self._resampler.feed(b"", last=True))
            self._resampler = Resampler(self._given, self._rate)
            if self._rest:
                self._waiting.append(self._rest)
                self._rest = b""
            if self._begun is not None:
                yield from self._finish()

    def close(self) -> None:
        """Gives back what it held, when a `feed` in another thread is through. May be called twice."""
        with self._busy:
            if self._vad is not None:
                self._vad.close()

    def _take(self, pcm: bytes) -> Iterator[Reading]:
        sound = self._rest + pcm
        whole = len(sound) // self._size * self._size
        self._rest = sound[whole:]
        for start in range(0, whole, self._size):
            yield from self._frame(sound[start : start + self._size])

    def _frame(self, frame: bytes) -> Iterator[Reading]:
        voice = self._vad is None or self._vad.feed(np.frombuffer(frame, "<i2"))
        self._frames += 1
        if self._begun is None:
            if not voice:
                self._before.append(frame)
                return
            self._waiting.extend(self._before)
            self._begun = self._frames - 1 - len(self._before)
            self._before.clear()
        self._waiting.append(frame)
        self._quiet = 0 if voice else self._quiet + 1
        if len(self._waiting) >= _TOGETHER:
            yield from self._hand_over()
        if self._vad is None:
            return
        if self._quiet * FRAME_SECONDS >= PAUSE or (self._frames - self._begun) * FRAME_SECONDS >= LONGEST:
            yield from self._finish()

    def _hand_over(self) -> Iterator[Reading]:
        pcm = b"".join(self._waiting)
        self._waiting.clear()
        heard = self._listening().accept(pcm) if pcm else None
        if heard is not None and self._partials:
            yield self._reading(heard)

    def _finish(self) -> Iterator[Reading]:
        yield from self._hand_over()
        stream, self._stream = self._listening(), None
        reading = self._reading(stream.finish())
        if self._more:
            reading = replace(reading, details=_from(reading.begin, details(stream)))
        self._begun = None
        self._quiet = 0
        if reading.heard.text or self._vad is None:
            yield reading

    def _listening(self) -> Stream:
        if self._stream is None:
            self._stream = self._recogniser.stream(self._expect, self._expect.language)
        return self._stream

    def _reading(self, heard: Heard) -> Reading:
        begun = self._begun or 0
        return Reading(heard, round(begun * FRAME_SECONDS, 3), round(self._frames * FRAME_SECONDS, 3))


def _from(begin: float, told: Details) -> Details:
    """Times of an utterance as times of the sound that it begins in."""
    words = (replace(word, begin=round(begin + word.begin, 3), end=round(begin + word.end, 3)) for word in told.words)
    return replace(told, words=tuple(words))
