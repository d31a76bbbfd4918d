"""The caller's turn: answers, values, detours, interruptions."""

from decimal import Decimal

import pytest

from huashu.core.actions import OptOut, Say, Stop
from huashu.core.events import (
    ActionResult,
    Dtmf,
    Entity,
    FaqHit,
    Heard,
    IntentScore,
    PlaybackEnded,
    PlaybackStarted,
    SpeechStarted,
    SpeechStopped,
    Understood,
)
from tests.dialogue.talk import HEAD, Talk, kinds, listening, said, script

pytestmark = pytest.mark.engine

FLOW = """
flow: 主
steps:
- 开场: {say: 您好。}
- 分期:
    collect: 期数
    prompt: [您想分几期？, 请说3期或6期。]
    one_of: {values: [3, 6], unit: 期, otherwise: 只有3期和6期。}
    confirm: {below: 0.8, say: 分【期数】期，对吗？}
    unclear: [{say: 没听清，几期？}, {say: 请您再说一遍。}, {end: 放弃}]
- 何时: {collect: 日期, prompt: 哪天开始？, valid: {when: 日期 >= now.date, otherwise: 不能是过去的日子。}}
- 完: {say: 分【期数】期。, end: 办好}
anytime:
  太贵: {say: [不贵的。, 真的不贵。], then: back, times: 2, after: {end: 放弃}}
  别再打: {end: 拒绝}
  转人工: {handoff: 人工}
endings:
  办好: {say: 再见。, label: A, result: success}
  放弃: {result: declined}
  拒绝: {say: 不再打扰。, label: E, result: opt_out}
"""
NLU = {"nlu__a": "intents: {太贵: [太贵了, 好贵]}"}


@pytest.fixture
def talk() -> Talk:
    return Talk(script(FLOW, **NLU))


def test_a_value_fills_the_slot_and_the_flow_goes_on(talk: Talk) -> None:
    assert said(talk.actions) == ["您好。", "您想分几期？"]
    assert said(talk.value("期数", 6)) == ["哪天开始？"]
    assert said(talk.value("日期", "2030-01-01")) == ["分6期。", "再见。"]
    assert talk.engine.closed
    assert talk.engine.slots["期数"] == 6


def test_a_value_that_is_none_of_the_choices_is_explained_and_bounded(talk: Talk) -> None:
    assert said(talk.value("期数", 5)) == ["只有3期和6期。"]
    assert said(talk.value("期数", 5)) == ["只有3期和6期。"]
    talk.value("期数", 5)
    assert talk.engine.closed
    assert "期数" not in talk.engine.slots or talk.engine.slots["期数"] is None


def test_a_value_refused_by_its_condition_is_explained(talk: Talk) -> None:
    talk.value("期数", 6)
    assert said(talk.value("日期", "2001-01-01")) == ["不能是过去的日子。"]
    assert talk.engine.slots.get("日期") is None


def test_an_unsure_value_is_confirmed(talk: Talk) -> None:
    assert said(talk.value("期数", 6, confidence=0.6)) == ["分6期，对吗？"]
    assert talk.engine.expectation.kind == "yes_no"
    assert said(talk.intent("肯定")) == ["哪天开始？"]


def test_no_to_a_confirmation_asks_again(talk: Talk) -> None:
    talk.value("期数", 6, confidence=0.6)
    assert said(talk.intent("否定")) == ["请说3期或6期。"]
    assert talk.engine.slots["期数"] is None


def test_a_confirmation_takes_the_corrected_value(talk: Talk) -> None:
    talk.value("期数", 6, confidence=0.6)
    no = (IntentScore("否定", 0.9),)
    assert said(talk.value("期数", 3, whole="不对是三期", intents=no)) == ["哪天开始？"]
    assert talk.engine.slots["期数"] == 3


def test_a_mumbled_confirmation_believes_nothing(talk: Talk) -> None:
    talk.value("期数", 6, confidence=0.6)
    assert said(talk.mumble()) == ["没听清，几期？"]
    assert talk.engine.slots["期数"] is None


def test_unclear_climbs_its_own_ladder_and_ends(talk: Talk) -> None:
    assert said(talk.mumble()) == ["没听清，几期？"]
    assert said(talk.mumble()) == ["请您再说一遍。"]
    talk.mumble()
    assert talk.engine.closed


def test_a_detour_answers_and_asks_again_with_the_next_wording(talk: Talk) -> None:
    assert said(talk.intent("太贵")) == ["不贵的。", "请说3期或6期。"]
    assert said(talk.intent("太贵")) == ["真的不贵。", "请说3期或6期。"]
    talk.intent("太贵")
    assert talk.engine.closed


