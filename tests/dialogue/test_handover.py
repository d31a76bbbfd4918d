"""Calling a person, being called back, and the action that ran meanwhile. Pain 24 of the field."""

import pytest

from huashu.core.actions import Disposition, Handoff, HumanSay, RunAction, Say, Stop
from huashu.core.events import (
    ActionResult,
    HandoffFailed,
    HandoffQueued,
    HumanJoined,
    HumanLeft,
    HumanSaid,
    MachineDetected,
    PlaybackEnded,
    SpeechStarted,
    SpeechStopped,
    Ticked,
)
from tests.dialogue.talk import HEAD, Talk, kinds, said, script

pytestmark = pytest.mark.engine

BUSY = "{say: 人工忙。, then: back}"
ACT = """
flow: 主
steps:
- 办: {do: act, timeout: 8s, late: [{after: 2s, say: 请稍等。}], failed: {say: 没办成。, end: 没成}}
- 成: {say: 办好了。}
- 再: {ask: 还有吗？, answers: {否定: {end: 好}}}
anytime:
  转人工: {handoff: 客服, failed: FAILED}
  别再打: {end: 拒绝}
endings: {没成: {result: error}, 好: {result: success}, 拒绝: {say: 不再打扰。, result: opt_out}}
"""
ASK = """
flow: 主
steps:
- 问: {collect: 期数, prompt: 几期？, silence: [{after: 4s, say: 在吗？}, {after: 3s, end: 无人}]}
- 完: {say: 分【期数】。, end: 好}
anytime:
  转人工: {handoff: 客服, failed: FAILED}
  别再打: {end: 拒绝}
endings: {无人: {result: no_input}, 好: {result: success}, 拒绝: {say: 不再打扰。, result: opt_out}}
"""


def acting() -> str:
    return ACT.replace("FAILED", BUSY)


def asking(failed: str) -> str:
    return ASK.replace("FAILED", failed)


def result(talk: Talk) -> str:
    return next(action.result for action in talk.actions if isinstance(action, Disposition))


def running(talk: Talk) -> RunAction:
    return next(action for action in talk.actions if isinstance(action, RunAction))


def test_nobody_came_while_an_action_ran_and_its_result_still_counts() -> None:
    talk = Talk(script(acting()))
    run = running(talk)
    assert kinds(talk.intent("转人工", after=1)) == ["Handoff"]
    assert talk.do(ActionResult(run.id), after=1) == []
    assert said(talk.do(HandoffFailed())) == ["人工忙。", "办好了。", "还有吗？"]


def test_an_action_unfinished_when_nobody_came_is_waited_for_not_believed() -> None:
    talk = Talk(script(acting()))
    run = running(talk)
    talk.intent("转人工", after=1)
    assert said(talk.do(HandoffFailed(), after=1)) == ["人工忙。"]
    assert said(talk.do(ActionResult(run.id, ok=False))) == ["没办成。"]
    assert result(talk) == "error"


def test_an_action_that_timed_out_while_a_person_had_the_call_has_failed() -> None:
    talk = Talk(script(acting()))
    talk.do(HumanJoined(), after=1)
    assert talk.silence(60) == []
    assert said(talk.do(HumanLeft())) == ["没办成。"]


def test_what_an_action_answered_while_a_person_had_the_call_is_kept() -> None:
    talk = Talk(script(acting()))
    run = running(talk)
    talk.do(HumanJoined(), after=1)
    assert talk.do(ActionResult(run.id, values={"结果": "好"}), after=1) == []
    assert said(talk.do(HumanLeft())) == ["办好了。", "还有吗？"]
    assert talk.engine.slots["结果"] == "好"


def test_a_person_who_names_the_step_has_settled_the_action() -> None:
    talk = Talk(script(acting()))
    run = running(talk)
    talk.do(HumanJoined(), after=1)
    assert said(talk.do(HumanLeft(step="再"))) == ["好的，我们继续。", "还有吗？"]
    assert talk.do(ActionResult(run.id, ok=False)) == []
    assert not [actions for _, actions in talk.silence(4)]


def test_a_step_may_be_named_with_its_flow() -> None:
    talk = Talk(script(acting()))
    talk.do(HumanJoined())
    assert said(talk.do(HumanLeft(step="主.再"))) == ["好的，我们继续。", "还有吗？"]


