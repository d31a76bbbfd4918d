"""Everything that can happen to a conversation, as frozen values.

Rules: no event stamps itself (time is an argument of `receive`); no inheritance, only the unions at the end; a
field that can hold what a caller said, typed or owns has the metadata `PRIVATE`, so that the store can seal it and
logs can drop it. `EdgeEvent` is what a channel may send (the gRPC `oneof` mirrors it), `InternalEvent` what the
host adds; a test proves that every type stands in exactly one of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from huashu.core.values import Scalar

Direction = Literal["inbound", "outbound"]
Medium = Literal["text", "voice"]
Marks = Literal["sent", "none"]
Cause = Literal["no_answer", "busy", "rejected", "unreachable", "invalid_number", "powered_off", "suspended", "failed"]
AnsweredBy = Literal["human", "voicemail", "ivr", "announcement", "uncertain", "fax"]
Party = Literal["caller", "bot", "human", "system"]
EngineKind = Literal["recogniser", "voice"]


PRIVATE = {"private": True}
"""Metadata of a field whose content belongs to the caller: sealed in the store, never in a log line."""


# --- the life of a call -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """The conversation exists. Second 0 of its clock; everything random or dated inside is derived from here."""

    call: str
    direction: Direction = "inbound"
    medium: Medium = "text"
    language: str | None = None
    """BCP-47, or None for the bot's own."""
    wall: float = 0.0
    """The instant of second 0, as seconds since the Unix epoch (UTC)."""
    zone: str = "Asia/Shanghai"
    """IANA time zone in which business hours and "明天" are understood."""
    seed: int = 0
    marks: Marks = "sent"
    """"sent": the edge reports playback; "none": it does not, playback ends are then taken as immediate."""
    caller: str = field(metadata=PRIVATE, default="")
    callee: str = field(metadata=PRIVATE, default="")
    variables: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)
    """Values the bot starts with, keyed by the script's variable names."""
    arms: Mapping[str, str] = field(default_factory=dict)
    """Experiment → the arm this call is in; of experiments that are not named here the seed decides."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """The far end is being alerted (outbound)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """Media flows both ways. Until this event an outbound bot says nothing. Text edges send it at once."""


@dataclass(frozen=True, slots=True)
class NotAnswered:
    cause: Cause


@dataclass(frozen=True, slots=True)
class MachineDetected:
    """What answered, by the detector's judgement; "uncertain" is an outcome of its own."""

    by: AnsweredBy
    confidence: float = 1.0
    cause: Cause | None = None
    """Of an announcement: what it says about the number."""


@dataclass(frozen=True, slots=True)
class Beep:
    """The beep behind a machine's greeting: what is said from here on is recorded."""


@dataclass(frozen=True, slots=True)
class HungUp:
    by: Party = "caller"


# --- what the caller does -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The caller's voice began (VAD). Words may or may not follow."""


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The caller's voice ended and the turn is considered over (endpointing). A final `Heard` follows, maybe empty."""


@dataclass(frozen=True, slots=True)
class Alternative:
    text: str = field(metadata=PRIVATE)
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """Recognised (or typed) words. A final with empty text means: voice, but no words (cough, noise)."""

    text: str = field(metadata=PRIVATE)
    final: bool = True
    confidence: float = 1.0
    alternatives: tuple[Alternative, ...] = ()
    """Further readings, best first, the main text not repeated."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Dtmf:
    digit: str = field(metadata=PRIVATE)
    """One of 0-9 * # A-D."""


# --- what the edge reports of the bot's own voice -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    say: str
    """Id of the Say action."""


@dataclass(frozen=True, slots=True)
class PlaybackMark:
    say: str
    played: float
    """Share of the utterance that has left the speaker, 0 to 1, by frames played."""


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    say: str
    played: float = 1.0
    """1.0 when heard to the end; less when stopped, interrupted or failed."""


# --- answers to what the bot asked others to do ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What became of a RunAction. `ok` False carries a stable `error` code, never a traceback."""

    action: str
    """Id of the RunAction."""
    ok: bool = True
    values: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class HumanJoined:
    """A person owns the conversation from here: the bot is silent."""

    agent: str = ""
    handoff: str = ""
    """Id of the Handoff they answer, as far as the edge knows it; one that is not pending any more is ignored."""