def test_an_objection_that_mentions_a_number_is_an_objection(talk: Talk) -> None:
    objection = (IntentScore("太贵", 0.9),)
    actions = talk.value("期数", 6, text="六期", whole="要是分六期那手续费也太贵了吧", intents=objection)
    assert said(actions)[0] == "不贵的。"
    assert talk.engine.slots.get("期数") is None


def test_a_refusal_is_recorded_before_anything_else(talk: Talk) -> None:
    actions = talk.intent("别再打")
    assert kinds(actions) == ["OptOut", "Say", "Disposition", "Hangup"]
    assert isinstance(actions[0], OptOut)


def test_a_refusal_over_the_last_words_is_recorded_and_changes_nothing_else(talk: Talk) -> None:
    talk = Talk(talk.engine._script, voice=True)
    for _ in range(3):
        talk.mumble()
    assert "Hangup" in kinds(talk.actions)
    assert kinds(talk.intent("别再打")) == ["OptOut"]
    assert talk.intent("别再打") == []  # once
    assert talk.intent("转人工") == []
    assert not talk.engine.closed


def test_two_slots_from_one_utterance() -> None:
    talk = Talk(script(FLOW, **NLU))
    entities = (Entity("integer", 6, "六期", 0, 2, "期数"), Entity("date", "2030-01-01", "元旦", 3, 5, "日期"))
    assert said(talk.means(Understood("六期元旦开始", entities=entities))) == ["分6期。", "再见。"]


NO = (IntentScore("否定", 0.9),)
CORRECTED = """
flow: 主
steps:
- 期: {collect: 期数, prompt: 几期？, one_of: {values: [3, 6], unit: 期}}
- 算: {say: 分【期数】。}
- 确认: {ask: 办吗？, answers: {肯定: {go: 办}, 否定: {end: 放弃}}}
- 办: {do: act}
- 再: {ask: 还有吗？, answers: {肯定: {end: 放弃}, 否定: {end: 放弃}}}
endings: {放弃: {result: declined}}
"""


def test_a_correction_goes_on_behind_the_corrected_question() -> None:
    for intents in ((), NO):
        talk = Talk(script(CORRECTED))
        talk.value("期数", 6)
        assert said(talk.value("期数", 3, text="三期", whole="不，三期", intents=intents)) == ["分3期。", "办吗？"]
        assert talk.engine.slots["期数"] == 3


YES = (IntentScore("肯定", 0.9),)


def test_a_yes_with_another_value_is_no_consent_to_the_old_one() -> None:
    talk = Talk(script(CORRECTED))
    talk.value("期数", 6)
    assert said(talk.value("期数", 3, text="三期", whole="好，三期", intents=YES)) == ["分3期。", "办吗？"]


BOTH = """
flow: 主
steps:
- 分期: {collect: 期数, prompt: 几期？}
- 何时: {collect: 日期, prompt: 哪天？, confirm: {below: 0.8, say: 【日期】，对吗？}}
- 确认: {ask: 办吗？, answers: {肯定: {end: 好}, 否定: {end: 好}}}
endings: {好: {result: declined}}
"""


@pytest.mark.parametrize(
    ("intents", "words", "asks", "date"),
    [
        (YES, "对，不过是三期", "办吗？", "2030-01-01"),
        (NO, "不，三期", "哪天？", None),
        ((), "是三期", "哪天？", None),
    ],
)
def test_an_earlier_value_is_put_right_while_another_is_confirmed(
    intents: tuple[IntentScore, ...], words: str, asks: str, date: str | None
) -> None:
    talk = Talk(script(BOTH))
    talk.value("期数", 6)
    talk.value("日期", "2030-01-01", confidence=0.5)
    assert said(talk.value("期数", 3, text="三期", whole=words, intents=intents)) == [asks]
    assert (talk.engine.slots["期数"], talk.engine.slots["日期"]) == (3, date)


def test_words_of_correction_outweigh_how_small_a_part_the_value_is() -> None:
    talk = Talk(script(CORRECTED))
    talk.value("期数", 6)
    whole = "不对不对我刚才是想说改成三期"
    entity = Entity("integer", 3, "三期", len(whole) - 2, len(whole), "期数")
    assert said(talk.means(Understood(whole, NO, (entity,)))) == ["分3期。", "办吗？"]


