"""The language of a call: which it begins in, how it changes, and what follows it."""

import pytest

from huashu.core.actions import Listen, Say, Send
from huashu.core.events import ActionResult, Answered, Entity, Heard, Started, Understood
from huashu.dialogue.engine import Conversation
from huashu.flows.script import Script
from tests.dialogue.talk import Talk, said, script

pytestmark = pytest.mark.engine

BOT = """
bot: two-tongues
language: zh-CN
languages: [en-US]
voice: cmn+f2
actions: http://127.0.0.1:9
variables:
  金额: {type: money, given: true, example: "1200"}
  期数: {type: integer, unit: 期}
  方式: {type: text, values: [快递柜, 家门口]}
"""
FLOW = """
flow: 主
steps:
- 问: {ask: [您是本人吗？, 是您本人吗？], answers: {肯定: {}, 否定: {end: completed}}}
- 几期:
    collect: 期数
    prompt: 一共【金额】，分几期？
    one_of: {values: [3, 6], otherwise: 只有3期和6期。}
    confirm: 分【期数】，对吗？
- 方式: {collect: 方式, prompt: 放哪儿？}
- 办: {do: act, timeout: 8s, late: [{after: 2s, say: 请稍等。}], failed: {say: 没办成。}}
- 完: {say: 分【期数】，放【方式】。, send: {sms: 放【方式】，共【金额】。}, end: completed}
"""
LINES = """
主.问: {ask: [Is it you?, Are you the one?]}
主.几期:
  prompt: "【金额】 in all, how many months?"
  otherwise: 3 or 6.
  confirm: "【期数】 months, right?"
  spoken.6: [half a year]
主.方式: {prompt: Where to?, spoken.快递柜: [the locker, locker], spoken.家门口: [your door, my door]}
主.办: {late.1: One moment., failed: It did not work.}
主.完: {say: "【期数】 months, to 【方式】."}
"""


def bilingual(flow: str = FLOW, bot: str = BOT, **files: str) -> Script:
    return script(flow, bot=bot, **{"lines__en-US": LINES, **files})


def last(talk: Talk) -> tuple[Say, Listen]:
    say, listen = talk.actions[-2:]
    assert isinstance(say, Say)
    assert isinstance(listen, Listen)
    return say, listen


def begun(compiled: Script, language: str | None) -> Conversation:
    engine = Conversation(compiled)
    engine.receive(Started("c", language=language, marks="none", wall=1_700_000_000.0), now=0.0)
    return engine


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [(None, "zh-CN"), ("en-US", "en-US"), ("en-GB", "en-US"), ("zh-TW", "zh-CN"), ("fr-FR", "zh-CN")],
)
def test_a_call_begins_in_the_nearest_language_the_bot_speaks(asked: str | None, spoken: str) -> None:
    engine = begun(bilingual(), asked)
    say, listen = engine.receive(Answered(), now=0.0)
    assert isinstance(say, Say)
    assert isinstance(listen, Listen)
    assert (say.language, listen.expect.language) == (spoken, spoken)
    assert say.text == ("Is it you?" if spoken == "en-US" else "您是本人吗？")
    assert say.voice == (None if spoken == "en-US" else "cmn+f2"), "a voice belongs to the bot's own language"


def test_asked_for_a_language_the_bot_asks_again_in_it_and_everything_follows() -> None:
    talk = Talk(bilingual(), 金额="1200")
    assert said(talk.intent("说英语", text="Can you speak English?")) == ["Are you the one?"]
    say, listen = last(talk)
    assert (say.language, listen.expect.language, say.voice) == ("en-US", "en-US", None)
    assert said(talk.intent("肯定")) == ["1,200.00 yuan in all, how many months?"]
    expect = last(talk)[1].expect
    assert (expect.language, expect.unit) == ("en-US", None)
    assert [choice.spoken[0] for choice in expect.choices] == ["3", "half a year"]
    assert not any("期" in phrase for phrase in expect.phrases)
    assert said(talk.value("期数", 6, confidence=0.5)) == ["half a year months, right?"]
    assert last(talk)[1].expect.language == "en-US"
    talk.intent("肯定")
    assert said(talk.actions) == ["Where to?"]
    assert said(talk.intent("说中文")) == ["放哪儿？"]
    assert last(talk)[0].language == "zh-CN"