def test_a_step_whose_move_is_a_handoff_is_not_called_again_on_return() -> None:
    flow = "flow: 主\nsteps:\n- 转: {say: 转人工。, handoff: 客服, failed: {go: 后}}\n"
    flow += "- 后: {say: 接着说。, end: completed}\n"
    talk = Talk(script(flow))
    assert kinds(talk.actions) == ["Say", "Handoff"]
    talk.do(HumanJoined())
    assert said(talk.do(HumanLeft()))[0] == "接着说。"
    flow = flow.replace("failed: {go: 后}", "failed: {say: 人工忙。, then: next}")
    talk = Talk(script(flow))
    assert said(talk.do(HandoffFailed()))[:2] == ["人工忙。", "接着说。"]


@pytest.mark.parametrize("failed", [BUSY, "{say: 人工忙。, then: stay}"])
def test_nobody_came_and_the_question_is_asked_again(failed: str) -> None:
    talk = Talk(script(asking(failed)))
    talk.intent("转人工")
    assert said(talk.do(HandoffFailed())) == ["人工忙。", "几期？"]


def test_a_question_that_the_person_answered_is_not_asked_again() -> None:
    talk = Talk(script(asking(BUSY)))
    talk.intent("转人工")
    talk.do(HumanJoined())
    assert said(talk.do(HumanLeft(values={"期数": 6})))[0] == "分6期。"


def test_a_voice_that_began_before_the_person_came_does_not_hold_silence_for_ever() -> None:
    talk = Talk(script(asking(BUSY)), voice=True)
    talk.heard()
    talk.do(SpeechStarted())
    talk.do(HumanJoined())
    talk.do(SpeechStopped())
    talk.do(HumanLeft())
    talk.heard()
    assert said(talk.silence(3.0 + 4.0)[0][1]) == ["在吗？"]  # its words never come


def test_words_begun_with_the_person_do_not_answer_the_bot() -> None:
    talk = Talk(script(asking(BUSY)), voice=True)
    talk.heard()
    talk.intent("转人工")
    talk.do(HumanJoined())
    talk.do(SpeechStarted())  # "好的，谢谢" to the person
    assert said(talk.do(HumanLeft(), after=1)) == ["好的，我们继续。", "几期？"]
    talk.do(SpeechStopped())
    assert talk.value("期数", 6) == []
    assert said(talk.value("期数", 6)) == ["分6期。"]


def test_who_waits_for_an_action_is_still_told_so_when_nobody_came() -> None:
    talk = Talk(script(acting()))
    talk.intent("转人工", after=1)
    assert said(talk.do(HandoffFailed(), after=1)) == ["人工忙。"]
    ((at, actions),) = talk.silence(2.1)
    assert at == pytest.approx(4.0)
    assert said(actions) == ["请稍等。"]


def test_no_person_is_called_to_a_machine() -> None:
    talk = Talk(script(asking(BUSY)))
    talk.intent("转人工")
    talk.do(MachineDetected("voicemail"))
    assert result(talk) == "machine"


def test_a_refusal_while_a_person_is_called_ends_the_call() -> None:
    talk = Talk(script(asking(BUSY)))
    talk.intent("转人工")
    assert kinds(talk.intent("别再打")) == ["OptOut", "Say", "Disposition", "Hangup"]


def test_a_call_too_long_that_wants_a_person_whom_nobody_sends_ends() -> None:
    bot = HEAD + "defaults: {max_length: 1m}\npatterns: {too_long: {handoff: 客服, failed: FAILED}}\n".replace(
        "FAILED", BUSY
    )
    talk = Talk(script(asking(BUSY), bot=bot))
    ticks = talk.silence(60.5)
    while not talk.engine.closed and talk.now < 300:
        talk.mumble()
        ticks = talk.silence(7)
    assert talk.engine.closed, ticks


def test_too_long_while_an_action_runs_leaves_nothing_behind_that_rings() -> None:
    bot = HEAD + "defaults: {max_length: 5s}\npatterns: {too_long: {say: 太久了。, handoff: 客服}}\n"
    talk = Talk(script(acting(), bot=bot))
    talk.silence(12)
    talk.do(HumanJoined())
    assert talk.engine.owner == "human"
    assert talk.silence(60) == []


def test_a_disclosure_that_a_person_interrupted_is_said_on_return() -> None:
    flow = """
flow: 主
steps:
- 告知: {say: 本次通话会录音。, must_hear: {replays: 1, else: 礼}}
- 问: {ask: 好吗？, answers: {肯定: {end: 礼}}}
endings: {礼: {result: declined}}
"""
    talk = Talk(script(flow), voice=True)
    first = talk.actions[0].id
    talk.do(HumanJoined())
    talk.do(PlaybackEnded(first, 0.2))
    assert said(talk.do(HumanLeft())) == ["本次通话会录音。"]
    assert said(talk.heard()) == ["好吗？"]


