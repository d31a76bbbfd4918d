"""How wide text is and where its lines break, for pictures: Chinese and Latin mixed, without a font at hand.

Widths are in em, of a common sans-serif face (Noto Sans, PingFang, Helvetica agree within a few percent).
"""

import unicodedata

_NARROW = frozenset("iljtfrI.,:;'|!()[]{}· ")
_WIDE = frozenset("mwMW@%&—")
_NOT_FIRST = frozenset("，。！？；：、）】》”’…,.!?;:)]}%")
"""Marks that never begin a line."""


_NOT_LAST = frozenset("【（《“‘([{")


def width(text: str) -> float:
    """In em."""
    return sum(map(_char, text))


def _char(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF" or char in "“”‘’…":
        return 1.0
    if char in _NARROW:
        return 0.31
    if char in _WIDE:
        return 0.9
    return 0.68 if char.isupper() else 0.56


def wrap(text: str, room: float, most: int) -> list[str]:
    """At most `most` lines no wider than `room` em; what does not fit ends in an ellipsis."""
    lines = [""]
    for word in _words(" ".join(text.split())):
        if lines[-1] and width(lines[-1] + word.rstrip()) > room and word[0] not in _NOT_FIRST:
            lines.append("")
        lines[-1] += word.lstrip() if not lines[-1] else word
    lines = [line.rstrip() for line in lines if line.strip()]
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width(last) + 1 > room:
        last = last[:-1]
    return [*lines[: most - 1], last.rstrip("，,。. ") + "…"]


def _words(text: str) -> list[str]:
    """Pieces between which a line may break: single wide characters, Latin words with the blank behind them."""
    pieces: list[str] = []
    for char in text:
        latin = _char(char) < 1 and char != " "
        before = pieces[-1][-1] if pieces else " "
        if pieces and (
            before in _NOT_LAST
            or char == " "
            or (latin and before != " " and _char(before) < 1 and len(pieces[-1]) < 24)
        ):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces
