"""The review queue: what callers said that the bot did not understand, understood weakly, or was put right about."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Literal

from huashu.core.events import Heard, Understood
from huashu.core.expect import NOTHING
from huashu.core.values import Scalar
from huashu.flows.script import Script
from huashu.insight.clusters import cluster
from huashu.insight.harvest import Asked
from huashu.insight.rows import rows_of
from huashu.knowledge import content
from huashu.knowledge.retrieval import Retriever
from huashu.nlu import text as texts
from huashu.nlu.engine import Understander

Why = Literal["unmatched", "unsure", "corrected"]

UNSURE: Final = 0.2
"""An intent believed with less than this over the script's bar is unsure."""
SUGGESTED: Final = 0.45
"""Confidence from which an intent, or an item of knowledge, is suggested for a heap."""
MOST: Final = 20_000
"""Different utterances looked at, the latest."""
_LEAD = r"(?:(?:[哎唉诶哦噢喔呃嗯啊]+|不好意思|抱歉|等等|sorry|oh|uh|um|well|wait|hey)[\s,，。、!！]*)*"
_DISPUTED: Final = re.compile(
    rf"{_LEAD}(?:不对|不是|错了|no|wrong)?[\s,，。、!！.]*(?:你们?(?:是不是)?(?:听|搞|弄|理解)错|我(?:刚才?|刚刚)?(?:是)?[说问要]的(?:不?是)"
    r"|我(?:刚才?|刚刚)?(?:是[说问]|没[说问])|我的意思是|错了|wrong\b|that'?s (?:not|wrong)|not what"
    r"|(?:what )?i(?:'m| am)? (?:just )?(?:said|meant|asked|mean|asking)\b|i (?:didn'?t|did not) (?:say|ask|mean)"
    r"|you (?:misheard|misunderstood|got (?:it|that|me) wrong))",
    re.IGNORECASE,
)
"""Says in so many words that the bot got something wrong."""
_DENIED: Final = re.compile(rf"{_LEAD}(?:不对|不是|no\b|nope\b|not\b)[\s,，。、!！.]*", re.IGNORECASE)
"""Denies; a plain no answers a question, so what follows has to say what is right."""
_POLITE: Final = re.compile(r"谢谢|多谢|不用|麻烦|thanks?\b|thank you|please|really", re.IGNORECASE)
_AT: Final = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One utterance to look at; `count` calls said it."""

    text: str
    why: Why
    count: int
    slot: str = ""
    """What it filled, if that was put right; then also: """
    took: Scalar = None
    """The value believed, and …"""
    meant: Scalar = None
    """… what the caller said it was."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a heap of utterances might become."""

    kind: Literal["intent", "faq", "new", "value"]
    """Examples of an intent there is, wordings of a knowledge item there is, something the bot does not have, or values
    of a slot that were taken wrongly: those are no examples, but tell what is misheard."""
    target: str
    """Intent; "base: item"; for "new" a name for it; for "value" the slot."""
    base: str
    """Of "faq", else empty."""
    doubts: tuple[Doubt, ...]
    confidence: float
    """Of `target`, 0 to 1; 0 for "new"."""

    @property
    def count(self) -> int:
        return sum(doubt.count for doubt in self.doubts)


def doubts(asked: Iterable[Asked], script: Script) -> list[Doubt]:
    """What is worth a look, most said first. What a question asked for and got (a value, a yes) is not."""
    bar = script.settings.confidence
    found: dict[str, Doubt] = {}
    before: Asked | None = None

    def add(doubt: Doubt) -> None:
        known = found.get(doubt.text)
        if known is not None:
            corrected = doubt if "corrected" in (doubt.why, known.why) and known.why != "corrected" else known
            found[doubt.text] = replace(corrected, count=known.count + doubt.count)
        elif len(found) < MOST:
            found[doubt.text] = doubt

    for one in asked:
        meant = one.meant
        last = before.meant if before is not None and before.call == one.call else None
        before = one
        if last is not None and (wrong := _put_right(last, meant, bar)) is not None:
            if _doubtful(last, bar) and last.text in found:
                wrong = replace(wrong, count=0)  # it has been counted as a doubt of its own
            add(wrong)
        if _doubtful(meant, bar):
            best = meant.intents[0].confidence if meant.intents else 0.0
            add(Doubt(meant.text, "unsure" if best >= bar else "unmatched", 1))
    return sorted(found.values(), key=lambda doubt: (-doubt.count, doubt.text))


