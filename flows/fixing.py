"""`huashu check --fix`: slips that have exactly one reading, mended in the files; comments, order and layout stay.

One change at a time, in order of place, each tried on the whole bot in memory and kept only when the finding is gone,
nothing new is wrong where the change was made, and what the reader sees of the file differs by the one thing the
finding was about. So a bot that loads is never made another bot than the one its warnings ask for.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode
from ruamel.yaml.nodes import Node as YamlNode

from huashu.flows.check import check_sources
from huashu.flows.codes import WARNINGS
from huashu.flows.document import MAX_NODES, TooMuchError, bounded_yaml, read
from huashu.flows.findings import Entry, Findings
from huashu.flows.fixers import BY_CODE, Change, Page
from huashu.flows.folder import Sources, read_folder
from huashu.flows.grammar import FILES
from huashu.flows.keys import CHINESE, ENGLISH
from huashu.flows.parse import parse
from huashu.flows.shapes import Reading

MOST = 500
"""Findings mended in one run."""
SYNTAX = frozenset({"syntax", "bracket_open", "quote_open", "indent", "tab", "two_documents", "tag", "key_not_text"})
"""What a badly placed quote or bracket makes of a file."""
_MAY_DIFFER = {"mixed_spelling": 0, "colon_full": 2, "colon_space": 2}
"""Scalars of a file that a change may alter; a colon makes two of one key without a value."""
_KINDS = {"flows": "flow", "nlu": "nlu", "knowledge": "knowledge", "lines": "lines"}
_LINES = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file that was mended."""

    file: str
    before: bytes
    after: bytes
    codes: tuple[str, ...]
    """What was mended, in order."""

    def diff(self) -> str:
        """A unified diff."""
        one, other = (_text(data).splitlines(keepends=True) for data in (self.before, self.after))
        found = difflib.unified_diff(one, other, self.file, self.file)
        return "".join(line if line.endswith("\n") else line + "\n" for line in found)


def fix_folder(folder: Path) -> list[Fixed]:
    """What every file of a bot becomes; nothing is written."""
    findings = Findings()
    sources = read_folder(folder, findings)
    return fix_sources(Sources(dict(sources.files), sources.root))


def fix_sources(sources: Sources) -> list[Fixed]:
    """The same for files in memory."""
    before = dict(sources.files)
    done: dict[str, list[str]] = {}
    tried: set[tuple[str, str, str]] = set()
    findings = _checked(sources)
    for _ in range(MOST):
        made = _next(sources, findings, tried)
        if made is None:
            break
        entry, sources, findings = made
        done.setdefault(entry.place.file, []).append(entry.code)
    return [Fixed(file, before[file], sources.files[file], tuple(codes)) for file, codes in sorted(done.items())]


def write(folder: Path, fixed: list[Fixed]) -> None:
    """Writes the mended files."""
    for item in fixed:
        path = folder / item.file
        if item.file == "bot.yaml" and not path.exists():
            path = folder / "bot.yml"
        path.write_bytes(item.after)


def _checked(sources: Sources) -> Findings:
    findings = Findings()
    check_sources(sources, findings)
    return findings


def _next(
    sources: Sources, findings: Findings, tried: set[tuple[str, str, str]]
) -> tuple[Entry, Sources, Findings] | None:
    """The first finding that can be mended, with what the bot is then. `tried`: what cannot, with its line."""
    names = frozenset(_names(sources))
    for entry in findings.told():
        data = sources.files.get(entry.place.file)
        if entry.code not in BY_CODE or data is None:
            continue
        page = _page(entry.place.file, data, names)
        what = (entry.place.file, f"{entry.code} {entry.words.get('name')}", page.line(entry.place.line))
        if what in tried:
            continue
        tried.add(what)
        made = _mended(sources, findings, entry, page)
        if made is not None:
            return entry, *made
    return None


def _mended(sources: Sources, findings: Findings, entry: Entry, page: Page) -> tuple[Sources, Findings] | None:
    """The bot with one finding mended: by the change that leaves fewest others, when all such changes mean the same."""
    file = entry.place.file
    before = sources.files[file]
    found: list[tuple[int, Sources, Findings]] = []
    for change in BY_CODE[entry.code](entry, page):
        after = _changed(before, change)
        if after is None or not _same_but(before, after, entry.code):
            continue
        tried = Sources({**sources.files, file: after}, sources.root)
        told = _checked(tried)
        if _better(findings, told, entry, change):
            found.append((sum(item.code not in WARNINGS for item in told.told()), tried, told))
    best = [item for item in found if item[0] == min(left for left, _, _ in found)]
    meanings = [_leaves(made.files[file]) for _, made, _ in best]
    return best[0][1:] if best and all(meaning == meanings[0] for meaning in meanings) else None


