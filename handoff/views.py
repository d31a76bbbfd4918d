"""What a desk is told, as values: the same for the web page, gRPC and tests. Private fields hold what belongs to the
caller; where a view says `masked`, the text has been masked already and the whole is fetched by `Unmask`, on record.

Every view carries its whole content (not a change to it), so the newest of a key replaces the one before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from huashu.core.events import PRIVATE
from huashu.core.values import Scalar

Medium = Literal["text", "voice"]
Role = Literal["agent", "supervisor", "designer", "admin"]
Presence = Literal["available", "wrap_up", "break", "offline"]
"""`wrap_up`: after a call, until the work on it is done or its time is over. Whether an available agent is taken up is
a matter of `load` and `capacity`."""
State = Literal["bot", "queued", "offered", "accepted", "bridged", "returned", "closed", "failed"]
"""Of a conversation at the centre: with the bot, waiting, rung at an agent, accepted (the briefing is read), with the
agent, back with the bot, over, nobody came."""
Reason = Literal["requested", "anger", "no_match", "script", "high_value", "rule", "supervisor", "transfer", "error"]
REASONS: tuple[Reason, ...] = get_args(Reason)
By = Literal["caller", "bot", "agent", "system"]
Mode = Literal["listen", "whisper", "barge", "takeover"]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing somebody said. A later one with the same `n` replaces it: a partial grows, a line is heard further."""

    conversation: str
    n: int
    by: By
    at: float
    """Seconds since the conversation began."""
    text: str = field(metadata=PRIVATE)
    final: bool = True
    heard: float = 1.0
    """Of a line of the bot: the share that was played, 0 to 1."""
    agent: str = ""
    """Who, when `by` is "agent"."""
    command: str = ""
    """Of an agent's words: the id of the command they came by, so that who sent them does not see them twice."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Words among those who attend a conversation, beside it: the caller and the bot never see them."""

    conversation: str
    n: int
    """Counts up within the conversation, by itself."""
    agent: str
    """Who said it."""
    at: float
    """Seconds since the conversation began."""
    text: str = field(metadata=PRIVATE)
    command: str = ""
    """As of `Said`."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One value the bot knows."""

    name: str
    title: str
    masked: str
    source: Literal["said", "keyed", "given", "action", "agent", "script"]
    confidence: float = 1.0
    private: bool = False
    """Masked: the whole value has to be asked for."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something an agent might say next, and where it comes from."""

    text: str
    source: str
    """Title of the knowledge item, or the canned phrase's name."""
    kind: Literal["knowledge", "canned"] = "knowledge"


