"""Times of words where the engine tells none, and the shapes of the mouth."""

import pytest

from huashu.core.audio import Timing
from huashu.tts.engine import Utterance
from huashu.tts.registry import open_voice
from huashu.tts.text_only import NullVoice
from huashu.tts.timing import VISEMES, estimated, placed, shape, timed, visemes, written

pytestmark = pytest.mark.unit


def test_words_are_found_as_they_are_written() -> None:
    assert list(written("您好，Huashu 1.5%，it's 12:30")) == [
        (0, "您"), (1, "好"), (3, "Huashu"), (10, "1.5%"), (15, "it's"), (20, "12:30"),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "language"), [("您好，这是账单1200元。", "zh-CN"), ("Hello, it is this.", "en-US")])
def test_estimates_cover_the_sound_and_say_that_they_are_such(text: str, language: str) -> None:
    found = list(estimated(text, 3.0, language))
    assert [item.value for item in found if item.kind == "word"] == [word for _, word in written(text)]
    assert found[0].at == 0.0
    assert [item.at for item in found] == sorted(item.at for item in found)
    assert 2.0 < found[-1].at < 3.0
    assert all(item.estimated for item in found)
    assert list(estimated("……", 1.0, language)) == []


def test_words_are_put_to_the_signs_of_a_model() -> None:
    begun = [at / 10 for at in range(20)]

    def words(clause: str, signs: str, *, letters: bool) -> list[tuple[str, float, bool]]:
        found = placed(clause, 5, list(signs), begun, "en", letters=letters)
        assert [item.at for item in found] == sorted(item.at for item in found)
        return [(item.value, item.at, item.estimated) for item in found if item.kind == "word"]

    assert words("Go on, now", "ɡoʊ ɔn, naʊ", letters=False) == [
        ("Go", 0.0, False),
        ("on", 0.4, False),
        ("now", 0.8, False),
    ]
    assert words("Room 12", "ɹuːm twɛlv ʌ", letters=False) == [("Room", 0.0, True), ("12", 0.6, True)]
    assert words("Go on", "go on", letters=True) == [("Go", 0.0, False), ("on", 0.3, False)]
    assert words("你好", "你好", letters=True) == [("你", 0.0, False), ("好", 0.1, False)]
    assert words("你吗好", "你好", letters=True)[0] == ("你", 0.0, True)
    few = placed("你好再见请问", 0, ["你"], [0.0], "zh", letters=True)  # a model that knows one of six
    assert [item.at for item in few if item.kind == "word"] == [0.0] * 6


def test_a_voice_that_tells_nothing_is_given_estimates() -> None:
    voice, line = NullVoice(), Utterance("您好，这是账单。")
    audios = list(timed(voice, line))
    assert b"".join(audio.pcm for audio in audios) == b"".join(audio.pcm for audio in voice.synthesise(line))
    words = [item for item in audios[0].timings if item.kind == "word"]
    assert len(words) == 6
    assert words[2].at == pytest.approx(2 / 4.5 + 0.2, abs=0.1), "behind the comma's pause"


@pytest.mark.parametrize(
    ("sounds", "name"),
    [("pbm", "PP"), ("fv", "FF"), ("θð", "TH"), ("td", "DD"), ("kɡχ", "kk"), ("ʃʒɕʂ", "CH"), ("sz", "SS"),
     ("nl", "nn"), ("ɹ", "RR"), ("ɑaæ", "aa"), ("ɛə", "E"), ("iɪ", "ih"), ("oɔ", "oh"), ("uʊw", "ou")],
)  # fmt: skip
def test_every_sound_has_its_shape(sounds: str, name: str) -> None:
    assert {VISEMES[shape(sound)] for sound in sounds} == {name}


def test_affricates_diphthongs_and_pauses() -> None:
    names = [VISEMES[shape(sound)] for sound in ("tʃ", "tɕh", "ts.", "ts", "ˈoʊ", "ˈɑu", "", "ˈ")]
    assert names == ["CH", "CH", "CH", "SS", "oh", "aa", "sil", "sil"]


def test_shapes_follow_one_another_without_repeats() -> None:
    phones = [Timing(at / 10, "phone", sound) for at, sound in enumerate("hmbpa")]
    found = list(visemes([Timing(0.0, "word", "x", 0), *phones]))
    assert [(item.name, item.at) for item in found] == [("kk", 0.0), ("PP", 0.1), ("aa", 0.4)]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("您好，请问是张先生吗？", "zh-CN", "您好 请 问 是 张 先生 吗"),
        ("尾号1702，共9600.00元。", "zh-CN", "尾 号 1702 共 9600.00 元"),
        ("Hello, I'd like order 42.", "en-US", "Hello I'd like order 42"),
    ],
)
def test_no_character_is_lost_where_espeak_takes_two_for_a_word(text: str, language: str, words: str) -> None:
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    made = open_voice("espeak").synthesise(Utterance(text, language))
    told = [timing for audio in made for timing in audio.timings if timing.kind == "word"]
    assert [timing.value for timing in told] == words.split()
    assert all(text[timing.start :].startswith(timing.value) for timing in told)
