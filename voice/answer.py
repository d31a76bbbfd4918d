"""Who answered: a person, a voicemail, a menu, a network's announcement; or nobody yet. A value machine.

It runs beside the conversation, which it never keeps waiting: the bot greets whoever is there. Four witnesses: the
words so far (huashu.voice.cues), tones (huashu.voice.progress), whether what was said first is played again
(huashu.voice.repetition), and timing: people say little and wait, machines go on and answer nothing.
Timing alone never convicts anybody of being a machine: to hang up on a person costs more than to talk to a voicemail.
What is not clear is "uncertain", and said so.

Before the call is answered (early media) only one thing is looked for: why it will not be.
"""

from dataclasses import dataclass

from huashu.core.events import AnsweredBy, Cause
from huashu.voice.cues import Evidence, evidence
from huashu.voice.progress import Signal


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """Seconds, if nothing else is said. Chosen by reason and on made announcements; the published table is of other
    voices (bench/machine_detection.py)."""

    certain: float = 1.0
    """Weight of a machine's words, less that of a person's, from which it is one."""
    odds: float = 4.0
    """Log odds of a machine's way of talking (huashu.voice.likeness) that weigh as much as certain words: one and a
    half times the highest of 166 answers of people (bench/machine_likeness.py)."""
    odds_of_turn: float = 6.0
    """Log odds that one turn can bring for or against, at most."""
    open_share: float = 0.5
    """Of an open turn's log odds that count: in the middle of a sentence a recogniser guesses most wildly."""
    later: float = 2.0
    """The same once a person (or nobody knows who) has been told of: callers speak of dead numbers, too."""
    odds_unanswered: float = 2.67
    """Log odds of one turn that are enough where the bot has asked and nobody has answered: the highest of those
    people, without the half more. A recording has said what it says; a caller who stays away is given up by the
    script as well."""
    unanswered: float = 6.0
    """The bot has been silent so long, in all, since the last voice of the far side: after a question people begin
    within 2 s, and a script asks again after 3 to 5."""
    taken_back: float = 0.4
    """Partial words must stand for so long: recognisers take words back."""
    quiet: float = 1.0
    """Silence in which somebody waits for an answer."""
    shortest: float = 0.12
    """Of voice that may be a person's "hello"."""
    long: float = 6.0
    """Talk without a pause of `quiet` that people rarely begin a call with: half a machine's weight."""
    beep_after: float = 2.0
    """Talk before a beep that makes the two a voicemail."""
    words_of_tone: float = 5.0
    """A special information tone is followed by words; so long they may name the cause."""
    decide: float = 12.0
    """After the answer, when it is still open who it was: uncertain."""
    give_up: float = 25.0
    """After the answer, when no further evidence is looked for."""


USUAL = AnswerLimits()


@dataclass(frozen=True, slots=True)
class Verdict:
    at: float
    """Second of the call."""
    by: AnsweredBy
    confidence: float
    why: str
    """"words", "tone", "again", "unanswered", "timing" or "silence"."""
    cause: Cause | None = None
    """Of an announcement: what it says about the number."""
    early: bool = False
    """Before the call was answered: nobody will."""


_TONES: dict[Signal, Cause] = {"busy": "busy", "congestion": "failed", "unobtainable": "invalid_number"}
_TALK_ON = 0.5
"""Weight of going on for `long`, and of a beep that comes sooner than `beep_after`."""


