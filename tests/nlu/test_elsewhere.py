"""Values for other questions of the flow than the open one: corrections, denials, values said before they are asked."""

from datetime import datetime

import pytest

from huashu.core.expect import Choice, Elsewhere, Expectation
from huashu.nlu.elsewhere import Found, values
from huashu.nlu.negation import corrects

pytestmark = pytest.mark.unit
AT = datetime(2026, 3, 2, 10)
TERMS = Elsewhere("期数", "integer", "期", (Choice(3, ("3期", "三期", "一个季度")), Choice(6, ("6期", "六期", "半年"))))
COUNT = Elsewhere("件数", "integer")
DAY = Elsewhere("日期", "date")


def found(text: str, *elsewhere: Elsewhere, slot: str | None = None, language: str = "zh") -> Found:
    return values(text, Expectation(step="主.问", slot=slot, elsewhere=elsewhere), language=language, at=AT)


def slots(text: str, *elsewhere: Elsewhere, language: str = "zh") -> list[tuple[str | None, object]]:
    return [(one.slot, one.value) for one in found(text, *elsewhere, language=language).named]


@pytest.mark.parametrize("text", ["不对，是3期", "不，三期", "改成三期吧", "三期", "不是6期，是3期", "一个季度的那种"])
def test_a_legal_value_with_its_counter_word_is_named(text: str) -> None:
    assert ("期数", 3) in slots(text, TERMS)


@pytest.mark.parametrize("text", ["我有三个问题", "三", "等我三分钟", "第三方"])
def test_a_bare_number_counts_anything(text: str) -> None:
    assert slots(text, TERMS) == []
    assert slots(text, COUNT) == []


@pytest.mark.parametrize("text", ["不对，是三", "不，还是3", "我说的是三", "改成3"])
def test_words_of_correction_make_it_a_value(text: str) -> None:
    assert slots(text, COUNT) == [("件数", 3)]


@pytest.mark.parametrize(
    "text",
    ["no, three", "I said three", "make it three", "not two, three", "not two but three", "yes but make it three"],
)
def test_in_english(text: str) -> None:
    assert ("件数", 3) in slots(text, COUNT, language="en")


@pytest.mark.parametrize("text", ["不是6期", "我没说六期", "不要半年的", "6期不行"])
def test_what_is_excluded_is_denied_and_not_named(text: str) -> None:
    told = found(text, TERMS)
    assert told.named == ()
    assert {(one.slot, one.value) for one in told.denied} == {("期数", 6)}


@pytest.mark.parametrize(("text", "denied"), [("yes but tomorrow", False), ("any day but tomorrow", True)])
def test_but_excludes_only_from_all(text: str, denied: bool) -> None:
    told = found(text, DAY, language="en")
    assert (bool(told.denied), bool(told.named)) == (denied, not denied)


def test_a_date_is_denied() -> None:
    assert [(one.slot, one.value) for one in found("不是后天", DAY).denied] == [("日期", "2026-03-04")]


def test_what_two_questions_could_take_is_named_for_none() -> None:
    assert slots("改成后天", DAY, Elsewhere("回访日", "date")) == []


def test_the_open_question_is_not_elsewhere() -> None:
    assert found("三期", TERMS, slot="期数") == Found()


@pytest.mark.parametrize(("text", "value"), [("不对，是3期", "3期"), ("不，3期", "3期"), ("sorry, I meant six", "six")])
def test_words_that_correct(text: str, value: str) -> None:
    assert corrects(text, text.index(value))


@pytest.mark.parametrize(("text", "value"), [("好的，3期", "3期"), ("我有3个", "3"), ("yes, six", "six")])
def test_words_that_do_not(text: str, value: str) -> None:
    assert not corrects(text, text.index(value))


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("六二二零二一三四", "zh", []),
        ("one two three four five", "en", []),
        ("两百五十块", "zh", [("金额", 250)]),
        ("不对，是两百五", "zh", [("金额", 250), ("比例", 250)]),  # told to be one: it may be either
        ("百分之十五", "zh", [("比例", 15)]),
        ("two hundred and fifty dollars", "en", [("金额", 250)]),
    ],
)
def test_a_bare_number_is_no_sum_and_no_share_that_nobody_asked_for(
    text: str, language: str, named: list[tuple[str, int]]
) -> None:
    """The figures of a card number that was not understood do not put the sum right."""
    both = [
        slots(text, other, language=language) for other in (Elsewhere("金额", "money"), Elsewhere("比例", "percent"))
    ]
    assert [(slot, int(str(value))) for one in both for slot, value in one] == named
