"""Two recognisers instead of one, and a bound on what one is given."""

import threading
from collections.abc import Sequence

import pytest

from huashu.asr.engine import Capabilities, Stream
from huashu.asr.fallback import Bounded, Fallback
from huashu.core.errors import EngineError, OverloadedError, UsageError
from huashu.core.events import Heard
from huashu.core.expect import NOTHING, Expectation
from huashu.core.language import is_chinese

pytestmark = pytest.mark.audio
SOUND = bytes(960)


class Reads:
    """Tells how much it was given, or fails where it is told to."""

    def __init__(self, name: str, *, fails: str = "", languages: tuple[str, ...] = ("zh",), rate: int = 8000) -> None:
        self.capabilities = Capabilities(name, languages, rate, streaming=True)
        self.fails = fails
        self.opened = 0
        self.gate: threading.Event | None = None
        """Finishing waits for it."""
        self.inside = threading.Semaphore(0)

    def stream(self, expect: Expectation, language: str) -> Stream:
        self.opened += 1
        if self.fails == "stream":
            raise EngineError("no")
        return _Reading(self)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass


class _Reading:
    def __init__(self, engine: Reads) -> None:
        self._engine = engine
        self._bytes = 0

    def accept(self, pcm: bytes) -> Heard | None:
        if self._engine.fails == "accept":
            raise RuntimeError("no")
        self._bytes += len(pcm)
        return Heard(f"{self._bytes}", final=False)

    def finish(self) -> Heard:
        if self._engine.gate is not None:
            self._engine.inside.release()
            assert self._engine.gate.wait(20)
        if self._engine.fails == "finish":
            raise EngineError("no")
        return Heard(f"{self._engine.capabilities.name} {self._bytes}")


def read(recogniser: Fallback | Bounded, pieces: int = 3) -> str:
    stream = recogniser.stream(NOTHING, "zh-CN")
    for _ in range(pieces):
        stream.accept(SOUND)
    return stream.finish().text


@pytest.mark.parametrize("fails", ["stream", "accept", "finish"])
def test_the_second_reads_an_utterance_from_its_beginning_where_the_first_fails(fails: str) -> None:
    assert read(Fallback(Reads("one"), Reads("two"))) == "one 2880"
    assert read(Fallback(Reads("one", fails=fails), Reads("two"))) == "two 2880"


def test_an_engine_that_keeps_failing_rests_and_is_tried_again() -> None:
    now = 0.0
    first = Reads("one", fails="finish")
    both = Fallback(first, Reads("two"), failures=2, rest=30.0, clock=lambda: now)
    for _ in range(4):
        assert read(both) == "two 2880"
    assert first.opened == 2
    now, first.fails = 31.0, ""
    assert read(both) == "one 2880"
    assert first.opened == 3


def test_a_language_only_the_second_knows_is_no_failure_of_the_first() -> None:
    class Chinese(Reads):
        def stream(self, expect: Expectation, language: str) -> Stream:
            if not is_chinese(language):
                raise EngineError("only Chinese", code="language")
            return super().stream(expect, language)

    both = Fallback(Chinese("one"), Reads("two", languages=("en",)), failures=1)
    assert both.capabilities.languages == ("zh", "en")
    stream = both.stream(NOTHING, "en-US")
    stream.accept(SOUND)
    assert stream.finish().text == "two 960"
    assert read(both) == "one 2880", "the first does not rest for it"


def test_two_rates_do_not_go_together() -> None:
    with pytest.raises(UsageError, match="16000"):
        Fallback(Reads("one"), Reads("two", rate=16000))


def test_what_finds_no_place_is_read_later_or_refused_with_a_word() -> None:
    """One reading at a time: while it lasts another call's sound waits and its end is refused."""
    engine = Reads("one")
    engine.gate = threading.Event()
    bounded = Bounded(engine, most=1, within=0.0)
    slow, other, third = (bounded.stream(NOTHING, "zh") for _ in range(3))
    slow.accept(SOUND)
    thread = threading.Thread(target=slow.finish)
    thread.start()
    assert engine.inside.acquire(timeout=20)
    assert other.accept(SOUND) is None, "no words yet, and nobody waits"
    third.accept(SOUND)
    with pytest.raises(OverloadedError, match="no place") as refused:
        third.finish()
    assert (refused.value.code, refused.value.retryable) == ("overloaded", True)
    engine.gate.set()
    thread.join()
    assert other.accept(SOUND) == Heard("1920", final=False), "the sound that waited is read with the next"
    assert other.finish().text == "one 1920"


def test_an_overloaded_engine_hands_over_to_the_second() -> None:
    engine = Reads("one")
    engine.gate = threading.Event()
    both = Fallback(Bounded(engine, most=1, within=0.0), Reads("two"))
    slow = both.stream(NOTHING, "zh")
    slow.accept(SOUND)
    thread = threading.Thread(target=slow.finish)
    thread.start()
    assert engine.inside.acquire(timeout=20)
    assert read(both) == "two 2880"
    engine.gate.set()
    thread.join()
