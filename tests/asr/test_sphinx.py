"""PocketSphinx on people's voices and on eSpeak's."""

import shutil
import threading
import wave
from pathlib import Path

import numpy as np
import pytest
import soxr  # type: ignore[import-untyped]

from huashu.asr.registry import known, open_recogniser
from huashu.asr.sphinx import LONGEST, SphinxRecogniser
from huashu.core.errors import EngineError, LimitError, UsageError
from huashu.core.events import Heard
from huashu.core.expect import NOTHING, Expectation, Kind
from huashu.voice import containers
from huashu.voice.resample import resample, to_pcm

pytestmark = pytest.mark.audio

WORDS = ("Monday", "Wednesday", "tomorrow", "goodbye", "please try again", "cancelled", "no", "one moment please")
SONGS = ("打开荷塘月色", "打开稳稳的幸福", "打开爱你一生", "北湖公园", "第五大道", "转人工")


def recording(path: Path, rate: int) -> bytes:
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        if file.getframerate() != rate:
            raised = soxr.resample(samples.astype(np.float32), file.getframerate(), rate)
            samples = np.clip(raised, -32768, 32767).astype(np.int16)
    return samples.tobytes()


def hear(recogniser: SphinxRecogniser, expect: Expectation, pcm: bytes, step: int = 960) -> tuple[list[Heard], Heard]:
    stream = recogniser.stream(expect, expect.language)
    partials = [stream.accept(pcm[at : at + step]) for at in range(0, len(pcm), step)]
    return [heard for heard in partials if heard is not None], stream.finish()


def choice(*phrases: str, language: str = "en-US") -> Expectation:
    return Expectation(step="test", kind="choice", phrases=phrases, language=language)


@pytest.fixture(scope="module")
def english() -> SphinxRecogniser:
    return SphinxRecogniser(rate=8000)


@pytest.fixture(scope="module")
def mandarin(weights: Path) -> SphinxRecogniser:
    model = weights / "pocketsphinx-zh-tdt-8k"
    if not model.is_dir():
        pytest.skip("no pocketsphinx-zh-tdt-8k in HUASHU_TEST_MODELS")
    return SphinxRecogniser(model, rate=8000)


@pytest.fixture(scope="module")
def prompts(data: Path) -> Path:
    folder = data / "speech_en" / "asterisk_prompts" / "wav"
    if not folder.is_dir():
        pytest.skip("no speech_en/asterisk_prompts in HUASHU_TEST_DATA")
    return folder


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("digits/day-1.wav", "monday"),
        ("digits/day-3.wav", "wednesday"),
        ("digits/tomorrow.wav", "tomorrow"),
        ("goodbye.wav", "goodbye"),
        ("please-try-again.wav", "please try again"),
        ("one-moment-please.wav", "one moment please"),
    ],
)
def test_short_answers_at_telephone_rate(english: SphinxRecogniser, prompts: Path, file: str, said: str) -> None:
    partials, final = hear(english, choice(*WORDS), recording(prompts / file, 8000))
    assert final.text == said
    assert final.final
    assert final.confidence > 0.5
    assert final.language == "en"
    assert all(not partial.final for partial in partials)


def test_telephone_sound_raised_to_16_khz_is_read_as_well(prompts: Path) -> None:
    wide = SphinxRecogniser()
    assert wide.capabilities.rate == 16000
    for file, said in (("digits/tomorrow.wav", "tomorrow"), ("one-moment-please.wav", "one moment please")):
        assert hear(wide, choice(*WORDS), recording(prompts / file, 16000))[1].text == said


def test_the_same_sound_gives_the_same_words_whatever_came_before(english: SphinxRecogniser, prompts: Path) -> None:
    pcm = recording(prompts / "digits" / "tomorrow.wav", 8000)
    first = hear(english, choice(*WORDS), pcm)
    hear(english, choice("something else", *WORDS), recording(prompts / "goodbye.wav", 8000))
    for step in (960, 320):
        again = hear(english, choice(*WORDS), pcm, step=step)[1]
        assert again.text == first[1].text
        assert again.confidence == pytest.approx(first[1].confidence, abs=0.02)


def test_words_outside_the_list_are_not_forced_into_it(prompts: Path) -> None:
    closed = SphinxRecogniser(rate=8000, dictation=False)
    _, final = hear(
        closed, choice("Monday", "Wednesday", "a large latte"), recording(prompts / "please-try-again.wav", 8000)
    )
    assert final.text == ""
    assert final.final