def test_a_denied_value_is_taken_back_and_asked_for_again() -> None:
    six = Entity("integer", 6, "六期", 2, 4, "期数")
    for intents in (NO, ()):
        talk = Talk(script(CORRECTED))
        talk.value("期数", 6)
        assert said(talk.means(Understood("不是六期", intents, denied=(six,)))) == ["几期？"]
        assert talk.engine.slots["期数"] is None
        assert said(talk.value("期数", 3)) == ["分3期。", "办吗？"]


def test_a_value_that_was_never_taken_cannot_be_taken_back() -> None:
    talk = Talk(script(CORRECTED))
    talk.value("期数", 6)
    talk.means(Understood("不是三期", NO, denied=(Entity("integer", 3, "三期", 2, 4, "期数"),)))
    assert talk.engine.closed
    assert talk.engine.slots["期数"] == 6


def test_taking_back_is_bounded_with_the_corrections() -> None:
    talk = Talk(script(CORRECTED))
    talk.value("期数", 6)
    six = Entity("integer", 6, "六期", 2, 4, "期数")
    for _ in range(5):
        talk.means(Understood("不是六期", NO, denied=(six,)))
        talk.value("期数", 6)
    talk.means(Understood("不是六期", NO, denied=(six,)))
    assert talk.engine.closed


def test_a_correction_to_no_legal_value_or_to_the_same_is_none() -> None:
    talk = Talk(script(CORRECTED))
    talk.value("期数", 6)
    for value in (5, 6):
        assert said(talk.value("期数", value)) != ["分6期。", "办吗？"]
        assert talk.engine.slots["期数"] == 6


def test_a_refusal_that_mentions_a_value_in_passing_corrects_nothing() -> None:
    talk = Talk(script(CORRECTED))
    talk.value("期数", 6)
    talk.value("期数", 3, text="三期", whole="不办了我那三期的还没还完呢", intents=NO)
    assert talk.engine.closed
    assert talk.engine.slots["期数"] == 6


def test_what_the_bank_has_done_is_not_corrected() -> None:
    talk = Talk(script(CORRECTED))
    talk.value("期数", 6)
    (run,) = talk.intent("肯定")
    talk.do(ActionResult(run.id))
    assert "分3期。" not in said(talk.value("期数", 3))
    assert talk.engine.slots["期数"] == 6


def test_corrections_are_bounded() -> None:
    talk = Talk(script(CORRECTED))
    talk.value("期数", 6)
    for turn in range(40):
        talk.value("期数", 3 if turn % 2 == 0 else 6)
    assert talk.engine.closed


def test_an_illegal_second_slot_is_not_taken() -> None:
    talk = Talk(script(FLOW, **NLU))
    entities = (Entity("integer", 6, "六期", 0, 2, "期数"), Entity("date", "2001-01-01", "那天", 3, 5, "日期"))
    assert said(talk.means(Understood("六期那天开始", entities=entities))) == ["哪天开始？"]


def test_please_repeat_says_the_last_turn_again(talk: Talk) -> None:
    first = said(talk.actions)
    assert said(talk.intent("请重复")) == first


def test_speaking_over_the_bot_stops_it() -> None:
    talk = Talk(script(FLOW, **NLU), voice=True)
    first, second = (action for action in talk.actions if isinstance(action, Say))
    actions = talk.value("期数", 6)
    assert [action.id for action in actions if isinstance(action, Stop)] == [first.id, second.id]
    assert said(actions) == ["哪天开始？"]
    talk.do(PlaybackEnded(first.id, 1.0))
    talk.do(PlaybackEnded(second.id, 0.5))
    heard = {line.say: line.heard for line in talk.engine.ledger}
    assert heard[first.id] == len("您好。")
    assert heard[second.id] == 3


def test_a_listeners_token_over_the_bot_is_nothing_but_in_silence_an_answer() -> None:
    yes = Understood("嗯", (IntentScore("肯定", 0.9),), backchannel=True)
    flow = FLOW.replace(
        "- 分期:", "- 本人: {ask: 是您本人吗？, answers: {肯定: {go: 分期}, 否定: {end: 放弃}}}\n- 分期:"
    )
    talk = Talk(script(flow, **NLU), voice=True)
    assert talk.means(yes) == []
    talk.heard()
    assert said(talk.means(yes)) == ["您想分几期？"]


def test_words_over_a_guarded_line_are_dropped() -> None:
    flow = FLOW.replace("- 开场: {say: 您好。}", "- 开场: {say: 本次通话会录音。, barge_in: off}")
    talk = Talk(script(flow, **NLU), voice=True)
    assert talk.value("期数", 6) == []
    talk.heard()
    assert said(talk.value("期数", 6)) == ["哪天开始？"]


