"""What the store takes and gives: one event, how a call begins, how it ends, and its row in the list of calls."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from huashu.core.events import Direction, Event, Medium


class Entry(NamedTuple):
    """One event as the engine received it. A tuple, not a dataclass: several are made every turn."""

    seq: int
    """1 for Started, then without gaps."""
    now: float
    """Seconds since Started."""
    event: Event


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new call is, for the calls table."""

    call: str
    bot: str
    digest: str = ""
    """Script.digest; key of the script's bytes."""
    flow_digest: str = ""
    model_digest: str = ""
    direction: Direction = "inbound"
    medium: Medium = "text"
    started: float = 0.0
    """Unix seconds."""
    arms: Mapping[str, str] = field(default_factory=dict)
    """Experiment → the arm the call is in."""


@dataclass(frozen=True, slots=True)
class Closing:
    """How a call ended."""

    ended: float
    """Unix seconds."""
    ending: str = ""
    """Name of the script's ending; empty when the conversation just stopped."""
    result: str = ""
    label: str = ""
    turns: int = 0


@dataclass(frozen=True, slots=True)
class CallRecord:
    """A row of `Store.calls`. `ended` and what follows are None while the conversation goes on."""

    call: str
    bot: str
    digest: str
    flow_digest: str
    model_digest: str
    direction: Direction
    medium: Medium
    started: float
    state: Literal["open", "closed"]
    """"closed": ended, and its last actions have been performed."""
    epoch: int
    """How many workers have owned the call so far."""
    erased: bool = False
    ended: float | None = None
    ending: str | None = None
    result: str | None = None
    label: str | None = None
    turns: int | None = None
    arms: Mapping[str, str] = field(default_factory=dict)
    """Experiment → the arm the call is in."""
