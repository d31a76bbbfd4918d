"""What callers ask of the conversation itself: wait a moment, go on where we were, leave this question out."""

import pytest

from huashu.core.actions import Action, Disposition, Listen, Say, Stop
from huashu.core.events import Dtmf, Heard, IntentScore, SpeechStarted, SpeechStopped, Understood
from huashu.flows.script import Script
from tests.dialogue.talk import HEAD, Talk, kinds, listening, said, script

pytestmark = pytest.mark.engine

FORM = """
flow: 主
silence: [{after: 4s, say: 在吗？}, {after: 3s, end: 无人}]
unclear: [{say: 没听清。}, {say: 再说一遍。}, {end: 放弃}]
steps:
- 期: {collect: 期数, prompt: [几期？, 说个期数。], confirm: {below: 0.8, say: "【期数】，对吗？"}%s}
- 日: {collect: 日期, prompt: 哪天？}
- 完: {end: 好}
endings: {无人: {result: no_input}, 放弃: {result: no_match}, 好: {result: success}}
"""
WAITS = "好的，您先忙，我等您。"
STILL = "我还在线上，您好了随时说一声。"
RESUME = "好的，我们继续。"
NEEDED = "不好意思，这个还得麻烦您说一下。"


def form(parts: str = "", *, bot: str = HEAD, more: str = "") -> Script:
    return script(FORM % (f", {parts}" if parts else "") + more, bot=bot)


def held(parts: str = "", *, voice: bool = True) -> Talk:
    """The caller has asked to wait at the first question, and has been told that they may."""
    talk = Talk(form(parts), voice=voice)
    talk.heard()
    assert said(talk.intent("等一下", text="等一下")) == [WAITS]
    talk.heard()
    return talk


def result(talk: Talk) -> str:
    return next(action.result for action in talk.actions if isinstance(action, Disposition))


# --- hold -------------------------------------------------------------------------------------------------------------


def test_a_caller_who_asks_to_wait_is_waited_for() -> None:
    talk = held()
    assert listening(talk.actions) or talk.engine.holding
    ticks = talk.silence(29.9)
    assert ticks == []
    assert said(talk.silence(0.2)[0][1]) == [STILL]
    talk.heard()
    ticks = talk.silence(60.1)
    assert result(talk) == "no_input"


def test_the_question_stays_open_while_the_caller_is_away() -> None:
    talk = held()
    assert talk.engine.expectation.slot == "期数"
    assert said(talk.value("期数", 6)) == ["哪天？"]
    assert talk.engine.slots["期数"] == 6
    assert not talk.engine.holding


@pytest.mark.parametrize("words", ["好了", "喂？", "我回来了。", "您说吧", "呜里哇啦"])
def test_back_again_the_question_is_asked_anew_and_nothing_is_counted(words: str) -> None:
    talk = held()
    assert said(talk.means(Understood(words))) == [RESUME, "说个期数。"]
    assert said(talk.mumble()) == ["没听清。"]


def test_a_word_of_return_is_no_yes() -> None:
    talk = Talk(script("flow: 主\nsteps:\n- 问: {ask: 办吗？, answers: {肯定: {end: completed}}}\n"))
    talk.intent("等一下")
    assert said(talk.intent("肯定", text="好了")) == [RESUME, "办吗？"]
    talk.intent("等一下")
    talk.intent("肯定", text="好的，办吧")
    assert result(talk) == "completed"


def test_after_a_hold_the_silence_of_the_question_counts_afresh() -> None:
    talk = held()
    talk.means(Understood("好了"))
    talk.heard()
    assert said(talk.silence(4.1)[0][1]) == ["在吗？"]


def test_noise_while_the_caller_is_away_neither_costs_nor_gains() -> None:
    talk = held()
    for _ in range(12):
        talk.do(SpeechStarted(), after=1)
        talk.do(SpeechStopped(), after=1)
        assert said(talk.do(Heard(""), after=0.1)) == []
    assert talk.silence(30 - 12 * 2.1 - 0.1) == []
    assert said(talk.silence(0.2)[0][1]) == [STILL]


