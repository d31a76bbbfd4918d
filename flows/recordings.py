"""Recordings of lines: one of a whole line, or several with the line's variables between them; each looked at.

A recording is a WAV file that huashu.voice can play. Here its header alone is read: rooms below the voice room know
nothing of sound.
"""

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Final

from huashu.flows.findings import Findings, Place
from huashu.flows.folder import Sources, safe_path
from huashu.flows.script import Line, Reference
from huashu.flows.shapes import At

LOWEST_RATE: Final = 8000
"""Samples a second of the telephone; fewer would sound like a line that is worse than it."""
_CODINGS: Final = {1: (8, 16, 24, 32), 3: (32, 64), 6: (8,), 7: (8,)}
"""Format tag (RFC 2361) → bits: PCM, floats, A-law, µ-law."""
_EXTENSIBLE: Final = 0xFFFE
_HEAD: Final = 1 << 16
"""Bytes within which a format stands; comments before it are short."""
_PLACE: Final = re.compile(r"(?:【\s*([^】]*?)\s*】|\{\{\s*([^}]*?)\s*\}\})\s*(.*)", re.DOTALL)
_WORDS: Final = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class _Piece:
    """An item of the list: a variable, with the folder of its recorded words or "", or a recording."""

    at: At
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Recordings:
    sources: Sources
    findings: Findings

    def of(self, items: Sequence[At], line: Line, stands: Mapping[str, str]) -> Line:
        """The line with its recordings, as far as they are right. stands: names that stand for others in this line."""
        pieces = [_piece(at, stands) for at in items]
        if not pieces:
            return line
        references = [part for part in line.parts if isinstance(part, Reference)]
        if len(pieces) == 1 and not pieces[0].name:
            if references:
                self.findings.add("audio_with_placeholder", pieces[0].at.place)
                return line
            return replace(line, audio=pieces[0].path, pieces=()) if self._right(pieces[0]) else line
        given = [piece.name for piece in pieces if piece.name]
        if given != [reference.name for reference in references]:
            names = [f"【{reference.name}】" for reference in references] or ["–"]
            found = "".join(f"【{name}】" for name in given) or "–"
            self.findings.add("audio_variables", _differing(pieces, references), name="".join(names), given=found)
            return line
        spliced = self._spliced(pieces, line)
        right = [self._right(piece) for piece in pieces if piece.path]
        return replace(line, spliced=spliced, pieces=()) if spliced is not None and all(right) else line

    def _spliced(self, pieces: Sequence[_Piece], line: Line) -> tuple[str | None, ...] | None:
        """Of each part of the line its recording; None when a stretch of text has not exactly one."""
        found: list[str | None] = []
        waiting = list(pieces)
        good = True
        for part in line.parts:
            if isinstance(part, Reference):
                found.append(waiting.pop(0).path or None)
                continue
            mine = []
            while waiting and not waiting[0].name:
                mine.append(waiting.pop(0))
            if len(mine) != (1 if _WORDS.search(part) else 0):
                place = (mine[-1] if mine else waiting[0] if waiting else pieces[-1]).at.place
                self.findings.add("audio_stretches", place, name=part.strip()[:30], count=len(mine))
                good = False
            found.append(mine[0].path if mine else None)
        return tuple(found) if good and not waiting else None

    def _right(self, piece: _Piece) -> bool:
        """Whether a recording, or a folder of recorded words, is there and can be played."""
        add, path, place = self.findings.add, piece.path, piece.at.place
        if not safe_path(path.rstrip("/") or "/"):
            add("audio_outside", place, name=path)
            return False
        if self.sources.root is None:
            return True
        inside = self.sources.root / path
        files = sorted(inside.glob("*.wav")) if piece.name else [inside] if self.sources.has_audio(path) else []
        if not files:
            add("audio_missing", place, name=path)
            return False
        unfit = [file for file in files if not self._playable(file, place, self.sources.root)]
        return not unfit

    def _playable(self, file: Path, place: Place, root: Path) -> bool:
        name = file.relative_to(root).as_posix()
        rate = wav_rate(file)
        if rate is None:
            self.findings.add("audio_format", place, name=name)
        elif rate < LOWEST_RATE:
            self.findings.add("audio_rate", place, name=name, rate=rate, least=LOWEST_RATE)
        return rate is not None and rate >= LOWEST_RATE


def wav_rate(path: Path) -> int | None:
    """Samples a second of a WAV file that can be played; None for any other file."""
    try:
        with path.open("rb") as file:
            data = file.read(_HEAD)
    except OSError:
        return None
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    for name, body in _chunks(data):
        if name == b"fmt " and len(body) >= 16:
            coding, _, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
            if coding == _EXTENSIBLE and len(body) >= 26:
                (coding,) = struct.unpack_from("<H", body, 24)
            return int(rate) if bits in _CODINGS.get(coding, ()) else None
    return None


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = 12
    while place + 8 <= len(data):
        (size,) = struct.unpack_from("<I", data, place + 4)
        yield data[place : place + 4], data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _piece(at: At, stands: Mapping[str, str]) -> _Piece:
    found = _PLACE.fullmatch(at.value.strip())
    if found is None:
        return _Piece(at, "", at.value)
    name = found[1] or found[2] or ""
    folder = found[3].strip()
    return _Piece(at, stands.get(name, name), f"{folder.rstrip('/')}/" if folder else "")


def _differing(pieces: Sequence[_Piece], references: Sequence[Reference]) -> Place:
    """Where the first variable stands that is another than the line's; else the last item."""
    named = [piece for piece in pieces if piece.name]
    for piece, reference in zip_longest(named, references):
        if piece is not None and (reference is None or piece.name != reference.name):
            return piece.at.place
    return pieces[-1].at.place
