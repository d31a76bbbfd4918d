"""Who hears whom on a call that people have joined: the caller, the bot, an agent, a colleague, a supervisor.

One frame at a time: what the caller hears is the bot and everybody who is heard by the caller; what each person hears
is everybody else, as far as they listen to them. Sound is added up and clipped, as a telephone bridge does.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huashu.asr.engine import Recogniser
from huashu.core.audio import frame_bytes
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.handoff.line import Audience, Track
from huashu.voice.ears import Ears
from huashu.voice.vad import Detector
from huashu.voice.waiting import WaitingSound

_BY_CALLER = ("caller", "all")
_BY_PEOPLE = ("people", "all")


_PAUSE = 35
"""Frames without voice that end what a person has said: 0.7 s, about the pause between two sentences."""
_LONGEST = 1000
"""Frames after which it is written down in any case: 20 s."""


class Scribe:
    """Writes down what a person on the call says.

    Args:
    detector: of this person's voice; closed with the scribe.
    said: called with each sentence, on the thread of the call.
    pool: where the recogniser runs; None: inline.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        detector: Detector,
        expect: Expectation,
        *,
        rate: int,
        said: Callable[[str], None],
        pool: Executor | None = None,
    ) -> None:
        self._detector = detector
        self._expect = expect
        self._said = said
        self._ears = Ears(recogniser, rate=rate, partial=lambda heard: None, final=self._heard, pool=pool)
        self._open = False
        self._length = self._quiet = 0

    def feed(self, pcm: bytes) -> None:
        voice = self._detector.feed(np.frombuffer(pcm, "<i2"))
        if voice and not self._open:
            self._open, self._length = True, 0
            self._ears.open(self._expect)
        self._ears.feed(pcm)
        self._length += 1
        self._quiet = 0 if voice else self._quiet + 1
        if self._open and (self._quiet >= _PAUSE or self._length >= _LONGEST):
            self._open = False
            self._ears.close()

    def close(self) -> None:
        """The person has left: what they said last still comes."""
        if self._open:
            self._ears.close()
        self._detector.close()

    def _heard(self, heard: Heard) -> None:
        if heard.text.strip():
            self._said(heard.text)


@dataclass(slots=True)
class _Person:
    track: Track
    hears: Audience
    heard_by: Audience
    scribe: Scribe | None = None


class Conference:
    """The people on one call.

    Args:
    rate: samples a second of the call.
    scribe: who writes down what a person says to the caller; None: nobody.
    waiting: what a caller hears while nobody is there; None: silence.
    """

    def __init__(
        self, rate: int, *, scribe: Callable[[str], Scribe] | None = None, waiting: WaitingSound | None = None
    ) -> None:
        self._silence = bytes(frame_bytes(rate))
        self._people: list[_Person] = []
        self._scribe = scribe
        self._waiting = waiting

    def bridge(self, track: Track, *, hears: Audience, heard_by: Audience) -> None:
        """Put a person on the call, or change what they hear and who hears them."""
        for person in self._people:
            if person.track is track:
                person.hears, person.heard_by = hears, heard_by
                return
        self._people.append(_Person(track, hears, heard_by))

    def unbridge(self, track: Track) -> None:
        """Of no effect for one who is not on the call."""
        for person in [person for person in self._people if person.track is track]:
            self._people.remove(person)
            if person.scribe is not None:
                person.scribe.close()

    def close(self) -> None:
        for person in list(self._people):
            self.unbridge(person.track)

    @property
    def attending(self) -> bool:
        """Somebody is on the call whom the caller hears."""
        return any(person.heard_by in _BY_CALLER for person in self._people)

    def exchange(self, caller: bytes, bot: bytes, *, awaited: bool, hold_back: bool = False) -> bytes:
        """20 ms, 16-bit mono PCM: each person is given what they are to hear; what the caller is to hear is returned.

        awaited: the caller waits for a person, or is a person's. hold_back: the caller hears no person yet, for the bot
        says who will speak; people hear that.
        """
        if not self._people and not awaited:
            return bot
        said = [(person, person.track.take()) for person in self._people]
        for person in self._people:
            heard = [caller, bot] if person.hears in _BY_CALLER else []
            if person.hears in _BY_PEOPLE:
                heard += [
                    sound
                    for other, sound in said
                    if other is not person and sound is not None and other.heard_by in _BY_PEOPLE
                ]
            person.track.give(self._mixed(heard))
        to_caller = [(person, sound) for person, sound in said if person.heard_by in _BY_CALLER and not hold_back]
        for person, sound in to_caller:
            self._write_down(person, sound if sound is not None else self._silence)
        if awaited and not to_caller and self._waiting is not None and bot == self._silence:
            return self._waiting.frame()
        if self._waiting is not None:
            self._waiting.rewind()
        return self._mixed([bot, *(sound for _, sound in to_caller if sound is not None)])

    def _write_down(self, person: _Person, sound: bytes) -> None:
        if person.scribe is None and self._scribe is not None:
            person.scribe = self._scribe(person.track.name)
        if person.scribe is not None:
            person.scribe.feed(sound)

    def _mixed(self, sounds: list[bytes]) -> bytes:
        sounds = [sound for sound in sounds if sound != self._silence]
        if not sounds:
            return self._silence
        if len(sounds) == 1:
            return sounds[0]
        total: NDArray[np.int32] = np.zeros(len(self._silence) // 2, np.int32)
        for sound in sounds:
            total += np.frombuffer(sound, "<i2")
        mixed: bytes = np.clip(total, -32768, 32767).astype("<i2").tobytes()
        return mixed