def test_a_voice_is_not_interrupted_by_the_reminder() -> None:
    talk = held()
    talk.do(SpeechStarted(), after=29)
    assert talk.silence(10) == []
    talk.do(SpeechStopped())
    talk.do(Heard(""))
    assert said(talk.silence(0.1)[0][1]) == [STILL]


def test_asking_to_wait_is_counted_over_the_call() -> None:
    talk = held()
    talk.value("期数", 6)
    for _ in range(2):
        assert said(talk.intent("等一下")) == [WAITS]
    assert said(talk.intent("等一下")) == ["没听清。"]


def test_a_wait_asked_for_again_begins_anew() -> None:
    talk = held()
    talk.silence(25)
    assert said(talk.intent("等一下")) == [WAITS]
    talk.heard()
    assert talk.silence(29.9) == []


def test_waiting_over_the_bots_words_stops_them() -> None:
    talk = Talk(form(), voice=True)
    actions = talk.intent("等一下", text="等一下等一下", after=0.5)
    assert isinstance(actions[0], Stop)
    assert said(actions) == [WAITS]


def test_waiting_while_a_value_is_asked_back_keeps_the_value() -> None:
    talk = Talk(form())
    assert said(talk.value("期数", 6, confidence=0.5)) == ["6期，对吗？"]
    assert said(talk.intent("等一下")) == [WAITS]
    assert said(talk.means(Understood("好了"))) == [RESUME, "6期，对吗？"]
    assert said(talk.intent("肯定")) == ["哪天？"]
    assert talk.engine.slots["期数"] == 6


def test_keys_work_during_a_hold() -> None:
    talk = Talk(form("dtmf: {digits: 1}"), voice=True)
    talk.heard()
    talk.intent("等一下")
    talk.heard()
    assert said(talk.do(Dtmf("6"), after=20)) == ["哪天？"]
    assert talk.engine.slots["期数"] == 6


def test_a_reaction_of_the_scripts_own_goes_first() -> None:
    talk = Talk(script(FORM % ", answers: {等一下: {say: 好。, then: stay}}"))
    assert said(talk.intent("等一下")) == ["好。"]
    assert not talk.engine.holding
    talk = Talk(form(more="anytime: {等一下: {say: 行。, then: stay}}\n"))
    assert said(talk.intent("等一下")) == ["行。"]


def test_a_hold_is_inherited_and_may_be_switched_off() -> None:
    bot = HEAD + "defaults: {hold: {say: 我等着。, times: 1}}\n"
    talk = Talk(form("hold: {silence: [{after: 7s, end: 放弃}]}", bot=bot), voice=True)
    talk.heard()
    assert said(talk.intent("等一下")) == ["我等着。"]
    talk.heard()
    talk.silence(7.1)
    assert result(talk) == "no_match"
    off = Talk(form("hold: false", bot=bot))
    assert said(off.intent("等一下")) == ["没听清。"]


def test_a_text_chat_is_more_patient() -> None:
    talk = held(voice=False)
    assert talk.silence(297) == []
    assert said(talk.silence(2)[0][1]) == [STILL]


def test_somebody_who_asks_for_a_repeat_has_come_back() -> None:
    talk = held()
    assert said(talk.intent("请重复")) == [RESUME, "说个期数。"]


def test_a_detour_during_a_hold_ends_it() -> None:
    talk = Talk(form(more="anytime: {谢谢: {say: 不贵。}}\n"), voice=False)
    talk.intent("等一下")
    assert said(talk.intent("谢谢")) == ["不贵。", "说个期数。"]
    assert not talk.engine.holding


# --- announced return -------------------------------------------------------------------------------------------------

SIDE = "flow: 旁\nsteps:\n- 问: {ask: 旁？, answers: {肯定: {}}}\n"


def test_a_return_from_another_flow_is_announced_with_its_subject() -> None:
    more = "anytime: {谢谢: {call: 旁}, 没兴趣: {say: 好。}}\n"
    for resume, line in (("刚才说到分期。", ["刚才说到分期。"]), ("false", []), ("", [])):
        talk = Talk(script(FORM % f", resume: {resume}" + more, bot=HEAD + "start: 主\n", flows__side=SIDE))
        assert said(talk.intent("谢谢")) == ["旁？"]
        assert said(talk.intent("肯定")) == [*line, "说个期数。"]
        assert said(talk.intent("没兴趣")) == ["好。", "说个期数。"]


