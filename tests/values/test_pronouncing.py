"""The pronunciation dictionary: what a voice is given in place of words it would say wrong."""

import pytest
from pypinyin import Style, pinyin

from huashu.core.errors import UsageError
from huashu.values.pronouncing import Pronouncer, is_pinyin, respelt, syllables

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "reading", ["háng zhǎng", "chóng qìng", "lǜ sè", "shàn", "nǚ ér", "zēng", "HÁNG Zhǎng", "háng-zhǎng"]
)
def test_pinyin_becomes_characters_of_that_sound_alone(reading: str) -> None:
    characters = respelt(reading)
    sounds = [found[0] for found in pinyin(characters, style=Style.TONE, heteronym=False)]
    assert sounds == reading.lower().replace("-", " ").split()


def test_the_neutral_tone_takes_a_character_of_any_tone() -> None:
    assert [pinyin(character, style=Style.NORMAL)[0][0] for character in respelt("dòu fu")] == ["dou", "fu"]
    assert respelt("hǎo ma")[1] in "吗嘛"


def test_other_readings_are_respellings() -> None:
    assert respelt(" 话术 ") == "话术"
    assert respelt("hwah shoo") == "hwah shoo"
    assert not is_pinyin("naïve")
    assert not is_pinyin("行长 háng")


@pytest.mark.parametrize(("reading", "syllable"), [("hángzhǎng", "hángzhǎng"), ("háng xzǎng", "xzǎng"), ("dèn", "dèn")])
def test_a_sound_that_no_character_has_is_told(reading: str, syllable: str) -> None:
    with pytest.raises(UsageError, match=f"^{syllable}$"):
        respelt(reading)


def test_the_longest_word_counts() -> None:
    say = Pronouncer({"行": "xíng", "行长": "háng zhǎng", "银行行长": "银航航掌"}).spoken
    assert say("银行行长说，行长不行") == f"银航航掌说，{respelt('háng zhǎng')}不{respelt('xíng')}"


def test_latin_words_stand_alone() -> None:
    say = Pronouncer({"IT": "挨踢", "C++": "西加加", "Huashu": "话术"}).spoken
    assert say("IT部门的WITH，Huashu和Huashus，C++好") == "挨踢部门的WITH，话术和Huashus，西加加好"
    assert Pronouncer({}).spoken("不变") == "不变"


@pytest.mark.parametrize(
    ("numbered", "marked"),
    [
        ("hang2 zhang3", "háng zhǎng"), ("dou4 fu5", "dòu fu"), ("lv4 se4", "lǜ sè"), ("lu:4", "lǜ"),
        ("gui4 zhou1", "guì zhōu"), ("liu2", "liú"), ("xiong2", "xióng"), ("er2", "ér"),
    ],
)  # fmt: skip
def test_tones_may_be_numbers(numbered: str, marked: str) -> None:
    assert is_pinyin(numbered)
    assert syllables(numbered) == marked.split()
    assert respelt(numbered) == respelt(marked)


def test_what_has_a_number_is_not_pinyin_for_that() -> None:
    assert not any(map(is_pinyin, ("mp3", "ipad2", "b2b", "15", "hwah shoo")))
