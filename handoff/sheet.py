"""The shapes of centre.yaml: those of the flow language (huashu.flows.shapes) with keys of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huashu.flows.document import Leaf, Listing, Node, Table
from huashu.flows.findings import Place
from huashu.flows.keys import ENGLISH_WORDS as FLAGS
from huashu.flows.shapes import At, Duration, Fields, Flag, Many, Named, Number, Reading, Schema, Shape, Text
from huashu.handoff.keys import CHINESE, CHINESE_WORDS, ENGLISH, ENGLISH_WORDS
from huashu.handoff.opening import LONGEST, PLACE, PLACES, USUAL
from huashu.handoff.views import Role
from huashu.values.registry import TYPE_ALIASES, TYPES

_ROLES: tuple[Role, ...] = ("agent", "supervisor", "designer", "admin")


class SheetReading(Reading):
    """Of one centre.yaml: keys are looked up in its own table."""

    def key(self, leaf: Leaf, known: Mapping[str, Any]) -> str | None:
        english = ENGLISH.get(leaf.raw, leaf.raw)
        if english not in known and self.colon(leaf):
            return None
        side = self.spelling or ("en" if leaf.raw.isascii() else "zh")
        if english not in known:
            names = list(known) if side == "en" else [CHINESE[name] for name in known]
            self.findings.add("unknown_key", leaf.place, name=leaf.raw, known=names, keys=", ".join(names))
            return None
        self.keys.append((leaf, english))
        spelling = "zh" if leaf.raw in ENGLISH else "en"
        if not self.spelling:
            self.spelling, self.first = spelling, leaf.raw
        elif spelling != self.spelling:
            right = CHINESE[english] if self.spelling == "zh" else english
            self.findings.add("mixed_spelling", leaf.place, name=leaf.raw, first=self.first, right=right)
        return english

    def colon(self, leaf: Leaf) -> bool:
        name, mark, _ = leaf.raw.partition("：")
        if not (leaf.plain and mark and ENGLISH.get(name.strip(), name.strip()) in CHINESE):
            return False
        column = leaf.place.column + len(name)
        self.findings.add("colon_full", leaf.place._replace(column=column), name=name.strip())
        return True

    def field(self, place: Place) -> str:
        """The key in whose value something stands: the last one before it."""
        before = [leaf for leaf, _ in self.keys if leaf.place <= place]
        return max(before, key=lambda leaf: leaf.place).raw if before else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A mapping with fixed keys. short: the key that a bare scalar or list stands for."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    short: str = ""

    def read(self, node: Node, reading: Reading) -> Fields | None:
        if not isinstance(node, Table):
            if isinstance(node, Leaf) and node.empty and not self.required:
                return Fields(node.place)
            if not self.short:
                reading.wrong(node, "mapping")
                return None
            value = self.fields[self.short].read(node, reading)
            return None if value is None else Fields(node.place, {self.short: value}, {self.short: node.place})
        found = Fields(node.place)
        for entry in node.entries:
            key = reading.key(entry.key, self.fields)
            if key is None:
                continue
            found.places[key] = entry.key.place
            value = self.fields[key].read(entry.value, reading)
            if value is not None:
                found.values[key] = value
        for key in self.required:
            if key not in found.places:
                reading.findings.add("missing_key", node.place, name=CHINESE[key] if reading.spelling == "zh" else key)
        return found

    def schema(self, spelling: str) -> Schema:
        keys = {key if spelling == "en" else CHINESE[key]: shape.schema(spelling) for key, shape in self.fields.items()}
        return {"type": "object", "properties": keys, "additionalProperties": False}


@dataclass(frozen=True, slots=True)
class OneOf:
    """A fixed word, in either language."""

    words: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def read(self, node: Node, reading: Reading) -> At | None:
        if not isinstance(node, Leaf) or node.empty:
            reading.wrong(node, "text")
            return None
        english = self.aliases.get(node.raw, node.raw)
        if english not in self.words:
            english = ENGLISH_WORDS.get(node.raw, node.raw)
        if english not in self.words:
            side = reading.spelling == "zh"
            chinese = {english: word for word, english in self.aliases.items()}
            known = [CHINESE_WORDS.get(word, chinese.get(word, word)) if side else word for word in self.words]
            reading.findings.add("unknown_word", node.place, name=node.raw, known=known, words=", ".join(known))
            return None
        return At(english, node.place, node.raw)

    def schema(self, spelling: str) -> Schema:
        return {"enum": [*self.words, *(CHINESE_WORDS[word] for word in self.words if word in CHINESE_WORDS)]}


@dataclass(frozen=True, slots=True)
class Skilled:
    """Skills with levels, `{信用卡: 3, 英语: 2}`, or a list of skills at level 1."""

    def read(self, node: Node, reading: Reading) -> list[tuple[At, At]] | None:
        if isinstance(node, Table):
            return _LEVELS.read(node, reading)
        items = Many(Text("name")).read(node, reading)
        return None if items is None else [(item, At(1, item.place)) for item in items]

    def schema(self, spelling: str) -> Schema:
        return {"anyOf": [_LEVELS.schema(spelling), Many(Text("name")).schema(spelling)]}


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """In order: `回电`, `留言`, `工单`, `机器人`, or `队列名: 普通客服` (short: the name of a queue in a mapping)."""

    def read(self, node: Node, reading: Reading) -> list[tuple[str, At]] | None:
        items = node.items if isinstance(node, Listing) else [node]
        found: list[tuple[str, At]] = []
        for item in items:
            if isinstance(item, Table):
                fields = _TO_QUEUE.read(item, reading)
                if fields is not None and "queue" in fields:
                    found.append(("queue", fields.get("queue")))
            else:
                word = _HOW.read(item, reading)
                if word is not None:
                    found.append((word.value, word))
        return found

    def schema(self, spelling: str) -> Schema:
        return {"anyOf": [_HOW.schema(spelling), {"type": "array"}, _TO_QUEUE.schema(spelling)]}


@dataclass(frozen=True, slots=True)
class Opening:
    """Who answers: a sentence with a place for the agent's number or name, "yes" for the usual one, "no" for none."""

    def read(self, node: Node, reading: Reading) -> At | None:
        if isinstance(node, Leaf):
            flag = FLAGS.get(node.raw, node.raw.lower())
            if flag in ("true", "yes", "false", "no"):
                usual = USUAL[0 if reading.spelling == "zh" else 1]
                return At(usual if flag in ("true", "yes") else "", node.place, node.raw)
            places = PLACE.findall(node.raw)
            wrong = next((name for name in places if name.strip() not in PLACES), None)
            if wrong is not None:
                known = [f"【{name}】" for name in PLACES if name.isascii() == (reading.spelling == "en")]
                words = ", ".join(known)
                reading.findings.add("unknown_word", node.place, name=f"【{wrong}】", known=known, words=words)
                return None
            if places and len(node.raw) <= LONGEST:
                return At(node.raw.strip(), node.place, node.raw)
        reading.wrong(node, "opening")
        return None

    def schema(self, spelling: str) -> Schema:
        return {"type": ["string", "boolean"], "maxLength": LONGEST}


