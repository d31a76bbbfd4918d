"""Recordings of lines: whole ones, and those with the line's variables between them; each slip by its place."""

import struct
import wave
from pathlib import Path

import pytest

from huashu.flows.recordings import wav_rate
from tests.flows.folders import BOT, NLU, STEPS, check_files, marked
from tests.flows.test_compiled_scripts import step

pytestmark = pytest.mark.engine

LINE = "您这期账单【金额】，可以分【期数】期。"
RECORDS = ("rec/账单.wav", "rec/可以分.wav", "rec/期.wav", "rec/数/一.wav", "rec/数/二.wav")
GOOD = "[rec/账单.wav, 【金额】, rec/可以分.wav, 【期数】 rec/数, rec/期.wav]"


def record(path: Path, *, rate: int = 8000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(1600))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in RECORDS:
        record(tmp_path / path)
    return tmp_path


def files(audio: str, text: str = LINE) -> dict[str, str]:
    bot = BOT.replace("金额: {type: money, private: true}", "金额: money")
    flow = STEPS + f"- 报账:\n    say: {text}\n    audio: {audio}\n"
    return {"bot.yaml": bot, "flows/a.yaml": flow, "nlu/a.yaml": NLU}


def test_each_part_of_the_line_has_its_recording(folder: Path) -> None:
    report = check_files(folder, files(GOOD))
    assert report.script is not None, report.findings
    say = step(report.script, "主流程", "报账").say
    assert say is not None
    [line] = say.lines
    assert line.audio is None
    assert line.spliced == ("rec/账单.wav", None, "rec/可以分.wav", "rec/数/", "rec/期.wav")


def test_marks_alone_need_no_recording(folder: Path) -> None:
    report = check_files(folder, files("[【金额】, rec/期.wav, 【期数】]", "【金额】，期【期数】。"))
    assert report.script is not None, report.findings
    say = step(report.script, "主流程", "报账").say
    assert say is not None
    assert say.lines[0].spliced == (None, "rec/期.wav", None, None)


CASES = [
    ("audio_variables", "[rec/账单.wav, ▲【期数】, rec/可以分.wav, 【金额】, rec/期.wav]", LINE),
    ("audio_variables", "[rec/账单.wav, 【金额】, rec/可以分.wav, ▲rec/期.wav]", LINE),
    ("audio_variables", "[rec/账单.wav, ▲【金额】]", "您这期账单到了。"),
    ("audio_stretches", "[rec/账单.wav, 【金额】, ▲【期数】, rec/期.wav]", LINE),
    ("audio_stretches", "[rec/账单.wav, ▲rec/账单.wav, 【金额】, rec/可以分.wav, 【期数】, rec/期.wav]", LINE),
    ("audio_stretches", "[rec/账单.wav, 【金额】, rec/可以分.wav, ▲【期数】]", LINE),
    ("audio_missing", "[▲rec/没有.wav, 【金额】, rec/可以分.wav, 【期数】, rec/期.wav]", LINE),
    ("audio_missing", "[rec/账单.wav, 【金额】, rec/可以分.wav, ▲【期数】 rec/没有, rec/期.wav]", LINE),
    ("audio_outside", "[▲../账单.wav, 【金额】, rec/可以分.wav, 【期数】, rec/期.wav]", LINE),
    ("audio_with_placeholder", "▲rec/账单.wav", LINE),
    ("audio_format", "▲rec/文字.wav", "您好。"),
    ("audio_rate", "▲rec/慢.wav", "您好。"),
    ("audio_rate", "[rec/账单.wav, 【金额】, ▲rec/慢.wav, 【期数】, rec/期.wav]", LINE),
]


@pytest.mark.parametrize(("code", "audio", "text"), CASES)
def test_every_slip_is_told_where_it_is(folder: Path, code: str, audio: str, text: str) -> None:
    (folder / "rec" / "文字.wav").write_text("no sound")
    record(folder / "rec" / "慢.wav", rate=6000)
    given = files(audio, text)
    report = check_files(folder, given)
    shown = [(item.code, item.file, item.line, item.column) for item in report.errors]
    assert shown == [(code, *place) for place in marked(given)]


@pytest.mark.parametrize(
    ("coding", "bits", "rate"), [(1, 16, 8000), (6, 8, 8000), (7, 8, 16000), (3, 32, 48000), (1, 24, 44100)]
)
def test_codings_that_can_be_played(tmp_path: Path, coding: int, bits: int, rate: int) -> None:
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36, b"WAVE", b"fmt ", 16, coding, 1, rate, rate, bits // 8, bits)
    (tmp_path / "a.wav").write_bytes(head + b"data\0\0\0\0")
    assert wav_rate(tmp_path / "a.wav") == rate


@pytest.mark.parametrize("data", [b"", b"RIFF", b"ID3\x04" * 20, b"RIFF\0\0\0\0WAVEdata\0\0\0\0"])
def test_files_that_cannot(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(data)
    assert wav_rate(tmp_path / "a.wav") is None
    mp3 = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36, b"WAVE", b"fmt ", 16, 85, 1, 8000, 1000, 1, 0)
    (tmp_path / "a.wav").write_bytes(mp3)
    assert wav_rate(tmp_path / "a.wav") is None
    assert wav_rate(tmp_path / "none.wav") is None
