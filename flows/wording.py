"""Lines of a script → prompts: placeholders checked, recordings found, translations laid beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from huashu.core.language import is_chinese
from huashu.flows.findings import Place
from huashu.flows.folder import Sources
from huashu.flows.keys import ENGLISH
from huashu.flows.names import Names, Where
from huashu.flows.recordings import Recordings
from huashu.flows.script import Line, Message, Prompt, Reference
from huashu.flows.sentences import in_pieces
from huashu.flows.settings import barge_in
from huashu.flows.shapes import At, Fields
from huashu.flows.templates import TemplateError, parse_template


@dataclass(slots=True)
class Translation:
    """lines/<language>.yaml: owner ("flow.step", "flow" or "bot") → part → lines."""

    file: str
    parts: dict[tuple[str, str], tuple[At, list[Fields]]] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)


_NAMED = frozenset({"anytime", "endings", "answers", "spoken", "titles", "pronounce"}).union(
    ("随时", "结局", "回答", "说法", "叫法", "读音")
)
"""Parts behind whose dot stands a name of the script's own."""


def part_key(part: str) -> str:
    """ "沉默.1" and "silence.1" are the same part."""
    head, dot, rest = part.partition(".")
    tail = rest if head in _NAMED else ENGLISH.get(rest, rest)
    return ENGLISH.get(head, head) + dot + tail


@dataclass(slots=True)
class Wording:
    names: Names
    sources: Sources
    translations: Mapping[str, Translation]
    breath: int = 0
    """Beyond which a line is spoken in pieces (huashu.flows.sentences); 0: never."""
    missing: dict[tuple[str, str], tuple[Place, list[str]]] = field(default_factory=dict)
    """(language, owner) → the first place that lacks a translation, and all its parts."""

    def prompt(self, lines: list[Fields] | None, where: Where, part: str) -> Prompt | None:
        """The lines as a prompt, or None when there are none."""
        if not lines:
            return None
        own = self.names.language
        built = tuple(line for item in lines if (line := self._line(item, where, own)) is not None)
        if not built:
            return None
        translations = {}
        for tag, translation in self.translations.items():
            found = translation.parts.get((where.owner, part))
            if found is None:
                _, parts = self.missing.setdefault((tag, where.owner), (lines[0].place, []))
                parts.append(part)
                continue
            translation.used.add((where.owner, part))
            translations[tag] = tuple(line for item in found[1] if (line := self._line(item, where, tag)) is not None)
        return Prompt(built, where.barge_in, translations)

    def ways(self, place: Place, where: Where, part: str, *, wanted: bool) -> dict[str, tuple[str, ...]]:
        """How a value is said in other languages (`spoken.<value>`); `wanted`: a missing one is told."""
        found = {}
        for tag, translation in self.translations.items():
            lines = translation.parts.get((where.owner, part))
            if lines is not None:
                translation.used.add((where.owner, part))
                found[tag] = tuple(line.plain("text") for line in lines[1] if line.get("text") is not None)
            elif wanted:
                self.missing.setdefault((tag, where.owner), (place, []))[1].append(part)
        return {tag: said for tag, said in found.items() if said}

    def message(self, fields: Fields | None, where: Where) -> Message | None:
        """`send`: exactly one of sms, wechat, email."""
        if fields is None:
            return None
        if len(fields.values) != 1:
            self.names.findings.add("send_one", fields.place)
            return None
        medium: Any
        medium, at = next(iter(fields.values.items()))
        return Message(medium, Line(self._parts(at, where)))

    def _line(self, fields: Fields, where: Where, language: str) -> Line | None:
        """An item of a prompt: one wording or variants, with what holds for all of them."""
        items = fields.get("any_of") or [fields]
        variants = [line for item in items if (line := self._variant(item, where, language)) is not None]
        if not variants:
            return None
        line = replace(variants[0], others=tuple(variants[1:]))
        condition = fields.get("when")
        if condition is not None:
            line = replace(line, when=self.names.expression(condition, offset=condition.value.startswith("=")))
        return replace(line, barge_in=barge_in(fields, where.barge_in)) if "barge_in" in fields else line

    def _variant(self, fields: Fields, where: Where, language: str) -> Line | None:
        at = fields.get("text")
        if at is None:
            return None
        if not at.value.strip():
            self.names.findings.add("empty_text", at.place)
            return None
        line = Line(self._parts(at, where))
        line = replace(line, pieces=in_pieces(line, self.breath, chinese=is_chinese(language)))
        return self.recorded(fields.get("audio"), line, where)

    def recorded(self, items: list[At] | None, line: Line, where: Where) -> Line:
        """The line with its recordings, checked."""
        return Recordings(self.sources, self.names.findings).of(items, line, where.stands) if items else line

    def _parts(self, at: At, where: Where) -> tuple[str | Reference, ...]:
        findings = self.names.findings
        try:
            parts = parse_template(at.value)
        except TemplateError as error:
            findings.add(f"template_{error.reason}", at.inside(error.offset), name=error.detail)
            return (at.value,)
        if where.stands:
            stands = {Reference(name): Reference(other) for name, other in where.stands.items()}
            parts = tuple(stands.get(part, part) if isinstance(part, Reference) else part for part in parts)
        for reference in (part for part in parts if isinstance(part, Reference)):
            if reference.name in where.stands.values():
                continue
            offset = max(at.value.find(f"【{reference.name}"), 0)
            place = at.inside(offset)
            variable = self.names.variable(At(reference.name, place))
            if variable is not None and variable.private and not where.guarded and reference.name != where.own:
                findings.add("private_spoken", place, name=reference.name, owner=where.owner)
        return parts

    def report(self) -> None:
        """What the translations lack, and what in them belongs to nothing."""
        findings = self.names.findings
        for (tag, owner), (place, parts) in self.missing.items():
            if not findings.is_broken(f"lines/{tag}."):
                findings.add(
                    "no_translation", place, name=f"{owner} ({tag})", owner=owner, tag=tag, parts=", ".join(parts)
                )
        owners = {where.partition(".")[0] for where in self.names.steps} | {"bot"}
        for translation in self.translations.values():
            for key, (at, _) in translation.parts.items():
                if key not in translation.used and not findings.is_broken("flows/", "bot.yaml"):
                    known = [f"{flow}.{step}" for flow, steps in self.names.steps.items() for step in steps]
                    if key[0] in known or key[0] in owners:
                        findings.add("unused_translation", at.place, name=f"{key[0]} {key[1]}")
                    else:
                        findings.add("unknown_line", at.place, name=key[0], known=known)
