"""What an utterance means at the open question: a pure function from understanding to one of six meanings.

The rules of precedence, each with its reason:
1. A value for the asked slot wins: it is what the bot asked for. Unless a global intent is sure (>= SURE) and the value
   is a small part of the sentence ("分6期太贵了吧" is an objection, not a choice); likewise a question of the knowledge
   base asked word for word ("过年还送吗" names no day to deliver on).
2. The surest intent that this question answers or that works from anywhere, or by which something is asked of the
   conversation itself (again, slower, wait, skip); or an item of knowledge, if that is surer
   ("跨行转账什么时候到" is a question even where 查账单 is an answer).
3. Yes or no found as a value where the question answers 肯定 / 否定.
4. Nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from huashu.core.events import Entity, FaqHit, Understood
from huashu.core.expect import Expectation
from huashu.core.language import is_chinese
from huashu.flows.builtins import RequestKind
from huashu.flows.script import Anytime, Question, Reaction

SURE = 0.8
"""Confidence from which a global intent outweighs a value mentioned in passing."""
ASKED = 0.95
"""Confidence from which an item of knowledge does: the question was asked word for word."""
SMALL_PART = 0.5
"""Share of the sentence under which a value counts as mentioned in passing."""
YES = frozenset({"肯定", "affirm"})
NO = frozenset({"否定", "deny"})
REFUSALS = NO | {
    "在忙", "busy", "没兴趣", "not_interested", "打错了", "wrong_person", "不在", "not_in", "别再打", "stop_calling",
}  # fmt: skip
"""Built-in intents whose words name things in order to exclude them."""
NO_REQUESTS: Mapping[str, RequestKind] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Value:
    """A value for the asked slot."""

    entity: Entity


@dataclass(frozen=True, slots=True)
class Answer:
    """An intent that the question itself answers."""

    intent: str


@dataclass(frozen=True, slots=True)
class Global:
    """An intent that works from any step."""

    intent: str


@dataclass(frozen=True, slots=True)
class Known:
    """The knowledge base has it; `name` is the anytime entry that allows it."""

    name: str
    hit: FaqHit


@dataclass(frozen=True, slots=True)
class Request:
    """Something asked of the conversation itself, for which the script has no reaction of its own."""

    kind: RequestKind


@dataclass(frozen=True, slots=True)
class Unclear:
    pass


Meaning = Value | Answer | Global | Known | Request | Unclear


def interpret(
    heard: Understood,
    question: Question | None,
    anytime: Mapping[str, Anytime],
    threshold: float,
    requests: Mapping[str, RequestKind] = NO_REQUESTS,
) -> Meaning:
    """The meaning of `heard` at `question` (None: no question is open, only global intents count).

    `requests`: the intents by which something may be asked of the conversation itself here.
    """
    answers: Mapping[str, Reaction] = question.answers if question else {}
    value = asked_value(heard, question)
    sure = [score for score in heard.intents if score.confidence >= threshold]
    general = next((score for score in sure if score.name in anytime), None)
    known = _known(heard, anytime)
    other = (general is not None and general.confidence >= SURE) or (
        known is not None and known.hit.confidence >= ASKED
    )
    if value is not None and not (other and in_passing(value, heard.text)):
        return Value(value)
    possible = (score for score in sure if score.name in answers or score.name in anytime or score.name in requests)
    meant = next(possible, None)
    if meant is not None and not (known and known.hit.confidence > meant.confidence):
        if meant.name in answers:
            return Answer(meant.name)
        return Global(meant.name) if meant.name in anytime else Request(requests[meant.name])
    if known is not None:
        return known
    return _polar_answer(heard, answers) or Unclear()


def polarity(heard: Understood, threshold: float) -> bool | None:
    """Yes, no, or neither: for questions the engine itself asks ("分6期，对吗？")."""
    for score in heard.intents:
        if score.confidence >= threshold:
            if score.name in YES:
                return True
            if score.name in NO:
                return False
    for entity in heard.entities:
        if entity.type == "yes_no" and isinstance(entity.value, bool):
            return entity.value
    return None


def confirmation(expect: Expectation) -> Expectation:
    """What is expected while a value is being confirmed: yes, no, or the right value instead."""
    words = ("对", "是的", "不对", "不是") if is_chinese(expect.language) else ("yes", "correct", "no", "wrong")
    return Expectation(
        step=expect.step,
        kind="yes_no",
        slot=expect.slot,
        type=expect.type,
        choices=expect.choices,
        unit=expect.unit,
        intents=("肯定", "否定", "affirm", "deny"),  # by the bot's own spelling, whatever the call is in
        anytime=expect.anytime,
        knowledge=expect.knowledge,
        phrases=words + expect.phrases,
        dtmf=expect.dtmf,
        language=expect.language,
    )


def asked_value(heard: Understood, question: Question | None) -> Entity | None:
    """The surest value for what the question asks."""
    if question is None or question.slot is None:
        return None
    found = [entity for entity in heard.entities if entity.slot == question.slot]
    return max(found, key=lambda entity: entity.confidence) if found else None


def in_passing(value: Entity, text: str) -> bool:
    """The value is a small part of what was said."""
    words = sum(1 for char in text if char.isalnum())
    return words > 0 and sum(1 for char in value.text if char.isalnum()) / words < SMALL_PART


def _known(heard: Understood, anytime: Mapping[str, Anytime]) -> Known | None:
    for hit in heard.faq:
        for name, entry in anytime.items():
            if entry.reaction.knowledge is not None and entry.reaction.knowledge.base == hit.base:
                return Known(name, hit)
    return None


def _polar_answer(heard: Understood, answers: Mapping[str, Reaction]) -> Answer | None:
    for entity in heard.entities:
        if entity.type == "yes_no" and isinstance(entity.value, bool):
            for name in YES if entity.value else NO:
                if name in answers:
                    return Answer(name)
    return None
