"""What is left when the engine itself breaks: the caller hears the script's error pattern, then a person or an end.

A value machine like the engine it stands in for, and like it a function of the event log alone: a replay breaks at the
same event and is salvaged the same way. It renders nothing and computes nothing, so it cannot fail in turn.
"""

from huashu.core.actions import Action, Disposition, Handoff, Hangup, Say
from huashu.core.events import Event, HandoffFailed, HumanJoined, HumanLeft, HungUp, Ticked
from huashu.flows.script import HandOff, Script

LAST_WORDS_WITHIN = 30.0
"""Seconds that last words may take to play before the conversation counts as closed."""


class Salvage:
    __slots__ = ("_joined", "_script", "_serial", "actions", "closed", "deadline")

    def __init__(self, script: Script, seq: int, *, now: float, person: bool = False, over: bool = False) -> None:
        """`seq`: the event that broke the engine; `actions` are what to do about it.

        person: somebody owns the call, and is not spoken over. over: the outcome is on record, last words were playing.
        """
        self._script = script
        self._serial = 0
        self._joined = person
        self.closed = over
        self.deadline: float | None = None
        self.actions: list[Action] = []
        if person or over:
            return
        words = _words(script)
        if words:
            self.actions.append(Say(self._id(seq), words, language=script.language, voice=script.voice))
        target = script.patterns.error.then
        if isinstance(target, HandOff):
            self.actions.append(Handoff(self._id(seq), target.queue, reason="error"))
            self.deadline = now + script.settings.human_within
        else:
            self._end(seq, now)

    def receive(self, event: Event, seq: int, *, now: float) -> list[Action]:
        self.actions = []
        match event:
            case HungUp():
                self.closed = True
                if self.deadline is not None or self._joined:
                    result = "handoff" if self._joined else "error"
                    self.actions.append(Disposition(self._id(seq), result, result))
            case HumanJoined():
                self._joined = True
                self.deadline = None
            case HumanLeft() | HandoffFailed():
                self._end(seq, now)
            case Ticked() if self.deadline is not None and now >= self.deadline:
                self._end(seq, now)
            case _:
                pass  # nothing else can be understood any more
        return self.actions

    def _end(self, seq: int, now: float) -> None:
        if self.closed:
            return
        self.actions.append(Disposition(self._id(seq), "error", "error"))
        self.actions.append(Hangup(self._id(seq), LAST_WORDS_WITHIN))
        self.deadline = None
        self.closed = True

    def _id(self, seq: int) -> str:
        self._serial += 1
        return f"{seq}.e{self._serial}"


def _words(script: Script) -> str:
    """The first line of the error pattern that needs no variable."""
    say = script.patterns.error.say
    for line in say.lines if say is not None else ():
        if line.when is None and all(isinstance(part, str) for part in line.parts):
            return "".join(part for part in line.parts if isinstance(part, str))
    return ""
