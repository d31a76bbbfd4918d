"""What a value in a bot's folder may look like: small combinators that read a tree with places, and tell their schema.

Reading normalises: English keys whatever the spelling, durations in seconds, shorthand unfolded. What is wrong becomes
a finding and is left out, so that one run finds everything. The language's own shapes are huashu.flows.grammar.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Protocol

from huashu.core.values import Scalar
from huashu.flows.document import Leaf, Listing, Node, Table
from huashu.flows.findings import Findings, Place
from huashu.flows.keys import CHINESE, CHINESE_WORDS, ENGLISH, ENGLISH_WORDS


@dataclass(frozen=True, slots=True)
class At:
    """A scalar and where it stands."""

    value: Any
    place: Place
    raw: str = ""
    shift: int | None = None

    def inside(self, offset: int) -> Place:
        """Where the character at `offset` of the text stands, as far as that can be told."""
        if self.shift is None:
            return self.place
        return self.place._replace(column=self.place.column + self.shift + offset)


@dataclass(slots=True)
class Fields:
    """A mapping with fixed keys, read: English key → what its shape made of it."""

    place: Place
    values: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    """Where each key stands."""

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def plain(self, key: str, default: Any = None) -> Any:
        """The bare value of a scalar field."""
        found = self.values.get(key)
        return default if found is None else found.value

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def at(self, key: str) -> Place:
        return self.places.get(key, self.place)


@dataclass(slots=True)
class Reading:
    """One file being read."""

    findings: Findings
    spelling: str = ""
    """"en" or "zh" once the first key that differs has been seen."""
    first: str = ""
    keys: list[tuple[Leaf, str]] = field(default_factory=list)
    """Every fixed key that was met, with its English spelling."""

    def key(self, leaf: Leaf, known: Mapping[str, Any]) -> str | None:
        """The English spelling of a fixed key, or None (with a finding) when it is none of `known`."""
        english = ENGLISH.get(leaf.raw, leaf.raw)
        if english not in known and self.colon(leaf):
            return None
        if english not in known:
            names = [*known, *(CHINESE[name] for name in known if name in CHINESE)]
            side = self.spelling or ("en" if leaf.raw.isascii() else "zh")
            same = [name for name in names if name.isascii() is (side == "en")]
            self.findings.add("unknown_key", leaf.place, name=leaf.raw, known=same, keys=", ".join(same))
            return None
        self.keys.append((leaf, english))
        spelling = "zh" if leaf.raw in ENGLISH else "en"
        if not self.spelling:
            self.spelling, self.first = spelling, leaf.raw
            self.findings.spelled(leaf.place.file, spelling)
        elif spelling != self.spelling:
            right = CHINESE.get(english, english) if self.spelling == "zh" else english
            self.findings.add("mixed_spelling", leaf.place, name=leaf.raw, first=self.first, right=right)
        return english

    def colon(self, leaf: Leaf) -> bool:
        """Tells the colon behind a key that YAML does not take for one: `收集：日期`, `{after:5s}`."""
        match = re.match(r"([^\s:：]+)([:：])", leaf.raw) if leaf.plain else None
        if match is None or ENGLISH.get(match[1], match[1]) not in CHINESE:
            return False
        code = "colon_full" if match[2] == "：" else "colon_space"
        column = leaf.place.column + match.start(2)
        self.findings.add(code, leaf.place._replace(column=column), name=match[1])
        return True

    def wrong(self, node: Node, want: str) -> None:
        if isinstance(node, Leaf) and self.colon(node):
            return
        self.findings.add("wrong_type", node.place, want=want, got=_kind(node))


def _kind(node: Node) -> str:
    if isinstance(node, Leaf):
        return "nothing" if node.empty else f"“{node.raw[:30]}”"
    return "[…]" if isinstance(node, Listing) else "{…}"


Schema = dict[str, Any]


class Shape(Protocol):
    def read(self, node: Node, reading: Reading) -> Any:
        """What the node holds, or None when it is wrong (then there is a finding)."""

    def schema(self, spelling: str) -> Schema:
        """JSON Schema with keys in English ("en") or Chinese ("zh")."""


_LEADING_ZERO = re.compile(r"[-+]?0\d+")


@dataclass(frozen=True, slots=True)
class Text:
    """A name or other short text. A plain number or flag is taken as it is written."""

    want: str = "text"
    pattern: str = ""

    def read(self, node: Node, reading: Reading) -> At | None:
        if not isinstance(node, Leaf) or node.empty:
            reading.wrong(node, self.want)
            return None
        if node.plain and _LEADING_ZERO.fullmatch(node.raw):
            reading.findings.add("leading_zero", node.place, name=node.raw)
        if self.pattern and not re.fullmatch(self.pattern, node.raw):
            reading.wrong(node, self.want)
            return None
        return At(node.raw, node.place, node.raw, node.shift)

    def schema(self, spelling: str) -> Schema:
        return {"type": "string", "pattern": f"^{self.pattern}$"} if self.pattern else {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True)
class Spoken:
    """Text that a caller hears or that understanding learns from: what YAML would take from it is an error."""

    def read(self, node: Node, reading: Reading) -> At | None:
        if isinstance(node, Table):
            self._table(node, reading)
            return None
        if isinstance(node, Listing) or node.empty:
            reading.wrong(node, "spoken")
            return None
        if node.lost:
            reading.findings.add("text_comment", node.place, name=node.lost[:30])
        if node.plain and _LEADING_ZERO.fullmatch(node.raw):
            reading.findings.add("leading_zero", node.place, name=node.raw)
        return At(node.raw.rstrip("\n"), node.place, node.raw, node.shift)

    def _table(self, node: Table, reading: Reading) -> None:
        """{name} is a mapping to YAML, and so is `a: b`."""
        blank = all(isinstance(entry.value, Leaf) and entry.value.empty for entry in node.entries)
        first = node.entries[0].key.raw if node.entries else ""
        if node.flow and blank:
            reading.findings.add("text_brace", node.place, name=first or "{")
        elif first and ENGLISH.get(first, first) not in CHINESE:
            reading.findings.add("text_colon", node.place, name=first)
        else:
            reading.wrong(node, "spoken")

    def schema(self, spelling: str) -> Schema:
        return {"type": ["string", "number"]}


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar of any type; the raw text is kept."""

    def read(self, node: Node, reading: Reading) -> At | None:
        if not isinstance(node, Leaf):
            reading.wrong(node, "scalar")
            return None
        if node.plain and _LEADING_ZERO.fullmatch(node.raw):
            reading.findings.add("leading_zero", node.place, name=node.raw)
        value: Scalar = node.value
        return At(value, node.place, node.raw, node.shift)

    def schema(self, spelling: str) -> Schema:
        return {"type": ["string", "number", "boolean", "null"]}


