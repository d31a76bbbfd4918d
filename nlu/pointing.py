"""A choice by its place among those that were offered: "第二个", "最长的", "the last one". Pure functions of the words.

The order is the script's (`one_of`), which is nearly always that of the prompt: what is pointed at is asked back.
"""

import re
from collections.abc import Sequence
from typing import Final

from huashu.core.values import Scalar
from huashu.nlu.text import normal, tokens

LEAST_SHARE: Final = 0.4
"""Of the utterance that points: "第一次听说" and "我还有最后一个问题" do not."""
MOST_OFFERED: Final = 5
"""A prompt names no more; of a scale from zero to ten "somewhere in the middle" is no number."""
_NOT_A_THING: Final = r"(?!次|天|期|号|月|年|回|遍|问|季|步|句|页)"
_ZH_NUMBER: Final = re.compile(rf"第([一二三四五12345])(?:个|种|项|档|款|样)?{_NOT_A_THING}")
_ZH_FIRST: Final = re.compile(rf"前(?:面|一|边)的?(?:那|一)?(?:个|种|项)|头一个{_NOT_A_THING}")
_ZH_LAST: Final = re.compile(r"最后(?:面)?的?(?:那|一)?(?:个|种|项)(?!问)|后(?:面|一|边)的?(?:那|一)?(?:个|种|项)")
_ZH_MIDDLE: Final = re.compile(r"中间(?:那|的)?(?:个|种|项)?")
_EN_NUMBER: Final = re.compile(r"\b(?:the )?(first|second|third|fourth|fifth)(?: one| option| choice)?\b")
_EN_LAST: Final = re.compile(r"\b(?:the )?(?:last|latter)(?: one| option| choice)?\b(?! (?:time|week|month|year))")
_EN_FIRST: Final = re.compile(r"\b(?:the )?former\b")
_EN_MIDDLE: Final = re.compile(r"\b(?:the )?(?:middle|one in the middle)(?: one| option| choice)?\b")
_MOST: Final = re.compile(
    r"最(?:长|久|多|大|高)(?:的|那个|那种)*|\b(?:the )?(?:longest|most|largest|biggest|highest)(?: one| option)?\b"
)
_LEAST: Final = re.compile(
    r"最(?:短|少|小|低)(?:的|那个|那种)*|\b(?:the )?(?:shortest|fewest|smallest|lowest|least)(?: one| option)?\b"
)
_ORDER: Final = {word: at for at, words in enumerate(("一1", "二2", "三3", "四4", "五5")) for word in words} | {
    word: at for at, word in enumerate(("first", "second", "third", "fourth", "fifth"))
}


def pointed(text: str, values: Sequence[Scalar]) -> Scalar:
    """The value of `values` that the words point at by its place or, of numbers, by its size; None: they do not."""
    if not 2 <= len(values) <= MOST_OFFERED:
        return None
    said = normal(text)
    for pattern, place in _places(said, values):
        found = pattern.search(said)
        if found and len(tokens(found[0])) >= LEAST_SHARE * len(tokens(said)):
            at = _ORDER[found[1]] if place is None else place
            return values[at] if at < len(values) else None
    return None


def _places(said: str, values: Sequence[Scalar]) -> list[tuple[re.Pattern[str], int | None]]:
    """Patterns with the place each points at; None: the one it names."""
    last = len(values) - 1
    found: list[tuple[re.Pattern[str], int | None]] = [
        (_ZH_NUMBER, None), (_EN_NUMBER, None), (_ZH_FIRST, 0), (_EN_FIRST, 0), (_ZH_LAST, last), (_EN_LAST, last),
    ]  # fmt: skip
    if len(values) % 2:
        found += [(_ZH_MIDDLE, last // 2), (_EN_MIDDLE, last // 2)]
    sizes = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(sizes) == len(values):
        found += [(_MOST, values.index(max(sizes))), (_LEAST, values.index(min(sizes)))]
    return found
