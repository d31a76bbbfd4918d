"""Flows of Rasa 3 (CALM) as flows of ours: collect, action, set_slots, link, call, and the conditions of `next`."""

import re
from collections.abc import Callable
from typing import Any

from huashu.flows.document import Leaf, Listing, Node, Table
from huashu.flows.expressions import ExpressionError, parse_expression
from huashu.flows.findings import Place
from huashu.flows.rasa_reading import Project, get, identifier, plain, text
from huashu.flows.rasa_stories import MORE
from huashu.flows.writing import unique

Collect = Callable[[str, str, Place], dict[str, Any]]
_END = "END"


class Calm:
    def __init__(self, project: Project, lines: dict[str, list[str]], collect: Collect) -> None:
        self.project, self.lines, self.collect = project, lines, collect
        self.triggers: dict[str, str] = {}
        """Intent → the flow it begins."""
        self.examples: dict[str, list[str]] = {}
        """Of intents made here: Rasa lets a language model choose a flow by its description."""
        self._nodes = {
            name: (node, at) for name, node, at in project.entries("flows") if not name.startswith("pattern_")
        }
        self.called = {
            text(get(step, key))
            for node, _ in self._nodes.values()
            for step in _steps(node)
            for key in ("call", "link")
        }
        for name, (node, at) in self._nodes.items():
            self._trigger(name, node, at)
        for name, _, at in project.entries("flows"):
            if name.startswith("pattern_"):
                project.note(at, f"{name}: Rasa's own patterns are ours in `patterns`, left out")

    def _trigger(self, name: str, node: Node, at: Place) -> None:
        listed = get(node, "nlu_trigger")
        intents = (
            [text(get(item, "intent")) or text(item) for item in listed.items] if isinstance(listed, Listing) else []
        )
        if intents:
            self.triggers |= {intent: name for intent in intents if intent}
        elif name not in self.called:
            words = [text(get(node, "name")), text(get(node, "description")), name.replace("_", " ")]
            self.examples[name] = list(dict.fromkeys(word.strip() for word in words if word.strip()))
            self.triggers[name] = name
            self.project.note(at, f"flow {name} has no nlu_trigger: give intent {name} real sentences")

    def flows(self) -> dict[str, dict[str, Any]]:
        return {name: _Flow(self, name, node).flow() for name, (node, _) in self._nodes.items()}


def _steps(node: Node | None) -> list[Node]:
    steps = get(node, "steps")
    return steps.items if isinstance(steps, Listing) else []


