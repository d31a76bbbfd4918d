"""Nobody waits for ever: every try, every ladder, every playback and every noise is counted. Pains 1, 2, 14, 18."""

import pytest

from huashu.core.actions import Disposition, Listen, Stop
from huashu.core.errors import UsageError
from huashu.core.events import (
    Dtmf,
    Entity,
    Heard,
    IntentScore,
    MachineDetected,
    NotAnswered,
    PlaybackEnded,
    PlaybackMark,
    SpeechStarted,
    SpeechStopped,
    Started,
    Understood,
)
from huashu.dialogue.engine import Conversation
from huashu.flows.limits import MAX_NOISES
from tests.dialogue.talk import HEAD, Talk, kinds, said, script

pytestmark = pytest.mark.engine

FORM = """
flow: 主
steps:
- 期:
    collect: 期数
    prompt: [几期？, 说个期数。]
    confirm: {below: 0.8, say: "【期数】，对吗？"}
    silence: [{after: 4s, say: 在吗？}, {after: 3s, end: 无人}]
    unclear: [{say: 没听清。}, {say: 再说一遍。}, {end: 放弃}]
- 日: {collect: 日期, prompt: 哪天？, confirm: {below: 0.8, say: "【日期】，对吗？"}}
- 完: {end: 好}
anytime:
  等一下: {say: 好的。, then: stay, times: 9}
endings: {无人: {result: no_input}, 放弃: {result: no_match}, 好: {result: success}}
"""


def outcome(actions: list[object]) -> str:
    return next(action.result for action in actions if isinstance(action, Disposition))


def cough(talk: Talk) -> None:
    talk.do(SpeechStarted(), after=1)
    talk.do(SpeechStopped(), after=0.3)
    talk.do(Heard(""), after=0.2)


# --- ladders ----------------------------------------------------------------------------------------------------------


def test_a_silence_rung_that_asks_again_still_climbs() -> None:
    flow = FORM.replace("[{after: 4s, say: 在吗？}", "[{after: 4s, then: back}, {after: 4s, say: 在吗？, then: back}")
    talk = Talk(script(flow), voice=True)
    heard = []
    for _ in range(3):
        talk.heard()
        heard.append([said(actions) for _, actions in talk.silence(4.1)])
    assert heard == [[["说个期数。"]], [["在吗？", "说个期数。"]], [[]]]
    assert "Hangup" in kinds(talk.actions)


def test_a_caller_who_spoke_starts_the_silence_ladder_afresh() -> None:
    talk = Talk(script(FORM), voice=True)
    talk.heard()
    assert said(talk.silence(4.1)[0][1]) == ["在吗？"]
    talk.heard()
    talk.intent("等一下")
    talk.heard()
    assert said(talk.silence(4.1)[0][1]) == ["在吗？"]


def test_noise_without_end_climbs_the_ladder_too() -> None:
    talk = Talk(script(FORM), voice=True)
    talk.heard()
    for _ in range(MAX_NOISES):
        cough(talk)
        assert said(talk.actions) == []
    for _ in range(3):
        cough(talk)
        talk.heard(after=0.1)
    assert talk.engine._call is not None
    assert talk.engine._call.disposed


def test_a_few_coughs_only_rearm() -> None:
    talk = Talk(script(FORM), voice=True)
    talk.heard()
    for _ in range(MAX_NOISES):
        cough(talk)
    assert talk.silence(3.9) == []
    assert said(talk.silence(0.2)[0][1]) == ["在吗？"]


def test_a_value_denied_again_and_again_is_given_up() -> None:
    talk = Talk(script(FORM))
    for _ in range(20):
        talk.value("期数", 6, confidence=0.5)
        if talk.engine.closed:
            break
        talk.intent("否定")
    assert outcome(list(talk.actions)) == "no_match"
    assert talk.engine.slots["期数"] is None


def test_repeats_are_counted_in_a_row() -> None:
    talk = Talk(script(FORM))
    for _ in range(3):
        assert said(talk.intent("请重复")) == ["几期？"]
    assert said(talk.intent("等一下")) == ["好的。"]
    for _ in range(3):
        assert said(talk.intent("请重复")) == ["好的。"]
    assert said(talk.intent("请重复")) == ["没听清。"]


def test_a_repeat_that_is_hardly_understood_is_unclear() -> None:
    talk = Talk(script(FORM))
    assert said(talk.intent("请重复", 0.2)) == ["没听清。"]


def test_please_repeat_at_a_confirmation_repeats_it_and_keeps_the_value() -> None:
    talk = Talk(script(FORM))
    talk.value("期数", 6, confidence=0.5)
    assert said(talk.intent("请重复")) == ["6期，对吗？"]
    assert said(talk.intent("肯定")) == ["哪天？"]
    assert talk.engine.slots["期数"] == 6