def test_free_english_is_written_down(english: SphinxRecogniser, prompts: Path) -> None:
    _, final = hear(english, Expectation(step="", language="en"), recording(prompts / "please-try-again.wav", 8000))
    assert "try again" in final.text
    assert 0.0 <= final.confidence <= 1.0


def test_mandarin_with_a_model(mandarin: SphinxRecogniser, data: Path) -> None:
    folder = data / "speech_zh" / "aishell1_sample" / "wav"
    if not folder.is_dir():
        pytest.skip("no speech_zh/aishell1_sample in HUASHU_TEST_DATA")
    expect = choice(*SONGS, language="zh-CN")
    for number, said in (
        ("0069", "打开荷塘月色"),
        ("0066", "打开稳稳的幸福"),
        ("0032", "北湖公园"),
        ("0021", "第五大道"),
    ):
        _, final = hear(mandarin, expect, recording(folder / f"BAC009S0252W{number}.wav", 8000))
        assert final.text == said
        assert final.confidence > 0.5
        assert final.language == "zh"
    _, other = hear(mandarin, expect, recording(folder / "BAC009S0252W0345.wav", 8000))
    assert other.text == ""


@pytest.mark.parametrize(
    ("kind", "said", "heard"),
    [("value", "后天", {"后天"}), ("value", "星期日", {"星期日", "星期天"}), ("yes_no", "不", {"不", "不必"})],
)
def test_a_date_is_heard_as_dates_are_said(
    mandarin: SphinxRecogniser, data: Path, kind: Kind, said: str, heard: set[str]
) -> None:
    """A loop of the words of dates found 号后天, and any short word to be a date: 不 was "四五个"."""
    pytest.importorskip("av", reason="these recordings are MP3")
    path = data / "speech_zh" / "words_hsk" / "mp3" / f"cmn-{said}.mp3"
    if not path.is_file():
        pytest.skip(f"no speech_zh/words_hsk/mp3/{path.name} in HUASHU_TEST_DATA")
    wav = containers.read(path.read_bytes(), most=10.0)
    pcm = to_pcm(resample(wav.sound, wav.rate, 8000) * np.float32(32768.0))
    asked = "date" if kind == "value" else None
    expect = Expectation("main.day", kind=kind, type=asked, slots=(("day", "date"),), language="zh-CN")
    _, final = hear(mandarin, expect, pcm)
    assert final.text in heard
    assert final.confidence > 0.5