# --- skip -------------------------------------------------------------------------------------------------------------


def test_a_question_that_must_be_answered_says_so() -> None:
    talk = Talk(form())
    assert said(talk.intent("跳过")) == [NEEDED, "说个期数。"]
    assert said(talk.intent("跳过")) == [NEEDED, "说个期数。"]
    talk.intent("跳过")
    assert result(talk) == "no_match"


def test_a_question_that_may_be_skipped_is_left_empty() -> None:
    talk = Talk(form("skip: true"))
    assert said(talk.intent("跳过")) == ["哪天？"]
    assert talk.engine.slots.get("期数") is None
    assert "skip:主.期" in talk.engine.reached


def test_skipping_may_have_a_reaction() -> None:
    talk = Talk(form("skip: {say: 那算了。, go: 完}"))
    assert said(talk.intent("跳过")) == ["那算了。"]
    assert result(talk) == "success"


def test_a_value_being_asked_back_may_be_skipped() -> None:
    talk = Talk(form("skip: true"))
    talk.value("期数", 6, confidence=0.5)
    assert said(talk.intent("跳过")) == ["哪天？"]
    assert talk.engine.slots.get("期数") is None


def test_the_words_for_a_needed_answer_are_the_scripts() -> None:
    talk = Talk(form(bot=HEAD + "patterns: {cannot_skip: 必须说。}\n"))
    assert said(talk.intent("跳过")) == ["必须说。", "说个期数。"]
    assert isinstance(talk.actions[-1], Listen)
    assert kinds(talk.actions) == ["Say", "Say", "Listen"]


# --- slower -----------------------------------------------------------------------------------------------------------


def rates(actions: list[Action]) -> list[float]:
    return [action.rate for action in actions if isinstance(action, Say)]


def test_slower_repeats_the_last_lines_and_stays_slower() -> None:
    talk = Talk(form())
    assert rates(talk.actions) == [1.0]
    actions = talk.intent("说慢点")
    assert (said(actions), rates(actions)) == (["几期？"], [0.85])
    assert rates(talk.value("期数", 6)) == [0.85]
    assert rates(talk.intent("slower")) == [0.7]
    assert rates(talk.intent("说慢点")) == [0.7]


def test_slower_and_repeat_are_counted_together() -> None:
    talk = Talk(form())
    for name in ("请重复", "说慢点", "请重复"):
        assert said(talk.intent(name)) == ["几期？"]
    assert said(talk.intent("说慢点")) == ["没听清。"]


def test_slower_while_a_value_is_asked_back() -> None:
    talk = Talk(form())
    talk.value("期数", 6, confidence=0.5)
    actions = talk.intent("说慢点")
    assert (said(actions), rates(actions)) == (["6期，对吗？"], [0.85])
    assert said(talk.intent("肯定")) == ["哪天？"]


def test_slow_speech_is_given_more_time_to_end() -> None:
    text = "一" * 60 + "？"
    flow = f"flow: 主\nsteps:\n- 问: {{ask: {text}, answers: {{肯定: {{}}}}}}\n"
    usual, slow = Talk(script(flow), voice=True), Talk(script(flow), voice=True)
    slow.intent("说慢点")
    slow.intent("说慢点")
    deadlines = [talk.engine.deadline for talk in (usual, slow)]
    assert deadlines[0] is not None
    assert deadlines[1] is not None
    assert deadlines[1] - slow.now > deadlines[0] - usual.now + 5


# --- which of two -----------------------------------------------------------------------------------------------------

NLU = """
intents: {太贵: [太贵了], 改期: [换一天]}
titles: {太贵: 觉得手续费高, 在忙: 现在不方便, 否定: 不想办}
"""
OFFER = """
flow: 主
steps:
- 问:
    ask: [办吗？, 要不要办？]
    answers: {肯定: {end: completed}, 否定: {say: 不办。, end: completed}, 改期: {then: back}}
anytime:
  太贵: {say: 不贵。, then: back}
  在忙: {say: 好的，再见。, end: completed}
"""
WHICH = "您是觉得手续费高，还是现在不方便？"


