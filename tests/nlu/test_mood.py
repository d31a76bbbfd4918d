"""Anger and sentiment by the words."""

import pytest

from huashu.nlu.mood import anger, sentiment

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("text", ["滚蛋，骗子", "你他妈别打了", "fuck off you scammer"])
def test_abuse_is_near_one(text: str) -> None:
    assert anger(text) >= 0.8
    assert sentiment(text) == -1.0


@pytest.mark.parametrize(
    "text",
    ["我要投诉你们", "你们有完没完，天天打", "烦死了别打了！！", "this is ridiculous", "I'M SO SICK OF YOUR CALLS"],
)
def test_a_complaint_is_in_the_middle(text: str) -> None:
    assert 0.4 <= anger(text) < 0.9
    assert sentiment(text) < -0.5


@pytest.mark.parametrize(
    "text", ["好的", "手续费怎么收", "我没有生气", "不用谢", "不要六期", "no thank you", "what is the fee", "", "😀"]
)
def test_plain_words_are_calm(text: str) -> None:
    assert anger(text) == 0.0


@pytest.mark.parametrize(
    ("less", "more"), [("太慢了", "太慢了，垃圾"), ("烦", "烦死了"), ("this is ridiculous", "THIS IS SO RIDICULOUS!!")]
)
def test_stronger_words_are_angrier(less: str, more: str) -> None:
    assert anger(more) > anger(less)


@pytest.mark.parametrize("text", ["谢谢你啊", "挺好的，很满意", "thanks, that was great"])
def test_pleased(text: str) -> None:
    assert sentiment(text) > 0


@pytest.mark.parametrize("text", ["我不太满意", "太失望了", "not happy at all"])
def test_displeased_without_anger(text: str) -> None:
    assert sentiment(text) < 0
    assert anger(text) == 0.0
