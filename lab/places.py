"""Where the parts of a script are written: file and line of steps, answers, detours and endings, for coverage."""

import re
from pathlib import Path
from typing import NamedTuple

from huashu.flows.keys import ENGLISH
from huashu.lab.source import Mistakes, Node, documents


class Place(NamedTuple):
    file: str
    """Relative to the bot's folder."""
    line: int
    """From 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def places(folder: Path) -> dict[str, Place]:
    """By "flow.step", "flow.step.answer", "anytime.name", "ending.name". What cannot be read is left out."""
    found: dict[str, Place] = {}
    for path in (folder / "bot.yaml", *sorted((folder / "flows").glob("*.yaml"))):
        if path.is_file():
            file = path.relative_to(folder).as_posix()
            for node in documents(path, file, Mistakes("")):
                _file(file, node, found)
    return found


def _file(file: str, node: Node, found: dict[str, Place]) -> None:
    keys = _keys(node)
    for kind, key in (("anytime", "anytime"), ("ending", "endings")):
        for name, item in _names(keys.get(key)):
            found.setdefault(f"{kind}.{name}", Place(file, item.key[0] or item.line))
    steps = keys.get("steps")
    if "flow" not in keys or steps is None or not isinstance(steps.value, list):
        return
    for item in steps.items():
        for name, parts in item.pairs() if isinstance(item.value, dict) else ():
            step = f"{keys['flow'].value}.{name}"
            found[step] = Place(file, item.key[0] or item.line)
            for answer, reaction in _names(_keys(parts).get("answers")):
                found[f"{step}.{answer}"] = Place(file, reaction.key[0] or reaction.line)


def _names(node: Node | None) -> list[tuple[str, Node]]:
    """The entries of a mapping whose keys the designer has named; "a, b" are two."""
    if node is None or not isinstance(node.value, dict):
        return []
    return [(name, item) for key, item in node.pairs() for name in re.split(r"\s*[,，、]\s*", key.strip()) if name]


def _keys(node: Node | None) -> dict[str, Node]:
    """The entries of a mapping by English key; none when it is no mapping."""
    if node is None or not isinstance(node.value, dict):
        return {}
    return {ENGLISH.get(key, key): item for key, item in node.pairs()}
