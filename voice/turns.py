"""The turn-taker: when the caller's turn opens and closes, and whether it stops the bot. A value machine.

No clock, sound or engine in here: `advance` takes the instant, whether there is voice, and what is on the air, and
answers with decisions for the session to carry out. The policies are huashu.voice.endpoint (when is a turn over: by
what is expected, by huashu.voice.trailing words, by huashu.voice.pace of the caller) and huashu.voice.backchannel (do
these words take the turn).

A voice over a stoppable line pauses it at once: that is what the caller hears as being heard. What may be a voice and
may be a key, a knock, a neighbour only makes it softer until that is known. Then words decide: a listener's token or
no words at all, and the line resumes where it was; other words cut it. What is cut stays cut; lines queued behind it
wait until the dialogue has answered the turn. A voice that was there before the line came does not interrupt it: the
line waits for its end, and what its words mean for the line is the dialogue's to say.
"""

from dataclasses import dataclass, replace
from enum import Enum

from huashu.core.actions import BargeIn
from huashu.core.audio import FRAME_SECONDS
from huashu.core.expect import NOTHING, Expectation
from huashu.dialogue.audible import REACTION
from huashu.nlu.text import normal
from huashu.voice.backchannel import takes_the_turn
from huashu.voice.endpoint import USUAL, Patience, over_the_bot, patience
from huashu.voice.pace import STEADY


class Decision(Enum):
    OPEN = "open"
    """The caller's turn begins: start recognising, a little before now."""
    CLOSE = "close"
    """The turn is over: ask for the final words, then call `settle`."""
    DUCK = "duck"
    """Speak more softly: it may be a voice."""
    PAUSE = "pause"
    RESUME = "resume"
    CUT = "cut"
    DROP = "drop"
    """The final words are not for the dialogue: the line on the air may not be stopped by them."""


@dataclass(frozen=True, slots=True)
class OnAir:
    """The line being played, or held."""

    barge_in: BargeIn
    position: float
    """Seconds played of it."""
    remaining: float | None
    """Seconds left, None while that is not known."""
    expects_reply: bool
    paused: bool
    ducked: bool = False


_BREATH = 0.2
"""Seconds of a pause within a value from which it tells of the caller's pace."""
_NEAR_END = 0.8
"""A token spoken over the last moments of a question answers it: people do not wait for the last syllable."""


