"""When a turn's sound reaches the recogniser."""

from collections.abc import Sequence

import pytest

from huashu.asr.engine import Capabilities
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.voice.ears import Ears

pytestmark = pytest.mark.audio

FRAME = bytes(320)


class Counts:
    """Keeps how much sound each `accept` brings, in frames."""

    capabilities = Capabilities("counts", ("en",), 8000, streaming=True)

    def __init__(self) -> None:
        self.steps: list[int] = []

    def stream(self, expect: Expectation, language: str) -> "Counts":
        return self

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass

    def accept(self, pcm: bytes) -> Heard | None:
        self.steps.append(len(pcm) // len(FRAME))
        return None

    def finish(self) -> Heard:
        return Heard("")


def test_sound_goes_over_in_60_ms_while_the_caller_speaks_and_at_once_when_they_pause() -> None:
    counts = Counts()
    ears = Ears(counts, rate=8000, partial=lambda heard: None, final=lambda heard: None)
    ears.feed(FRAME)
    ears.open(Expectation(step="a"))
    for _ in range(6):
        ears.feed(FRAME)
    for _ in range(2):
        ears.feed(FRAME, voice=False)
    assert counts.steps == [1, 3, 3, 1, 1]
