"""Streaming around any engine that reads whole utterances: what is shown ahead is seldom taken back, and is bounded."""

import itertools

import numpy as np
import pytest

from huashu.asr.batch import BatchStream, Sound
from huashu.asr.fallback import Fallback
from huashu.core.errors import EngineError
from huashu.core.events import Heard
from huashu.core.expect import NOTHING, Expectation
from tests.asr.test_fallback import Reads

pytestmark = pytest.mark.audio

RATE = 8000
STEP = bytes(np.full(480, 3000, "<i2"))
"""60 ms of sound that is not quiet."""


class Script:
    """Reads what its readings say, one after another; the last one for good."""

    rate = RATE

    def __init__(self, *readings: str) -> None:
        self.readings = list(readings)
        self.lengths: list[float] = []
        self.languages: set[str] = set()

    def read(self, sound: Sound, expect: Expectation, language: str, *, final: bool) -> Heard:
        self.lengths.append(len(sound) / RATE)
        self.languages.add(language)
        text = self.readings.pop(0) if len(self.readings) > 1 else self.readings[0]
        return Heard(text, final=final, confidence=0.9, language=language)


def spoken(reader: Script, seconds: float, language: str = "zh") -> tuple[list[str], str]:
    stream = BatchStream(reader, NOTHING, language, RATE)
    shown = [heard.text for _ in range(round(seconds / 0.06)) if (heard := stream.accept(STEP)) is not None]
    return shown, stream.finish().text


def test_only_what_two_readings_agree_on_is_shown() -> None:
    shown, final = spoken(Script("我要", "我要查", "我药查快递", "我要查快递", "我要查快递吧"), 4.0)
    assert shown[0] == "我要"
    assert all("药" not in text for text in shown)
    assert final == "我要查快递吧"


def test_the_last_reading_is_of_everything_and_the_cost_of_all_is_bounded() -> None:
    reader = Script("好")
    spoken(reader, 20.0)
    *ahead, last = reader.lengths
    assert last == pytest.approx(20.0, abs=0.07)
    assert sum(ahead) < 5 * last, "readings ahead are further and further apart"
    assert all(later / earlier < 2.1 for earlier, later in itertools.pairwise(ahead))


def test_every_call_is_read_in_its_own_language() -> None:
    reader = Script("hello")
    for language in ("zh", "en", "zh"):
        spoken(reader, 1.0, language)
    assert reader.languages == {"zh", "en"}


def test_a_second_engine_takes_over_where_the_first_fails_on_a_growing_utterance() -> None:
    class Breaks(Script):
        def read(self, sound: Sound, expect: Expectation, language: str, *, final: bool) -> Heard:
            if len(sound) > RATE:
                raise EngineError("out of memory")
            return super().read(sound, expect, language, final=final)

    class First(Reads):
        def stream(self, expect: Expectation, language: str) -> BatchStream:
            return BatchStream(Breaks("半句"), expect, language, RATE)

    stream = Fallback(First("one"), Reads("two")).stream(NOTHING, "zh")
    for _ in range(50):
        stream.accept(STEP)
    assert stream.finish().text == f"two {50 * len(STEP)}"
