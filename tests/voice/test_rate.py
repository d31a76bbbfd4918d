"""A caller who has asked to be spoken to more slowly is, by the voice and not out of the cache of usual speed."""

from collections.abc import Iterator

import pytest

from huashu.core.actions import Say
from huashu.core.audio import Audio
from huashu.tts.engine import Capabilities, Utterance
from huashu.voice.render import Renderer

pytestmark = pytest.mark.audio


class Notes:
    """A voice that notes how fast it was asked to speak."""

    capabilities = Capabilities("notes", ("zh",), 8000)

    def __init__(self) -> None:
        self.rates: list[float] = []

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        self.rates.append(utterance.rate)
        yield Audio(bytes(2 * round(800 / utterance.rate)), 8000)


def test_a_slow_line_is_made_slowly_and_kept_apart() -> None:
    voice = Notes()
    renderer = Renderer(voice, rate=8000, inline=True)
    usual, slow = Say("1.1", "您好。"), Say("2.1", "您好。", rate=0.7)
    sizes = [renderer.render(say).size for say in (usual, slow, usual, slow)]
    assert voice.rates == [1.0, 0.7]
    assert sizes[0] == sizes[2] < sizes[1] == sizes[3]
