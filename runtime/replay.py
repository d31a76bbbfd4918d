"""A recorded call once more: the same log through the same or another script, compared action by action."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from huashu.core.actions import Action, Disposition, Handoff, Listen, RunAction, Say, Send, Stop
from huashu.core.codec import to_data
from huashu.core.errors import HuashuError, StoreError, UsageError
from huashu.core.events import Started
from huashu.dialogue.engine import Conversation
from huashu.flows.script import Script
from huashu.runtime.salvage import Salvage
from huashu.store.log import Entry, Store
from huashu.store.sealing import ERASED


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
    parting: Difference | None
    """The first turn in which more than wording differs: a caller would have gone on from another place, so what the
    log holds from there on says nothing about the compared script."""
    ending: str | None
    """What the record says."""
    replayed_ending: str | None
    """What this replay came to; None while open."""
    erased: bool
    """Private values are gone: words are tokens, given values the script's examples; what looked at them may differ."""

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
    if record.erased:
        entries = [_stand_in(entry, script) for entry in entries]
    turns = run(entries, script)
    compared = run(_in_arms(entries, record.arms, other), other) if other is not None else turns
    return Replay(
        call=call,
        turns=turns,
        difference=_difference(turns, compared, to_data),
        parting=_difference(turns, compared, shape),
        ending=record.ending,
        replayed_ending=_ending(compared),
        erased=record.erased,
    )


def _in_arms(entries: list[Entry], arms: Mapping[str, str], script: Script) -> list[Entry]:
    """The log with the call in the arms it was in, as far as the script has them: other shares are no other call."""
    if not isinstance(entries[0].event, Started):
        return entries
    kept = {name: arm for name, arm in arms.items() if arm in script.experiments.get(name, ())}
    return [entries[0]._replace(event=replace(entries[0].event, arms=kept)), *entries[1:]]


def _stand_in(entry: Entry, script: Script) -> Entry:
    """An erased call's variables as the script's examples: tokens are no values of any type."""
    if not isinstance(entry.event, Started):
        return entry
    tokens = frozenset(ERASED.values())
    variables = {
        name: script.variables[name].example if value in tokens and name in script.variables else value
        for name, value in entry.event.variables.items()
    }
    return entry._replace(event=replace(entry.event, variables=variables))


def run(entries: list[Entry], script: Script) -> tuple[ReplayedTurn, ...]:
    """The log through a script. Raises StoreError (code "damaged") when it does not begin with Started."""
    return rerun(entries, script)[0]


def rerun(entries: list[Entry], script: Script) -> tuple[tuple[ReplayedTurn, ...], Conversation]:
    """As `run`, with the engine as it stands behind the last event (or where it broke in the call)."""
    if not entries or not isinstance(entries[0].event, Started):
        raise StoreError("the log does not begin with Started", code="damaged")
    engine = Conversation(script)
    salvage: Salvage | None = None
    turns: list[ReplayedTurn] = []
    for entry in entries:
        if salvage is not None:
            actions = salvage.receive(entry.event, entry.seq, now=entry.now)
        else:
            try:
                actions = engine.receive(entry.event, now=entry.now)
            except UsageError:
                raise
            except Exception:  # as in Turns: where the engine broke in the call, it breaks in the replay
                over = any(isinstance(action, Disposition) for turn in turns for action in turn.actions)
                salvage = Salvage(script, entry.seq, now=entry.now, person=engine.owner == "human", over=over)
                actions = salvage.actions
        turns.append(ReplayedTurn(entry, tuple(actions)))
    return tuple(turns), engine


def replayed(entries: list[Entry], script: Script) -> list[tuple[Entry, tuple[Action, ...]]]:
    """`run` in the shape that huashu.runtime.resume reads."""
    return [(turn.entry, turn.actions) for turn in run(entries, script)]


def shape(action: Action) -> tuple[str, ...] | None:
    """What an action does, without its words: who speaks where, what is asked, run, sent, how it ends."""
    match action:
        case Stop():
            return None
        case Say(step=step):
            return ("say", step)
        case Listen(expect=expect):
            return ("listen", expect.step)
        case RunAction(name=name) | Handoff(queue=name) | Send(medium=name):
            return (type(action).__name__, name)
        case Disposition(ending=ending, result=result, label=label):
            return ("ending", ending, result, label)
        case _:
            return (type(action).__name__,)


def _difference(
    before: tuple[ReplayedTurn, ...], after: tuple[ReplayedTurn, ...], aspect: Callable[[Action], object]
) -> Difference | None:
    for old, new in zip(before, after, strict=True):
        seen = [[found for a in actions if (found := aspect(a)) is not None] for actions in (old.actions, new.actions)]
        if seen[0] != seen[1]:
            return Difference(old.entry.seq, old.actions, new.actions)
    return None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What another script makes of one recorded call."""

    call: str
    replay: Replay | None
    problem: str = ""
    """Why the call cannot be replayed; then `replay` is None."""

    @property
    def changed(self) -> bool:
        """The call goes otherwise: it parts, or ends otherwise. New wording alone is no change."""
        return self.replay is not None and (self.replay.parting is not None or not self._ends_alike(self.replay))

    @property
    def reworded(self) -> bool:
        return self.replay is not None and not self.changed and self.replay.difference is not None

    @staticmethod
    def _ends_alike(replay: Replay) -> bool:
        return replay.ending is None or replay.ending == replay.replayed_ending


def replay_all(store: Store, other: Script, held_with: Callable[[bytes], Script]) -> Iterator[Outcome]:
    """Every recorded call of the same bot through `other`, the latest first.

    held_with: makes a script of the bytes that the store keeps of it (`huashu.flows.loader.load_bundle`).
    """
    scripts: dict[str, Script | None] = {}
    for record in store.calls(bot=other.name, limit=MOST_CALLS):
        try:
            if record.digest not in scripts:
                content = store.get_script(record.digest)
                scripts[record.digest] = held_with(content) if content is not None else None
            script = scripts[record.digest]
            if script is None:
                yield Outcome(record.call, None, "the store does not hold its script")
            else:
                yield Outcome(record.call, replay(store, record.call, script, other=other))
        except HuashuError as error:
            yield Outcome(record.call, None, str(error))


MOST_CALLS = 1_000_000
"""Of one run; a store with more is replayed bot by bot."""


def _ending(turns: tuple[ReplayedTurn, ...]) -> str | None:
    for turn in reversed(turns):
        for action in turn.actions:
            ending = getattr(action, "ending", None)
            if isinstance(ending, str):
                return ending
    return None