# --- values -----------------------------------------------------------------------------------------------------------


def test_an_unconfirmed_value_is_in_no_record() -> None:
    talk = Talk(script(FORM))
    talk.value("期数", 6, confidence=0.5)
    assert talk.engine.slots.get("期数") is None
    ticks = talk.silence(200)
    ended = next(action for _, actions in ticks for action in actions if isinstance(action, Disposition))
    assert "期数" not in ended.values


def test_a_value_said_in_passing_is_confirmed_like_any_other() -> None:
    talk = Talk(script(FORM))
    entities = (Entity("integer", 6, "六期", 0, 2, "期数"), Entity("date", "2030-01-01", "元旦", 3, 5, "日期", 0.5))
    assert said(talk.means(Understood("六期元旦开始", entities=entities))) == ["哪天？"]
    assert talk.engine.slots.get("日期") is None


def test_silence_at_a_confirmation_waits_for_the_same_answer() -> None:
    talk = Talk(script(FORM))
    talk.value("期数", 6, confidence=0.5)
    assert said(talk.silence(41)[0][1]) == ["在吗？"]
    assert talk.engine.expectation.kind == "yes_no"
    assert said(talk.intent("肯定")) == ["哪天？"]


def test_keys_may_answer_a_confirmation_with_another_value() -> None:
    talk = Talk(script(FORM))
    talk.value("期数", 6, confidence=0.5)
    listen = talk.actions[-1]
    assert isinstance(listen, Listen)
    assert listen.expect.dtmf is not None
    talk.do(Dtmf("3"))
    assert said(talk.do(Dtmf("#"))) == ["哪天？"]
    assert talk.engine.slots["期数"] == 3


# --- keys -------------------------------------------------------------------------------------------------------------

KEYS = """
flow: 主
steps:
- 期: {collect: 期数, prompt: 几期？, dtmf: {digits: 0, inter_digit: 3s}}
- 再: {collect: 日期, prompt: 哪天？, dtmf: {digits: 0, inter_digit: 3s}}
- 话: {collect: 身份, prompt: 哪位？, dtmf: {digits: 0, inter_digit: 3s}, unclear: [{say: 没听清。}, {end: completed}]}
- 完: {end: completed}
"""


def test_keys_typed_before_words_do_not_answer_the_next_question() -> None:
    talk = Talk(script(KEYS), voice=True)
    talk.heard()
    talk.do(Dtmf("9"))
    assert said(talk.value("期数", 6)) == ["哪天？"]
    assert talk.silence(10) == []


def test_an_entry_has_a_greatest_length() -> None:
    talk = Talk(script(KEYS))
    for _ in range(500):
        talk.do(Dtmf("7"))
        if talk.engine.step != "主.期" or said(talk.actions):
            break
    assert said(talk.actions)


def test_a_lone_terminator_is_no_value() -> None:
    talk = Talk(script(KEYS))
    talk.value("期数", 6)
    talk.value("日期", "2030-01-01")
    assert said(talk.do(Dtmf("#"))) == ["没听清。"]


def test_what_is_no_key_is_no_key() -> None:
    talk = Talk(script(KEYS))
    assert talk.do(Dtmf("")) == talk.do(Dtmf("12")) == talk.do(Dtmf("x")) == []
    assert talk.silence(4) == []


# --- playback ---------------------------------------------------------------------------------------------------------


def test_an_edge_that_promises_marks_and_sends_none_does_not_hang_the_call() -> None:
    talk = Talk(script(FORM), voice=True)
    ticks = talk.silence(300)
    assert talk.engine.closed, ticks
    assert [said(actions) for _, actions in ticks[:1]] == [["在吗？"]]
    assert ticks[0][0] > 30


def test_marks_prove_that_a_long_recording_still_plays() -> None:
    talk = Talk(script(FORM), voice=True)
    identity = talk.actions[0].id
    for tenth in range(10):
        assert talk.silence(20) == []
        talk.do(PlaybackMark(identity, tenth / 10))
    assert not talk.engine.closed
    assert talk.silence(10) == []
    talk.do(PlaybackEnded(identity))
    assert said(talk.silence(4.1)[0][1]) == ["在吗？"]


def test_a_line_held_back_by_the_callers_voice_still_counts_as_playing() -> None:
    talk = Talk(script(FORM), voice=True)
    talk.do(SpeechStarted(), after=1)
    talk.silence(50)
    talk.do(SpeechStopped())
    talk.do(Heard(""))
    assert talk.silence(25) == []


def test_a_disclosure_whose_playback_is_never_reported_is_not_taken_as_heard() -> None:
    flow = FORM.replace("- 期:", "- 告知: {say: 会录音。, must_hear: {replays: 1, else: 放弃}}\n- 期:", 1)
    talk = Talk(script(flow), voice=True)
    ticks = talk.silence(300)
    assert [said(actions) for _, actions in ticks] == [["会录音。"], []]
    assert outcome(list(ticks[1][1])) == "no_match"


