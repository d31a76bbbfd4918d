"""Voices in Piper's format, on weights made in it: sounds by eSpeak, times by the weights, refusals by field."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huashu.core.errors import EngineError, UsageError
from huashu.tts.engine import Utterance
from huashu.tts.piper import PiperVoice, look_at
from huashu.tts.registry import open_voice
from tests.tts.tiny_piper import CONFIG, FRAMES, HOP, RATE, build

pytest.importorskip("espeakng_loader", reason="the extra `piper` (espeakng-loader) is not installed")
pytest.importorskip("onnx", reason="onnx, with which the weights are made, is not installed")
pytestmark = pytest.mark.audio
SOUND = 2 * FRAMES * HOP / RATE
"""Seconds of a sound and the padding behind it."""


def said(text: str, language: str = "en-US", *, voice: str | None = None, rate: float = 1.0) -> Utterance:
    return Utterance(text, language, voice, rate)


def test_words_become_sounds_and_each_has_its_time(tmp_path: Path) -> None:
    voice = PiperVoice(build(tmp_path))
    [first, *rest] = voice.synthesise(said("Hello, it is this."))
    timings = first.timings
    assert not any(audio.timings for audio in rest)
    assert first.rate == RATE == voice.capabilities.rate
    words = [(item.value, item.start) for item in timings if item.kind == "word"]
    assert words == [("Hello", 0), ("it", 7), ("is", 10), ("this", 13)]
    assert not any(item.estimated for item in timings)
    sounds = [item for item in timings if item.kind == "phone"]
    assert "".join(item.value for item in sounds[:5]) == "həloʊ"
    assert sounds[0].at == pytest.approx(SOUND), "behind the sign that begins a clause"
    assert sounds[1].at == pytest.approx(2 * SOUND)
    samples = np.frombuffer(b"".join(audio.pcm for audio in (first, *rest)), "<i2")
    assert 20_000 < np.abs(samples).max() < 24_000


def test_without_lengths_the_times_are_estimates(tmp_path: Path) -> None:
    [first, *_] = PiperVoice(build(tmp_path, durations=False)).synthesise(said("Hello there. And you?"))
    assert [item.value for item in first.timings if item.kind == "word"] == ["Hello", "there"]
    assert all(item.estimated for item in first.timings)


def test_where_words_and_sounds_do_not_match_the_words_are_estimates(tmp_path: Path) -> None:
    voice = PiperVoice(build(tmp_path, espeak={"voice": "cmn"}))
    [first, *_] = voice.synthesise(said("您好，这期账单。", "zh-CN"))
    words = [item for item in first.timings if item.kind == "word"]
    assert [item.value for item in words] == list("您好这期账单")
    assert [item.at for item in words] == sorted(item.at for item in words)
    assert words[0].estimated
    assert voice.capabilities.languages == ("zh",)


def test_speed_and_clauses(tmp_path: Path) -> None:
    voice = PiperVoice(build(tmp_path))

    def seconds(text: str, rate: float) -> float:
        return sum(audio.seconds for audio in voice.synthesise(said(text, rate=rate)))

    assert seconds("Hello there", 0.5) == pytest.approx(2 * seconds("Hello there", 1.0))
    starts = [
        item.start for audio in voice.synthesise(said("Hello. Yes?")) for item in audio.timings if item.start >= 0
    ]
    assert starts == [0, 7]
    assert list(voice.synthesise(said("…!"))) == []


def test_speakers_and_languages(tmp_path: Path) -> None:
    names = {"anna": 0, "ben": 1}
    voice = PiperVoice(build(tmp_path, num_speakers=2, speaker_id_map=names), speaker="ben")
    assert list(voice.synthesise(said("hello", voice="anna")))
    assert list(voice.synthesise(said("hello", voice="1")))
    with pytest.raises(UsageError, match="'carl': these weights have anna, ben"):
        voice.synthesise(said("hello", voice="carl"))
    with pytest.raises(EngineError, match="reads en, not 'zh-CN'"):
        voice.synthesise(said("你好", "zh-CN"))


def test_weights_that_read_letters_need_no_espeak(tmp_path: Path) -> None:
    voice = PiperVoice(build(tmp_path, phoneme_type="text"))
    [first, *_] = voice.synthesise(said("no"))
    assert [item.value for item in first.timings if item.kind == "phone"] == ["n", "o"]


def test_it_is_found_by_name_and_its_version_tells_the_weights(tmp_path: Path) -> None:
    voice = open_voice("piper", model=build(tmp_path / "a"))
    other = open_voice("piper", model=build(tmp_path / "b", durations=False))
    assert voice.capabilities.name == "piper"
    assert voice.capabilities.version != other.capabilities.version


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"audio": {"sample_rate": "fast"}}, r"audio\.sample_rate is 'fast'; expected a whole number"),
        ({"audio": None}, r"audio\.sample_rate is 'None'"),
        ({"espeak": {"voice": "fr"}}, r"espeak\.voice is 'fr'; expected a voice of zh \(cmn\) or en"),
        ({"phoneme_type": "pinyin"}, r"phoneme_type is 'pinyin'"),
        ({"phoneme_id_map": {"_": [0], "^": [1]}}, r"phoneme_id_map .* sounds for \$ too"),
        ({"phoneme_id_map": {**CONFIG["phoneme_id_map"], "a": 3}}, r"phoneme_id_map\['a'\] is '3'"),
        ({"num_speakers": 0}, "num_speakers is '0'"),
        ({"inference": {"noise_w": "much"}}, r"inference\.noise_w is 'much'"),
        ({"hop_length": -1}, "hop_length is '-1'"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    with pytest.raises(EngineError, match=r"voice\.onnx\.json: " + message):
        look_at(build(tmp_path, **fields))


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"inputs are input, input_lengths; those of Piper are .*scales"):
        PiperVoice(_without_scales(tmp_path / "a"))
    build(tmp_path / "b")
    (tmp_path / "b" / "voice.onnx").write_bytes(b"RIFF")
    with pytest.raises(EngineError, match=r"voice\.onnx is no ONNX model"):
        PiperVoice(tmp_path / "b")
    (tmp_path / "b" / "voice.onnx.json").write_text("[]")
    with pytest.raises(EngineError, match="is no JSON object"):
        look_at(tmp_path / "b")
    (tmp_path / "b" / "voice.onnx.json").unlink()
    with pytest.raises(EngineError, match=r"voice\.onnx\.json is missing"):
        look_at(tmp_path / "b")
    with pytest.raises(EngineError, match="holds 0"):
        look_at(tmp_path)


def _without_scales(folder: Path) -> Path:
    """Weights of another kind under a JSON of Piper's."""
    import onnx
    from onnx import TensorProto, helper

    folder.mkdir(parents=True)
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["N"]) for name in ("input", "input_lengths")]
    output = helper.make_tensor_value_info("y", TensorProto.INT64, ["N"])
    nodes = [helper.make_node("Add", ["input", "input_lengths"], ["y"])]
    graph = helper.make_graph(nodes, "other", inputs, [output])
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(folder / "voice.onnx")
    )
    (folder / "voice.onnx.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return folder
