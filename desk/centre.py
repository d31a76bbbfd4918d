"""What the desk needs of the centre: a seat for each person who is signed in. `huashu.handoff.service` has it."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from huashu.desk.accounts import User
from huashu.handoff.commands import Command
from huashu.handoff.exporting import Form
from huashu.handoff.line import Track
from huashu.handoff.once import Once
from huashu.handoff.views import Answer, View


class Seat(Protocol):
    @property
    def once(self) -> Once:
        """What this person was answered before."""
        ...

    async def perform(self, command: Command, id_: str) -> Answer:
        """What became of it; under an id that `once` has not met in this process."""
        ...

    def look(self) -> list[View]: ...

    async def export(self, form: Form, *, private: bool = False) -> str:
        """All tickets of the centre. Raises UsageError for whoever is no supervisor, StoreError."""
        ...

    def recording(self, id_: str, number: int) -> Path:
        """Of the conversation that a ticket came from. Raises UsageError for whoever may not hear it, StoreError."""
        ...

    def sign_out(self) -> None: ...

    def lost(self) -> None: ...

    def track(self, conversation: str, track: Track) -> int:
        """Put the agent's sound on the line; the line's rate. Raises UsageError where there is none to be had."""
        ...

    def untrack(self, conversation: str, track: Track) -> None: ...


SignIn = Callable[[User, Callable[[View], None]], Seat]
"""Gives a person their seat at the centre, and from then on tells them what they may see. May come again."""
