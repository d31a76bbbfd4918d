"""Lines put together from recordings and values: as loud as each other, no clicks, the pauses the text asks for."""

import itertools
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from huashu.core.actions import Say, SpokenPart
from huashu.core.audio import Audio
from huashu.flows.loader import load
from huashu.tts.engine import Capabilities, Utterance
from huashu.tts.registry import open_voice
from huashu.voice.playback import Playback
from huashu.voice.render import Renderer, Rendering
from huashu.voice.splicing import Sound, ends, joined, loudness, pause, spelled, unit
from tests.voice.voice_fakes import RATE, tone

pytestmark = pytest.mark.audio

PARTS = (
    SpokenPart("您这期账单", "rec/账单.wav"),
    SpokenPart("一千二百元"),
    SpokenPart("，可以分期。", "rec/分期.wav"),
)
LINE = Say("1.1", "您这期账单1200元，可以分期。", "您这期账单一千二百元，可以分期。", parts=PARTS, fixed=False)


def hum(seconds: float, level: float, *, rate: int = RATE, pitch: int = 150) -> bytes:
    """A buzz with the overtones of a voice, between 0.2 s of quiet."""
    t = np.arange(round(seconds * rate)) / rate
    sound = np.sum([np.sin(2 * np.pi * pitch * number * t) / number for number in range(1, 12)], axis=0)
    pcm: bytes = (level * 12000 * sound).astype("<i2").tobytes()
    quiet = bytes(2 * round(0.2 * rate))
    return quiet + pcm + quiet


class HumVoice:
    """0.2 s of a buzz for each character."""

    def __init__(self, level: float) -> None:
        self.capabilities = Capabilities("hum", ("zh",), 16000, streaming=True)
        self.level = level
        self.asked: list[str] = []

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        self.asked.append(utterance.text)
        yield Audio(hum(0.2 * len(utterance.text), self.level, rate=16000, pitch=130), 16000)


def record(path: Path, pcm: bytes, *, rate: int = RATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    record(tmp_path / "rec" / "账单.wav", hum(1.0, 0.5))
    record(tmp_path / "rec" / "分期.wav", hum(1.0, 0.35, rate=16000), rate=16000)
    return tmp_path


def rendered(folder: Path, voice: object, say: Say = LINE) -> Rendering:
    return Renderer(voice, rate=RATE, folder=folder, inline=True).render(say)  # type: ignore[arg-type]


def sound_of(rendering: Rendering) -> Sound:
    return _floats(b"".join(chunk.pcm for chunk in rendering.chunks))


def _floats(pcm: bytes) -> Sound:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)


def stretches(sound: Sound, least: float) -> list[tuple[int, int]]:
    """Where it sounds, parted by at least so many seconds of quiet."""
    loud = np.flatnonzero(np.abs(sound) > 0.004)
    breaks = np.flatnonzero(np.diff(loud) > least * RATE)
    return list(zip([int(loud[0]), *map(int, loud[breaks + 1])], [*map(int, loud[breaks]), int(loud[-1])], strict=True))


@pytest.mark.parametrize("level", [0.15, 0.5, 1.2])
def test_parts_are_as_loud_as_each_other(folder: Path, level: float) -> None:
    sound = sound_of(rendered(folder, HumVoice(level)))
    found = [loudness(sound[first:last], RATE) for first, last in stretches(sound, 0.02)]
    assert len(found) == 3
    told = [value for value in found if value is not None]
    assert max(told) - min(told) < 0.5, "at the joints: 2 dB would be heard"


def test_pauses_are_those_of_the_text_and_edges_do_not_click(folder: Path) -> None:
    sound = sound_of(rendered(folder, HumVoice(0.5)))
    (_, first), (second, third), (fourth, _) = stretches(sound, 0.02)
    # 0.02 s of each part's own quiet is left at either end
    assert (second - first) / RATE == pytest.approx(0.04 + 0.04, abs=0.015)
    assert (fourth - third) / RATE == pytest.approx(0.15 + 0.04, abs=0.015)
    edges = [sound[at - 80 : at + 80] for at in (first, second, third, fourth)]
    usual = np.abs(np.diff(sound[first - 2000 : first - 500])).max()
    assert max(np.abs(np.diff(edge)).max() for edge in edges) <= 1.05 * usual


