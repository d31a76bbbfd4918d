"""A value or an intent? Two doubts about what an utterance seems to be while a value is asked for.

An asked text may be any words, also such as share a character with the examples of some intent ("听涛苑" is no
"听不清"); and a sentence that belongs to no intent may name a value all the same ("今天天气怎么样" names no day to
deliver on).
"""

from collections.abc import Mapping
from typing import Final

from huashu.core.events import Entity
from huashu.nlu import text as texts
from huashu.nlu.model import NOWHERE
from huashu.nlu.scoring import Reading, Scorer

COVERED: Final = 0.6
"""Share of the tokens of an utterance that some example of an intent has, for it to be heard where a text is asked."""
ALIKE: Final = 0.6
"""Likeness to a sentence out of scope from which an utterance counts as one: of 18 ways to name or not to name a day
those that asked for something else had 0.63 and more if their like was among the examples, the others 0.43 at most."""
SMALL_PART: Final = 0.5
"""Share of the tokens under which a value is mentioned in passing."""


class Plausibility:
    """For one model; shared between threads."""

    def __init__(self, model: Scorer) -> None:
        self._model = model
        self._nowhere = model.labels.index(NOWHERE) if NOWHERE in model.labels else -1
        self._words: dict[str, frozenset[str]] | None = None

    def meant(self, text: str, intent: str) -> bool:
        """Whether the words of an utterance are those of an intent, rather than a text that has some of them."""
        if self._words is None:
            self._words = _vocabulary(self._model.exact)
        said, known = texts.tokens(texts.bare(text)), self._words.get(intent, frozenset())
        return not said or sum(token in known for token in said) >= COVERED * len(said)

    def outside(self, text: str, reading: Reading, value: Entity) -> bool:
        """Whether an utterance asks for something out of scope and only mentions the value."""
        share = len(texts.tokens(texts.normal(value.text))) / max(1, len(texts.tokens(texts.normal(text))))
        if share >= SMALL_PART:
            return False
        if self._model.exact.get(texts.bare(text)) == ():
            return True
        if self._nowhere < 0:
            return False
        return reading.likeness(self._nowhere) >= ALIKE


def _vocabulary(sentences: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Intent → the tokens of its examples."""
    found: dict[str, set[str]] = {}
    for sentence, intents in sentences.items():
        for intent in intents:
            found.setdefault(intent, set()).update(texts.tokens(sentence))
    return {intent: frozenset(words) for intent, words in found.items()}
