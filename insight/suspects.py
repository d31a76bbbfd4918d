"""Examples that may stand under the wrong intent, and sentences that stand under two."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from huashu.insight.judging import Judged
from huashu.nlu import text as texts
from huashu.nlu.data import Example

LIKELY: Final = 0.6
"""Another intent this sure, and …"""
UNLIKELY: Final = 0.2
"""… the own one at most this share of it, make an example suspect. Confident learning in its simplest form (Northcutt
et al., 2021)."""


@dataclass(frozen=True, slots=True)
class Suspect:
    row: Example
    other: str
    """The intent it looks like."""
    own_confidence: float
    other_confidence: float
    same_words: bool
    """The very sentence also stands under `other`."""


def suspects(judged: Sequence[Judged]) -> tuple[Suspect, ...]:
    """Most suspect first. `judged` by cross-validation: nobody doubts what they were told."""
    under: dict[str, set[str]] = defaultdict(set)
    for one in judged:
        under[texts.bare(one.row.text)].update(one.row.intents)
    found = []
    for one in judged:
        twice = sorted(under[texts.bare(one.row.text)] - {*one.row.intents})
        own = max(dict(one.ranked).get(intent, 0.0) for intent in one.row.intents)
        if twice:
            found.append(Suspect(one.row, twice[0], own, dict(one.ranked).get(twice[0], 0.0), same_words=True))
        elif one.best and not one.right and one.sure >= LIKELY and own <= UNLIKELY * one.sure:
            found.append(Suspect(one.row, one.best, own, one.sure, same_words=False))
    return tuple(sorted(found, key=lambda one: (not one.same_words, one.own_confidence - one.other_confidence)))