FLAGS: Final[Mapping[str, bool]] = {"是": True, "yes": True, "否": False, "no": False}
"""What means true and false besides YAML's own words."""


@dataclass(frozen=True, slots=True)
class Flag:
    def read(self, node: Node, reading: Reading) -> At | None:
        if isinstance(node, Leaf):
            word = ENGLISH_WORDS.get(node.raw, node.raw.lower())
            if word in ("true", "yes", "false", "no"):
                return At(word in ("true", "yes"), node.place, node.raw)
        reading.wrong(node, "flag")
        return None

    def schema(self, spelling: str) -> Schema:
        return {"enum": [True, False, "yes", "no", "是", "否"]}


@dataclass(frozen=True, slots=True)
class Number:
    low: float
    high: float
    whole: bool = False

    def read(self, node: Node, reading: Reading) -> At | None:
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, Decimal)):
            reading.wrong(node, "whole" if self.whole else "number")
            return None
        if not self.low <= value <= self.high:
            reading.findings.add(
                "out_of_range", node.place, name=str(value), low=f"{self.low:g}", high=f"{self.high:g}"
            )
            return None
        return At(value if self.whole else float(value), node.place)

    def schema(self, spelling: str) -> Schema:
        return {"type": "integer" if self.whole else "number", "minimum": self.low, "maximum": self.high}


_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|毫秒|秒|分钟|分|小时|天)?")
_SECONDS = {
    "ms": 0.001,
    "毫秒": 0.001,
    "s": 1.0,
    "秒": 1.0,
    "m": 60.0,
    "分": 60.0,
    "分钟": 60.0,
    "h": 3600.0,
    "小时": 3600.0,
    "d": 86_400.0,
    "天": 86_400.0,
}


def duration(text: str) -> float | None:
    """Seconds of `4s`, `300ms`, `2分钟`, `5`; None when it is none."""
    match = _DURATION.fullmatch(text.strip()) if len(text) < 20 else None
    return None if match is None else round(float(match[1]) * _SECONDS[match[2] or "s"], 3)


