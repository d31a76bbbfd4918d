"""Values in an utterance: for the slot that was asked, for other slots of the flow, and words of the script's lists.

Who wins where words overlap: the asked slot, then what annotated examples say, then lists, then typed values that
can belong to one slot only.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from huashu.core.events import Entity
from huashu.core.expect import Expectation
from huashu.core.values import Scalar
from huashu.nlu import text as texts
from huashu.nlu.alike import by_sound
from huashu.nlu.data import Span
from huashu.nlu.negation import excluded
from huashu.nlu.polarity import hedged
from huashu.nlu.scoring import Reading, Scorer
from huashu.values import registry
from huashu.values.registry import Match

SPOKEN: Final = 0.95
"""Confidence of a choice said in one of its listed ways, and of a word of a list."""
MARKED: Final = 0.8
"""Confidence of words that the tagger takes for a slot of type text."""
ALIKE: Final = 0.7
"""Confidence of a choice or a listed word told by its sound: under the 0.8 from which it is not asked back."""
MOST_LETTERS: Final = 120
"""Of an utterance that terms are looked for in by their sound: a bound on the work of one Heard."""
UNSURE: Final = 0.75
"""The most of a value whose speaker is not sure ("应该是六期吧"): under the 0.8 from which it is not asked back."""
WHOLE: Final = 0.7
"""Confidence of a whole utterance as the value of an asked text."""
_CARRIER: Final = re.compile(r"(?:我的?名字[叫是]|我叫|名字叫|my name is |my name's |the name is )(?=.)", re.IGNORECASE)
"""What stands before a name and is no part of it."""
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
    asked = _asked(model, text, expect, spans, language, at)
    if asked is not None:
        if asked.confidence > UNSURE and hedged(text):
            asked = replace(asked, confidence=UNSURE)
        found.append(asked)
    kinds = {**model.slots, **dict(expect.slots)}
    add(found, _marked(text, spans, kinds, expect, language, at))
    add(found, _carried(model.carried.get(intent, ()) if sure else (), text, kinds, language, at))
    add(found, _listed(model.lists, text, kinds, expect))
    add(found, _volunteered(text, expect, language, at))
    return (*found[: asked is not None], *sorted(found[asked is not None :], key=lambda entity: entity.start))


def whole(text: str, expect: Expectation) -> Entity | None:
    """The whole utterance, without fillers around it, as the value of the asked slot of type text."""
    start, end = _trimmed(text)
    if expect.slot is None or start == end:
        return None
    return Entity("text", text[start:end], text[start:end], start, end, expect.slot, WHOLE)


# --- the asked slot -----------------------------------------------------------------------------------------------


def _asked(
    model: Scorer, text: str, expect: Expectation, spans: tuple[Span, ...], language: str, at: datetime
) -> Entity | None:
    if expect.slot is None:
        return None
    kind = expect.type or "text"
    spoken = _choice(text, expect)
    if kind == "text":
        own = (span for span in spans if span.slot == expect.slot and not excluded(text, span.start, span.end))
        marked = next(own, None)
        listed = _listed({expect.slot: model.lists.get(expect.slot, {})}, text, {}, expect)
        if spoken or listed:
            return spoken or listed[0]
        if marked and not expect.choices:
            words = text[marked.start : marked.end]
            return Entity(kind, words, words, marked.start, marked.end, expect.slot, MARKED)
        return _by_sound(model, text, expect)
    matches = _wanted(kind, text, language, at, expect.unit)
    if not matches:
        return spoken or _by_sound(model, text, expect)
    # Two readings of the same words (三点: 03:00, 15:00): the one among the choices.
    legal = {choice.value for choice in expect.choices}
    same = [match for match in matches if (match.start, match.end) == (matches[0].start, matches[0].end)]
    best = next((match for match in same if match.value in legal), matches[0])
    entity = Entity(kind, best.value, best.text, best.start, best.end, expect.slot, best.confidence)
    if spoken is None or (best.value in legal and best.value == spoken.value):
        return entity
    inside = best.start <= spoken.start and spoken.end <= best.end
    return entity if inside and spoken.end - spoken.start < best.end - best.start else spoken


def _wanted(kind: str, text: str, language: str, at: datetime, unit: str | None = None) -> list[Match]:
    """The values of a type, best first, without those named in order to exclude them."""
    matches = registry.parse(kind, text, language=language, at=at, unit=unit)
    if kind == "yes_no":
        return matches
    return [match for match in matches if not excluded(text, match.start, match.end)]


def _choice(text: str, expect: Expectation) -> Entity | None:
    """The choice said in one of its ways: the longest; of two as long, the later (a correction)."""
    folded, offsets = fold(text)
    best: Entity | None = None
    for choice in expect.choices:
        for form in choice.spoken:
            place = last_place(folded, fold(form)[0], text, offsets)
            if place is None:
                continue
            start, end = place
            if best is None or (end - start, start) > (best.end - best.start, best.start):
                best = Entity(expect.type or "text", choice.value, text[start:end], start, end, expect.slot, SPOKEN)
    return best


def _by_sound(model: Scorer, text: str, expect: Expectation) -> Entity | None:
    """A choice or a word of the slot's list that was heard as other characters."""
    terms: list[tuple[Scalar, str]] = [
        (choice.value, fold(form)[0]) for choice in expect.choices for form in choice.spoken
    ]
    for value, synonyms in model.lists.get(expect.slot or "", {}).items():
        terms += [(value, fold(form)[0]) for form in (value, *synonyms)]
    folded, offsets = fold(text)
    found = by_sound(folded[:MOST_LETTERS], terms, model.heard) if terms else None
    if found is None:
        return None
    told, start, end = found[0], offsets[found[1]], offsets[found[2] - 1] + 1
    if excluded(text, start, end):
        return None
    return Entity(expect.type or "text", told, text[start:end], start, end, expect.slot, ALIKE)


