"""Values said before they are asked for: what the flows that a turn leads into take of them (FIELD.md, pain 18)."""

import pytest

from huashu.core.events import Entity, IntentScore, Understood
from huashu.flows.script import Script
from tests.dialogue.talk import Talk, said, script

pytestmark = pytest.mark.engine

BOT = """
bot: hotel
language: zh-CN
start: 总台
variables:
  城市: {type: text, values: [里斯本, 上海]}
  入住: date
  晚数: {type: integer, unit: 晚}
  电话: phone
  备用电话: phone
"""
DESK = """
flow: 总台
steps:
- 问: {ask: 有什么可以帮您？, answers: {订房: {%s}, 查单: {call: 查单}}}
- 完: {ask: 还有别的吗？, answers: {肯定: {go: 问}, 否定: {end: completed}}}
anytime: {在忙: {call: 约回电}}
"""
BOOK = """
flow: 订房
%ssteps:
- 城市: {collect: 城市, prompt: 哪个城市？}
- 入住: {collect: 入住, prompt: 哪天入住？}
- 晚数: {collect: 晚数, prompt: 住几晚？, confirm: {below: 0.8, say: 【晚数】，对吗？}, %s}
- 好: {say: "【城市】，【入住】，【晚数】。"}
"""
ORDER = """
flow: 查单
steps:
- 电话: {collect: 电话, prompt: 电话是多少？}
- 备用: {collect: 备用电话, prompt: 备用的呢？}
"""
BACK = "flow: 约回电\nsteps:\n- 哪天: {collect: 入住, prompt: 哪天回电？}\n"
NLU = "intents: {订房: [订房, 我要订间房], 查单: [查一下订单]}\n"


def hotel(way: str = "call: 订房", own: str = "", more: str = "ask_before_filling: false", desk: str = DESK) -> Script:
    files = {"flows__book": BOOK % (own, more), "flows__order": ORDER, "flows__back": BACK, "nlu__a": NLU}
    return script(desk % way, bot=BOT, **files)


CITY = Entity("text", "里斯本", "里斯本", 0, 3, "城市", 0.95)
DAY = Entity("date", "2026-05-01", "五一", 0, 2, "入住", 0.95)


def nights(sure: float = 0.95) -> Entity:
    return Entity("integer", 2, "两晚", 0, 2, "晚数", sure)


def says(intent: str, *entities: Entity) -> Understood:
    return Understood("五一在里斯本订间房住两晚", (IntentScore(intent, 0.95),), entities)


@pytest.mark.parametrize("way", ["call: 订房", "link: 订房"])
@pytest.mark.parametrize("own", ["", "local: [城市, 入住, 晚数]\n"])
def test_what_was_said_on_the_way_in_is_not_asked_again(way: str, own: str) -> None:
    talk = Talk(hotel(way, own))
    assert said(talk.means(says("订房", CITY, DAY)))[0] == "住几晚？"
    assert said(talk.value("晚数", 2))[0] == "里斯本，2026年5月1日，2晚。"


def test_the_steps_own_call_behind_the_answer_takes_them_too() -> None:
    desk = DESK.replace("查单: {call: 查单}}}", "查单: {call: 查单}}, call: 订房}")
    talk = Talk(hotel("then: next", desk=desk))
    assert said(talk.means(says("订房", CITY, nights()))) == ["哪天入住？"]


def test_a_value_that_needs_a_yes_is_asked_for() -> None:
    talk = Talk(hotel())
    assert said(talk.means(says("订房", CITY, DAY, nights(0.5)))) == ["住几晚？"]


def test_a_question_that_must_be_asked_is_asked() -> None:
    talk = Talk(hotel(more="ask_before_filling: true"))
    assert said(talk.means(says("订房", CITY, DAY, nights()))) == ["住几晚？"]


def test_a_detour_takes_what_is_said_on_the_way_in_unless_it_is_a_refusal() -> None:
    """ "今天不方便" names a day in order to exclude it."""
    talk = Talk(hotel())
    assert said(talk.means(says("在忙", DAY))) == ["哪天回电？"]
    desk = DESK.replace("在忙", "谢谢")
    talk = Talk(hotel(desk=desk))
    assert said(talk.means(says("谢谢", DAY)))[-1] == "有什么可以帮您？"
    assert talk.engine.slots["入住"] == "2026-05-01"


def test_each_value_is_taken_once() -> None:
    """The second run of a sub-script asks for what the first was told."""
    desk = """
flow: 总台
steps:
- 问: {ask: 有什么可以帮您？, answers: {订房: {%s}, 查单: {}}}
- 再: {call: 订房}
"""
    talk = Talk(hotel("call: 订房", "local: [城市, 入住, 晚数]\n", desk=desk))
    lines = said(talk.means(says("订房", CITY, DAY, nights())))
    assert lines == ["里斯本，2026年5月1日，2晚。", "哪个城市？"]


def test_what_answers_the_question_is_not_offered_further() -> None:
    rate = "flow: 打分\nlocal: [晚数]\nsteps:\n- 问: {collect: 晚数, prompt: 几分？}\n"
    main = "flow: 总台\nsteps:\n- 一: {collect: 晚数, prompt: 几晚？}\n- 打: {call: 打分}\n- 完: {end: completed}\n"
    talk = Talk(script(main, bot=BOT, flows__rate=rate))
    assert said(talk.value("晚数", 3)) == ["几分？"]


def test_an_open_question_listens_for_what_its_answers_lead_to() -> None:
    compiled = hotel()
    desk, book = compiled.flows["总台"], compiled.flows["订房"]
    ask, asked = desk.steps[0].question, book.steps[0].question
    assert ask is not None
    assert asked is not None
    assert dict(ask.expect.slots) == {"城市": "text", "入住": "date", "晚数": "integer"}, "which phone is not clear"
    assert dict(asked.expect.slots) == {"城市": "text", "入住": "date", "晚数": "integer"}
    yes_no = desk.steps[1].question
    assert yes_no is not None
    assert yes_no.expect.slots == (), "yes or no is all that is listened for"