@dataclass(frozen=True, slots=True)
class Duration:
    """`4s`, `1.5s`, `300ms`, `2m`, `4秒`, or a bare number of seconds; read as seconds."""

    high: float = 3600.0
    low: float = 0.0

    def read(self, node: Node, reading: Reading) -> At | None:
        seconds = duration(node.raw) if isinstance(node, Leaf) else None
        if seconds is None or not isinstance(node, Leaf):
            reading.wrong(node, "duration")
            return None
        if not self.low <= seconds <= self.high:
            low, high = (f"{limit:g}s" if limit else "0" for limit in (self.low, self.high))
            reading.findings.add("out_of_range", node.place, name=node.raw, low=low, high=high)
            return None
        return At(seconds, node.place)

    def schema(self, spelling: str) -> Schema:
        return {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": f"^{_DURATION.pattern}$"}]}


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few fixed words, in either language."""

    words: tuple[str, ...]
    code: str = "unknown_word"

    def read(self, node: Node, reading: Reading) -> At | None:
        if not isinstance(node, Leaf):
            reading.wrong(node, "text")
            return None
        english = node.raw if node.raw in self.words else ENGLISH_WORDS.get(node.raw, node.raw)
        if english not in self.words:
            known = [*self.words, *(CHINESE_WORDS[word] for word in self.words if word in CHINESE_WORDS)]
            reading.findings.add(self.code, node.place, name=node.raw, known=known, words=", ".join(self.words))
            return None
        return At(english, node.place, node.raw)

    def schema(self, spelling: str) -> Schema:
        return {"enum": [*self.words, *(CHINESE_WORDS[word] for word in self.words if word in CHINESE_WORDS)]}


@dataclass(frozen=True, slots=True)
class Many:
    """A list. `lone`: a single item may stand without the brackets."""

    shape: Shape
    lone: bool = True

    def read(self, node: Node, reading: Reading) -> list[Any] | None:
        if isinstance(node, Listing):
            items = [self.shape.read(item, reading) for item in node.items]
            return [item for item in items if item is not None]
        if not self.lone or (isinstance(node, Leaf) and node.empty):
            reading.wrong(node, "list")
            return None
        item = self.shape.read(node, reading)
        return None if item is None else [item]

    def schema(self, spelling: str) -> Schema:
        inner = self.shape.schema(spelling)
        listed: Schema = {"type": "array", "items": inner}
        return {"anyOf": [inner, listed]} if self.lone else listed


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose keys the designer chooses. `shared`: "a, b" stands for two keys."""

    shape: Shape
    shared: bool = False

    def read(self, node: Node, reading: Reading) -> list[tuple[At, Any]] | None:
        if isinstance(node, Leaf) and node.empty:
            return []
        if not isinstance(node, Table):
            reading.wrong(node, "mapping")
            return None
        pairs: list[tuple[At, Any]] = []
        for entry in node.entries:
            value = self.shape.read(entry.value, reading)
            if value is not None:
                pairs += [(name, value) for name in self._names(entry.key)]
        return pairs

    def _names(self, key: Leaf) -> Iterator[At]:
        names = re.split(r"\s*[,，、]\s*", key.raw) if self.shared else [key.raw]
        for name in names:
            if name:
                yield At(name, key.place, key.raw)

    def schema(self, spelling: str) -> Schema:
        return {"type": ["object", "null"], "additionalProperties": self.shape.schema(spelling)}


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with fixed keys. `short`: the key that a bare scalar or list stands for."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    short: str = ""
    want: str = "mapping"
    blank: bool = False
    """Nothing at all is an empty record."""
    keep: bool = False
    """One that is wrong is there all the same, empty: what refers to it is not wrong as well."""
    name: str = ""
    """Of its definition in the JSON Schema; required where shapes contain themselves."""

    def read(self, node: Node, reading: Reading) -> Fields | None:
        if not isinstance(node, Table):
            return self._short(node, reading)
        result = Fields(node.place)
        for entry in node.entries:
            key = reading.key(entry.key, self.fields)
            if key is None:
                continue
            if key in result.places:
                reading.findings.add("duplicate_key", entry.key.place, name=entry.key.raw, line=result.places[key].line)
                continue
            result.places[key] = entry.key.place
            value = self.fields[key].read(entry.value, reading)
            if value is not None:
                result.values[key] = value
        for key in self.required:
            if key not in result.places:
                spelled = CHINESE[key] if reading.spelling == "zh" else key
                reading.findings.add("missing_key", node.place, name=spelled)
        return result

    def _short(self, node: Node, reading: Reading) -> Fields | None:
        if isinstance(node, Leaf) and node.empty and self.blank:
            return Fields(node.place)
        if not self.short or (isinstance(node, Leaf) and node.empty):
            reading.wrong(node, self.want)
            return Fields(node.place) if self.keep else None
        value = self.fields[self.short].read(node, reading)
        if value is None:
            return Fields(node.place) if self.keep else None
        return Fields(node.place, {self.short: value}, {self.short: node.place})

    def schema(self, spelling: str) -> Schema:
        return {"$ref": f"#/$defs/{self.name}.{spelling}"} if self.name else self.body(spelling)

    def body(self, spelling: str) -> Schema:
        def spelled(key: str) -> str:
            return CHINESE[key] if spelling == "zh" else key

        table: Schema = {
            "type": "object",
            "properties": {spelled(key): shape.schema(spelling) for key, shape in self.fields.items()},
            "additionalProperties": False,
        }
        if self.required:
            table["required"] = [spelled(key) for key in self.required]
        others = [self.fields[self.short].schema(spelling)] if self.short else []
        others += [{"type": "null"}] if self.blank else []
        return {"anyOf": [table, *others]} if others else table