FAILED = ACT.replace("FAILED", BUSY).replace("{say: 没办成。, end: 没成}", "{say: 没办成。, handoff: 客服}")


def test_a_person_called_because_an_action_failed_gives_back_to_no_claim_of_success() -> None:
    talk = Talk(script(FAILED, bot=HEAD))
    talk.do(ActionResult(talk.actions[0].id, ok=False, error="down"))
    talk.do(HumanJoined())
    actions = talk.do(HumanLeft())
    assert "办好了。" not in said(actions)
    assert [action.result for action in actions if isinstance(action, Disposition)] == ["handoff"]


def test_the_person_may_name_the_step_to_go_on_with() -> None:
    talk = Talk(script(FAILED, bot=HEAD))
    talk.do(ActionResult(talk.actions[0].id, ok=False, error="down"))
    talk.do(HumanJoined())
    assert said(talk.do(HumanLeft(step="再"))) == ["好的，我们继续。", "还有吗？"]


def test_nobody_comes_after_a_failed_action_and_no_success_is_claimed() -> None:
    flow = FAILED.replace("handoff: 客服}\n- 成", "handoff: 客服, failed: {say: 没人。, then: next}}\n- 成")
    talk = Talk(script(flow, bot=HEAD))
    talk.do(ActionResult(talk.actions[0].id, ok=False, error="down"))
    actions = talk.do(HandoffFailed("busy"))
    assert "办好了。" not in said(actions)
    assert [action.result for action in actions if isinstance(action, Disposition)] == ["error"]


# --- which handoff ----------------------------------------------------------------------------------------------------


def test_what_is_told_of_a_handoff_that_is_over_is_not_taken_for_the_pending_one() -> None:
    talk = Talk(script(asking(BUSY)))
    (first,) = (action.id for action in talk.intent("转人工") if isinstance(action, Handoff))
    assert said(talk.do(HandoffFailed(handoff=first))) == ["人工忙。", "几期？"]
    (second,) = (action.id for action in talk.intent("转人工") if isinstance(action, Handoff))
    assert talk.do(HandoffFailed(handoff=first)) == []
    assert talk.do(HumanJoined(handoff=first)) == []
    assert talk.engine.owner == "bot"
    talk.do(HumanJoined(handoff=second))
    assert talk.engine.owner == "human"


# --- waiting for a person ---------------------------------------------------------------------------------------------


def waiting() -> Talk:
    talk = Talk(script(asking(BUSY)), voice=True)
    talk.heard()
    talk.intent("转人工")
    return talk


def test_a_caller_who_waits_hears_where_they_stand() -> None:
    talk = waiting()
    told = talk.do(HandoffQueued(2, 130.0))
    (say,) = [action for action in told if isinstance(action, Say)]
    assert say.text == "您现在排在第2位，大约还要等3分钟，请您稍等。"
    talk.heard()
    assert said(talk.do(HandoffQueued(1))) == ["您现在排在第1位，请您稍等。"]


def called_with_a_line() -> tuple[Talk, str]:
    """The line that says so plays; its id."""
    talk = Talk(script(asking(BUSY).replace("{handoff", "{say: 为您转接。, handoff")), voice=True)
    talk.heard()
    talk.intent("转人工")
    return talk, next(action.id for action in talk.actions if isinstance(action, Say))


def test_a_place_told_during_the_handover_line_is_said_as_soon_as_the_line_has_ended() -> None:
    talk, line = called_with_a_line()
    assert said(talk.do(HandoffQueued(3, 130.0), after=1.0)) == []
    assert said(talk.do(HandoffQueued(2, 70.0), after=0.2)) == []
    assert said(talk.do(PlaybackEnded(line), after=0.5)) == ["您现在排在第2位，大约还要等2分钟，请您稍等。"]
    assert talk.heard() == []  # once


def test_the_place_that_is_being_told_is_not_told_again_and_a_newer_one_is() -> None:
    talk = waiting()
    talk.heard()
    talk.do(HandoffQueued(2))
    assert said(talk.do(HandoffQueued(2), after=0.5)) == []
    assert talk.heard() == []
    (say,) = [action for action in talk.do(HandoffQueued(2)) if isinstance(action, Say)]
    assert said(talk.do(HandoffQueued(1), after=0.5)) == []
    assert said(talk.do(PlaybackEnded(say.id), after=0.5)) == ["您现在排在第1位，请您稍等。"]


