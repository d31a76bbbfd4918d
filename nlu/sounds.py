"""How words sound, coarsely: what a recogniser takes for one another has one key here.

Chinese: the syllable of a character without its tone, with the pairs folded that telephone lines and dialects confuse
(zh/z, ch/c, sh/s, n/l/r, f/hu, ang/an, eng/en, ing/in). English: the consonants of a word by class, its vowels only
at the front, after the idea of Soundex (Russell 1918). Serving needs no library: a model carries its own table.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_FOLDS: Final = (
    (re.compile(r"^([zcs])h"), r"\1"),
    (re.compile(r"^[lr]"), "n"),
    (re.compile(r"^hu(?=.)"), "f"),
    (re.compile(r"(?<=[aei])ng$"), "n"),
)
_CLASSES: Final = str.maketrans("aeiouybpfvdtkgcqszxjmnlrwh", "aaaaaappffttkkkksssjnnlr00")
_SPELLINGS: Final = (
    ("tion", "jn"), ("th", "f"), ("ph", "f"), ("gh", "g"), ("ck", "k"), ("sh", "j"), ("ch", "j"), ("kn", "n"),
    ("wr", "r"),
)  # fmt: skip
_TWICE: Final = re.compile(r"(.)\1+")


def folded(syllable: str) -> str:
    """The key of a syllable in toneless pinyin: "zhang" and "zan" are both "zan"."""
    for pattern, form in _FOLDS:
        syllable = pattern.sub(form, syllable)
    return syllable


@lru_cache(maxsize=1)
def table() -> Mapping[str, str]:
    """Character → key of its usual reading, for the 6,763 characters of GB 2312. Imports pypinyin when first called."""
    from pypinyin import Style, lazy_pinyin  # only training in Chinese pays for its tables

    codes = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    characters = "".join(code.decode("gb2312", "ignore") for code in codes)
    return {one: folded(lazy_pinyin(one, style=Style.NORMAL)[0]) for one in characters}


@lru_cache(maxsize=65536)
def english(word: str) -> str:
    """The key of one lower-case English word; any other token is its own key."""
    if not (word.isascii() and word.isalpha()):
        return word
    for spelling, form in _SPELLINGS:
        word = word.replace(spelling, form)
    key = word.translate(_CLASSES)
    return _TWICE.sub(r"\1", key[:1] + "".join(letter for letter in key[1:] if letter not in "a0"))
