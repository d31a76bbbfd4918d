"""Lines of recordings with values between them (`Say.parts`): what a renderer plays for one, part by part."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from huashu.core.actions import SpokenPart
from huashu.core.errors import UsageError
from huashu.voice.line_cache import Chunk
from huashu.voice.resample import to_pcm
from huashu.voice.splicing import Sound, Unit, ends, joined, pause, spelled, together, unit

Read = Callable[[str, int], Iterator[Chunk]]
"""What the voice makes of a text that begins at a character of the line."""


class PutTogether:
    """Of one bot and rate; recordings are read once.

    Args:
        load: the sound of a recording, by its path in the bot's folder, as 16-bit mono at `rate`. Raises OSError or
            UsageError.
        files: paths of the recorded words in a folder.
        rate: of the line.
    """

    def __init__(self, load: Callable[[str], bytes], files: Callable[[str], Sequence[Path]], rate: int) -> None:
        self._load, self._files, self._rate = load, files, rate
        self._units: dict[str, Unit] = {}

    def chunks(self, parts: Sequence[SpokenPart], read: Read) -> Iterator[Chunk]:
        """Sound of a line, the first recording before the first value has been made.

        Raises:
            OSError, UsageError: a recording cannot be played; nothing has been given then.
        """
        units = [self._recorded(part) for part in parts]
        wanted = together([one for found in units for _, one in found])
        characters, behind = 0, ""
        for part, found in zip(parts, units, strict=True):
            begin, characters = characters, characters + len(part.text)
            sounding = any(letter.isalnum() for letter in part.text)
            if behind and sounding:
                quiet = round(pause(behind, part.text) * self._rate)
                yield Chunk(bytes(2 * quiet), begin)
                behind = ""
            if found:
                yield from self._words(found, wanted, characters)
            elif sounding:
                yield from self._said(part.text, begin, wanted, read)
            behind += part.text

    def warm(self, paths: Sequence[str | None]) -> None:
        """Read the recordings of a line before anybody waits for them; what cannot be read is told when it is due."""
        for path in paths:
            try:
                for name in self._named(path) if path else ():
                    self._unit(name)
            except (OSError, UsageError):
                continue

    def _named(self, path: str) -> list[str]:
        return [path + file.name for file in self._files(path)] if path.endswith("/") else [path]

    def _recorded(self, part: SpokenPart) -> list[tuple[float, Unit]]:
        """Recordings of a part, each with the seconds of pause before it; none when the voice is to read it."""
        if part.audio is None:
            return []
        if not part.audio.endswith("/"):
            return [(0.0, self._unit(part.audio))]
        words = {path.stem.casefold(): path for path in self._files(part.audio)}
        return [(quiet, self._unit(part.audio + path.name)) for quiet, path in spelled(part.text, words) or ()]

    def _unit(self, path: str) -> Unit:
        if path not in self._units:
            sound = np.frombuffer(self._load(path), "<i2").astype(np.float32) / np.float32(32768)
            found = unit(sound, self._rate)
            if found.loudness is None:
                raise UsageError("a recording in which nothing can be heard")
            self._units[path] = found
        return self._units[path]

    def _words(self, found: Sequence[tuple[float, Unit]], wanted: float | None, upto: int) -> Iterator[Chunk]:
        pieces: list[Sound] = []
        for quiet, one in found:
            pieces += [np.zeros(round(quiet * self._rate), np.float32), joined(one, wanted, self._rate)]
        yield Chunk(to_pcm(np.concatenate(pieces) * np.float32(32768)), upto)

    def _said(self, text: str, begin: int, wanted: float | None, read: Read) -> Iterator[Chunk]:
        """By the voice: all of it must be there before it is known how loud it is."""
        made = list(read(text, begin))
        sound = np.frombuffer(b"".join(chunk.pcm for chunk in made), "<i2").astype(np.float32) / np.float32(32768)
        first, last = ends(sound, self._rate)
        pcm = to_pcm(joined(unit(sound, self._rate), wanted, self._rate) * np.float32(32768))
        cuts = np.clip(np.cumsum([0, *(len(chunk.pcm) // 2 for chunk in made)]), first, last) - first
        for (start, end), chunk in zip(pairwise(cuts.tolist()), made, strict=True):
            if end > start:
                yield Chunk(pcm[2 * start : 2 * end], chunk.upto)
