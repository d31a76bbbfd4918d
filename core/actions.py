"""Everything the engine can ask the world to do, as frozen values. The same rules as huashu.core.events.

Every action has an `id`, unique in its call and derived from the position in the log, so that performing it twice can
be recognised: it is the idempotency key. Actions are recomputed from the event log, never stored as truth.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from huashu.core.events import PRIVATE, Party
from huashu.core.expect import Expectation
from huashu.core.values import Scalar

BargeInKind = Literal["off", "speech", "words", "hotword", "dtmf"]


@dataclass(frozen=True, slots=True)
class BargeIn:
    """When the caller may stop a line. DTMF stops it under every kind but "off"."""

    kind: BargeInKind = "speech"
    words: int = 1
    """For "words": how many recognised words (zh: characters) it takes."""
    protected: float = 0.0
    """Seconds from the start during which nothing interrupts."""
    hotwords: tuple[str, ...] = ()
    """For "hotword": what stops the line. Empty: whatever the open question expects (its choices and phrases)."""


@dataclass(frozen=True, slots=True)
class SpokenPart:
    """A part of a line that is put together from recordings and values."""

    text: str = field(metadata=PRIVATE)
    """As read aloud; the texts of all parts joined are those of the line."""
    audio: str | None = None
    """A recording of it, as a path inside the bot's folder; with "/" at its end a folder of recorded words, from which
    it is put together where all are there. None: read by the voice."""


@dataclass(frozen=True, slots=True)
class Say:
    id: str
    text: str = field(metadata=PRIVATE)
    """As shown in a text chat."""
    spoken: str = field(metadata=PRIVATE, default="")
    """As read aloud: every typed variable already in words. Empty: the same as `text`."""
    language: str = "zh-CN"
    audio: str | None = None
    """A recording of this whole line, as a path inside the bot's folder."""
    voice: str | None = None
    barge_in: BargeIn = BargeIn()
    step: str = ""
    """"flow.step" that spoke."""
    fixed: bool = True
    """No variable inside: may be rendered ahead and cached."""
    expects_reply: bool = False
    """The last line before a Listen."""
    rate: float = 1.0
    """Speed of speech: under 1.0 for a caller who has asked to be spoken to more slowly. A recording keeps its own."""
    parts: tuple[SpokenPart, ...] = ()
    """Recordings of what surrounds the values of the line, in order; empty: there are none."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop what is being played or queued. Its PlaybackEnded still comes, with the share that was heard."""

    id: str


@dataclass(frozen=True, slots=True)
class Listen:
    """The bot's turn is over; this is what it expects. Replaces the previous Listen."""

    id: str
    expect: Expectation


@dataclass(frozen=True, slots=True)
class RunAction:
    """Call the bank's own system. `id` is stable over retries and restarts: use it as the idempotency key."""

    id: str
    name: str
    args: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)
    timeout: float = 8.0
    """Seconds after which the engine goes on without a result."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """A person is wanted. The edge answers HumanJoined or HandoffFailed."""

    id: str
    queue: str
    reason: str = "requested"
    """requested: the caller asked; no_match: not understood again and again; error: an action or the script failed;
    script: a step of the flow."""
    within: float = 60.0
    """Seconds after which the bot goes on without a person."""


@dataclass(frozen=True, slots=True)
class HumanSay:
    """Words of the person who has the conversation, or of the centre (no agent), to be shown to the caller. Only where
    words are text."""

    id: str
    text: str = field(metadata=PRIVATE)
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Hand the call to another number or address. The edge answers HungUp (done) or HandoffFailed."""

    id: str
    to: str = field(metadata=PRIVATE)


@dataclass(frozen=True, slots=True)
class Send:
    """A message outside the call."""

    id: str
    medium: Literal["sms", "wechat", "email"]
    text: str = field(metadata=PRIVATE)
    to: str = field(metadata=PRIVATE, default="")
    """Empty: the caller's own number."""


@dataclass(frozen=True, slots=True)
class CallbackRequested:
    id: str
    at: str = field(metadata=PRIVATE, default="")
    """ISO 8601 local time when the caller named one, else empty."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """The person refuses further calls. Recorded the moment it is said, whatever happens after."""

    id: str
    scope: str = "marketing"


@dataclass(frozen=True, slots=True)
class Rated:
    """The caller has been asked how it was; at most once in a conversation."""

    id: str
    kind: Literal["nps", "csat"]
    """NPS: 0 to 10. CSAT: 1 to 5."""
    score: int | None = field(metadata=PRIVATE, default=None)
    """None: no answer."""


@dataclass(frozen=True, slots=True)
class Disposition:
    """How the conversation ended, for the record. At most one per conversation."""

    id: str
    ending: str
    result: str
    """Stable machine word: success, no_input, opt_out, callback, handoff, not_answered, machine, error …"""
    label: str = ""
    """意向等级, A to F, or the script's own."""
    values: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)
    """The script's variables at the end."""
    arms: Mapping[str, str] = field(default_factory=dict)
    """Experiment → the arm the call was in."""


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call, after everything already said has been played (bounded by `within` seconds)."""

    id: str
    within: float = 30.0
    by: Party = "bot"


EdgeAction = (
    Say
    | Stop
    | Listen
    | RunAction
    | Handoff
    | HumanSay
    | Transfer
    | Send
    | CallbackRequested
    | OptOut
    | Rated
    | Disposition
    | Hangup
)
Action = EdgeAction


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event did: the actions, in the order to perform them, and when to wake the engine next."""

    actions: tuple[Action, ...] = ()
    deadline: float | None = None
    """Seconds since Started, or None."""
    closed: bool = field(default=False)
