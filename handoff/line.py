"""One live conversation as those see it who may take it over: what happened so far, what happens, and a way in.

Whoever carries conversations (a text stream, a voice call, a web chat, a test) joins each to the centre as a `Line`.
The centre answers the bot's `Handoff` through it and never touches the conversation in any other way.
"""

from collections.abc import Callable, Sequence
from typing import Literal, Protocol

from huashu.core.actions import Action
from huashu.core.events import EdgeEvent, Event, Started
from huashu.core.expect import Expectation
from huashu.core.values import Values
from huashu.flows.script import Script

Watcher = Callable[[float, Event | Action], None]
"""Called with what has happened, and when (seconds since Started): events once the engine has accepted them, partials
included, and actions once they are performed. Must not block and must not raise."""

Audience = Literal["caller", "people", "all", "nobody"]
"""On a call: the caller (and the bot), the other people on it, both, or neither."""


class Track(Protocol):
    """A person's sound at a call: signed 16-bit linear mono, 20 ms a frame, at the call's rate
    (`huashu.handoff.track.SoundTrack` is one over a network)."""

    @property
    def name(self) -> str:
        """Who: what they say is on record as theirs."""
        ...

    def take(self) -> bytes | None:
        """The next frame of what this person says; None while there is none (silence, or the network is late)."""
        ...

    def give(self, frame: bytes) -> None:
        """What this person is to hear next. Never blocks; a track that falls behind drops its oldest sound."""
        ...


class Line(Protocol):
    """A conversation, live. Methods are called on the event loop."""

    @property
    def call(self) -> str:
        """Its id."""
        ...

    @property
    def started(self) -> Started: ...

    @property
    def script(self) -> Script: ...

    @property
    def now(self) -> float:
        """Seconds since Started."""
        ...

    @property
    def owner(self) -> Literal["bot", "human"]: ...

    @property
    def step(self) -> str:
        """ "flow.step" it stands at."""
        ...

    @property
    def slots(self) -> Values: ...

    @property
    def expectation(self) -> Expectation:
        """The open question."""
        ...

    def history(self) -> Sequence[tuple[float, Event | Action]]:
        """All that a watcher from the start would have been told, partials left out."""
        ...

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Tell `watcher` from now on; call what is returned to stop."""
        ...

    async def receive(self, event: EdgeEvent) -> None:
        """Give the conversation an event: HandoffQueued, HumanJoined, HumanSaid, HumanLeft, HandoffFailed, HungUp.

        Raises:
            UsageError: an impossible event; nothing has changed.
            LimitError: too much waits already.
        """
        ...

    @property
    def rate(self) -> int | None:
        """Samples a second of its sound; None: words only."""
        ...

    def bridge(self, track: Track, *, hears: Audience, heard_by: Audience) -> None:
        """Put a person's sound on a voice call. An agent hears all and is heard by all; who listens in hears all and is
        heard by nobody; who whispers hears all and is heard by people; an agent whose caller is on hold has people for
        both, and the caller the hold sound. Put again with other ears it changes them.

        Raises UsageError for a conversation without sound.
        """
        ...

    def unbridge(self, track: Track) -> None:
        """Take it off; of no effect when it is not on."""
        ...
