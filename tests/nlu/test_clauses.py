"""Several things said in one utterance."""

import pytest

from huashu.core.events import Heard, Understood
from huashu.core.expect import Expectation
from huashu.nlu.clauses import clauses
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
