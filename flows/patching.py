"""Additions to a bot's YAML files that leave every line already there as it is: comments, order, layout, quotes."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from huashu.core.errors import UsageError
from huashu.flows.keys import CHINESE
from huashu.flows.writing import flow, listed, yaml

Step = str | tuple[str, str]
Data = Mapping[str, Any] | str
_TRAILING = re.compile(r"(?:[ \t]*(?:#[^\n]*)?(?:\n|\Z))*\Z")
"""Blank lines and comments at the end of a block: they belong to what comes next."""
LOOKED_AT: Final = 65_536
"""Bytes of a file in which its first line end is looked for."""


def add_to_list(text: str, path: Sequence[Step], items: Sequence[Data], *, spelling: str = "en") -> str:
    """The text of a file with `items` at the end of the list at `path`.

    path: keys from the top, English for the language's own keys (either spelling is found), names as they are; (key,
        value) stands for the item of a list that has that value. A list that is not there is made at the end of the
        mapping it belongs to; a lone scalar becomes a list with it.
    items: texts, or mappings with English keys.
    spelling: of keys that are written ("zh" or "en").

    Raises:
        UsageError: the text is no YAML mapping, or what stands at `path` is neither list, text nor nothing.
    """
    if not items:
        return text
    if not text.endswith("\n"):
        text += "\n"
    node = _composed(text)
    for depth, key in enumerate(path):
        if isinstance(key, tuple):
            node = _item(node, *key)
            continue
        if not isinstance(node, MappingNode):
            raise UsageError(f"{_told(path[:depth]) or 'the file'} is no mapping: nothing can be added below it")
        found = _value(node, key)
        if found is None or _blank(found[1]):
            rest = [step for step in path[depth:] if isinstance(step, str)]
            return _make(text, node, found, rest, [_spelled(given, spelling) for given in items], spelling)
        node = found[1]
    spelled = [_spelled(given, spelling) for given in items]
    if isinstance(node, SequenceNode):
        return _appended(text, node, spelled)
    if isinstance(node, ScalarNode):
        start, end = node.start_mark.index, node.end_mark.index
        return text[:start] + "[" + ", ".join([text[start:end].rstrip(), *map(flow, spelled)]) + "]" + text[end:]
    raise UsageError(f"{_told(path)} is a mapping, not a list")


def rewrite(path: Path, text: str) -> None:
    """Writes a text as UTF-8, its line ends as the file at `path` has them so far ("\\n" when there is none)."""
    windows = path.is_file() and b"\r\n" in path.read_bytes()[:LOOKED_AT]
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\r\n" if windows else "\n")


def spelling_of(text: str) -> str:
    """ "zh" when the first key of the language at the top of the file is Chinese, else "en"."""
    node = _composed(text)
    known = set(CHINESE.values())
    keys = [key.value for key, _ in node.value] if isinstance(node, MappingNode) else []
    return "zh" if any(key in known for key in keys) else "en"


def _composed(text: str) -> Any:
    try:
        return YAML(typ="rt", pure=True).compose(text)
    except (YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"no YAML: {str(error).splitlines()[0][:120]}") from error


def _value(node: MappingNode, key: str) -> tuple[Any, Any] | None:
    names = {key, CHINESE.get(key, key)}
    return next(((found, value) for found, value in node.value if found.value in names), None)


def _item(node: Any, key: str, value: str) -> Any:
    """The mapping in a list whose `key` is `value`."""
    for item in node.value if isinstance(node, SequenceNode) else ():
        found = _value(item, key) if isinstance(item, MappingNode) else None
        if found is not None and isinstance(found[1], ScalarNode) and found[1].value.strip() == value.strip():
            return item
    raise UsageError(f"there is no item with {key} {value!r}")


def _told(path: Sequence[Step]) -> str:
    return ".".join(step if isinstance(step, str) else step[1] for step in path)


def _blank(node: Any) -> bool:
    return isinstance(node, ScalarNode) and node.style is None and node.value in ("", "~", "null")


def _spelled(data: Any, spelling: str) -> Any:
    """English keys of items in the wanted spelling, all the way down."""
    if isinstance(data, Mapping):
        words = CHINESE if spelling == "zh" else {}
        return {words.get(key, key): _spelled(value, spelling) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_spelled(given, spelling) for given in data]
    return data


def _appended(text: str, node: SequenceNode, items: list[Any]) -> str:
    if node.flow_style:
        at = node.end_mark.index - 1
        head = text[:at].rstrip().removesuffix(",")
        return head + ", " * bool(node.value) + ", ".join(map(flow, items)) + text[at:]
    at = _end(text, node)
    depth = node.start_mark.column
    return text[:at] + "".join(_indented(listed(given, 0), depth) for given in items) + text[at:]


def _end(text: str, node: Any) -> int:
    """Behind the last line of a block that is its own."""
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    body = text[start:end]
    own = _TRAILING.sub("", body)
    if not own.endswith("\n"):
        rest = body[len(own) :]
        own += rest[: rest.find("\n") + 1]  # the comment behind the last value stays with it
    return start + len(own)


def _indented(lines: str, columns: int) -> str:
    return "".join(f"{' ' * columns}{line}\n" if line else "\n" for line in lines.splitlines())


def _make(
    text: str, parent: MappingNode, found: tuple[Any, Any] | None, path: Sequence[str], items: list[Any], spelling: str
) -> str:
    """The missing end of a path, with the list behind it."""
    data: Any = items
    for key in reversed(path[1:]):
        data = {_key(key, spelling): data}
    lines = yaml({_key(path[0], spelling) if found is None else found[0].value: data})
    if parent.flow_style:
        at = parent.end_mark.index - 1
        pair = flow({_key(path[0], spelling): data})[1:-1]
        return text[:at].rstrip().removesuffix(",") + ", " * bool(parent.value) + pair + text[at:]
    depth = parent.start_mark.column
    if found is None:
        at = _end(text, parent)
        return text[:at] + _indented(lines, depth) + text[at:]
    first = text.rfind("\n", 0, found[0].start_mark.index) + 1
    last = text.find("\n", found[0].end_mark.index) + 1
    return text[:first] + _indented(lines, depth) + text[last:]


def _key(key: str, spelling: str) -> str:
    return CHINESE.get(key, key) if spelling == "zh" else key
