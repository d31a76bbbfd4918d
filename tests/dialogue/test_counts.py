"""What the engine counts so that a call ends by itself: entries of a step, answers that stay, handoffs nobody takes."""

import pytest

from huashu.core.actions import Disposition
from tests.dialogue.talk import HEAD, Talk, said, script

pytestmark = pytest.mark.engine

LOOP = """
flow: 主
steps:
- 前: {say: 您好。}
- 问: {times: 2, after: {go: 够了}, ask: 还要吗？, answers: {肯定: {go: 问}, 否定: {end: completed}}}
- 够了: {say: 今天就到这里。, end: completed}
"""


def test_a_step_is_entered_as_often_as_its_times() -> None:
    talk = Talk(script(LOOP))
    assert said(talk.actions) == ["您好。", "还要吗？"]
    assert said(talk.intent("肯定")) == ["还要吗？"]
    assert said(talk.intent("肯定")) == ["今天就到这里。"]
    assert talk.engine.closed


def test_without_an_after_the_flow_ends() -> None:
    talk = Talk(script(LOOP.replace("after: {go: 够了}, ", "").partition("- 够了")[0]))
    talk.intent("肯定")
    ended = [action.ending for action in talk.intent("肯定") if isinstance(action, Disposition)]
    assert ended == ["completed"]


def test_times_count_over_the_whole_call_not_one_visit_of_the_flow() -> None:
    main = "flow: 主\nsteps:\n- 一: {call: 旁}\n- 二: {call: 旁}\n- 三: {say: 完了。}\n"
    side = "flow: 旁\nsteps:\n- 说: {times: 1, after: {go: 别}, say: 第一次。}\n- 别: {say: 别的。}\n"
    talk = Talk(script(main, bot=HEAD + "start: 主\n", flows__side=side))
    assert said(talk.actions)[:4] == ["第一次。", "别的。", "别的。", "完了。"]


def test_an_answer_that_stays_is_unclear_the_fourth_time() -> None:
    flow = (
        "flow: 主\nsteps:\n- 问: {ask: 几期？, answers: {肯定: {say: 您说。, then: stay}, 否定: {}},"
        " unclear: [{say: 没听懂。}, {end: completed}]}\n"
    )
    talk = Talk(script(flow))
    assert [said(talk.intent("肯定")) for _ in range(4)] == [["您说。"]] * 3 + [["没听懂。"]]


def test_a_handoff_of_the_steps_own_is_not_made_again_when_nobody_came() -> None:
    flow = "flow: 主\nsteps:\n- 转: {handoff: 客服, failed: {say: 没人。}}\n- 后: {say: 我来。, end: completed}\n"
    talk = Talk(script(flow))
    ((_, actions),) = talk.silence(61)
    assert said(actions)[:2] == ["没人。", "我来。"]


def test_the_after_of_a_detour_works_three_times_then_it_is_unclear() -> None:
    flow = (
        "flow: 主\nsteps:\n- 问: {ask: 好吗？, answers: {肯定: {}}, unclear: [{say: 没听懂。}, {end: completed}]}\n"
        "anytime: {等一下: {say: 好的。, then: stay, times: 1, after: {say: 我还在。, then: stay}}}\n"
    )
    talk = Talk(script(flow))
    heard = [said(talk.intent("等一下")) for _ in range(5)]
    assert heard == [["好的。"], ["我还在。"], ["我还在。"], ["我还在。"], ["没听懂。"]]
