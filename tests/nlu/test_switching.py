"""Asking for a language: what counts as a request, and for which."""

import pytest

from huashu.nlu.builtin import BUILTIN, SWITCHES
from huashu.nlu.switching import asked_language

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", [*SWITCHES, *SWITCHES.values()])
def test_every_example_of_the_built_in_intents_is_a_request(name: str) -> None:
    wanted = "en" if name in ("说英语", "speak_english") else "zh"
    assert {asked_language(text) for text in BUILTIN["zh"][name]} == {wanted}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("我英语不好，你说中文吧", "zh"),
        ("我听不懂中文，可以讲英文吗", "en"),
        ("不好意思我中文不太好，能用英语吗", "en"),
        ("你说英语我听不懂", "zh"),
        ("能不能别说英语", "zh"),
        ("Sorry, I don't understand Chinese. Can you speak English please?", "en"),
        ("my english is bad, chinese please", "zh"),
        ("嗯，讲普通话吧", "zh"),
    ],
)
def test_what_is_denied_is_not_what_is_wanted(text: str, wanted: str) -> None:
    assert asked_language(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "我想报英语班",
        "有英语课吗",
        "英语老师在不在",
        "I booked the English course",
        "can I get the English menu for my room",
        "do you speak spanish",
        "我的中文名字是张伟",
        "分六期",
        "英" * 500,
    ],
)
def test_a_language_that_is_spoken_of_is_no_request(text: str) -> None:
    assert asked_language(text) is None
