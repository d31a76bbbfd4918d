"""Sub-scripts with values of their own, and the stack of flows under every kind of move."""

from collections.abc import Sequence

import pytest

from huashu.core.actions import Disposition, RunAction
from huashu.core.events import ActionResult, Event, HumanJoined, HumanLeft
from huashu.dialogue.state import MAX_STACK
from huashu.flows.script import Script
from tests.dialogue.talk import Talk, said, script

pytestmark = pytest.mark.engine

BOT = """
bot: ratings
language: zh-CN
actions: http://127.0.0.1:9
start: 主
variables:
  问题: text
  满分: {type: integer, default: 5}
  分数: {type: integer, unit: 分}
  上限: {type: integer, default: 10}
  态度分: integer
  速度分: integer
  身份: text
"""
RATE = """
flow: 打分
local: [问题, 满分, 分数]
steps:
- 问分: {collect: 分数, prompt: "【问题】，一到【满分】，打几分？"}
- 谢: {say: 【分数】，记下了。}
"""
MAIN = """
flow: 主
steps:
- 态度: {call: {flow: 打分, with: {问题: 服务态度, 满分: =上限}, keep: {态度分: 分数}}}
- 速度: {call: {flow: 打分, with: {问题: 速度}, keep: {速度分: 分数}}}
- 完: {say: 态度【态度分】，速度【速度分】。, end: completed}
"""


def ratings(main: str = MAIN, rate: str = RATE, bot: str = BOT, **files: str) -> Script:
    return script(main, bot=bot, flows__rate=rate, **files)


def values(actions: Sequence[object]) -> dict[str, object]:
    return next(dict(action.values) for action in actions if isinstance(action, Disposition))


def test_one_sub_script_is_called_several_times_with_other_values() -> None:
    talk = Talk(ratings())
    assert said(talk.actions) == ["服务态度，一到10，打几分？"]
    assert said(talk.value("分数", 9)) == ["9分，记下了。", "速度，一到5，打几分？"]
    actions = talk.value("分数", 3)
    assert said(actions) == ["3分，记下了。", "态度9，速度3。"]
    assert values(actions) == {"满分": 5, "上限": 10, "态度分": 9, "速度分": 3}, "a run's own values went with it"


def test_an_ending_inside_disposes_of_the_values_of_the_run() -> None:
    rate = RATE.replace("- 谢: {say: 【分数】，记下了。}", "- 谢: {end: completed}")
    talk = Talk(ratings(rate=rate))
    assert values(talk.value("分数", 9)) == {"问题": "服务态度", "满分": 10, "上限": 10, "分数": 9}


def test_a_run_covers_the_callers_own_value_and_gives_it_back() -> None:
    main = """
flow: 主
steps:
- 先: {set: {分数: 1, 问题: 原来的}}
- 打: {call: {flow: 打分, with: {问题: =问题}, keep: {分数: 分数}}}
- 完: {say: 【问题】【分数】, end: completed}
"""
    talk = Talk(ratings(main))
    assert said(talk.actions) == ["原来的，一到5，打几分？"], (
        "the value given is the caller's, the score is empty again"
    )
    assert said(talk.value("分数", 4))[-1] == "原来的4分", "what is kept is written over what came back"


def test_runs_in_runs() -> None:
    main = MAIN.replace("- 速度: {call: {flow: 打分, with: {问题: 速度}, keep: {速度分: 分数}}}", "- 再: {call: 外}")
    outer = """
flow: 外
local: [问题, 速度分]
steps:
- 设: {set: {问题: 外面的, 速度分: 0}}
- 打: {call: {flow: 打分, with: {问题: =问题}, keep: {速度分: 分数}}}
- 说: {say: 【问题】【速度分】}
"""
    talk = Talk(ratings(main.replace("速度【速度分】", "完"), flows__outer=outer))
    talk.value("分数", 9)
    assert said(talk.actions)[-1] == "外面的，一到5，打几分？"
    assert said(talk.value("分数", 2)) == ["2分，记下了。", "外面的2", "态度9，完。"]
    assert talk.engine.slots.get("速度分") is None


ASK = """
flow: 主
steps:
- 问: {ask: 可以吗？, answers: {肯定: {}, 否定: {end: completed}}}
- 完: {say: 完。, end: completed}
anytime:
  没兴趣: {call: {flow: 打分, with: {问题: 介绍}, keep: {态度分: 分数}}}
  在忙: {link: {flow: 打分, with: {问题: 转来的}}}
"""


def test_a_digression_with_values_comes_back_to_its_question() -> None:
    talk = Talk(ratings(ASK))
    assert said(talk.intent("没兴趣")) == ["介绍，一到5，打几分？"]
    assert said(talk.value("分数", 5))[-1] == "可以吗？"
    assert talk.engine.slots["态度分"] == 5
    assert talk.engine.slots.get("分数") is None


def test_a_link_takes_values_and_does_not_come_back() -> None:
    talk = Talk(ratings(ASK))
    assert said(talk.intent("在忙")) == ["转来的，一到5，打几分？"]
    talk.value("分数", 5)
    assert talk.engine.closed


def test_a_link_inside_a_run_gives_back_what_it_covered_and_keeps_what_it_had() -> None:
    rate = RATE.replace("- 谢: {say: 【分数】，记下了。}", "- 去: {link: 旁}")
    side = "flow: 旁\nsteps:\n- 说: {say: 旁【态度分】。}\n"
    main = MAIN.replace("- 速度: {call: {flow: 打分, with: {问题: 速度}, keep: {速度分: 分数}}}\n", "")
    talk = Talk(ratings(main.replace("速度【速度分】", "完"), rate, flows__side=side))
    assert said(talk.value("分数", 7)) == ["旁7。", "态度7，完。"]
    assert talk.engine.slots.get("分数") is None


