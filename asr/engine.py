"""What a recogniser is: one blocking object per engine, one stream per utterance.

Found by entry point in group `huashu.asr`; nothing registers on import. Audio is 16-bit mono PCM at
`Capabilities.rate`; whoever calls resamples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from huashu.core.events import Heard
from huashu.core.expect import Expectation


@dataclass(frozen=True, slots=True)
class Capabilities:
    name: str
    languages: tuple[str, ...]
    """BCP-47 primary subtags ("zh", "en")."""
    rate: int
    """Samples a second that the model was trained on."""
    streaming: bool
    """Partials while the caller speaks."""
    grammar: bool = False
    """Uses Expectation.phrases and choices as a closed grammar."""
    hot_words: bool = False
    dictation: bool = True
    """Can write down free speech."""


class Stream(Protocol):
    """One utterance. Not shared between threads."""

    def accept(self, pcm: bytes) -> Heard | None:
        """Feed sound (any length); a partial Heard when the text changed, else None."""
        ...

    def finish(self) -> Heard:
        """The final reading; empty text when there were no words. The stream is used up."""
        ...


class Recogniser(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    def stream(self, expect: Expectation, language: str) -> Stream:
        """Start an utterance. Raises EngineError when the language or the grammar cannot be served."""
        ...

    def warm(self, expectations: Sequence[Expectation]) -> None:
        """Prepare what is known to come (grammars), before the first caller waits for it."""
        ...
