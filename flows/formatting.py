"""`huashu fmt`: a bot's files with one spelling of the keys and a calm layout. Comments, order and texts stay.

Layout here is only what no reader would miss: line ends, trailing blanks, runs of empty lines, the end of the file.
Indentation and the choice between braces and lines are the designer's. What would change a single value is left alone.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from huashu.core.errors import ScriptError
from huashu.core.language import is_chinese
from huashu.flows.document import Leaf, Listing, Node, read
from huashu.flows.findings import Findings
from huashu.flows.folder import KINDS, read_folder
from huashu.flows.grammar import FILES
from huashu.flows.keys import CHINESE, ENGLISH
from huashu.flows.respell import respell
from huashu.flows.shapes import Reading

_KIND = {"flows": "flow", "nlu": "nlu", "knowledge": "knowledge", "lines": "lines"}


@dataclass(frozen=True, slots=True)
class Formatted:
    file: str
    """Path inside the folder."""
    before: str
    after: str

    @property
    def changed(self) -> bool:
        return self.before != self.after


def format_folder(folder: Path, spelling: str | None = None) -> list[Formatted]:
    """What every YAML file of a bot becomes; nothing is written. Its tests: huashu.lab.tidying.

    spelling: "zh" or "en"; None keeps each file's own, and mends a file that mixes both by its majority.

    Raises:
        ScriptError: a file is no YAML or cannot be read; the message holds every finding of that kind.
        UsageError: another spelling.
    """
    findings = Findings()
    sources = read_folder(folder, findings)
    files = {path: data for kind in KINDS for path in sources.of(kind) for data in (sources.files[path],)}
    files |= {path: data for path, data in sources.files.items() if path == "bot.yaml"}
    nodes = {path: read(path, data, findings) for path, data in files.items()}
    if findings.errors:
        raise ScriptError(
            "\n".join(map(str, findings.worded("zh" if _speaks_chinese(nodes.get("bot.yaml")) else "en")))
        )
    formatted = []
    for path, data in sorted(files.items()):
        text = data.decode("utf-8")
        wanted = spelling or _majority(path, nodes[path])
        formatted.append(Formatted(path, text, layout(respell(path, text, wanted) if wanted else text)))
    return formatted


def write(folder: Path, formatted: list[Formatted]) -> None:
    """Writes the files that change."""
    for item in formatted:
        if item.changed:
            path = folder / item.file
            if item.file == "bot.yaml" and not path.exists():
                path = folder / "bot.yml"
            path.write_bytes(item.after.encode("utf-8"))


def _speaks_chinese(bot: Node | None) -> bool:
    return bot is not None and any(is_chinese(leaf.raw) for leaf in _leaves(bot))


def _majority(path: str, node: Node | None) -> str | None:
    """The spelling to mend a file with; None when all its keys are of one."""
    kind = "bot" if path == "bot.yaml" else _KIND[PurePosixPath(path).parts[0]]
    reading = Reading(Findings())
    if node is not None:
        FILES[kind].read(node, reading)
    count = Counter(
        "en" if leaf.raw in CHINESE else "zh" for leaf, _ in reading.keys if leaf.raw in CHINESE or leaf.raw in ENGLISH
    )
    return count.most_common(1)[0][0] if len(count) > 1 else None


def layout(text: str) -> str:
    """A file with calm ends of lines; every value in it stays."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    calm: list[str] = []
    for line in plain.rstrip().split("\n"):
        bare = line.rstrip(" ")
        if bare or (calm and calm[-1]):
            calm.append(bare)
    tidy = "\n".join(calm) + "\n"
    # Inside a text of several lines blanks and empty lines are words: then only line ends and the last one are set.
    return tidy if _values(tidy) == _values(plain) else plain.rstrip("\n") + "\n"


def _values(text: str) -> list[object]:
    """All values, document by document (a file of tests has several); nothing where a document is no YAML."""
    nodes = [read("file", part.encode("utf-8", "surrogatepass"), Findings()) for part in re.split(r"(?m)^---.*$", text)]
    return [None if node is None else [(leaf.raw, leaf.plain) for leaf in _leaves(node)] for node in nodes]


def _leaves(node: Node) -> Iterator[Leaf]:
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Listing):
        for item in node.items:
            yield from _leaves(item)
    else:
        for entry in node.entries:
            yield entry.key
            yield from _leaves(entry.value)