@dataclass(frozen=True, slots=True)
class HandoffQueued:
    """A Handoff waits in a queue. Told again whenever the caller should hear where it stands."""

    position: int = 0
    """1: next. 0: not known."""
    wait: float = 0.0
    """Seconds the caller is likely to wait still. 0: not known."""
    handoff: str = ""
    """Id of the Handoff; of one that is not pending any more it is ignored. Empty: the pending one."""


@dataclass(frozen=True, slots=True)
class HumanSaid:
    """Words of the person who has the conversation, to the caller: typed into a chat, or heard on a voice call."""

    text: str = field(metadata=PRIVATE)
    agent: str = ""
    command: str = ""
    """Id of the command by which it was said: one that comes again is not said twice."""
    centre: Literal["", "waiting", "opening"] = ""
    """No person's words but the centre's own, which the bot's voice speaks on a voice call: "waiting" while nobody has
    the caller (a place in a queue, nobody is free), "opening" before the person who has joined is heard ("工号 1024
    为您服务"). Empty: a person's; the bot never speaks those."""
    spoken: str = field(metadata=PRIVATE, default="")
    """With `centre`: as read aloud. Empty: the same as `text`."""


@dataclass(frozen=True, slots=True)
class HumanLeft:
    """The person gave the conversation back, to a named step if given, with slots they edited."""

    step: str | None = None
    values: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandoffFailed:
    """A Handoff or Transfer did not reach anybody."""

    cause: str = "failed"
    handoff: str = ""
    """Id of the Handoff or Transfer; of one that is not pending any more it is ignored. Empty: the pending one."""


@dataclass(frozen=True, slots=True)
class EngineFailed:
    """The call has lost an engine that it cannot go on without: nothing the caller says can be heard, or nothing can be
    said to them. A single utterance that could not be read is no such loss but a final `Heard` without text."""

    engine: EngineKind = "recogniser"
    code: str = ""
    """A stable code ("overloaded", "late" …), never a text."""


# --- what the host adds -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entity:
    """A typed value found in an utterance. Spans are half-open character offsets in the text."""

    type: str
    value: Scalar = field(metadata=PRIVATE)
    text: str = field(metadata=PRIVATE)
    start: int
    end: int
    slot: str | None = None
    """The script variable it belongs to, when the words or the open question say so."""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class IntentScore:
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class FaqHit:
    """An item of the knowledge base that answers the utterance."""

    base: str
    item: str
    confidence: float
    answer: str = field(metadata=PRIVATE, default="")
    """Put together for this utterance from `cited`; empty: the item's own."""
    cited: tuple[str, ...] = ()
    """Ids of the items that `answer` rests on."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The meaning of the last final Heard, as NLU judged it with the open Expectation as context.

    Empty `intents` means out of scope. `intents` is ranked, best first, confidences calibrated to 0..1.
    """

    text: str = field(metadata=PRIVATE)
    intents: tuple[IntentScore, ...] = ()
    entities: tuple[Entity, ...] = ()
    faq: tuple[FaqHit, ...] = ()
    denied: tuple[Entity, ...] = ()
    """Values of other questions of the flow that are named in order to exclude them ("不是6期"). May overlap `entities`
    of another slot."""
    language: str | None = None
    backchannel: bool = False
    """The whole utterance is a listener's token ("嗯", "uh-huh"): an answer when the bot is silent, else nothing."""
    confidence: float = 1.0
    """The recogniser's confidence in the words (1.0 for typed text)."""
    also: tuple[IntentScore, ...] = ()
    """What the utterance means besides: its other clauses, in the order said: "可以，不过手续费怎么收" answers, asks;
    then what examples of several intents taught to hear with the first, surest first."""
    anger: float = 0.0
    """0 (calm) to 1 (shouting abuse), by the words."""
    sentiment: float = 0.0
    """-1 (displeased) to 1 (pleased), by the words."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """The clock reached the engine's deadline. Recorded, so that a replay ticks at the same instants."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The conversation goes on after `downtime` seconds without a worker: silence paused, call length ran on."""

    downtime: float


EdgeEvent = (
    Started | Ringing | Answered | NotAnswered | MachineDetected | Beep | HungUp | SpeechStarted | SpeechStopped
    | Heard | Dtmf | PlaybackStarted | PlaybackMark | PlaybackEnded | ActionResult | HandoffQueued | HumanJoined
    | HumanSaid | HumanLeft | HandoffFailed | EngineFailed
)  # fmt: skip
InternalEvent = Understood | Ticked | Resumed
Event = EdgeEvent | InternalEvent
