"""What a picture of a script shows, before anybody draws it: boxes, arrows, ways out, and what works at any time.

Follows what the engine does, as huashu.flows.graph: an answered question goes on with the rest of its step. Ladders are
notes in their box, since an arrow for every "did not understand" would bury the conversation.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal, assert_never

from huashu.core.language import is_chinese
from huashu.flows.captions import Words
from huashu.flows.expressions import Expression
from huashu.flows.keys import BUILT_IN_ENDINGS
from huashu.flows.script import (
    Anytime,
    Back,
    CallFlow,
    Continue,
    End,
    Ending,
    Flow,
    Go,
    HandOff,
    Link,
    Move,
    Prompt,
    Question,
    Reaction,
    Reference,
    Rung,
    Script,
    Stay,
    Step,
)

BoxKind = Literal["say", "ask", "collect", "do", "decide", "call"]
ExitKind = Literal["end", "handoff", "link", "return"]


@dataclass(frozen=True, slots=True)
class Label:
    text: str
    part: str = ""
    """What coverage calls it: "answer flow.step.intent"."""


@dataclass(frozen=True, slots=True)
class Box:
    """A step."""

    id: str
    title: str
    kind: BoxKind
    detail: str
    """The variable it collects, the action it runs."""
    text: str
    notes: tuple[str, ...]
    part: str


@dataclass(frozen=True, slots=True)
class Exit:
    """Where a thread leaves the flow."""

    kind: ExitKind
    name: str
    text: str
    result: str = ""
    label: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Arrow:
    source: str
    """Id of a box; or "" for the entry of an `anytime` that goes to a step."""
    target: str | Exit
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a side list."""

    name: str
    text: str
    goes: str
    part: str = ""
    result: str = ""
    """Of the ending it leads to, for its colour."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One flow."""

    name: str
    start: bool
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    anytime: tuple[Item, ...]
    """Its own, not those of the whole bot."""


@dataclass(frozen=True, slots=True)
class Picture:
    title: str
    words: Words
    panels: tuple[Panel, ...]
    anytime: tuple[Item, ...]
    """What works in all flows."""
    patterns: tuple[Item, ...]
    """What happens when there is no conversation, or none any more; first the ladders of most questions."""
    endings: tuple[Exit, ...]


def picture(script: Script) -> Picture:
    """All flows of a script, the one that starts first."""
    words = Words(is_chinese(script.language))
    flows = sorted(script.flows.values(), key=lambda flow: flow.name != script.start)
    shared = _shared(list(script.flows.values()))
    called = {move.flow for flow in flows for move in _moves(flow) if isinstance(move, CallFlow)}
    panels = tuple(
        _FlowPicture(flow, words, flow.name in called).panel(flow.name == script.start, shared) for flow in flows
    )
    first = script.flows[script.start]
    reader = _FlowPicture(first, words, False)
    patterns = tuple(
        replace(reader.item(words(caption), reaction), part=f"pattern {name}")
        for name in ("not_answered", "machine", "too_long", "error")
        for reaction in (getattr(script.patterns, name),)
        for caption in ("message" if name == "machine" and script.patterns.after_beep is not None else name,)
    )
    panels, usual = _usual(panels, words)
    endings: dict[str, Exit] = {}
    for flow in flows:
        for name, ending in flow.endings.items():
            if ending.label or name not in {*BUILT_IN_ENDINGS, *BUILT_IN_ENDINGS.values()}:
                endings.setdefault(ending.name, _ending(ending, words))
    anytime = tuple(reader.detour(name, entry) for name, entry in shared.items())
    return Picture(script.title, words, panels, anytime, (*usual, *patterns), tuple(endings.values()))


def _usual(panels: tuple[Panel, ...], words: Words) -> tuple[tuple[Panel, ...], list[Item]]:
    """The ladder that most questions share is told once; a box notes only what is its own."""
    counts = Counter(note for panel in panels for box in panel.boxes for note in box.notes)
    common: dict[str, str] = {}
    for kind in ("silence", "unclear"):
        notes = [note for note in counts if note.startswith(f"{words(kind)} ") and counts[note] > 1]
        if notes:
            common[kind] = max(notes, key=counts.__getitem__)
    items = []
    for kind, note in common.items():
        count, _, goes = note.removeprefix(f"{words(kind)} ").partition(" → ")
        items.append(Item(f"{words(kind)} {count}", "", goes))
    rest = [
        replace(panel, boxes=tuple(replace(box, notes=_without(box.notes, common)) for box in panel.boxes))
        for panel in panels
    ]
    return tuple(rest), items


