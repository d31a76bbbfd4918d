"""What the centre is told, as frozen values: nothing in them belongs to a caller, and none stamps itself.

`Report` comes from lines, sessions and the conversations themselves: late or doubled ones change nothing. `Wish` is
something a person wants: an impossible one is refused, with a reason, and changes nothing.
"""

from dataclasses import dataclass
from typing import Literal

from huashu.handoff.plan import Profile, Skills
from huashu.handoff.views import Medium, Mode, Presence, Reason

# --- conversations --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Joined:
    """A conversation has a line: a new one, or one whose line had been lost."""

    call: str
    medium: Medium = "text"
    owner: Literal["bot", "human"] = "bot"
    """As the conversation itself believes."""
    number: int = 0
    """Handoffs on record, of a conversation that this centre has not had."""


@dataclass(frozen=True, slots=True)
class LineLost:
    """The line is gone, the caller perhaps not."""

    call: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The conversation is over, whoever ended it."""

    call: str
    why: str = "caller_left"


@dataclass(frozen=True, slots=True)
class Requested:
    """A person is wanted. A second one for the same conversation takes the place of the first in the queue."""

    call: str
    queue: str
    reason: Reason = "requested"
    handoff: str = ""
    """Id of the bot's Handoff; empty: the bot does not wait, it goes on until somebody joins."""
    within: float = 0.0
    """Seconds that the bot waits; 0: as long as the queue."""
    skills: Skills = ()
    """Besides the queue's."""
    priority: int = 0
    agent: str = ""
    """Whom the caller knows."""


@dataclass(frozen=True, slots=True)
class WentOn:
    """The bot does not wait any more: it gave up the handoff by itself."""

    call: str
    handoff: str = ""


@dataclass(frozen=True, slots=True)
class CallbackWanted:
    """A waiting caller would rather be called back: their place is kept."""

    call: str


@dataclass(frozen=True, slots=True)
class Bridged:
    """The conversation belongs to the person now."""

    call: str
    agent: str


@dataclass(frozen=True, slots=True)
class BridgeFailed:
    call: str
    agent: str


# --- sessions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An agent is at a desk: anew, again, or at another one."""

    agent: Profile


@dataclass(frozen=True, slots=True)
class SignedOut:
    agent: str


@dataclass(frozen=True, slots=True)
class AgentLost:
    """The desk is gone: crash, network."""

    agent: str


Report = (
    Joined | LineLost | Ended | Requested | WentOn | CallbackWanted | Bridged | BridgeFailed | SignedIn | SignedOut
    | AgentLost
)  # fmt: skip


# --- what people want -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BePresent:
    agent: str
    presence: Presence
    reason: str = ""
    """Of a break: lunch, training …"""


@dataclass(frozen=True, slots=True)
class Accept:
    agent: str
    offer: str


@dataclass(frozen=True, slots=True)
class Decline:
    agent: str
    offer: str


@dataclass(frozen=True, slots=True)
class Acknowledge:
    agent: str
    call: str


@dataclass(frozen=True, slots=True)
class Hold:
    agent: str
    call: str
    on: bool


@dataclass(frozen=True, slots=True)
class Transfer:
    """Cold. Exactly one of queue and to; neither: the next level of the queue it is in."""

    agent: str
    call: str
    queue: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Consult:
    """Warm: somebody else is rung, the caller is on hold."""

    agent: str
    call: str
    queue: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Complete:
    agent: str
    call: str
    how: Literal["hand_over", "join", "cancel"]


@dataclass(frozen=True, slots=True)
class GiveBack:
    agent: str
    call: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    agent: str
    call: str


@dataclass(frozen=True, slots=True)
class WrapUpDone:
    agent: str


@dataclass(frozen=True, slots=True)
class Supervise:
    agent: str
    call: str
    mode: Mode | None


@dataclass(frozen=True, slots=True)
class Pull:
    agent: str
    call: str
    queue: str = ""
    to: str = ""
    """Neither: for oneself."""


Wish = (
    BePresent | Accept | Decline | Acknowledge | Hold | Transfer | Consult | Complete | GiveBack | Close | WrapUpDone
    | Supervise | Pull
)  # fmt: skip
Signal = Report | Wish
