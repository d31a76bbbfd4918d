"""What a bank's robot hears at a question, and what must not be taken for it: one table a kind of question.

Each row has neighbours: words near it that mean something else. "" is: neither, so that the bot asks again.
"""

import pytest

from huashu.core.events import Heard, Understood
from huashu.core.expect import Choice, Expectation
from huashu.nlu.polarity import bargains, neither
from tests.nlu import bank

pytestmark = pytest.mark.unit

ANY = (
    "转人工", "别再打", "太贵", "问手续费", "打错了", "请重复", "等一下", "谢谢", "再见", "跳过", "说慢点", "没兴趣",
)  # fmt: skip
EN_ANY = (
    "human", "stop_calling", "too_expensive", "ask_fee", "wrong_person", "repeat", "wait", "thanks", "goodbye", "skip",
    "not_interested",
)  # fmt: skip
OFFER = Expectation("x.y", kind="yes_no", intents=("肯定", "否定", "在忙"), anytime=ANY)
EN_OFFER = Expectation(
    "x.y", kind="yes_no", intents=("affirm", "deny", "busy"), anytime=EN_ANY, language="en-US"
)  # fmt: skip
CONSENT = Expectation("x.c", kind="yes_no", slot="同意", type="yes_no", anytime=ANY)
MONTHS = Expectation(
    "x.m", kind="value", slot="期数", type="integer", unit="期", anytime=ANY,
    choices=(Choice(3, ("3期", "三期")), Choice(6, ("6期", "六期")), Choice(12, ("12期", "十二期"))),
)  # fmt: skip
EN_MONTHS = Expectation(
    "x.m", kind="value", slot="months", type="integer", unit="months", anytime=EN_ANY, language="en-US",
    choices=(Choice(3, ("3 months",)), Choice(6, ("6 months",)), Choice(12, ("12 months",))),
)  # fmt: skip
PLACES = Expectation(
    "x.p", kind="choice", slot="放哪", type="text", choices=(Choice("柜", ("快递柜",)), Choice("门口", ("家门口",)))
)
DAY = Expectation("x.d", kind="value", slot="日期", type="date", anytime=ANY)
ADDRESS = Expectation("x.a", kind="value", slot="地址", type="text", anytime=ANY)
EN_ADDRESS = Expectation("x.a", kind="value", slot="address", type="text", anytime=EN_ANY, language="en-US")


def heard(text: str, expect: Expectation) -> Understood:
    bot = bank.en() if expect.language.startswith("en") else bank.zh()
    return bot.understand(Heard(text), expect, at=bank.AT)


def best(text: str, expect: Expectation) -> str:
    intents = heard(text, expect).intents
    return intents[0].name if intents and intents[0].confidence >= 0.5 else ""


