"""Several things said in one utterance."""

import pytest

from huashu.core.events import Heard, Understood
from huashu.core.expect import Expectation
from huashu.nlu.clauses import beside_value, clauses
from tests.nlu import bank

pytestmark = pytest.mark.unit

OFFER = Expectation(
    "x.y",
    kind="yes_no",
    intents=("肯定", "否定", "在忙"),
    anytime=("转人工", "别再打", "太贵", "问手续费", "打错了", "请重复", "等一下", "是机器人吗", "谢谢", "再见"),
)


def zh(text: str) -> Understood:
    understood: Understood = bank.zh().understand(Heard(text), OFFER, at=bank.AT)
    return understood


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("可以，不过手续费怎么收", ("可以", "不过手续费怎么收")),
        ("可以但是手续费怎么收", ("可以", "但是手续费怎么收")),
        ("嗯，现在不方便", ()),
        ("是我", ()),
        ("转1,000.5元到卡里", ()),
        ("yes but how much is the fee", ("yes", "but how much is the fee")),
        ("no thanks. What is the fee?", ("no thanks", "What is the fee")),
        ("还有什么问题吗没有了", ()),
    ],
)
def test_where_an_utterance_parts(text: str, parts: tuple[str, ...]) -> None:
    assert clauses(text) == parts


def test_the_clauses_read_are_bounded() -> None:
    assert len(clauses("可以，" * 200 + "不行")) == 4


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("可以，不过手续费怎么收", {"肯定", "问手续费"}),
        ("可以但是手续费怎么收的", {"肯定", "问手续费"}),
        ("好的，帮我转人工吧", {"肯定", "转人工"}),
        ("不用了，别再给我打了", {"否定", "别再打"}),
        ("太贵了，不办", {"太贵", "否定"}),
        ("是我，你是机器人吗", {"肯定", "是机器人吗"}),
        ("可以，不用等我", {"肯定"}),
        ("不对不对，我不是张三", {"否定"}),
        ("对对对，是我", {"肯定"}),
        ("行吧，那就这样", {"肯定"}),
        ("我在开车呢，等会再说", {"在忙"}),
        ("是我", {"肯定"}),
    ],
)
def test_each_thing_said_is_heard(text: str, meanings: set[str]) -> None:
    heard = zh(text)
    assert {heard.intents[0].name, *(score.name for score in heard.also)} == meanings
    assert all(score.confidence >= 0.5 for score in heard.also)


MONTHS = Expectation("x.y", kind="value", slot="期数", type="integer", unit="期", anytime=OFFER.anytime)


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("六期吧，手续费多少", ["问手续费"]),
        ("六期吧手续费多少", ["问手续费"]),
        ("那就分六期吧，手续费怎么收", ["问手续费"]),
        ("我要六期，不过利息怎么算", ["问手续费"]),
        ("六期吧，帮我转人工", ["转人工"]),
        ("六期的话，手续费多少", []),
        ("六期手续费多少", []),
        ("分六期太贵了吧", []),
        ("那就六期", []),
    ],
)
def test_what_stands_beside_a_value_that_is_chosen(text: str, beside: list[str]) -> None:
    heard = bank.zh().understand(Heard(text), MONTHS, at=bank.AT)
    assert [score.name for score in heard.also] == beside


@pytest.mark.parametrize(
    ("text", "value", "beside"),
    [
        ("six months please, how much is the fee", "six months", ("how much is the fee",)),
        ("I'll take six months. How much is the fee?", "six months", ("How much is the fee",)),
        ("is six months too long, and what is the fee", "six months", ()),
        ("if it's six months, what is the fee", "six months", ()),
    ],
)
def test_a_chosen_value_in_english(text: str, value: str, beside: tuple[str, ...]) -> None:
    start = text.index(value)
    assert beside_value(text, start, start + len(value)) == beside
