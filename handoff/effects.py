"""What the centre asks the world to do, as frozen values; to be done in order, after the record."""

from dataclasses import dataclass
from typing import Literal

from huashu.handoff.plan import How
from huashu.handoff.views import Mode

Part = Mode | Literal["owner", "hold", "consult", "conference"]
Why = Literal["accepted", "declined", "no_answer", "caller_left", "taken", "closed"]


@dataclass(frozen=True, slots=True)
class Announce:
    """The caller hears where they stand."""

    call: str
    handoff: str
    position: int
    wait: float | None
    """Seconds, by measured rates; None: not known."""


@dataclass(frozen=True, slots=True)
class Ring:
    offer: str
    call: str
    agent: str
    expires: float


@dataclass(frozen=True, slots=True)
class Unring:
    offer: str
    agent: str
    why: Why


@dataclass(frozen=True, slots=True)
class Brief:
    """The briefing goes to the agent who accepted; `Acknowledge` is awaited."""

    call: str
    agent: str


@dataclass(frozen=True, slots=True)
class Bridge:
    """The conversation is to belong to the agent: `Bridged` or `BridgeFailed` is awaited."""

    call: str
    agent: str
    handoff: str
    heard: bool = False
    """The caller has heard this agent already, and need not be told who answers (Queue.opening)."""


@dataclass(frozen=True, slots=True)
class Fail:
    """The bot is told that nobody comes. Only of a handoff that it waits for."""

    call: str
    handoff: str
    cause: str


@dataclass(frozen=True, slots=True)
class Return:
    """The bot has the conversation again."""

    call: str
    agent: str
    """Who had it last."""
    step: str
    why: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """The person closes the conversation."""

    call: str
    agent: str


@dataclass(frozen=True, slots=True)
class FileTicket:
    """The case goes on without the caller on the line."""

    call: str
    queue: str
    how: How
    agent: str = ""
    """Whose it is; empty: to be assigned."""


@dataclass(frozen=True, slots=True)
class Connect:
    """A person's place on the line. "owner" and "conference": heard by all; "hold": the owner while the caller hears
    nobody; "consult": talks with the owner alone; the rest as supervisors do."""

    call: str
    agent: str
    part: Part


@dataclass(frozen=True, slots=True)
class Disconnect:
    call: str
    agent: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What stands in its place now is to be shown: a conversation, an agent or a queue."""

    kind: Literal["conversation", "agent", "queue"]
    id: str


@dataclass(frozen=True, slots=True)
class Gone:
    """There is nothing to show of it any more at this agent's desk ("": at any)."""

    kind: Literal["conversation", "agent"]
    id: str
    agent: str = ""


Effect = (
    Announce | Ring | Unring | Brief | Bridge | Fail | Return | HangUp | FileTicket | Connect | Disconnect | Changed
    | Gone
)  # fmt: skip
