"""Finding a word's form in a text: without case, width and punctuation, at the borders of words. Pure functions."""

import unicodedata
from collections.abc import Iterator

from huashu.nlu.negation import excluded


def fold(text: str) -> tuple[str, list[int]]:
    """Text without case, width and punctuation, and for each of its characters the offset in `text`."""
    letters: list[str] = []
    offsets: list[int] = []
    for at, letter in enumerate(text):
        for folded in unicodedata.normalize("NFKC", letter).lower():
            if folded.isalnum():
                letters.append(folded)
                offsets.append(at)
            elif letters and letters[-1] != " " and letters[-1].isascii():
                letters.append(" ")
                offsets.append(at)
    while letters and letters[-1] == " ":
        letters.pop()
        offsets.pop()
    return "".join(letters), offsets


def last_place(folded: str, form: str, text: str, offsets: list[int]) -> tuple[int, int] | None:
    """Offsets in `text` of the last place where a form stands that is not excluded; ASCII letters and digits must end
    where a word ends."""
    return next((place for place in places(folded, form, offsets) if not excluded(text, *place)), None)


def places(folded: str, form: str, offsets: list[int]) -> Iterator[tuple[int, int]]:
    """Offsets of every place where a form stands, the last one first."""
    at = folded.rfind(form) if form else -1
    while at >= 0:
        end = at + len(form)
        if not (_joins(folded, at) or _joins(folded, end)):
            yield offsets[at], offsets[end - 1] + 1
        at = folded.rfind(form, 0, end - 1)


def _joins(text: str, at: int) -> bool:
    """Whether one word runs over the boundary before `at`."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if not (left.isascii() and right.isascii() and left.isalnum() and right.isalnum()):
        return False
    return left.isdigit() == right.isdigit()
