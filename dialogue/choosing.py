"""Two intents so close that the caller is asked which was meant: which two, and what the answer to that says. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from huashu.core.events import Understood
from huashu.core.expect import Expectation
from huashu.flows.script import Anytime, Clarify, Question, Reaction
from huashu.nlu.text import bare, tokens

Pair = tuple[str, str]
"""Two intents, the likelier first."""

POSSIBLE: Final = 0.25
"""Confidence under which the second intent is no candidate."""
CHOSEN: Final = 0.35
"""Confidence from which one of the two is taken as the answer: there are only two."""
NAMED: Final = 0.4
"""Share of a title's own words that has to be said for it to be named."""

_FIRST = re.compile(r"第一|前一[个种]|前面|前者|头一个|(?:^|\W)(?:the )?(?:first|former)\b", re.IGNORECASE)
_SECOND = re.compile(r"第二|后一[个种]|后面|后者|最后一个|(?:^|\W)(?:the )?(?:second|latter|last)\b", re.IGNORECASE)
_BOTH = re.compile(r"^(?:两个|两样|两者)?都[有是]?|\bboth\b", re.IGNORECASE)
_NEITHER = re.compile(r"^(?:都不|都没|两个都不|不是|没有$|neither\b|none\b|not\b|no$)", re.IGNORECASE)


def rivals(
    heard: Understood,
    question: Question,
    anytime: Mapping[str, Anytime],
    titles: Mapping[str, object],
    limits: Clarify,
) -> Pair | None:
    """The two likeliest intents that this question could follow, when it is open which was meant, they lead to
    different things, and both can be asked for by a title."""
    usable = [score for score in heard.intents if _reaction(score.name, question, anytime) is not None][:2]
    if len(usable) < 2:
        return None
    first, second = usable
    close = first.confidence < limits.below and first.confidence - second.confidence <= limits.margin
    if not close or second.confidence < POSSIBLE or first.name not in titles or second.name not in titles:
        return None
    same = _reaction(first.name, question, anytime) == _reaction(second.name, question, anytime)
    return None if same else (first.name, second.name)


def _reaction(name: str, question: Question, anytime: Mapping[str, Anytime]) -> Reaction | None:
    if name in question.answers:
        return question.answers[name]
    return anytime[name].reaction if name in anytime else None


def expectation(expect: Expectation, pair: Pair, titles: tuple[str, str]) -> Expectation:
    """What is expected while the caller is asked: the two before all else, by their titles too."""
    intents = tuple(dict.fromkeys((*pair, *expect.intents)))
    anytime = tuple(name for name in expect.anytime if name not in pair)
    return replace(expect, intents=intents, anytime=anytime, phrases=(*titles, *expect.phrases))


def choice(heard: Understood, pair: Pair, titles: tuple[str, str]) -> str | None:
    """Which of the two is meant: by place ("第一个"), by the words of its title, by the intent itself; of both the
    likelier. None: something else was said."""
    text = heard.text
    if _NEITHER.search(bare(text)):
        return None
    if bool(_FIRST.search(text)) is not bool(_SECOND.search(text)):
        return pair[0] if _FIRST.search(text) else pair[1]
    named = _named(text, titles)
    if named is not None:
        return pair[named]
    if _BOTH.search(bare(text)):
        return pair[0]
    best = next((score for score in heard.intents if score.name in pair), None)
    return best.name if best is not None and best == heard.intents[0] and best.confidence >= CHOSEN else None


def _named(text: str, titles: tuple[str, str]) -> int | None:
    """The title whose own words (those that the other has not) are said, if it is one."""
    said = set(tokens(bare(text)))
    words = [set(tokens(bare(title))) for title in titles]
    own = [words[0] - words[1], words[1] - words[0]]
    shares = [len(said & part) / len(part) if part else 0.0 for part in own]
    best = 0 if shares[0] >= shares[1] else 1
    return best if shares[best] >= NAMED and shares[best] >= 2 * shares[1 - best] else None
