"""Which languages the engines of a call know."""

import logging
from collections.abc import Iterable
from typing import Protocol

from huashu.core.language import primary

_log = logging.getLogger(__name__)


class Speaks(Protocol):
    """Capabilities of an engine."""

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> tuple[str, ...]: ...


def knows(engine: Speaks, language: str) -> bool:
    """Whether an engine's capabilities hold the language, by its primary subtag."""
    return primary(language) in engine.languages


def stranger(recogniser: Speaks, voice: Speaks, language: str) -> str:
    """Which of the two does not know a language, and what an operator may do about it; "": both know it."""
    for engine, what, option in ((recogniser, "recogniser", "asr"), (voice, "voice", "voice")):
        if not knows(engine, language):
            names = ", ".join(engine.languages)
            return (
                f"the bot speaks {language}, the {what} {engine.name} only {names}: give it weights for that language "
                f"(--{option}-model), or take another (--{option})"
            )
    return ""


def tell_unknown(engine: Speaks, language: str, others: Iterable[str], call: str) -> None:
    """Say in the log what an engine will not be able to hear or say in a call, and in one that changes its language."""
    if not knows(engine, language):
        _log.error("call %s: %s does not know the language %s", call, engine.name, language)
    for other in others:
        if other != language and not knows(engine, other):
            _log.warning("call %s: %s does not know %s, another of the bot's", call, engine.name, other)
