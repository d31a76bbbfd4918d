"""What a voice is: text in, sound out, piece by piece. Found by entry point in group `huashu.tts`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from huashu.core.audio import Audio


@dataclass(frozen=True, slots=True)
class Capabilities:
    name: str
    languages: tuple[str, ...]
    """BCP-47 primary subtags."""
    rate: int
    streaming: bool = False
    neural: bool = False
    version: str = ""
    """Of the engine and its weights: sound that was kept is made anew when it changes."""
    timings: bool = False
    """Sound comes with the times of its words and speech sounds (`Audio.timings`)."""


@dataclass(frozen=True, slots=True)
class Utterance:
    text: str
    """Words as they are to be read: huashu.values has already turned typed variables into words."""
    language: str = "zh-CN"
    voice: str | None = None
    rate: float = 1.0
    """Speed: 1.0 the voice's own, 0.5 to 2.0."""
    ssml: bool = False
    """The text has marks, which huashu.tts.ssml.speak obeys; engines themselves are given plain text."""


class Voice(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        """Chunks of mono PCM at `capabilities.rate`, in order. Blocking. Raises EngineError."""
        ...