def test_a_link_inside_a_digression_still_returns_to_the_question() -> None:
    rate = RATE.replace("- 谢: {say: 【分数】，记下了。}", "- 去: {link: 旁}")
    talk = Talk(ratings(ASK, rate, flows__side="flow: 旁\nsteps:\n- 说: {say: 旁。}\n"))
    talk.intent("没兴趣")
    assert said(talk.value("分数", 7))[:1] == ["旁。"]
    assert said(talk.actions)[-1] == "可以吗？"


NESTED = """
flow: 打分
local: [问题, 分数]
steps:
- 问分: {collect: 分数, prompt: 【问题】几分？}
anytime:
  在忙: {call: 短}
"""
SHORT = """
flow: 短
local: [问题]
steps:
- 设: {set: {问题: 短的}}
- 问: {ask: 【问题】？, answers: {肯定: {}, 否定: {end: completed}}}
"""


def test_a_digression_inside_a_digression_unwinds_in_order() -> None:
    talk = Talk(ratings(ASK, NESTED, flows__short=SHORT))
    talk.intent("没兴趣")
    assert said(talk.intent("在忙")) == ["短的？"]
    assert said(talk.intent("肯定"))[-1] == "介绍几分？"
    assert said(talk.value("分数", 3))[-1] == "可以吗？"


def test_a_question_answered_meanwhile_is_not_asked_again() -> None:
    main = ASK.replace(
        "- 问: {ask: 可以吗？, answers: {肯定: {}, 否定: {end: completed}}}", "- 问: {collect: 态度分, prompt: 几分？}"
    )
    talk = Talk(ratings(main))
    talk.intent("没兴趣")
    assert said(talk.value("分数", 5))[-1] == "完。"


def test_values_that_cannot_be_computed_go_to_the_error_pattern_and_nothing_is_entered() -> None:
    main = "flow: 主\nsteps:\n- 打: {call: {flow: 打分, with: {满分: =态度分 + 1}}}\n"
    talk = Talk(ratings(main, bot=BOT + "patterns: {error: {say: 出错了。, end: error}}\n"))
    assert said(talk.actions)[0] == "出错了。"
    assert values(talk.actions) == {"满分": 5, "上限": 10}


def test_an_error_inside_a_run_leaves_its_values_to_nobody() -> None:
    rate = RATE.replace("- 谢: {say: 【分数】，记下了。}", "- 做: {do: act}")
    bot = BOT + "patterns: {error: {link: 收场}}\n"
    talk = Talk(ratings(rate=rate, bot=bot, flows__last="flow: 收场\nsteps:\n- 说: {say: 抱歉。, end: completed}\n"))
    talk.value("分数", 9)
    (run,) = [action for action in talk.actions if isinstance(action, RunAction)]
    actions = talk.do(ActionResult(run.id, ok=False))
    assert said(actions) == ["抱歉。"]
    assert values(actions) == {"满分": 5, "上限": 10}


def test_a_person_gives_back_to_a_step_of_a_flow_that_waits() -> None:
    rate = RATE + "anytime: {转人工: {handoff: 客服}}\n"
    main = MAIN.replace("steps:\n", "steps:\n- 头: {ask: 开始吗？, answers: {肯定: {}}}\n")
    talk = Talk(ratings(main, rate))
    talk.intent("肯定")
    talk.intent("转人工")
    talk.do(HumanJoined())
    actions = talk.do(HumanLeft(step="主.完", values={"态度分": 1, "速度分": 2}))
    assert said(actions) == ["态度1，速度2。"]
    assert values(actions) == {"满分": 5, "上限": 10, "态度分": 1, "速度分": 2}


def test_a_person_gives_back_to_a_step_of_the_flow_on_top_by_its_bare_name() -> None:
    talk = Talk(ratings(rate=RATE + "anytime: {转人工: {handoff: 客服}}\n"))
    talk.intent("转人工")
    talk.do(HumanJoined())
    assert said(talk.do(HumanLeft(step="谢", values={"分数": 8})))[0] == "8分，记下了。"
    assert said(talk.actions)[-1] == "速度，一到5，打几分？"


def test_a_correction_reaches_the_questions_of_its_own_run_only() -> None:
    rate = """
flow: 打分
local: [问题, 满分, 分数, 身份]
steps:
- 问分: {collect: 分数, prompt: 【问题】几分？}
- 谁: {collect: 身份, prompt: 【分数】。您是？}
"""
    talk = Talk(ratings(rate=rate))
    talk.value("分数", 9)
    assert said(talk.value("分数", 3, text="3分")) == ["3分。您是？"]
    talk.value("身份", "张伟")
    assert said(talk.actions) == ["速度几分？"]
    talk.value("态度分", 1, text="态度1分")
    assert talk.engine.slots["态度分"] == 3, "a value of the caller's is not put right from inside"


def test_calls_of_itself_are_refused_by_depth() -> None:
    compiled = ratings(
        "flow: 主\nsteps:\n- 问: {ask: 可以吗？, answers: {肯定: {}}}\nanytime: {没兴趣: {call: 主, times: 50}}\n"
    )
    talk = Talk(compiled)
    for _ in range(MAX_STACK + 1):
        if talk.engine.closed:
            break
        talk.intent("没兴趣")
    assert talk.engine.closed


def test_a_replay_gives_the_same_actions() -> None:
    talk = Talk(ratings(ASK))
    talk.intent("没兴趣")
    talk.value("分数", 5)
    log: list[tuple[float, Event]] = list(talk.log)
    from huashu.dialogue.engine import Conversation

    again = Conversation(ratings(ASK))
    for now, event in log:
        actions = again.receive(event, now=now)
    assert actions == talk.actions
