"""One spelling of the keys into the other: what `huashu fmt --keys zh` does. Nothing but keys is touched."""

from pathlib import PurePosixPath

from huashu.core.errors import ScriptError, UsageError
from huashu.flows.document import read
from huashu.flows.findings import Findings
from huashu.flows.grammar import FILES
from huashu.flows.keys import CHINESE
from huashu.flows.shapes import Reading

_KINDS = {"flows": "flow", "nlu": "nlu", "knowledge": "knowledge", "lines": "lines"}


def respell(path: str, text: str, spelling: str) -> str:
    """The text of a bot's YAML file with its keys in "zh" or "en"; comments, order and layout stay.

    `path` is the path inside the bot's folder: it tells the kind of file. A file that mixes spellings is mended.

    Raises:
        ScriptError: the file is no YAML.
        UsageError: another spelling, or a path of no known kind.
    """
    if spelling not in ("zh", "en"):
        raise UsageError(f"keys are spelled 'zh' or 'en', not {spelling!r}")
    kind = "bot" if path in ("bot.yaml", "bot.yml") else _KINDS.get(PurePosixPath(path).parts[0], "")
    if not kind:
        raise UsageError(f"{path!r} is none of bot.yaml, flows/, nlu/, knowledge/, lines/")
    findings = Findings()
    node = read(path, text.encode("utf-8", "surrogatepass"), findings)
    if node is None:
        raise ScriptError("\n".join(map(str, findings.worded("en"))))
    reading = Reading(findings)
    FILES[kind].read(node, reading)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
    # From the end of each line, so that the columns in front of a change stay true.
    for leaf, english in sorted(reading.keys, key=lambda pair: pair[0].place, reverse=True):
        if leaf.shift is None:
            continue
        row, start = leaf.place.line - 1, leaf.place.column - 1 + leaf.shift
        new = CHINESE[english] if spelling == "zh" else english
        if lines[row].startswith(leaf.raw, start):
            lines[row] = lines[row][:start] + new + lines[row][start + len(leaf.raw) :]
    return "\n".join(lines)
