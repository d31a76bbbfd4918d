"""The value for the slot that the open question asks: chosen, typed, pointed at, or not chosen yet."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from huashu.core.events import Entity
from huashu.core.expect import Expectation
from huashu.core.values import Scalar
from huashu.nlu.alike import by_sound
from huashu.nlu.data import Span
from huashu.nlu.forms import fold, last_place
from huashu.nlu.negation import corrects, excluded
from huashu.nlu.pointing import pointed
from huashu.nlu.polarity import conditional, hedged, neither
from huashu.nlu.scoring import Scorer
from huashu.values import registry
from huashu.values.registry import Match

SPOKEN: Final = 0.95
"""Confidence of a choice said in one of its listed ways, and of a word of a list."""
ALIKE: Final = 0.7
"""Confidence of a choice or a listed word told by its sound: under the 0.8 from which it is not asked back."""
MOST_LETTERS: Final = 120
"""Of an utterance that terms are looked for in by their sound: a bound on the work of one Heard."""
UNSURE: Final = 0.75
"""The most of a value whose speaker is not sure ("应该是六期吧"): under the 0.8 from which it is not asked back."""
MARKED: Final = 0.8
"""Confidence of words that the tagger takes for a slot of type text."""
MONTHLY: Final = frozenset({"期", "个月", "月", "month", "months"})
"""Counter words of numbers that are months."""
_WHOLE_MONTHS: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?")
_ALTERNATIVES: Final = re.compile(
    r".(?:还是|或者?|要不(?!要)|要么|和|跟|与).|\b(?:or|either|and|versus)\b", re.IGNORECASE
)
_COMPARES: Final = re.compile(
    r"哪个|哪种|(?:还是|或者?).+(?:好|划算|合适|便宜|省)|区别|不同|\b(?:better|best|cheaper|difference|which)\b",
    re.IGNORECASE,
)
"""Values side by side in a question, of which none is chosen yet."""
_ORDINAL: Final = re.compile(r"(?:第|最后|[这那哪有])$")
_IDIOM: Final = re.compile(r"一(?=次|下|些|点儿?|会儿?|样|直|般|起|定|个(?:问题|人|事))")
"""What counts nothing: "第一次", "最后一个问题", "一下"."""


def asked(
    model: Scorer, text: str, expect: Expectation, spans: tuple[Span, ...], language: str, at: datetime
) -> Entity | None:
    """The value for what the open question asks; None: there is none, or none of those named is chosen yet."""
    if expect.slot is None:
        return None
    found = _found(model, text, expect, spans, language, at)
    doubted = hedged(text) or conditional(text)
    return replace(found, confidence=UNSURE) if found and doubted and found.confidence > UNSURE else found


def _found(
    model: Scorer, text: str, expect: Expectation, spans: tuple[Span, ...], language: str, at: datetime
) -> Entity | None:
    kind = expect.type or "text"
    if kind == "text":
        return _words(model, text, expect, spans)
    if kind == "yes_no" and (neither(text) or conditional(text)):
        return None
    spoken = _choice(text, expect)
    other = None if spoken else _pointed(text, expect) or _months(text, expect, language, at)
    matches = wanted(kind, text, language, at, expect.unit)
    if other or not matches:
        return other or spoken or _by_sound(model, text, expect)
    legal = {choice.value for choice in expect.choices}
    side_by_side = len({match.value for match in matches if match.value in legal or not legal}) > 1
    if side_by_side and _COMPARES.search(text):
        return None
    chosen = _typed(kind, text, expect, spoken, matches)
    undecided = side_by_side and _ALTERNATIVES.search(text) and chosen.confidence > UNSURE
    return replace(chosen, confidence=UNSURE) if undecided else chosen


def _words(model: Scorer, text: str, expect: Expectation, spans: tuple[Span, ...]) -> Entity | None:
    """For a slot of type text: a choice or a word of its list, else what the tagger marks."""
    lists = listed({expect.slot or "": model.lists.get(expect.slot or "", {})}, text, {}, expect)
    told = _choice(text, expect) or next(iter(lists), None) or _pointed(text, expect)
    own = (span for span in spans if span.slot == expect.slot and not excluded(text, span.start, span.end))
    marked = next(own, None)
    if told or marked is None or expect.choices:
        return told or _by_sound(model, text, expect)
    words = text[marked.start : marked.end]
    return Entity("text", words, words, marked.start, marked.end, expect.slot, MARKED)


def _typed(kind: str, text: str, expect: Expectation, spoken: Entity | None, matches: list[Match]) -> Entity:
    """One of the matches, or the choice that was spoken. What words of correction stand before goes first."""
    put_right = [match for match in matches if corrects(text, match.start)]
    if put_right and any(match.end <= put_right[-1].start for match in matches):
        matches = sorted(put_right, key=lambda match: match.start, reverse=True)
    # Two readings of the same words (三点: 03:00, 15:00): the one among the choices.
    legal = {choice.value for choice in expect.choices}
    same = [match for match in matches if (match.start, match.end) == (matches[0].start, matches[0].end)]
    best = next((match for match in same if match.value in legal), matches[0])
    entity = Entity(kind, best.value, best.text, best.start, best.end, expect.slot, best.confidence)
    if spoken is None:
        return entity
    if best.value in legal and best.value == spoken.value:
        return replace(entity, confidence=max(entity.confidence, spoken.confidence))
    inside = best.start <= spoken.start and spoken.end <= best.end
    return entity if inside and spoken.end - spoken.start < best.end - best.start else spoken


def wanted(kind: str, text: str, language: str, at: datetime, unit: str | None = None) -> list[Match]:
    """The values of a type, best first, without those named in order to exclude them."""
    matches = registry.parse(kind, text, language=language, at=at, unit=unit)
    if kind == "yes_no":
        return matches
    if kind in ("integer", "number"):
        matches = [match for match in matches if not _counts_nothing(text, match)]
    return [match for match in matches if not excluded(text, match.start, match.end)]


def _counts_nothing(text: str, match: Match) -> bool:
    return bool(_ORDINAL.search(text, 0, match.start) or _IDIOM.match(text, match.start))


def listed(
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


def _pointed(text: str, expect: Expectation) -> Entity | None:
    """The choice that is named by its place or size."""
    values = [choice.value for choice in expect.choices]
    value = pointed(text, values)
    if value is None or excluded(text, 0, len(text)):
        return None
    return Entity(expect.type or "text", value, text, 0, len(text), expect.slot, ALIKE)


def _months(text: str, expect: Expectation, language: str, at: datetime) -> Entity | None:
    """Months as years, halves of them or quarters ("半年" is 6期): an instalment falls due monthly. What is none of the
    choices is left alone."""
    if expect.type not in ("integer", "number") or expect.unit not in MONTHLY:
        return None
    legal = [choice.value for choice in expect.choices]
    for match in wanted("duration", text, language, at):
        found = _WHOLE_MONTHS.fullmatch(str(match.value))
        months = 12 * int(found[1] or 0) + int(found[2] or 0) if found else 0
        if found and months and (found[1] or months in legal or not legal):
            if any(one.value == months for one in wanted(expect.type, text, language, at, expect.unit)):
                return None  # "六个月" is the number itself, and surer so
            return Entity(expect.type, months, match.text, match.start, match.end, expect.slot, UNSURE)
    return None


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