class AnswerDetector:
    """One outbound call. Feed it every frame, and all words as they come."""

    def __init__(self, limits: AnswerLimits = USUAL) -> None:
        self._limits = limits
        self._answered: float | None = None
        self._spoken = 0.0
        self._burst = 0.0
        self._longest = 0.0
        self._last_voice: float | None = None
        self._before = 0.0
        self._waited = 0.0
        """Seconds in which neither side has spoken since the far side last did."""
        self._finals = ""
        self._evidence = Evidence()
        self._odds = 0.0
        """Of all closed turns, and …"""
        self._open_odds = 0.0
        """… of the open one, as far as they count."""
        self._likest = 0.0
        """The highest of one closed turn, as long as all together are as high."""
        self._topic = ""
        """What was said if a machine said it."""
        self._weighty: float | None = None
        """Since when the words alone have been enough."""
        self._beep = 0.0
        self._tone: float | None = None
        """When a special information tone was heard."""
        self._verdict: Verdict | None = None
        self._over = False

    @property
    def verdict(self) -> Verdict | None:
        """The latest."""
        return self._verdict

    @property
    def odds(self) -> float:
        """Log odds of a machine by how all turns so far were said, as they are weighed."""
        return self._odds + self._open_odds

    @property
    def over(self) -> bool:
        """Nothing more will come."""
        return self._over

    def answered(self, now: float) -> None:
        """Whatever was heard before was the network's: begin anew."""
        if self._answered is None:
            self._answered = now
            self._spoken = self._burst = self._longest = self._beep = self._waited = 0.0
            self._last_voice = self._weighty = self._tone = None
            self._finals, self._evidence = "", Evidence()
            self._odds = self._open_odds = self._likest = 0.0
            self._topic = ""

    def hear(self, text: str, *, final: bool, odds: float = 0.0, topic: str = "") -> None:
        """Words of the open turn so far, or all of a closed one. odds: log odds of a machine by how it was said, where
        that is known. topic: what the words were if it was one."""
        bound = self._limits.odds_of_turn
        weighed = min(bound, max(-bound, odds))
        if odds > 0.0:
            self._topic = topic
        if final:
            self._odds, self._open_odds = self._odds + weighed, 0.0
            self._likest = min(self._odds, max(self._likest, weighed))
        else:
            self._open_odds = self._limits.open_share * weighed
        said = f"{self._finals} {text}".strip()
        if final:
            self._finals = said
        self._evidence = evidence(said)

    def advance(
        self,
        now: float,
        *,
        voice: bool,
        settled: bool,
        own: bool = False,
        signal: Signal | None = None,
        again: bool = False,
    ) -> Verdict | None:
        """One frame later. A verdict when there is a new one: at most one that is no machine, then at most one that is.

        settled: no words are outstanding. own: the bot speaks. again: the recording that answered has begun anew.
        """
        if self._over:
            return None
        step, self._before = now - self._before, now
        self._waited = 0.0 if voice else self._waited + step * (not own)
        if voice:
            if self._last_voice is None or now - self._last_voice > self._limits.quiet:
                self._burst = 0.0
            elif now - self._last_voice > step:
                self._burst += now - self._last_voice - step
            self._last_voice = now
            self._spoken += step
            self._burst += step
            self._longest = max(self._longest, self._burst)
        verdict = self._by_tone(now, signal) or (self._recorded(now) if again else None) or self._by_words(now)
        if verdict is None and self._answered is not None:
            verdict = self._left_alone(now)
            if verdict is None and self._verdict is None:
                verdict = self._by_timing(now, now - self._answered, settled)
        if self._answered is not None and now - self._answered >= self._limits.give_up:
            self._over = True
        if verdict is not None:
            self._verdict = verdict
            self._over = self._over or verdict.by not in ("human", "uncertain")
            self._weighty = None
        return verdict

    @property
    def _weight(self) -> float:
        talk_on = _TALK_ON if self._longest >= self._limits.long and self._evidence.machine else 0.0
        return max(self._evidence.balance, self.odds / self._limits.odds - self._evidence.person) + talk_on + self._beep

    def _by_tone(self, now: float, signal: Signal | None) -> Verdict | None:
        early = self._answered is None
        if signal in _TONES:
            return Verdict(now, "announcement", 0.9, "tone", self._evidence.cause or _TONES[signal], early)
        if signal == "special_information":
            self._tone = now
        elif signal == "fax" and not early:
            return Verdict(now, "fax", 0.95, "tone")
        elif signal == "beep" and not early:
            if self._longest >= self._limits.beep_after and self._evidence.person < 1.0:
                return Verdict(now, "voicemail", 0.9, "tone")
            self._beep = _TALK_ON
        elif signal == "ringback" and not early and self._verdict is None:
            self._answered = now  # a gateway that answers before the far end does
        if self._tone is not None:
            cause = self._evidence.cause
            if cause is not None or now - self._tone >= self._limits.words_of_tone:
                return Verdict(now, "announcement", 0.9, "tone", cause or "failed", early)
        return None

    def _recorded(self, now: float) -> Verdict | None:
        """What answered is played again: no person, whatever has been told before."""
        if self._answered is None or self._evidence.person >= 1.0:
            return None
        return self._machine(now, "again", 0.95, "announcement")

    def _machine(self, now: float, why: str, sure: float, usual: AnsweredBy) -> Verdict:
        """The kind of machine by its words, else the usual one."""
        by = self._said.by if self._said.by != "uncertain" else usual
        return Verdict(now, by, sure, why, self._said.cause if by == "announcement" else None)

    @property
    def _said(self) -> Evidence:
        """What its words tell of a machine, by dictation or else as talk of this kind."""
        return self._evidence if self._evidence.machine else evidence(self._topic)

    def _by_words(self, now: float) -> Verdict | None:
        if self._weight < (self._limits.later if self._verdict is not None else self._limits.certain):
            self._weighty = None
            return None
        if self._weighty is None:
            self._weighty = now
        if now - self._weighty < self._limits.taken_back:
            return None
        if self._answered is None:  # what rings may also speak: only a reason not to answer counts
            cause = self._said.cause
            return None if cause is None else Verdict(now, "announcement", _sure(self._weight), "words", cause, True)
        return self._machine(now, "words", _sure(self._weight), "voicemail")

    def _left_alone(self, now: float) -> Verdict | None:
        """A second look, unless a person's words were heard: it sounded like a machine, and the bot's question and its
        reminder are not answered."""
        if self._waited < self._limits.unanswered or not self._spoken:
            return None
        if self._verdict is not None and self._verdict.why != "timing":
            return None
        if self._likest - self._limits.odds * self._evidence.person < self._limits.odds_unanswered:
            return None
        return self._machine(now, "unanswered", 0.8, "voicemail")

    def _by_timing(self, now: float, since: float, settled: bool) -> Verdict | None:
        """Not a machine by all that is known."""
        waits = self._last_voice is not None and now - self._last_voice >= self._limits.quiet
        if waits and settled and self._spoken >= self._limits.shortest:
            if self._evidence.person >= 1.0 and self._weight < _TALK_ON:
                return Verdict(now, "human", 0.95, "words")
            if self._weight < _TALK_ON and self._longest < self._limits.decide - self._limits.quiet:
                return Verdict(now, "human", 0.8, "timing")
        if since >= self._limits.decide:
            return Verdict(now, "uncertain", 0.5, "timing" if self._spoken >= self._limits.shortest else "silence")
        return None


def _sure(weight: float) -> float:
    return round(min(0.99, 0.8 + 0.1 * weight), 2)
