"""What is wrong with a bot's folder, and where: places and findings.

Their wording lives in huashu.flows.messages, their kinds in huashu.flows.codes.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from huashu.core.language import is_chinese
from huashu.flows.codes import CAUSES, CONSEQUENCES, IDLE, KEYED, STRICT, WARNINGS
from huashu.flows.keys import CHINESE, CHINESE_WORDS, ENGLISH
from huashu.flows.messages import HINTS, MESSAGES, WANTS

Severity = Literal["error", "warning"]


IGNORE = re.compile(r"#\s*huashu:\s*ignore=([\w,，、 ]+)")
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


class Entry(NamedTuple):
    """A finding before it is worded."""

    place: Place
    code: str
    words: dict[str, Any]
    nearest: str
    known: tuple[str, ...]
    """Names that would have been right."""


class Findings:
    """Collects while a folder is read; words them at the end, when the bot's language is known."""

    def __init__(self, *, strict: bool = False) -> None:
        self._warnings = WARNINGS - STRICT if strict else WARNINGS
        self._entries: dict[tuple[Place, str, str], Entry] = {}
        self._spellings: dict[str, str] = {}
        self._ignored: dict[tuple[str, int], set[str]] = {}
        """(file, line) → codes that a comment silences."""
        self._files: set[str] = set()
        """Files whose syntax is broken: what they would have defined is not known."""

    def add(self, code: str, place: Place, *, known: Iterable[str] = (), name: str = "", **words: Any) -> None:
        """Records `code` at `place`. With `known`, the nearest of these names to `name` becomes the hint."""
        names = tuple(dict.fromkeys(known))
        entry = Entry(place, code, {**words, "name": name}, nearest(name, names), names)
        self._entries.setdefault((place, code, name), entry)

    def ignore(self, file: str, text: str) -> None:
        """Notes the warnings that comments in a file silence: `# huashu: ignore=code, code`, at the end of the line of
        the finding or alone on the line above."""
        for number, line in enumerate(text.split("\n"), 1):
            match = IGNORE.search(line)
            if match is not None:
                codes = set(re.split(r"[,，、\s]+", match[1]))
                for at in (number, number + 1) if line.lstrip().startswith("#") else (number,):
                    self._ignored.setdefault((file, at), set()).update(codes)

    def _silenced(self, entry: Entry) -> bool:
        codes = self._ignored.get((entry.place.file, entry.place.line), ())
        return entry.code in codes and entry.code in WARNINGS

    def withdraw(self, code: str, place: Place) -> None:
        """It turned out to be right."""
        self._entries = {key: entry for key, entry in self._entries.items() if key[:2] != (place, code)}

    def of(self, code: str) -> list[tuple[Place, dict[str, Any]]]:
        """What was told under a code: places and words."""
        return [(entry.place, entry.words) for entry in self._entries.values() if entry.code == code]

    def only(self, code: str) -> bool:
        """Whether every error is of this code."""
        return all(entry.code in self._warnings or entry.code == code for entry in self._entries.values())

    def broken(self, file: str) -> None:
        self._files.add(file)

    def spelled(self, file: str, spelling: str) -> None:
        """Whether a file has English ("en") or Chinese ("zh") keys: its findings call them so."""
        self._spellings.setdefault(file, spelling)

    def is_broken(self, *prefixes: str) -> bool:
        """Whether a file that starts with one of `prefixes` could not be read: what it defines is then unknown."""
        return any(file.startswith(prefixes) for file in self._files)

    @property
    def errors(self) -> bool:
        return any(entry.code not in self._warnings and not self._silenced(entry) for entry in self._entries.values())

    def told(self) -> list[Entry]:
        """What is told, in order of place: not what is silenced or may only follow from something else."""
        entries = sorted(self._entries.values(), key=lambda entry: (entry.place, entry.code))
        return [entry for entry in entries if not self._follows(entry) and not self._silenced(entry)]

    def worded(self, language: str) -> tuple[Finding, ...]:
        """All findings in order of place, in Chinese for a `zh` language and in English otherwise."""
        chinese = is_chinese(language)
        return tuple(
            _worded(entry, chinese, self._spellings.get(entry.place.file, ""), self._warnings) for entry in self.told()
        )

    def _follows(self, entry: Entry) -> bool:
        """Whether this may only follow from another finding: a key or a name that could not be read hides its step."""
        if entry.code not in CONSEQUENCES:
            return False
        if entry.code in IDLE:
            return self.errors
        return self.is_broken("bot.yaml") or any(
            other.code in CAUSES and other.place.file in (entry.place.file, "bot.yaml")
            for other in self._entries.values()
        )


def _worded(entry: Entry, chinese: bool, spelling: str, warnings: frozenset[str]) -> Finding:
    side = 0 if chinese else 1
    words = dict(entry.words)
    for key in ("want", "got"):
        if words.get(key) in WANTS:
            words[key] = _keyed(WANTS[words[key]][side], spelling)
    if words.get("reason") in WANTS:
        words["reason"] = _keyed(WANTS[words["reason"]][side], spelling)
    if entry.code in KEYED:
        for key in ("name", "owner", "type"):
            if key in words and spelling == "zh":
                words[key] = ", ".join(CHINESE.get(w, CHINESE_WORDS.get(w, w)) for w in str(words[key]).split(", "))
    hint = ""
    if entry.nearest:
        hint = f"是不是“{entry.nearest}”？" if chinese else f"did you mean {entry.nearest!r}?"
    elif entry.code in HINTS:
        hint = _keyed(HINTS[entry.code][side], spelling).format_map(words)
    elif 0 < len(entry.known) <= MAX_LISTED:
        hint = ("有：" if chinese else "there are: ") + ", ".join(entry.known)
    severity: Severity = "warning" if entry.code in warnings else "error"
    message = _keyed(MESSAGES[entry.code][side], spelling).format_map(words)
    return Finding(*entry.place, entry.code, message, severity, hint)


def _keyed(text: str, spelling: str) -> str:
    """A Chinese text about keys (“回答”), for a file whose keys are English (“answers”)."""
    if spelling != "en":
        return text
    return re.sub(r"“([^“”{}]+)”", lambda match: f"“{ENGLISH.get(match[1], match[1])}”", text)


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or "" when none is like it."""
    candidates = [item for item in known if item]
    # Chinese names are short: of two characters one wrong is half.
    found = difflib.get_close_matches(name, candidates, 1, 0.5 if name.isascii() else 0.4)
    if found:
        return found[0]
    return next((item for item in candidates if len(name) > 1 and (name in item or item in name)), "")
