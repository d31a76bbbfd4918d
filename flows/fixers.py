"""What `huashu check --fix` may do about a finding: code by code, the few characters to change and nothing else.

A fixer proposes; huashu.flows.fixing tries each proposal on the whole bot and keeps it only when the finding is gone
and nothing else has changed. Here is decided what can be meant at all: a slip that has exactly one reading. What needs
a designer (which ending? which words?) has no fixer.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from huashu.flows.findings import Entry
from huashu.flows.keys import CHINESE, CHINESE_WORDS, ENGLISH, ENGLISH_WORDS
from huashu.flows.shapes import duration


class Edit(NamedTuple):
    """`old` at a place of a file becomes `new`; line and column from 1."""

    line: int
    column: int
    old: str
    new: str


Change = tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A file as a fixer sees it."""

    lines: tuple[str, ...]
    spelling: str
    """Of its keys: "zh" or "en", "" when they are not known."""
    names: frozenset[str]
    """Everything that has a name in the bot: what is called so is no slip."""
    keys: tuple[tuple[int, int, str, str], ...]
    """Fixed keys of the file: line, column, as written, English."""

    def line(self, number: int) -> str:
        return self.lines[number - 1] if number <= len(self.lines) else ""


Fixer = Callable[[Entry, Page], Iterator[Change]]

# --- names ------------------------------------------------------------------------------------------------------------

_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u00a0\u3000\\s]+")


def only_near(name: str, known: Iterable[str], taken: Iterable[str] = ()) -> str:
    """The one known name that `name` can be a slip for, or "".

    One letter wrong, too many, missing or swapped with its neighbour (two in eight or more letters); of Chinese names,
    where one character is a word, one in four, or one too many, missing or swapped in three. Never a digit (确认1 is
    not 确认2) and never a word that means something by itself elsewhere.
    """
    if name in taken:
        return ""
    names = sorted({item for item in known if item and item != name})
    same = [item for item in names if _seen(item) == _seen(name)]
    found = same or [item for item in names if _slip(name, item)]
    return found[0] if len(found) == 1 else ""


def _seen(name: str) -> str:
    """As it looks: full-width letters, blanks and capitals apart."""
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", name)).casefold()


def _slip(name: str, other: str) -> bool:
    if re.findall(r"\d+", name) != re.findall(r"\d+", other) or abs(len(name) - len(other)) > 2:
        return False
    apart = distance(name, other)
    if name.isascii() and other.isascii():
        return apart <= (2 if len(name) >= 8 else 1 if len(name) >= 3 else 0)
    moved = len(name) != len(other) or sorted(name) == sorted(other)
    return apart <= 1 and len(other) >= (3 if moved else 4)


def distance(one: str, other: str) -> int:
    """Letters to put in, leave out, replace, or swap with their neighbours (Damerau 1964, restricted)."""
    rows = [list(range(len(other) + 1))]
    for i, char in enumerate(one, 1):
        row = [i]
        for j, target in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (char != target))
            if i > 1 and j > 1 and char == other[j - 2] and one[i - 2] == target:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def _named(entry: Entry, page: Page) -> Iterator[Change]:
    """A name with exactly one that it can be a slip for."""
    name = str(entry.words.get("name", ""))
    right = only_near(name, entry.known, page.names)
    if right:
        yield from _renamed(entry, page, name, right)


def _renamed(entry: Entry, page: Page, name: str, right: str) -> Iterator[Change]:
    """Where the name stands: at the place told, or (an owner of lines) before it."""
    line, start = page.line(entry.place.line), entry.place.column - 1
    at = line.find(name, start)
    if at < 0 and entry.code == "unknown_line":
        at = line.rfind(name, 0, start)
        for above in range(entry.place.line - 1, 0, -1):
            if at >= 0:
                break
            if page.line(above).startswith(name):
                yield (Edit(above, 1, name, right),)
                return
    if at >= 0:
        yield (Edit(entry.place.line, at + 1, name, right),)


def _key(entry: Entry, page: Page) -> Iterator[Change]:
    name = str(entry.words["name"])
    right = only_near(name, entry.known, (*CHINESE, *ENGLISH))
    if right:
        yield from _renamed(entry, page, name, right)


