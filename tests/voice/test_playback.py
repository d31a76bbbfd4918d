import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from huashu.core.actions import Say
from huashu.core.audio import Audio
from huashu.core.events import PlaybackEnded, PlaybackMark, PlaybackStarted
from huashu.flows.script import Line, Prompt, Reference
from huashu.tts.engine import Utterance
from huashu.voice.ahead import fixed_lines
from huashu.voice.line_cache import LineCache
from huashu.voice.playback import Playback, Report
from huashu.voice.render import Renderer, Rendering, clauses, read_wav
from tests.voice.voice_fakes import RATE, BuzzVoice, tone

pytestmark = pytest.mark.audio
LINE = "您好，我是小艾，请问您是本人吗？"


def player(voice: BuzzVoice | None = None, **options: object) -> Playback:
    return Playback(Renderer(voice or BuzzVoice(), rate=RATE, inline=True, **options), rate=RATE)  # type: ignore[arg-type]


def play(playback: Playback, frames: int) -> tuple[bytes, list[Report]]:
    sound, reports = b"", []
    for _ in range(frames):
        sound += playback.frame()
        reports += playback.reports()
    return sound, reports


def test_a_line_is_played_whole_and_reported() -> None:
    playback = player()
    playback.add(Say("1.1", LINE))
    sound, reports = play(playback, 100)
    samples = np.frombuffer(sound, "<i2")
    assert np.flatnonzero(np.abs(samples) > 500).max() == pytest.approx(0.1 * len(LINE) * RATE, abs=40)
    assert reports[0] == PlaybackStarted("1.1")
    assert [type(report) for report in reports[1:]] == [PlaybackMark, PlaybackEnded]
    assert reports[-1] == PlaybackEnded("1.1", 1.0)
    assert playback.idle
    assert playback.ledger[0].heard == LINE


def test_the_ledger_is_exact_to_the_frame_where_a_line_is_cut() -> None:
    playback = player()
    playback.add(Say("1.1", LINE))
    play(playback, 37)
    playback.cut()
    [entry] = playback.ledger
    assert entry.seconds == pytest.approx(0.74)
    assert entry.played == pytest.approx(0.74 / (0.1 * len(LINE)), abs=0.001)
    assert entry.heard == LINE[:7]
    assert playback.reports() == [PlaybackEnded("1.1", entry.played)]


FADE = 2 * RATE // 200
"""Bytes of 5 ms."""


def test_pause_and_resume_lose_nothing_and_do_not_click() -> None:
    playback = player()
    playback.add(Say("1.1", LINE))
    whole, _ = play(playback, 121)
    playback = player()
    playback.add(Say("1.1", LINE))
    before, _ = play(playback, 21)
    playback.pause()
    silence, _ = play(playback, 30)
    assert not any(silence[FADE:])  # the first 5 ms die away
    playback.resume()
    after, _ = play(playback, 100)
    assert before + after[FADE:] == whole[: len(before)] + whole[len(before) + FADE :]
    edges = np.frombuffer(before[-160:] + silence + after[:320], "<i2").astype(int)
    usual = np.abs(np.diff(np.frombuffer(whole, "<i2").astype(int))).max()
    assert np.abs(np.diff(edges)).max() <= 1.2 * usual
    assert playback.ledger[0].seconds == pytest.approx(0.1 * len(LINE), abs=0.001)


def test_a_pause_taken_back_at_once_leaves_no_trace() -> None:
    sounds = []
    for wavers in (False, True):
        playback = player()
        playback.add(Say("1.1", LINE))
        before, _ = play(playback, 21)
        if wavers:
            playback.pause()
            playback.resume()
        sounds.append(before + play(playback, 100)[0])
    assert sounds[0] == sounds[1]


def test_a_stopped_line_dies_away_under_the_next_one() -> None:
    playback = player()
    playback.add(Say("1.1", LINE))
    playback.add(Say("1.2", LINE))
    before, _ = play(playback, 21)
    playback.stop("1.1")
    after, reports = play(playback, 1)
    edges = np.frombuffer(before[-160:] + after, "<i2").astype(int)
    assert np.abs(np.diff(edges)).max() < 2000
    assert reports == [PlaybackEnded("1.1", playback.ledger[0].played), PlaybackStarted("1.2")]


@pytest.mark.parametrize("quiet_end", [0.0, 0.1, 0.5], ids=["no end of its own", "short", "long"])
def test_sentences_of_a_line_are_heard_apart(quiet_end: float) -> None:
    class Ends(BuzzVoice):
        def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
            yield from super().synthesise(utterance)
            yield Audio(bytes(2 * round(quiet_end * 16000)), 16000)

    playback = player(Ends())
    playback.add(Say("1.1", "您好。请问您是本人吗？"))
    sound, _ = play(playback, 150)
    loud = np.flatnonzero(np.abs(np.frombuffer(sound, "<i2").astype(int)) > 300)
    gaps = np.diff(loud) / RATE
    assert gaps[gaps > 0.05] == pytest.approx([max(0.3, quiet_end)], abs=0.02)


