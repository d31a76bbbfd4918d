"""How a line is played in virtual time: one after the other, paused by a voice, ended by words or by the engine."""

import re
from dataclasses import dataclass

from huashu.core.actions import Say
from huashu.core.events import PlaybackEnded, PlaybackStarted
from huashu.core.expect import NOTHING, Expectation
from huashu.nlu.text import is_backchannel, normal

CHARACTERS_PER_SECOND = 4.5
"""Of Mandarin on the telephone: broadcast pace is 5 to 6, service calls are slower."""
WORDS_PER_SECOND = 2.7
"""Of English: about 160 words a minute."""
SHORTEST = 0.3
"""Seconds of the shortest utterance."""

_WORD = re.compile(r"[A-Za-z']+")
_HAN = re.compile(r"[㐀-鿿]|\d")


def seconds_of(text: str) -> float:
    """How long a person takes to say it: every Han character and digit, every English word."""
    return max(SHORTEST, len(_HAN.findall(text)) / CHARACTERS_PER_SECOND + len(_WORD.findall(text)) / WORDS_PER_SECOND)


def _seconds(say: Say) -> float:
    """Recordings keep their own speed, whatever the caller has asked for."""
    if not say.parts:
        return seconds_of(say.spoken or say.text) / (say.rate if say.audio is None else 1.0)
    spoken = "".join(part.text for part in say.parts if part.audio is None)
    return seconds_of(say.spoken or say.text) + (1.0 / say.rate - 1.0) * (seconds_of(spoken) if spoken else 0.0)


def takes_the_turn(text: str, say: Say, expect: Expectation = NOTHING) -> bool:
    """Whether words spoken over a line stop it: the rules of huashu.voice.turns and huashu.voice.backchannel.

    expect: of the open question, for a line that its words stop.
    """
    match say.barge_in.kind:
        case "off" | "dtmf":
            return False
        case "hotword":
            own = (*(way for choice in expect.choices for way in choice.spoken), *expect.phrases)
            said = normal(text)
            return any(normal(word) in said for word in say.barge_in.hotwords or own)
        case "speech" | "words":
            least = say.barge_in.words if say.barge_in.kind == "words" else 1
            return len(_HAN.findall(text)) + len(_WORD.findall(text)) >= least and not is_backchannel(text)


def reaches(text: str, track: "Track", now: float, expect: Expectation) -> bool:
    """Whether words spoken over a line that plays are handed to the bot at all. What "off" keeps away is its matter."""
    barge_in = track.say.barge_in
    if barge_in.kind == "off":
        return True
    if track.position(now) < barge_in.protected:
        return False
    return barge_in.kind == "speech" or takes_the_turn(text, track.say, expect)


@dataclass(slots=True)
class Track:
    """A line in the queue."""

    say: Say
    seconds: float
    played: float = 0.0
    """Seconds played before the present stretch."""
    since: float | None = None
    """Start of the present stretch; None while it waits or is paused."""

    def position(self, now: float) -> float:
        return self.played + (now - self.since if self.since is not None else 0.0)

    def share(self, now: float) -> float:
        return min(1.0, self.position(now) / self.seconds)


class Loudspeaker:
    """Every method that takes `now` is called with times that never run backwards."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self.held = False
        """No new line begins: words that stopped one have not been dealt with yet."""
        self.voice = False
        """The caller speaks: a line that a voice may pause does not begin."""

    def __bool__(self) -> bool:
        """Something plays, is paused or waits."""
        return bool(self._tracks)

    @property
    def first(self) -> Track | None:
        return self._tracks[0] if self._tracks else None

    @property
    def playing(self) -> Track | None:
        """The first line once it has begun, paused or not."""
        track = self.first
        return track if track is not None and (track.since is not None or track.played) else None

    def add(self, say: Say) -> None:
        self._tracks.append(Track(say, _seconds(say)))

    def begin(self, now: float) -> PlaybackStarted | None:
        """Play the first line if it has not begun."""
        track = self.first
        if self.held or track is None or track.since is not None or track.played:
            return None
        if self.voice and _pauses(track.say, 0.0):
            return None
        track.since = now
        return PlaybackStarted(track.say.id)

    def due(self, now: float) -> float | None:
        """When the line that plays ends by itself."""
        track = self.first
        return None if track is None or track.since is None else now + track.seconds - track.position(now)

    def remaining(self, now: float) -> float:
        """Seconds of all that is still to be played."""
        return sum(track.seconds - track.position(now) for track in self._tracks)

    def finish(self) -> PlaybackEnded:
        """The line that plays has come to its end."""
        return PlaybackEnded(self._tracks.pop(0).say.id)

    def stop(self, say: str, now: float) -> PlaybackEnded | None:
        """End one line here, wherever it stands; None when it is over already."""
        track = next((track for track in self._tracks if track.say.id == say), None)
        if track is None:
            return None
        self._tracks.remove(track)
        return PlaybackEnded(say, track.share(now))

    def pause(self, now: float) -> Track | None:
        """The caller's voice pauses a line that may be interrupted; that line."""
        track = self.first
        if track is None or track.since is None:
            return None
        if not _pauses(track.say, track.position(now)):
            return None
        track.played, track.since = track.position(now), None
        return track

    def resume(self, track: Track, now: float) -> None:
        track.since = now

    def plays(self, track: Track) -> bool:
        """Whether it has not been stopped meanwhile."""
        return track in self._tracks


def _pauses(say: Say, position: float) -> bool:
    """Whether a voice holds the line back so far into it."""
    return say.barge_in.kind in ("speech", "words") and position >= say.barge_in.protected
