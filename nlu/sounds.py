"""How characters sound, coarsely: what a recogniser takes for one another has one key here.

The key of a Chinese character is its syllable without the tone, with the pairs folded that telephone lines and dialects
confuse (zh/z, ch/c, sh/s, n/l/r, f/hu, ang/an, eng/en, ing/in). Serving needs no library: a model carries its table.
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