def value(text: str, expect: Expectation) -> tuple[object, bool] | None:
    """The value of the asked slot, and whether it is sure enough not to be asked back."""
    found = [entity for entity in heard(text, expect).entities if entity.slot == expect.slot]
    return (found[0].value, found[0].confidence >= 0.8) if found else None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # to go on talking is no consent; to be told that one may is
        ("行了你接着说", ""), ("好了你接着说吧", ""), ("嗯你继续", ""), ("行你说", "肯定"), ("继续办吧", "肯定"),
        # who is busy
        ("你忙吧", "再见"), ("你先忙", "再见"), ("那您先忙吧", "再见"), ("你忙你的", "再见"), ("我在忙", "在忙"),
        ("我正忙着呢", "在忙"),
        # giving up, and giving in
        ("不改期了算了", "否定"), ("不办了算了吧", "否定"), ("算了算了", "否定"), ("算了办吧", ""),
        ("算了还是办了吧", ""), ("算了不办", "没兴趣"),
        # a condition is no consent
        ("要是免手续费就办", ""), ("手续费全免我就办", ""), ("如果不收利息那就行", ""), ("只要便宜我就办", ""),
        ("那我就办一个吧", "肯定"), ("方便的话帮我办吧", "肯定"),
        # a denial denied
        ("也不是不行", ""), ("不是不可以", ""), ("没有不同意", ""), ("谁说我不要", ""), ("我没说不要", ""),
        ("不是", "否定"), ("不是不是", "否定"), ("不不不", "否定"), ("没有不用", "否定"),
        # a question back
        ("对不对", ""), ("行不行啊", ""), ("可以不可以", ""), ("真的假的", ""), ("听得见吗", ""), ("怎么不行", ""),
        ("嗯？", ""),
        ("对", "肯定"), ("不行", "否定"), ("嗯", "肯定"), ("可以啊怎么不可以", "肯定"),
        # not to know, and not to care
        ("我不太清楚", ""), ("不知道啊", ""), ("我不懂", ""), ("随便", ""), ("你看着办", ""), ("无所谓", ""),
        ("都可以", "肯定"), ("清楚了", "肯定"), ("知道了", "肯定"),
        # hedged, and sure
        ("应该可以吧", "肯定"), ("好吧", "肯定"), ("是我呀怎么还没好", "肯定"),
    ],
)  # fmt: skip
def test_yes_no_and_neither(text: str, meant: str) -> None:
    assert best(text, OFFER) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("okay go on", ""), ("ok continue", ""), ("keep going", ""), ("go ahead", "affirm"),
        ("I'll let you go", "goodbye"), ("you take care", "goodbye"), ("let me go get it", "wait"),
        ("forget it", "deny"), ("never mind", "deny"), ("yeah no", "deny"), ("yes no problem", "affirm"),
        ("I'm not sure", ""), ("I don't know", ""), ("no idea", ""), ("I'm sure", "affirm"),
        ("I don't care", ""), ("up to you", ""), ("I would care for that", ""),
        ("really", ""), ("is that so", ""), ("huh?", "repeat"), ("okay?", ""), ("okay", "affirm"),
        ("it's not that I don't want it", ""), ("I didn't say no", ""), ("I said no", "deny"),
        ("as long as it's free sure", ""), ("sure", "affirm"), ("probably", "affirm"),
    ],
)  # fmt: skip
def test_yes_no_and_neither_in_english(text: str, meant: str) -> None:
    if text in ("let me go get it", "I would care for that"):  # neighbours only: nothing that ends the call
        assert best(text, EN_OFFER) not in ("goodbye", "deny")
    else:
        assert best(text, EN_OFFER) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("同意", (True, True)), ("不同意", (False, True)), ("应该可以吧", (True, False)), ("应该是吧", (True, False)),
        ("行了你接着说", None), ("不知道啊", None), ("随便吧", None), ("要是免手续费就同意", None),
    ],
)  # fmt: skip
def test_a_consent_that_is_hedged_is_asked_back(text: str, said: tuple[object, bool] | None) -> None:
    assert value(text, CONSENT) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # months by another measure
        ("不是我要的是半年", (6, False)), ("半年", (6, False)), ("那就一年吧", (12, False)), ("一个季度", (3, False)),
        ("两年", (24, False)), ("六个月", (6, True)), ("六期", (6, True)), ("不是半年", None),
        # pointed at
        ("第二个", (6, False)), ("最后一个", (12, False)), ("最长的", (12, False)), ("最短的那个", (3, False)),
        ("中间那个", (6, False)),
        ("第一次听说", None), ("我还有最后一个问题", None), ("第二期", None),
        # side by side
        ("三期还是六期好", None), ("三期和六期哪个划算", None), ("十二期吧还是六期", (12, False)),
        ("还是六期吧", (6, True)),
        # put right
        ("六期吧不对十二期", (12, True)), ("我说的是十二期不是六期", (12, True)), ("六期不行十二期", (12, True)),
        ("不要三期", None),
        # on a condition
        ("如果免息就分六期", (6, False)), ("那就分六期", (6, True)),
    ],
)  # fmt: skip
def test_choices(text: str, said: tuple[object, bool] | None) -> None:
    assert value(text, MONTHS) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("half a year", (6, False)), ("a year", (12, False)), ("six months", (6, True)),
        ("the second one", (6, False)), ("the last one", (12, False)), ("the longest", (12, False)),
        ("the last time I called nobody came", None),
        ("is six or twelve better", None), ("six or twelve", (6, False)), ("I said twelve not six", (12, True)),
    ],
)  # fmt: skip
def test_choices_in_english(text: str, said: tuple[object, bool] | None) -> None:
    assert value(text, EN_MONTHS) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [("前面那个", "柜"), ("后面的那个", "门口"), ("第二个", "门口"), ("快递柜", "柜"), ("后面还有事", None)],
)
def test_choices_of_words(text: str, said: str | None) -> None:
    found = value(text, PLACES)
    assert (found[0] if found else None) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("明天或者后天", ("2026-11-21", False)), ("明天吧要不后天", ("2026-11-22", False)),
        ("明天", ("2026-11-21", True)),
        ("不是明天是后天", ("2026-11-22", True)), ("后天不行大后天吧", ("2026-11-23", True)),
        ("应该是明天吧", ("2026-11-21", False)),
        ("明天，哦不对，后天", ("2026-11-22", True)), ("还是明天吧", ("2026-11-21", True)), ("不改期了算了", None),
        ("随便哪天", None),
    ],
)  # fmt: skip
def test_days(text: str, said: tuple[object, bool] | None) -> None:
    assert value(text, DAY) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("不对，地址是中山路八号", "中山路八号"), ("不对地址是中山路八号", "中山路八号"),
        ("我的地址是中山路八号", "中山路八号"),
        ("不是中山路八号，是中山路九号", "中山路九号"), ("不对不对是中山路九号", "中山路九号"),
        ("错了，中山路九号", "中山路九号"),
        ("我说的是中山路九号", "中山路九号"), ("应该是中山路八号吧", "中山路八号"),
        ("改成中山路八号谢谢", "中山路八号"),
        ("我看看啊，中山路八号", "中山路八号"), ("中山路八号就行", "中山路八号"), ("嗯中山路八号", "中山路八号"),
        ("不锈钢厂宿舍", "不锈钢厂宿舍"), ("是非路八号", "是非路八号"), ("我家楼下酒吧", "我家楼下酒吧"),
        ("地址路八号", "地址路八号"),
        ("不知道", None), ("忘了", None), ("我记不清了", None), ("忘忧路八号", "忘忧路八号"), ("没有", "没有"),
    ],
)  # fmt: skip
def test_dictated_texts(text: str, said: str | None) -> None:
    found = value(text, ADDRESS)
    assert (found[0] if found else None) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no, the address is 12 Main Street", "12 Main Street"), ("no it's 12 Main Street", "12 Main Street"),
        ("actually 12 Main Street", "12 Main Street"), ("sorry, I meant 12 Main Street", "12 Main Street"),
        ("12 Main Street please", "12 Main Street"), ("not 11, 12 Main Street", "12 Main Street"),
        ("my address is 12 Main Street", "12 Main Street"), ("Norman Street 5", "Norman Street 5"),
        ("I forgot", None), ("I don't remember", None), ("Waitrose car park", "Waitrose car park"),
    ],
)  # fmt: skip
def test_dictated_texts_in_english(text: str, said: str | None) -> None:
    found = value(text, EN_ADDRESS)
    assert (found[0] if found else None) == said


@pytest.mark.parametrize(
    ("text", "is_bargain"),
    [
        ("要是免手续费就办", True), ("手续费全免我就办", True), ("免手续费的话可以办", True),
        ("if it's free I'll take it", True),
        ("提前还款的话要手续费吗", False), ("要是逾期了怎么办", False), ("手续费怎么收", False),
        ("what if I pay early", False),
    ],
)  # fmt: skip
def test_a_bargain_asks_nothing_of_the_knowledge_base(text: str, is_bargain: bool) -> None:
    assert bargains(text) is is_bargain


def test_what_is_neither_is_told_by_closed_words_only() -> None:
    for text in ("可以", "不用了", "好的谢谢", "我要办", "yes please", "no thanks", "中山路八号", ""):
        assert not neither(text)