OVERTAKEN = """
flow: 主
steps:
- 期: {collect: 期数, prompt: 几期？, one_of: {values: [3, 6], unit: 期}}
- 告知: {say: 本次通话会录音。, must_hear: true}
- 同意: {ask: 您同意吗？, answers: {肯定: {end: 好}, 否定: {end: 不}}}
anytime: {别再打: {end: 不}}
endings: {好: {result: success}, 不: {result: declined}}
"""


@pytest.fixture
def overtaken() -> Talk:
    """The caller began to speak while a disclosure played; now its question has been asked."""
    talk = Talk(script(OVERTAKEN), voice=True)
    talk.heard()
    talk.value("期数", 6)
    talk.do(SpeechStarted(), after=1.5)
    assert said(talk.heard(after=0.5)) == ["您同意吗？"]
    talk.do(SpeechStopped(), after=0.5)
    return talk


def test_words_that_began_before_the_question_do_not_answer_it(overtaken: Talk) -> None:
    assert overtaken.intent("肯定") == []  # consent to something that was not asked yet
    assert "Disposition" in kinds(overtaken.intent("肯定"))  # and now it was


def test_words_that_began_before_the_question_may_put_an_earlier_answer_right(overtaken: Talk) -> None:
    assert said(overtaken.value("期数", 3, text="三期", whole="不，三期", intents=NO)) == ["本次通话会录音。"]
    assert overtaken.engine.slots["期数"] == 3


def test_words_that_began_before_the_question_may_end_the_call(overtaken: Talk) -> None:
    assert "Hangup" in kinds(overtaken.intent("别再打"))


def test_words_that_began_before_the_question_sounded_do_not_answer_it() -> None:
    talk = Talk(script(OVERTAKEN), voice=True)
    talk.do(PlaybackStarted(talk.actions[0].id))
    talk.heard()
    talk.value("期数", 6)
    talk.heard()  # the disclosure; now the consent is asked for, and its sound is still being made
    talk.do(SpeechStarted(), after=0.3)
    talk.do(SpeechStopped(), after=0.4)
    assert talk.intent("肯定") == []
    asked = talk.engine.ledger[-1].say
    talk.do(PlaybackStarted(asked))
    talk.do(SpeechStarted(), after=0.3)
    talk.do(SpeechStopped(), after=0.4)
    assert "Disposition" in kinds(talk.intent("肯定"))


def test_a_prompt_that_has_not_sounded_yet_takes_no_answer_away() -> None:
    talk = Talk(script(OVERTAKEN), voice=True)
    talk.do(PlaybackStarted(talk.actions[0].id))
    talk.heard()
    assert said(talk.silence(5.1)[0][1]) == ["您还在听吗？"]
    talk.do(SpeechStarted(), after=0.1)
    talk.do(SpeechStopped(), after=0.4)
    assert said(talk.value("期数", 6)) == ["本次通话会录音。"]


def test_a_disclosure_cut_off_is_repeated_then_the_call_ends() -> None:
    flow = FLOW.replace("- 开场: {say: 您好。}", "- 开场: {say: 本次通话会录音。, must_hear: {replays: 1, else: 放弃}}")
    talk = Talk(script(flow, **NLU), voice=True)
    assert said(talk.actions) == ["本次通话会录音。"]
    assert said(talk.heard(0.4)) == ["本次通话会录音。"]
    assert said(talk.heard(1.0)) == ["您想分几期？"]
    talk = Talk(script(flow, **NLU), voice=True)
    talk.heard(0.4)
    assert "Disposition" in kinds(talk.heard(0.2))


def test_keys_fill_and_choose() -> None:
    flow = FLOW.replace("    confirm:", "    dtmf: {digits: 1, keys: {1: 3, 2: 6, 9: 转人工}}\n    confirm:")
    talk = Talk(script(flow, **NLU))
    assert said(talk.do(Dtmf("2"))) == ["哪天开始？"]
    assert talk.engine.slots["期数"] == 6
    talk = Talk(script(flow, **NLU))
    assert kinds(talk.do(Dtmf("9"))) == ["Handoff"]
    talk = Talk(script(flow, **NLU))
    assert said(talk.do(Dtmf("7"))) == ["没听清，几期？"]


