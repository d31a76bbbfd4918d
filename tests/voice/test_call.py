import wave
from dataclasses import replace
from pathlib import Path

import pytest

from huashu.core.actions import Say
from huashu.core.errors import EngineError, UsageError
from huashu.core.events import Heard, PlaybackEnded, Started
from huashu.voice.ahead import expectations
from huashu.voice.call import CallReport, run_call
from tests.voice.voice_fakes import RATE, BuzzVoice, LoudDetector, ToneRecogniser, noise, silence, tone
from tests.voice.voice_line import WORDS, make_bot

pytestmark = pytest.mark.cli


def write(path: Path, pcm: bytes, rate: int = RATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)


async def call(folder: Path, source: Path, *, record: Path | None = None) -> CallReport:
    return await run_call(
        make_bot(folder / "bot"),
        source,
        recogniser=ToneRecogniser(WORDS),
        voice=BuzzVoice(),
        record=record,
        started=Started("call-7", medium="voice", wall=1.8e9),
        detector=LoudDetector(),
    )


async def test_utterances_of_a_folder_are_spoken_when_the_bot_listens(tmp_path: Path) -> None:
    write(tmp_path / "caller" / "1.wav", tone(400, 0.5))
    write(tmp_path / "caller" / "2.wav", tone(1000, 0.5, rate=16000), 16000)
    report = await call(tmp_path, tmp_path / "caller", record=tmp_path / "out" / "call.wav")
    assert [(line.who, line.text) for line in report.transcript] == [
        ("bot", "您好，这里是银行的智能客服，先说一段很长的话。"),
        ("bot", "请问您是本人吗？"),
        ("caller", "是的"),
        ("bot", "想分几期？"),
        ("caller", "六期"),
        ("bot", "谢谢您再见。"),
    ]
    assert report.disposition is not None
    assert report.disposition.result == "success"
    assert all(entry.played == 1.0 for entry in report.spoken)
    asked = [at for at, what in report.events if isinstance(what, PlaybackEnded)][1]
    heard = next(at for at, what in report.events if isinstance(what, Heard))
    assert heard == pytest.approx(asked + 0.3 + 0.1, abs=0.1)
    with wave.open(str(tmp_path / "out" / "call.wav")) as file:
        assert file.getnframes() / RATE == pytest.approx(report.seconds, abs=0.021)


async def test_a_file_is_played_from_the_start(tmp_path: Path) -> None:
    write(tmp_path / "caller.wav", silence(1.0) + tone(800, 1.0) + silence(2.0))
    report = await call(tmp_path, tmp_path / "caller.wav")
    assert report.spoken[0].seconds == pytest.approx(1.0, abs=0.1)
    assert ("caller", "我想问一下手续费") in [(line.who, line.text) for line in report.transcript]
    assert report.disposition is not None
    assert report.disposition.result == "no_input"


async def test_a_caller_who_only_coughs_is_let_go_in_the_end(tmp_path: Path) -> None:
    write(tmp_path / "caller" / "a.wav", noise(0.5))
    report = await call(tmp_path, tmp_path / "caller")
    assert [line.text for line in report.transcript if line.who == "caller"] == []
    assert report.disposition is not None
    assert report.disposition.result == "no_input"
    assert report.seconds < 60


async def test_the_same_call_twice_is_the_same(tmp_path: Path) -> None:
    write(tmp_path / "caller" / "1.wav", tone(400, 0.5))
    first, second = [await call(tmp_path, tmp_path / "caller") for _ in range(2)]
    assert first.events == second.events
    assert [what.text for _, what in first.events if isinstance(what, Say)]


async def test_what_cannot_be_played_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.wav").write_text("words, not sound")
    for name, message in (("empty", "no .wav"), ("text.wav", "cannot be played"), ("none.wav", "cannot be played")):
        with pytest.raises(UsageError, match=message):
            await call(tmp_path, tmp_path / name)


def test_what_the_steps_listen_for_is_known_before_the_call(tmp_path: Path) -> None:
    script = make_bot(tmp_path / "bot").script
    assert [expect.step for expect in expectations(script)] == ["主.本人", "主.选期数"]


async def test_engines_that_do_not_know_the_language_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "caller.wav", silence(0.1))
    recogniser = ToneRecogniser(WORDS)
    recogniser.capabilities = replace(recogniser.capabilities, languages=("en",))
    with pytest.raises(EngineError, match="speaks zh-CN, the recogniser tones only en"):
        await run_call(make_bot(tmp_path / "bot"), tmp_path / "caller.wav", recogniser=recogniser, voice=BuzzVoice())
