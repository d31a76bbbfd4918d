"""The list of voices and the page to listen to them: what is here speaks, what is not is said to be elsewhere."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from huashu.cli import app
from huashu.core.errors import EngineError
from huashu.tts.voices import voices
from huashu.voice.samples_page import sentence
from huashu.voice.wav import comment_of, decode
from tests.tts import tiny_piper

pytest.importorskip("espeakng_loader", reason="the extra `espeak` is not installed")
pytest.importorskip("onnx", reason="onnx, with which the weights are made, is not installed")
pytestmark = pytest.mark.audio


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Weights in the models' cache, with their licence."""
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path))
    folder = tiny_piper.build(tmp_path / "models" / "tiny-en")
    (folder / "MODEL_CARD").write_text("# Model card\n\n* Language: en_US\n* License: CC0\n", encoding="utf-8")
    return folder


def test_voices_are_told_with_what_their_files_say(folder: Path) -> None:
    listed = {voice.name: voice for voice in voices()}
    tiny = listed["tiny-en"]
    assert (tiny.engine, tiny.languages, tiny.rate, tiny.licence) == ("piper", ("en",), 16000, "CC0")
    assert tiny.checksum == hashlib.sha256((folder / "voice.onnx").read_bytes()).hexdigest()
    assert tiny.here
    assert listed["cmn"].languages == ("zh",)
    assert listed["cmn+f2"].sex == "female"
    assert not listed["zh_CN-huayan-medium"].here
    for voice in listed.values():
        if voice.here:
            voice.open()


def test_a_folder_without_a_voice_is_refused_with_what_was_looked_for(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"holds no voice: .*\.onnx.*config\.json"):
        voices([tmp_path])
    assert [voice.name for voice in voices([tiny_piper.build(tmp_path / "mine")])].count("mine") == 1


def test_values_are_read_by_their_types() -> None:
    shown, read = sentence("zh")
    assert "1234.50元" in shown
    assert "一千二百三十四元五角" in read
    assert "三月八号" in read
    assert "幺三八" in read
    assert not re.search(r"\d", read + sentence("en")[1])


def test_the_page_holds_a_labelled_sound_for_every_voice_and_needs_nothing_else(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "voices.html"
    result = CliRunner().invoke(app, ["voices", "--samples", str(out)])
    assert result.exit_code == 0, result.output
    page = out.read_text(encoding="utf-8")
    here = [voice for voice in voices() if voice.here]
    sounds = [base64.b64decode(found) for found in re.findall(r'src="data:audio/wav;base64,([^"]+)"', page)]
    assert len(sounds) == sum(len(voice.languages) for voice in here) == page.count("<audio controls")
    for sound in sounds:
        assert "AIGC" in comment_of(sound)
        assert 3 < decode(sound).seconds < 60
    assert not re.search(r"<script|<link|https?://", page)
    assert "zh_CN-huayan-medium" in page
    assert "CC0" in page


def test_the_command_lists_them(folder: Path) -> None:
    result = CliRunner().invoke(app, ["voices", "--json"])
    told = {voice["name"]: voice for voice in json.loads(result.stdout)}
    assert told["tiny-en"]["licence"] == "CC0"
    assert "tiny-en" in CliRunner().invoke(app, ["voices"]).output
