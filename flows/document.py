"""YAML text → a small tree of scalars, lists and mappings, each with its place. Knows YAML, not the flow language.

Reading composes nodes only and never constructs: no tag makes an object, no alias is copied. A scalar keeps its
source text, so that 0571 and 1:30 are what the designer wrote. Sizes are bounded: a file is refused, never truncated.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from huashu.core.values import Scalar
from huashu.flows.findings import IGNORE, Findings, Place
from huashu.flows.keys import CHINESE, ENGLISH

MAX_BYTES = 1_000_000
"""Of one file: about 20,000 example sentences."""
MAX_NODES = 100_000
"""Of one file, aliases counted where they are used: an alias bomb ends here."""
MAX_DEPTH = 40
MAX_REPAIRS = 20
"""Lines of unquoted text that are told and set aside, so that one slip does not hide the rest of the file."""

_INTEGER = re.compile(r"[-+]?\d+")
_NUMBER = re.compile(r"[-+]?(\d+\.\d*|\.\d+|\d+)([eE][-+]?\d{1,3})?")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Leaf:
    place: Place
    raw: str
    """The text, unquoted and unfolded."""
    plain: bool
    """Without quotes and block marks: it may be a number, a flag or nothing."""
    shift: int | None = 0
    """Columns from `place` to the first character of the text; None when it runs over several lines."""
    lost: str = ""
    """What stood behind ` #` on the same line of a plain scalar."""

    @property
    def value(self) -> Scalar:
        """By YAML 1.2: plain null, true/false, integers and decimals (as Decimal); everything else is text."""
        if not self.plain:
            return self.raw
        if self.raw in ("", "~", "null", "Null", "NULL"):
            return None
        if self.raw in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return self.raw.lower() == "true"
        if _INTEGER.fullmatch(self.raw) and len(self.raw) <= 30:
            return int(self.raw)
        if _NUMBER.fullmatch(self.raw) and len(self.raw) <= 30:
            return Decimal(self.raw)
        return self.raw

    @property
    def empty(self) -> bool:
        return self.value is None


@dataclass(slots=True)
class Listing:
    place: Place
    items: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Entry:
    """A key of a mapping with its value."""

    key: Leaf
    value: "Node"


@dataclass(slots=True)
class Table:
    place: Place
    entries: list[Entry] = field(default_factory=list)
    flow: bool = False
    """Written in braces (or as the one-pair mapping that `a: b` becomes inside brackets)."""


Node = Leaf | Listing | Table


def read(file: str, data: bytes, findings: Findings) -> Node | None:
    """The tree of one YAML file, or None when it cannot be read (the reason is among `findings`)."""
    text = decode(file, data, findings)
    if text is None:
        findings.broken(file)
        return None
    for _ in range(MAX_REPAIRS):
        try:
            root = bounded_yaml().compose(text)
            if root is not None:
                return _Reader(file, text, findings).node(root, 0)
            findings.add("empty_file", Place(file, 1, 1))
        except TooMuchError as error:
            findings.add(error.code, error.place._replace(file=file), limit=error.limit)
        except RecursionError:
            findings.add("too_deep", Place(file, 1, 1), limit=MAX_DEPTH)
        except MarkedYAMLError as error:
            mended = tell_syntax(file, text, error, findings)
            if mended is not None:
                text = mended
                continue
        except (YAMLError, ValueError) as error:
            # ruamel lets a ValueError of its own out for odd escapes and directives (\\U0011ffff, %YAML 9.x).
            findings.add("syntax", Place(file, 1, 1), problem=str(error).splitlines()[0][:120])
        break
    findings.broken(file)
    return None


class TooMuchError(Exception):
    """More nodes or levels than a file may have."""

    def __init__(self, code: str, place: Place, limit: int) -> None:
        super().__init__(code)
        self.code, self.place, self.limit = code, place, limit


def bounded_yaml() -> YAML:
    """A YAML reader that raises TooMuchError as soon as a file is over the limits, not when all of it has been read.

    Not the round-trip kind: comments are of no use here, and two of them around a key that lacks its colon raise
    NotImplementedError in it.
    """
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _BoundedComposer
    return yaml


class _BoundedComposer(Composer):
    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader)
        self.warn_double_anchors = False
        self._count = self._levels = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._count += 1
        deep = self._levels > MAX_DEPTH
        if deep or self._count > MAX_NODES:
            mark = self.parser.peek_event().start_mark
            place = Place("", mark.line + 1, mark.column + 1)
            raise TooMuchError("too_deep" if deep else "too_many", place, MAX_DEPTH if deep else MAX_NODES)
        self._levels += 1
        node = super().compose_node(parent, index)
        self._levels -= 1
        return node


def decode(file: str, data: bytes, findings: Findings) -> str | None:
    """The text of a file with plain line ends and no byte-order mark, or None with a finding."""
    if len(data) > MAX_BYTES:
        findings.add("too_big", Place(file, 1, 1), limit=MAX_BYTES, size=len(data))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace").removeprefix("\ufeff")
        findings.add("not_utf8", _place(file, before, len(before)), byte=f"0x{data[error.start]:02x}")
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        findings.add("control_character", _place(file, text, forbidden.start()), char=f"U+{ord(forbidden[0]):04X}")
        return None
    return text


def _place(file: str, text: str, offset: int) -> Place:
    line = text.count("\n", 0, offset) + 1
    return Place(file, line, offset - (text.rfind("\n", 0, offset) + 1) + 1)


class _Reader:
    def __init__(self, file: str, text: str, findings: Findings) -> None:
        self._file, self._text, self._findings = file, text, findings
        self._count = 0

    def node(self, node: Any, depth: int) -> Node:
        place = Place(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
        self._count += 1
        if self._count > MAX_NODES:
            raise TooMuchError("too_many", place, MAX_NODES)
        if depth > MAX_DEPTH:
            raise TooMuchError("too_deep", place, MAX_DEPTH)
        tag = str(node.tag or "")
        if tag and not tag.startswith("tag:yaml.org,2002:"):
            self._findings.add("tag", place, name=tag)
        if isinstance(node, ScalarNode):
            return self._leaf(node, place)
        if isinstance(node, SequenceNode):
            return Listing(place, [self.node(item, depth + 1) for item in node.value])
        assert isinstance(node, MappingNode)
        return self._table(node, place, depth)

    def _leaf(self, node: Any, place: Place) -> Leaf:
        one_line = node.start_mark.line == node.end_mark.line and node.style in (None, "", "'", '"')
        leaf = Leaf(place, str(node.value), not node.style, (1 if node.style else 0) if one_line else None)
        if leaf.plain:
            end = node.end_mark.index
            rest = self._text[end : self._line_end(end)]
            if rest.lstrip().startswith("#") and not IGNORE.match(rest.strip()):
                leaf.lost = rest.strip()
        return leaf

    def _line_end(self, offset: int) -> int:
        end = self._text.find("\n", offset)
        return len(self._text) if end < 0 else end

    def _table(self, node: Any, place: Place, depth: int) -> Table:
        table = Table(place, flow=bool(node.flow_style))
        seen: dict[str, Place] = {}
        shared: list[Leaf] = []
        for key_node, value_node in node.value:
            key = self.node(key_node, depth + 1)
            if not isinstance(key, Leaf):
                self._findings.add("key_not_text", key.place)
                continue
            if key.raw in seen:
                self._findings.add("duplicate_key", key.place, name=key.raw, line=seen[key.raw].line)
                continue
            seen[key.raw] = key.place
            value = self.node(value_node, depth + 1)
            if isinstance(value, Leaf) and value.plain and not value.raw:
                value.place = key.place  # YAML sees nothing at the start of what comes next
            if table.flow and isinstance(value, Leaf) and value.empty and self._no_colon(key_node):
                shared.append(key)  # {肯定, 好的: {…}}: both names share what follows
                continue
            table.entries += [Entry(other, value) for other in (*shared, key)]
            shared.clear()
        table.entries += [Entry(key, Leaf(key.place, "", True)) for key in shared]
        return table

    def _no_colon(self, key_node: Any) -> bool:
        rest = self._text[key_node.end_mark.index : key_node.end_mark.index + 80].lstrip()
        return rest[:1] in (",", "}")


# --- syntax errors ----------------------------------------------------------------------------------------------------

# Slips that end in a syntax error because text stands without quotes: what the value starts with → code.
_STARTS = {"{": "text_brace", "*": "text_star", "&": "text_sign", "!": "text_sign", "@": "text_sign", "`": "text_sign"}
_STARTS |= {"%": "text_sign", "|": "text_sign", ">": "text_sign", "[": "text_bracket"}
_VALUE = re.compile(r"^\s*(?:-\s+)*(?:(?P<key>[^\s:#]+):\s+)?(?P<value>\S.*)$")
_MISTYPED = re.compile(r"^\s*(?:-\s+)*(?P<key>[^\s:：#'\"{\[]+)(?P<mark>：|:(?=[^\s]))(?P<rest>.*)$")
_COLONS = {"：": "colon_full", ":": "colon_space"}
_TEXT_KEYS = {"say", "ask", "prompt", "otherwise", "text", "answer", "question"}
_TEXT_KEYS |= {CHINESE[key] for key in _TEXT_KEYS}
_IN_BRACES = re.compile(r"\{\{?[^\s:,{}]+(\}|$)")  # {name} or {{name}}: a placeholder of another language


def tell_syntax(
    file: str, text: str, error: MarkedYAMLError, findings: Findings, keys: Collection[str] = ()
) -> str | None:
    """Tells what is wrong; when that can be set aside, the file without it.

    keys: names that are keys here besides those of the flow language.
    """
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    problem = str(error.problem or error.context or "")
    lines = text.split("\n")
    source = lines[line] if line < len(lines) else ""
    place = Place(file, line + 1, column + 1)
    match = _VALUE.match(source)
    value = match["value"] if match else ""
    at_value = Place(file, line + 1, match.start("value") + 1) if match else place
    code = ""
    colon = _colon(lines, line, keys)
    if colon is not None:
        number, match = colon
        name, at = match["key"], match.start("mark")
        findings.add(_COLONS[match["mark"]], Place(file, number + 1, at + 1), name=name)
        lines[number] = f"{lines[number][:at]}: {lines[number][at + 1 :]}"
        return "\n".join(lines)
    if value[:1] in ("｛", "［") or (match and match["key"] and "｛" in value):
        opening = "｛" if "｛" in value else "［"
        findings.add("bracket_full", Place(file, line + 1, source.find(opening) + 1), name=opening)
    elif "alias" in problem:
        code = "text_star"
        findings.add(code, place, name="*")
    elif "'\\t'" in problem or source[: column + 1].lstrip(" ").startswith("\t"):
        findings.add("tab", place)
    elif "mapping values are not allowed" in problem:
        code = "text_colon"
        findings.add(code, place, name=value[:20])
    elif "another document" in problem:
        findings.add("two_documents", place)
    elif "](" in source and error.context_mark and "flow" in str(error.context):
        findings.add("annotation_quote", Place(file, line + 1, source.find("](") + 1))
    elif error.context_mark and "flow" in str(error.context) and not _IN_BRACES.match(value):
        findings.add("bracket_open", Place(file, error.context_mark.line + 1, error.context_mark.column + 1))
    elif value[:1] in _STARTS and column >= at_value.column - 1:
        code = _STARTS[value[0]]
        findings.add(code, at_value, name=value[0])
    elif "unexpected end of stream" in problem and error.context_mark:
        findings.add("quote_open", Place(file, error.context_mark.line + 1, error.context_mark.column + 1))
    elif "expected <block end>" in problem:
        findings.add("indent", place)
    else:
        findings.add("syntax", place, problem=problem[:120])
    key = match["key"] if match else None
    if code and match and (key in _TEXT_KEYS or (key is None and code in ("text_star", "text_sign"))):
        lines[line] = f'{source[: match.start("value")]}"…"'
        return "\n".join(lines)
    return None


def _colon(lines: list[str], line: int, keys: Collection[str]) -> tuple[int, re.Match[str]] | None:
    """A key with a full-width colon, or without the space, in the line of the error or in one just above."""
    above = [number for number in range(line, max(-1, line - 4), -1) if number < len(lines) and lines[number].strip()]
    for number in above[:3]:
        match = _MISTYPED.match(lines[number])
        if match is None:
            continue
        known = match["key"] in ENGLISH or match["key"] in CHINESE or match["key"] in keys
        if known or (match["mark"] == "：" and not match["rest"].strip()):
            return number, match
    return None


def walk(node: Node) -> Iterator[Leaf]:
    """Every scalar value in the tree (keys left out)."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from walk(item)
    else:
        for entry in node.entries:
            yield from walk(entry.value)
