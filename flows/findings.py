"""What is wrong with a bot's folder, and where: places and findings. Their wording lives in huashu.flows.messages."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from huashu.flows.messages import HINTS, MESSAGES, WANTS, WARNINGS

Severity = Literal["error", "warning"]


MAX_LISTED = 12
"""When no name is near, the known ones are listed, unless they are more."""


class Place(NamedTuple):
    """A character in a file of the bot's folder."""

    file: str
    """Path inside the folder, with forward slashes."""
    line: int
    """From 1."""
    column: int
    """From 1, in characters."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. `code` is stable over releases and languages; `str()` is `file:line:column: message (hint)`."""

    file: str
    line: int
    column: int
    code: str
    message: str
    severity: Severity
    hint: str = ""
    """What would be right, when that can be told."""

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


class _Entry(NamedTuple):
    place: Place
    code: str
    words: dict[str, Any]
    nearest: str
    known: tuple[str, ...]


class Findings:
    """Collects while a folder is read; words them at the end, when the bot's language is known."""

    def __init__(self) -> None:
        self._entries: dict[tuple[Place, str, str], _Entry] = {}
        self._files: set[str] = set()
        """Files whose syntax is broken: what they would have defined is not known."""

    def add(self, code: str, place: Place, *, known: Iterable[str] = (), name: str = "", **words: Any) -> None:
        """Records `code` at `place`. With `known`, the nearest of these names to `name` becomes the hint."""
        names = tuple(dict.fromkeys(known))
        entry = _Entry(place, code, {**words, "name": name}, nearest(name, names), names)
        self._entries.setdefault((place, code, name), entry)

    def broken(self, file: str) -> None:
        self._files.add(file)

    def is_broken(self, *prefixes: str) -> bool:
        """Whether a file that starts with one of `prefixes` could not be read: what it defines is then unknown."""
        return any(file.startswith(prefixes) for file in self._files)

    @property
    def errors(self) -> bool:
        return any(entry.code not in WARNINGS for entry in self._entries.values())

    def worded(self, language: str) -> tuple[Finding, ...]:
        """All findings in order of place, in Chinese for a `zh` language and in English otherwise."""
        chinese = language.lower().startswith("zh")
        return tuple(
            _worded(entry, chinese) for entry in sorted(self._entries.values(), key=lambda e: (e.place, e.code))
        )


def _worded(entry: _Entry, chinese: bool) -> Finding:
    side = 0 if chinese else 1
    words = dict(entry.words)
    for key in ("want", "got"):
        if words.get(key) in WANTS:
            words[key] = WANTS[words[key]][side]
    hint = ""
    if entry.nearest:
        hint = f"是不是“{entry.nearest}”？" if chinese else f"did you mean {entry.nearest!r}?"
    elif entry.code in HINTS:
        hint = HINTS[entry.code][side].format_map(words)
    elif 0 < len(entry.known) <= MAX_LISTED:
        hint = ("有：" if chinese else "there are: ") + ", ".join(entry.known)
    severity: Severity = "warning" if entry.code in WARNINGS else "error"
    message = MESSAGES[entry.code][side].format_map(words)
    return Finding(*entry.place, entry.code, message, severity, hint)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or "" when none is like it."""
    candidates = [item for item in known if item]
    # Chinese names are short: of two characters one wrong is half.
    found = difflib.get_close_matches(name, candidates, 1, 0.5 if name.isascii() else 0.4)
    if found:
        return found[0]
    return next((item for item in candidates if len(name) > 1 and (name in item or item in name)), "")