@dataclass(frozen=True, slots=True)
class Hint:
    """A rule has struck: a word that must not be said, a disclosure still missing, anger rising."""

    conversation: str
    at: float
    kind: str
    """Name of the rule."""
    text: str
    level: Literal["info", "warn", "alert"] = "info"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form the script wants filled (工单, 意向登记)."""

    name: str
    title: str
    type: str
    """One of huashu.values, or "text", or "choice"."""
    required: bool = False
    choices: tuple[str, ...] = ()
    value: str = field(metadata=PRIVATE, default="")
    private: bool = False
    """The value is shown masked: the whole is fetched by `Unmask`, on record."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as its agent sees it: the briefing on top of a transcript (which comes as `Said`)."""

    id: str
    state: State
    bot: str
    medium: Medium
    direction: Literal["inbound", "outbound"]
    language: str
    queue: str
    reason: Reason
    wanted: str
    """Why, in a sentence of the agent's language; for who has it or is rung, with the caller's words that led to it."""
    caller: str
    """Masked number or name."""
    since: float
    """Unix seconds at which it came into this state."""
    began: float
    """Unix seconds at which it began."""
    agent: str = ""
    step: str = ""
    """Where the bot stands, by its title."""
    steps: tuple[tuple[str, str], ...] = ()
    """(id, title) of the steps it may be given back at."""
    question: str = ""
    """The bot's open question."""
    slots: tuple[Slot, ...] = ()
    promised: tuple[str, ...] = ()
    """What the bot has done or said it would do: actions, texts, call-backs."""
    refused: tuple[str, ...] = ()
    """What the caller has said no to."""
    mood: tuple[tuple[float, float], ...] = ()
    """(seconds, anger 0 to 1), a point an utterance."""
    suggestions: tuple[Suggestion, ...] = ()
    form: tuple[Field, ...] = ()
    dispositions: tuple[str, ...] = ()
    note: str = field(metadata=PRIVATE, default="")
    history: tuple[str, ...] = ()
    """Earlier stages of the case: who had it, when, what they noted."""
    on_hold: bool = False
    with_: tuple[str, ...] = ()
    """Others who are on the line and may be heard: a colleague who has joined, a supervisor who whispers or barges."""
    asked: str = ""
    """The colleague who is asked about it, on a line of their own; empty: none, or nobody has been found yet."""
    asking: State | Literal[""] = ""
    """How far that is: "queued", "offered", "accepted" (reads the briefing), "bridged" (the two talk); empty: no one is
    asked."""
    version: int = 1
    """Of the briefing, `huashu.handoff.packet.VERSION`."""
    form_title: str = ""
    """What the script calls the form; empty: it is the queue's."""
    listening: tuple[str, ...] = ()
    """Supervisors who only listen. Empty for agents where the centre does not tell them (`Plan.tell_listening`)."""
    joined: tuple[str, ...] = ()
    """Those of `with_` who are colleagues in conference: the caller may be handed over to them."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A conversation rings at this agent."""

    id: str
    conversation: Conversation
    expires: float
    """Unix seconds after which it is offered to another."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """An offer is none any more."""

    id: str
    why: Literal["accepted", "declined", "no_answer", "caller_left", "taken", "closed"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What callers have answered since midnight to how it was."""

    asked: int = 0
    answers: int = 0
    csat: float | None = None
    """Share of 4 and 5 among 1 to 5; None: nobody has answered."""
    nps: float | None = None
    """Share of 9 and 10 less that of 0 to 6, -100 to 100."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A caller has been asked how it was."""

    conversation: str
    kind: Literal["nps", "csat"]
    score: int | None
    """None: no answer."""
    at: float
    """Unix seconds."""
    queue: str = ""
    agent: str = ""
    """Who had the conversation last; empty: nobody had it."""
    served: tuple[str, ...] = ()
    """All who had it, in order."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How a queue stands."""

    name: str
    title: str
    waiting: int
    longest: float
    """Seconds the first has been waiting."""
    expected: float | None
    """Seconds a newcomer would wait, by measured rates; None: not known yet."""
    answered: int
    lost: int
    """Since midnight, in the centre's zone: taken by an agent; left, failed or became a ticket."""
    level: float
    """Service level: the share answered within the queue's target, 0 to 1, since midnight."""
    open: bool
    agents: int
    """Available to it."""
    opinion: Opinion = Opinion()


@dataclass(frozen=True, slots=True)
class Agent:
    """How an agent stands."""

    id: str
    name: str
    presence: Presence
    since: float
    skills: Mapping[str, int]
    load: Mapping[Medium, int]
    capacity: Mapping[Medium, int]
    conversations: tuple[str, ...] = ()
    opinion: Opinion = Opinion()
    away: str = ""
    """Why they are on a break: what they have said (lunch, training …), or "missed": they let offers ring out."""
    queues: tuple[str, ...] = ()
    """Those whose tickets they may be given."""


@dataclass(frozen=True, slots=True)
class Gone:
    """What had this key is not to be seen any more: a conversation left this desk, an agent signed out."""

    kind: Literal["conversation", "agent", "queue", "ticket"]
    id: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """A case nobody could take at once (工单)."""

    id: str
    state: Literal["open", "assigned", "pending", "solved", "closed"]
    queue: str
    title: str
    conversation: str
    agent: str
    due: float
    """Unix seconds."""
    level: int = 1
    form: tuple[Field, ...] = ()
    note: str = field(metadata=PRIVATE, default="")
    caller: str = ""
    """Masked."""
    rating: str = ""
    """What the caller has answered to how it was: "csat 4", "nps -" (no answer); empty: not asked."""
    reopened: int = 0
    """How often it was opened again."""
    assigned_by: str = ""
    """Who has given it to its agent by name; empty: nobody."""
    done: float = 0.0
    """Unix seconds at which it was solved or closed; 0: it is in work."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The conversation that a ticket came from, as it stood when it was asked for."""

    id: str
    """The ticket's."""
    conversation: str
    medium: Medium
    began: float
    """Unix seconds."""
    said: tuple[Said, ...] = ()
    slots: tuple[Slot, ...] = ()
    """A private one whole: `Unmask` with the ticket and its name."""
    recordings: tuple[str, ...] = ()
    """Paths at the desk's web address, for supervisors who are signed in there."""
    missing: bool = False
    """It has been erased, or cannot be read."""


View = Said | Aside | Hint | Conversation | Offer | Withdrawn | Queue | Agent | Rating | Gone | Ticket | Origin


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a command."""

    ok: bool = True
    code: str = ""
    """Stable: "taken", "unknown", "forbidden", "state", "invalid" …"""
    text: str = ""
    """What is wrong and what would be right, in the agent's language."""
    values: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)
    """What was asked for: the unmasked value, the id of the ticket."""
