"""What a recogniser is: one blocking object per engine, one stream per utterance.

Found by entry point in group `huashu.asr`; nothing registers on import. Audio is 16-bit mono PCM at
`Capabilities.rate`; whoever calls resamples.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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
    word_times: bool = False
    """Tells when each word was said (`Details.words`)."""
    topics: bool = False
    """Tells what is about a topic (Expectation.kind) from anything else: the words are those that were said if it is,
    the confidence, of partials too, is that it is, and the first alternative is what was said if it is not."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a final reading; in Chinese a character or what the engine's dictionary has as one."""

    text: str
    begin: float
    """Seconds of the utterance's sound."""
    end: float


@dataclass(frozen=True, slots=True)
class Details:
    """What an engine tells of an utterance besides what was said."""

    words: tuple[Word, ...] = ()
    emotion: str = ""
    """The engine's own word for how it sounded, in lower case (SenseVoice: happy, sad, angry, neutral, fearful,
    disgusted, surprised); "" when it does not tell."""
    event: str = ""
    """What else the sound was (SenseVoice: speech, bgm, applause, laughter, cry, sneeze, breath, cough)."""


class Stream(Protocol):
    """One utterance. Not shared between threads."""

    def accept(self, pcm: bytes) -> Heard | None:
        """Feed sound (any length); a partial Heard when the text changed, else None."""
        ...

    def finish(self) -> Heard:
        """The final reading; empty text when there were no words. The stream is used up."""
        ...


NO_DETAILS = Details()


@runtime_checkable
class Telling(Protocol):
    """A stream that tells more, when it is finished."""

    @property
    def details(self) -> Details: ...


def details(stream: Stream) -> Details:
    """What a finished stream tells besides its words; nothing from engines that know no more."""
    return stream.details if isinstance(stream, Telling) else NO_DETAILS


class Recogniser(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    def stream(self, expect: Expectation, language: str) -> Stream:
        """Start an utterance. Raises EngineError when the language or the grammar cannot be served."""
        ...

    def warm(self, expectations: Sequence[Expectation]) -> None:
        """Prepare what is known to come (grammars), before the first caller waits for it."""
        ...
