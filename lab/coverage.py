"""Which parts of a script the tests have reached: steps, answers, detours, rungs, branches, endings.

The engine does not know that it is watched. `Watch.bot` is the bot with a copy of its script in which every part notes
when the engine takes it: a reaction when its move is read, a step when its entry conditions are read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from huashu.core.values import Scalar
from huashu.flows.script import (
    Anytime,
    Branch,
    Confirm,
    Flow,
    HandOff,
    OneOf,
    Patterns,
    Prompt,
    Question,
    Reaction,
    Rung,
    Script,
    Step,
)

Kind = Literal[
    "step",
    "answer",
    "value",
    "refusal",
    "anytime",
    "silence",
    "unclear",
    "late",
    "failed",
    "branch",
    "ending",
    "pattern",
]
KINDS: Final[tuple[Kind, ...]] = (
    "step", "answer", "value", "refusal", "anytime", "silence", "unclear", "late", "failed", "branch", "ending",
    "pattern",
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Part:
    """Something a test can reach. `name`: "flow.step", with what of it behind a slash."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Coverage:
    parts: tuple[Part, ...]
    """All, in the order of the script."""
    reached: frozenset[Part]

    @property
    def missed(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part not in self.reached)

    def share(self, kind: Kind | None = None) -> tuple[int, int]:
        """(reached, all) of one kind, or of all."""
        parts = [part for part in self.parts if kind is None or part.kind == kind]
        return sum(part in self.reached for part in parts), len(parts)


class _WatchedReaction(Reaction):
    __slots__ = ("note",)

    def __getattribute__(self, name: str) -> Any:
        if name == "then":
            object.__getattribute__(self, "note")()
        return object.__getattribute__(self, name)


class _WatchedStep(Step):
    __slots__ = ("note",)

    def __getattribute__(self, name: str) -> Any:
        if name == "needs":
            object.__getattribute__(self, "note")()
        return object.__getattribute__(self, name)


class _WatchedBranch(Branch):
    __slots__ = ("note",)

    def __getattribute__(self, name: str) -> Any:
        if name == "then":
            object.__getattribute__(self, "note")()
        return object.__getattribute__(self, name)


class _WatchedPrompt(Prompt):
    __slots__ = ("note",)

    def __getattribute__(self, name: str) -> Any:
        if name == "lines":
            object.__getattribute__(self, "note")()
        return object.__getattribute__(self, name)


