"""A conversation test as values: what the caller does, what the bot must say, what must hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from huashu.core.events import (
    Alternative,
    AnsweredBy,
    Cause,
    HandoffFailed,
    HandoffQueued,
    HumanJoined,
    HumanLeft,
    HungUp,
    Medium,
)
from huashu.core.values import Scalar

Spot = tuple[int, int]
"""From and to, as characters of a file's text."""

# --- turns --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BotSays:
    """The bot's words since the last turn hold these texts, in this order. An empty text: it has said nothing."""

    texts: tuple[str, ...]
    within: tuple[float, float] | None = None
    """Seconds, earliest and latest, from when the caller fell silent to when the line with the first text begins."""


@dataclass(frozen=True, slots=True)
class CallerSays:
    text: str
    confidence: float = 1.0
    """The recogniser's."""
    alternatives: tuple[Alternative, ...] = ()
    """Its further readings."""
    partial: tuple[str, ...] = ()
    """What it had recognised so far, spread evenly over the time the words take."""


@dataclass(frozen=True, slots=True)
class Silence:
    seconds: float
    """From the end of playback."""


@dataclass(frozen=True, slots=True)
class Keys:
    digits: str
    gap: tuple[float, ...] = ()
    """Seconds between one key and the next, the last one ever after; none: huashu.lab.simulation.KEY_GAP."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Voice without words, or (`partial`) with words that the recogniser took back."""

    seconds: float
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interrupt:
    """The caller does something while the bot speaks."""

    after: float
    """Seconds since the bot began to speak."""
    what: CallerSays | Keys | Noise


@dataclass(frozen=True, slots=True)
class Answer:
    """What an action answers; several are given out in order, the last one ever after."""

    ok: bool = True
    values: Mapping[str, Scalar] = field(default_factory=dict)
    error: str = ""
    after: float = 0.2
    """Seconds the action takes. Never, when beyond the step's timeout."""


@dataclass(frozen=True, slots=True)
class Mock:
    actions: Mapping[str, tuple[Answer, ...]]


@dataclass(frozen=True, slots=True)
class AnsweredByWhom:
    """Only as the first turn: what picked up, by the detector's judgement."""

    by: AnsweredBy
    cause: Cause | None = None
    """Of an announcement: what it says about the number."""


@dataclass(frozen=True, slots=True)
class Greeting:
    """A voicemail's greeting goes on, and then it beeps."""

    seconds: float


@dataclass(frozen=True, slots=True)
class NobodyAnswered:
    """Only as the first turn."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The caller hangs up."""


Deed = Literal["queued", "joins", "leaves", "ends", "fails"]


@dataclass(frozen=True, slots=True)
class Person:
    """What becomes of a handoff: the caller waits in a queue, a person joins, gives the call back, hangs up (ends), or
    nobody comes (fails)."""

    does: Deed
    event: HandoffQueued | HumanJoined | HumanLeft | HungUp | HandoffFailed


@dataclass(frozen=True, slots=True)
class Expected:
    """What must hold now. A None was not asked for; an empty text: there is none."""

    step: str | None = None
    slots: Mapping[str, Scalar] = field(default_factory=dict)
    ending: str | None = None
    label: str | None = None
    result: str | None = None
    handoff: str | None = None
    """Queue that was asked for a person."""
    rated: str | None = None
    """What the caller answers to how it was."""
    form: str | None = None
    """Name of the script's form that this person fills in."""
    sent: str | None = None
    """Text inside a message that was sent."""
    called: str | None = None
    """Action that was run."""
    opt_out: bool | None = None
    callback: bool | None = None
    closed: bool | None = None


What = (
    BotSays | CallerSays | Silence | Keys | Noise | Interrupt | Mock | AnsweredByWhom | NobodyAnswered | Greeting
    | HangsUp | Person | Expected
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TestTurn:
    __test__ = False  # not a pytest class

    line: int
    what: What
    times: int = 1
    """How often it happens, one after the other, unless the conversation ends before."""
    spots: Mapping[str, Spot] = field(default_factory=dict, compare=False, repr=False)
    """Where what may be rewritten is written: "bot", "bot.0" (of a list), "within", "ending", "slots.name" …"""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One test."""

    name: str
    file: str
    """Relative to the bot's folder."""
    line: int
    turns: tuple[TestTurn, ...]
    set: Mapping[str, Scalar] = field(default_factory=dict)
    medium: Medium = "voice"
    at: datetime | None = None
    """Local time of the call; None: a Monday morning (huashu.lab.simulation)."""
    language: str | None = None
    arms: Mapping[str, str] = field(default_factory=dict)
    """Experiment → arm; of others the seed decides."""
    seed: int = 0
    """0: variants in the order in which they are written, first arms."""
    limits: bool = True
    """False: without the bot's `max_length` and `max_turns`."""
