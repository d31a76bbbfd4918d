"""Values in an utterance: for the slot that was asked, for other slots of the flow, and words of the script's lists.

Who wins where words overlap: the asked slot, then what annotated examples say, then lists, then typed values that
can belong to one slot only.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from huashu.core.events import Entity
from huashu.core.expect import Expectation
from huashu.nlu.asked import MARKED, asked, listed, wanted
from huashu.nlu.data import Span
from huashu.nlu.scoring import Reading, Scorer
from huashu.values import registry

SHY: Final = frozenset({"text", "yes_no", "integer", "number", "digits", "spelled", "name", "duration", "quantity"})
"""Types that fill a slot nobody asked for only where annotated examples say so: a bare "六" may count anything."""
NUMBERED: Final = frozenset({"phone", "id_number", "bank_card"})
"""Types of figures that are of one kind though no word says which: their length or a check digit does."""


def entities(
    model: Scorer,
    text: str,
    reading: Reading,
    expect: Expectation,
    *,
    intent: str,
    sure: bool,
    language: str,
    at: datetime,
) -> tuple[Entity, ...]:
    """Every value found, the asked slot's first, then in order of the text. Spans do not overlap.

    `intent`: the likeliest of the utterance, "" when there is none. When it is `sure`, the slots that its examples
    carry are looked for.
    """
    spans = reading.spans(intent)
    found: list[Entity] = []
    own = asked(model, text, expect, spans, language, at)
    if own is not None:
        found.append(own)
    kinds = {**model.slots, **dict(expect.slots)}
    add(found, _marked(text, spans, kinds, expect, language, at))
    add(found, _carried(model.carried.get(intent, ()) if sure else (), text, kinds, language, at))
    add(found, listed(model.lists, text, kinds, expect))
    add(found, _volunteered(text, expect, language, at))
    return (*found[: own is not None], *sorted(found[own is not None :], key=lambda entity: entity.start))


def _marked(
    text: str, spans: tuple[Span, ...], kinds: Mapping[str, str], expect: Expectation, language: str, at: datetime
) -> list[Entity]:
    """What the tagger, trained from annotated examples, takes for a slot; a type other than text must also parse."""
    found = []
    for span in spans:
        kind = kinds.get(span.slot, "text")
        words = text[span.start : span.end]
        if kind == "text":
            found.append(Entity(kind, words, words, span.start, span.end, span.slot, MARKED))
            continue
        unit = expect.unit if span.slot == expect.slot else None
        for match in wanted(kind, text, language, at, unit):
            if match.start < span.end and span.start < match.end:
                found.append(Entity(kind, match.value, match.text, match.start, match.end, span.slot, match.confidence))
                break
    return found


def _carried(slots: tuple[str, ...], text: str, kinds: Mapping[str, str], language: str, at: datetime) -> list[Entity]:
    """Values of the types that the examples of the utterance's intent carry, each type when one slot has it."""
    found = []
    for slot in slots:
        kind = kinds.get(slot, "text")
        if kind in ("text", "yes_no") or sum(kinds.get(other, "text") == kind for other in slots) > 1:
            continue
        for match in wanted(kind, text, language, at)[:1]:
            found.append(Entity(kind, match.value, match.text, match.start, match.end, slot, match.confidence))
    return found


def _volunteered(text: str, expect: Expectation, language: str, at: datetime) -> list[Entity]:
    """Typed values nobody asked for, when only one slot of the flow can take them."""
    by_kind: dict[str, list[str]] = {}
    for slot, kind in expect.slots:
        by_kind.setdefault(kind, []).append(slot)
    if expect.slot is not None and expect.type is not None:
        takers = by_kind.setdefault(expect.type, [])
        if expect.slot not in takers:
            takers.append(expect.slot)
    found = []
    for kind, slots in by_kind.items():
        if kind in SHY:
            continue
        for match in wanted(kind, text, language, at):
            if bare_number(kind, match.text, language, at):
                continue
            only = slots[0] if len(slots) == 1 and slots[0] != expect.slot else None
            found.append(Entity(kind, match.value, match.text, match.start, match.end, only, match.confidence))
    return sorted(found, key=lambda entity: (entity.slot is None, entity.start - entity.end))


def bare_number(kind: str, words: str, language: str, at: datetime) -> bool:
    """Whether words that were read as a value are a number and nothing else: no sign of what it counts."""
    if kind in NUMBERED:
        return False
    return any(match.text == words for match in registry.parse("number", words, language=language, at=at))


def add(found: list[Entity], more: list[Entity]) -> None:
    for entity in more:
        if any(entity.start < other.end and other.start < entity.end for other in found):
            continue
        if entity.slot is not None and any(entity.slot == other.slot for other in found):
            entity = replace(entity, slot=None)
        found.append(entity)
