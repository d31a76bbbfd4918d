"""Which parts of a script the tests have reached: steps, answers, values, detours, rungs, branches, endings, patterns.

The engine tells after every event what it has performed (`Conversation.reached`); here stands what there is to perform.
A ladder or a detour inherited from the bot counts once, wherever it is met.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from huashu.flows.keys import BUILT_IN_ENDINGS
from huashu.flows.script import Anytime, Flow, Question, Rung, Script, Step
from huashu.lab.places import Place
from huashu.lab.wording import Wording

KINDS: Final = (
    "step", "answer", "value", "anytime", "silence", "unclear", "hold", "skip", "late", "failed", "branch",
    "ending", "pattern", "arm",
)  # fmt: skip
ANSWERS: Final = frozenset(
    {"answer", "value", "anytime", "silence", "unclear", "hold", "skip", "late", "failed", "ending"}
)
"""Kinds that are an answer to what a caller or a system does: all of them should be tested."""


@dataclass(frozen=True, slots=True)
class Part:
    """Something a test can reach."""

    kind: str
    name: str
    """"flow.step", with what of it behind a dot."""
    place: Place | None = None
    """Where it is written, as far as known."""

    def __str__(self) -> str:
        return self.told(Wording("en"))

    def told(self, tell: Wording) -> str:
        """In words, in the language of the bot."""
        where = f" ({self.place})" if self.place else ""
        name = tell.name(self.name) if self.kind == "pattern" else self.name
        return f"{tell.name(self.kind)} {name}{where}"


@dataclass(frozen=True, slots=True)
class Coverage:
    parts: tuple[Part, ...]
    """All, in the order of the script."""
    counts: Mapping[Part, int]
    """How often each was reached; what is not here never was."""

    @property
    def reached(self) -> frozenset[Part]:
        return frozenset(self.counts)

    @property
    def missed(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part not in self.reached)

    @property
    def unanswered(self) -> tuple[Part, ...]:
        """What was missed of the kinds that every bot's tests should reach."""
        return tuple(part for part in self.missed if part.kind in ANSWERS)

    def share(self, kinds: Iterable[str] = KINDS) -> tuple[int, int]:
        """(reached, all) of these kinds."""
        parts = [part for part in self.parts if part.kind in kinds]
        return sum(part in self.reached for part in parts), len(parts)


class Watch:
    """Collects over all tests of one run."""

    def __init__(self, script: Script, places: Mapping[str, Place] | None = None) -> None:
        """`places`: where parts are written, by "flow.step", "flow.step.answer", "anytime.name", "ending.name"."""
        self._places = places or {}
        self._parts: dict[str, Part] = {}
        """By the engine's id of what it performs; several ids may mean one part."""
        self._counts: Counter[Part] = Counter()
        self._ladders: list[tuple[str, tuple[Rung, ...], str]] = []
        self._detours: list[tuple[str, Anytime, str]] = []
        for flow in script.flows.values():
            self._flow(flow)
        for name in ("error", "too_long", "machine", "not_answered"):
            self._add("pattern", name)
        for name, arms in script.experiments.items():
            for arm in arms:
                self._add("arm", f"{name}.{arm}")

    @property
    def coverage(self) -> Coverage:
        return Coverage(tuple(dict.fromkeys(self._parts.values())), dict(self._counts))

    def part(self, identity: str) -> Part | None:
        """What an id of the engine stands for."""
        return self._parts.get(identity)

    def saw(self, reached: Iterable[str]) -> list[Part]:
        """Ids from the engine, after one event; what they stand for."""
        found = [part for identity in reached if (part := self._parts.get(identity)) is not None]
        self._counts.update(found)
        return found

    def _add(self, kind: str, name: str, *, identity: str | None = None, at: tuple[str, ...] = ()) -> None:
        place = next((self._places[key] for key in (*at, name) if key in self._places), None)
        self._parts.setdefault(f"{kind}:{identity or name}", Part(kind, name, place))

    def _flow(self, flow: Flow) -> None:
        for step in flow.steps:
            self._step(flow, step)
        for name, entry in flow.anytime.items():
            if not entry.built_in:
                self._anytime(flow, name, entry)
        for name, ending in flow.endings.items():
            # The built-in ones exist without being written; a script's own that redefines one is known by its label.
            if ending.label or (name not in BUILT_IN_ENDINGS and name not in BUILT_IN_ENDINGS.values()):
                self._add("ending", ending.name, identity=name, at=(f"ending.{ending.name}",))

    def _step(self, flow: Flow, step: Step) -> None:
        name = f"{flow.name}.{step.id}"
        self._add("step", name)
        if step.question is not None:
            self._question(name, step.question)
        if step.do is not None:
            for number in range(1, len(step.do.late) + 1):
                self._add("late", f"{name}.{number}", at=(name,))
            self._add("failed", name)
        for number in range(1, len(step.branches) + 1):
            self._add("branch", f"{name}.{number}", at=(name,))

    def _question(self, name: str, question: Question) -> None:
        for intent in question.answers:
            self._add("answer", f"{name}.{intent}", at=(f"{name}.{intent}", name))
        if question.slot is not None:
            self._add("value", name)
        self._ladder("silence", name, question.silence)
        self._ladder("unclear", name, question.unclear)
        if question.hold is not None and question.hold.given:  # the built-in one is not the script's to test
            self._ladder("hold", name, question.hold.silence)
        if question.skip is not None:
            self._add("skip", name)

    def _ladder(self, kind: str, name: str, rungs: tuple[Rung, ...]) -> None:
        first = next((owner for other, same, owner in self._ladders if (other, same) == (kind, rungs)), None)
        if first is None:
            self._ladders.append((kind, rungs, name))
        for number in range(1, len(rungs) + 1):
            self._add(kind, f"{first or name}.{number}", identity=f"{name}.{number}", at=(first or name,))
            self._share(f"{kind}:{name}.{number}", f"{kind}:{first or name}.{number}")

    def _anytime(self, flow: Flow, name: str, entry: Anytime) -> None:
        first = next((owner for other, same, owner in self._detours if (other, same) == (name, entry)), None)
        if first is None:
            self._detours.append((name, entry, flow.name))
        shown = name if first is None and not self._known(name) else f"{first or flow.name}.{name}"
        for suffix in ("", ".after") if entry.after is not None else ("",):
            self._add("anytime", shown + suffix, identity=f"{flow.name}.{name}{suffix}", at=(f"anytime.{name}",))
            self._share(f"anytime:{flow.name}.{name}{suffix}", f"anytime:{first or flow.name}.{name}{suffix}")

    def _known(self, name: str) -> bool:
        return sum(other == name for other, _, _ in self._detours) > 1

    def _share(self, identity: str, other: str) -> None:
        self._parts[identity] = self._parts[other]
