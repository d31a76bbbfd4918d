"""Understanding for a bot of several languages: a model for each.

One model of all languages would be judged by what each of them makes easy: sentences of another language are told apart
by their letters alone, and the confidence that a rehearsal fits is then worth little within one. So each language has
its own, and an utterance goes to the one it is in.
"""

from collections.abc import Mapping
from datetime import datetime

from huashu.core.events import Heard, Understood
from huashu.core.expect import Expectation
from huashu.core.language import primary
from huashu.nlu.embedded import CLEAR, strength
from huashu.nlu.engine import Capabilities, Understander
from huashu.nlu.text import language_of


class Polyglot:
    """Args:
    own: of the bot's own language; it also has the intents whose examples are all in another one.
    others: by primary subtag ("en"), of the other languages.
    """

    def __init__(self, own: Understander, others: Mapping[str, Understander]) -> None:
        self._own = own
        self._others = dict(others)

    @property
    def capabilities(self) -> Capabilities:
        return self._own.capabilities

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        """See huashu.nlu.engine. What means nothing in its own language is tried in the bot's."""
        spoken = heard.language or language_of(heard.text, expect.language)
        other = self._others.get(primary(spoken))
        if other is None:
            return self._own.understand(heard, expect, at=at)
        first = other.understand(heard, expect, at=at)
        if strength(first, expect) >= CLEAR:
            return first
        second = self._own.understand(heard, expect, at=at)
        return second if strength(second, expect) > strength(first, expect) else first
