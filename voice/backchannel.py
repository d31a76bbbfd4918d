"""Listener's tokens while they are still being spoken: what the moment of overlap needs beyond huashu.nlu.text."""

import re
from typing import Final

from huashu.nlu.text import is_backchannel

_UNFINISHED: Final = frozenset(
    ("u", "uh", "uh-", "uh h", "m", "mm-", "mm h", "h", "o", "ok", "oka", "y", "ye", "yea", "r", "ri", "rig", "righ")
)
"""What a streaming recogniser may show of "uh-huh", "mm-hm", "okay", "yeah", "right" before the token is whole."""
_WORD: Final = re.compile(r"[一-鿿]|[^\W一-鿿_]+(?:['’-][^\W一-鿿_]+)*")
_TRIVIA: Final = re.compile(r"[\s,.!?，。！？、…~～]+")


def takes_the_turn(text: str, *, words: int = 1, growing: bool = False) -> bool:
    """Whether words spoken over the bot are meant to stop it.

    Args:
        words: least number of words (Han characters count one each).
        growing: more may come, so what may yet become a listener's token does not count.
    """
    if count_words(text) < max(words, 1) or is_backchannel(text):
        return False
    return not (growing and _TRIVIA.sub(" ", text.lower()).strip() in _UNFINISHED)


def count_words(text: str) -> int:
    """Words of alphabetic scripts plus single Han characters, punctuation not counted."""
    return len(_WORD.findall(text))
