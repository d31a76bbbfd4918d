"""The voice without sound: silence as long as the line would take to read.

Used when no voice is installed, so that a call keeps its timing and its text while nothing is heard, and by tests,
because it is exact and needs nothing.
"""

import re
from collections.abc import Iterator

from huashu.core.audio import FRAME_SECONDS, Audio
from huashu.core.errors import UsageError
from huashu.tts.engine import Capabilities, Utterance

ZH_PER_SECOND = 4.5
"""Chinese characters a second of an unhurried telephone voice."""
EN_PER_SECOND = 2.7
"""English words a second (about 160 a minute)."""
PAUSE_SECONDS = 0.25
"""At a mark that ends or divides a sentence."""
_CHUNK_SECONDS = 0.2

_HAN = re.compile(r"[㐀-鿿豈-﫿]")
_WORD = re.compile(r"[A-Za-zÀ-ɏ0-9]+(?:['’][A-Za-z]+)?")
_MARK = re.compile(r"[，。！？；：,.!?;:]+(?=\s|$|[^0-9])")


class NullVoice:
    """Silence of the estimated reading time, in whole 20 ms frames; nothing for a text without words."""

    def __init__(self, rate: int = 16000) -> None:
        """`rate`: samples a second, a multiple of 50."""
        if rate <= 0 or rate % 50:
            raise UsageError(f"rate must be a positive multiple of 50 samples a second, not {rate}")
        self._capabilities = Capabilities(name="none", languages=("zh", "en"), rate=rate, streaming=True)

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        rate = self._capabilities.rate
        frames = round(reading_seconds(utterance.text) / clamp_speed(utterance.rate) / FRAME_SECONDS)
        frame = rate // 50 * 2
        most = round(_CHUNK_SECONDS / FRAME_SECONDS)
        while frames > 0:
            count = min(frames, most)
            frames -= count
            yield Audio(bytes(count * frame), rate)


def reading_seconds(text: str) -> float:
    """How long reading `text` aloud takes at the voice's own speed. Mixed Chinese and English are counted apart.

    A mark at the very end makes no pause: the line is over there.
    """
    pauses = sum(1 for mark in _MARK.finditer(text.rstrip()) if mark.end() < len(text.rstrip()))
    spoken = len(_HAN.findall(text)) / ZH_PER_SECOND + len(_WORD.findall(text)) / EN_PER_SECOND
    return spoken + pauses * PAUSE_SECONDS if spoken else 0.0


def clamp_speed(rate: float) -> float:
    """A speed within what `Utterance.rate` allows: 0.5 to 2.0."""
    return min(2.0, max(0.5, rate))
