"""Where weights lie on this machine: one folder per model id, below HUASHU_HOME or the user's cache folder."""

import hashlib
import os
from pathlib import Path

import platformdirs

from huashu.core.errors import EngineError, UsageError
from huashu.models.catalogue import Entry, ModelFile, entries, entry

_BLOCK = 1 << 20


def root() -> Path:
    """`$HUASHU_HOME/models`, or `models` in the user's cache folder of this platform. It may not exist yet."""
    home = os.environ.get("HUASHU_HOME")
    base = Path(home).expanduser() if home else Path(platformdirs.user_cache_dir("huashu", appauthor=False))
    return base / "models"


def folder(model: str) -> Path:
    """Where a model of the catalogue belongs, there or not. Raises UsageError: unknown id."""
    return root() / entry(model).id


def place(item: Entry, file: ModelFile) -> Path:
    """Where one file belongs. Raises EngineError: the name would leave the model's folder."""
    base = (root() / item.id).resolve()
    path = (base / file.name).resolve()
    if not path.is_relative_to(base) or path == base:
        raise EngineError(f"{item.id}: file name {file.name!r} leaves the model's folder")
    return path


def here(item: Entry) -> bool:
    """Whether every file is there in its full size. The checksum was compared when the file was put there."""
    paths = ((place(item, file), file.size) for file in item.files)
    return all(path.is_file() and path.stat().st_size == size for path, size in paths)


def sound(path: Path, file: ModelFile) -> bool:
    """Whether `path` holds exactly this file."""
    return path.is_file() and path.stat().st_size == file.size and sha256(path) == file.sha256


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def path(model: str) -> Path:
    """The folder of a model that is here.

    Raises:
        UsageError: unknown id.
        EngineError: known, and not (wholly) here; the message says how to get it.
    """
    item = entry(model)
    if not here(item):
        raise EngineError(
            f"model {model} is not here: `huashu models pull {model}`, or put its files into {root() / item.id}",
            code="model_missing",
        )
    return root() / item.id


def resolve(name_or_path: str | Path) -> Path:
    """The folder of a model named by id or by path; an existing folder goes before an id.

    Raises:
        UsageError: neither a folder nor an id of the catalogue.
        EngineError: an id whose files are not here.
    """
    given = Path(name_or_path).expanduser()
    if given.is_dir():
        return given
    if str(name_or_path) in {item.id for item in entries()}:
        return path(str(name_or_path))
    known = ", ".join(item.id for item in entries())
    raise UsageError(f"{str(name_or_path)!r} is neither a folder nor a model; models: {known}", code="unknown_model")
