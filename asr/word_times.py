"""From the pieces that models write, each with the second at which it begins, to words."""

import re
from collections.abc import Iterator, Sequence

from huashu.asr.engine import Word

_BEGINS = ("\u2581", " ")
"""In front of the first piece of a word (SentencePiece, and as sherpa-onnx shows it)."""
_GOES_ON = "@@"
"""Behind a piece that is not the last of its word (subword-nmt)."""
_LONGEST = {"character": 0.4, "word": 1.0}
"""Seconds after which a word is over though no other begins: a pause belongs to nobody."""


def timed(pieces: Sequence[str], begins: Sequence[float], upto: float) -> tuple[Word, ...]:
    """Words of a reading. A word ends where the next begins, the last with the sound, each within what words last.

    upto: seconds of the whole sound. Marks are no words; nothing when the model tells no times.
    """
    if len(pieces) != len(begins):
        return ()
    found = list(_words(pieces, begins))
    if not found:
        return ()
    ends = [begin for _, begin in found[1:]] + [upto]
    words = []
    for (text, begin), end in zip(found, ends, strict=True):
        longest = _LONGEST["character" if _chinese(text) else "word"]
        words.append(Word(text, round(begin, 3), round(min(max(end, begin), begin + longest), 3)))
    return tuple(words)


def _words(pieces: Sequence[str], begins: Sequence[float]) -> Iterator[tuple[str, float]]:
    marked = any(piece.startswith(_BEGINS) for piece in pieces)
    text, begun, open_end = "", 0.0, False
    for piece, begin in zip(pieces, begins, strict=True):
        bare = piece.lstrip("".join(_BEGINS)).removesuffix(_GOES_ON)
        if not re.search(r"\w", bare) or re.fullmatch(r"<.*>", bare):
            continue
        joins = not piece.startswith(_BEGINS) if marked else open_end
        if text and joins and not _chinese(bare) and not _chinese(text):
            text += bare
        else:
            if text:
                yield text, begun
            text, begun = bare, float(begin)
        open_end = piece.endswith(_GOES_ON)
    if text:
        yield text, begun


def _chinese(text: str) -> bool:
    return "\u3400" <= text[-1] <= "\u9fff"
