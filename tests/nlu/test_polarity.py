"""What turns a yes or a no round, and what excludes a value: denial, condition, hedge, the question's own polarity."""

from dataclasses import replace

import pytest

from huashu.core.events import Heard, Understood
from huashu.core.expect import Choice, Expectation
from huashu.nlu.negation import excluded
from huashu.nlu.polarity import conditional, farewell, hedged
from huashu.nlu.sides import Denies, asked_in_the_negative, asks_for_more
from tests.nlu import bank

pytestmark = pytest.mark.unit

YES_NO = Expectation("x.y", kind="yes_no", intents=("肯定", "否定"))


def zh(text: str, expect: Expectation) -> Understood:
    understood: Understood = bank.zh().understand(Heard(text), expect, at=bank.AT)
    return understood


def best(text: str, expect: Expectation) -> str:
    intents = zh(text, expect).intents
    return intents[0].name if intents and intents[0].confidence >= 0.5 else ""


@pytest.mark.parametrize("text", ["可别这样弄", "可别这么办", "先别这么弄啊", "我不想这样办"])
def test_a_denial_made_of_the_words_of_a_yes_is_a_no(text: str) -> None:
    assert best(text, bank.IDENTITY) == "否定"


@pytest.mark.parametrize("text", ["没问题啊", "没错就这样办", "可以啊没关系"])
def test_harmless_negatives_leave_a_yes(text: str) -> None:
    assert best(text, YES_NO) == "肯定"


@pytest.mark.parametrize("text", ["要是免手续费就办", "如果利息低我就要", "只要不收费就可以"])
def test_an_assent_on_a_condition_is_no_yes(text: str) -> None:
    assert best(text, YES_NO) != "肯定"
    assert conditional(text)


@pytest.mark.parametrize("text", ["方便的话帮我办吧", "可以的", "if possible, yes", "yes if you could"])
def test_politeness_is_no_condition(text: str) -> None:
    assert not conditional(text)


@pytest.mark.parametrize("text", ["应该可以吧", "可能是吧", "I think so", "probably yes"])
def test_a_hedge_is_heard(text: str) -> None:
    assert hedged(text)


def test_a_hedged_yes_is_one_that_is_asked_back() -> None:
    sure = zh("可以", YES_NO).intents[0].confidence
    unsure = zh("应该可以吧", YES_NO).intents[0]
    assert unsure.name == "肯定"
    assert 0.5 < unsure.confidence < 0.8 < sure
    assert zh("应该是六期吧", bank.MONTHS).entities[0].confidence < 0.8


@pytest.mark.parametrize(
    ("prompt", "denies"),
    [
        ("您暂时不需要，是吗？", "not"),
        ("您这边不方便是吧", "not"),
        ("您还没收到，对吗？", "have"),
        ("您不是张先生吗？", "be"),
        ("So you don't need it, right?", "not"),
        ("You haven't received it?", "not"),
        ("您是不是张先生？", ""),
        ("请问您要办理吗？", ""),
        ("不好意思打扰您，请问您是张先生吗？", ""),
        ("您有没有收到？", ""),
        ("您看要不要办？", ""),
        ("没收到的话我再发一次，好吗？", ""),
        ("您为什么不办呢？", ""),
        ("Don't you want it?", ""),
        ("Do you have the card?", ""),
    ],
)
def test_what_a_prompt_denies(prompt: str, denies: str) -> None:
    assert asked_in_the_negative(prompt) == denies


@pytest.mark.parametrize(
    ("denies", "text", "answer"),
    [
        ("not", "嗯", "肯定"),
        ("not", "对", "肯定"),
        ("not", "不需要", "肯定"),
        ("not", "是的，不用", "肯定"),
        ("not", "需要", "否定"),
        ("not", "不是，我要办", "否定"),
        ("not", "不对", "否定"),
        ("have", "没有", "肯定"),
        ("have", "对，没收到", "肯定"),
        ("have", "收到了", "否定"),
        ("be", "不是", "肯定"),
        ("be", "我是", "否定"),
    ],
)
def test_yes_and_no_by_the_questions_polarity(denies: Denies, text: str, answer: str) -> None:
    assert best(text, replace(YES_NO, denies=denies)) == answer


def test_goodbye_is_a_no_to_anything_else() -> None:
    assert asks_for_more("请问您还有其他问题吗？")
    assert asks_for_more("Is there anything else I can help you with?")
    assert not asks_for_more("请问您是张先生吗？")
    more = replace(YES_NO, asks_more=True)
    for text in ("好的，谢谢，再见", "拜拜", "谢谢你啊"):
        assert farewell(text)
        assert best(text, more) == "否定"
    assert best("有的", more) == "肯定"
    assert not farewell("谢谢，我还想问一下手续费")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("不要六期，要十二期", 12),
        ("我不要三期了给我六期", 6),
        ("十二期太长了，六期吧", 6),
        ("六期不要，三期", 3),
        ("六期，不是十二期", 6),
        ("不，六期", 6),
        ("不是六期吗", 6),
        ("那就六期不行吗", 6),
        ("不要三期", None),
        ("除了三期都行", None),
    ],
)
def test_an_excluded_value_is_not_taken(text: str, value: int | None) -> None:
    found = [entity.value for entity in zh(text, bank.MONTHS).entities if entity.slot == "期数"]
    assert found == ([] if value is None else [value])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("not six, twelve", 12),
        ("I don't want six months, give me twelve", 12),
        ("twelve not six", 12),
        ("six doesn't work, twelve", 12),
        ("why not six", 6),
        ("anything but six", None),
    ],
)
def test_an_excluded_value_in_english(text: str, value: int | None) -> None:
    months = Expectation(
        "x", slot="months", type="integer", choices=(Choice(6, ("six",)), Choice(12, ("twelve",))), language="en-US"
    )
    found = bank.en().understand(Heard(text), months, at=bank.AT).entities
    assert [entity.value for entity in found if entity.slot == "months"] == ([] if value is None else [value])


def test_excluded_days() -> None:
    days = Expectation("x", slot="日期", type="date", slots=(("日期", "date"),))
    for text, day in (("今天不行，明天可以", "2026-11-21"), ("不是今天是后天", "2026-11-22")):
        assert [entity.value for entity in zh(text, days).entities] == [day]
    assert zh("别约明天", days).entities == ()
    assert excluded("除了周三都行", 2, 4)
    assert not excluded("周三吧，别的不行", 0, 2)