def test_two_lines_are_a_breath_apart_and_a_pause_in_it_holds_the_second_back() -> None:
    playback = player()
    playback.add(Say("1.1", "好。"))
    playback.add(Say("1.2", "好。"))
    first, _ = play(playback, 10)
    breath, _ = play(playback, 8)
    assert any(first)
    assert not any(breath[FADE:])
    playback.pause()
    held, reports = play(playback, 20)
    assert not any(held)
    assert reports == []
    playback.resume()
    _, reports = play(playback, 1)
    assert reports == [PlaybackStarted("1.2")]


def test_lines_behind_a_cut_one_wait_and_are_dropped_by_stop() -> None:
    playback = player()
    for number in range(3):
        playback.add(Say(f"1.{number}", LINE))
    play(playback, 10)
    playback.cut()
    sound, reports = play(playback, 10)
    assert not any(sound[FADE:])
    assert [type(report) for report in reports] == [PlaybackEnded]
    playback.resume()
    _, reports = play(playback, 10)
    assert reports == [PlaybackStarted("1.1")]
    playback.stop()
    ended = playback.reports()
    assert [(report.say, report.played) for report in ended if isinstance(report, PlaybackEnded)] == [
        ("1.1", pytest.approx(0.2 / (0.1 * len(LINE)), abs=0.001)),
        ("1.2", 0.0),
    ]


def test_sound_starts_with_the_first_clause() -> None:
    class Slow:
        """Gives the first clause only."""

        def render(self, say: Say) -> Rendering:
            rendering = Rendering(len(say.text))
            rendering.add(tone(150, 0.5), 5)
            return rendering

    playback = Playback(Slow(), rate=RATE, stall=1.0)
    playback.add(Say("1.1", "您好小艾，后面的还没有做好"))
    sound, reports = play(playback, 25)
    assert any(sound[:320])
    assert not playback.owing
    _, reports = play(playback, 10)
    assert playback.owing
    _, reports = play(playback, 45)  # never comes: given up after `stall`
    [ended] = reports
    assert isinstance(ended, PlaybackEnded)
    assert ended.played == pytest.approx(5 / 13, abs=0.01)
    assert playback.ledger[0].heard == "您好小艾，"
    assert playback.stalls == 1


def test_a_voice_that_fails_ends_the_line_unheard() -> None:
    playback = player(BuzzVoice(fails=True))
    playback.add(Say("1.1", LINE))
    _, reports = play(playback, 3)
    assert reports == [PlaybackEnded("1.1", 0.0)]


def test_fixed_lines_are_made_once_and_kept_in_the_folder(tmp_path: Path) -> None:
    voice = BuzzVoice()
    for _ in range(2):
        playback = player(voice, cache=LineCache(tmp_path))
        playback.add(Say("1.1", LINE))
        sound, _ = play(playback, 80)
        assert any(sound)
    made = len(voice.asked)
    assert made == len(clauses(LINE, early=False))
    playback.add(Say("1.2", LINE, fixed=False))
    assert len(voice.asked) == 2 * made


def test_a_recording_replaces_the_voice(tmp_path: Path) -> None:
    write_wav(tmp_path / "rec" / "hello.wav", tone(400, 1.0, rate=16000), 16000)
    voice = BuzzVoice()
    playback = player(voice, folder=tmp_path)
    playback.add(Say("1.1", LINE, audio="rec/hello.wav"))
    sound, reports = play(playback, 60)
    assert voice.asked == []
    assert np.abs(np.fft.rfft(np.frombuffer(sound[:16000], "<i2"))).argmax() == 400
    assert reports[-1] == PlaybackEnded("1.1", 1.0)


@pytest.mark.parametrize("path", ["rec/none.wav", "../outside.wav", "rec/text.wav"])
def test_a_recording_that_cannot_be_played_is_spoken_instead(tmp_path: Path, path: str) -> None:
    bot = tmp_path / "bot"
    write_wav(tmp_path / "outside.wav", tone(400, 1.0), RATE)
    (bot / "rec").mkdir(parents=True)
    (bot / "rec" / "text.wav").write_text("not sound")
    voice = BuzzVoice()
    playback = player(voice, folder=bot)
    playback.add(Say("1.1", LINE, audio=path))
    assert "".join(voice.asked) == LINE


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_wav_files_of_every_width_and_channel_count(tmp_path: Path, width: int) -> None:
    samples = np.frombuffer(tone(200, 0.5, rate=16000), "<i2").astype(np.int64)
    scaled = samples // 256 + 128 if width == 1 else samples << 8 * (width - 2)
    raw = scaled.astype("<i8").tobytes()
    stereo = b"".join(raw[start : start + width] * 2 for start in range(0, len(raw), 8))
    write_wav(tmp_path / "a.wav", stereo, 16000, width=width, channels=2)
    back = np.frombuffer(read_wav(tmp_path / "a.wav", 16000), "<i2")
    assert np.abs(back.astype(int) - samples).max() <= (256 if width == 1 else 1)


