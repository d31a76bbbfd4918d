"""YAML documents as plain values that know where they stand. The only module of the room that parses YAML."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode

MAX_BYTES = 1_000_000
"""Of one test file; more is no file a person wrote."""

MAX_NODES = 100_000
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Node:
    """A value and its 1-based position. `value`: scalar, or dict of text to Node, or list of Node."""

    value: Any
    line: int
    column: int
    raw: str = ""
    """A scalar as it was written."""

    def pairs(self) -> Iterator[tuple[str, "Node"]]:
        yield from self.value.items()

    def items(self) -> Iterator["Node"]:
        yield from self.value


def documents(path: Path, file: str, findings: list[str]) -> list[Node]:
    """The documents of a file that hold anything; syntax errors go to `findings`, as `file:l:c: …`."""
    try:
        data = path.read_bytes()
        if len(data) > MAX_BYTES:
            findings.append(f"{file}:1:1: a test file may have {MAX_BYTES} bytes; split it")
            return []
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        findings.append(f"{file}:1:1: not UTF-8 text (byte {error.start})")
        return []
    yaml = YAML(typ="safe", pure=True)
    nodes = []
    try:
        for root in yaml.compose_all(text):
            if root is not None and not _empty(root):
                nodes.append(_Converter(yaml, file, findings).node(root))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        findings.append(f"{file}:{line}:{column}: {error.problem or error.context or 'not YAML'}")
    except _TooMuchError:
        findings.append(f"{file}:1:1: a test may have {MAX_NODES} nodes on {MAX_DEPTH} levels, aliases followed")
    except (YAMLError, ValueError) as error:
        findings.append(f"{file}:1:1: {str(error).splitlines()[0]}")
    return nodes


def _empty(node: YamlNode) -> bool:
    return isinstance(node, ScalarNode) and not node.value


class _TooMuchError(Exception):
    """More nodes or levels than a test has: aliases that multiply."""


class _Converter:
    """Aliases are followed wherever they stand, so nodes are counted where they are used."""

    def __init__(self, yaml: YAML, file: str, findings: list[str]) -> None:
        self._yaml = yaml
        self._file = file
        self._findings = findings
        self._count = 0

    def node(self, node: YamlNode, depth: int = 0) -> Node:
        self._count += 1
        if self._count > MAX_NODES or depth > MAX_DEPTH:
            raise _TooMuchError
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if isinstance(node, MappingNode):
            return Node(self._pairs(node, depth), line, column)
        if isinstance(node, SequenceNode):
            return Node([self.node(item, depth + 1) for item in node.value], line, column)
        assert isinstance(node, ScalarNode)  # the only kind left
        return Node(self._scalar(node), line, column, str(node.value))

    def _pairs(self, node: MappingNode, depth: int) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        for key_node, item in node.value:
            key, mark = str(key_node.value), key_node.start_mark
            if key in pairs:
                self._findings.append(f"{self._file}:{mark.line + 1}:{mark.column + 1}: {key!r} is here twice")
            pairs[key] = self.node(item, depth + 1)
        return pairs

    def _scalar(self, node: ScalarNode) -> Any:
        """The scalar as YAML 1.2 reads it; dates and other tags stay text."""
        kind = str(node.tag).rsplit(":", 1)[-1]
        if kind in ("int", "float", "bool", "null"):
            return self._yaml.constructor.construct_object(node)
        return str(node.value)