def _doubtful(meant: Understood, bar: float) -> bool:
    filled = any(entity.slot for entity in meant.entities)
    return not (meant.faq or filled or (meant.intents and meant.intents[0].confidence >= bar + UNSURE))


def _put_right(last: Understood, meant: Understood, bar: float) -> Doubt | None:
    """The turn before, when this one says that it was taken wrongly."""
    text = meant.text.strip()
    disputed, denied = _DISPUTED.match(text), _DENIED.match(text)
    if not (disputed or denied):
        return None
    took = {entity.slot: entity for entity in last.entities if entity.slot}
    for entity in meant.entities:
        if entity.slot in took and entity.value != took[entity.slot].value:
            return Doubt(last.text, "corrected", 1, entity.slot or "", took[entity.slot].value, entity.value)
    if took:
        return None  # what the caller says now has not been taken for another value of it
    if disputed:
        return Doubt(last.text, "corrected", 1)
    assert denied is not None
    believed = bool(last.faq) or (bool(last.intents) and last.intents[0].confidence >= bar)
    rest = _POLITE.sub("", text[denied.end() :])
    tells = any(weight >= 1 for name, weight in content.features(rest).items() if not content.is_pair(name))
    return Doubt(last.text, "corrected", 1) if believed and tells and not content.negated(rest) else None


def suggest(found: Sequence[Doubt], script: Script, understander: Understander) -> list[Suggestion]:
    """Heaps of utterances with what each might become, most said first. Examples that are there, built-in ones
    included, are left out."""
    known = {texts.bare(row.text) for row in rows_of(script.nlu)}
    values: dict[str, list[Doubt]] = {}
    for doubt in found:
        if doubt.slot:
            values.setdefault(doubt.slot, []).append(doubt)
    made = [Suggestion("value", slot, "", tuple(wrong), 0.0) for slot, wrong in values.items()]
    fresh = [doubt for doubt in found if not doubt.slot and texts.bare(doubt.text) not in known]
    retriever = Retriever(script.knowledge)
    for heap in cluster([doubt.text for doubt in fresh]):
        members = tuple(sorted((fresh[at] for at in heap.members), key=lambda doubt: -doubt.count))
        made.append(_suggestion(heap.name, members, script, understander, retriever))
    return sorted(made, key=lambda one: -one.count)


def _suggestion(
    name: str,
    members: tuple[Doubt, ...],
    script: Script,
    understander: Understander,
    retriever: Retriever,
) -> Suggestion:
    """The intent or item that the heap's utterances come nearest to, weighed by how often each was said."""
    votes: dict[tuple[str, str, str], float] = {}
    total = 0
    for doubt in members:
        total += doubt.count
        for score in understander.understand(Heard(doubt.text), NOTHING, at=_AT).intents:
            key = ("intent", "", score.name)
            votes[key] = votes.get(key, 0.0) + doubt.count * score.confidence
        for hit in retriever.candidates(doubt.text, script.knowledge)[:3]:
            key = ("faq", hit.base, hit.item)
            votes[key] = votes.get(key, 0.0) + doubt.count * hit.confidence
    (kind, base, target), best = max(votes.items(), key=lambda item: item[1], default=(("new", "", ""), 0.0))
    sure = best / total if total else 0.0
    if sure < SUGGESTED:
        return Suggestion("new", name, "", members, 0.0)
    return Suggestion("intent" if kind == "intent" else "faq", target, base, members, sure)
