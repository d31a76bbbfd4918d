"""How long a silence ends the caller's turn: by what the step expects and what was said so far.

Pure functions; the numbers are defaults of `Patience`, reasons beside them. Pauses inside a turn last up to 2.5 s at
the 95th percentile in call centres (FIELD.md), which no fixed timeout can bridge and still be quick at a "yes".
"""

from dataclasses import dataclass
from functools import lru_cache

from huashu.core.expect import Choice, Expectation
from huashu.nlu.text import normal
from huashu.values import registry
from huashu.values.registry import Prefix
from huashu.voice.backchannel import takes_the_turn


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds of silence, counted from the last voiced frame."""

    known: float = 0.12
    """The words are already one of the answers expected: more could only repeat it."""
    closed: float = 0.3
    """Yes or no, one of a list: short answers, few inner pauses."""
    free: float = 0.7
    growing: float = 2.5
    """The value is a proper prefix of a legal one: a phone number with digits missing."""
    complete: float = 0.8
    """A legal value that could still grow ("十二" of "十二万")."""
    full: float = 0.12
    """A legal value that cannot grow."""
    unseen: float = 1.2
    """A value is expected and the recogniser shows no words before the end."""
    wordless: float = 0.4
    """Over the bot's line, no words but noise or a listener's token: it must go on within 0.6 s."""
    longest: float = 30.0
    """A turn is closed after this, however long the caller goes on."""


USUAL = Patience()


def patience(expect: Expectation, text: str, settings: Patience) -> float:
    """The silence that ends a turn of which `text` (perhaps empty) is recognised so far."""
    if expect.kind == "value" and expect.type is not None:
        if not text:
            return settings.unseen
        return _value(expect, expect.type, text, settings)
    if expect.kind in ("yes_no", "choice"):
        return settings.known if text and _is_known(expect, text) else settings.closed
    return settings.free


def over_the_bot(expect: Expectation, text: str, settings: Patience) -> float:
    """The same while a line of the bot is held back by the caller's voice."""
    usual = patience(expect, text, settings)
    return usual if takes_the_turn(text) else min(usual, settings.wordless)


def _value(expect: Expectation, type_: str, text: str, settings: Patience) -> float:
    if expect.language[:2].lower() not in ("zh", "en"):  # values speak no other
        return settings.complete
    match registry.prefix(type_, text, language=expect.language, unit=expect.unit):
        case Prefix.PROPER:
            return settings.growing
        case Prefix.COMPLETE:
            return settings.complete
        case Prefix.FULL:
            return settings.full
        case Prefix.NONE:
            return settings.free


def _is_known(expect: Expectation, text: str) -> bool:
    """The whole text is a likely answer, and no longer choice begins with it."""
    said = normal(text)
    answers, unfinished = _answers(expect.choices, expect.phrases)
    return said in answers and said not in unfinished


@lru_cache(maxsize=1024)
def _answers(choices: tuple[Choice, ...], phrases: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Answers in normal form, and those that begin a longer choice ("十" of "十二期")."""
    spoken = {normal(word) for choice in choices for word in choice.spoken}
    answers = spoken | {normal(phrase) for phrase in phrases}
    unfinished = {said for said in answers for word in spoken if word != said and word.startswith(said)}
    return frozenset(answers), frozenset(unfinished)