def offer(bot: str = HEAD, flow: str = OFFER) -> Talk:
    return Talk(script(flow, bot=bot, nlu__a=NLU))


def torn(talk: Talk, first: float = 0.6, second: float = 0.5, names: tuple[str, str] = ("太贵", "在忙")) -> list[str]:
    scores = tuple(IntentScore(name, sure) for name, sure in zip(names, (first, second), strict=True))
    return said(talk.means(Understood("又贵又忙", scores)))


def test_two_close_intents_are_asked_about_by_their_titles() -> None:
    talk = offer()
    assert torn(talk) == [WHICH]
    expect = talk.engine.expectation
    assert expect.intents[:2] == ("太贵", "在忙")
    assert expect.phrases[:2] == ("觉得手续费高", "现在不方便")
    assert said(talk.intent("太贵")) == ["不贵。", "要不要办？"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("第一个", "不贵。"),
        ("后面那个", "好的，再见。"),
        ("the second one", "好的，再见。"),
        ("手续费高呗", "不贵。"),
        ("不太方便吧", "好的，再见。"),
        ("都有", "不贵。"),
    ],
)
def test_the_answer_may_be_a_place_or_words_of_a_title(words: str, line: str) -> None:
    talk = offer()
    torn(talk)
    assert said(talk.means(Understood(words)))[0] == line


def test_anything_else_is_followed_as_ever_and_nothing_is_asked_twice() -> None:
    talk = offer()
    torn(talk)
    assert said(talk.means(Understood("都不是"))) == ["不好意思，我没听清，请您再说一遍。"]
    assert torn(talk) == ["不贵。", "要不要办？"]
    talk = offer()
    torn(talk)
    assert said(talk.intent("否定", text="我不办了")) == ["不办。"]


@pytest.mark.parametrize(
    ("first", "second", "names"),
    [
        (0.6, 0.3, ("太贵", "在忙")),  # far apart
        (0.95, 0.9, ("太贵", "在忙")),  # sure enough
        (0.6, 0.5, ("太贵", "改期")),  # no title
    ],
)
def test_what_is_clear_or_cannot_be_asked_is_not_asked(first: float, second: float, names: tuple[str, str]) -> None:
    assert torn(offer(), first, second, names) == ["不贵。", "要不要办？"]


def test_two_intents_that_lead_to_the_same_are_not_told_apart() -> None:
    flow = OFFER.replace("{say: 好的，再见。, end: completed}", "{say: 不贵。, then: back}")
    assert torn(offer(flow=flow)) == ["不贵。", "要不要办？"]


def test_both_too_unsure_to_follow_are_still_worth_asking() -> None:
    assert torn(offer(), 0.45, 0.4) == [WHICH]
    assert torn(offer(), 0.3, 0.2) == ["不好意思，我没听清，请您再说一遍。"]


def test_the_words_are_the_scripts_and_it_may_be_switched_off() -> None:
    words = HEAD + "patterns: {clarify: 是【甲】呢，还是【乙】呢？}\n"
    assert torn(offer(words)) == ["是觉得手续费高呢，还是现在不方便呢？"]
    assert torn(offer(HEAD + "defaults: {clarify: false}\n")) == ["不贵。", "要不要办？"]
    assert torn(offer(HEAD + "defaults: {clarify: {margin: 0.05}}\n")) == ["不贵。", "要不要办？"]


def test_please_repeat_repeats_which_of_two() -> None:
    talk = offer()
    torn(talk)
    assert said(talk.intent("请重复")) == [WHICH]
    assert said(talk.means(Understood("前者"))) == ["不贵。", "要不要办？"]


def test_silence_over_which_of_two_is_the_silence_of_the_question() -> None:
    talk = offer()
    torn(talk)
    assert said(talk.silence(51)[0][1]) == ["您还在听吗？"]
    assert said(talk.means(Understood("第一个"))) == ["不贵。", "要不要办？"]
