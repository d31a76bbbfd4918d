"""How simulated callers word things: lab/phrases/*.yaml, a file for each language, read once."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

FOLDER: Final = Path(__file__).parent / "phrases"
MARKS: Final[Mapping[str, str | None]] = {"zh": None, "en": ";"}
"""What divides the sentences of a file; None: blanks."""

Sentences = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Of one language. In a sentence `(a|b|)` is a choice."""

    intents: Mapping[str, Sentences]
    """By English name of the built-in intent; "identity" is a yes to "are you …?", "confirm" and "correct" answer
    "right?", "none" is the no to "is anything wrong?", "back" comes after "wait", "mended" and "slip" hold a value {v}
    (and the wrong one, {w})."""
    values: Mapping[str, Sentences]
    """Sentences around a spoken value {v}, by kind of value."""
    synonyms: tuple[Sentences, ...]
    """Words of which one may stand for the other in a caller's mouth, the usual one first."""
    front: Sentences
    """Hesitations and openings before a sentence, within it, behind it."""
    middle: Sentences
    end: Sentences
    chat: Sentences
    """Talk that belongs to no script."""
    backchannel: Sentences
    mumble: Sentences
    names: Sentences
    faq: Sentences
    """Around a question {q} of the knowledge base."""
    leads: Sentences = ()
    """Beginnings that may be said last (Chinese): 最近手头紧, 手头紧最近."""


@lru_cache(maxsize=2)
def phrasebook(language: str) -> Phrasebook:
    """Those of "zh" or "en"."""
    data: dict[str, Any] = YAML(typ="safe", pure=True).load(FOLDER / f"{language}.yaml")
    mark = MARKS[language]
    read: dict[str, Any] = {}
    for name, value in data.items():
        named = isinstance(value, dict)
        read[name] = {key: divided(text, mark) for key, text in value.items()} if named else divided(value, mark)
    read["synonyms"] = tuple(tuple(group.split("/")) for group in read["synonyms"])
    return Phrasebook(**{field.name: read[field.name] for field in fields(Phrasebook) if field.name in read})


def divided(text: str, mark: str | None) -> Sentences:
    """The pieces of a running text."""
    return tuple(piece for part in text.split(mark) if (piece := " ".join(part.split())))
