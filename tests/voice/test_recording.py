import json
import wave
from pathlib import Path

import numpy as np
import pytest

from huashu.core.errors import UsageError
from huashu.voice.recording import Recording
from huashu.voice.wav import ai_label, comment_of, decode

pytestmark = pytest.mark.store


def test_both_sides_stand_sample_by_sample(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    left, right = (rng.integers(-30000, 30000, 160 * 120).astype("<i2") for _ in range(2))
    with Recording(tmp_path / "deep" / "call.wav", rate=8000) as recording:
        for start in range(0, len(left), 160):
            recording.add(left[start : start + 160].tobytes(), right[start : start + 160].tobytes())
        assert recording.seconds == pytest.approx(2.4)
    with wave.open(str(tmp_path / "deep" / "call.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 160 * 120)
        both = np.frombuffer(file.readframes(160 * 120), "<i2").reshape(-1, 2)
    assert (both[:, 0] == left).all()
    assert (both[:, 1] == right).all()


def test_a_worker_that_dies_leaves_a_playable_file(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "cut.wav", rate=8000)
    for _ in range(130):
        recording.add(bytes(320), bytes(320))
    with wave.open(str(tmp_path / "cut.wav")) as file:  # not closed: only whole seconds are in it
        assert file.getnframes() == 100 * 160
    recording.close()


def test_sides_of_different_length_are_refused(tmp_path: Path) -> None:
    with Recording(tmp_path / "call.wav", rate=8000) as recording, pytest.raises(ValueError, match="differ"):
        recording.add(bytes(320), bytes(318))


def test_the_file_says_that_its_voice_is_synthetic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUASHU_PROVIDER", "江城银行")
    with Recording(tmp_path / "call.wav", rate=8000, comment=ai_label("call-7")) as recording:
        recording.add(bytes(320), b"\1\0" * 160)
    data = (tmp_path / "call.wav").read_bytes()
    assert json.loads(comment_of(data)) == {
        "AIGC": {"Label": "1", "ContentProducer": "江城银行", "ProduceID": "call-7"}
    }
    with wave.open(str(tmp_path / "call.wav")) as file:  # other readers pass it over
        assert (file.getnchannels(), file.getnframes()) == (2, 160)
    assert decode(data).sound[0] == pytest.approx(0.5 / 32768)
    monkeypatch.delenv("HUASHU_PROVIDER")
    assert '"ContentProducer": "huashu"' in ai_label("1")
    assert comment_of(b"RIFF\0\0\0\0WAVEdata") == ""


class Full:
    """A file on a disk that fills up in the middle of a write."""

    closed = False
    writes = 0

    def seek(self, *_: int) -> None:
        pass

    def write(self, data: bytes) -> int:
        self.writes += 1
        return len(data) if self.writes < 3 else len(data) // 2

    def close(self) -> None:
        self.closed = True


def test_a_disk_that_is_full_ends_the_recording_and_not_the_call(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    recording = Recording(tmp_path / "call.wav", rate=8000)
    full = Full()
    vars(recording)["_file"] = full
    for _ in range(400):
        recording.add(bytes(320), bytes(320))
    recording.close()
    assert full.writes == 3
    assert "recording call.wav ends after 1 s: No space left" in caplog.text


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"the recording .*file/call\.wav cannot be written: "):
        Recording(tmp_path / "file" / "call.wav", rate=8000)
