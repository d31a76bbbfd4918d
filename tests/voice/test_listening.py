"""The page about a recording: turns and times from the sound, words and marks from the log."""

import base64
import json
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from huashu.cli import app
from huashu.core.actions import Say
from huashu.core.codec import to_data
from huashu.core.errors import UsageError
from huashu.core.events import Heard, SpeechStarted
from huashu.voice.listening import listen
from huashu.voice.listening_page import Marks, listening_page
from huashu.voice.recording import Recording
from tests.voice.voice_fakes import RATE, frames, noise, silence, tone

pytestmark = pytest.mark.audio


def recording(path: Path, caller: bytes, bot: bytes) -> Path:
    with Recording(path, rate=RATE) as file:
        for left, right in zip(frames(caller), frames(bot), strict=True):
            file.add(left, right)
    return path


@pytest.fixture
def call(tmp_path: Path) -> Path:
    """The bot speaks from 0 to 2 s, is spoken over at 1.5 s (to 2.5 s), and answers at 2.8 s; silence to 40 s."""
    hiss = noise(40.0, level=0.001)
    caller = np.frombuffer(hiss, "<i2").copy()
    caller[round(1.5 * RATE) : round(2.5 * RATE)] += np.frombuffer(tone(300, 1.0), "<i2")
    bot = tone(150, 2.0) + silence(0.8) + tone(150, 1.0) + silence(36.2)
    return recording(tmp_path / "call.wav", caller.tobytes(), bot)


def test_turns_and_times_come_from_the_sound(call: Path) -> None:
    heard = listen(call)
    [turn] = heard.turns
    assert turn.caller.start == pytest.approx(1.5, abs=0.02)
    assert turn.caller.end == pytest.approx(2.5, abs=0.02)
    assert turn.answer == pytest.approx(0.3, abs=0.02)
    assert turn.over == pytest.approx(0.5, abs=0.02)
    assert heard.both == pytest.approx(0.5, abs=0.03)
    assert heard.longest_silence == pytest.approx(36.2, abs=0.05)
    assert heard.seconds == pytest.approx(40.0)


def test_nobody_spoke(tmp_path: Path) -> None:
    heard = listen(recording(tmp_path / "quiet.wav", silence(3.0), silence(3.0)))
    assert heard.turns == ()
    assert heard.caller.level is None
    assert "–" in listening_page("quiet.wav", heard)


def test_the_page_shows_words_and_needs_nothing_from_outside(call: Path) -> None:
    marks: Marks = [(1.5, SpeechStarted()), (2.7, Heard("等等 <b>")), (2.8, Say("3.1", "好的。"))]
    for language, word in (("zh-CN", "逐轮明细"), ("en", "Turn by turn")):
        page = listening_page("call.wav", listen(call), marks, language=language)
        assert word in page
        assert "等等 &lt;b&gt;" in page
        assert "好的。" in page
        assert not re.search(r"<script|<link|https?://|<b>等", page)
        assert page.count("<svg") == 2, "30 s a row"
        assert ">0.30</text>" in page, "the time to the answer stands in the picture"
        assert ">0.50</text>" in page, "and how long the bot spoke on"


def test_the_sound_can_be_in_the_page(call: Path, tmp_path: Path) -> None:
    for option, there in (("--sound", True), ("--no-sound", False)):
        out = tmp_path / "page.html"
        result = CliRunner().invoke(app, ["listen", str(call), option, "--out", str(out), "--language", "en"])
        assert result.exit_code == 0, result.output
        found = re.search(r'src="data:audio/wav;base64,([^"]+)"', out.read_text(encoding="utf-8"))
        assert (found is not None) == there
        assert found is None or base64.b64decode(found[1]) == call.read_bytes()


def test_a_slow_answer_is_marked_and_dots_of_one_instant_stand_apart(tmp_path: Path) -> None:
    caller = tone(300, 1.0) + silence(5.0)
    bot = silence(3.5) + tone(150, 1.0) + silence(1.5)
    heard = listen(recording(tmp_path / "slow.wav", caller, bot))
    marks: Marks = [
        (3.5, Heard("好")),
        (3.5, Say("1.1", "好的。")),
        (1.0, Heard("", final=True)),
        (2.0, Heard("半", False)),
    ]
    page = listening_page("slow.wav", heard, marks)
    assert "2.50 ⚠" in page
    assert 'style="fill:var(--red)">2.50</text>' in page
    dots = sorted(float(x) for x in re.findall(r'<circle cx="([\d.]+)"', page))
    assert len(dots) == 3
    assert min(b - a for a, b in pairwise(dots)) >= 14
    assert "（没有文字）" in page
    assert ">半<" not in page


def test_the_command_reads_a_log(call: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.json"
    event = {"seq": 1, "now": 2.7, **to_data(Heard("等等"))}
    log.write_text(json.dumps({"events": [event]}), encoding="utf-8")
    out = tmp_path / "page.html"
    result = CliRunner().invoke(app, ["listen", str(call), "--log", str(log), "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "等等" in out.read_text(encoding="utf-8")
    result = CliRunner().invoke(app, ["listen", str(call), "--json"])
    assert json.loads(result.stdout)["turns"][0]["answer"] == pytest.approx(0.3, abs=0.02)


def test_what_is_no_recording_or_no_log_says_so(call: Path, tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_bytes(b"RIFF")
    with pytest.raises(UsageError, match=r"no\.wav"):
        listen(tmp_path / "no.wav")
    (tmp_path / "log.json").write_text("[]", encoding="utf-8")
    result = CliRunner().invoke(app, ["listen", str(call), "--log", str(tmp_path / "log.json")])
    assert isinstance(result.exception, UsageError)
    assert "calls show" in str(result.exception)


def test_a_page_is_in_one_of_two_languages(tmp_path: Path) -> None:
    for command in (["listen", "any.wav"], ["voices"]):
        result = CliRunner().invoke(app, [*command, "--language", "fr"])
        assert isinstance(result.exception, UsageError)
        assert str(result.exception) == "--language fr: expected zh-CN or en"
