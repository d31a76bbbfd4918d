"""Stories and rules of a Rasa project as steps.

Stories are laid over one another from their first turn: where they agree they are one step, where the caller says
different things the step has several answers. A rule works at any time.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from huashu.flows.document import Leaf, Listing, Node, Table
from huashu.flows.findings import Place
from huashu.flows.rasa_reading import Project, get, text
from huashu.flows.writing import unique

_IDLE = frozenset({"action_listen", "action_back", "action_unlikely_intent", "action_default_fallback"})
MORE = "anything_else"
"""The flow that follows when something is done: is there anything else?"""
MOST_WISHES = 20
"""Of one conversation; a caller has a few, a loop has no end."""
GREET = ("greet", "hello", "hi", "打招呼", "问候")
_BYE = re.compile(r"good_?bye|(^|_)bye|farewell|再见")


@dataclass(slots=True)
class _State:
    """What the bot does after an answer, and which answers follow."""

    acts: list[tuple[str, str]] = field(default_factory=list)
    """("say", response) | ("call", form) | ("do", action)"""
    after: dict[str, "_State"] = field(default_factory=dict)
    name: str = ""


class Stories:
    def __init__(
        self, project: Project, lines: dict[str, list[str]], forms: dict[str, list[str]], chinese: bool
    ) -> None:
        self._project, self._lines, self._forms, self._zh = project, lines, forms, chinese
        self._root = _State()
        self._rules: dict[str, list[tuple[str, str]]] = {}
        self._after_form: dict[str, list[tuple[str, str]]] = {}
        self.fallback: list[str] = []
        """What the bot says when it did not understand (the rule of nlu_fallback)."""
        self.endings: dict[str, dict[str, Any]] = {}
        self._open: dict[str, Any] = {}
        """Answers that begin something whenever the bot asks for a wish."""
        self.called: set[str] = set()
        """Forms in the middle of a story: they come back to it."""
        self._known = {text(get(item, "intent")) for item in project.items("nlu")}
        for item in project.items("rules"):
            self._rule(item)
        for item in project.items("stories"):
            self._story(item)

    # --- reading ----------------------------------------------------------------------------------------------------

    def _rule(self, item: Node) -> None:
        steps = get(item, "steps")
        intents: list[str] = []
        acts: list[tuple[str, str]] = []
        done = ""
        for node in steps.items if isinstance(steps, Listing) else ():
            if get(node, "intent") is not None:
                intents.append(text(get(node, "intent")))
            elif get(node, "or") is not None:
                intents += self._choices(get(node, "or"))
            elif get(node, "active_loop") is not None:
                loop = get(node, "active_loop")
                if isinstance(loop, Leaf) and loop.empty:
                    done = next((name for kind, name in acts if kind == "call"), "")
                    acts = [act for act in acts if act[0] != "call"]
            elif get(node, "action") is not None:
                acts += self._act(text(get(node, "action")), node.place)
            elif get(node, "slot_was_set") is None:
                self._project.note(node.place, "this step of a rule has no counterpart, left out")
        condition = get(item, "condition")
        if done:
            self._after_form.setdefault(done, []).extend(act for act in acts if act[0] != "call")
        elif "nlu_fallback" in intents:
            self.fallback = [line for kind, name in acts if kind == "say" for line in self._lines[name]]
        elif not intents or any(get(part, "active_loop") is not None for part in _items(condition)):
            self._project.note(item.place, f"rule {text(get(item, 'rule'))!r} hangs on a state of Rasa, left out")
        else:
            if condition is not None:
                self._project.note(condition.place, f"the condition of rule {text(get(item, 'rule'))!r} is not kept")
            for intent in intents:
                self._rules[intent] = acts

    def _story(self, item: Node) -> None:
        steps = get(item, "steps")
        states, fresh = [self._root], True
        for node in steps.items if isinstance(steps, Listing) else ():
            if get(node, "intent") is not None or get(node, "or") is not None:
                choices = get(node, "or")
                names = [text(get(node, "intent"))] if choices is None else self._choices(choices)
                first = next((state.after[name] for state in states for name in names if name in state.after), _State())
                for state in states:
                    for name in names:
                        first = state.after.setdefault(name, first)
                states = [first]
                fresh = not first.acts
            elif get(node, "action") is not None:
                for act in self._act(text(get(node, "action")), node.place):
                    if states[0] is self._root:
                        self._project.note(node.place, "a story that begins with the bot: its first line is left out")
                    elif fresh:
                        states[0].acts.append(act)
                        if act[0] == "call":
                            self.called.add(act[1])
                    elif act not in states[0].acts:
                        self._project.note(node.place, f"{act[1]}: stories part without the caller's doing, left out")
            elif get(node, "checkpoint") is not None or get(node, "user") is not None:
                what = "checkpoint" if get(node, "checkpoint") is not None else "end-to-end user text"
                self._project.note(node.place, f"{what} has no counterpart: the rest of the story is left out")
                return
            elif get(node, "slot_was_set") is not None:
                self._project.note(node.place, "slot_was_set chooses no branch here: write an `if`")

    def _choices(self, node: Node | None) -> list[str]:
        names = [text(get(item, "intent")) for item in _items(node)]
        return [name for name in names if name]

    def _act(self, name: str, place: Place) -> list[tuple[str, str]]:
        if name in _IDLE:
            return []
        if name in self._forms:
            return [("call", name)]
        if name in self._lines:
            return [("say", name)]
        if name.startswith("utter_"):
            if not any(key.startswith(f"{name}/") for key in self._lines):  # those are the answers of retrieval intents
                self._project.note(place, f"there is no response {name}, left out")
            return []
        if name.startswith("action_session") or name == "action_restart":
            return []
        self._project.note(place, f"{name} is Python of the Rasa action server: write it in actions.py with @action")
        return [("do", name)]

    # --- writing ----------------------------------------------------------------------------------------------------

    def after_form(self, name: str) -> list[dict[str, Any]]:
        """What follows when a form has its slots."""
        return [self._one(act) for act in self._after_form.get(name, ())]

    def _one(self, act: tuple[str, str]) -> dict[str, Any]:
        kind, name = act
        return {kind: self._lines[name] if kind == "say" else name}

    def anytime(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for intent, acts in self._rules.items():
            if "/" in intent or (not acts and intent not in self._lines):
                continue
            said = [line for kind, name in acts if kind == "say" for line in self._lines[name]]
            reaction: dict[str, Any] = {"say": said[:1] if len(said) == 1 else said} if said else {}
            call = next((name for kind, name in acts if kind == "call"), "")
            if _BYE.search(intent) or any(_BYE.search(name) for _, name in acts):
                found[intent] = {"end": self._ending(said)}
            elif call:
                found[intent] = {**reaction, "link": beginning(call) if call in self.called else call}
            elif acts:
                for name in (name for kind, name in acts if kind == "do"):
                    self._project.note(Place("domain.yml", 1, 1), f"{name} at any time is not run: make it a step")
                found[intent] = {**reaction, "then": "back"}
        return found

    def _ending(self, said: list[str]) -> str:
        self.endings.setdefault("goodbye", {"say": said or None, "result": "completed"})
        return "goodbye"

    def main(self, triggers: list[tuple[str, str]]) -> dict[str, Any]:
        """The flow that opens: the greeting, then what stories lead to."""
        steps: list[dict[str, Any]] = []
        taken = {"start"}
        greet = next((self._root.after.pop(name) for name in GREET if name in self._root.after), None)
        if greet is None:
            greet = _State(next((acts for name in GREET if (acts := self._rules.get(name))), []))
        self._rules = {name: acts for name, acts in self._rules.items() if name not in GREET}
        for name, state in {**self._root.after, **greet.after}.items():
            self._name(name, state, taken)
        open_answers = {name: {"go": state.name} for name, state in self._root.after.items()}
        open_answers |= {name: {"link": flow} for name, flow in triggers}
        self._opening(greet, open_answers, steps)
        written: set[str] = set()
        for state in [*greet.after.values(), *self._root.after.values()]:
            self._state(state, steps, written)
        self._open = open_answers
        self._ending(self._lines.get("utter_goodbye", []))
        return {"flow": "main", "ending": "goodbye", "steps": steps}

    def more(self) -> dict[str, Any]:
        """After `main`: the flow MORE, which asks for the next wish."""
        text_ = "请问还有什么可以帮您？" if self._zh else "Is there anything else?"
        yes, no = ("肯定", "否定") if self._zh else ("affirm", "deny")
        bye = {"end": self._ending(self._lines.get("utter_goodbye", []))}
        answers = {yes: self._go_ahead, no: bye, **self._open}
        bound = {"times": MOST_WISHES, "after": bye}
        return {"flow": MORE, "ending": "goodbye", "steps": [{"more": {"ask": text_, "answers": answers, **bound}}]}

    @property
    def _go_ahead(self) -> dict[str, Any]:
        return {"say": "好的，您说。" if self._zh else "Sure, go ahead.", "then": "stay"}

    def _opening(self, greet: _State, answers: dict[str, Any], steps: list[dict[str, Any]]) -> None:
        said = [line for kind, name in greet.acts if kind == "say" for line in self._lines[name][:1]]
        if not said:
            said = ["您好，请问有什么可以帮您？" if self._zh else "Hello, how can I help you?"]
            self._project.note(Place("domain.yml", 1, 1), "no story or rule greets: the opening line is ours")
        own = {name: {"go": state.name} for name, state in greet.after.items()}
        yes = "肯定" if self._zh else "affirm"
        hello = {name: self._go_ahead for name in GREET if name in self._known}
        before = {"say": " ".join(said[:-1])} if said[1:] else {}
        steps.append(
            {"start": {**before, "ask": said[-1], "answers": {yes: self._go_ahead, **hello, **answers, **own}}}
        )

    def _name(self, name: str, state: _State, taken: set[str]) -> None:
        if state.name:
            return
        state.name = unique(name, taken)
        taken.add(state.name)
        for answer, other in state.after.items():
            self._name(f"{name}_{answer}", other, taken)

    def _state(self, state: _State, steps: list[dict[str, Any]], written: set[str]) -> None:
        if state.name in written:
            return
        written.add(state.name)
        acts = list(state.acts)
        question = acts.pop() if state.after and acts and acts[-1][0] == "say" else None
        name = state.name
        before = {"say": self._lines[acts.pop()[1]]} if question and acts and acts[-1][0] == "say" else {}
        for number, act in enumerate(acts):
            parts = self._one(act)
            if number + 1 == len(acts) and not state.after:
                bye = act[0] == "say" and _BYE.search(act[1])
                parts = {"end": self._ending(self._lines[act[1]])} if bye else {**parts, "link": MORE}
            steps.append({name: parts})
            name = f"{state.name}·{number + 2}"
        if state.after:
            ask = self._lines[question[1]] if question else ["请问？" if self._zh else "Well?"]
            steps.append(
                {name: {**before, "ask": ask, "answers": {intent: {"go": s.name} for intent, s in state.after.items()}}}
            )
        elif not acts:
            steps.append({name: {"link": MORE}})
        for other in state.after.values():
            self._state(other, steps, written)


def beginning(form: str) -> str:
    """The flow that begins a form which stories call too, and asks for the next wish after it."""
    return f"begin_{form}"


def _items(node: Node | None) -> list[Node]:
    return node.items if isinstance(node, Listing) else [node] if isinstance(node, Table) else []