def _word(entry: Entry, page: Page) -> Iterator[Change]:
    """A fixed word: of the file's own spelling when both are as near."""
    name = str(entry.words["name"])
    known = [word for word in entry.known if (word in ENGLISH_WORDS) is (not name.isascii())]
    right = only_near(name, known, (*CHINESE_WORDS, *ENGLISH_WORDS))
    if right:
        yield from _renamed(entry, page, name, right)


def _spelling(entry: Entry, page: Page) -> Iterator[Change]:
    """All keys of the file as most of them are spelled; as the first one, when there are as many of both."""
    chinese = [key for key in page.keys if key[2] in ENGLISH]
    english = [key for key in page.keys if key[2] in CHINESE]
    most_chinese = len(chinese) > len(english) or (len(chinese) == len(english) and page.spelling == "zh")
    yield tuple(
        Edit(line, column, raw, CHINESE[name] if most_chinese else name)
        for line, column, raw, name in (english if most_chinese else chinese)
    )


# --- marks ------------------------------------------------------------------------------------------------------------

_BRACKETS = str.maketrans("｛｝［］", "{}[]")


def _colon(entry: Entry, page: Page) -> Iterator[Change]:
    line, at = page.line(entry.place.line), entry.place.column - 1
    if line[at : at + 1] in ("：", ":"):
        blank = "" if line[at + 1 : at + 2] in ("", " ") else " "
        yield (Edit(entry.place.line, at + 1, line[at], ":" + blank),)


def _brackets(entry: Entry, page: Page) -> Iterator[Change]:
    """All of the line, for they come in pairs."""
    line = page.line(entry.place.line)
    yield (Edit(entry.place.line, 1, line, line.translate(_BRACKETS)),)


def _equals(entry: Entry, page: Page) -> Iterator[Change]:
    yield (Edit(entry.place.line, entry.place.column, "=", "=="),)


def _control(entry: Entry, page: Page) -> Iterator[Change]:
    """It cannot be heard, seen or meant."""
    line, at = page.line(entry.place.line), entry.place.column - 1
    yield (Edit(entry.place.line, at + 1, line[at : at + 1], ""),)


def _tab(entry: Entry, page: Page) -> Iterator[Change]:
    """Blanks for the tabs in front of all lines; of the widths that leave fewest mistakes all must mean the same."""
    for width in (2, 4, 8):
        yield tuple(
            Edit(number, 1, lead[0], lead[0].expandtabs(width))
            for number, line in enumerate(page.lines, 1)
            if (lead := re.match(r"[ \t]*", line)) is not None and "\t" in lead[0]
        )


# --- quotes -----------------------------------------------------------------------------------------------------------

_VALUE = re.compile(r"^\s*(?:-\s+)*(?:(?P<key>[^\s:#]+):\s+)?(?P<value>\S.*?)\s*$")
_PLACEHOLDER = re.compile(r"\{\{?\s*(\w+)\s*\}?\}")


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'


def _scalar(entry: Entry, page: Page) -> Iterator[Change]:
    """Quotes round a number that is text, or straight ones for typographic ones."""
    raw = str(entry.words["name"])
    if page.line(entry.place.line).startswith(raw, entry.place.column - 1):
        yield (Edit(entry.place.line, entry.place.column, raw, quoted(raw.strip("“”‘’"))),)


def _whole_text(entry: Entry, page: Page) -> Iterator[Change]:
    """Quotes round all that stands on the line as one text, brackets round it left out."""
    line, start = page.line(entry.place.line), entry.place.column - 1
    match = _VALUE.match(line)
    if match is None:
        return
    if entry.code == "text_colon" and line[start : start + 1] == ":":
        start = match.start("value")
    opening = [char for char in line[:start] if char in "{[}]"]
    text = line[start:].rstrip()
    if opening.count("{") + opening.count("[") > opening.count("}") + opening.count("]"):
        end = re.search(r"[,\]}]", text)
        text = text[: end.start()].rstrip() if end is not None else ""
    if text and text[0] not in "\"'":
        yield (Edit(entry.place.line, start + 1, text, quoted(text)),)


def _brace(entry: Entry, page: Page) -> Iterator[Change]:
    """{name} and {{name}} as 【name】."""
    line, start = page.line(entry.place.line), entry.place.column - 1
    text = line[start:]
    new = _PLACEHOLDER.sub(r"【\1】", text)
    if new != text and "{" not in new:
        yield (Edit(entry.place.line, start + 1, text, new),)


