"""A recorded call once more: the same log through the same or another script, compared action by action."""

from dataclasses import dataclass

from huashu.core.actions import Action
from huashu.core.codec import to_data
from huashu.core.errors import StoreError, UsageError
from huashu.core.events import Started
from huashu.dialogue.engine import Conversation
from huashu.flows.script import Script
from huashu.runtime.salvage import Salvage
from huashu.store.log import Entry, Store


@dataclass(frozen=True, slots=True)
class ReplayedTurn:
    """One event and what it does now."""

    entry: Entry
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first turn in which two replays of the same log part."""

    seq: int
    """Number of the event."""
    before: tuple[Action, ...]
    after: tuple[Action, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    call: str
    turns: tuple[ReplayedTurn, ...]
    """By the script the call was held with, or by `script` when that is not at hand."""
    difference: Difference | None
    """None: the compared script does exactly the same."""
    ending: str | None
    """What the record says."""
    replayed_ending: str | None
    """What this replay came to; None while open."""
    erased: bool
    """Private values are gone: words and values are tokens, so branches that looked at them may differ."""

    @property
    def same(self) -> bool:
        return self.difference is None and (self.ending is None or self.ending == self.replayed_ending)


def replay(store: Store, call: str, script: Script, *, other: Script | None = None) -> Replay:
    """Recompute a call's actions from its log.

    script: what the call was held with (its flow digest must be the recorded one unless `other` is None and you mean
        to see what this script would have done).
    other: compare with this script instead of only recomputing.

    Raises:
        StoreError: no such call, or its log is damaged.
        UsageError: the script cannot take this log (Started has a variable that it does not know).
    """
    record = store.call(call)
    entries = store.read(call)
    turns = run(entries, script)
    compared = run(entries, other) if other is not None else turns
    return Replay(
        call=call,
        turns=turns,
        difference=_difference(turns, compared),
        ending=record.ending,
        replayed_ending=_ending(compared),
        erased=record.erased,
    )


def run(entries: list[Entry], script: Script) -> tuple[ReplayedTurn, ...]:
    """The log through a script. Raises StoreError (code "damaged") when it does not begin with Started."""
    if not entries or not isinstance(entries[0].event, Started):
        raise StoreError("the log does not begin with Started", code="damaged")
    engine = Conversation(script)
    salvage: Salvage | None = None
    turns = []
    for entry in entries:
        if salvage is not None:
            actions = salvage.receive(entry.event, entry.seq, now=entry.now)
        else:
            try:
                actions = engine.receive(entry.event, now=entry.now)
            except UsageError:
                raise
            except Exception:  # as in Turns: where the engine broke in the call, it breaks in the replay
                salvage = Salvage(script, entry.seq, now=entry.now)
                actions = salvage.actions
        turns.append(ReplayedTurn(entry, tuple(actions)))
    return tuple(turns)


def replayed(entries: list[Entry], script: Script) -> list[tuple[Entry, tuple[Action, ...]]]:
    """`run` in the shape that huashu.runtime.resume reads."""
    return [(turn.entry, turn.actions) for turn in run(entries, script)]


def _difference(before: tuple[ReplayedTurn, ...], after: tuple[ReplayedTurn, ...]) -> Difference | None:
    for old, new in zip(before, after, strict=True):
        if [to_data(action) for action in old.actions] != [to_data(action) for action in new.actions]:
            return Difference(old.entry.seq, old.actions, new.actions)
    return None


def _ending(turns: tuple[ReplayedTurn, ...]) -> str | None:
    for turn in reversed(turns):
        for action in turn.actions:
            ending = getattr(action, "ending", None)
            if isinstance(ending, str):
                return ending
    return None
