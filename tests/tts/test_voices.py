"""Voices: by name, silent, and eSpeak."""

import threading
from collections.abc import Iterable

import numpy as np
import pytest

from huashu.core.audio import Audio
from huashu.core.errors import EngineError, MissingExtraError, UsageError
from huashu.tts import espeak_library, registry
from huashu.tts.engine import Utterance, Voice
from huashu.tts.text_only import NullVoice, reading_seconds

pytestmark = pytest.mark.audio


def samples(chunks: Iterable[Audio]) -> np.ndarray:
    return np.frombuffer(b"".join(chunk.pcm for chunk in chunks), np.int16)


@pytest.fixture(scope="module")
def voice() -> Voice:
    pytest.importorskip("espeakng_loader")
    return registry.open_voice("espeak")


def test_an_unknown_voice_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"no engine 'siri'.*espeak"):
        registry.open_voice("siri")
    assert {"espeak", "none"} <= set(registry.known())


def test_an_option_the_voice_does_not_take_is_named() -> None:
    with pytest.raises(UsageError, match="pitch"):
        registry.open_voice("none", pitch=2)


def test_without_the_package_the_line_to_install_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "espeakng_loader", None)
    monkeypatch.setattr(espeak_library, "_shared", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'huashu\[espeak\]'"):
        registry.open_voice("espeak")
    silent, why = registry.open_voice_or_silent("espeak")
    assert silent.capabilities.name == "none"
    assert "text only" in why
    assert "huashu[espeak]" in why


def test_silence_lasts_as_long_as_reading() -> None:
    silent = NullVoice(rate=8000)
    chunks = list(silent.synthesise(Utterance("您好，请问是张先生吗？")))
    assert sum(chunk.seconds for chunk in chunks) == pytest.approx(9 / 4.5 + 0.25, abs=0.02)
    assert not samples(chunks).any()
    assert all(len(chunk.pcm) % 320 == 0 for chunk in chunks)
    english = sum(chunk.seconds for chunk in silent.synthesise(Utterance("one two three", "en-US", rate=2.0)))
    assert english == pytest.approx(3 / 2.7 / 2, abs=0.02)


@pytest.mark.parametrize("text", ["", "……", "  ", "!?"])
def test_nothing_to_read_is_no_sound(text: str) -> None:
    assert list(NullVoice().synthesise(Utterance(text))) == []
    assert reading_seconds(text) == 0.0


def test_speech_is_loud_and_of_a_sensible_length(voice: Voice) -> None:
    rate = voice.capabilities.rate
    for text, language in (
        ("您好，这里是星河银行，请问是张先生吗？", "zh-CN"),
        ("Hello, am I speaking with Mister Smith?", "en-US"),
    ):
        sound = samples(voice.synthesise(Utterance(text, language)))
        seconds = len(sound) / rate
        assert 0.5 * reading_seconds(text) < seconds < 2.0 * reading_seconds(text)
        assert np.sqrt(np.mean(sound.astype(float) ** 2)) > 1000


def test_every_clause_is_read(voice: Voice) -> None:
    first = samples(voice.synthesise(Utterance("您好。")))
    both = samples(voice.synthesise(Utterance("您好。再见！")))
    assert len(both) > 1.5 * len(first)
    assert list(voice.synthesise(Utterance("。！……"))) == []


def test_an_abbreviation_and_a_decimal_point_do_not_lose_words(voice: Voice) -> None:
    short = len(samples(voice.synthesise(Utterance("It is 1.5 percent", "en-US"))))
    long = len(samples(voice.synthesise(Utterance("It is 1.5 percent, Mr. Smith. Thank you", "en-US"))))
    assert long > 1.5 * short


def test_speed_changes_the_length(voice: Voice) -> None:
    text = "现在办理免首期手续费"
    slow, usual, fast = (len(samples(voice.synthesise(Utterance(text, rate=rate)))) for rate in (0.6, 1.0, 1.8))
    assert slow > 1.3 * usual
    assert fast < 0.75 * usual


def test_languages_and_voices_differ(voice: Voice) -> None:
    chinese = samples(voice.synthesise(Utterance("六", "zh-CN")))
    english = samples(voice.synthesise(Utterance("six", "en-US")))
    british = samples(voice.synthesise(Utterance("six", "en-US", voice="en-gb-x-rp")))
    assert len(chinese) != len(english) or not np.array_equal(chinese, english)
    assert len(british) != len(english) or not np.array_equal(british, english)


def test_unknown_language_and_voice_are_refused_and_the_next_line_is_read(voice: Voice) -> None:
    with pytest.raises(EngineError, match="fr-FR"):
        voice.synthesise(Utterance("bonjour", "fr-FR"))
    with pytest.raises(EngineError, match="no voice 'xx'"):
        list(voice.synthesise(Utterance("hello", "en-US", voice="xx")))
    assert len(samples(voice.synthesise(Utterance("hello", "en-US")))) > 1000


def test_threads_do_not_mix_their_lines(voice: Voice) -> None:
    lines = [Utterance("一二三四五六七八九十", "zh-CN"), Utterance("one two three four five", "en-US", rate=1.5)]
    alone = [samples(voice.synthesise(line)) for line in lines]
    heard: list[tuple[int, np.ndarray]] = []

    def speak(which: int) -> None:
        for _ in range(5):
            heard.append((which, samples(voice.synthesise(lines[which]))))

    threads = [threading.Thread(target=speak, args=(number % 2,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(heard) == 20
    assert all(len(sound) == pytest.approx(len(alone[which]), rel=0.05) for which, sound in heard)


def test_espeak_tells_when_each_word_and_sound_begins(voice: Voice) -> None:
    for text, language, words in (
        ("您这期账单1200元。谢谢！", "zh-CN", [*"您这期账单", "1200", "元", "谢谢"]),
        ("Hello, it's 1.5 percent. Thank you", "en-US", ["Hello", "it's", "1.5", "percent", "Thank", "you"]),
    ):
        before, found = 0.0, []
        for audio in voice.synthesise(Utterance(text, language)):
            found += [(before + item.at, item) for item in audio.timings]
            before += audio.seconds
        told = [item for _, item in found if item.kind == "word"]
        assert [item.value for item in told if item.value in words] == words
        assert all(text[item.start :].startswith(item.value) for item in told)
        assert not any(item.estimated for _, item in found)
        times = [at for at, _ in found]
        assert times == pytest.approx(sorted(times))
        assert times[-1] < before + 0.01
        assert sum(item.kind == "phone" and item.value != "" for _, item in found) > 1.5 * len(words)