class _Flow:
    def __init__(self, calm: Calm, name: str, node: Node) -> None:
        self._calm, self._name, self._node = calm, name, node
        self._steps: list[dict[str, Any]] = []
        self._names: dict[str, str] = {}
        """Rasa's step id → ours."""
        self._taken: set[str] = set()

    def flow(self) -> dict[str, Any]:
        self._block(_steps(self._node), top=True)
        last = unique("end", self._taken)
        ends = [next(iter(step.values())) for step in self._steps[-1:]]
        if not ends or not {"go", "link", "if"} & ends[0].keys() or self._goes_to_end():
            # called by another flow it goes back there, begun by the caller it asks for the next wish
            # Rasa forgets what a flow collected once it is done, so that it asks again the next time
            slots = {parts["collect"]: "=none" for step in self._steps for parts in step.values() if "collect" in parts}
            forget = {"set": slots} if slots else {}
            self._steps.append({last: {} if self._name in self._calm.called else {**forget, "link": MORE}})
        self._point(last)
        return {"flow": self._name, "steps": [{name: parts} for step in self._steps for name, parts in step.items()]}

    def _goes_to_end(self) -> bool:
        every = [parts for step in self._steps for parts in step.values()]
        arms = [arm for parts in every for arm in parts.get("if", ())]
        return any(_END in (parts.get("go"), parts.get("else")) for parts in (*every, *arms))

    def _block(self, nodes: list[Node], *, top: bool) -> str:
        """Writes the steps; the name of the first. A branch that runs out is over, as in Rasa."""
        first = ""
        for number, node in enumerate(nodes):
            name = unique(text(get(node, "id")) or self._title(node), self._taken)
            self._taken.add(name)
            if get(node, "id") is not None:
                self._names[text(get(node, "id"))] = name
            first = first or name
            parts = self._parts(node)
            after = get(node, "next")
            if isinstance(after, Leaf):
                parts["go"] = after.raw
            elif isinstance(after, Listing):
                parts["if"] = []
            elif not top and number + 1 == len(nodes):
                parts["go"] = _END
            self._steps.append({name: parts})
            if isinstance(after, Listing):
                parts["if"] = self._arms(after.items)
        return first

    def _title(self, node: Node) -> str:
        for key in ("collect", "action", "link", "call"):
            if get(node, key) is not None:
                return text(get(node, key)).removeprefix("utter_").removeprefix("action_")
        return "set" if get(node, "set_slots") is not None else "then"

    def _parts(self, node: Node) -> dict[str, Any]:
        lines, note = self._calm.lines, self._calm.project.note
        if get(node, "rejections") is not None:
            note(node.place, "rejections: write them as `valid`")
        if get(node, "collect") is not None:
            parts = self._calm.collect(text(get(node, "collect")), self._name, node.place)
            if plain(get(node, "ask_before_filling")) is True:
                parts["ask_before_filling"] = True
            return parts
        action = text(get(node, "action"))
        if action in lines:
            return {"say": lines[action]}
        if action:
            note(node.place, f"{action} is Python of the Rasa action server: write it in actions.py with @action")
            return {"do": action}
        if get(node, "link") is not None:
            return {"link": text(get(node, "link"))}
        if get(node, "call") is not None:
            return {"call": text(get(node, "call"))}
        if get(node, "set_slots") is not None:
            pairs = get(node, "set_slots")
            tables = pairs.items if isinstance(pairs, Listing) else []
            values = {identifier(e.key.raw): plain(e.value) for t in tables if isinstance(t, Table) for e in t.entries}
            return {"set": {name: "=none" if value is None else value for name, value in values.items()}}
        if get(node, "noop") is None and get(node, "next") is None:
            note(node.place, "this step has no counterpart, left out")
        return {}

    def _arms(self, nodes: list[Node]) -> list[dict[str, Any]]:
        arms: list[dict[str, Any]] = []
        for node in nodes:
            then = get(node, "then") if get(node, "if") is not None else get(node, "else")
            target = then.raw if isinstance(then, Leaf) else self._inline(then)
            if get(node, "if") is None:
                arms.append({"else": target})
                continue
            when = _condition(text(get(node, "if")))
            try:
                parse_expression(when)
            except ExpressionError:
                self._calm.project.note(node.place, f"condition {text(get(node, 'if'))!r} is not understood, left out")
                continue
            arms.append({"when": when, "go": target})
        return arms

    def _inline(self, node: Node | None) -> str:
        return self._block(node.items, top=False) if isinstance(node, Listing) else _END

    def _point(self, last: str) -> None:
        """Ids of Rasa, and END, become names of ours."""

        def named(target: str) -> str:
            return last if target == _END else self._names.get(target, target)

        for step in self._steps:
            for parts in step.values():
                if "go" in parts:
                    parts["go"] = named(parts["go"])
                for arm in parts.get("if", ()):
                    key = "else" if "else" in arm else "go"
                    arm[key] = named(arm[key])


def _condition(text_: str) -> str:
    found = re.sub(r"\b(?:slots|context)\.", "", text_.strip())
    found = re.sub(r"\bis\s+not\b", "!=", found)
    found = re.sub(r"\bis\b", "==", found)
    found = re.sub(r"(?<![=!<>])=(?!=)", "==", found)
    return re.sub(r"\bnull\b", "none", found, flags=re.IGNORECASE)
