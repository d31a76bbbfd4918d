"""A question finds its answer however it is put, and a stranger finds none."""

import dataclasses
import datetime
import time

import pytest

from huashu.knowledge.items import FaqItem, KnowledgeBase
from huashu.knowledge.retrieval import Retriever

pytestmark = pytest.mark.unit

CARD = KnowledgeBase(
    "信用卡",
    (
        FaqItem("fee", "手续费怎么收", ("手续费是多少", "要收多少手续费"), "每期百分之一以内。"),
        FaqItem("limit", "额度怎么提高", ("能提额吗", "怎么申请临时额度"), "在手机银行申请。"),
        FaqItem("lost", "卡丢了怎么办", ("怎么挂失", "信用卡找不到了"), "请立即挂失。"),
        FaqItem("over", "逾期了会怎么样", ("晚几天还有事吗",)),
        FaqItem("late", "忘记还款有什么影响", ("逾期了怎么办", "晚还几天影响征信吗"), "三天内不影响。"),
    ),
)
BRANCH = KnowledgeBase(
    "branch",
    (
        FaqItem("hours", "what are your opening hours", ("when do you open", "are you open on sunday")),
        FaqItem("where", "where is the nearest branch", ("how do I get to the bank",)),
    ),
    language="en-US",
)
RETRIEVER = Retriever({"信用卡": CARD, "branch": BRANCH, "empty": KnowledgeBase("empty", ())})


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("手续费怎么收", "fee"),
        ("嗯，你们这个手续费是怎么收的呀？", "fee"),
        ("我想提高额度", "limit"),
        ("我的信用卡丢了", "lost"),
        ("忘了还款会影响征信吗", "late"),
        ("要是逾期会怎么样啊", "over"),
    ],
)
def test_a_question_finds_its_item(text: str, item: str) -> None:
    hits = RETRIEVER.search(text, ("信用卡",))
    assert hits[0].item == item
    assert hits[0].base == "信用卡"


def test_english_and_several_bases() -> None:
    assert RETRIEVER.search("When are you open?", ("信用卡", "branch"))[0].item == "hours"
    assert RETRIEVER.search("怎么挂失", ("branch", "信用卡"))[0].item == "lost"
    assert RETRIEVER.search("怎么挂失", ("branch",)) == ()


def test_word_for_word_is_sure() -> None:
    assert RETRIEVER.search("手续费是多少？", ("信用卡",))[0].confidence >= 0.95


@pytest.mark.parametrize(
    "text", ["今天天气怎么样", "股票会怎么样", "我想吃火锅", "是我", "好的", "转人工", "", "，。", "asdf"]
)
def test_a_stranger_finds_nothing(text: str) -> None:
    assert RETRIEVER.search(text, ("信用卡", "branch")) == ()


BILL = KnowledgeBase(
    "账单",
    (
        FaqItem("invoice", "怎么开发票", ("可以开票吗", "发票在哪里申请", "电子发票怎么申请")),
        FaqItem("lost", "怎么挂失", ("我要挂失", "卡被偷了怎么办", "卡丢了", "帮我办挂失")),
        FaqItem("year", "年费怎么收", ("这张卡要年费吗", "年费多少钱", "怎么免年费")),
        FaqItem("late", "逾期了会怎么样", ("晚几天还有事吗", "过了还款日没还怎么办")),
    ),
)


@pytest.mark.parametrize(
    ("text", "item"), [("能开票不", "invoice"), ("卡不见了", "lost"), ("我卡掉了", "lost"), ("这卡收年费吗", "year")]
)
def test_shared_content_is_sure(text: str, item: str) -> None:
    hits = Retriever({"b": BILL}).search(text, ("b",))
    assert [hit.item for hit in hits] == [item]


@pytest.mark.parametrize(
    "text", ["这个手续费能少点吗", "我信用卡早还掉了呀", "可以换个人来吗", "这个怎么办理", "你们几点下班", "我不想办了"]
)
def test_words_that_every_question_has_are_no_evidence(text: str) -> None:
    hits = Retriever({"b": dataclasses.replace(BILL, threshold=0.0)}).search(text, ("b",))
    assert all(hit.confidence < 0.4 for hit in hits)


def test_a_question_of_another_kind_is_less_sure() -> None:
    loose = Retriever({"b": dataclasses.replace(BILL, threshold=0.0)})
    same, other = (loose.search(text, ("b",))[0] for text in ("这张卡的年费是多少钱呢", "这张卡的年费什么时候扣呢"))
    assert same.item == "year"
    assert same.confidence > other.confidence


def test_the_bases_threshold_decides() -> None:
    text = "我想问问手续费"
    easy = Retriever({"b": dataclasses.replace(CARD, threshold=0.05)}).search(text, ("b",))
    assert [hit.confidence for hit in easy] == sorted([hit.confidence for hit in easy], reverse=True)
    assert easy[0].item == "fee"
    assert Retriever({"b": dataclasses.replace(CARD, threshold=0.99)}).search(text, ("b",)) == ()


def test_bounds_and_unknown_bases() -> None:
    loose = Retriever({"b": dataclasses.replace(CARD, threshold=0.0)})
    assert len(loose.search("怎么", ("b",), most=2)) == 2
    assert loose.search("怎么", ("b",), most=0) == ()
    assert RETRIEVER.search("怎么挂失", ("no such base", "empty")) == ()


def test_a_thousand_items_are_searched_in_a_few_milliseconds_at_worst() -> None:
    words = ("开户", "挂失", "转账", "贷款", "理财", "网银", "密码", "额度", "账单", "分期")
    items = tuple(
        FaqItem(f"{a}{b}{c}", f"{words[a]}以后{words[b]}的{words[c]}怎么办理")
        for a in range(10)
        for b in range(10)
        for c in range(10)
    )
    retriever = Retriever({"b": KnowledgeBase("b", items)})
    began = time.process_time()
    for _ in range(50):
        hits = retriever.search("网银以后贷款的密码怎么办理", ("b",))
    assert hits[0].item == "536"
    assert (time.process_time() - began) / 50 < 0.005


SEASON = KnowledgeBase(
    "活动",
    (
        FaqItem("old", "手续费有优惠吗", ("现在打折吗",), "八折。", ends=datetime.date(2026, 9, 30)),
        FaqItem("new", "手续费有什么优惠", ("现在打几折",), "七折。", starts=datetime.date(2026, 10, 1)),
    ),
)


@pytest.mark.parametrize(("day", "item"), [(30, "old"), (31, "new")])
def test_an_answer_is_there_only_while_it_is_valid(day: int, item: str) -> None:
    on = datetime.date(2026, 8, 31) + datetime.timedelta(days=day)
    hits = Retriever({"活动": SEASON}).search("手续费有优惠吗", ("活动",), on=on)
    assert [hit.item for hit in hits] == [item]
