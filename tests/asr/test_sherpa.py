"""sherpa-onnx's recognisers on weights made in their formats; other files are refused instead of ending the process."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from huashu.asr.engine import details
from huashu.asr.registry import open_recogniser
from huashu.asr.sherpa import SherpaRecogniser, look_at
from huashu.core.errors import EngineError, LimitError, UsageError
from huashu.core.expect import Expectation
from tests.asr import tiny_sherpa

pytest.importorskip("sherpa_onnx", reason="the extra `sherpa` (sherpa-onnx) is not installed")
pytest.importorskip("onnx", reason="onnx, with which the weights are made, is not installed")
pytestmark = pytest.mark.audio

ASKED = Expectation("flow.step", phrases=("六期", "三期"))
NOISE = (np.random.default_rng(1).standard_normal(16000) * 3000).astype(np.int16).tobytes()
Build = Callable[[Path, Sequence[str]], Path]


@pytest.mark.parametrize("build", [tiny_sherpa.sense_voice, tiny_sherpa.paraformer, tiny_sherpa.transducer])
def test_every_kind_of_weights_is_read(build: Build, tmp_path: Path) -> None:
    recogniser = SherpaRecogniser(build(tmp_path, ["六", "期"]), rate=8000, threads=1)
    recogniser.warm(())
    stream = recogniser.stream(ASKED, "zh-CN")
    partials = [heard for at in range(0, len(NOISE), 3200) if (heard := stream.accept(NOISE[at : at + 3200]))]
    assert {heard.text for heard in partials} == {"六期"}
    heard = stream.finish()
    assert (heard.text, heard.final, heard.language) == ("六期", True, "zh")
    with pytest.raises(UsageError, match="used up"):
        stream.finish()


@pytest.mark.parametrize("build", [tiny_sherpa.sense_voice, tiny_sherpa.transducer])
def test_words_have_times_where_the_weights_tell_them(build: Build, tmp_path: Path) -> None:
    recogniser = SherpaRecogniser(build(tmp_path, ["六", "期"]), rate=8000, threads=1)
    assert recogniser.capabilities.word_times
    stream = recogniser.stream(ASKED, "zh-CN")
    stream.accept(NOISE)
    stream.finish()
    told = details(stream)
    assert [word.text for word in told.words] == ["六", "期"]
    assert 0 <= told.words[0].begin < told.words[0].end <= told.words[1].begin < told.words[1].end <= 2.0
    feeling = ("happy", "laughter") if build is tiny_sherpa.sense_voice else ("", "")
    assert (told.emotion, told.event) == feeling


def test_only_a_transducer_takes_hot_words(tmp_path: Path) -> None:
    assert look_at(tiny_sherpa.transducer(tmp_path / "a", ["六"])).kind == "transducer"
    assert SherpaRecogniser(tmp_path / "a").capabilities.hot_words
    assert not SherpaRecogniser(tiny_sherpa.paraformer(tmp_path / "b", ["六"])).capabilities.hot_words


def test_hot_words_are_what_the_weights_can_write(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    recogniser = SherpaRecogniser(tiny_sherpa.transducer(tmp_path, ["六", "期"]))
    expect = Expectation("a", phrases=("六期", "可以啊", "是的", "six", "a/b", "六期"))
    assert recogniser._spelling.hot_words(expect) == "六期/是的"
    recogniser.stream(expect, "zh").finish()
    assert "Cannot find" not in "".join(capfd.readouterr())


def test_an_utterance_without_end_is_refused(tmp_path: Path) -> None:
    stream = SherpaRecogniser(tiny_sherpa.transducer(tmp_path, ["六"])).stream(ASKED, "zh")
    with pytest.raises(LimitError, match="60 s"):
        stream.accept(bytes(2 * 8000 * 61))


def test_it_is_found_by_name_and_knows_its_languages(tmp_path: Path) -> None:
    recogniser = open_recogniser("sherpa", model=tiny_sherpa.paraformer(tmp_path, ["六"]), language="zh")
    assert recogniser.capabilities.languages == ("zh",)
    with pytest.raises(EngineError, match="know zh, not 'en-US'"):
        recogniser.stream(ASKED, "en-US")


def spoil(path: Path, field: str) -> None:
    """Take a field out of a model's metadata."""
    import onnx

    model = onnx.load(str(path))
    kept = [entry for entry in model.metadata_props if entry.key != field]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    onnx.save(model, str(path))


@pytest.mark.parametrize(
    ("build", "file", "field", "message"),
    [
        (tiny_sherpa.sense_voice, "model.onnx", "with_itn", r"model\.onnx: its metadata lacks with_itn"),
        (tiny_sherpa.paraformer, "model.onnx", "lfr_window_size", r"model\.onnx: its metadata lacks lfr_window_size"),
        (tiny_sherpa.transducer, "encoder.onnx", "model_type", r"encoder\.onnx: its metadata lacks model_type"),
        (tiny_sherpa.transducer, "decoder.onnx", "context_size", r"decoder\.onnx: its metadata lacks context_size"),
        (tiny_sherpa.transducer, "joiner.onnx", "joiner_dim", r"joiner\.onnx: its metadata lacks joiner_dim"),
    ],
)
def test_a_field_that_is_missing_is_named(build: Build, file: str, field: str, message: str, tmp_path: Path) -> None:
    spoil(build(tmp_path, ["六"]) / file, field)
    with pytest.raises(EngineError, match=message):
        SherpaRecogniser(tmp_path)


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("tokens.txt", None, "tokens.txt is missing"),
        ("tokens.txt", b"a 0\nnonsense\n", r"tokens\.txt:2: a symbol and its number"),
        ("tokens.txt", b"a 0\nb 1\n", r"tokens\.txt has 2 symbols, the model's vocab_size is 11"),
        ("joiner.onnx", None, r"no joiner\*\.onnx"),
        ("encoder.onnx", b"not a model", r"encoder\.onnx is no ONNX model"),
    ],
)
def test_a_file_of_another_kind_is_refused(file: str, content: bytes | None, message: str, tmp_path: Path) -> None:
    tiny_sherpa.transducer(tmp_path, ["六"])
    (tmp_path / file).unlink()
    if content is not None:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(EngineError, match=message):
        SherpaRecogniser(tmp_path)
