"""What the bot says, by the frame: a queue of lines, pause and resume, and the exact ledger of what was played.

Everything here is counted in samples that have left for the line; the clock is the caller's. Each `frame()` is one
20 ms piece of sound; what it brought about (a line's start, a mark, its end) waits in `reports()`, for the session to
collect when the frame has been on the air.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from huashu.core.actions import Say
from huashu.core.audio import FRAME_SECONDS, frame_bytes
from huashu.core.events import PlaybackEnded, PlaybackMark, PlaybackStarted
from huashu.voice.fader import Fader
from huashu.voice.render import Rendering, Renders
from huashu.voice.turns import OnAir
from huashu.voice.words import between_words

Report = PlaybackStarted | PlaybackMark | PlaybackEnded
_MARK_SECONDS = 1.0
STALL = 5.0
"""Seconds without sound after which a line on the air counts as over."""
_FADE = 0.005
"""Seconds over which sound that is broken off dies away, and comes back when it goes on: a bare edge is a click. What
fades out is played again on going on, and is nobody's in the ledger: that counts whole samples up to the break."""
_LONG = 0.25
"""Seconds of pause after which nobody has the beginning of a broken word in the ear any more …"""
_BACK = 1.0
"""… so that it is said again, if it began no longer ago than this. The ledger counts it once."""
_BREATH = 0.2
"""Seconds between two lines: a voice ends its sound with the last syllable."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """An entry of the heard ledger."""

    say: Say
    seconds: float
    """Played, exact to the sample."""
    played: float
    """Share of the line, 0 to 1."""
    heard: str
    """The part of the spoken text that was played, to the character nearest."""


class _Line:
    __slots__ = ("chunk", "heard", "marked", "offset", "played", "rendering", "say", "starved")

    def __init__(self, say: Say, rendering: Rendering) -> None:
        self.say = say
        self.rendering = rendering
        self.chunk = 0
        self.offset = 0
        self.played = 0
        self.marked = 0
        self.starved = 0
        self.heard = (0, 0.0, 0.0)
        """(bytes, share, characters) that were played before a return to the beginning of a word."""

    def take(self, size: int) -> bytes:
        """The next `size` bytes, fewer when no more are there yet."""
        chunks = self.rendering.chunks
        parts = []
        while size and self.chunk < len(chunks):
            pcm = chunks[self.chunk].pcm
            part = pcm[self.offset : self.offset + size]
            self.offset += len(part)
            size -= len(part)
            parts.append(part)
            if self.offset == len(pcm):
                self.chunk, self.offset = self.chunk + 1, 0
        sound = parts[0] if len(parts) == 1 else b"".join(parts)
        self.played += len(sound)
        return sound

    def peek(self, size: int) -> bytes:
        """The same sound without taking it."""
        place = self.chunk, self.offset, self.played
        sound = self.take(size)
        self.chunk, self.offset, self.played = place
        return sound

    def back(self, seconds: float, rate: int) -> None:
        """Return to the last place between two words within so many seconds; stay where there is none."""
        size = round(seconds * rate) * 2
        chunks = self.rendering.chunks
        first, sound = self.chunk, b"" if self.chunk >= len(chunks) else chunks[self.chunk].pcm[: self.offset]
        while first and len(sound) < size:
            first -= 1
            sound = chunks[first].pcm + sound
        step = between_words(np.frombuffer(sound[-size:], "<i2"), rate)
        if not step:
            return
        self.heard = max(self.heard, (self.played, self.share, self.characters))
        self.played -= 2 * step
        place = len(sound) - 2 * step
        while first < len(chunks) and place >= len(chunks[first].pcm):
            place -= len(chunks[first].pcm)
            first += 1
        self.chunk, self.offset = first, place

    @property
    def over(self) -> bool:
        return self.rendering.done and self.played >= self.rendering.size

    @property
    def left(self) -> int:
        """Bytes still to be played, as soon as that is known; else 0."""
        return self.rendering.size - self.played if self.rendering.done else 0

    @property
    def characters(self) -> float:
        """Characters played: whole chunks by their own count, the open one by its share."""
        before, chunks = 0, self.rendering.chunks
        if self.chunk:
            before = chunks[self.chunk - 1].upto
        if self.chunk >= len(chunks):
            return before
        # Chunks of one clause share its end: spread the clause over all of them.
        last = self.chunk
        while last + 1 < len(chunks) and chunks[last + 1].upto == chunks[self.chunk].upto:
            last += 1
        first = self.chunk
        while first and chunks[first - 1].upto == chunks[self.chunk].upto:
            first -= 1
        start = chunks[first - 1].upto if first else 0
        size = sum(len(chunk.pcm) for chunk in chunks[first : last + 1])
        done = sum(len(chunk.pcm) for chunk in chunks[first : self.chunk]) + self.offset
        return start + (chunks[self.chunk].upto - start) * done / size

    @property
    def share(self) -> float:
        """Of the whole line, by samples; while it is still being rendered, its length is judged by characters."""
        rendering = self.rendering
        if rendering.done and not rendering.failed:
            return min(1.0, self.played / rendering.size) if rendering.size else 1.0
        if not rendering.chunks or not rendering.chunks[-1].upto:
            return 0.0
        whole = rendering.size * max(1.0, rendering.characters / rendering.chunks[-1].upto)
        return min(0.99, self.played / whole)


class Playback:
    """The bot's mouth on one line.

    Args:
        renderer: makes the sound.
        rate: of the line.
        stall: seconds a line may owe sound before it is given up.
    """

    def __init__(self, renderer: Renders, *, rate: int, stall: float = STALL) -> None:
        self._renderer = renderer
        self._rate = rate
        self._size = frame_bytes(rate)
        self._silence = bytes(self._size)
        self._stall = round(stall / 0.02)
        self._queue: deque[_Line] = deque()
        self._line: _Line | None = None
        self._paused = False
        self._held = False
        self._waited = 0
        """Frames since the line was paused."""
        self._fade = round(_FADE * rate)
        self._fader = Fader()
        self._dying = b""
        """Sounds on into the next frame: the last breath of a line broken off, or the last piece of one that ends."""
        self._rising = False
        """The next sound goes on where it was broken off."""
        self._breath = 0
        """Frames until the next line may sound."""
        self._reports: list[Report] = []
        self.ledger: list[Spoken] = []
        self.stalls = 0
        """Lines given up because their sound did not come."""

    @property
    def idle(self) -> bool:
        """Nothing is playing or waiting, and all of it has been reported."""
        return self._line is None and not self._queue and not self._reports

    @property
    def owing(self) -> bool:
        """A line is due on the air but has no sound just now."""
        return self._line is not None and not self._paused and self._line.starved > 0

    @property
    def holding(self) -> bool:
        """Something would play, were it not paused or kept back behind a cut line."""
        return (self._paused and self._line is not None) or (self._held and bool(self._queue))

    @property
    def on_air(self) -> OnAir | None:
        line = self._line
        if line is None:
            return None
        position = line.played / (2 * self._rate)
        known = line.rendering.done
        remaining = (line.rendering.size - line.played) / (2 * self._rate) if known else None
        return OnAir(line.say.barge_in, position, remaining, line.say.expects_reply, self._paused, self._fader.down)

    def add(self, say: Say) -> None:
        """Queue a line; its sound begins to be made now."""
        self._queue.append(_Line(say, self._renderer.render(say)))
        self._put_on_air()

    def duck(self) -> None:
        """Play on more softly, until `restore` or `resume`."""
        self._fader.duck()

    def restore(self) -> None:
        """As loud as usual."""
        self._fader.restore()

    def pause(self) -> None:
        if not self._paused:
            self._break_off()
            self._waited = 0
        self._paused = True

    def resume(self) -> None:
        """Go on with the word in which it paused, as loud as usual, and let queued lines through again."""
        self._fader.restore()
        if self._paused and self._line is not None:
            if self._waited * FRAME_SECONDS >= _LONG:
                self._line.back(_BACK, self._rate)
            self._rising = self._line.played > 0 and not self._dying
            self._dying = b""
        self._paused = self._held = False

    def cut(self) -> None:
        """End the line on the air here; lines behind it wait for `resume` or `stop`."""
        self._held = True
        self._stop_line()

    def stop(self, say: str | None = None) -> None:
        """End one line here, on the air or waiting, or all of them (None). Each that was ended reports it."""
        if self._line is not None and say in (None, self._line.say.id):
            self._held = False
            self._stop_line()
        kept: deque[_Line] = deque()
        for line in self._queue:
            if say in (None, line.say.id):
                self._conclude(line, 0.0)
            else:
                kept.append(line)
        self._queue = kept

    def reports(self) -> list[Report]:
        """What has become true since the last call."""
        if not self._reports:
            return []
        ready, self._reports = self._reports, []
        return ready

    def frame(self) -> bytes:
        """The next 20 ms of sound, silence when there is none to play."""
        dying, self._dying = self._dying, b""
        sound = self._next()
        if self._rising and sound:
            self._rising = False
            sound = _ramp(sound[: 2 * self._fade], up=True) + sound[2 * self._fade :]
        if len(sound) < self._size:
            sound += self._silence[len(sound) :]
        return self._fader.apply(_mixed(sound, dying) if dying else sound)

    def _put_on_air(self) -> None:
        """The next line, from its breath on and before its first sound: a voice that is there holds it back."""
        if self._line is None and self._queue and not self._held:
            self._line = self._queue.popleft()

    def _next(self) -> bytes:
        """What the lines bring to this frame, which may be less than a frame."""
        self._put_on_air()
        line = self._line
        if line is None or self._breath:
            self._breath = max(0, self._breath - 1)
            return b""
        if self._paused:
            self._waited += 1
            return b""
        fresh = line.played == 0
        sound = line.take(self._size)
        if 0 < line.left <= self._size // 2:
            self._dying = line.take(line.left)  # so that its end is told in the frame that is nearest to it
        if sound:
            line.starved = 0
            if fresh:
                self._reports.append(PlaybackStarted(line.say.id))
            elif line.played - line.marked >= _MARK_SECONDS * self._rate * 2:
                line.marked = line.played
                self._reports.append(PlaybackMark(line.say.id, line.share))
        if line.over:
            self._end(line.share if line.rendering.failed else 1.0)
            self._breath = round(_BREATH / 0.02)
        elif not sound:
            line.starved += 1
            if line.starved >= self._stall:
                self.stalls += 1
                self._end(line.share)
        return sound

    def _break_off(self) -> None:
        """Whatever sounds now dies away in the next frame instead of going on."""
        if self._line is not None and self._line.played and not self._rising:
            self._dying = _ramp(self._line.peek(2 * self._fade), up=False)

    def _stop_line(self) -> None:
        """The line on the air ends here."""
        if not self._paused:
            self._break_off()
        self._paused = self._rising = False
        self._fader.restore()
        if self._line is not None:
            self._end(self._line.share)

    def _end(self, share: float) -> None:
        """The line on the air is over."""
        line, self._line = self._line, None
        if line is not None:
            self._conclude(line, share)

    def _conclude(self, line: _Line, share: float) -> None:
        text = line.say.spoken or line.say.text
        played, before, characters = line.heard
        share = max(share, before)
        heard = text if share >= 1.0 else text[: round(max(line.characters, characters))]
        self.ledger.append(Spoken(line.say, max(line.played, played) / (2 * self._rate), share, heard))
        self._reports.append(PlaybackEnded(line.say.id, share))


def _ramp(pcm: bytes, *, up: bool) -> bytes:
    """The sound, rising from nothing or falling to it."""
    samples = np.frombuffer(pcm, "<i2")
    slope = np.linspace(0.0, 1.0, len(samples), endpoint=False)
    return (samples * (slope if up else slope[::-1])).astype("<i2").tobytes()


def _mixed(sound: bytes, dying: bytes) -> bytes:
    both = np.frombuffer(sound, "<i2").astype(np.int32)
    both[: len(dying) // 2] += np.frombuffer(dying, "<i2")
    return np.clip(both, -32768, 32767).astype("<i2").tobytes()
