"""Terms of the domain, heard as other characters of the same sound or nearly."""

import pytest

from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.nlu.alike import by_sound
from huashu.nlu.sounds import folded, table
from tests.nlu import bank

pytestmark = pytest.mark.unit

BRANCH = Expectation("办理.分行", slot="分行", type="text", anytime=("转人工",))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("高兴支行", "高新支行"),
        ("去高薪支行吧", "高新支行"),
        ("成南支行", "城南支行"),
        ("城兰支航", "城南支行"),
        ("高新支", "高新支行"),
    ],
)
def test_a_listed_word_by_its_sound(text: str, value: str) -> None:
    entity = bank.zh().understand(Heard(text), BRANCH, at=bank.AT).entities[0]
    assert (entity.slot, entity.value) == ("分行", value)
    assert entity.confidence < 0.8
    assert text[entity.start : entity.end] == entity.text


@pytest.mark.parametrize(("text", "value"), [("溜期", 6), ("十二七", 12), ("伴年吧", 6)])
def test_a_choice_by_its_sound(text: str, value: int) -> None:
    found = [entity.value for entity in bank.zh().understand(Heard(text), bank.MONTHS, at=bank.AT).entities]
    assert found == [value]


@pytest.mark.parametrize(
    "text", ["转人工", "今天天气怎么样", "我不知道", "好的", "你说什么", "我上次在那个高兴的支行办的", ""]
)
def test_other_words_sound_like_none(text: str) -> None:
    assert not any(
        entity.slot == "分行" and entity.value.endswith("支行")
        for entity in bank.zh().understand(Heard(text), BRANCH, at=bank.AT).entities
        if isinstance(entity.value, str)
    )


def test_two_that_sound_alike_are_none() -> None:
    heard = table()
    assert by_sound("大时代", [("a", "大师"), ("b", "大狮")], heard) is None
    assert by_sound("大时代", [("a", "大师")], heard) == ("a", 0, 2)
    assert by_sound("", [("a", "大师")], heard) is None


def test_what_dialects_confuse_has_one_key() -> None:
    for one, other in (("zhang", "zan"), ("lan", "nan"), ("huan", "fan"), ("sheng", "sen"), ("ting", "tin")):
        assert folded(one) == folded(other)
    assert folded("hua") != folded("ha")