# --- other slots --------------------------------------------------------------------------------------------------


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
        for match in _wanted(kind, text, language, at, unit):
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
        for match in _wanted(kind, text, language, at)[:1]:
            found.append(Entity(kind, match.value, match.text, match.start, match.end, slot, match.confidence))
    return found


def _listed(
    lists: Mapping[str, Mapping[str, tuple[str, ...]]], text: str, kinds: Mapping[str, str], expect: Expectation
) -> list[Entity]:
    """Words of the script's lists, longest first. A list named like a variable fills it."""
    folded, offsets = fold(text)
    found = []
    for name, values in lists.items():
        for value, synonyms in values.items():
            for form in (value, *synonyms):
                place = last_place(folded, fold(form)[0], text, offsets)
                if place is not None:
                    start, end = place
                    slot = name if name in kinds or name == expect.slot else None
                    type_ = "text" if slot else name
                    found.append(Entity(type_, value, text[start:end], start, end, slot, SPOKEN))
    return sorted(found, key=lambda entity: (entity.start - entity.end, entity.start))


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
        for match in _wanted(kind, text, language, at):
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


# --- matching words -----------------------------------------------------------------------------------------------


def fold(text: str) -> tuple[str, list[int]]:
    """Text without case, width and punctuation, and for each of its characters the offset in `text`."""
    letters: list[str] = []
    offsets: list[int] = []
    for at, letter in enumerate(text):
        for folded in unicodedata.normalize("NFKC", letter).lower():
            if folded.isalnum():
                letters.append(folded)
                offsets.append(at)
            elif letters and letters[-1] != " " and letters[-1].isascii():
                letters.append(" ")
                offsets.append(at)
    while letters and letters[-1] == " ":
        letters.pop()
        offsets.pop()
    return "".join(letters), offsets


def last_place(folded: str, form: str, text: str, offsets: list[int]) -> tuple[int, int] | None:
    """Offsets in `text` of the last place where a form stands that is not excluded; ASCII letters and digits must end
    where a word ends."""
    return next((place for place in places(folded, form, offsets) if not excluded(text, *place)), None)


def places(folded: str, form: str, offsets: list[int]) -> Iterator[tuple[int, int]]:
    """Offsets of every place where a form stands, the last one first."""
    at = folded.rfind(form) if form else -1
    while at >= 0:
        end = at + len(form)
        if not (_joins(folded, at) or _joins(folded, end)):
            yield offsets[at], offsets[end - 1] + 1
        at = folded.rfind(form, 0, end - 1)


def _joins(text: str, at: int) -> bool:
    """Whether one word runs over the boundary before `at`."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    if not (left.isascii() and right.isascii() and left.isalnum() and right.isalnum()):
        return False
    return left.isdigit() == right.isdigit()


def _trimmed(text: str) -> tuple[int, int]:
    """Offsets of the text without the fillers and punctuation around it."""
    pieces = texts.token_spans(text)
    words = [text[start:end].lower() for start, end in pieces]
    first, last = 0, len(pieces)
    while first < last and words[first] in texts.FILLERS:
        first += 1
    while last > first and words[last - 1] in texts.FILLERS:
        last -= 1
    if first == last:
        return 0, 0
    start, end = pieces[first][0], pieces[last - 1][1]
    carrier = _CARRIER.match(text[start:end])
    return (start + carrier.end() if carrier else start), end
