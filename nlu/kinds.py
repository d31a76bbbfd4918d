"""What kind of thing the words of an utterance name: a weekday, a city, an illness, a dish.

A few examples of an intent show two cities and one illness; callers name all the others. A feature of the kind joins
them, beside the features of the words themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from huashu.nlu import kinds_en, kinds_zh
from huashu.nlu.stems import stem

NUMBER: Final = "number"
"""Kind of what is written in digits, too."""


def _built() -> dict[str, str]:
    found: dict[str, str] = {}
    for lines in (kinds_en.KINDS, kinds_zh.KINDS):
        for line in lines.replace("\n ", " ").splitlines():
            kind, _, words = line.partition(":")
            found.update((stem(word), kind) for word in words.split())
    return found


KINDS: Final = MappingProxyType(_built())
"""English stem or Chinese word → its kind."""
LONGEST: Final = max(len(word) for word in KINDS if not word.isascii())


def by_sound(heard: Mapping[str, str]) -> dict[str, str]:
    """How Chinese words of two characters and more sound → their kind; none where words of two kinds sound alike.

    `heard`: character → key of its sound (huashu.nlu.sounds).
    """
    found: dict[str, str] = {}
    for word, kind in KINDS.items():
        if len(word) > 1 and not word.isascii():
            sound = _sound(word, heard)
            found[sound] = kind if found.get(sound, kind) == kind else ""
    return found


def kinds(stems: Sequence[str], heard: Mapping[str, str], sounding: Mapping[str, str]) -> Iterator[str]:
    """The kinds named by the stems of an utterance, a Chinese character each; the longest words win.

    `sounding`: `by_sound(heard)`; what is written otherwise and sounds like a word counts as that word.
    """
    at = 0
    while at < len(stems):
        for end in range(min(len(stems), at + (1 if stems[at].isascii() else LONGEST)), at, -1):
            word = "".join(stems[at:end])
            kind = KINDS.get(word) or (sounding and end > at + 1 and sounding.get(_sound(word, heard)))
            if kind:
                yield kind
                break
        else:
            end = at + 1
            if stems[at].isdigit():
                yield NUMBER
        at = end


def _sound(word: str, heard: Mapping[str, str]) -> str:
    return " ".join([heard.get(letter, letter) for letter in word])
