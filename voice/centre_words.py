"""The centre's own words on a call, which the bot's voice speaks: never over a person who is on the line, and before
the one who has joined is heard."""

from huashu.core.actions import Action, Say
from huashu.core.events import EdgeEvent, HumanJoined, HumanLeft, HumanSaid

OPENING_WITHIN = 10.0
"""Seconds that the person who has joined is held back at most for the words that say who they are. A sentence of 60
characters, the longest that centre.yaml takes, lasts about that (6 characters a second)."""


class CentreWords:
    def __init__(self) -> None:
        self._until: float | None = None
        """Until when the person who has joined is held back; None: they are not."""
        self._begun = False
        """The opening has been handed to the voice."""

    def told(self, event: EdgeEvent, now: float) -> None:
        """The edge knows of an event."""
        if isinstance(event, HumanSaid) and event.centre == "opening":
            self._until, self._begun = now + OPENING_WITHIN, False
        elif isinstance(event, HumanJoined | HumanLeft):
            self._until = None

    def performed(self, action: Action) -> None:
        """The dialogue wants something."""
        self._begun = self._begun or isinstance(action, Say)

    def opening(self, now: float, *, idle: bool) -> bool:
        """Whether the person who has joined is still to be held back. idle: the bot has said everything."""
        if self._until is not None and (now >= self._until or (self._begun and idle)):
            self._until = None
        return self._until is not None
