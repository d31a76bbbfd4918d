"""Whose the next move is: the bot's and the caller's between them, or somebody else's."""

from huashu.core.actions import Action, Handoff, Transfer
from huashu.core.events import Answered, EdgeEvent, HandoffFailed, HumanJoined, HumanLeft


class NextMove:
    def __init__(self) -> None:
        self.elsewhere = True
        """The line is not answered yet, or a person was asked for."""
        self.awaited = False
        """A person was asked for, and has not come yet."""

    def told(self, event: EdgeEvent) -> None:
        """The edge knows of an event."""
        if isinstance(event, (Answered, HandoffFailed, HumanLeft)):
            self.elsewhere = False
        if isinstance(event, (HandoffFailed, HumanJoined)):
            self.awaited = False

    def performed(self, action: Action) -> None:
        """The dialogue wants something."""
        if isinstance(action, (Handoff, Transfer)):
            self.elsewhere = True
            self.awaited = isinstance(action, Handoff)