def test_values_are_named_in_the_language_and_messages_stay_in_the_bots_own() -> None:
    talk = Talk(bilingual(), 金额="1200")
    talk.intent("说英语")
    talk.intent("肯定")
    talk.value("期数", 3)
    talk.value("方式", "快递柜")
    (run,) = talk.actions
    ticks = talk.silence(3)
    assert [said(actions) for _, actions in ticks] == [["One moment."]]
    done = talk.do(ActionResult(run.id))
    assert said(done) == ["3 months, to the locker."]
    assert [action.text for action in done if isinstance(action, Send)] == ["放快递柜，共1200.00元。"]


def test_a_detour_of_the_scripts_own_replaces_the_built_in_one() -> None:
    flow = FLOW + "anytime:\n  speak_english: {language: en-US, say: 好的。, times: 1, after: {end: completed}}\n"
    compiled = bilingual(flow)
    assert [name for name in compiled.flows["主"].anytime if "英" in name or "english" in name] == ["speak_english"]
    talk = Talk(compiled)
    lines = [action for action in talk.intent("speak_english") if isinstance(action, Say)]
    assert [(line.text, line.language) for line in lines] == [("好的。", "zh-CN"), ("Are you the one?", "en-US")], (
        "a line without a translation is in the bot's own language, and says so"
    )


def test_who_asks_too_often_is_not_understood() -> None:
    talk = Talk(bilingual())
    talk.intent("说英语")
    talk.intent("说英语")
    assert said(talk.intent("说英语")) == ["Sorry, I didn't catch that. Could you say it again?"]


def test_a_bot_of_one_language_says_that_it_has_only_one_and_goes_on() -> None:
    talk = Talk(script("flow: 主\nsteps:\n- 问: {ask: [一？, 二？], answers: {肯定: {}}}\n"))
    assert said(talk.intent("说英语")) == ["Sorry, I speak only Chinese. 我只会说中文。", "二？"]


def test_off_means_off() -> None:
    compiled = bilingual(bot=BOT + "defaults: {switch_language: off}\n")
    assert compiled.flows["主"].anytime == {}


def test_a_step_changes_the_language() -> None:
    flow = "flow: 主\nsteps:\n- 英: {language: en-US}\n- 问: {ask: 一？, answers: {肯定: {}}}\n"
    talk = Talk(script(flow, bot=BOT, **{"lines__en-US": "主.问: {ask: One?}"}))
    assert said(talk.actions) == ["One?"]


def test_asked_while_an_action_runs_what_comes_next_is_in_the_language() -> None:
    talk = Talk(bilingual(), 金额="1200")
    talk.intent("肯定")
    talk.value("期数", 3)
    talk.value("方式", "快递柜")
    (run,) = talk.actions
    assert talk.intent("说英语") == []
    assert said(talk.do(ActionResult(run.id))) == ["3 months, to the locker."]


AUTO = BOT + "defaults: {switch_language: auto}\n"


def test_two_utterances_in_another_language_are_followed() -> None:
    talk = Talk(bilingual(bot=AUTO), 金额="1200")
    first = talk.means(Understood("yes this is me", entities=(Entity("yes_no", True, "yes", 0, 3),)))
    assert said(first) == ["一共1200.00元，分几期？"]
    assert said(talk.means(Understood("what do you want"))) == ["Sorry, I didn't catch that. Could you say it again?"]
    assert last(talk)[1].expect.language == "en-US"


def test_what_tells_no_language_neither_counts_nor_breaks_the_row() -> None:
    talk = Talk(bilingual(bot=AUTO))
    talk.means(Understood("what do you want"))
    talk.means(Understood("OK 12"))
    assert last(talk)[1].expect.language == "zh-CN"
    talk.means(Understood("no I said I do not want it"))
    assert talk.engine.expectation.language == "en-US"


def test_a_row_is_broken_by_the_language_of_the_call() -> None:
    talk = Talk(bilingual(bot=AUTO))
    for text in ("what do you want", "你说什么呀这是"):
        talk.means(Understood(text))
    assert talk.engine.expectation.language == "zh-CN"


def test_nothing_is_followed_unless_the_script_says_so() -> None:
    talk = Talk(bilingual())
    for _ in range(3):
        talk.do(Heard("what do you want"))
        talk.do(Understood("what do you want"))
    assert talk.engine.closed or talk.engine.expectation.language == "zh-CN"


def test_an_entity_is_taken_in_either_language() -> None:
    talk = Talk(bilingual(), 金额="1200")
    talk.intent("肯定")
    talk.means(Understood("six", (), (Entity("integer", 6, "six", 0, 3, "期数"),)))
    assert talk.engine.slots["期数"] == 6
