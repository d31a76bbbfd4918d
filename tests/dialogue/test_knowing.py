"""Which answers of a knowledge base a caller is given, and when."""

import pytest

from huashu.core.events import FaqHit, IntentScore, Understood
from huashu.flows.script import Script
from tests.dialogue.talk import Talk, said, script

pytestmark = pytest.mark.engine

FLOW = """
flow: 主
steps:
- 分期: {collect: 期数, prompt: 您想分几期？}
- 身份核实: {ask: 您是本人吗？, answers: {肯定: {set: {身份: 已核实}}, 否定: {end: completed}}}
- 办理: {ask: 现在办吗？, answers: {肯定: {end: completed}, 否定: {end: completed}}}
anytime:
  知识: {knowledge: 信用卡, then: back}
"""
BASE = """
base: 信用卡
items:
- question: 手续费怎么收
  answer: 每期千分之六。
  related: [有优惠吗]
  follow_ups:
  - {question: 12期呢, answer: 一共百分之七。}
  - {question: 能免吗, answer: 首期免。}
- {question: 有优惠吗, answer: 八折。}
- {question: 账单日哪天, answer: 每月5号。, needs: {身份: 已核实}}
"""
FEE, MORE, FREE, SALE, DAY = "手续费怎么收", "手续费怎么收 › 12期呢", "手续费怎么收 › 能免吗", "有优惠吗", "账单日哪天"


@pytest.fixture(scope="module")
def compiled() -> Script:
    return script(FLOW, knowledge__k=BASE)


def test_a_chat_is_told_what_else_is_asked_and_a_call_is_not(compiled: Script) -> None:
    assert said(Talk(compiled).faq("信用卡", FEE)) == ["每期千分之六。", "您可能还想问：有优惠吗", "您想分几期？"]
    talk = Talk(compiled, voice=True)
    talk.heard()
    assert said(talk.faq("信用卡", FEE)) == ["每期千分之六。", "您想分几期？"]


def test_a_follow_up_is_an_answer_only_behind_its_item(compiled: Script) -> None:
    talk = Talk(compiled)
    assert "一共百分之七。" not in said(talk.faq("信用卡", MORE))
    talk.faq("信用卡", FEE)
    assert said(talk.faq("信用卡", MORE))[0] == "一共百分之七。"
    assert said(talk.faq("信用卡", FREE))[0] == "首期免。", "beside its siblings it still is"
    talk.faq("信用卡", SALE)
    assert "一共百分之七。" not in said(talk.faq("信用卡", MORE)), "another subject has come between"


def test_a_follow_up_does_not_outlive_its_question(compiled: Script) -> None:
    talk = Talk(compiled)
    talk.faq("信用卡", FEE)
    talk.value("期数", 6)
    assert "一共百分之七。" not in said(talk.faq("信用卡", MORE))


def test_the_next_best_answer_is_given_when_the_best_may_not_be(compiled: Script) -> None:
    talk = Talk(compiled)
    hits = (FaqHit("信用卡", MORE, 0.95), FaqHit("信用卡", FEE, 0.7))
    assert said(talk.means(Understood("十二期呢", faq=hits)))[0] == "每期千分之六。"


def test_an_item_is_not_there_before_its_needs_hold(compiled: Script) -> None:
    talk = Talk(compiled)
    assert "每月5号。" not in said(talk.faq("信用卡", DAY))
    talk.value("期数", 6)
    talk.means(Understood("是", (IntentScore("肯定", 0.95),)))
    assert said(talk.faq("信用卡", DAY))[0] == "每月5号。"
