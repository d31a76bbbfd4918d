"""The vocabulary of this room: what a match is, what a prefix test answers, what a value type must offer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

from huashu.core.values import Scalar

if TYPE_CHECKING:
    from huashu.values.automaton import Automaton


class Prefix(Enum):
    """What words heard so far are to a type: the endpointer waits on PROPER, is brisk on COMPLETE, closes on FULL."""

    NONE = "none"
    """They cannot become a value."""
    PROPER = "proper"
    """The beginning of a value, not yet one."""
    COMPLETE = "complete"
    """A value that more words may still extend ("三百", then "三百二十")."""
    FULL = "full"
    """A value that nothing can extend."""


@dataclass(frozen=True, slots=True)
class Match:
    """A value found in a text. `start` and `end` are half-open character offsets; `text` is what lies between them."""

    value: Scalar
    start: int
    end: int
    text: str
    confidence: float = 1.0
    """0 to 1: how surely these words mean this value of this type (not how surely they were heard)."""


@dataclass(frozen=True, slots=True)
class ValueType:
    """One type of value. The functions take `language` as a BCP-47 tag that starts with "zh" or "en"."""

    name: str
    alias: str
    """Its Chinese name in a script."""
    example: str
    """A right value, as one would write it in YAML; error messages show it."""
    parse: Callable[[str, str, datetime, str | None], list[Match]]
    """(text, language, at, unit) → matches, in any order."""
    prefix: Callable[[str, str, str | None], Prefix]
    """(text, language, unit)."""
    read_aloud: Callable[[Scalar, str, str | None], str]
    """(canonical value, language, unit)."""
    display: Callable[[Scalar, str, str | None], str]
    """(canonical value, language, unit)."""
    canonical: Callable[[object], Scalar]
    """Raises ValueError when the object is no such value."""
    automaton: "Callable[[str, str | None], Automaton | None] | None" = None
    """(language, unit) → the ways to say such a value, where one automaton has them: what a recogniser listens for."""
