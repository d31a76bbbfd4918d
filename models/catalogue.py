"""What weights exist: id, licence, files with size and SHA-256. The data is catalogue.json beside this file.

Paths are relative to a base address that the operator gives (a mirror): this package names no host.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from huashu.core.errors import EngineError, UsageError

_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ModelFile:
    name: str
    """Where it lies in the model's folder, with "/" between parts; never leaves the folder."""
    size: int
    """Bytes."""
    sha256: str
    url: str
    """Path below the base address."""


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    kind: str
    """The room that uses it: "asr", "tts", "nlu", "voice"."""
    engine: str
    """Name of the engine it is for."""
    languages: tuple[str, ...]
    licence: str
    source: str
    """Where it comes from and who made it, for attribution and for installing by hand."""
    files: tuple[ModelFile, ...]
    note: str = ""

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def entries() -> tuple[Entry, ...]:
    """All entries, sorted by id."""
    return tuple(_catalogue().values())


def entry(model: str) -> Entry:
    """Raises UsageError: no such id; the message lists the known ones."""
    found = _catalogue().get(model)
    if found is None:
        known = ", ".join(_catalogue())
        raise UsageError(f"no model {model!r} in the catalogue; known: {known}", code="unknown_model")
    return found


def read(text: str) -> dict[str, Entry]:
    """The entries of a catalogue file, by id.

    Raises:
        EngineError: the text is no catalogue, or a file name would leave its folder; the message names the entry.
    """
    try:
        data = json.loads(text)
        if data["format"] != 1:
            raise EngineError(f"catalogue: format {data['format']!r} is not known, only 1")
        found = [_entry(item) for item in data["models"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EngineError(f"catalogue: not well formed ({type(error).__name__}: {error})") from error
    return {item.id: item for item in sorted(found, key=lambda item: item.id)}


def _entry(data: Mapping[str, Any]) -> Entry:
    model = data["id"]
    if not _ID.fullmatch(model):
        raise EngineError(f"catalogue: id {model!r} may hold only a-z, 0-9, '.' and '-'")
    files = []
    for item in data["files"]:
        name = item["name"]
        if not all(_PART.fullmatch(part) for part in name.split("/")):
            raise EngineError(f"catalogue: {model}: file name {name!r} is not a plain path inside the folder")
        if not _SHA256.fullmatch(item["sha256"]):
            raise EngineError(f"catalogue: {model}: sha256 of {name} is not 64 hexadecimal digits")
        files.append(ModelFile(name, int(item["size"]), item["sha256"], item.get("url", f"{model}/{name}")))
    if not files:
        raise EngineError(f"catalogue: {model}: no files")
    return Entry(
        id=model,
        kind=data["kind"],
        engine=data["engine"],
        languages=tuple(data["languages"]),
        licence=data["licence"],
        source=data["source"],
        files=tuple(files),
        note=data.get("note", ""),
    )


@cache
def _catalogue() -> dict[str, Entry]:
    return read(Path(__file__).with_name("catalogue.json").read_text(encoding="utf-8"))
