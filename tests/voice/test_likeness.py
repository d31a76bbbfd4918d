"""How like a machine's words an utterance is."""

import importlib.util
import re
from pathlib import Path

import pytest

from huashu.asr.topic import sentences
from huashu.voice import likeness
from huashu.voice.likeness_weights import EVERYDAY

pytestmark = pytest.mark.unit

BENCH = Path(__file__).resolve().parents[2] / "bench" / "machine_likeness.py"

MACHINES = (
    "nobody is available to take your call",
    "the mobile number you dialed is not reachable",
    "is not answering",
    "is currently on another call",
    "to listen to your messages press two",
    "leave your name after the beep",
    "please stay on the line your call will be answered",
    "that number is not valid please try again",
    "enter the conference number followed by the pound key",
)
PEOPLE = (
    "hello",
    "yes this is she",
    "robert here what can i do for you",
    "sorry who is this",
    "i can't talk right now can you call me later",
    "he's not here can i take a message",
    "no thanks not interested",
    "who gave you this number",
    "miller and sons how can i help you",
    "seven",
    "i want to order a small coffee with milk",
)


@pytest.mark.parametrize("text", MACHINES)
def test_the_words_of_machines_speak_for_one(text: str) -> None:
    assert likeness.words(text) > 2.5


@pytest.mark.parametrize("text", PEOPLE)
def test_the_words_of_people_do_not(text: str) -> None:
    assert likeness.words(text) < 0.5


def test_the_same_words_are_believed_as_far_as_the_recogniser_is_sure_of_the_topic() -> None:
    text = "the number you have dialed is not in service"
    sure, unsure = likeness.log_odds(text, 0.99, text), likeness.log_odds(text, 0.01, "the lumber you have titled")
    assert sure > unsure + 2.0
    assert sure > 3.0
    assert likeness.log_odds("", 0.0, "") < 0.0


def test_no_single_word_convicts_anybody() -> None:
    words = {
        word for lines in likeness.samples() for line in lines for said in sentences(line) for word in said.split()
    }
    assert len(words) > 400
    assert max(likeness.words(word) for word in words) <= 4.0


def test_samples_are_written_as_a_recogniser_writes_words() -> None:
    for line in (line for lines in likeness.samples() for line in lines):
        assert line.count("(") == line.count(")"), line
        for said in sentences(line):
            assert re.fullmatch(r"[a-z']+( [a-z']+)*", said), line


def test_only_english_has_samples() -> None:
    topic = likeness.topic("en-GB")
    assert topic is not None
    assert topic.kind == "topic"
    assert len(topic.phrases) > 100
    assert likeness.topic("zh-CN") is None


def test_every_word_of_the_samples_is_counted_in_everyday_speech() -> None:
    words = {
        word for lines in likeness.samples() for line in lines for said in sentences(line) for word in said.split()
    }
    counted = {entry.split()[0] for entry in EVERYDAY.split(",")}
    assert words == counted, "after a change of the samples: python bench/machine_likeness.py"


def test_the_shipped_counts_are_those_of_the_bench(data: Path) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    if not (data / "nlu_en" / "hwu64").is_dir():
        pytest.skip("no nlu_en/hwu64 in HUASHU_TEST_DATA")
    spec = importlib.util.spec_from_file_location("machine_likeness_bench", BENCH)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    assert bench.everyday(data) == EVERYDAY.strip()