def test_a_part_cut_in_its_sound_is_faded() -> None:
    flat = _floats(tone(1000, 0.5))
    faded = joined(unit(flat, RATE), None, RATE)
    assert abs(faded[0]) < 0.01 * np.abs(flat).max()
    assert abs(faded[-1]) < 0.01 * np.abs(flat).max()
    assert np.array_equal(faded[40:-40], flat[40:-40])


def test_a_recording_far_under_the_others_is_not_all_noise() -> None:
    quiet = unit(_floats(tone(1000, 0.5, level=0.01)), RATE)
    assert quiet.loudness is not None
    raised = loudness(joined(quiet, quiet.loudness + 40, RATE), RATE)
    assert raised == pytest.approx(quiet.loudness + 12, abs=0.3)


def test_the_ledger_counts_the_text(folder: Path) -> None:
    def heard(seconds: float) -> str:
        playback = Playback(Renderer(HumVoice(0.5), rate=RATE, folder=folder, inline=True), rate=RATE)
        playback.add(LINE)
        for _ in range(round(seconds * 50)):
            playback.frame()
        playback.cut()
        return playback.ledger[0].heard

    assert heard(0.0) == ""
    assert heard(0.56) == "您这期"
    assert heard(1.5) == "您这期账单一千"
    assert heard(9.0) == LINE.spoken


def test_the_first_recording_plays_before_the_value_has_been_made(folder: Path) -> None:
    there: list[int] = []
    rendering = Rendering(0)

    class Watching(HumVoice):
        def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
            there.append(rendering.size)
            return super().synthesise(utterance)

    renderer = Renderer(Watching(0.5), rate=RATE, folder=folder, inline=True)
    renderer._fill(LINE, rendering)
    assert there[0] > 0.9 * 2 * RATE
    assert rendering.done


def test_without_one_of_its_recordings_the_line_is_spoken(folder: Path) -> None:
    (folder / "rec" / "分期.wav").unlink()
    voice = HumVoice(0.5)
    rendering = rendered(folder, voice)
    assert "".join(voice.asked) == LINE.spoken
    assert not rendering.failed


def test_a_voice_without_end_is_stopped(folder: Path) -> None:
    class Endless(HumVoice):
        def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
            while True:
                yield Audio(bytes(16000 * 20), 16000)

    rendering = rendered(folder, Endless(0.5))
    assert rendering.failed
    assert rendering.size < 4 * RATE, "the recording before the value stands"


def test_a_value_from_recorded_words(folder: Path) -> None:
    for word in ("一", "千", "二", "百", "元"):
        record(folder / "rec" / "数" / f"{word}.wav", hum(0.3, 0.3))
    parts = (PARTS[0], SpokenPart("一千二百元", "rec/数/"), PARTS[2])
    voice = HumVoice(0.5)
    sound = sound_of(rendered(folder, voice, Say("1", LINE.text, LINE.spoken, parts=parts)))
    assert voice.asked == []
    assert len(stretches(sound, 0.02)) == 7
    (folder / "rec" / "数" / "百.wav").unlink()
    rendered(folder, voice, Say("1", LINE.text, LINE.spoken, parts=parts))
    assert voice.asked == ["一千二百元"], "a word is missing: the voice reads all of the value"


def test_the_recordings_of_a_script_are_read_before_the_first_call(monkeypatch: pytest.MonkeyPatch) -> None:
    example = Path(__file__).resolve().parents[2] / "examples" / "redelivery_zh"
    renderer = Renderer(HumVoice(0.5), rate=RATE, folder=example, inline=True)
    renderer.prepare(load(example))
    monkeypatch.setattr(renderer, "_folder", None)  # nothing can be read any more
    for name in ("您手机号是", "的包裹今天没送到", "数字/幺"):
        assert renderer._parts._unit(f"rec/{name}.wav").loudness is not None