def test_the_ladder_waits_for_the_last_of_several_lines() -> None:
    flow = FORM.replace("- 期:", "- 好: {say: 您好。}\n- 期:", 1)
    talk = Talk(script(flow), voice=True)
    first, second = (action.id for action in talk.actions[:2])
    talk.do(PlaybackEnded(first), after=2)
    assert talk.silence(9) == []
    talk.do(PlaybackEnded(second))
    assert said(talk.silence(4.1)[0][1]) == ["在吗？"]


def test_speaking_over_the_second_of_two_lines_stops_that_one() -> None:
    flow = FORM.replace("- 期:", "- 好: {say: 您好。}\n- 期:", 1)
    talk = Talk(script(flow), voice=True)
    first, second = (action.id for action in talk.actions[:2])
    talk.do(PlaybackEnded(first), after=2)
    actions = talk.value("期数", 6)
    assert [action.id for action in actions if isinstance(action, Stop)] == [second]
    assert "Stop" in kinds(talk.intent("等一下"))  # of 哪天？, not of the old line again
    assert second not in [action.id for action in talk.actions if isinstance(action, Stop)]


def test_a_refusal_over_a_guarded_line_counts_and_the_line_plays_on() -> None:
    flow = FORM.replace("- 期:", "- 告知: {say: 会录音。, barge_in: off}\n- 期:", 1)
    flow = flow.replace("anytime:", "anytime:\n  别再打: {end: 拒绝}").replace(
        "endings: {", "endings: {拒绝: {say: 不再打扰。, result: opt_out}, "
    )
    talk = Talk(script(flow), voice=True)
    assert kinds(talk.intent("别再打")) == ["OptOut", "Say", "Disposition", "Hangup"]


# --- the ends of the world --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("move", ["link: 旁", "call: 旁", "handoff: 客服", "then: back", "end: not_answered"])
@pytest.mark.parametrize("event", [NotAnswered("busy"), MachineDetected("voicemail")])
def test_whatever_the_script_wants_a_call_that_nobody_answered_ends(move: str, event: NotAnswered) -> None:
    side = "flow: 旁\nsteps:\n- 说: {say: 旁。}\n"
    bot = HEAD + f"start: 主\npatterns: {{not_answered: {{{move}}}}}\n"
    talk = Talk(script(FORM, bot=bot, flows__side=side), answer=False)
    assert kinds(talk.do(event))[-2:] == ["Disposition", "Hangup"]
    assert talk.engine.closed
    assert talk.engine.deadline is None


def test_flows_sixteen_deep_come_back_and_the_seventeenth_is_an_error() -> None:
    for depth, result in ((16, "completed"), (17, "error")):
        files = {
            f"flows__f{n}": f"flow: f{n}\nsteps:\n- 一: {{call: f{n + 1}}}\n- 二: {{say: 回{n}。}}\n"
            for n in range(1, depth)
        }
        files["flows__last"] = f"flow: f{depth}\nsteps:\n- 底: {{say: 底。}}\n"
        top = files.pop("flows__f1")
        talk = Talk(script(top, bot=HEAD + "start: f1\n", **files))
        assert outcome(list(talk.actions)) == result
        if result == "completed":
            assert said(talk.actions)[:16] == ["底。"] + [f"回{n}。" for n in range(15, 0, -1)]


def test_an_instant_that_cannot_be_is_refused() -> None:
    compiled = script(FORM)
    talk = Talk(compiled)
    for now in (float("nan"), float("inf")):
        with pytest.raises(UsageError):
            talk.engine.receive(Heard("好"), now=now)
    with pytest.raises(UsageError):
        Conversation(compiled).receive(Started("c", wall=1e300), now=0.0)


def test_a_pattern_whose_flow_returns_does_not_go_on_behind_the_error() -> None:
    side = "flow: 旁\nsteps:\n- 说: {say: 抱歉。}\n"
    flow = "flow: 主\nsteps:\n- 密: {needs: {身份: 已核实}, say: 秘密。}\n- 后: {say: 不该说。, end: completed}\n"
    talk = Talk(script(flow, bot=HEAD + "start: 主\npatterns: {error: {call: 旁}}\n", flows__side=side))
    assert said(talk.actions)[0] == "抱歉。"
    assert "不该说。" not in said(talk.actions)
    assert talk.engine.closed


def test_intents_of_the_open_question_are_not_heard_while_an_action_runs() -> None:
    flow = "flow: 主\nsteps:\n- 办: {do: act}\n- 问: {collect: 期数, prompt: 几期？}\n- 完: {end: completed}\n"
    talk = Talk(script(flow))
    assert talk.means(Understood("六期", (IntentScore("肯定", 1.0),))) == []