def test_clauses_join_to_the_text_and_begin_early() -> None:
    for text in (LINE, "Hello, this is Ann. Is it 3.5 percent? Yes!", "好。。。", "", "一" * 50):
        assert "".join(clauses(text)) == text
    assert clauses("您好，我是小艾同学，请问您现在方便吗？谢谢。")[0] == "您好，我是小艾同学，"
    assert clauses("It costs 3.5 yuan. Fine?") == ["It costs 3.5 yuan.", " Fine?"]


def test_only_lines_without_variables_are_prepared() -> None:
    prompt = Prompt(
        (Line(("您好。",)), Line(("您的账单", Reference("金额")))), translations={"en": (Line(("Hello.",)),)}
    )
    found = [("".join(map(str, line.parts)), tag) for line, tag in fixed_lines_of(prompt)]
    assert found == [("您好。", "zh-CN"), ("Hello.", "en")]


def fixed_lines_of(prompt: Prompt) -> list[tuple[Line, str]]:
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class Little:
        language: str
        flows: dict[str, Prompt]

    return list(fixed_lines(Little("zh-CN", {"a": prompt})))  # type: ignore[arg-type]


def write_wav(path: Path, pcm: bytes, rate: int, *, width: int = 2, channels: int = 1) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(pcm)


def test_words_are_said_as_the_bot_writes_their_sound() -> None:
    voice = BuzzVoice()
    pronounce = {"zh-CN": {"行长": "háng zhǎng", "Huashu": "话术"}, "en-US": {"Huashu": "hwah shoo"}}
    renderer = Renderer(voice, rate=RATE, inline=True, pronounce=pronounce)
    line = renderer.render(Say("1", "行长好。用Huashu。"))
    renderer.render(Say("2", "Use Huashu.", language="en-US"))
    renderer.render(Say("3", "행 Huashu", language="ko-KR"))
    assert voice.asked == ["航掌好。", "用话术。", "Use hwah shoo.", "행 Huashu"]
    assert line.chunks[-1].upto == len("行长好。用Huashu。")  # what was heard is counted in the line's own characters
    again = Renderer(voice, rate=RATE, inline=True, pronounce={"zh-CN": {"行长": "xíng zhǎng"}}, cache=renderer._cache)
    again.render(Say("4", "行长好。用Huashu。"))
    assert len(voice.asked) == 6  # another reading is another sound: nothing of the old one is played


class WordsVoice(BuzzVoice):
    """Words of 0.3 s with 0.1 s between them."""

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        rate = self.capabilities.rate
        for _ in range(5):
            yield Audio(tone(150, 0.3, rate=rate, level=0.2) + bytes(2 * (rate // 10)), rate)


def paused_in_the_third_word(pause: int) -> Playback:
    """0.9 s into the line, then so many frames of pause, and on."""
    playback = player(WordsVoice(rate=RATE))
    playback.add(Say("1.1", LINE))
    play(playback, 45)
    playback.pause()
    play(playback, pause)
    playback.resume()
    return playback


def test_after_a_long_pause_the_broken_word_is_said_again() -> None:
    sound, _ = play(paused_in_the_third_word(30), 100)
    loud = np.flatnonzero(np.abs(np.frombuffer(sound, "<i2")) > 500)
    gaps = np.flatnonzero(np.diff(loud) > RATE // 20)
    assert loud[gaps[0]] / RATE == pytest.approx(0.3, abs=0.02), "the whole third word"
    assert len(gaps) == 2


def test_after_a_short_pause_it_goes_on_where_it_was() -> None:
    sound, _ = play(paused_in_the_third_word(6), 100)
    loud = np.flatnonzero(np.abs(np.frombuffer(sound, "<i2")) > 500)
    gaps = np.flatnonzero(np.diff(loud) > RATE // 20)
    assert loud[gaps[0]] / RATE == pytest.approx(0.2, abs=0.02), "the rest of the third word"


def test_what_is_said_twice_counts_once_and_what_was_heard_stays_heard() -> None:
    playback = paused_in_the_third_word(30)
    play(playback, 1)
    playback.cut()
    [entry] = playback.ledger
    assert entry.seconds == pytest.approx(0.9)
    assert entry.played == pytest.approx(0.9 / 2.0, abs=0.01)
    playback = paused_in_the_third_word(30)
    _, reports = play(playback, 120)
    [entry] = playback.ledger
    assert entry.seconds == pytest.approx(2.0)
    assert entry.played == 1.0
    assert reports[-1] == PlaybackEnded("1.1", 1.0)