def _comment(entry: Entry, page: Page) -> Iterator[Change]:
    """ "# 常见" behind a text is a note, and goes on a line of its own; "#302" belongs to the text."""
    number = entry.place.line
    line, start = page.line(number), entry.place.column - 1
    mark = re.compile(r"\s+#").search(line, start)
    if mark is None:
        return
    note = line[mark.start() :].strip()
    if re.match(r"#+(\s|$)", note):
        indent = line[: len(line) - len(line.lstrip())]
        yield (Edit(number, 1, line, f"{indent}{note}\n{line[: mark.start()]}"),)
    elif not set(line[:start]) & set("{["):
        text = line[start:].rstrip()
        yield (Edit(number, start + 1, text, quoted(text)),)


# --- values -----------------------------------------------------------------------------------------------------------

_UNITS: Final = {
    "ms": ("msec", "msecs", "millis", "millisecond", "milliseconds"),
    "s": ("sec", "secs", "second", "seconds"),
    "m": ("min", "mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "秒": ("秒钟", "sec.", "S"),
    "分钟": ("分鐘",),
    "小时": ("個小時", "个小时", "小時"),
}
_UNIT: Final = {written: unit for unit, others in _UNITS.items() for written in others}
_FLAGS: Final = {
    **dict.fromkeys(("on", "y", "真", "对", "√"), (True, "true")),
    **dict.fromkeys(("off", "n", "假", "不", "不是", "×"), (False, "false")),
}


def _value(entry: Entry, page: Page) -> Iterator[Change]:
    """Durations and flags in another spelling than the language's."""
    got = str(entry.words.get("got", ""))
    raw = got[1:-1] if got[:1] == "“" else ""
    want = entry.words.get("want")
    new = _duration(raw) if want == "duration" else _flag(raw, page) if want == "flag" else ""
    at = page.line(entry.place.line).find(raw, entry.place.column - 1) if raw else -1
    if new and 0 <= at - entry.place.column + 1 <= 1:  # a quote may stand before it
        yield (Edit(entry.place.line, at + 1, raw, new),)


def _duration(raw: str) -> str:
    """`5 secs`, `５秒`, `1m30s` as the language writes them."""
    plain = unicodedata.normalize("NFKC", raw).strip()
    if duration(plain) is not None:
        return plain
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(\S+)", plain)
    unit = match and (_UNIT.get(match[2]) or _UNIT.get(match[2].lower()))
    if match and unit:
        return f"{match[1]}{unit}"
    both = re.fullmatch(r"(\d+)\s*(?:m|min|分|分钟)\s*(?:(\d{1,2})\s*(?:s|sec|秒)|(半))", plain)
    if both:
        seconds = 60 * int(both[1]) + (30 if both[3] else int(both[2]))
        return f"{seconds}{'秒' if not plain.isascii() else 's'}"
    return ""


def _flag(raw: str, page: Page) -> str:
    found = _FLAGS.get(raw.lower())
    return "" if found is None else ("是" if found[0] else "否") if page.spelling == "zh" else found[1]


BY_CODE: Final[Mapping[str, Fixer]] = {
    **dict.fromkeys(("colon_full", "colon_space"), _colon),
    "bracket_full": _brackets,
    "tab": _tab,
    "control_character": _control,
    "expression_equals": _equals,
    **dict.fromkeys(("smart_quotes", "leading_zero", "phone_number"), _scalar),
    **dict.fromkeys(("text_star", "text_sign", "text_colon", "text_bracket"), _whole_text),
    "text_brace": _brace,
    "text_comment": _comment,
    "unknown_key": _key,
    "mixed_spelling": _spelling,
    **dict.fromkeys(("unknown_word", "unknown_type"), _word),
    "unknown_result": _word,
    "wrong_type": _value,
    **dict.fromkeys(
        (
            "unknown_variable", "unknown_name", "unknown_step", "unknown_flow", "unknown_ending", "unknown_target",
            "unknown_intent", "unknown_base", "unknown_action", "unknown_line", "value_not_declared",
            "spoken_not_a_value", "key_without_answer",
        ),
        _named,
    ),
}  # fmt: skip
"""Code → what may be done about it. docs/checks.md lists them; a test holds the two together."""
