"""Whisper weights in CTranslate2's format: loaded, asked in batches with a bias, refused by file and field."""

import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from huashu.asr.engine import Word, details
from huashu.asr.registry import open_recogniser
from huashu.asr.whisper import WhisperRecogniser, _repeats
from huashu.core.errors import EngineError, UsageError
from huashu.core.expect import Choice, Expectation
from tests.asr.tiny_whisper import build

pytest.importorskip("faster_whisper", reason="the extra `whisper` (faster-whisper) is not installed")
pytestmark = pytest.mark.audio

ASKED = Expectation("flow.step", choices=(Choice(6, ("六期",)),), phrases=("是的", "对"))
NOISE = (np.random.default_rng(1).standard_normal(16000) * 3000).astype(np.int16).tobytes()


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("whisper"), ["六", "期"])


@pytest.fixture(scope="module")
def recogniser(weights: Path) -> WhisperRecogniser:
    return WhisperRecogniser(weights, rate=8000, threads=1)


def test_an_utterance_is_read_as_it_grows_and_at_its_end(recogniser: WhisperRecogniser) -> None:
    stream = recogniser.stream(ASKED, "zh-CN")
    partials = [heard for at in range(0, len(NOISE), 3200) if (heard := stream.accept(NOISE[at : at + 3200]))]
    assert [heard.text for heard in partials] == ["六期"], "told once, when two readings agree"
    assert not partials[0].final
    heard = stream.finish()
    assert (heard.text, heard.final, heard.language) == ("六期", True, "zh")
    assert heard.confidence > 0.9
    with pytest.raises(UsageError, match="used up"):
        stream.accept(b"")


def test_words_have_times_when_somebody_asks(recogniser: WhisperRecogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live call does not ask, and does not wait for them."""
    asked: list[tuple[list[int], list[list[int]], int]] = []

    class Looking:
        def align(self, _: object, start: list[int], texts: list[list[int]], frames: int) -> list[object]:
            asked.append((start, texts, frames))
            return [SimpleNamespace(alignments=[(0, -1), (0, 10), (1, 25), (1, 26), (2, 40)])]

    stream = recogniser.stream(ASKED, "zh-CN")
    stream.accept(NOISE)
    stream.finish()
    monkeypatch.setattr(recogniser._reader._engine, "_model", Looking())
    assert not asked
    assert details(stream).words == (Word("六", 0.0, 0.4), Word("期", 0.5, 0.8))
    assert details(stream) is details(stream)
    ((start, texts, frames),) = asked
    assert (len(start), [len(text) for text in texts], frames) == (3, [2], 200)


def test_weights_that_look_nowhere_still_read(recogniser: WhisperRecogniser, monkeypatch: pytest.MonkeyPatch) -> None:
    class Blind:
        def align(self, *_: object) -> list[object]:
            raise ValueError("can't index dimension 3 for a storage with rank 0")

    stream = recogniser.stream(ASKED, "zh-CN")
    stream.accept(NOISE)
    assert stream.finish().text == "六期"
    monkeypatch.setattr(recogniser._reader._engine, "_model", Blind())
    assert details(stream).words == ()


def test_real_weights_tell_times_in_order(recogniser: WhisperRecogniser) -> None:
    stream = recogniser.stream(ASKED, "zh-CN")
    stream.accept(NOISE)
    stream.finish()
    words = details(stream).words
    assert [word.text for word in words] == ["六", "期"]
    assert all(0.0 <= word.begin <= word.end <= 2.0 for word in words)


def test_nobody_spoke_and_nothing_is_read(recogniser: WhisperRecogniser) -> None:
    stream = recogniser.stream(ASKED, "zh-CN")
    assert stream.accept(bytes(2 * 8000 * 2)) is None
    assert stream.finish().text == ""


def test_many_callers_are_read_at_once(recogniser: WhisperRecogniser) -> None:
    def call(_: int) -> str:
        stream = recogniser.stream(ASKED, "zh-CN")
        stream.accept(NOISE[:16000])
        return stream.finish().text

    with ThreadPoolExecutor(8) as callers:
        assert set(callers.map(call, range(16))) == {"六期"}


def test_the_open_question_is_what_had_been_said_before(recogniser: WhisperRecogniser) -> None:
    engine: Any = recogniser._engine
    prompt = engine.prompt(ASKED, "zh")
    words = [engine._tokens.id_to_token(token) for token in prompt]
    assert words[0] == "<|startofprev|>"
    assert {"六", "期", "是", "的", "对"} <= set(words)
    assert words[-4:] == ["<|startoftranscript|>", "<|zh|>", "<|transcribe|>", "<|notimestamps|>"]


def test_text_that_repeats_itself_is_no_speech() -> None:
    assert _repeats("谢谢观看" * 8)
    assert _repeats("thank you for watching. " * 5)
    assert not _repeats("我想把这笔账单分六期还，手续费是多少？")
    assert not _repeats("对对对对对")


def test_what_the_weights_do_not_know_is_refused(recogniser: WhisperRecogniser, weights: Path) -> None:
    with pytest.raises(EngineError, match="'th-TH'"):
        recogniser.stream(ASKED, "th-TH")
    with pytest.raises(UsageError, match="8000 or 16000"):
        WhisperRecogniser(weights, rate=44100)
    assert recogniser.capabilities.hot_words


def test_it_is_found_by_name(weights: Path) -> None:
    assert open_recogniser("whisper", model=weights).capabilities.name == "whisper"


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("model.bin", None, "has no model.bin"),
        ("model.bin", b"RIFF" + bytes(60), "specification"),
        (
            "model.bin",
            struct.pack("<IH", 6, 16) + b"TransformerSpec\0" + bytes(40),
            "'TransformerSpec', not 'WhisperSpec'",
        ),
        ("tokenizer.json", b"{", "tokenizer.json is no JSON"),
        ("tokenizer.json", None, "has no tokenizer.json"),
        ("config.json", b"\xff", "config.json is no JSON"),
    ],
)
def test_weights_of_another_kind_are_refused_by_file_and_field(
    weights: Path, tmp_path: Path, file: str, content: bytes | None, message: str
) -> None:
    for source in weights.iterdir():
        if source.name != file:
            (tmp_path / source.name).symlink_to(source)
    if content is not None:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(EngineError, match=message):
        WhisperRecogniser(tmp_path)
