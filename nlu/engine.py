"""What understanding is: text and the open Expectation in, meaning out. Entry point group `huashu.nlu`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from huashu.core.events import Heard, Understood
from huashu.core.expect import Expectation


@dataclass(frozen=True, slots=True)
class Capabilities:
    name: str
    languages: tuple[str, ...]
    trainable: bool = True
    blocking: bool = False
    """Takes more than about a millisecond: beside an event loop it wants a pool of threads (Bot.pool)."""


class Understander(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        """The meaning of one final Heard. `at`: the caller's local time (aware), for 明天 and "next Friday".

        Leaves `faq` empty: huashu.knowledge fills it.
        """
        ...
