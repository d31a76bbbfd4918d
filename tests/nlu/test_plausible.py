"""A value or an intent: names that share a character with an intent, questions that only mention a value."""

import pytest

from huashu.core.events import Heard, Understood
from huashu.core.expect import Expectation
from huashu.nlu.builtin import BUILTIN
from huashu.nlu.data import TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, train
from tests.nlu import bank

pytestmark = pytest.mark.unit

REQUESTS = ("请重复", "等一下", "跳过", "说慢点")
NAME = Expectation("主.区", "free", "小区", "text", anytime=REQUESTS, slots=(("小区", "text"),))
DAY = Expectation("主.日", "value", "日期", "date", anytime=REQUESTS, slots=(("日期", "date"),))


@pytest.fixture(scope="module")
def ears() -> EmbeddedUnderstander:
    regulars = {name: BUILTIN["zh"][name] for name in ("肯定", "否定", *REQUESTS)}
    outside = ("今天天气怎么样", "给我讲个笑话", "附近哪里有吃的")
    slots = {"小区": "text", "日期": "date"}
    return EmbeddedUnderstander(train(TrainingData("zh-CN", slots=slots, out_of_scope=outside, regulars=regulars)))


def hear(ears: EmbeddedUnderstander, text: str, expect: Expectation) -> Understood:
    return ears.understand(Heard(text), expect, at=bank.AT)


@pytest.mark.parametrize("name", ["听涛苑", "恒大绿洲", "司马", "阳光一百", "我姓尉迟", "龙湖"])
def test_a_name_is_a_name_though_some_intent_has_one_of_its_characters(ears: EmbeddedUnderstander, name: str) -> None:
    assert [(found.slot, found.value) for found in hear(ears, name, NAME).entities] == [("小区", name)]


@pytest.mark.parametrize(
    ("words", "intent"), [("等我看一下啊", "等一下"), ("你再说一遍吧", "请重复"), ("这个能不能跳过", "跳过")]
)
def test_who_asks_for_something_gives_no_name(ears: EmbeddedUnderstander, words: str, intent: str) -> None:
    heard = hear(ears, words, NAME)
    assert heard.entities == ()
    assert heard.intents[0].name == intent


@pytest.mark.parametrize("words", ["今天天气怎么样", "今天天气好不好", "给我讲个今天的笑话"])
def test_a_question_that_is_out_of_scope_names_no_day(ears: EmbeddedUnderstander, words: str) -> None:
    assert all(found.slot is None for found in hear(ears, words, DAY).entities)


@pytest.mark.parametrize("words", ["今天", "你看明天怎么样", "我后天上午在家你们来吧", "今天方便"])
def test_a_day_is_a_day_whatever_stands_round_it(ears: EmbeddedUnderstander, words: str) -> None:
    assert hear(ears, words, DAY).entities[0].slot == "日期"
