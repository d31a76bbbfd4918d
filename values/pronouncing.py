"""How words are said that a voice would say wrong: a bot's own dictionary, laid over the text for the ear.

A reading is pinyin with tone marks ("háng zhǎng") or numbers ("hang2 zhang3"), or the word respelt ("话术"). Pinyin
becomes characters that have that sound and, if there are such, no other: every voice reads those, whatever its own
notation for sounds is. The characters and their readings are pypinyin's (MIT), of GB 2312 alone: what voices and their
dictionaries know.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import cache

from huashu.core.errors import UsageError

_MARKS = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
"""Macron, acute, caron, grave: the four tones."""
_SHAPE = r"(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])?(?:u:|[aeiouüv]){1,3}(?:ng?|r)?"
_NUMBERED = re.compile(rf"{_SHAPE}[0-5]")
_TONELESS = re.compile(_SHAPE)
_PARTS = re.compile(r"[\s'’·-]+")
_LATIN = re.compile(r"[A-Za-z0-9]")


def respelt(reading: str) -> str:
    """A reading as a voice is given it: pinyin in characters of that sound, anything else as it stands.

    Raises:
        UsageError: a syllable that no character has; the message is that syllable.
    """
    if not is_pinyin(reading):
        return reading.strip()
    return "".join(_sounding(syllable) for syllable in syllables(reading))


def is_pinyin(reading: str) -> bool:
    """Latin letters, of which one at least has a tone mark; or syllables with the numbers of their tones."""
    if _numbered(reading):
        return True
    parts = unicodedata.normalize("NFD", "".join(_PARTS.split(reading.lower())))
    marked = any(letter in _MARKS for letter in parts)
    return marked and all("a" <= letter <= "z" or letter in _MARKS or letter == "\u0308" for letter in parts)


def lacks_tones(reading: str) -> bool:
    """Whether a reading looks like pinyin without its tones ("hang zhang"), which says nothing about the sound."""
    parts = _split(reading)
    return bool(parts) and all(_TONELESS.fullmatch(part) for part in parts)


def syllables(reading: str) -> list[str]:
    """Those of a reading in pinyin, as written apart, with tone marks."""
    parts = _split(reading)
    return [_with_mark(part) for part in parts] if _numbered(reading) else parts


def _numbered(reading: str) -> bool:
    parts = _split(reading)
    return bool(parts) and all(_NUMBERED.fullmatch(part) for part in parts)


def _with_mark(syllable: str) -> str:
    """ "zhang3" → "zhǎng": the mark stands on a or e, on the o of ou, else on the last vowel. 0 and 5 are neutral."""
    plain, tone = re.sub("u:|v", "ü", syllable[:-1]), int(syllable[-1]) % 5
    if not tone:
        return plain
    head = re.search("[ae]|o(?=u)", plain) or re.search("[iouü](?=[^iouü]*$)", plain)
    if head is None:
        return syllable
    mark = next(mark for mark, number in _MARKS.items() if number == tone)
    return unicodedata.normalize("NFC", plain[: head.end()] + mark + plain[head.end() :])


def _split(reading: str) -> list[str]:
    return [part for part in _PARTS.split(unicodedata.normalize("NFC", reading.lower()).strip()) if part]


def _sounding(syllable: str) -> str:
    """The commonest character with a sound. The neutral tone takes any: voices soften it by what stands before."""
    table = _characters()
    if syllable in table:
        return table[syllable]
    plain = _toneless(syllable)
    if plain == syllable:
        for candidate in _toned(plain):
            if candidate in table:
                return table[candidate]
    raise UsageError(syllable)


def _toneless(syllable: str) -> str:
    kept = "".join(letter for letter in unicodedata.normalize("NFD", syllable) if letter not in _MARKS)
    return unicodedata.normalize("NFC", kept)


def _toned(plain: str) -> list[str]:
    """The four tones of a syllable, the mark on any vowel: the right one is the one that is in the table."""
    places = [at + 1 for at, letter in enumerate(plain) if letter in "aeiouü"]
    marked = (plain[:at] + mark + plain[at:] for mark in _MARKS for at in places)
    return [unicodedata.normalize("NFC", candidate) for candidate in marked]


@cache
def _characters() -> Mapping[str, str]:
    """Syllable with its mark → a character read so: of level 1 and with that one reading, where there is one."""
    from pypinyin.constants import PINYIN_DICT  # 0.3 s, and only for bots that write pinyin

    found: dict[str, tuple[tuple[int, bool, int], str]] = {}
    for code, readings in PINYIN_DICT.items():
        level = _level(chr(code))
        if level:
            first, *others = readings.split(",")
            rank = (level, bool(others), code)
            if first not in found or rank < found[first][0]:
                found[first] = (rank, chr(code))
    return {syllable: character for syllable, (_, character) in found.items()}


def _level(character: str) -> int:
    """1 for the 3,755 common characters of GB 2312, 2 for its others, 0 for those outside."""
    try:
        code = character.encode("gb2312")
    except UnicodeEncodeError:
        return 0
    return 0 if len(code) != 2 or code[0] < 0xB0 else 1 if code[0] < 0xD8 else 2


class Pronouncer:
    """Lays a dictionary over texts: at each place the longest word, Latin ones only where they stand alone."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        """entries: word → reading. Raises UsageError when one is pinyin of no such sound."""
        self._spoken = {word: respelt(reading) for word, reading in entries.items()}
        longest_first = sorted(self._spoken, key=len, reverse=True)
        self._words = re.compile("|".join(map(_bounded, longest_first))) if longest_first else None

    def spoken(self, text: str) -> str:
        return self._words.sub(lambda found: self._spoken[found[0]], text) if self._words else text

    def aligned(self, text: str) -> tuple[str, Callable[[int], int]]:
        """The text as it is to be read, and which character of the text a character of that belongs to.

        All of a respelt word belongs to the word's beginning.
        """
        spoken, starts, places = "", [0], [0]
        behind = 0
        for found in self._words.finditer(text) if self._words else ():
            spoken += text[behind : found.start()]
            starts.append(len(spoken))
            places.append(found.start())
            spoken += self._spoken[found[0]]
            behind = found.end()
            starts.append(len(spoken))
            places.append(behind)

        def place(character: int) -> int:
            run = bisect_right(starts, character) - 1
            within = 0 if run % 2 else character - starts[run]  # odd runs are respelt words
            return min(len(text), places[run] + within)

        return spoken + text[behind:], place


def _bounded(word: str) -> str:
    before = r"(?<![A-Za-z0-9])" if _LATIN.match(word[0]) else ""
    after = r"(?![A-Za-z0-9])" if _LATIN.match(word[-1]) else ""
    return before + re.escape(word) + after