@pytest.mark.parametrize("comes", [HumanJoined("a7"), HandoffFailed("no_answer")])
def test_a_place_that_was_kept_is_told_to_nobody_who_does_not_wait_any_more(comes: HumanJoined | HandoffFailed) -> None:
    talk, line = called_with_a_line()
    talk.do(HandoffQueued(3))
    talk.do(comes, after=0.5)
    assert "您现在排在第3位，请您稍等。" not in said(talk.do(PlaybackEnded(line, 0.5), after=0.3))
    if isinstance(comes, HumanJoined):
        talk.do(HumanLeft())
    talk.heard()
    talk.intent("转人工")
    assert all("排在" not in line.text for line in talk.heard() if isinstance(line, Say))  # a new queue: a new place


def test_two_minutes_are_read_as_they_are_spoken() -> None:
    (say,) = [action for action in waiting().do(HandoffQueued(2, 90.0)) if isinstance(action, Say)]
    assert say.spoken == "您现在排在第二位，大约还要等两分钟，请您稍等。"


def test_a_place_in_the_queue_is_told_twenty_times_at_most_and_never_delays_the_fallback() -> None:
    talk = waiting()
    spoken = 0
    for _ in range(40):
        spoken += len(said(talk.do(HandoffQueued(5), after=1.0)))
        talk.heard(after=0.1)
    assert spoken == 20
    talk = waiting()
    talk.do(HandoffQueued(5), after=58.9)
    talk.now = talk.engine.deadline or 0.0
    done = talk.do(Ticked())
    assert isinstance(done[0], Stop)
    assert said(done)[0] == "人工忙。"


def test_a_queue_without_words_of_its_own_is_announced_in_the_language_of_the_bot() -> None:
    talk = Talk(script(asking(BUSY), bot=HEAD.replace("zh-CN", "en-US")), voice=True)
    talk.heard()
    talk.intent("转人工")
    talk.heard()
    assert said(talk.do(HandoffQueued(3, 61.0))) == ["You are number 3 in the queue; minutes to wait, about: 2."]


def test_why_nobody_came_can_be_asked_by_the_script() -> None:
    branch = """
flow: 主
steps:
- 转: {handoff: 客服, failed: {go: 看}}
- 看: {if: [{when: human.cause == "closed", end: 下班}, {else: {end: 忙}}]}
endings: {下班: {say: 下班了。, result: callback}, 忙: {say: 都在忙。, result: handoff}}
"""
    for cause, line in (("closed", "下班了。"), ("queue_full", "都在忙。")):
        assert said(Talk(script(branch)).do(HandoffFailed(cause))) == [line]


def test_the_bot_says_why_it_calls_a_person_and_how_long_it_waits() -> None:
    why = {}
    talk = waiting()
    why["asked"] = next(action for action in talk.actions if isinstance(action, Handoff))
    talk = Talk(
        script(ACT.replace("failed: {say: 没办成。, end: 没成}", "failed: {handoff: 后台}").replace("FAILED", BUSY))
    )
    talk.do(ActionResult(running(talk).id, ok=False))
    why["failed"] = next(action for action in talk.actions if isinstance(action, Handoff))
    assert {name: (action.reason, action.within) for name, action in why.items()} == {
        "asked": ("requested", 60.0),
        "failed": ("error", 60.0),
    }


def test_a_persons_words_reach_a_chat_and_are_only_noted_on_a_call() -> None:
    chat = Talk(script(asking(BUSY)))
    chat.intent("转人工")
    assert chat.do(HumanSaid("您好，我是小王。", "a7")) == []  # nobody has joined
    chat.do(HumanJoined("a7"))
    (shown,) = chat.do(HumanSaid("您好，我是小王。", "a7"))
    assert isinstance(shown, HumanSay)
    assert (shown.text, shown.agent) == ("您好，我是小王。", "a7")
    call = waiting()
    call.do(HumanJoined("a7"))
    assert call.do(HumanSaid("您好", "a7")) == []


@pytest.mark.parametrize("ends", [HandoffFailed("no_answer"), HumanLeft()])
def test_a_person_who_answers_a_handoff_that_is_over_does_not_get_the_call(ends: HandoffFailed | HumanLeft) -> None:
    talk = waiting()
    handoff = next(action for action in talk.actions if isinstance(action, Handoff))
    if isinstance(ends, HumanLeft):
        talk.do(HumanJoined("a1", handoff.id))
    talk.do(ends)
    talk.do(HumanJoined("a7", handoff.id))
    assert talk.engine.owner == "bot"
    talk.do(HumanJoined("a7"))  # a supervisor steps in
    assert talk.engine.owner == "human"
