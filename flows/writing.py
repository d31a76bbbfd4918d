"""Writes the files of a bot: plain data in, YAML out in the style a designer would write, quoted only where needed."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from huashu.core.errors import UsageError
from huashu.flows.respell import respell

WIDE = 110
"""Columns up to which a mapping or a list stays on one line."""

_NOT_PLAIN = re.compile(r"^[\s\-?:,\[\]{}#&*!|>'\"%@`=]|[\x00-\x1f\x7f]|: | #|:$|\s$|^$|[,\[\]{}]")
_LIKE_VALUE = re.compile(r"[-+]?[\d.][\d.eE+:_-]*|0[xo][\da-f]+|~|null|true|false|\.(inf|nan)", re.IGNORECASE)


class Files:
    """The files of a bot to be, by path inside its folder."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def add(self, path: str, data: Mapping[str, Any], *, heading: str = "") -> None:
        """Empty values are left out. `heading` becomes a comment above."""
        comment = "".join(f"# {line}\n" for line in heading.splitlines())
        self.texts[path] = comment + yaml(data)

    def write(self, folder: Path, *, spelling: str = "en") -> None:
        """Into a new or empty folder, keys spelled "en" or "zh".

        Raises UsageError when the folder holds anything.
        """
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} exists and is not empty; choose another folder")
        for path, text in self.texts.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(respell(path, text, spelling) if spelling == "zh" else text, encoding="utf-8")


def yaml(data: Mapping[str, Any]) -> str:
    """A mapping as YAML text, in block style with short inner mappings and lists in braces and brackets."""
    return "".join(_entry(key, value, 0) for key, value in data.items() if not _empty(value))


def scalar(value: Any) -> str:
    """A text, number or flag as it stands in YAML."""
    if value is True or value is False:
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if _NOT_PLAIN.search(value) or _LIKE_VALUE.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    return value


def _empty(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, (Mapping, list, tuple)) and not value)


def flow(value: Any) -> str:
    """On one line, mappings in braces and lists in brackets."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value)


def _entry(key: str, value: Any, depth: int) -> str:
    indent = "  " * depth
    short = f"{indent}{scalar(key)}: {flow(value)}"
    if not isinstance(value, (Mapping, list, tuple)) or (depth and len(short) <= WIDE):
        return short + "\n"
    if isinstance(value, Mapping):
        return f"{indent}{scalar(key)}:\n" + "".join(_entry(k, v, depth + 1) for k, v in value.items() if not _empty(v))
    if all(not isinstance(item, (Mapping, list, tuple)) for item in value):
        return _wrapped(f"{indent}{scalar(key)}: [", list(map(scalar, value)), indent + "  ")
    return f"{indent}{scalar(key)}:\n" + "".join(listed(item, depth) for item in value)


def _wrapped(head: str, items: list[str], indent: str) -> str:
    """A long list of short texts in brackets, over as many lines as it takes."""
    lines = [head]
    for number, item in enumerate(items):
        piece = item + (", " if number + 1 < len(items) else "]")
        if len(lines[-1]) + len(piece) > WIDE:
            lines[-1] = lines[-1].rstrip()
            lines.append(indent)
        lines[-1] += piece
    return "\n".join(lines) + "\n"


def listed(item: Any, depth: int) -> str:
    """One item of a list in block style; a one-key mapping is a step."""
    indent = "  " * depth
    if isinstance(item, Mapping) and len(item) == 1 and isinstance((parts := next(iter(item.values()))), Mapping):
        name = next(iter(item))
        return f"{indent}- {scalar(name)}:\n" + "".join(
            _entry(k, v, depth + 2) for k, v in parts.items() if not _empty(v)
        )
    if isinstance(item, Mapping) and len(f"{indent}- {flow(item)}") > WIDE:
        lines = [_entry(k, v, depth + 1) for k, v in item.items() if not _empty(v)]
        return f"{indent}- " + "".join(lines).removeprefix("  " * (depth + 1))
    return f"{indent}- {flow(item)}\n"


def unique(name: str, taken: Sequence[str] | set[str]) -> str:
    """A name without dots and commas that is not taken yet."""
    plain = re.sub(r"[.,，、\s]+", "·", name.strip()).strip("·") or "·"
    number, found = 2, plain
    while found in taken:
        found, number = f"{plain}{number}", number + 1
    return found
