"""What has to be performed again after a worker died: decided from the history alone.

A turn is committed, then performed, then the next one is committed. So everything before the last turn that had
actions has been performed; that turn itself is in doubt. Beyond it are outstanding: actions of the bank without a
result, and lines whose end of playback was never reported. All keep their ids: who receives them knows them again.
"""

from collections.abc import Sequence

from huashu.core.actions import Action, Disposition, Handoff, Hangup, Listen, RunAction, Say, Stop, Transfer
from huashu.core.events import (
    ActionResult,
    HandoffFailed,
    HumanJoined,
    HumanLeft,
    HungUp,
    PlaybackEnded,
    Started,
)
from huashu.store.log import Entry

History = Sequence[tuple[Entry, tuple[Action, ...]]]


def outstanding(history: History, *, after: str | None = None) -> list[Action]:
    """The actions to perform again, in their order.

    after: the id of the last action the edge knows it received; everything later is performed again, nothing
        earlier but what still waits for an answer from a server. None: the edge knows nothing.
    """
    actions = [action for _, turn in history for action in turn]
    settled = _settled(history)
    first = _first_in_doubt(history) if after is None else _following(actions, after)
    marks = any(isinstance(entry.event, Started) and entry.event.marks == "sent" for entry, _ in history[:1])
    open_listen = _open_listen(actions)
    again = []
    for position, action in enumerate(actions):
        doubtful = position >= first
        match action:
            case RunAction() | Handoff() | Transfer():
                wanted = action.id not in settled and (doubtful or isinstance(action, RunAction))
            case Say():
                wanted = action.id not in settled and (doubtful or (marks and after is None))
            case Listen():
                wanted = position == open_listen
            case Stop():
                wanted = False  # nothing plays on a fresh edge
            case _:
                wanted = doubtful
        if wanted:
            again.append(action)
    return again


def _settled(history: History) -> set[str]:
    """Ids of actions whose answer is in the log, and of lines stopped or superseded by the caller's words."""
    settled: set[str] = set()
    people: list[str] = []
    for entry, actions in history:
        match entry.event:
            case ActionResult(action=identity) | PlaybackEnded(say=identity):
                settled.add(identity)
            case HumanJoined() | HandoffFailed() | HumanLeft() | HungUp():
                settled.update(people)
            case _:
                pass
        for action in actions:
            if isinstance(action, Stop):
                settled.add(action.id)
            elif isinstance(action, (Handoff, Transfer)):
                people.append(action.id)
    return settled


def _first_in_doubt(history: History) -> int:
    """Position of the first action of the last turn that had any."""
    position = 0
    first = 0
    for _, actions in history:
        if actions:
            first = position
        position += len(actions)
    return first


def _open_listen(actions: Sequence[Action]) -> int:
    """Position of the Listen whose question is still open; -1 when something else is waited for, or nothing."""
    for position in range(len(actions) - 1, -1, -1):
        match actions[position]:
            case Listen():
                return position
            case RunAction() | Handoff() | Transfer() | Disposition() | Hangup():
                return -1
            case _:
                pass
    return -1


def _following(actions: Sequence[Action], identity: str) -> int:
    for position, action in enumerate(actions):
        if action.id == identity:
            return position + 1
    return 0  # an id this call never had: the edge knows nothing of it
