"""A Rasa project's YAML files as sections with places: domain, nlu, rules, stories, flows, wherever they are kept."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huashu.core.errors import ScriptError, UsageError
from huashu.flows.document import Leaf, Listing, Node, Table, read
from huashu.flows.findings import Findings, Place

MAX_FILES = 300
SECTIONS = ("intents", "entities", "slots", "responses", "forms", "actions", "nlu", "rules", "stories", "flows")
_SKIPPED = {"tests", "e2e_tests", "models", "results", ".rasa", "node_modules", "venv", ".venv", ".git"}
_SPAN = re.compile(r"\[([^\[\]]+)\](?:\(([^()]+)\)|(\{[^{}]*\}))")


@dataclass(frozen=True, slots=True)
class Note:
    """Something of the project that the bot does not have, or has otherwise."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}: {self.message}"


@dataclass(slots=True)
class Project:
    sections: dict[str, list[Node]] = field(default_factory=dict)
    """Section name → its parts, one for each file that has it."""
    language: str = ""
    notes: list[Note] = field(default_factory=list)

    def note(self, at: Place, message: str) -> None:
        self.notes.append(Note(at, message))

    def entries(self, section: str) -> Iterator[tuple[str, Node, Place]]:
        """Of sections that are mappings: slots, responses, forms, flows."""
        for node in self.sections.get(section, ()):
            if isinstance(node, Table):
                for entry in node.entries:
                    yield entry.key.raw, entry.value, entry.key.place

    def items(self, section: str) -> Iterator[Node]:
        """Of sections that are lists: intents, nlu, rules, stories."""
        for node in self.sections.get(section, ()):
            yield from node.items if isinstance(node, Listing) else ()


def read_project(folder: Path) -> Project:
    """All sections of the project in `folder`.

    Raises:
        UsageError: no such folder, or no Rasa domain in it.
        ScriptError: a file is no YAML.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}")
    project, findings = Project(), Findings()
    paths = [p for p in sorted(folder.rglob("*.y*ml")) if not _SKIPPED & set(p.relative_to(folder).parts)]
    for path in paths[:MAX_FILES]:
        name = path.relative_to(folder).as_posix()
        text = path.read_bytes()
        if path.stem in ("credentials", "endpoints") or not text.strip():
            continue
        node = read(name, text, findings)
        if not isinstance(node, Table):
            continue
        for entry in node.entries:
            if entry.key.raw in SECTIONS:
                project.sections.setdefault(entry.key.raw, []).append(entry.value)
            elif entry.key.raw == "language" and path.stem == "config" and isinstance(entry.value, Leaf):
                project.language = entry.value.raw
    if findings.errors:
        raise ScriptError("\n".join(map(str, findings.worded("en"))))
    if not project.sections.get("responses") and not project.sections.get("intents"):
        raise UsageError(f"{folder} holds no Rasa domain (domain.yml with intents and responses)")
    return project


def plain(node: Node | None) -> Any:
    """The node as lists, mappings and scalars."""
    match node:
        case None:
            return None
        case Leaf():
            return node.value
        case Listing():
            return [plain(item) for item in node.items]
        case Table():
            return {entry.key.raw: plain(entry.value) for entry in node.entries}


def get(node: Node | None, key: str) -> Node | None:
    if not isinstance(node, Table):
        return None
    return next((entry.value for entry in node.entries if entry.key.raw == key), None)


def text(node: Node | None) -> str:
    return node.raw if isinstance(node, Leaf) else ""


def identifier(name: str) -> str:
    """A slot's name as a variable's."""
    found = re.sub(r"\W+", "_", name).strip("_") or "slot"
    found = f"_{found}" if found[0].isdigit() else found
    return f"{found}_" if found in ("and", "or", "not", "in", "true", "false", "none") else found


def examples(node: Node | None, slots: set[str]) -> list[str]:
    """The sentences of an `examples: |` block or list; spans of entities that are slots stay marked."""
    if isinstance(node, Listing):
        lines = [item.raw if isinstance(item, Leaf) else text(get(item, "text")) for item in node.items]
    else:
        lines = re.findall(r"(?m)^\s*-\s+(.+?)\s*$", text(node))
    return list(dict.fromkeys(_SPAN.sub(lambda match: _span(match, slots), line) for line in lines if line.strip()))


def _span(match: re.Match[str], slots: set[str]) -> str:
    entity = match[2] or ""
    if match[3]:
        try:
            entity = str(json.loads(match[3]).get("entity", ""))
        except ValueError:
            entity = ""
    entity = entity.split(":")[0]
    return f"[{match[1]}]({identifier(entity)})" if entity in slots else match[1]
