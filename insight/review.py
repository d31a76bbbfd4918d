"""The review queue: what callers said that the bot did not understand, understood weakly, or was put right about."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.flows.script import Script
from huashu.insight.clusters import cluster
from huashu.insight.harvest import Asked
from huashu.knowledge.retrieval import Retriever
from huashu.nlu import text as texts
from huashu.nlu.engine import Understander

Why = Literal["unmatched", "unsure", "corrected"]

UNSURE: Final = 0.2
"""An intent believed with less than this over the script's bar is unsure."""
SUGGESTED: Final = 0.35
"""Confidence from which an intent, or an item of knowledge, is suggested for a heap."""
MOST: Final = 20_000
"""Different utterances looked at, the latest."""
_PUT_RIGHT: Final = re.compile(
    r"^(?:不对|不是|错了|你?听错|我(?:说|问)的?是|我的意思是|no\b|wrong\b|that'?s not|not what|i (?:said|meant|asked))",
    re.IGNORECASE,
)
_AT: Final = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Doubt:
    """One utterance to look at; `count` calls said it."""

    text: str
    why: Why
    count: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a heap of utterances might become."""

    kind: Literal["intent", "faq", "new"]
    """Examples of an intent there is, wordings of a knowledge item there is, or something the bot does not have."""
    target: str
    """Intent; "base: item"; for "new" a name for it."""
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
    whys: dict[str, Why] = {}
    counts: Counter[str] = Counter()
    before: Asked | None = None
    for one in asked:
        meant = one.meant
        last = before if before is not None and before.call == one.call else None
        before = one
        if last is not None and _PUT_RIGHT.match(meant.text.strip()) and len(whys) < MOST:
            whys[last.meant.text] = "corrected"
            counts[last.meant.text] += last.meant.text not in counts
        filled = any(entity.slot for entity in meant.entities)
        best = meant.intents[0].confidence if meant.intents else 0.0
        if meant.faq or filled or best >= bar + UNSURE or len(whys) >= MOST:
            continue
        whys.setdefault(meant.text, "unsure" if best >= bar else "unmatched")
        counts[meant.text] += 1
    found = (Doubt(text, why, counts[text]) for text, why in whys.items())
    return sorted(found, key=lambda doubt: (-doubt.count, doubt.text))


def suggest(found: Sequence[Doubt], script: Script, understander: Understander) -> list[Suggestion]:
    """Heaps of utterances with what each might become, most said first. Examples that are there are left out."""
    known = {texts.bare(example.text) for example in script.nlu.examples}
    fresh = [doubt for doubt in found if texts.bare(doubt.text) not in known]
    retriever = Retriever(script.knowledge)
    made = []
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
