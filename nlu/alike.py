"""A term of the domain by its sound: where a recogniser wrote other characters for it ("高兴支行" for 高新支行)."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from huashu.nlu.text import CJK

_FIRST: Final = CJK[0]
FEWEST: Final = 2
"""Characters of a term that has a sound of its own: single ones sound like too many others."""
FORGIVEN: Final = 4
"""One character in so many may sound otherwise, be lost or come in between."""
COVERED: Final = 0.5
"""Share of the text that the term must be: in a long sentence something sounds like every term."""

Value = TypeVar("Value", bound=Hashable)


def by_sound(text: str, terms: Iterable[tuple[Value, str]], heard: Mapping[str, str]) -> tuple[Value, int, int] | None:
    """The value whose term sounds like a part of the text, and where: half-open offsets. None when there is none, or
    when two values sound equally near.

    Args:
        text: without marks and case.
        terms: (value, the term in the same form); those without Chinese characters are passed over.
        heard: character → key of its sound (huashu.nlu.sounds).
    """
    said = [heard.get(letter, letter) for letter in text]
    found: list[tuple[float, int, int, Value]] = []
    for value, term in terms:
        if len(term) < FEWEST or not all(letter >= _FIRST for letter in term):
            continue
        errors, start, end = _nearest(said, [heard.get(letter, letter) for letter in term])
        if errors <= len(term) // FORGIVEN and end - start >= COVERED * len(text):
            found.append((errors / len(term), start, end, value))
    if not found:
        return None
    found.sort(key=lambda item: (item[0], item[1] - item[2]))
    best = found[0]
    if any(other[3] != best[3] and other[0] == best[0] and other[2] - other[1] == best[2] - best[1] for other in found):
        return None
    return best[3], best[1], best[2]


def _nearest(said: Sequence[str], term: Sequence[str]) -> tuple[int, int, int]:
    """(errors, start, end) of the stretch of `said` with the fewest edits to `term`, the later of two: Sellers, "The
    theory and computation of evolutionary distances" (J. Algorithms 1980)."""
    # Of each prefix of the term: errors, and where the stretch begins that ends here.
    row = [(at, 0) for at in range(len(term) + 1)]
    best = (len(term), 0, 0)
    for end, letter in enumerate(said, 1):
        corner, row[0] = row[0], (0, end)
        for at, wanted in enumerate(term, 1):
            above = row[at]
            changed = corner[0] + (letter != wanted), corner[1]
            more, less = (above[0] + 1, above[1]), (row[at - 1][0] + 1, row[at - 1][1])
            row[at] = min(changed, more, less)
            corner = above
        if row[-1][0] <= best[0]:
            best = (row[-1][0], row[-1][1], end)
    return best
