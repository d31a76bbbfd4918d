"""Where spoken text may be taken apart: at the ends of sentences, into pieces that a listener takes in at one go.

Measured in Chinese characters (a digit is one) or in words of any other language. A sentence is never cut.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from huashu.flows.script import Line, Reference

_END = re.compile(
    r"(?:[。！？!?；;…\n]+[”’」』）)\"']*|(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bNo)(?<!\bSt)\.[”’\"')]*(?=\s|$))\s*"
)
_HAN = re.compile(r"[㐀-鿿]|\d")
_WORD = re.compile(r"[A-Za-z']+|\d+")
_VALUE = {True: 4, False: 2}
"""What a placeholder counts for."""

Part = str | Reference


def size(text: str, *, chinese: bool) -> int:
    """Chinese characters and digits (with the words of other letters, two characters each), or words."""
    if chinese:
        return len(_HAN.findall(text)) + 2 * len(_WORD.findall(re.sub(r"\d", "", text)))
    return len(_WORD.findall(text)) + len(_HAN.findall(re.sub(r"\d", "", text)))


def in_pieces(line: Line, most: int, *, chinese: bool) -> tuple[Line, ...]:
    """The line in pieces of at most `most`, each of whole sentences; empty when it is not longer, or one sentence.

    `most` 0: never taken apart. A line with a recording is not, either: it is played as it was spoken.
    """
    if not most or line.audio is not None or line.spliced or _measure(line.parts, chinese) <= most:
        return ()
    pieces = grouped(_sentences(line.parts), most, chinese=chinese)
    return tuple(Line(_trimmed(piece)) for piece in pieces) if len(pieces) > 1 else ()


def breaths(text: str, most: int, *, chinese: bool) -> tuple[str, ...]:
    """A text without placeholders in pieces of at most `most`, each of whole sentences; itself when not longer."""
    pieces = in_pieces(Line((text,)), most, chinese=chinese)
    return tuple("".join(map(str, piece.parts)) for piece in pieces) or (text,)


@lru_cache(1024)
def text_in_pieces(text: str, most: int, *, chinese: bool) -> tuple[str, ...]:
    """A text without placeholders in pieces of whole sentences, as equal as sentences allow; itself when not longer."""
    whole = size(text, chinese=chinese)
    if not most or whole <= most:
        return (text,)
    count = -(-whole // most)
    pieces = grouped(_sentences((text,)), max(1, -(-whole // count)), chinese=chinese, over=True)
    return tuple("".join(map(str, _trimmed(piece))) for piece in pieces)


def grouped(
    sentences: Iterable[Sequence[Part]], most: int, *, chinese: bool, over: bool = False
) -> list[tuple[Part, ...]]:
    """Sentences joined as long as they stay within `most`; with `over`, until they reach it."""
    groups: list[tuple[Part, ...]] = []
    filled = 0
    for sentence in sentences:
        own = _measure(sentence, chinese)
        if groups and (filled < most if over else filled + own <= most):
            groups[-1] = (*groups[-1], *sentence)
            filled += own
        else:
            groups.append(tuple(sentence))
            filled = own
    return groups


def _measure(parts: Iterable[Part], chinese: bool) -> int:
    return sum(size(part, chinese=chinese) if isinstance(part, str) else _VALUE[chinese] for part in parts)


def _sentences(parts: Iterable[Part]) -> list[list[Part]]:
    found: list[list[Part]] = [[]]
    for part in parts:
        if not isinstance(part, str):
            found[-1].append(part)
            continue
        at = 0
        for end in _END.finditer(part):
            found[-1].append(part[at : end.end()])
            found.append([])
            at = end.end()
        if at < len(part):
            found[-1].append(part[at:])
    return [sentence for sentence in found if sentence]


def _trimmed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Neighbouring texts joined, without blanks at the ends."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    if isinstance(joined[0], str):
        joined[0] = joined[0].lstrip()
    if isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip()
    return tuple(part for part in joined if part)
