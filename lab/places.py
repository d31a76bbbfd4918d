"""Where the parts of a script are written: file and line of steps, answers, detours and endings, for coverage."""

from pathlib import Path
from typing import NamedTuple

from huashu.flows.keys import ENGLISH
from huashu.lab.source import Node, documents


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
            for node in documents(path, file, []):
                _file(file, node, found)
    return found


def _file(file: str, node: Node, found: dict[str, Place]) -> None:
    keys = _keys(node)
    for kind, key in (("anytime", "anytime"), ("ending", "endings")):
        for name, item in _keys(keys.get(key)).items():
            found.setdefault(f"{kind}.{name}", Place(file, item.line))
    steps = keys.get("steps")
    if "flow" not in keys or steps is None or not isinstance(steps.value, list):
        return
    for item in steps.items():
        for name, parts in item.pairs() if isinstance(item.value, dict) else ():
            step = f"{keys['flow'].value}.{name}"
            found[step] = Place(file, item.line)
            for answer, reaction in _keys(_keys(parts).get("answers")).items():
                for one in answer.replace("，", ",").replace("、", ",").split(","):
                    found[f"{step}.{one.strip()}"] = Place(file, reaction.line)


def _keys(node: Node | None) -> dict[str, Node]:
    """The entries of a mapping by English key; none when it is no mapping."""
    if node is None or not isinstance(node.value, dict):
        return {}
    return {ENGLISH.get(key, key): item for key, item in node.pairs()}