def test_several_calls_at_once(english: SphinxRecogniser, prompts: Path) -> None:
    expect = choice(*WORDS)
    files = {"digits/day-1.wav": "monday", "goodbye.wav": "goodbye", "digits/tomorrow.wav": "tomorrow"}
    heard: dict[str, str] = {}

    def call(file: str) -> None:
        heard[file] = hear(english, expect, recording(prompts / file, 8000))[1].text

    threads = [threading.Thread(target=call, args=(file,)) for file in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == files


def test_silence_and_nothing_have_no_words(english: SphinxRecogniser) -> None:
    assert hear(english, choice(*WORDS), bytes(16000))[1].text == ""
    assert hear(english, choice(*WORDS), b"")[1] == Heard("", confidence=0.0, language="en")


def test_warm_builds_what_is_known_to_come(english: SphinxRecogniser) -> None:
    english.warm([choice("yes", "no"), choice("是", language="zh-CN"), NOTHING])


def test_mandarin_without_a_model_says_what_to_give() -> None:
    with pytest.raises(EngineError, match=r"model=.*huashu models pull pocketsphinx-zh-tdt-8k"):
        SphinxRecogniser().stream(choice("好", language="zh-CN"), "zh-CN")


def test_what_cannot_be_served_is_refused(mandarin: SphinxRecogniser, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="lists none"):
        mandarin.stream(Expectation(step="main.free"), "zh-CN")
    with pytest.raises(EngineError, match="fr"):
        mandarin.stream(choice("oui"), "fr-FR")
    with pytest.raises(EngineError, match="hmm/mdef"):
        SphinxRecogniser(tmp_path)
    with pytest.raises(UsageError, match="44100"):
        SphinxRecogniser(rate=44100)


def test_a_model_that_is_not_whole_is_refused_by_file(
    mandarin: SphinxRecogniser, weights: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "model"
    shutil.copytree(weights / "pocketsphinx-zh-tdt-8k", copied)
    (copied / "hmm" / "means").unlink()
    (copied / "hmm" / "sendump").unlink()
    with pytest.raises(EngineError, match="hmm has no means, sendump: the model is not whole"):
        SphinxRecogniser(copied)


def test_a_stream_is_bounded_and_used_once() -> None:
    stream = SphinxRecogniser(rate=8000).stream(choice("yes"), "en")
    with pytest.raises(UsageError, match="even"):
        stream.accept(b"123")
    with pytest.raises(LimitError, match="60 s"):
        stream.accept(bytes(int(LONGEST * 16000) + 2))
    assert stream.finish().text == ""
    with pytest.raises(UsageError, match="used up"):
        stream.finish()


def test_found_by_name() -> None:
    assert "pocketsphinx" in known()
    assert open_recogniser("pocketsphinx", rate=8000).capabilities.rate == 8000
    with pytest.raises(UsageError, match=r"known: .*pocketsphinx"):
        open_recogniser("hal")


def room(seconds: float) -> bytes:
    """The noise of a quiet line (-66 dBFS)."""
    return np.random.default_rng(3).normal(0.0, 16.0, round(seconds * 8000)).astype("<i2").tobytes()


def test_after_a_pause_the_final_words_are_ready(
    english: SphinxRecogniser, prompts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = english.stream(choice(*WORDS), "en-US")
    pcm = room(0.4) + recording(prompts / "digits" / "tomorrow.wav", 8000) + room(0.3)
    shown = [heard for at in range(0, len(pcm), 960) if (heard := stream.accept(pcm[at : at + 960]))]
    assert shown[-1].text == "tomorrow"  # before the turn is over, so that its end is known sooner

    def read_again(*_: object, **__: object) -> None:
        raise AssertionError("the sound is read once more although nothing was said since")

    monkeypatch.setattr(stream, "_read", read_again)
    assert stream.finish().text == "tomorrow"


@pytest.mark.parametrize("pause", [0.15, 0.3, 0.6])
def test_words_after_a_pause_are_not_lost(english: SphinxRecogniser, prompts: Path, pause: float) -> None:
    first, second = (recording(prompts / name, 8000) for name in ("digits/tomorrow.wav", "goodbye.wav"))
    expect = choice("tomorrow", "goodbye", "tomorrow goodbye", "no")
    pcm = room(0.4) + first + room(pause) + second + room(0.06)
    partials, final = hear(english, expect, pcm)
    assert final.text == "tomorrow goodbye"
    assert "tomorrow" in [partial.text for partial in partials]


def test_a_line_too_noisy_for_pauses_is_read_at_its_end(english: SphinxRecogniser, prompts: Path) -> None:
    speech = np.frombuffer(room(0.4) + recording(prompts / "goodbye.wav", 8000) + room(0.5), "<i2").astype(float)
    loudest = np.sqrt(np.mean(speech[: len(speech) // 160 * 160].reshape(-1, 160) ** 2, axis=1)).max()
    noise = np.random.default_rng(5).normal(0.0, loudest / 12, len(speech))
    pcm = np.clip(speech + noise, -32768, 32767).astype("<i2").tobytes()
    assert hear(english, choice(*WORDS), pcm)[1].text == "goodbye"


TOPIC = Expectation(
    step="test",
    kind="topic",
    phrases=(
        "(the|your) (number|call|extension) (is|cannot be) (busy|completed|connected|found)",
        "(please|) (check|verify) the (number|extension) (and|then) (dial|try|call) again",
        "hello (this is|) (peter|mary|john)",
    ),
    language="en",
)


def test_a_topic_is_told_from_other_talk(english: SphinxRecogniser, prompts: Path) -> None:
    _, about = hear(english, TOPIC, recording(prompts / "check-number-dial-again.wav", 8000))
    _, other = hear(english, TOPIC, recording(prompts / "vm-savefolder.wav", 8000))
    assert about.text == "please check the number and dial again"
    assert about.confidence > 0.9 > other.confidence
    assert len(about.alternatives) == len(other.alternatives) == 1


def test_a_topic_is_read_along_while_it_is_said(english: SphinxRecogniser, prompts: Path) -> None:
    partials, final = hear(english, TOPIC, recording(prompts / "cannot-complete-as-dialed.wav", 8000))
    assert partials[-1].confidence == pytest.approx(final.confidence, abs=0.2)
    assert all(len(partial.alternatives) <= 1 for partial in partials)


def test_a_topic_needs_dictation_and_samples(english: SphinxRecogniser) -> None:
    assert english.capabilities.topics
    deaf = SphinxRecogniser(rate=8000, dictation=False)
    assert not deaf.capabilities.topics
    with pytest.raises(EngineError, match="topic"):
        deaf.stream(TOPIC, "en")
    with pytest.raises(EngineError, match="topic"):
        english.stream(Expectation(step="test", kind="topic", language="en"), "en")
