"""How long a silence ends the caller's turn: by what the step expects and what was said so far.

Pure functions; the numbers are defaults of `Patience`, reasons beside them. Pauses inside a turn last up to 2.5 s at
the 95th percentile in call centres (FIELD.md), which no fixed timeout can bridge and still be quick at a "yes".
"""

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from huashu.core.expect import Choice, Expectation
from huashu.nlu.text import is_backchannel, normal
from huashu.values import registry
from huashu.values.registry import Prefix
from huashu.voice.backchannel import count_words, takes_the_turn
from huashu.voice.pace import STEADY, Pace
from huashu.voice.trailing import Trailing, trailing


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of silence, counted from the last voiced frame."""

    known: float = 0.12
    """The words are already one of the answers expected: more could only repeat it."""
    closed: float = 0.3
    """Yes or no, one of a list, and the words end with one of them, or are not shown before the end."""
    whole: float = 0.5
    """Free speech that ends as people end: "谢谢", "……可以吗"."""
    free: float = 1.05
    """Free speech whose words do not show whether it is over: breaths within it last 0.3 to 0.9 s."""
    unfinished: float = 1.5
    """It stopped in the middle of a phrase: "我想……"."""
    growing: float = 2.7
    """The value is a proper prefix of a legal one: a phone number with digits missing."""
    complete: float = 0.8
    """A legal value that could still grow ("十二" of "十二万")."""
    endless: float = 1.9
    """Figures or letters of which nobody has said how many there are: fewer than `endless_from` are waited for as a
    value with some missing, more of them so long, or this many times as long as the caller has paused between them."""
    endless_from: int = 6
    full: float = 0.12
    """A legal value that cannot grow."""
    unseen: float = 1.2
    """A value is expected and the recogniser shows no words before the end."""
    wordless: float = 0.4
    """Over the bot's line, no words: it must go on within 0.6 s of a noise."""
    holding: float = 0.5
    """Over the bot's line, words that do not stop it: too few of them, or begun before the line."""
    token: float = 0.2
    """Over the bot's line, a listener's token ("嗯", "uh-huh") was recognised: it may go on."""
    blip: float = 0.1
    """Over the bot's line, less voice than this and no words is waited for as a token is: no word is so short, but the
    detector takes a chord of music or a knock for a voice now and then."""
    tail: float = 0.3
    """Most sound after the last voice that counts as its soft end (huashu.voice.presence) …"""
    doubt: float = 0.4
    """… and most time a turn stays open for sound that may be the next word's beginning."""
    longest: float = 30.0
    """A turn is closed after this, however long the caller goes on."""


USUAL = Patience()
_ENDLESS = frozenset({"digits", "spelled"})
_DIGITS = re.compile(r"\d+")


def patience(expect: Expectation, text: str, settings: Patience, pace: Pace = STEADY) -> float:
    """The silence that ends a turn of which `text` (perhaps empty) is recognised so far."""
    if expect.kind == "value" and expect.type is not None:
        return _value(expect, expect.type, text, settings, pace) if text else settings.unseen
    if expect.kind in ("yes_no", "choice"):
        if not text:
            return settings.closed
        if _is_known(expect, text):
            return settings.known
        if _ends_known(expect, text):
            return settings.closed
    return _free(text, settings, pace)


def over_the_bot(
    expect: Expectation, text: str, settings: Patience, pace: Pace = STEADY, *, voiced: float = math.inf
) -> float:
    """The same while a line of the bot is held back by the caller's voice, of which there were `voiced` seconds."""
    usual = patience(expect, text, settings, pace)
    if not text and voiced <= settings.blip:
        return min(usual, settings.token)
    if takes_the_turn(text):
        return min(usual, settings.holding)
    return min(usual, settings.token if text and is_backchannel(text) else settings.wordless)


def _free(text: str, settings: Patience, pace: Pace) -> float:
    match trailing(text):
        case Trailing.WHOLE:
            return settings.whole
        case Trailing.UNFINISHED:
            return pace.patience(settings.unfinished)
        case Trailing.OPEN:
            return pace.patience(settings.free)


def _value(expect: Expectation, type_: str, text: str, settings: Patience, pace: Pace) -> float:
    if expect.language[:2].lower() not in ("zh", "en"):  # values speak no other
        return settings.complete
    match registry.prefix(type_, text, language=expect.language, unit=expect.unit):
        case Prefix.PROPER:
            return settings.growing
        case Prefix.COMPLETE if type_ in _ENDLESS and expect.unit is None:
            if _figures(text) < settings.endless_from:
                return settings.growing
            return min(settings.growing, settings.endless * max(1.0, pace.breath))
        case Prefix.COMPLETE:
            return settings.complete
        case Prefix.FULL:
            return settings.full
        case Prefix.NONE:
            return _free(text, settings, pace)


def _figures(text: str) -> int:
    """How many figures, letters or words for them a text has."""
    return sum(character.isdigit() for character in text) + count_words(_DIGITS.sub(" ", text))


def _is_known(expect: Expectation, text: str) -> bool:
    """The whole text is a likely answer, and no longer choice begins with it."""
    said = normal(text)
    answers, unfinished = _answers(expect.choices, expect.phrases)
    return said in answers and said not in unfinished


def _ends_known(expect: Expectation, text: str) -> bool:
    """The text ends with a choice in full, or with yes or no: "那就六期", "嗯是的"."""
    if trailing(text) is Trailing.UNFINISHED:
        return False
    said = normal(text)
    answers, unfinished = _answers(expect.choices, ())
    if any(said.endswith(answer) for answer in answers - unfinished):
        return True
    spoken = expect.language[:2].lower() in ("zh", "en")
    return spoken and registry.prefix("yes_no", text, language=expect.language) is Prefix.FULL


@lru_cache(maxsize=1024)
def _answers(choices: tuple[Choice, ...], phrases: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Answers in normal form, and those that begin a longer choice ("十" of "十二期")."""
    spoken = {normal(word) for choice in choices for word in choice.spoken}
    answers = spoken | {normal(phrase) for phrase in phrases}
    unfinished = {said for said in answers for word in spoken if word != said and word.startswith(said)}
    return frozenset(answers), frozenset(unfinished)
