"""A Rasa project as a bot: responses become lines, forms become flows that collect, stories and rules become answers.

A Rasa bot waits to be spoken to, ours speaks first: the answer to `greet` becomes the opening. What has no counterpart
is told with file and line.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huashu.core.language import is_chinese
from huashu.flows.document import Listing
from huashu.flows.findings import Place
from huashu.flows.rasa_flows import Calm
from huashu.flows.rasa_reading import Note, Project, examples, get, identifier, plain, read_project, text
from huashu.flows.rasa_stories import MORE, Stories, beginning
from huashu.flows.writing import Files
from huashu.nlu.builtin import BUILTIN

_TYPES = {"text": "text", "bool": "yes_no", "float": "number", "categorical": "text"}


@dataclass(frozen=True, slots=True)
class Imported:
    files: Files
    notes: tuple[Note, ...]
    language: str
    flows: int
    intents: int


def import_rasa(folder: Path, *, bot: str, title: str = "") -> Imported:
    """The files of a bot from a Rasa project (3.x: domain, nlu, rules, stories, forms, flows); nothing is written.

    Raises UsageError or ScriptError when the project cannot be read (see `read_project`).
    """
    return _Importer(read_project(folder)).run(bot, title or folder.resolve().name)


class _Importer:
    def __init__(self, project: Project) -> None:
        self._project = project
        self._lines: dict[str, list[str]] = {}
        self._responses()
        zh = is_chinese(project.language) or bool(
            not project.language and re.search(r"[\u4e00-\u9fff]", str(self._lines))
        )
        self._zh = zh
        self._language = "zh" if zh else "en"
        self._slots = {name for name, _, _ in project.entries("slots")}
        self._forms = dict(self._read_forms())
        self._intents: dict[str, list[str]] = {}
        self._items: list[dict[str, Any]] = []
        self._synonyms: dict[str, list[str]] = {}
        self._lists: dict[str, dict[str, list[str]]] = {}
        self._out_of_scope: list[str] = []
        self._nlu()

    # --- reading ----------------------------------------------------------------------------------------------------

    def _responses(self) -> None:
        for name, node, place in self._project.entries("responses"):
            found = []
            for item in node.items if isinstance(node, Listing) else ():
                said = text(get(item, "text"))
                for key in ("buttons", "image", "custom", "attachment", "quick_replies", "elements", "condition"):
                    part = get(item, key)
                    if part is not None:
                        self._project.note(part.place, f"{name}: {key} has no counterpart, left out")
                if said:
                    found.append(_placeholders(said))
            if found:
                self._lines[name] = list(dict.fromkeys(found))
            else:
                self._project.note(place, f"{name} has no text, left out")

    def _read_forms(self) -> list[tuple[str, list[str]]]:
        found = []
        for name, node, place in self._project.entries("forms"):
            required = get(node, "required_slots")
            slots = plain(required if required is not None else node) or []
            if not slots:
                self._project.note(place, f"form {name} asks for no slot, left out")
                continue
            found.append((name, list(slots)))
        return found

    def _nlu(self) -> None:
        for item in self._project.items("nlu"):
            intent, sentences = text(get(item, "intent")), examples(get(item, "examples"), self._slots)
            if intent == "out_of_scope":
                self._out_of_scope += sentences
            elif "/" in intent:
                self._item(intent, sentences, item.place)
            elif intent:
                self._intents.setdefault(intent, []).extend(sentences)
            elif get(item, "synonym") is not None:
                self._synonyms.setdefault(text(get(item, "synonym")), []).extend(sentences)
            elif get(item, "lookup") is not None:
                self._lists[identifier(text(get(item, "lookup")))] = {word: [word] for word in sentences}
            elif get(item, "regex") is not None:
                self._project.note(item.place, f"regex {text(get(item, 'regex'))} is not used, left out")

    def _item(self, intent: str, sentences: list[str], place: Place) -> None:
        """A retrieval intent (faq/ask_price): its examples are ways to ask, its response the answer."""
        answer = self._lines.get(f"utter_{intent}")
        if not answer or not sentences or "【" in answer[0]:
            self._project.note(place, f"{intent}: no plain response utter_{intent}, left out")
            return
        self._items.append({"question": sentences[0], "variants": sentences[1:], "answer": answer[0]})

    # --- writing ----------------------------------------------------------------------------------------------------

    def run(self, bot: str, title: str) -> Imported:
        variables = dict(self._variables())
        stories = Stories(self._project, self._lines, self._forms, self._zh)
        calm = Calm(self._project, self._lines, self._collect)
        flows = {**{name: self._form(name, slots, stories) for name, slots in self._forms.items()}, **calm.flows()}
        anytime = {**stories.anytime(), **{intent: {"link": flow} for intent, flow in calm.triggers.items()}}
        main = stories.main(list(calm.triggers.items()))
        flows[MORE] = stories.more()
        for reaction in anytime.values():
            form = next((form for form in stories.called if reaction.get("link") == beginning(form)), "")
            if form:
                name = beginning(form)
                flows[name] = {"flow": name, "steps": [{"begin": {"call": form}}, {"then": {"link": MORE}}]}
        # What begins a form or a flow does so where wishes are heard, not in the middle of another one: there the same
        # words ("Lisbon") are values.
        begins = {intent: reaction for intent, reaction in anytime.items() if "link" in reaction}
        anytime = {intent: reaction for intent, reaction in anytime.items() if intent not in begins}
        main["anytime"], flows[MORE]["anytime"] = begins, begins
        if self._items:
            anytime["faq"] = {"knowledge": "faq", "then": "back"}
        files = Files()
        used = {name for flow in (main, *flows.values()) for step in flow["steps"] for name in _answers(step)} | {
            *anytime,
            *begins,
        }
        self._examples(used, calm)
        self._unknown_variables(variables, [main, flows, anytime])
        files.add("bot.yaml", self._bot(bot, title, variables, stories, anytime))
        files.add("flows/0-main.yaml", main)
        for number, (name, flow) in enumerate(flows.items(), 1):
            files.add(f"flows/{number}-{name}.yaml", flow)
        spoken = {name: texts for name, texts in self._intents.items() if name in used}
        for name in self._intents.keys() - used:
            self._project.note(self._place("nlu", "intent", name), f"intent {name} leads nowhere, left out")
        files.add("nlu/intents.yaml", {"intents": spoken, "lists": self._lists, "out_of_scope": self._out_of_scope})
        if self._items:
            files.add("knowledge/faq.yaml", {"base": "faq", "items": self._items})
        notes = tuple(sorted(dict.fromkeys(self._project.notes), key=lambda note: note.place))
        return Imported(files, notes, self._language, 1 + len(flows), len(spoken))

    def _place(self, section: str, key: str, name: str) -> Place:
        return next(
            (item.place for item in self._project.items(section) if text(get(item, key)) == name),
            Place("domain.yml", 1, 1),
        )

    def _variables(self) -> list[tuple[str, dict[str, Any]]]:
        found = []
        for name, node, place in self._project.entries("slots"):
            kind = text(get(node, "type")) or "text"
            if kind not in _TYPES:
                self._project.note(place, f"slot {name} of type {kind} becomes a text")
            variable: dict[str, Any] = {"type": _TYPES.get(kind, "text")}
            values = plain(get(node, "values"))
            if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
                variable["values"] = values
            initial = plain(get(node, "initial_value"))
            if initial is not None and not isinstance(initial, (list, dict)) and kind in _TYPES:
                variable["default"] = initial
            found.append((identifier(name), variable))
        return found

    def _unknown_variables(self, variables: dict[str, dict[str, Any]], data: Any) -> None:
        for name in dict.fromkeys(re.findall(r"【(\w+)】", str(data))):
            if name not in variables:
                variables[name] = {"type": "text", "given": True, "example": name}

    def _collect(self, slot: str, owner: str, place: Place) -> dict[str, Any]:
        """The parts of a step that asks for a slot."""
        lines = self._lines.get(f"utter_ask_{owner}_{slot}") or self._lines.get(f"utter_ask_{slot}")
        if not lines:
            words = slot.replace("_", " ")
            lines = [f"请问您的{words}是？" if self._zh else f"What is the {words}?"]
            self._project.note(place, f"no response utter_ask_{slot}: asked in plain words")
        parts: dict[str, Any] = {"collect": identifier(slot), "prompt": lines}
        node = next((node for name, node, _ in self._project.entries("slots") if name == slot), None)
        values = plain(get(node, "values"))
        if isinstance(values, list) and values and all(isinstance(value, str) for value in values):
            spoken = {value: self._synonyms[value] for value in values if value in self._synonyms}
            parts["one_of"] = {"values": values, "spoken": spoken} if spoken else values
        return parts

    def _form(self, name: str, slots: list[str], stories: Stories) -> dict[str, Any]:
        place = next((at for form, _, at in self._project.entries("forms") if form == name), Place("domain.yml", 1, 1))
        steps: list[dict[str, Any]] = [{identifier(slot): self._collect(slot, name, place)} for slot in slots]
        taken = {key for step in steps for key in step}
        for number, parts in enumerate(stories.after_form(name), 1):
            step = "done" if number == 1 else f"done_{number}"
            steps.append({f"{step}_" if step in taken else step: parts})
        if name not in stories.called:
            next(iter(steps[-1].values()))["link"] = MORE
        return {"flow": name, "steps": steps}

    def _examples(self, used: set[str], calm: Calm) -> None:
        for name, sentences in calm.examples.items():
            self._intents.setdefault(name, []).extend(sentences)
        known = BUILTIN[self._language]
        for name in sorted(used - {"faq"}):
            if not self._intents.get(name) and name not in known:
                self._intents[name] = [name.replace("_", " ")]
                self._project.note(
                    self._place("nlu", "intent", name), f"intent {name} has no examples: its name is one"
                )

    def _bot(
        self, bot: str, title: str, variables: dict[str, Any], stories: Stories, anytime: dict[str, Any]
    ) -> dict[str, Any]:
        again = stories.fallback or (["不好意思，我没听懂。"] if self._zh else ["Sorry, I didn't get that."])
        queue = "人工" if self._zh else "agents"
        silence = "您好，您还在吗？" if self._zh else "Are you still there?"
        return {
            "bot": bot,
            "title": title,
            "language": "zh-CN" if self._zh else self._project.language if "-" in self._project.language else "en-US",
            "start": "main",
            "variables": variables,
            "defaults": {
                "silence": [{"after": "8s", "say": silence}, {"after": "8s", "end": "no_input"}],
                "unclear": [{"say": again[0]}, {"say": again[-1]}, {"handoff": queue}],
            },
            "anytime": anytime,
            "endings": stories.endings,
        }


def _placeholders(said: str) -> str:
    return re.sub(r"\{(\w[^{}]*)\}", lambda match: f"【{identifier(match[1])}】", " ".join(said.split()))


def _answers(step: dict[str, Any]) -> list[str]:
    return [name for parts in step.values() for name in parts.get("answers", {})]
