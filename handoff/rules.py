"""Live hints by rules: a word that must not be said, a disclosure still missing, anger, silence, a long hold; and the
demands by which a conversation is taken from the bot. A value machine: time is an argument.
"""

from collections.abc import Collection, Iterable, Mapping

from huashu.core.values import Scalar
from huashu.handoff.plan import Demand, Plan, Rule
from huashu.handoff.transcript import Transcript
from huashu.handoff.views import Reason, Said

REASONS: dict[str, Reason] = {
    "anger": "anger", "no_match": "no_match", "variable": "high_value", "words": "rule",
}  # fmt: skip


def _has(text: str, words: Iterable[str]) -> bool:
    folded = text.casefold()
    return any(word.casefold() in folded for word in words)


class Watch:
    """Of one conversation while a person has it. What strikes is returned as rules; each says what the agent reads."""

    __slots__ = ("_due", "_heard", "_rules", "_until")

    def __init__(self, rules: Iterable[Rule], queue: str) -> None:
        self._rules = [rule for rule in rules if not rule.queues or queue in rule.queues]
        self._due: dict[str, float] = {}
        """Rule → when it strikes unless something happens before."""
        self._heard: dict[str, int] = {}
        """Rule → the last entry it has struck for."""
        self._until: set[str] = set()
        """Anger rules that wait for the caller to calm down."""

    @property
    def deadline(self) -> float | None:
        return min(self._due.values(), default=None)

    def begin(self, now: float) -> None:
        """A person has the conversation from now on."""
        for rule in self._rules:
            if rule.kind in ("missing", "silence"):
                self._due[rule.name] = now + rule.within

    def said(self, entry: Said, now: float) -> list[Rule]:
        """Somebody has said something, a growing entry included: a rule strikes once for each."""
        struck = []
        for rule in self._rules:
            if rule.kind == "silence" and rule.name in self._due:
                self._due[rule.name] = now + rule.within
            if rule.by not in ("any", entry.by) or not _has(entry.text, rule.words):
                continue
            if rule.kind == "missing":
                self._due.pop(rule.name, None)
            elif rule.kind == "words" and self._heard.get(rule.name, -1) < entry.n:
                self._heard[rule.name] = entry.n
                struck.append(rule)
        return struck

    def felt(self, anger: float) -> list[Rule]:
        """The mood of the caller's last utterance. Told when it rises over the rule's bar, not while it stays there."""
        struck = []
        for rule in self._rules:
            if rule.kind != "anger":
                continue
            if anger < rule.above:
                self._until.discard(rule.name)
            elif rule.name not in self._until:
                self._until.add(rule.name)
                struck.append(rule)
        return struck

    def held(self, on: bool, now: float) -> None:
        for rule in self._rules:
            if rule.kind == "hold" and on:
                self._due.setdefault(rule.name, now + rule.within)
            elif rule.kind == "hold":
                self._due.pop(rule.name, None)

    def tick(self, now: float) -> list[Rule]:
        """What has been missing for too long."""
        struck = [rule for rule in self._rules if self._due.get(rule.name, now + 1.0) <= now]
        for rule in struck:
            if rule.kind == "silence":
                self._due[rule.name] = now + rule.within
            else:
                del self._due[rule.name]
        return struck


def demanded(
    plan: Plan, transcript: Transcript, known: Mapping[str, Scalar], struck: Collection[str] = ()
) -> Demand | None:
    """What takes the conversation from the bot now, the first that holds. struck: names of those that count no more."""
    anger = transcript.mood[-1][1] if transcript.mood else 0.0
    for demand in plan.demands:
        match demand.kind:
            case "anger":
                holds = anger >= demand.above
            case "no_match":
                holds = transcript.misses >= max(1.0, demand.above)
            case "variable":
                holds = demand.name not in struck and str(known.get(demand.variable)) in demand.values
            case "words":
                holds = bool(demand.words) and _has(transcript.last, demand.words)
        if holds and demand.queue:
            return demand
    return None


def priority(plan: Plan, known: Mapping[str, Scalar]) -> int:
    """Of a customer, by the plan's demands of the kind "variable"; they count whoever wanted the person."""
    return max(
        (
            demand.priority
            for demand in plan.demands
            if demand.kind == "variable" and str(known.get(demand.variable)) in demand.values
        ),
        default=0,
    )