_LEVELS = Named(Number(1, 9, whole=True))
_HOW = OneOf(("callback", "voicemail", "ticket", "bot"))
_TO_QUEUE = Sheet({"queue": Text("name")}, ("queue",))
_TIMES = Many(Text("hours"))
_HOURS = Sheet({"open": _TIMES, "except": Named(_TIMES)}, ("open",), "open")
_NAMES = Many(Text("name"))
_KINDS = OneOf((*TYPES, "choice"), {**TYPE_ALIASES, "文本": "text", "单选": "choice"})
_FIELD = Sheet({"title": Text(), "type": _KINDS, "required": Flag(), "choices": Many(Text())}, short="type")
_CAPACITY = Sheet({"voice": Number(0, 1, whole=True), "text": Number(0, 50, whole=True)})
_SAYINGS = Named(Text())
_TAG = Text("language", r"(?i:zh|en)(?:-[A-Za-z0-9]{2,8})*")
"""What people at desks read is in Chinese or in English."""
DAY = 86_400.0
SOONEST = 1.0
"""Seconds: what is over before anybody can see it is a slip, and 0 rings nowhere."""

QUEUE: Mapping[str, Shape] = {
    "title": Text(),
    "skills": Skilled(),
    "level": Number(1, 9, whole=True),
    "escalate": Text("name"),
    "priority": Number(-20, 20, whole=True),
    "hours": _HOURS,
    "strategy": OneOf(("longest_idle", "best_skill")),
    "most": Number(0, 100_000, whole=True),
    "wait": Duration(DAY, SOONEST),
    "ring": Duration(300, SOONEST),
    "sticky": Duration(600),
    "wrap_up": Duration(3600),
    "announce": Duration(3600),
    "opening": Opening(),
    "target": Duration(3600),
    "fallback": Fallbacks(),
    "closed": Fallbacks(),
    "due": Duration(90 * DAY, SOONEST),
    "callback": Duration(7 * DAY, SOONEST),
    "dispositions": Many(Text()),
    "form": Named(_FIELD),
    "area": _NAMES,
    "phrases": _SAYINGS,
}
_RULE: Mapping[str, Shape] = {
    "words": Many(Text()),
    "missing": Many(Text()),
    "anger": Number(0, 1),
    "silence": Duration(3600),
    "hold": Duration(3600),
    "by": OneOf(("agent", "caller", "bot", "any")),
    "within": Duration(3600),
    "say": Text(),
    "alarm": OneOf(("info", "warn", "alert")),
    "queues": _NAMES,
}
_DEMAND: Mapping[str, Shape] = {
    "anger": Number(0, 1),
    "no_match": Number(1, 20, whole=True),
    "variable": Text("name"),
    "values": Many(Text()),
    "words": Many(Text()),
    "queue": Text("name"),
    "priority": Number(-20, 20, whole=True),
}
_AGENT: Mapping[str, Shape] = {
    "name": Text(),
    "number": Text(),
    "role": OneOf(_ROLES),
    "language": _TAG,
    "queues": _NAMES,
    "skills": Skilled(),
    "capacity": _CAPACITY,
    "areas": _NAMES,
}
CENTRE = Sheet(
    {
        "title": Text(),
        "language": _TAG,
        "zone": Text(),
        "queues": Named(Sheet(QUEUE)),
        "defaults": Sheet(QUEUE),
        "agents": Named(Sheet(_AGENT)),
        "capacity": _CAPACITY,
        "mixed": Flag(),
        "missed": Number(1, 100, whole=True),
        "again": Duration(3600),
        "briefing": Duration(300, SOONEST),
        "bridge": Duration(120, SOONEST),
        "agent_grace": Duration(3600),
        "line_grace": Duration(DAY),
        "hold": Duration(3600, SOONEST),
        "consult": Duration(3600, SOONEST),
        "tell_listening": Flag(),
        "priority_step": Duration(3600),
        "tries": Number(1, 100, whole=True),
        "dispositions": Many(Text()),
        "phrases": _SAYINGS,
        "breaks": Many(Text()),
        "rules": Named(Sheet(_RULE)),
        "demands": Named(Sheet(_DEMAND)),
        "levels": Many(Text()),
    },
    ("queues",),
)
