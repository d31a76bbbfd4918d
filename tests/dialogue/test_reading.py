"""Long answers of the knowledge base, read piece by piece; messages and refusals told before anything else is said."""

import pytest

from huashu.core.actions import Listen, OptOut, Say, Send
from huashu.core.events import HungUp, PlaybackEnded
from huashu.flows.script import Script
from tests.dialogue.talk import HEAD, Talk, kinds, said, script

pytestmark = pytest.mark.engine

SENTENCES = [f"第{n}条规定是这样写的，请您仔细听好。" for n in "一二三四五六七八九十"]
BASE = f"""
base: 规定
items:
- {{question: 有哪些规定, answer: {"".join(SENTENCES)}}}
- {{question: 远吗, answer: 不远。}}
"""
FLOW = """
flow: 主
steps:
- 期数:
    collect: 期数
    prompt: [分几期？, 3期还是6期？]
    answers: {太贵: {end: 不要}}
    silence: [{after: 5s, say: 在吗？}, {after: 4s, end: 不要}]
anytime:
  知识: {knowledge: 规定, then: back}
  太贵了: {say: 不贵。, then: back}
endings: {不要: {say: 再见。}}
"""
NLU = "intents: {太贵: [太贵了吧], 太贵了: [有点贵]}\n"


@pytest.fixture(scope="module")
def rules() -> Script:
    return script(FLOW, nlu__a=NLU, knowledge__a=BASE, bot=HEAD + "defaults: {long_answer: 60}\n")


def asked(rules: Script, *, voice: bool = True) -> Talk:
    talk = Talk(rules, voice=voice)
    talk.heard()
    talk.faq("规定", "有哪些规定")
    return talk


def told(actions: list) -> str:  # type: ignore[type-arg]
    return "".join(said(actions))


def test_the_first_piece_then_the_bot_asks_whether_to_go_on(rules: Script) -> None:
    talk = asked(rules)
    text = told(talk.actions)
    assert text.startswith("第一条")
    assert text.endswith("还要接着听吗？")
    assert "第十条" not in text
    listen = talk.actions[-1]
    assert isinstance(listen, Listen)
    assert (listen.expect.kind, listen.expect.slot) == ("yes_no", "期数")


def test_yes_goes_on_to_the_end_and_back_to_the_question(rules: Script) -> None:
    talk = asked(rules)
    read = told(talk.actions)
    for word in ("继续", "嗯", "接着说"):
        if "还要接着听吗" not in told(talk.actions):
            break
        talk.heard()
        talk.intent("肯定", text=word)
        read += told(talk.actions)
    plain = read.replace("还要接着听吗？", "")
    assert plain == "".join(SENTENCES) + "3期还是6期？"
    assert read.count("还要接着听吗？") == 2


@pytest.mark.parametrize("text", ["不用了", "知道了", "够了"])
def test_no_goes_back_to_the_question(rules: Script, text: str) -> None:
    talk = asked(rules)
    talk.heard()
    talk.intent("否定" if text == "不用了" else "肯定", text=text)
    assert said(talk.actions) == ["3期还是6期？"]


def test_silence_goes_back_to_the_question_and_its_ladder_begins(rules: Script) -> None:
    talk = asked(rules)
    talk.heard()
    [(_, actions)] = talk.silence(5.0)
    assert said(actions) == ["3期还是6期？"]
    talk.heard()
    [(_, actions)] = talk.silence(5.0)
    assert said(actions) == ["在吗？"]


def test_a_value_an_answer_or_another_question_is_an_ordinary_turn(rules: Script) -> None:
    talk = asked(rules)
    talk.value("期数", 6, text="六期吧")
    assert talk.engine.slots["期数"] == 6
    talk = asked(rules)
    assert said(talk.intent("太贵"))[-1:] == ["再见。"]
    talk = asked(rules)
    talk.heard()
    assert said(talk.faq("规定", "远吗")) == ["不远。", "3期还是6期？"]


def test_please_repeat_repeats_the_piece_and_the_reading_goes_on(rules: Script) -> None:
    talk = asked(rules)
    first = said(talk.actions)
    talk.heard()
    assert said(talk.intent("请重复")) == first
    talk.heard()
    assert "还要接着听吗？" in said(talk.intent("肯定"))


def test_a_chat_is_given_the_whole_answer(rules: Script) -> None:
    talk = Talk(rules)
    assert said(talk.faq("规定", "有哪些规定")) == ["".join(SENTENCES), "3期还是6期？"]


def test_the_words_and_the_length_are_the_scripts(rules: Script) -> None:
    bot = HEAD + "defaults: {long_answer: 40}\npatterns: {go_on: 接着说吗？}\n"
    assert told(asked(script(FLOW, nlu__a=NLU, knowledge__a=BASE, bot=bot)).actions).endswith("接着说吗？")
    bot = HEAD + "defaults: {long_answer: 0}\n"
    assert "第十条" in told(asked(script(FLOW, nlu__a=NLU, knowledge__a=BASE, bot=bot)).actions)


def test_an_answer_that_leaves_is_given_whole() -> None:
    flow = FLOW.replace("then: back}\n  太贵了", "end: 不要}\n  太贵了")
    talk = asked(script(flow, nlu__a=NLU, knowledge__a=BASE, bot=HEAD + "defaults: {long_answer: 80}\n"))
    assert told(talk.actions) == "".join(SENTENCES) + "再见。"


# --- what is recorded before anything else is said --------------------------------------------------------------------


def test_a_message_is_sent_before_the_words_of_its_step_and_of_its_reaction() -> None:
    flow = """
flow: 主
steps:
- 发: {send: {sms: 取件码八八。}, say: 短信发给您了。}
- 问: {ask: 收到了吗？, answers: {肯定: {send: {wechat: 谢谢。}, say: 好的。}, 否定: {}}}
"""
    talk = Talk(script(flow), voice=True)
    assert kinds(talk.actions)[:2] == ["Send", "Say"]
    talk.heard()
    assert kinds(talk.intent("肯定"))[:2] == ["Send", "Say"]


REFUSAL = """
flow: 主
steps:
- 问: {ask: 行吗？, answers: {肯定: {}, 别再打: {end: 拒绝}}}
endings: {拒绝: {say: 好的，以后不再打扰您。, result: opt_out}}
"""


def test_a_refusal_is_recorded_in_the_turn_it_is_said_even_when_the_call_then_drops() -> None:
    talk = Talk(script(REFUSAL), voice=True)
    talk.heard()
    actions = talk.intent("别再打")
    order = kinds(actions)
    assert order.index("OptOut") < order.index("Say") < order.index("Disposition")
    say = next(action for action in actions if isinstance(action, Say))
    after = talk.do(PlaybackEnded(say.id, 0.1)) + talk.do(HungUp("caller"))
    assert not [action for action in after if isinstance(action, OptOut | Send)]  # once, and not undone


def test_a_refusal_over_a_line_that_nothing_stops_is_recorded_at_once() -> None:
    flow = (
        REFUSAL.replace("- 问:", "- 前: {say: 本通话会录音。, barge_in: off}\n- 问:")
        + "anytime: {别再打: {end: 拒绝}}\n"
    )
    talk = Talk(script(flow), voice=True)
    assert "OptOut" in kinds(talk.intent("别再打"))
