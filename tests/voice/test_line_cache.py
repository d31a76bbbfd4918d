"""Fixed lines between runs: found again with their words, bounded, and shared by several processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from huashu.cli import app
from huashu.core.actions import Say
from huashu.core.audio import Audio
from huashu.flows.loader import load
from huashu.tts.engine import Capabilities, Utterance
from huashu.tts.espeak import EspeakVoice
from huashu.voice.line_cache import Chunk, LineCache
from huashu.voice.playback import Playback
from huashu.voice.render import Renderer
from tests.voice.voice_fakes import RATE, BuzzVoice

pytestmark = pytest.mark.audio
LINE = (Chunk(b"\1\0" * 50, 2), Chunk(b"\2\0" * 70, 5))


def test_a_line_comes_back_as_it_was_with_what_was_read_when(tmp_path: Path) -> None:
    LineCache(tmp_path).put("a", LINE)
    assert LineCache(tmp_path).get("a") == LINE
    assert LineCache(tmp_path).get("b") is None
    assert LineCache().get("a") is None


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-2], lambda data: b"RIFF" + data[4:], lambda _: b"", lambda data: data[:9]]
)
def test_a_file_that_is_broken_is_as_good_as_none(tmp_path: Path, spoil: object) -> None:
    LineCache(tmp_path).put("a", LINE)
    [path] = tmp_path.iterdir()
    path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]
    assert LineCache(tmp_path).get("a") is None


def test_the_folder_stays_within_its_bound_and_keeps_what_was_asked_for(tmp_path: Path) -> None:
    cache = LineCache(tmp_path, most_on_disk=10_000, most_bytes=1)
    for number in range(100):
        cache.put(f"{number:03}", LINE)
        for path in tmp_path.glob("*.line"):
            os.utime(path, (number, number) if path.stem != "000" else None)  # 000 was asked for just now
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 11_000
    names = {path.stem for path in tmp_path.iterdir()}
    assert {"000", "099"} <= names
    assert 20 < len(names) < 45


def test_a_half_written_file_is_removed_when_it_is_old(tmp_path: Path) -> None:
    old, fresh = tmp_path / "x.1.1.part", tmp_path / "y.1.1.part"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    LineCache(tmp_path).put("a", LINE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.line", "y.1.1.part"]


def test_a_folder_that_cannot_be_written_to_costs_nothing_but_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = LineCache(tmp_path / "file")
    cache.put("a", LINE)
    assert cache.get("a") == LINE


_WRITER = """
import sys
from collections.abc import Iterator
from pathlib import Path
from huashu.voice.line_cache import Chunk, LineCache
cache = LineCache(Path(sys.argv[1]), most_on_disk=20_000, most_bytes=1)
for number in range(400):
    key = str(number % 37)
    found = cache.get(key)
    assert found is None or found == (Chunk(key.encode().ljust(400, b"."), 7),), key
    cache.put(key, (Chunk(key.encode().ljust(400, b"."), 7),))
"""


def test_several_processes_share_a_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _WRITER, str(tmp_path)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 22_000
    assert not list(tmp_path.glob("*.part"))


def test_a_line_is_made_anew_for_another_engine_speed_voice_language_or_reading(tmp_path: Path) -> None:
    voice = BuzzVoice()
    asked = 0

    def made(say: Say, **options: object) -> bool:
        nonlocal asked
        Renderer(voice, rate=RATE, inline=True, cache=LineCache(tmp_path), **options).render(say)  # type: ignore[arg-type]
        before, asked = asked, len(voice.asked)
        return asked > before

    line = Say("1", "您好。")
    assert made(line)
    assert not made(line)
    assert made(Say("1", "您好。", rate=0.85))
    assert made(Say("1", "您好。", voice="other"))
    assert made(Say("1", "您好。", language="en-US"))
    assert made(line, pronounce={"zh-CN": {"您": "你"}})
    voice.capabilities = Capabilities("buzz", ("zh", "en"), 16000, streaming=True, version="2")
    assert made(line)
    assert not made(line)


def test_training_makes_the_lines_that_a_call_will_ask_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fixed line of both languages, and none of them is made again by a server's renderer."""
    pytest.importorskip("espeakng_loader", reason="the extra `espeak` is not installed")
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path))
    example = Path(__file__).resolve().parents[2] / "examples" / "redelivery_zh"
    result = CliRunner().invoke(app, ["train", str(example), "--voice", "espeak"])
    assert result.exit_code == 0, result.output
    assert f"in {tmp_path / 'lines'}" in result.output
    kept = LineCache(tmp_path / "lines")
    script = load(example)

    class Silent(EspeakVoice):
        def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
            raise AssertionError("this line was to be there")

    renderer = Renderer(Silent(), rate=8000, folder=example, cache=kept, pronounce=script.pronounce, inline=True)
    playback = Playback(renderer, rate=8000)
    for language, text in (("zh-CN", "您还在听吗？"), ("en-US", "Which day would suit you?")):
        voice = script.voice if language == script.language else None
        playback.add(Say(f"{language}", text, language=language, voice=voice))
        assert any(playback.frame()), "sound in the first 20 ms"
        playback.stop()
        playback.reports()
        for _ in range(20):
            playback.frame()