class Watch:
    """Collects over all tests of one run."""

    def __init__(self, script: Script) -> None:
        self._parts: dict[Part, None] = {}
        self._reached: set[Part] = set()
        self._ladders: list[tuple[str, tuple[Rung, ...], tuple[Rung, ...]]] = []
        """Ladders already watched: an inherited one counts once, for every question that has it."""
        self._anytime: dict[tuple[str, int], Anytime] = {}
        self._ready = False
        self.script = self._script(script)
        self._ready = True

    @property
    def coverage(self) -> Coverage:
        return Coverage(tuple(self._parts), frozenset(self._reached))

    def ended(self, ending: str) -> None:
        self._reached.add(Part("ending", ending))

    def slots(self, question: str, slot: str | None, before: Mapping[str, Scalar], after: Mapping[str, Scalar]) -> None:
        """An event has passed while `question` ("flow.step", collecting `slot`) was open."""
        if slot is not None and after.get(slot) is not None and after.get(slot) != before.get(slot):
            self._reached.add(Part("value", question))

    # --- the watched copy -------------------------------------------------------------------------------------------

    def _note(self, part: Part) -> Callable[[], None]:
        self._parts.setdefault(part)

        def note() -> None:
            if self._ready:
                self._reached.add(part)

        return note

    def _script(self, script: Script) -> Script:
        flows = {name: self._flow(flow) for name, flow in script.flows.items()}
        patterns = script.patterns
        return replace(
            script,
            flows=flows,
            patterns=Patterns(
                error=self._reaction(patterns.error, Part("pattern", "error")),
                too_long=self._reaction(patterns.too_long, Part("pattern", "too_long")),
                machine=self._reaction(patterns.machine, Part("pattern", "machine")),
                not_answered=self._reaction(patterns.not_answered, Part("pattern", "not_answered")),
                repeat=patterns.repeat,
            ),
        )

    def _flow(self, flow: Flow) -> Flow:
        steps = tuple(self._step(flow.name, step) for step in flow.steps)
        anytime = {name: self._any(name, entry) for name, entry in flow.anytime.items()}
        for ending in flow.endings.values():
            if ending.say is not None or ending.label or ending.send is not None:
                self._parts.setdefault(Part("ending", ending.name))  # else it is one that every bot has unwritten
        return replace(flow, steps=steps, anytime=anytime)

    def _step(self, flow: str, step: Step) -> Step:
        name = f"{flow}.{step.id}"
        watched: dict[str, Any] = {}
        note = self._note(Part("step", name))
        if step.question is not None:
            watched["question"] = self._question(name, step.question)
        if step.do is not None:
            watched["do"] = replace(
                step.do,
                late=self._rungs("late", name, step.do.late),
                failed=self._reaction(step.do.failed, Part("failed", name)),
            )
        if step.branches:
            watched["branches"] = tuple(
                self._branch(branch, Part("branch", f"{name}/{number}"))
                for number, branch in enumerate(step.branches, start=1)
            )
        return _copy(_WatchedStep, step, note, **watched)

    def _question(self, name: str, question: Question) -> Question:
        watched: dict[str, Any] = {
            "answers": {
                intent: self._reaction(reaction, Part("answer", f"{name}/{intent}"))
                for intent, reaction in question.answers.items()
            },
            "silence": self._rungs("silence", name, question.silence),
            "unclear": self._rungs("unclear", name, question.unclear),
        }
        if question.slot is not None:
            self._parts.setdefault(Part("value", name))
        if question.one_of is not None and question.one_of.otherwise is not None:
            prompt = self._prompt(question.one_of.otherwise, Part("refusal", f"{name}/one_of"))
            watched["one_of"] = OneOf(question.one_of.values, prompt)
        if question.confirm is not None and question.confirm.below > 0:
            prompt = self._prompt(question.confirm.say, Part("refusal", f"{name}/confirm"))
            watched["confirm"] = Confirm(question.confirm.below, prompt)
        if question.rejected is not None:
            watched["rejected"] = self._prompt(question.rejected, Part("refusal", f"{name}/valid"))
        return replace(question, **watched)

    def _any(self, name: str, entry: Anytime) -> Anytime:
        known = self._anytime.get((name, id(entry)))
        if known is not None:
            return known
        after = entry.after
        watched = Anytime(
            self._reaction(entry.reaction, Part("anytime", name)),
            entry.times,
            None if after is None else self._reaction(after, Part("anytime", f"{name}/after")),
        )
        self._anytime[name, id(entry)] = watched
        return watched

    def _rungs(
        self, kind: Literal["silence", "unclear", "late"], name: str, rungs: tuple[Rung, ...]
    ) -> tuple[Rung, ...]:
        if not rungs:
            return rungs
        known = next((new for other, old, new in self._ladders if other == kind and old == rungs), None)
        if known is None:
            known = tuple(
                Rung(self._reaction(rung.reaction, Part(kind, f"{name}/{number}")), rung.after)
                for number, rung in enumerate(rungs, start=1)
            )
            self._ladders.append((kind, rungs, known))
        return known

    def _reaction(self, reaction: Reaction, part: Part) -> Reaction:
        watched: dict[str, Any] = {}
        if isinstance(reaction.then, HandOff) and reaction.then.failed is not None:
            queue = Part("failed", f"handoff {reaction.then.queue}")
            watched["then"] = HandOff(reaction.then.queue, self._reaction(reaction.then.failed, queue))
        return _copy(_WatchedReaction, reaction, self._note(part), **watched)

    def _branch(self, branch: Branch, part: Part) -> Branch:
        return _copy(_WatchedBranch, branch, self._note(part))

    def _prompt(self, prompt: Prompt, part: Part) -> Prompt:
        return _copy(_WatchedPrompt, prompt, self._note(part))


def _copy(cls: type[Any], value: Any, note: Callable[[], None], **changed: Any) -> Any:
    fields: Iterable[str] = type(value).__dataclass_fields__
    made = cls.__new__(cls)
    object.__setattr__(made, "note", note)
    for name in fields:
        object.__setattr__(made, name, changed.get(name, getattr(value, name)))
    return made