class TurnTaker:
    def __init__(self, settings: Patience = USUAL) -> None:
        self._settings = settings
        self._expect = NOTHING
        self._open = False
        self._opened = 0.0
        self._last_voice = 0.0
        self._last_sound = 0.0
        """Of the last voice, its soft end with it."""
        self._text = ""
        self._unsettled = 0
        self._held = False
        self._answers_early = False
        self._before = False
        """The turn was open before the line on the air began to sound."""
        self._patience = settings.free
        self._pace = STEADY
        self._voiced = 0.0
        """Seconds of voice in the open turn."""
        self._closed: float | None = None
        """When the last turn was closed, while nothing of the bot has been on the air since."""
        self._doubted: float | None = None

    @property
    def open(self) -> bool:
        """The caller has the turn and it is not over yet."""
        return self._open

    @property
    def settled(self) -> bool:
        """No turn is open or waits for its final words."""
        return not self._open and not self._unsettled

    def listen(self, expect: Expectation) -> None:
        self._expect = expect
        self._reckon()

    def advance(
        self, *, now: float, voice: bool, line: OnAir | None, sound: bool = False, sure: bool = True
    ) -> list[Decision]:
        """One frame later.

        Args:
            sure: the voice is the caller's beyond doubt (huashu.voice.near_end).
            line: what is on the air, None when nothing is.
            sound: voice or not, the caller's line is not quiet (huashu.voice.presence).
        """
        decisions: list[Decision] = []
        if self._held and (line is None or not (line.paused or line.ducked)):
            self._held = self._answers_early = False  # stopped or resumed by somebody else
            self._reckon()
        if line is not None and line.position:
            self._closed = None
        if voice:
            if self._open:
                self._paused_for(now - self._last_sound)
            self._last_voice = self._last_sound = now
            if not self._open:
                if self._closed is not None:
                    self._pace = self._pace.resumed(now - self._closed)
                self._open, self._opened, self._text, self._voiced = True, now, "", 0.0
                self._pace = replace(self._pace, breath=0.0)
                self._reckon()
                decisions.append(Decision.OPEN)
            blip = self._voiced <= self._settings.blip
            self._voiced += FRAME_SECONDS
            if blip and self._voiced > self._settings.blip:
                self._reckon()
            if line is not None and not line.paused:
                began = now - line.position
                self._before = not line.position or began > self._opened - REACTION + 1e-6
            if line is not None and not line.paused and self.gives_way(line) and (sure or not self._held):
                self._held = True
                self._answers_early = line.expects_reply and line.remaining is not None and line.remaining <= _NEAR_END
                self._reckon()
                decisions.append(Decision.PAUSE if sure else Decision.DUCK)
        if self._open and (self._over(now, voice, sound) or now - self._opened >= self._settings.longest):
            self._open, self._closed, self._doubted = False, now, None
            self._unsettled += 1
            decisions.append(Decision.CLOSE)
        return decisions

    def _paused_for(self, seconds: float) -> None:
        """The voice is back in the turn. Values are dictated at another pace than people talk."""
        if self._expect.kind != "value":
            self._pace = self._pace.bridged(seconds, self._patience)
        elif seconds > max(self._pace.breath, _BREATH):
            self._pace = replace(self._pace, breath=seconds)
            self._reckon()

    def _over(self, now: float, voice: bool, sound: bool) -> bool:
        """Whether the turn has been silent for its patience. Sound that is no voice counts for a while, where the
        words do not say that all is said: as the end of the last word, or as the beginning of the next."""
        settings = self._settings
        if voice:
            self._doubted = None
            return False
        patient = self._patience > settings.closed and not self._held
        if sound and patient and now - self._last_voice <= settings.tail:
            self._last_sound = now
        if now - self._last_sound < self._patience - 1e-9:
            return False
        if not (sound and patient):
            return True
        if self._doubted is None:
            self._doubted = now
        return now - self._doubted >= settings.doubt

    def hear(self, text: str, line: OnAir | None) -> list[Decision]:
        """Partial words of the open turn."""
        if not self._open:
            return []
        self._text = text
        self._reckon()
        return self._cut() if line is not None and self._stops(text, line, growing=True) else []

    def settle(self, text: str, line: OnAir | None) -> list[Decision]:
        """The final words of the oldest closed turn; empty when there were none."""
        self._unsettled = max(0, self._unsettled - 1)
        if line is None:
            self._held = self._answers_early = False
            return []
        if self._stops(text, line, growing=False):
            return self._cut()
        decisions = [Decision.DROP] if text and not self._counts(text, line) else []
        if self._held and self.settled:
            self._held = False
            decisions.append(Decision.RESUME)
        return decisions

    def gives_way(self, line: OnAir) -> bool:
        """Whether a voice that begins now would hold this line back."""
        return line.barge_in.kind in ("speech", "words") and line.position >= line.barge_in.protected

    def forget(self) -> None:
        """Words of closed turns are no longer waited for."""
        self._unsettled = 0
        self._held = self._answers_early = False
        self._reckon()

    def _stops(self, text: str, line: OnAir, *, growing: bool) -> bool:
        if line.position < line.barge_in.protected or self._before:
            return False
        match line.barge_in.kind:
            case "off" | "dtmf":
                return False
            case "hotword":
                said = normal(text)
                return any(normal(word) in said for word in line.barge_in.hotwords or self._expected())
            case "speech" | "words":
                if not self._held:
                    return False
                if self._answers_early and text and not growing:
                    return True
                words = line.barge_in.words if line.barge_in.kind == "words" else 1
                return takes_the_turn(text, words=words, growing=growing)

    def _counts(self, text: str, line: OnAir) -> bool:
        """Whether words that did not stop the line are still the dialogue's to judge ("off" it guards itself)."""
        kind = line.barge_in.kind
        if kind == "off" or (self._held and self._before):
            return True
        if line.position < line.barge_in.protected or kind in ("dtmf", "hotword"):
            return False
        return kind == "speech" or takes_the_turn(text, words=line.barge_in.words)

    def _expected(self) -> tuple[str, ...]:
        spoken = tuple(word for choice in self._expect.choices for word in choice.spoken)
        return spoken + self._expect.phrases

    def _cut(self) -> list[Decision]:
        self._held = self._answers_early = False
        self._reckon()
        return [Decision.CUT]

    def _reckon(self) -> None:
        """The patience changes with words, expectation and hold only: not worth asking every frame."""
        known = self._expect, self._text, self._settings, self._pace
        if self._held and not self._answers_early:
            self._patience = over_the_bot(*known, voiced=self._voiced)
        else:
            self._patience = patience(*known)
