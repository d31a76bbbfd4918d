"""Every file of a bot, read by the grammar: still the designer's structure, but normalised, with places."""

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from huashu.flows.document import Node, Table, read
from huashu.flows.findings import Findings, Place
from huashu.flows.folder import Sources
from huashu.flows.grammar import FILES
from huashu.flows.shapes import At, Fields, Reading
from huashu.flows.wording import Translation, part_key

DEFAULT_LANGUAGE = "zh-CN"


@dataclass(slots=True)
class Parsed:
    bot: Fields
    flows: dict[str, Fields] = field(default_factory=dict)
    """By name, in the order of the files."""
    nlu: list[Fields] = field(default_factory=list)
    knowledge: dict[str, Fields] = field(default_factory=dict)
    translations: dict[str, Translation] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return str(self.bot.plain("language", DEFAULT_LANGUAGE))


def parse(sources: Sources, findings: Findings) -> Parsed:
    """Reads all files; what is wrong in them is among the findings."""
    parsed = Parsed(Fields(Place("bot.yaml", 1, 1)))
    if "bot.yaml" not in sources.files:
        if not findings.is_broken("bot.yaml") and not findings.errors:
            findings.add("no_bot", Place("bot.yaml", 1, 1))
        findings.broken("bot.yaml")
    else:
        parsed.bot = _file("bot.yaml", "bot", sources, findings) or parsed.bot
    for path in sources.of("flows"):
        fields = _file(path, "flow", sources, findings)
        if fields is not None:
            _flow(path, fields, parsed, findings)
    if not parsed.flows and not findings.is_broken("flows/", "bot.yaml"):
        findings.add("no_flow", Place("bot.yaml", 1, 1))
    parsed.nlu = [f for path in sources.of("nlu") if (f := _file(path, "nlu", sources, findings)) is not None]
    for path in sources.of("knowledge"):
        fields = _file(path, "knowledge", sources, findings)
        if fields is not None and "base" in fields:
            base = fields.get("base")
            if base.value in parsed.knowledge:
                findings.add("duplicate_base", base.place, name=base.value)
            parsed.knowledge.setdefault(base.value, fields)
    for path in sources.of("lines"):
        _translation(path, parsed, sources, findings)
    return parsed


def _file(path: str, kind: str, sources: Sources, findings: Findings) -> Fields | None:
    node = read(path, sources.files[path], findings)
    fields: Fields | None = None
    if node is not None:
        fields = _top(node, kind, findings)
    if fields is None:
        findings.broken(path)
    return fields


def _top(node: Node, kind: str, findings: Findings) -> Any:
    if isinstance(node, Table):
        return FILES[kind].read(node, Reading(findings))
    findings.add("file_shape", node.place)
    return None


def _flow(path: str, fields: Fields, parsed: Parsed, findings: Findings) -> None:
    if "flow" not in fields:
        findings.broken(path)
        return
    name: At = fields.get("flow")
    if "." in name.value:
        findings.add("name_with_dot", name.place, name=name.value)
    if name.value in parsed.flows:
        findings.add("duplicate_flow", name.place, name=name.value, file=parsed.flows[name.value].place.file)
        return
    parsed.flows[name.value] = fields


def _translation(path: str, parsed: Parsed, sources: Sources, findings: Findings) -> None:
    tag = PurePosixPath(path).stem
    translation = Translation(path)
    parsed.translations[tag] = translation
    node = read(path, sources.files[path], findings)
    if node is None:
        return
    for owner, parts in _top(node, "lines", findings) or ():
        for part, lines in parts:
            name = "bot" if owner.value == "机器人" else owner.value
            translation.parts[(name, part_key(part.value))] = (part, lines)
