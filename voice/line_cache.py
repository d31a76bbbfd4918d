"""Sound of fixed lines, kept by content: the most recent in memory, those of many runs in a folder of bounded size.

The name of a file is the digest of everything that its sound depends on, so that nothing in the folder can be out of
date; what is not asked for any more goes when room is needed. Several processes may share a folder: files appear whole
and by one rename, and one that has gone meanwhile is made anew.
"""

import logging
import os
import struct
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from huashu.models.cache import root

_log = logging.getLogger(__name__)

_MAGIC = b"HSL1"
_SUFFIX, _PART = ".line", ".part"
_LOW = 0.8
"""Share of its bound down to which a full folder is cleared: seldom, and then a good deal."""
_LOOK = 0.05
"""Share of the bound that is written by this process before it looks at the folder again."""
_ABANDONED = 3600.0
"""Seconds after which a half-written file is nobody's any more."""


@dataclass(frozen=True, slots=True)
class Chunk:
    pcm: bytes
    """16-bit mono at the line's rate."""
    upto: int
    """Characters of the spoken text read when this chunk ends."""


def default_folder() -> Path:
    """`lines` in the user's cache folder, beside the models."""
    return root().parent / "lines"


class LineCache:
    """Args:
    folder: where lines are kept for the next run; None: in memory only.
    most_bytes: of sound in memory.
    most_on_disk: of the folder; the lines that were asked for longest ago go first.
    """

    def __init__(
        self, folder: Path | None = None, *, most_bytes: int = 64 << 20, most_on_disk: int = 512 << 20
    ) -> None:
        self._folder = folder
        self._most = most_bytes
        self._most_on_disk = most_on_disk
        self._size = 0
        self._unseen = most_on_disk
        """Bytes written since the folder was last looked at; at first it has never been."""
        self._lines: OrderedDict[str, tuple[Chunk, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def at_hand(self, key: str) -> tuple[Chunk, ...] | None:
        """Of what is in memory: fit for the event loop."""
        with self._lock:
            chunks = self._lines.get(key)
            if chunks is not None:
                self._lines.move_to_end(key)
            return chunks

    def get(self, key: str) -> tuple[Chunk, ...] | None:
        chunks = self.at_hand(key)
        if chunks is not None or self._folder is None:
            return chunks
        path = self._folder / f"{key}{_SUFFIX}"
        try:
            chunks = _unpacked(path.read_bytes())
            if chunks is not None:
                os.utime(path)
        except OSError:
            return None
        if chunks is not None:
            self._keep(key, chunks)
        return chunks

    def put(self, key: str, chunks: tuple[Chunk, ...]) -> None:
        """A folder that cannot be written to costs making the line again in the next run, not the line."""
        self._keep(key, chunks)
        if self._folder is None:
            return
        data = _packed(chunks)
        part = self._folder / f"{key}.{os.getpid()}.{threading.get_ident()}{_PART}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(data)
            part.replace(self._folder / f"{key}{_SUFFIX}")
        except OSError as error:
            _log.warning("lines are not kept on disk: %s", error.strerror or type(error).__name__)
            return
        with self._lock:
            self._unseen += len(data)
            look = self._unseen > _LOOK * self._most_on_disk
            if look:
                self._unseen = 0
        if look:
            self._clear(self._folder)

    def _keep(self, key: str, chunks: tuple[Chunk, ...]) -> None:
        with self._lock:
            if key in self._lines:
                return
            self._lines[key] = chunks
            self._size += sum(len(chunk.pcm) for chunk in chunks)
            while self._size > self._most and len(self._lines) > 1:
                _, old = self._lines.popitem(last=False)
                self._size -= sum(len(chunk.pcm) for chunk in old)

    def _clear(self, folder: Path) -> None:
        """Bring the folder under its bound. Another process may be at the same: what has gone has gone."""
        found: list[tuple[float, int, Path]] = []
        abandoned = time.time() - _ABANDONED
        for path in folder.iterdir():
            try:
                stat = path.stat()
                if path.suffix == _SUFFIX:
                    found.append((stat.st_mtime, stat.st_size, path))
                elif path.suffix == _PART and stat.st_mtime < abandoned:
                    path.unlink()
            except OSError:
                continue
        total = sum(size for _, size, _ in found)
        if total <= self._most_on_disk:
            return
        for _, size, path in sorted(found, key=lambda item: item[0]):
            path.unlink(missing_ok=True)
            total -= size
            if total <= _LOW * self._most_on_disk:
                break


def _packed(chunks: tuple[Chunk, ...]) -> bytes:
    """Count of chunks, of each its bytes and characters, and behind them all sound."""
    head = struct.pack("<I", len(chunks)) + b"".join(struct.pack("<II", len(one.pcm), one.upto) for one in chunks)
    return _MAGIC + head + b"".join(one.pcm for one in chunks)


def _unpacked(data: bytes) -> tuple[Chunk, ...] | None:
    """None: not one of these files, or not all of it."""
    if len(data) < 8 or data[:4] != _MAGIC:
        return None
    (count,) = struct.unpack_from("<I", data, 4)
    begin = 8 + 8 * count
    if begin > len(data):
        return None
    heads = list(struct.iter_unpack("<II", data[8:begin]))
    ends = [begin]
    for size, _ in heads:
        ends.append(ends[-1] + size)
    if ends[-1] != len(data) or any(size % 2 for size, _ in heads):
        return None
    return tuple(Chunk(data[a:b], upto) for (a, b), (_, upto) in zip(pairwise(ends), heads, strict=True))