def test_knowledge_answers_briefly_by_voice_and_returns() -> None:
    flow = FLOW.replace("  别再打:", "  知识: {knowledge: 信用卡, then: back}\n  别再打:")
    base = "base: 信用卡\nitems:\n"
    base += "- {question: 手续费怎么收, answer: 手续费按期收取，每期千分之六。, voice: 每期千分之六。}"
    compiled = script(flow, **NLU, knowledge__k=base)
    item = compiled.knowledge["信用卡"].items[0].id
    talk = Talk(compiled)
    assert said(talk.faq("信用卡", item)) == ["手续费按期收取，每期千分之六。", "请说3期或6期。"]
    talk = Talk(compiled, voice=True)
    talk.heard()
    assert said(talk.faq("信用卡", item))[0] == "每期千分之六。"


def test_money_is_shown_in_figures_and_read_in_words() -> None:
    flow = """
flow: 主
steps:
- 说: {say: 您这期账单【金额】。, end: completed}
"""
    talk = Talk(script(flow, bot=HEAD), 金额=Decimal("1200"))
    say = next(action for action in talk.actions if isinstance(action, Say))
    assert "1200" in say.text.replace(",", "")
    assert "一千二百" in say.spoken
    assert not say.fixed


def test_the_same_log_gives_the_same_actions() -> None:
    compiled = script(FLOW, **NLU)
    talk = Talk(compiled, voice=True)
    record = [talk.actions, talk.intent("太贵"), talk.heard(), talk.value("期数", 6, confidence=0.5), talk.heard()]
    again = Talk(compiled, voice=True, answer=False)
    replayed = []
    for at, event in talk.log[1:]:
        replayed += again.engine.receive(event, now=at)
    assert replayed == [action for actions in record for action in actions]


def test_the_bot_always_says_what_it_expects(talk: Talk) -> None:
    assert listening(talk.actions)
    assert talk.actions[-2].expects_reply  # type: ignore[union-attr]
    assert listening(talk.mumble())
    assert talk.do(Heard("partial", final=False)) == []


def test_a_refusal_does_not_fill_the_day_it_excludes() -> None:
    asked = "- 方便: {ask: 今天方便吗？, answers: {肯定: {go: 分期}, 否定: {go: 何时}}}\n"
    flow = FLOW.replace("- 分期:", asked + "- 分期:")
    talk = Talk(script(flow, **NLU))
    today = (Entity("date", "2030-01-01", "今天", 0, 2, "日期"),)
    assert said(talk.means(Understood("今天不方便", (IntentScore("否定", 0.9),), today))) == ["哪天开始？"]
    assert talk.engine.slots.get("日期") is None


def test_a_surer_item_of_knowledge_beats_an_answer() -> None:
    flow = FLOW.replace("  别再打:", "  知识: {knowledge: 信用卡, then: back}\n  别再打:")
    flow = flow.replace("- 分期:", "- 办: {ask: 办吗？, answers: {肯定: {go: 分期}, 否定: {end: 放弃}}}\n- 分期:")
    base = "base: 信用卡\nitems: [{question: 手续费怎么收, answer: 每期千分之六。}]"
    compiled = script(flow, **NLU, knowledge__k=base)
    hit = FaqHit("信用卡", compiled.knowledge["信用卡"].items[0].id, 0.98)
    asked = Understood("手续费怎么收", (IntentScore("肯定", 0.7),), faq=(hit,))
    assert said(Talk(compiled).means(asked)) == ["每期千分之六。", "办吗？"]
    sure = Understood("好的", (IntentScore("肯定", 0.99),), faq=(hit,))
    assert said(Talk(compiled).means(sure)) == ["您想分几期？"]


def test_an_entry_that_stops_short_is_unclear() -> None:
    flow = FLOW.replace("    confirm:", "    dtmf: {digits: 2, inter_digit: 2s}\n    confirm:")
    talk = Talk(script(flow, **NLU))
    talk.do(Dtmf("6"))
    assert said(talk.silence(2.1)[0][1]) == ["没听清，几期？"]


def test_a_question_of_the_knowledge_base_that_only_mentions_a_value_is_answered() -> None:
    base = "base: 物流\nitems: [{question: 过年还送吗, answer: 照常送。}]\n"
    flow = "flow: 主\nsteps:\n- 日: {collect: 日期, prompt: [哪天？, 说个日子。]}\n"
    flow += "- 完: {end: completed}\nanytime: {知识: {knowledge: 物流, then: back}}\n"
    entity = Entity("date", "2026-02-17", "过年", 0, 2, "日期")
    for sure, line in ((0.98, ["照常送。", "说个日子。"]), (0.8, [])):
        talk = Talk(script(flow, knowledge__a=base))
        heard = Understood("过年还送快递吗", (), (entity,), (FaqHit("物流", "过年还送吗", sure),))
        assert said(talk.means(heard)) == line
