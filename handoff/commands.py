"""What people at a desk may ask of the centre, as values. Each is answered by a `views.Answer`; one that cannot be done
changes nothing and says why. A command that comes twice with the same id (the desk reconnected) is done once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from huashu.core.events import PRIVATE
from huashu.core.values import Scalar
from huashu.handoff.views import Mode, Presence


@dataclass(frozen=True, slots=True)
class SetPresence:
    presence: Presence
    reason: str = ""
    """Lunch, training …: for the supervisor's eyes."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Take what rings. The briefing comes with the answer; the line is joined when it has been acknowledged."""

    offer: str


@dataclass(frozen=True, slots=True)
class Decline:
    offer: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The briefing is on the agent's screen: from here the caller is theirs."""

    conversation: str


@dataclass(frozen=True, slots=True)
class Say:
    """Words to the caller: a text to a chat; on a voice call what the agent's own recogniser understood."""

    conversation: str
    text: str = field(metadata=PRIVATE)


@dataclass(frozen=True, slots=True)
class SayAside:
    """Words to the others who attend the conversation, beside it: the colleague who is asked, the supervisor who
    coaches. The caller never sees them. Who only listens says nothing."""

    conversation: str
    text: str = field(metadata=PRIVATE)


@dataclass(frozen=True, slots=True)
class Note:
    conversation: str
    text: str = field(metadata=PRIVATE)


@dataclass(frozen=True, slots=True)
class Fill:
    """Fields of the form and variables of the script, by name; checked by type."""

    conversation: str
    values: Mapping[str, Scalar] = field(metadata=PRIVATE)


@dataclass(frozen=True, slots=True)
class Hold:
    conversation: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Transfer:
    """To a queue or an agent. Cold: the caller waits there and this agent is free. Warm: the colleague is asked first,
    on a line of their own, and `Complete` hands over (or `join` makes a conference; `Cancel` takes the caller back)."""

    conversation: str
    queue: str = ""
    agent: str = ""
    kind: Literal["cold", "warm"] = "cold"
    note: str = field(metadata=PRIVATE, default="")


@dataclass(frozen=True, slots=True)
class Complete:
    conversation: str
    how: Literal["hand_over", "join", "cancel"] = "hand_over"


@dataclass(frozen=True, slots=True)
class GiveBack:
    """To the bot, at a step, with what the agent put right."""

    conversation: str
    step: str = ""
    values: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)


@dataclass(frozen=True, slots=True)
class Close:
    """The conversation is over."""

    conversation: str
    disposition: str
    note: str = field(metadata=PRIVATE, default="")
    values: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)


@dataclass(frozen=True, slots=True)
class WrapUpDone:
    pass


@dataclass(frozen=True, slots=True)
class Unmask:
    """Show a private value of a conversation, or of a ticket; who looked at what, and when, is kept."""

    conversation: str
    slot: str
    ticket: str = ""
    """Of this ticket, whose agent or a supervisor asks; `conversation` is not looked at then. `slot` is a field of its
    form, or "caller": the number of whoever called."""


@dataclass(frozen=True, slots=True)
class Find:
    """Search the knowledge of the conversation's bot, or the cases solved before."""

    conversation: str
    """At this desk; may be empty for "cases": a ticket is worked on without its caller."""
    text: str = field(metadata=PRIVATE)
    where: Literal["knowledge", "cases"] = "knowledge"


@dataclass(frozen=True, slots=True)
class Supervise:
    """A supervisor listens in, whispers to the agent, joins, takes over; mode None: leaves."""

    conversation: str
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class Pull:
    """A supervisor takes a conversation from the bot, or out of a queue, for a queue or an agent."""

    conversation: str
    queue: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class FileTicket:
    """The case goes on without the caller on the line."""

    conversation: str
    queue: str
    title: str
    values: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)
    due: float = 0.0
    """Unix seconds; 0: by the queue's rule."""


@dataclass(frozen=True, slots=True)
class WorkTicket:
    ticket: str
    do: Literal["take", "release", "pend", "escalate", "solve", "close", "assign", "reopen"]
    note: str = field(metadata=PRIVATE, default="")
    """For "reopen" the reason, which has to be given."""
    values: Mapping[str, Scalar] = field(metadata=PRIVATE, default_factory=dict)
    agent: str = ""
    """For "assign": who is to have it, who may be given tickets of its queue. Whoever has it hands it on; a supervisor
    gives any."""


@dataclass(frozen=True, slots=True)
class ReadTicket:
    """The conversation it came from: told as `views.Origin` before the answer. For whose it is, while it is in work,
    and for supervisors."""

    ticket: str


Command = (
    SetPresence | Accept | Decline | Acknowledge | Say | Note | Fill | Hold | Transfer | Complete | GiveBack | Close
    | WrapUpDone | Unmask | Find | Supervise | Pull | FileTicket | WorkTicket | SayAside | ReadTicket
)  # fmt: skip
