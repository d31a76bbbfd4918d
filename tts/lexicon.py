"""What weights with a lexicon can read, so that they are given nothing else.

sherpa-onnx writes what its lexicon lacks, sometimes the whole clause, to the process's standard error: names and
numbers of callers would stand in a server's log. And what it leaves out is not said: the 喆 of a name, and figures.
Here such a character becomes one of the same sound that the lexicon has, and figures become words.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Final

from huashu.values.folding import fold
from huashu.values.registry import read_aloud

log = logging.getLogger(__name__)

_HAN: Final = "㐀-鿿豈-﫿"
_PIECES: Final = re.compile(rf"\d+(?:\.\d+)?%?|[A-Za-z]+(?:'[A-Za-z]+)*|[{_HAN}]|.", re.DOTALL)
_PAUSES: Final = frozenset(" ，。！？；：、,.!?;:…\n")
"""Marks that every frontend of sherpa-onnx knows, or takes for a pause."""
_FAMILY: Final = {"（": "，", "）": "，", "(": ",", ")": ",", "—": "，", "–": ",", "~": "，", "～": "，"}
_BY_DIGITS: Final = 7
"""Figures from which a number is one that is told digit by digit, as one that begins with 0 is."""


class Lexicon:
    """
    Args:
        folder: with tokens.txt and lexicon*.txt.
        spells: the weights find the sounds of words of letters by themselves (espeak-ng-data/).
        counts: the weights read figures by themselves (*.fst).
    """

    def __init__(self, folder: Path, *, spells: bool, counts: bool) -> None:
        self._words = frozenset(
            line.split(maxsplit=1)[0].lower()
            for path in sorted(folder.glob("lexicon*.txt"))
            for line in path.read_text("utf-8").splitlines()
            if line.strip()
        )
        self._spells = spells
        self._counts = counts
        self._told = False

    def readable(self, text: str, language: str) -> str:
        """The text as these weights can say it; empty when there is nothing in it that they can.

        language: "zh" or "en", in which figures are read.
        """
        said = "".join(self._pieces(text, language))
        return said if any(character.isalnum() for character in said) else ""

    def _pieces(self, text: str, language: str) -> Iterator[str]:
        for found in _PIECES.finditer(text.replace("’", "'")):
            piece = found[0]
            if piece.isspace() or piece in _PAUSES or piece.lower() in self._words:
                yield piece
            elif piece[0].isdigit():
                year = text[found.end() : found.end() + 1] == "年"
                yield piece if self._counts else self._figures(piece, language, year=year)
            elif piece[0].isascii() and piece[0].isalpha():
                yield self._letters(piece)
            elif re.match(f"[{_HAN}]", piece):
                yield self._alike(piece)
            else:
                yield _FAMILY.get(piece, " ")

    def _figures(self, piece: str, language: str, *, year: bool) -> str:
        number = piece.rstrip("%")
        whole = number.isdigit() and len(number) > 1
        if whole and (len(number) >= _BY_DIGITS or number[0] == "0" or year):
            words = read_aloud("digits", fold(number), language=language)
        else:
            words = read_aloud("percent" if number < piece else "number", Decimal(number), language=language)
        if language == "en":
            return f" {' '.join(self._letters(word) for word in re.findall('[A-Za-z]+', words))} "
        return "".join(self._alike(character) for character in words if character.isalnum())

    def _letters(self, word: str) -> str:
        """A word of letters, letter by letter where the lexicon has no more; nothing where it has not even those."""
        if self._spells or word.lower() in self._words:
            return word
        if all(letter in self._words for letter in word.lower() if letter.isalpha()):
            return " ".join(word)
        self._tell()
        return " "

    def _alike(self, character: str) -> str:
        if character in self._words:
            return character
        found = self._sounds.get(_sound(character), "")
        if not found:
            self._tell()
        return found

    @cached_property
    def _sounds(self) -> Mapping[str, str]:
        """Syllable with its tone → a character of the lexicon that is read so, if there is one in this way alone."""
        found: dict[str, tuple[bool, str]] = {}
        for word in sorted(self._words):
            if len(word) == 1 and re.match(f"[{_HAN}]", word):
                first, *others = _readings(word)
                rank = (bool(others), word)
                found[first] = min(found.get(first, rank), rank)
        return {sound: character for sound, (_, character) in found.items()}

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            log.warning("sherpa: the lexicon of these weights lacks some of what is to be said; it is left out")


def _readings(character: str) -> list[str]:
    from pypinyin.constants import PINYIN_DICT  # 0.3 s, and only for what a lexicon lacks

    return PINYIN_DICT.get(ord(character), "").split(",")


def _sound(character: str) -> str:
    return _readings(character)[0]