def test_words_are_found_the_longest_first() -> None:
    words = {name: Path(name) for name in ("一", "一百", "二", "one", "one hundred", "two")}

    def told(text: str) -> list[tuple[float, str]] | None:
        found = spelled(text, words)
        return None if found is None else [(quiet, path.name) for quiet, path in found]

    assert told("一百一，二二。") == [(0.0, "一百"), (0.02, "一"), (0.15, "二"), (0.02, "二")]
    assert told("One hundred two") == [(0.0, "one hundred"), (0.02, "two")]
    assert told("oneself") is None
    assert told("三") is None
    assert told("") == []


def test_loudness_is_that_of_the_standard() -> None:
    t = np.arange(4 * 48000) / 48000
    sine = np.sin(2 * np.pi * 997 * t).astype(np.float32)
    assert loudness(sine, 48000) == pytest.approx(-3.01, abs=0.05)  # BS.1770-4, section on meters: 0 dBFS mono
    assert loudness(sine * np.float32(0.1), 48000) == pytest.approx(-23.01, abs=0.05)
    quiet_between = np.concatenate([sine, np.zeros_like(sine), sine])
    assert loudness(quiet_between, 48000) == pytest.approx(-3.0, abs=0.2), "pauses are gated out"
    low = np.sin(2 * np.pi * 40 * t).astype(np.float32)
    told = loudness(low, 48000)
    assert told is not None
    assert told < -6, "hum counts for little"
    assert loudness(np.zeros(8000, np.float32), 8000) is None
    narrow = np.sin(2 * np.pi * 997 * np.arange(8000) / 8000).astype(np.float32)
    assert loudness(narrow, 8000) == pytest.approx(-3.01, abs=0.05)


def test_quiet_ends_and_pauses() -> None:
    sound = np.concatenate([np.zeros(800), np.full(400, 0.5), np.zeros(1600)]).astype(np.float32)
    assert ends(sound, RATE) == (800 - 160, 1200 + 160)
    assert ends(np.zeros(100, np.float32), RATE) == (0, 0)
    assert [pause("账单", "一千"), pause("元", "，可以"), pause("好。", "可以"), pause("a,", "b")] == [
        0.04,
        0.15,
        0.3,
        0.15,
    ]


def test_speech_of_a_voice_beside_recordings_of_people(data: Path, tmp_path: Path) -> None:
    """The loudness step at the joints, with people's recordings of very different level."""
    pytest.importorskip("espeakng_loader", reason="the extra `espeak` is not installed")
    clips = sorted((data / "speech_zh" / "aishell3_sample").rglob("*.wav"))[:6]
    if len(clips) < 2:
        pytest.skip("no recordings of aishell3_sample")
    (tmp_path / "rec").mkdir()
    for clip in clips:
        (tmp_path / "rec" / clip.name).write_bytes(clip.read_bytes())
    voice = open_voice("espeak")
    for one, other in itertools.pairwise(clips):
        parts = (
            SpokenPart("您好", f"rec/{one.name}"),
            SpokenPart("一千二百元"),
            SpokenPart("再见", f"rec/{other.name}"),
        )
        rendering = rendered(tmp_path, voice, Say("1", "您好1200元再见", "您好一千二百元再见", parts=parts))
        uptos = [2, 7, 9]
        sounds = [
            b"".join(chunk.pcm for chunk in rendering.chunks if low < chunk.upto <= high)
            for low, high in zip((0, 2, 7), uptos, strict=True)
        ]
        found = [loudness(_floats(pcm), RATE) for pcm in sounds]
        told = [value for value in found if value is not None]
        assert len(told) == 3
        assert max(abs(a - b) for a, b in itertools.pairwise(told)) <= 2.0, one.name
