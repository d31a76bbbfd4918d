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
                nodes.append(_convert(yaml, root, file, findings))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        findings.append(f"{file}:{line}:{column}: {error.problem or error.context or 'not YAML'}")
    except YAMLError as error:
        findings.append(f"{file}:1:1: {str(error).splitlines()[0]}")
    return nodes


def _empty(node: YamlNode) -> bool:
    return isinstance(node, ScalarNode) and not node.value


def _convert(yaml: YAML, node: YamlNode, file: str, findings: list[str]) -> Node:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, MappingNode):
        pairs: dict[str, Node] = {}
        for key_node, item in node.value:
            key = str(key_node.value)
            if key in pairs:
                mark = key_node.start_mark
                findings.append(f"{file}:{mark.line + 1}:{mark.column + 1}: {key!r} is here twice")
            pairs[key] = _convert(yaml, item, file, findings)
        return Node(pairs, line, column)
    if isinstance(node, SequenceNode):
        return Node([_convert(yaml, item, file, findings) for item in node.value], line, column)
    return Node(_scalar(yaml, node), line, column, str(node.value))


def _scalar(yaml: YAML, node: ScalarNode) -> Any:
    """The scalar as YAML 1.2 reads it; dates and other tags stay text."""
    kind = str(node.tag).rsplit(":", 1)[-1]
    if kind in ("int", "float", "bool", "null"):
        return yaml.constructor.construct_object(node)
    return str(node.value)
