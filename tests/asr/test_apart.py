"""A recogniser in processes of its own: the same words, the same errors, and what becomes of it when one dies."""

import gc
import time
from pathlib import Path

import pytest

from huashu.asr.apart import Apart
from huashu.asr.engine import Stream
from huashu.asr.registry import open_recogniser
from huashu.core.errors import EngineError, UsageError
from huashu.core.expect import NOTHING, Expectation
from huashu.voice import likeness
from huashu.voice.resample import resample, to_pcm
from huashu.voice.wav import decode

pytestmark = pytest.mark.audio

ORDER = Expectation(step="order.drink", phrases=("yes", "no", "a latte"), language="en")
_FILE = decode((Path(__file__).resolve().parents[2] / "examples" / "caller_en" / "03.wav").read_bytes())
SAID = to_pcm(resample(_FILE.sound * 32768, _FILE.rate, 16000))


@pytest.fixture(scope="module")
def apart() -> Apart:
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    return Apart("pocketsphinx", processes=1)


def read(stream: Stream) -> str:
    for at in range(0, len(SAID), 960):
        stream.accept(SAID[at : at + 960])
    return stream.finish().text


def test_it_reads_what_the_engine_itself_reads(apart: Apart) -> None:
    itself = open_recogniser("pocketsphinx")
    assert apart.capabilities == itself.capabilities
    apart.warm([ORDER])
    assert read(apart.stream(ORDER, "en-US")) == read(itself.stream(ORDER, "en-US")) != ""


def test_a_topic_is_read_as_the_engine_itself_reads_it(apart: Apart) -> None:
    topic = likeness.topic("en-US")
    assert topic is not None
    assert apart.capabilities.topics
    apart.warm([topic])
    heard = []
    for recogniser in (apart, open_recogniser("pocketsphinx")):
        stream = recogniser.stream(topic, "en-US")
        stream.accept(SAID)
        heard.append(stream.finish())
    assert heard[0] == heard[1]
    assert heard[0].alternatives[0].text != "", "dictation beside it"


def test_errors_are_those_of_the_engine(apart: Apart) -> None:
    with pytest.raises(EngineError, match="does not know 'fr'") as found:
        apart.stream(NOTHING, "fr")
    assert found.value.code == "language"
    with pytest.raises(UsageError, match="rate must be 8000 or 16000"):
        Apart("pocketsphinx", rate=11025)
    with pytest.raises(UsageError, match="no-such-engine"):
        Apart("no-such-engine")


def test_a_process_that_dies_costs_the_utterances_it_had(apart: Apart) -> None:
    stream = apart.stream(ORDER, "en")
    process = apart._ready[0]._process
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(EngineError) as found:
        stream.accept(SAID)
    assert found.value.code == "lost"
    assert read(apart.stream(ORDER, "en")) != "", "the next one has a new process"
    with pytest.raises(EngineError) as found:
        stream.finish()
    assert found.value.code == "lost"


def test_a_second_reading_brings_a_second_process(apart: Apart) -> None:
    both = Apart("pocketsphinx", processes=2)
    both.warm([ORDER])
    read(both.stream(ORDER, "en"))
    assert len(both._ready) == 1, "one after the other: one is enough"
    one, two = both.stream(ORDER, "en"), both.stream(ORDER, "en")
    until = time.monotonic() + 60.0
    while len(both._ready) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    three = both.stream(ORDER, "en")
    assert len({stream._worker for stream in (one, two, three)}) == 2  # type: ignore[attr-defined]
    assert read(one) == read(two) == read(three) != ""


def test_it_ends_with_whoever_had_it(apart: Apart) -> None:
    other = Apart("pocketsphinx", processes=1)
    process = other._ready[0]._process
    assert process is not None
    del other
    gc.collect()
    until = time.monotonic() + 20.0
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert process.poll() is not None
