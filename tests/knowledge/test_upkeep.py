"""A base that says the same twice, contradicts itself, or leaves callers without an answer is found out."""

import datetime

import pytest

from huashu.knowledge.items import FaqItem, KnowledgeBase
from huashu.knowledge.upkeep import pairs, reach

pytestmark = pytest.mark.unit

SPRING, SUMMER = datetime.date(2026, 3, 31), datetime.date(2026, 4, 1)


def base(*items: FaqItem) -> KnowledgeBase:
    rest = (
        FaqItem("卡丢了怎么办", "卡丢了怎么办", ("怎么挂失",), "请挂失。"),
        FaqItem("怎么提额", "怎么提额", (), "在手机银行。"),
    )
    return KnowledgeBase("信用卡", (*items, *rest))


FEE = FaqItem("手续费怎么收", "手续费怎么收", ("分期手续费多少",), "每期千分之六。")


def test_the_same_question_with_the_same_answer_is_a_duplicate() -> None:
    again = FaqItem("分期的手续费是多少", "分期的手续费是多少", (), "按期收，每期千分之六。")
    [pair] = pairs(base(FEE, again))
    assert (pair.kind, pair.one, pair.two) == ("duplicate", FEE.id, again.id)


@pytest.mark.parametrize(
    ("one", "two", "differ"),
    [
        ("每期0.6%。", "每期0.7%。", ("0.6", "0.7")),
        ("可以提前还。", "不可以提前还。", ("不",)),
        ("一共百分之七。", "一共百分之八。", None),
    ],
)
def test_answers_that_contradict_each_other_are_a_conflict(one: str, two: str, differ: tuple[str, ...] | None) -> None:
    first = FaqItem("a", "手续费怎么收", (), one)
    [pair] = pairs(base(first, FaqItem("b", "分期手续费怎么收", (), two)))
    assert pair.kind == "conflict"
    assert differ is None or pair.differ == differ


def test_items_never_true_on_the_same_day_are_no_pair() -> None:
    old = FaqItem("a", "手续费怎么收", (), "每期0.6%。", ends=SPRING)
    assert pairs(base(old, FaqItem("b", "分期手续费怎么收", (), "每期0.7%。", starts=SUMMER))) == ()


def test_items_about_different_things_are_no_pair() -> None:
    assert pairs(base(FEE)) == ()


def test_how_far_a_base_reaches() -> None:
    asked = ["手续费是多少", "手续费多少啊", "怎么挂失", "手续费怎么收", "今天天气怎么样", "今天天气怎么样"]
    found = reach(base(FEE), asked)
    assert (found.questions, found.answered) == (6, 4)
    assert found.by_item == ((FEE.id, 3), ("卡丢了怎么办", 1))
    assert [question for question, _ in found.unanswered] == ["今天天气怎么样"]
    assert (found.items_for(0.5), found.items_for(0.6), found.items_for(0.9)) == (1, 2, 0)
