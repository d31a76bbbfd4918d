"""Yes and no at the open question: what huashu.nlu.polarity and huashu.nlu.sides know of the words, applied to the
classifier's ranking.
"""

from collections.abc import Collection
from typing import Final

from huashu.core.events import IntentScore
from huashu.core.expect import Expectation
from huashu.nlu import polarity, sides
from huashu.nlu.polarity import NO, YES

PARTING: Final = frozenset({"再见", "goodbye", "谢谢", "thanks"})
RULED: Final = 0.9
"""Confidence of a yes or no that the question's side and the words decide together."""
TURNED: Final = 0.75
"""The most of a no that the classifier took for a yes, and of what the speaker is not sure of: under the 0.8 from which
a value is believed without asking back."""
MEANT: Final = 0.45
LEAST_TURNED: Final = 0.6
"""Where yes and no together are this sure, denied words are a no, as sure as this at least."""
DOUBTED: Final = 0.4
"""Factor on a yes that hangs on a condition, is a mere goodbye, or is said with a denial; on a yes or no in words that
are neither."""


def weighed(intents: tuple[IntentScore, ...], text: str, expect: Expectation, *, told: bool) -> tuple[IntentScore, ...]:
    """The ranking with yes and no put right.

    Args:
        told: the sentence is an example of the first intent, word for word: what a script's author says counts.
    """
    yes, no = _name(YES, expect), _name(NO, expect)
    ruled = _ruled(intents, text, expect, yes, no)
    if ruled is not None:
        turned = _scaled(intents, DOUBTED) if intents and intents[0].name in (*YES, *NO) else intents
        return _first(turned, ruled, RULED)
    if intents and (polarity.asks_back(text) or (not told and polarity.neither(text))):
        partings = () if polarity.FAREWELL.among(text) else PARTING
        return _scaled(intents, DOUBTED, {*YES, *NO, *partings})
    if not intents or intents[0].name not in (*YES, *NO):
        return intents
    top = intents[0]
    if not told and top.name in NO and polarity.harmless(text):
        return _scaled(intents, DOUBTED)
    if not told and polarity.denied(text):
        said = sum(intent.confidence for intent in intents if intent.name in (*YES, *NO))
        doubted = _scaled(intents, DOUBTED) if top.name in YES else intents
        if no is not None and said >= MEANT:
            return _first(doubted, no, max(LEAST_TURNED, min(TURNED, said), top.confidence * (top.name in NO)))
        return doubted
    parting = polarity.farewell(text) and not polarity.assents(text)
    if top.name in YES and not told and (parting or polarity.conditional(text)):
        return _scaled(intents, DOUBTED)
    if top.confidence > TURNED and polarity.hedged(text):
        return _scaled(intents, TURNED / top.confidence)
    return intents


def _name(names: tuple[str, ...], expect: Expectation) -> str | None:
    return next((name for name in names if name in expect.intents), None)


def _ruled(
    intents: tuple[IntentScore, ...], text: str, expect: Expectation, yes: str | None, no: str | None
) -> str | None:
    """The answer that the question's form gives to the words: thanks at "anything else?", 不用 at 您不需要是吗."""
    if expect.asks_more and polarity.farewell(text) and not PARTING & {*expect.intents, *expect.anytime}:
        return yes if expect.denies else no
    agrees = sides.agreement(text, expect.denies)
    if agrees is None or (intents and intents[0].confidence >= RULED and intents[0].name not in (*YES, *NO)):
        return None
    return yes if agrees else no


def _scaled(
    intents: tuple[IntentScore, ...], factor: float, names: Collection[str] | None = None
) -> tuple[IntentScore, ...]:
    """Some intents made less sure, in their new places; without names the first one."""
    names = {intents[0].name} if names is None else names
    ranked = [
        IntentScore(intent.name, round(intent.confidence * (factor if intent.name in names else 1.0), 4))
        for intent in intents
    ]
    return tuple(sorted(ranked, key=lambda intent: -intent.confidence))


def _first(intents: tuple[IntentScore, ...], name: str, confidence: float) -> tuple[IntentScore, ...]:
    rest = (intent for intent in intents if intent.name != name)
    low = (IntentScore(intent.name, min(intent.confidence, confidence)) for intent in rest)
    return IntentScore(name, round(confidence, 4)), *low
