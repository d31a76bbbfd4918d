"""Coqui's voices on VITS weights made in Coqui's own format: clause by clause, and refused by file and field."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huashu.core.errors import EngineError, UsageError
from huashu.tts.coqui import CoquiVoice, keep_texts_out_of_logs, look_at
from huashu.tts.engine import Utterance

pytestmark = pytest.mark.audio

RATE = 16000
_HAN = "你好再见请问"


def build(folder: Path, *, speakers: int = 0) -> Path:
    """Weights drawn at random, small: what they say is noise, how long they say it is the number of symbols."""
    pytest.importorskip("TTS", reason="the extra `coqui` (coqui-tts) is not installed", exc_type=ImportError)
    import torch
    from TTS.config.shared_configs import BaseAudioConfig
    from TTS.tts.configs.shared_configs import CharactersConfig
    from TTS.tts.configs.vits_config import VitsArgs, VitsConfig
    from TTS.tts.models.vits import Vits

    torch.manual_seed(1)
    width = 16
    arguments = VitsArgs(
        hidden_channels=width,
        hidden_channels_ffn_text_encoder=width,
        num_heads_text_encoder=2,
        num_layers_text_encoder=1,
        num_layers_posterior_encoder=1,
        num_layers_flow=1,
        upsample_initial_channel_decoder=32,
        use_sdp=False,
        use_speaker_embedding=speakers > 0,
        speaker_embedding_channels=8,
        out_channels=129,
    )
    config = VitsConfig(
        model_args=arguments,
        audio=BaseAudioConfig(sample_rate=RATE, fft_size=256, win_length=256, hop_length=256),
        use_phonemes=False,
        text_cleaner="basic_cleaners",
        speakers=[f"voice{number}" for number in range(speakers)] or None,
        datasets=[],
        phoneme_language="zh-cn",
    )
    config.characters = CharactersConfig(
        characters_class="TTS.tts.models.vits.VitsCharacters",
        characters=_HAN,
        phonemes="",
        punctuations="，。！？ ",
        pad="_",
        blank="~",
    )
    model = Vits.init_from_config(config)
    config.save_json(str(folder / "config.json"))
    torch.save({"model": model.state_dict()}, folder / "model.pth")
    return folder


def pcm(engine: CoquiVoice, text: str, **options: Any) -> bytes:
    return b"".join(audio.pcm for audio in engine.synthesise(Utterance(text, "zh-CN", **options)))


def test_words_become_sound(tmp_path: Path) -> None:
    voice = CoquiVoice(build(tmp_path))
    assert (voice.capabilities.languages, voice.capabilities.rate, voice.capabilities.neural) == (("zh",), RATE, True)
    sound = pcm(voice, "你好再见")
    assert len(sound) % 512 == 0  # whole frames of the spectrogram
    assert len(sound) > 0
    assert np.abs(np.frombuffer(sound, "<i2")).max() > 0
    assert len(pcm(voice, "你好再见", rate=0.5)) > 1.5 * len(sound)
    assert len(pcm(voice, "你好再见")) <= 1.2 * len(sound)  # the speed of one line is not that of the next
    assert pcm(voice, "……") == b""


def test_the_weights_tell_when_each_word_begins(tmp_path: Path) -> None:
    voice = CoquiVoice(build(tmp_path))
    assert voice.capabilities.timings
    audios = list(voice.synthesise(Utterance("你好，再见。请问", "zh-CN")))
    timings = [item for audio in audios for item in audio.timings if item.kind == "word"]
    assert [(item.value, item.start) for item in timings] == [
        ("你", 0), ("好", 1), ("再", 3), ("见", 4), ("请", 6), ("问", 7),
    ]  # fmt: skip
    assert not any(item.estimated for item in timings)
    first = [item.at for item in timings[:4]]
    assert first == sorted(set(first))
    frame = 256 / RATE
    assert all(abs(at / frame - round(at / frame)) < 1e-6 for at in first), "at whole frames of the spectrogram"
    sounds = [item for item in audios[0].timings if item.kind == "phone"]
    assert sounds
    assert all(item.estimated for item in sounds), "of characters the weights tell no sounds"


def test_the_first_clause_is_there_before_the_rest_is_made(tmp_path: Path) -> None:
    voice = CoquiVoice(build(tmp_path))
    made: list[str] = []
    real = voice._tts.synthesize

    def watched(text: str, **options: Any) -> Any:
        made.append(text)
        return real(text, **options)

    voice._tts.synthesize = watched
    sound = voice.synthesise(Utterance("你好！请问？再见。", "zh-CN"))
    next(sound)
    assert made == ["你好！"]
    list(sound)
    assert made == ["你好！", "请问？", "再见。"]


def test_speakers_by_name(tmp_path: Path) -> None:
    voice = CoquiVoice(build(tmp_path, speakers=2), speaker="voice1")
    assert pcm(voice, "你好")
    assert pcm(voice, "你好", voice="voice0")
    with pytest.raises(UsageError, match="'小艾': these weights have voice0, voice1"):
        pcm(voice, "你好", voice="小艾")
    with pytest.raises(EngineError, match="reads zh, not 'en-US'"):
        voice.synthesise(Utterance("hello", "en-US"))


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    build(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    config["model_args"]["hidden_channels"] = 32
    (tmp_path / "config.json").write_text(json.dumps(config), "utf-8")
    with pytest.raises(EngineError, match=r"model\.pth cannot be loaded with config\.json: .*loading state_dict"):
        CoquiVoice(tmp_path)


def _written(folder: Path, **fields: Any) -> None:
    config = {"model": "vits", "audio": {"sample_rate": RATE}, "phoneme_language": "zh-cn", **fields}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    import zipfile

    with zipfile.ZipFile(folder / "model.pth", "w") as file:
        file.writestr("data.pkl", b"")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda folder: (folder / "config.json").unlink(), "has no config.json"),
        (lambda folder: (folder / "model.pth").unlink(), r"holds 0 \*\.pth, not one"),
        (lambda folder: (folder / "model.pth").write_bytes(b"RIFF"), "model.pth is no file of PyTorch"),
        (lambda folder: (folder / "config.json").write_text("{"), "config.json is no JSON"),
        (lambda folder: (folder / "config.json").write_text("[]"), "model is None"),
        (lambda folder: _written(folder, model="tacotron2"), "config.json: model is 'tacotron2'; 'vits' is read"),
        (lambda folder: _written(folder, audio={}), "audio.sample_rate is None"),
        (lambda folder: _written(folder, phoneme_language="sw"), "phoneme_language and datasets.language name neither"),
    ],
)
def test_wrong_files_are_told_by_name_and_field(tmp_path: Path, spoil: Callable[[Path], object], message: str) -> None:
    _written(tmp_path)
    assert look_at(tmp_path).languages == ("zh",)
    spoil(tmp_path)
    with pytest.raises(EngineError, match=message):
        look_at(tmp_path)


def test_languages_are_those_the_weights_name(tmp_path: Path) -> None:
    _written(tmp_path, phoneme_language=None, datasets=[{"language": "en-us"}, {"language": "fr"}])
    assert look_at(tmp_path).languages == ("en",)
    assert look_at(tmp_path, "zh").languages == ("zh",)
    _written(tmp_path, phoneme_language=None, languages=["zh_CN", "en"])
    assert look_at(tmp_path).languages == ("zh", "en")


def test_the_library_may_not_log_what_is_said(caplog: pytest.LogCaptureFixture) -> None:
    """Its tokenizer quotes the whole text when the weights lack a character."""
    keep_texts_out_of_logs()
    logging.getLogger("TTS.tts.utils.text.tokenizer").warning("%s", "您尾号一七零二的信用卡")
    assert not caplog.records
