"""Flows, actions, people, endings: where a conversation goes and that it always gets somewhere."""

from collections.abc import Sequence

import pytest

from huashu.core.actions import Disposition, RunAction
from huashu.core.errors import UsageError
from huashu.core.events import (
    ActionResult,
    Answered,
    Event,
    HandoffFailed,
    Heard,
    HumanJoined,
    HumanLeft,
    HungUp,
    MachineDetected,
    NotAnswered,
    Started,
)
from tests.dialogue.talk import HEAD, Talk, kinds, said, script

pytestmark = pytest.mark.engine

TWO = """
flow: 主
steps:
- 一: {ask: 一？, answers: {肯定: {go: 调}, 否定: {link: 旁}}}
- 调: {call: 旁}
- 二: {ask: 二？, answers: {肯定: {end: completed}, 否定: {end: completed}}}
anytime: {没兴趣: {call: 旁}}
"""
SIDE = """
flow: 旁
steps:
- 问: {ask: 旁？, answers: {肯定: 完, 否定: {end: completed}}}
- 完: {say: 旁完。}
"""
DO = """
flow: 主
steps:
- 办:
    do: act
    timeout: 8s
    late: [{after: 1.5s, say: 请稍等。}, {after: 3s, say: 还在办。}]
    failed: {say: 办不了。, end: 出错了}
- 分: {if: [{when: 结果 == "好", go: 好}, {else: 坏}]}
- 好: {say: 办好了。, end: completed}
- 坏: {say: 没办成。, end: completed}
endings: {出错了: {result: error}}
"""


def outcome(actions: Sequence[object]) -> str:
    return next(action.result for action in actions if isinstance(action, Disposition))


def test_a_called_flow_returns_and_a_linked_one_does_not() -> None:
    compiled = script(TWO, flows__side=SIDE, bot=HEAD + "start: 主\n")
    talk = Talk(compiled)
    assert said(talk.intent("肯定")) == ["旁？"]
    assert said(talk.intent("肯定")) == ["旁完。", "二？"]
    talk = Talk(compiled)
    talk.intent("否定")
    talk.intent("肯定")
    assert talk.engine.closed


def test_a_digression_into_a_flow_comes_back_to_the_question() -> None:
    talk = Talk(script(TWO, flows__side=SIDE, bot=HEAD + "start: 主\n"))
    assert said(talk.intent("没兴趣")) == ["旁？"]
    assert said(talk.intent("肯定")) == ["旁完。", "好的，我们继续。", "一？"]


def test_an_action_gives_values_that_branches_see() -> None:
    talk = Talk(script(DO))
    (run,) = talk.actions
    assert isinstance(run, RunAction)
    assert said(talk.do(ActionResult(run.id, values={"结果": "好"}))) == ["办好了。"]
    talk = Talk(script(DO))
    assert said(talk.do(ActionResult(talk.actions[0].id, values={"结果": "不"}))) == ["没办成。"]


def test_the_bots_own_slowness_is_covered_then_bounded() -> None:
    talk = Talk(script(DO))
    ticks = talk.silence(20)
    assert [(at, said(actions)) for at, actions in ticks[:2]] == [(1.5, ["请稍等。"]), (4.5, ["还在办。"])]
    at, actions = ticks[2]
    assert at == 8
    assert said(actions) == ["办不了。"]
    assert outcome(actions) == "error"


def test_a_late_result_of_an_action_given_up_is_ignored() -> None:
    talk = Talk(script(DO))
    identity = talk.actions[0].id
    talk.silence(20)
    assert talk.do(ActionResult(identity, values={"结果": "好"})) == []


def test_an_action_that_answers_nonsense_has_failed() -> None:
    flow = DO.replace('结果 == "好"', "期数 == 3")
    talk = Talk(script(flow))
    assert said(talk.do(ActionResult(talk.actions[0].id, values={"期数": "不是数"}))) == ["办不了。"]


HUMAN = """
flow: 主
steps:
- 问: {ask: 要人工吗？, answers: {肯定: {handoff: 客服, failed: {say: 人工忙。, then: back}}, 否定: {go: 后}}}
- 后: {say: 人工说完了。, end: completed}
"""


def test_the_bot_is_silent_while_a_person_owns_the_call() -> None:
    talk = Talk(script(HUMAN))
    assert kinds(talk.intent("肯定")) == ["Handoff"]
    talk.do(HumanJoined("agent-1"))
    assert talk.engine.owner == "human"
    assert talk.intent("肯定") == []
    assert talk.silence(3600) == []
    assert said(talk.do(HumanLeft(step="后"))) == ["人工说完了。"]


def test_a_person_gives_back_to_a_step_that_does_not_exist() -> None:
    talk = Talk(script(HUMAN))
    talk.intent("肯定")
    talk.do(HumanJoined())
    back = talk.do(HumanLeft(step="没有这步", values={"期数": "废话", "身份": "已核实"}))
    assert said(back) == ["好的，我们继续。", "要人工吗？"]
    assert talk.engine.slots["身份"] == "已核实"


@pytest.mark.parametrize("way", ["refused", "timeout"])
def test_nobody_comes_and_the_caller_is_not_stranded(way: str) -> None:
    talk = Talk(script(HUMAN))
    talk.intent("肯定")
    if way == "refused":
        actions = talk.do(HandoffFailed("603"))
    else:
        ((at, actions),) = talk.silence(61)
        assert at == 60
    assert said(actions) == ["人工忙。", "要人工吗？"]


