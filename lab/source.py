"""YAML documents as plain values that know where they stand. The only module of the room that parses YAML."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

from huashu.flows.document import MAX_BYTES, TooMuchError, bounded_yaml, decode, tell_syntax
from huashu.flows.findings import Finding, Findings, Place
from huashu.flows.keys import ENGLISH
from huashu.flows.parse import DEFAULT_LANGUAGE
from huashu.lab.wording import Wording

MAX_NODES = 100_000
MAX_DEPTH = 20
NOWHERE = (-1, -1)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its 1-based position. `value`: scalar, or dict of text to Node, or list of Node."""

    value: Any
    line: int
    column: int
    raw: str = ""
    """A scalar as it was written."""
    key: tuple[int, int] = (0, 0)
    """Line and column of the key that this is the value of."""
    span: tuple[int, int] = NOWHERE
    """Where it is written: from and to, as characters of the file's text. `NOWHERE` inside an anchor, which may be
    written once for many places."""

    def pairs(self) -> Iterator[tuple[str, "Node"]]:
        yield from self.value.items()

    def items(self) -> Iterator["Node"]:
        yield from self.value


class Mistakes:
    """What is wrong in the tests of one bot, worded in its language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.tell = Wording(language)
        self.found: list[Finding] = []

    def add(self, file: str, line: int, column: int, code: str, **words: Any) -> None:
        self.found.append(Finding(file, line, column, f"test_{code}", self.tell(code, **words), "error"))


def bot_language(folder: Path) -> str:
    """The language of the bot in a folder, as far as its bot.yaml can be read."""
    path = folder / "bot.yaml"
    for node in documents(path, path.name, Mistakes(DEFAULT_LANGUAGE)) if path.is_file() else ():
        if isinstance(node.value, dict):
            for key, item in node.pairs():
                if ENGLISH.get(key, key) == "language" and re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", item.raw):
                    return item.raw
    return DEFAULT_LANGUAGE


def documents(path: Path, file: str, mistakes: Mistakes, keys: Collection[str] = ()) -> list[Node]:
    """The documents of a file that hold anything; what cannot be read goes to `mistakes`. `keys`: its keys."""
    findings = Findings()
    text = None
    try:
        with path.open("rb") as opened:
            text = decode(file, opened.read(MAX_BYTES + 1), findings)
    except OSError as error:
        findings.add("unreadable", Place(file, 1, 1), problem=error.strerror or type(error).__name__)
    mistakes.found += findings.worded(mistakes.language)
    return documents_of(text, file, mistakes, keys) if text else []


def documents_of(text: str, file: str, mistakes: Mistakes, keys: Collection[str] = ()) -> list[Node]:
    """The same of the text of a file, with plain line ends and no byte-order mark."""
    findings = Findings()
    nodes: list[Node] = []
    try:
        yaml = bounded_yaml()
        for root in yaml.compose_all(text):
            if root is not None and not _empty(root):
                nodes.append(_Converter(yaml, file, mistakes).node(root))
    except MarkedYAMLError as error:
        tell_syntax(file, text, error, findings, keys)
    except (TooMuchError, _TooMuchError, RecursionError):
        mistakes.add(file, 1, 1, "file_nodes", nodes=MAX_NODES, depth=MAX_DEPTH)
    except (YAMLError, ValueError) as error:
        findings.add("syntax", Place(file, 1, 1), problem=str(error).splitlines()[0][:120])
    mistakes.found += findings.worded(mistakes.language)
    return nodes


def _empty(node: YamlNode) -> bool:
    return isinstance(node, ScalarNode) and not node.value


class _TooMuchError(Exception):
    """More nodes or levels than a test has: aliases that multiply."""


class _Converter:
    """Aliases are followed wherever they stand, so nodes are counted where they are used."""

    def __init__(self, yaml: YAML, file: str, mistakes: Mistakes) -> None:
        self._yaml = yaml
        self._file = file
        self._mistakes = mistakes
        self._count = 0

    def node(self, node: YamlNode, depth: int = 0, *, shared: bool = False) -> Node:
        self._count += 1
        if self._count > MAX_NODES or depth > MAX_DEPTH:
            raise _TooMuchError
        shared = shared or bool(node.anchor)
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        span = NOWHERE if shared else (node.start_mark.index, node.end_mark.index)
        if isinstance(node, MappingNode):
            pairs = self._pairs(node, depth, shared=shared)
            return Node(pairs, line, column, span=_trimmed(node, span, list(pairs.values())))
        if isinstance(node, SequenceNode):
            items = [self.node(item, depth + 1, shared=shared) for item in node.value]
            return Node(items, line, column, span=_trimmed(node, span, items))
        assert isinstance(node, ScalarNode)  # the only kind left
        return Node(self._scalar(node), line, column, str(node.value), span=span)

    def _pairs(self, node: MappingNode, depth: int, *, shared: bool) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        for key_node, item in node.value:
            key, mark = str(key_node.value), key_node.start_mark
            if key in pairs:
                self._mistakes.add(self._file, mark.line + 1, mark.column + 1, "twice", name=key)
            pairs[key] = replace(self.node(item, depth + 1, shared=shared), key=(mark.line + 1, mark.column + 1))
        return pairs

    def _scalar(self, node: ScalarNode) -> Any:
        """The scalar as YAML 1.2 reads it; dates and other tags stay text."""
        kind = str(node.tag).rsplit(":", 1)[-1]
        if kind in ("int", "float", "bool", "null"):
            return self._yaml.constructor.construct_object(node)
        return str(node.value)


def _trimmed(node: MappingNode | SequenceNode, span: tuple[int, int], inside: list[Node]) -> tuple[int, int]:
    """Without the blank lines and comments behind a collection that has no closing bracket."""
    return span if node.flow_style or not inside else (span[0], inside[-1].span[1])
