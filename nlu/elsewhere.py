"""Values for other questions of the flow than the open one: corrections, denials, and what is said before it is asked.

"不对，是3期" at a yes/no question puts an earlier answer right, "不是6期" takes it back. A bare number may count
anything, so one that nobody asked for needs its counter word and a legal value, or words of correction before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from huashu.core.events import Entity
from huashu.core.expect import Elsewhere, Expectation
from huashu.nlu.asked import SPOKEN
from huashu.nlu.entities import SHY, add, bare_number
from huashu.nlu.forms import fold, places
from huashu.nlu.negation import corrects, excluded
from huashu.values import registry

_NUMERAL: Final = re.compile(r"[0-9零〇一二三四五六七八九十百千万两幺]+")


@dataclass(frozen=True, slots=True)
class Found:
    named: tuple[Entity, ...] = ()
    denied: tuple[Entity, ...] = ()
    """Named in order to exclude them."""


def values(text: str, expect: Expectation, *, language: str, at: datetime) -> Found:
    """What `text` names of the questions in `expect.elsewhere`. What two of them could take is named for none."""
    found = [
        entity for other in expect.elsewhere if other.slot != expect.slot for entity in _of(text, other, language, at)
    ]
    denied = tuple(entity for entity in found if excluded(text, entity.start, entity.end))
    named = [entity for entity in found if entity not in denied]
    alone = (
        entity
        for entity in named
        if not any(
            entity.start < other.end and other.start < entity.end for other in named if other.slot != entity.slot
        )
    )
    return Found(tuple(entity for entity in alone if _said(text, entity, denied, expect, language, at)), denied)


def together(found: tuple[Entity, ...], named: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """`found`, and of `named` what stands where nothing else was found."""
    both = list(found)
    slots = {entity.slot for entity in found}
    add(both, [entity for entity in named if entity.slot not in slots])
    return tuple(both)


def _of(text: str, other: Elsewhere, language: str, at: datetime) -> Iterator[Entity]:
    letters, offsets = fold(text)
    for choice in other.choices:
        for way in choice.spoken:
            form = fold(way)[0]
            if len(form) < 2 or _NUMERAL.fullmatch(form):
                continue
            for start, end in places(letters, form, offsets):
                yield Entity(other.type, choice.value, text[start:end], start, end, other.slot, SPOKEN)
    if other.type in ("text", "yes_no", "name"):
        return
    for match in registry.parse(other.type, text, language=language, at=at, unit=other.unit):
        yield Entity(other.type, match.value, match.text, match.start, match.end, other.slot, match.confidence)


def _said(
    text: str, entity: Entity, denied: tuple[Entity, ...], expect: Expectation, language: str, at: datetime
) -> bool:
    """Whether a value is one that was meant for its question, though that is not the open one."""
    shy = entity.type in SHY or bare_number(entity.type, entity.text, language, at)
    if not shy or corrects(text, entity.start) or any(one.slot == entity.slot for one in denied):
        return True
    other = next(one for one in expect.elsewhere if one.slot == entity.slot)
    legal = any(choice.value == entity.value for choice in other.choices)
    return legal and not _NUMERAL.fullmatch(fold(entity.text)[0])
