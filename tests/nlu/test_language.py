"""The language of an utterance, told only when its words tell it."""

import pytest

from huashu.nlu.language import told_language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text", ["是", "不用了", "我想 check 一下 balance", "帮我转VIP", "OK啊", "喂", "嗯，13800138000", "APP打不开"]
)
def test_chinese_however_short(text: str) -> None:
    assert told_language(text) == "zh"


@pytest.mark.parametrize(
    "text",
    [
        "who is this",
        "speak English please",
        "I don't understand",
        "what?",
        "my name is 张伟",
        "sorry, I don’t speak Chinese",
        "no thank you I am busy",
        "can you hear me",
        "wrong number",
    ],
)
def test_english_by_its_words(text: str) -> None:
    assert told_language(text) == "en"


@pytest.mark.parametrize(
    "text",
    ["", "…", "OK", "hello", "Hello? Hello?", "yes", "bye-bye", "thank you", "138 0013 8000", "Zhang Wei", "A B C",
     "😀", "no gracias", "quiero hablar con una persona por favor", "je ne comprends pas", "Привет", "VISA"],
)  # fmt: skip
def test_what_every_caller_says_tells_nothing(text: str) -> None:
    assert told_language(text) is None


def test_other_scripts_by_their_letters() -> None:
    assert told_language("もしもし、山田です") == "ja"
    assert told_language("여보세요") == "ko"