def _without(notes: tuple[str, ...], common: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(note for note in notes if note not in common.values())


def _shared(flows: list[Flow]) -> dict[str, Anytime]:
    """The `anytime` of most flows, told once; of a bot with one flow all."""
    found: dict[str, Anytime] = {}
    for name in dict.fromkeys(name for flow in flows for name, entry in flow.anytime.items() if not entry.built_in):
        entries = [flow.anytime[name] for flow in flows if name in flow.anytime]
        most = max(entries, key=entries.count)
        if len(flows) == 1 or entries.count(most) > len(flows) / 2:
            found[name] = most
    return found


def _ending(ending: Ending, words: Words) -> Exit:
    text = BUILT_IN_ENDINGS.get(ending.name, ending.name) if words.chinese else ending.name
    return Exit("end", ending.name, text, ending.result, ending.label, f"ending {ending.name}")


def plain(prompt: Prompt | None, words: Words) -> str:
    """The first wording, with its variables in brackets; in front of it how many variants it has."""
    if prompt is None or not prompt.lines:
        return ""
    left, right = "【】" if words.chinese else "[]"
    line = prompt.lines[0]
    text = "".join(f"{left}{p.name}{right}" if isinstance(p, Reference) else p for p in line.parts)
    return words("variants", len(line.variants), text) if line.others else text


_COMPARISON = re.compile(r"\((?!\()([^()]*?(?:==|!=|<=|>=|<|>)[^()]*?)\)")


def condition(expression: Expression, words: Words) -> str:
    """An expression without the brackets that the compiler puts round every part of it."""
    text = _COMPARISON.sub(r"\1", expression.text)
    while text.startswith("(") and text.endswith(")") and _closes(text):
        text = text[1:-1]
    for english, chinese in (("and", "且"), ("or", "或"), ("not", "非")) if words.chinese else ():
        text = re.sub(rf"\b{english}\b", chinese, text)
    return text


def _closes(text: str) -> bool:
    """Whether the bracket that opens the text is the one that closes it."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return index == len(text) - 1
    return False


def _moves(flow: Flow) -> Iterator[Move]:
    for step in flow.steps:
        reactions = [*step.question.replies] if step.question else []
        yield from (reaction.then for reaction in reactions)
        yield from (branch.then for branch in step.branches)
        yield step.then


class _FlowPicture:
    def __init__(self, flow: Flow, words: Words, called: bool) -> None:
        self._flow, self._words, self._called = flow, words, called
        self._arrows: dict[tuple[str, str | Exit], list[Label]] = {}
        self._always: set[tuple[str, str | Exit]] = set()
        """Arrows that are followed whatever happens: a label for one of the reasons would mislead."""

    def panel(self, start: bool, shared: Mapping[str, Anytime]) -> Panel:
        boxes = tuple(self._box(position, step) for position, step in enumerate(self._flow.steps))
        own = {
            name: entry
            for name, entry in self._flow.anytime.items()
            if entry != shared.get(name) and not entry.built_in
        }
        for name, entry in self._flow.anytime.items():
            if isinstance(entry.reaction.then, Go):
                self._arrow("", entry.reaction.then.step, Label(name, f"anytime {name}"))
        arrows = tuple(
            Arrow(*key, () if key in self._always else tuple(labels)) for key, labels in self._arrows.items()
        )
        side = tuple(self.detour(name, entry) for name, entry in own.items())
        return Panel(self._flow.name, start, boxes, arrows, side)

    # --- steps ------------------------------------------------------------------------------------------------------

    def _box(self, position: int, step: Step) -> Box:
        name = f"{self._flow.name}.{step.id}"
        question, notes = step.question, []
        kind: BoxKind = "say"
        detail, text = "", plain(step.say, self._words)
        if question is not None:
            kind, detail = ("collect", question.slot) if question.slot else ("ask", "")
            text = (
                f"{text} {plain(question.prompt, self._words)}".strip()
                if step.say
                else plain(question.prompt, self._words)
            )
            notes = self._question(position, step, question)
        elif step.do is not None:
            kind, detail = "do", step.do.action
            text = text or plain(step.do.late[0].reaction.say if step.do.late else None, self._words)
            self._reaction(position, step.id, step.do.failed, Label(self._words("failed"), f"failed {name}"))
            self._finish(position, step, ())
        else:
            if step.branches and not text:
                kind = "decide"
            elif isinstance(step.then, CallFlow) and not text:
                kind, detail = "call", step.then.flow
            self._finish(position, step, ())
        if step.times is not None:
            self._move(position, step.id, step.after, Label(self._words("times", step.times)))
        if step.must_hear is not None and not isinstance(step.must_hear.otherwise, Continue):
            self._move(position, step.id, step.must_hear.otherwise, Label(self._words("not_heard")))
        if not text and step.set:
            text = self._words("and").join(
                f"{item.variable} = {condition(item.value, self._words)}" for item in step.set
            )
        return Box(step.id, step.id, kind, detail, text, tuple(notes), f"step {name}")

    def _question(self, position: int, step: Step, question: Question) -> list[str]:
        name = f"{self._flow.name}.{step.id}"
        on: list[Label] = [Label(self._words("value", question.slot), f"value {name}")] if question.slot else []
        stays = []
        labelled = [(Label(intent, f"answer {name}.{intent}"), item) for intent, item in question.answers.items()]
        if question.skip is not None:
            labelled.append((Label(self._words("skip"), f"skip {name}"), question.skip))
        for label, reaction in labelled:
            match reaction.then:
                case Back() | Stay():
                    stays.append(label.text)
                case Continue():
                    on.append(label)
                case _:
                    self._reaction(position, step.id, reaction, label)
        if on:
            self._finish(position, step, tuple(on))
        notes = [self._words("stays", self._words("and").join(stays))] if stays else []
        for kind, rungs in (("silence", question.silence), ("unclear", question.unclear)):
            for rung in rungs:  # an arrow only where silence or noise leads on to another step
                if isinstance(rung.reaction.then, Go):
                    self._reaction(position, step.id, rung.reaction, Label(self._words(kind)))
            notes.append(self._ladder(kind, rungs))
        return notes

    def _ladder(self, kind: str, rungs: tuple[Rung, ...]) -> str:
        seconds = "+".join(f"{rung.after:g}" for rung in rungs)
        count = self._words("seconds", seconds) if kind == "silence" else self._words("twice", len(rungs))
        return self._words("ladder", self._words(kind), count, self._goes(rungs[-1].reaction.then))

    def _finish(self, position: int, step: Step, labels: tuple[Label, ...]) -> None:
        """The rest of a step: its arms, then its own move."""
        for number, branch in enumerate(step.branches, 1):
            text = condition(branch.when, self._words) if branch.when is not None else self._words("else")
            part = f"branch {self._flow.name}.{step.id}.{number}"
            self._move(position, step.id, branch.then, Label(text, part))
            if branch.when is None:
                return
        if step.branches and not labels:
            labels = (Label(self._words("else")),)
        self._move(position, step.id, step.then, *labels)

    # --- moves ------------------------------------------------------------------------------------------------------

    def _reaction(self, position: int, source: str, reaction: Reaction, label: Label) -> None:
        self._move(position, source, reaction.then, label)

    def _move(self, position: int, source: str, move: Move, *labels: Label) -> None:
        match move:
            case Go(step=step):
                self._arrow(source, step, *labels)
            case Continue() | Back() | Stay():
                self._arrow(source, self._next(position), *labels)
            case CallFlow(flow=flow):
                after = self._words("after", flow)
                alone = not labels and not self._flow.steps[position].branches
                named = (
                    []
                    if alone
                    else [replace(label, text=f"{label.text} · {after}") for label in labels] or [Label(after)]
                )
                self._arrow(source, self._next(position), *named)
            case End() | HandOff() | Link():
                self._arrow(source, self._exit(move), *labels)
            case _:
                assert_never(move)

    def _next(self, position: int) -> str | Exit:
        if position + 1 < len(self._flow.steps):
            return self._flow.steps[position + 1].id
        if self._called:
            return Exit("return", "", self._words("return"))
        return self._exit(End(self._flow.ending))

    def _exit(self, move: End | HandOff | Link) -> Exit:
        match move:
            case End(ending=name):
                return (
                    _ending(self._flow.endings[name], self._words)
                    if name in self._flow.endings
                    else Exit("end", name, name)
                )
            case HandOff(queue=queue):
                return Exit("handoff", queue, self._words("handoff", queue), "handoff")
            case Link(flow=flow):
                return Exit("link", flow, self._words("link", flow))

    def _arrow(self, source: str, target: str | Exit, *labels: Label) -> None:
        key = (source, target)
        known = self._arrows.setdefault(key, [])
        known += [label for label in labels if label not in known]
        if not labels:
            self._always.add(key)

    # --- lists ------------------------------------------------------------------------------------------------------

    def detour(self, name: str, entry: Anytime) -> Item:
        item = self.item(name, entry.reaction)
        if entry.after is None:
            return replace(item, part=f"anytime {name}")
        after = self._words("times", entry.times)
        goes = f"{item.goes}{self._words('and')}{after} → {self._goes(entry.after.then)}"
        return replace(item, part=f"anytime {name}", goes=goes)

    def item(self, name: str, reaction: Reaction) -> Item:
        text = plain(reaction.say, self._words)
        if reaction.knowledge is not None:
            text = self._words("knowledge", reaction.knowledge.base)
        result = ""
        if isinstance(reaction.then, (End, HandOff)):
            result = self._exit(reaction.then).result
        return Item(name, text, self._goes(reaction.then), result=result)

    def _goes(self, move: Move) -> str:
        match move:
            case Go(step=step):
                return self._words("go", step)
            case CallFlow(flow=flow):
                return self._words("runs", flow)
            case End() | HandOff() | Link():
                return self._exit(move).text
            case Back():
                return self._words("again")
            case Stay():
                return self._words("wait")
            case Continue():
                return self._words("next")
            case _:
                assert_never(move)
