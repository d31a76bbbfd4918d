"""How long a line takes to say, at least and at most, before it has been said: the reading rate of the bounds."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from huashu.core.language import is_chinese
from huashu.flows.limits import SLOWEST_RATE
from huashu.flows.script import Line, Prompt, Script, Variable

CHARACTERS_PER_SECOND: Final = 4.5
"""Of Mandarin on the telephone: broadcast pace is 5 to 6, service calls are slower. Also digits, one by one."""
WORDS_PER_SECOND: Final = 2.7
"""Of English: about 160 words a minute."""
SHORTEST: Final = 0.3
"""Seconds of the shortest utterance."""
LONGEST_VALUE: Final[Mapping[str, tuple[int, int]]] = {
    "text": (12, 6),
    "yes_no": (2, 1),
    "integer": (12, 12),
    "number": (14, 14),
    "percent": (12, 12),
    "money": (18, 18),
    "date": (11, 6),
    "time": (8, 6),
    "datetime": (19, 12),
    "period": (36, 24),
    "duration": (12, 8),
    "quantity": (12, 10),
    "phone": (11, 11),
    "digits": (20, 20),
    "spelled": (20, 20),
    "id_number": (18, 18),
    "bank_card": (19, 19),
    "plate": (8, 10),
    "name": (8, 5),
    "address": (48, 40),
    "email": (36, 36),
}
"""A value read aloud: Chinese characters, English words. The longest that occur in service calls: amounts under 10^8
with cents, card numbers of up to 20 digits, names of places; a text with declared `values` has their own length."""

_WORD = re.compile(r"[A-Za-z']+")
_HAN = re.compile(r"[㐀-鿿]|\d")


@lru_cache(4096)
def _raw(text: str) -> float:
    return len(_HAN.findall(text)) / CHARACTERS_PER_SECOND + len(_WORD.findall(text)) / WORDS_PER_SECOND


def seconds_of(text: str) -> float:
    """Seconds it takes to say a text without placeholders."""
    return max(SHORTEST, _raw(text))


@dataclass(frozen=True, slots=True)
class Pace:
    """Durations of the lines of one script."""

    variables: Mapping[str, Variable]
    chinese: bool
    english: bool = False
    """The bot speaks another language than Chinese, beside it or instead."""

    @classmethod
    def of(cls, script: Script) -> "Pace":
        tongues = [is_chinese(tag) for tag in (script.language, *script.languages)]
        return cls(script.variables, any(tongues), not all(tongues))

    def longest(self, prompt: Prompt | None) -> float:
        """Seconds of the longest wording in any language, placeholders at their longest, said as slowly as the bot ever
        speaks; 0 without a prompt."""
        return max((self._line(line, longest=True) for line in _lines(prompt)), default=0.0) / SLOWEST_RATE

    def shortest(self, prompt: Prompt | None) -> float:
        """Seconds of the shortest wording in any language, placeholders at one character; 0 without a prompt."""
        return min((self._line(line, longest=False) for line in _lines(prompt)), default=0.0)

    def text(self, text: str) -> float:
        """Seconds of a text without placeholders, said as slowly as the bot ever speaks."""
        return seconds_of(text) / SLOWEST_RATE

    def _line(self, line: Line, *, longest: bool) -> float:
        if longest and line.pieces:
            return sum(self._line(piece, longest=True) for piece in line.pieces)
        seconds = 0.0
        for part in line.parts:
            if isinstance(part, str):
                seconds += _raw(part)
            elif longest:
                seconds += self._value(part.name)
            else:
                seconds += 1 / CHARACTERS_PER_SECOND
        return max(SHORTEST, seconds)

    def _value(self, name: str) -> float:
        variable = self.variables.get(name)
        if variable is None:
            return 0.0
        characters, words = LONGEST_VALUE.get(variable.type, LONGEST_VALUE["digits"])
        usual = max(
            characters / CHARACTERS_PER_SECOND if self.chinese else 0.0,
            words / WORDS_PER_SECOND if self.english else 0.0,
        )
        declared = [seconds_of(value) for value in variable.values if isinstance(value, str)]
        declared += [seconds_of(name) for names in variable.spoken.values() for name in names.values() if declared]
        unit = _raw(variable.unit) if variable.unit else 0.0
        return (max(declared) if declared else usual) + unit


def _lines(prompt: Prompt | None) -> Iterable[Line]:
    if prompt is None:
        return
    for lines in (prompt.lines, *prompt.translations.values()):
        for line in lines:
            yield from line.variants
