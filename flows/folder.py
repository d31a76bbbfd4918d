"""A bot's folder as bytes: which files belong to it, within which bounds, and the archive the store keeps."""

import ast
import io
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from huashu.core.errors import ScriptError
from huashu.flows.document import MAX_BYTES
from huashu.flows.findings import Findings, Place

MAX_FILES = 500
MAX_TOTAL = 20_000_000
KINDS = ("flows", "nlu", "knowledge", "lines")
SUFFIXES = (".yaml", ".yml")
_STAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can tell: the same bot gives the same bytes


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything the loader reads: path inside the folder → bytes."""

    files: Mapping[str, bytes]
    root: Path | None = None
    """The folder, for the recordings; None for an archive, which leaves them out."""

    def of(self, kind: str) -> list[str]:
        """Files of a kind ("flows", "nlu", …), in order of name."""
        return sorted(path for path in self.files if path.startswith(f"{kind}/") and path.endswith(SUFFIXES))

    def has_audio(self, path: str) -> bool:
        """Whether the recording is there; always so for an archive."""
        if self.root is None:
            return True
        target = self.root / path
        return target.is_file() and _inside(target, self.root)


def safe_path(path: str) -> bool:
    """A relative path that stays in the folder."""
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts and "\\" not in path and ":" not in path


def _inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def read_folder(folder: Path, findings: Findings) -> Sources:
    """The files of a bot. What cannot be read is a finding, and left out."""
    files: dict[str, bytes] = {}
    if not folder.is_dir():
        findings.add("no_folder", Place(folder.name or str(folder), 1, 1), name=str(folder))
        return Sources(files, folder)
    paths = [path for name in ("bot.yaml", "bot.yml", "actions.py") if (path := folder / name).exists()]
    for kind in KINDS:
        if (folder / kind).is_dir():
            inside = sorted((folder / kind).iterdir())
            paths += [path for path in inside if path.suffix in SUFFIXES]
            for path in inside:
                if path.suffix not in SUFFIXES and not path.name.startswith((".", "_", "~")):
                    findings.add("not_read", Place(path.relative_to(folder).as_posix(), 1, 1))
    total = 0
    for path in paths:
        name = path.relative_to(folder).as_posix()
        name = "bot.yaml" if name == "bot.yml" else name
        if len(files) >= MAX_FILES or total > MAX_TOTAL:
            findings.add("folder_too_big", Place(name, 1, 1), files=MAX_FILES, limit=MAX_TOTAL)
            findings.broken(name)
            break
        data = _read(path, folder, name, findings)
        if data is None:
            findings.broken(name)
        else:
            files[name] = data
            total += len(data)
    return Sources(files, folder)


def _read(path: Path, folder: Path, name: str, findings: Findings) -> bytes | None:
    if not _inside(path, folder):
        findings.add("outside", Place(name, 1, 1), name=name)
        return None
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more than allowed, so that the reader sees it is too big
    except OSError as error:
        findings.add("unreadable", Place(name, 1, 1), problem=error.strerror or type(error).__name__)
        return None


def pack(sources: Sources) -> bytes:
    """The files as one zip archive; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(sources.files):
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, sources.files[name])
    return buffer.getvalue()


def unpack(data: bytes) -> Sources:
    """The reverse of `pack`.

    Raises:
        ScriptError: no archive of a bot, a path that leaves the folder, or larger than a bot may be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_FILES or sum(info.file_size for info in infos) > MAX_TOTAL:
                raise ScriptError(f"an archive of a bot holds at most {MAX_FILES} files and {MAX_TOTAL} bytes")
            for info in infos:
                if not safe_path(info.filename) or info.file_size > MAX_BYTES + 1:  # as much as `_read` keeps
                    raise ScriptError(f"{info.filename!r} does not belong in the archive of a bot")
            return Sources({info.filename: archive.read(info) for info in infos})
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ScriptError(f"these bytes are no archive of a bot: {error}") from error


def action_names(source: bytes, findings: Findings) -> frozenset[str] | None:
    """Names of the functions in actions.py decorated with `@action` or `@action("name")`, by syntax tree: nothing runs.

    None when the file does not parse (a finding says so).
    """
    try:
        tree = _tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        findings.add(
            "actions_syntax",
            Place("actions.py", line, getattr(error, "offset", None) or 1),
            problem=str(getattr(error, "msg", None) or error)[:120],
        )
        return None
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names |= {name for decorator in node.decorator_list if (name := _action_name(decorator, node.name))}
    return frozenset(names)


def function_names(source: bytes) -> frozenset[str]:
    """Names of all functions on the top level of actions.py; none when it does not parse."""
    try:
        tree = _tree(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    return frozenset(node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))


def _tree(source: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Python dislikes in a stranger's code is none of the operator's messages
        return ast.parse(source)


def _action_name(decorator: ast.expr, function: str) -> str:
    call = decorator if isinstance(decorator, ast.Call) else None
    target = call.func if call else decorator
    name = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
    if name != "action":
        return ""
    arguments = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "name")] if call else []
    given = next((item.value for item in arguments if isinstance(item, ast.Constant)), None)
    return given if isinstance(given, str) else function