_REVEALED = frozenset({"no_ai_disclosure"})
"""What stood there already and only shows once the value is read: no reason to leave the slip."""


def _better(before: Findings, after: Findings, entry: Entry, change: Change) -> bool:
    """The finding is gone, and where the change was made nothing else has come up."""
    file, lines = entry.place.file, {edit.line for edit in change}
    one, other = (Counter(_known(item) for item in findings.told()) for findings in (before, after))
    if other[_known(entry)] >= one[_known(entry)]:
        return False
    unread = before.is_broken(file)
    for item in after.told():
        new = other[_known(item)] > one[_known(item)]
        here = item.place.file == file and item.place.line in lines and item.code not in _REVEALED
        if new and (here if not unread else item.code in SYNTAX and item.place.file == file):
            return False
    return True


def _known(entry: Entry) -> tuple[str, str, str]:
    return entry.place.file, entry.code, str(entry.words.get("name", ""))


# --- the text ---------------------------------------------------------------------------------------------------------


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")


def _changed(data: bytes, change: Change) -> bytes | None:
    """The file with a change made, line ends and byte-order mark kept; None when it does not hold what is replaced."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    lines = [[match[1], match[2]] for match in _LINES.finditer(text.removeprefix(mark)) if match[0]]
    for edit in sorted(change, reverse=True):
        line = lines[edit.line - 1] if edit.line <= len(lines) else ["", ""]
        at = edit.column - 1
        if not edit.old or not line[0].startswith(edit.old, at):
            return None
        ends = line[1] or "\n"
        line[0] = line[0][:at] + edit.new.replace("\n", ends) + line[0][at + len(edit.old) :]
    return (mark + "".join(part for line in lines for part in line)).encode("utf-8", "surrogatepass")


def _same_but(before: bytes, after: bytes, code: str) -> bool:
    """Whether the reader sees the same in both, but for the one thing of the finding. A file that could not be read
    showed nothing; there the change itself, a mark or a pair of quotes, is all."""
    one, other = _leaves(before), _leaves(after)
    if one is None:
        return True
    if other is None or code in ("text_brace", "text_colon"):  # a mapping becomes the text that it was meant to be
        return other is not None
    if code == "mixed_spelling":
        one, other = ([ENGLISH.get(raw, raw) for raw in leaves] for leaves in (one, other))
    different = sum(a != b for a, b in zip(one, other, strict=False))
    return len(one) == len(other) and different <= _MAY_DIFFER.get(code, 1)


def _leaves(data: bytes) -> list[str] | None:
    """Every scalar and every bracket of the tree, in order; None when the file is no YAML."""
    try:
        root = bounded_yaml().compose(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    except (YAMLError, TooMuchError, ValueError):
        return None
    leaves = list(islice(_walk(root), MAX_NODES + 1)) if root is not None else []
    return leaves if len(leaves) <= MAX_NODES else None


def _walk(node: YamlNode) -> Iterator[str]:
    todo: list[YamlNode | str] = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, ScalarNode):
            yield str(item.value)
        elif isinstance(item, MappingNode):
            yield "{"
            todo += ["}", *(part for pair in reversed(item.value) for part in reversed(pair))]
        else:
            yield "["
            todo += ["]", *reversed(item.value)]


# --- what fixers know -------------------------------------------------------------------------------------------------


def _page(file: str, data: bytes, names: frozenset[str]) -> Page:
    lines = tuple(match[1] for match in _LINES.finditer(_text(data)) if match[0])
    reading = Reading(Findings())
    kind = "bot" if file == "bot.yaml" else _KINDS.get(PurePosixPath(file).parts[0], "")
    node = read(file, data, Findings()) if kind else None
    if node is not None:
        FILES[kind].read(node, reading)
    keys = tuple(
        (leaf.place.line, leaf.place.column + leaf.shift, leaf.raw, english)
        for leaf, english in reading.keys
        if leaf.shift is not None and english in CHINESE
    )
    return Page(lines, reading.spelling, names, keys)


def _names(sources: Sources) -> Iterator[str]:
    """Whatever has a name in a bot."""
    parsed = parse(sources, Findings())
    for owner in (parsed.bot, *parsed.flows.values()):
        for part in ("variables", "endings", "steps"):
            yield from (name.value for name, _ in owner.get(part) or ())
    yield from parsed.flows
    yield from parsed.knowledge
    for file in parsed.nlu:
        yield from (name.value for name, _ in file.get("intents") or ())