def test_the_call_ends_while_a_person_owns_it() -> None:
    talk = Talk(script(HUMAN))
    talk.intent("肯定")
    talk.do(HumanJoined())
    assert outcome(talk.do(HungUp("human"))) == "handoff"


def test_needs_not_met_goes_to_the_error_pattern() -> None:
    flow = "flow: 主\nsteps:\n- 说: {needs: {身份: 已核实}, say: 秘密。, end: completed}\n"
    bot = HEAD + "patterns: {error: {say: 出了点问题。, end: error}}\n"
    talk = Talk(script(flow, bot=bot))
    assert said(talk.actions)[0] == "出了点问题。"
    assert "秘密。" not in said(talk.actions)
    assert talk.engine.closed


def test_the_error_pattern_itself_cannot_fail() -> None:
    flow = "flow: 主\nsteps:\n- 说: {say: 您好【身份】。, end: completed}\n"
    bot = HEAD + "patterns: {error: {say: 抱歉【身份】。, end: error}}\n"
    talk = Talk(script(flow, bot=bot))
    assert talk.engine.closed
    assert outcome(talk.actions) == "error"


def test_a_call_has_a_greatest_length() -> None:
    flow = "flow: 主\nsteps:\n- 问: {ask: 在？, answers: {肯定: {then: back}}}\n"
    bot = HEAD + "defaults: {max_length: 2m, max_turns: 10}\n"
    talk = Talk(script(flow, bot=bot))
    for _ in range(11):
        talk.intent("肯定", after=1)
    assert talk.engine.closed
    talk = Talk(script(flow, bot=bot))
    while not talk.engine.closed:
        assert talk.now < 300
        talk.intent("肯定", after=30)
        talk.silence(0)


@pytest.mark.parametrize(
    ("event", "result"),
    [(NotAnswered("busy"), "not_answered"), (MachineDetected("voicemail"), "machine"), (HungUp(), "not_answered")],
)
def test_calls_that_nobody_answers_have_an_outcome_and_no_words(event: Event, result: str) -> None:
    talk = Talk(script(DO), answer=False)
    actions = talk.do(event)
    assert said(actions) == []
    assert outcome(actions) in (result, "not_answered")
    assert talk.engine.closed


def test_ringing_is_bounded() -> None:
    talk = Talk(script(DO), answer=False)
    ticks = talk.silence(500)
    assert outcome(ticks[0][1]) == "not_answered"


def test_a_machine_that_answered_is_left() -> None:
    talk = Talk(script(HUMAN), voice=True)
    assert outcome(talk.do(MachineDetected("voicemail"))) == "machine"
    talk = Talk(script(HUMAN), voice=True)
    assert talk.do(MachineDetected("uncertain")) == []


def test_every_call_has_one_disposition() -> None:
    talk = Talk(script(HUMAN), voice=True)
    talk.intent("否定")
    assert kinds(talk.actions).count("Disposition") == 1
    assert talk.do(HungUp()) == []
    assert talk.engine.closed


def test_wrong_use_is_told_and_changes_nothing() -> None:
    compiled = script(HUMAN)
    talk = Talk(compiled)
    with pytest.raises(UsageError, match="before the last event"):
        talk.engine.receive(Heard("x"), now=-1)
    with pytest.raises(UsageError, match="started already"):
        talk.engine.receive(Started("d"), now=1)
    with pytest.raises(UsageError, match="begins with Started"):
        Talk(compiled, answer=False).engine.__class__(compiled).receive(Answered(), now=0)
    with pytest.raises(UsageError, match="期数"):
        Talk(compiled, 期數=3)
    with pytest.raises(UsageError, match="Mars"):
        Talk(compiled).engine.__class__(compiled).receive(Started("c", zone="Mars/Base"), now=0)


def test_a_line_whose_condition_does_not_hold_is_not_said() -> None:
    flow = (
        "flow: 主\nsteps:\n- 说: {say: [{text: 有结果。, when: 结果 != none}]}\n- 完: {say: 再见。, end: completed}\n"
    )
    assert said(Talk(script(flow)).actions)[0] == "再见。"
    assert said(Talk(script(flow), 结果="好").actions)[0] == "有结果。"


def test_a_question_without_a_wording_goes_to_the_error_pattern() -> None:
    flow = "flow: 主\nsteps:\n- 问: {ask: [{text: 好吗？, when: 结果 != none}], answers: {肯定: {end: completed}}}\n"
    assert outcome(Talk(script(flow)).actions) == "error"


def test_an_action_that_fails_without_a_word_on_it_goes_to_the_error_pattern() -> None:
    flow = "flow: 主\nsteps:\n- 办: {do: act}\n- 好: {say: 办好了。, end: completed}\n"
    talk = Talk(script(flow, bot=HEAD + "patterns: {error: {say: 出了点问题。, end: error}}\n"))
    actions = talk.do(ActionResult(talk.actions[0].id, ok=False, error="down"))
    assert said(actions)[0] == "出了点问题。"
    assert outcome(actions) == "error"


def test_an_ending_named_for_a_failed_action_is_that_ending() -> None:
    flow = "flow: 主\nsteps:\n- 办: {do: act, failed: {end: error}}\n- 好: {say: 办好了。, end: completed}\n"
    talk = Talk(script(flow, bot=HEAD + "patterns: {error: {handoff: 客服}}\n"))
    actions = talk.do(ActionResult(talk.actions[0].id, ok=False, error="down"))
    assert "Handoff" not in kinds(actions)
    assert outcome(actions) == "error"
