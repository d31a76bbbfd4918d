"""The flow that asks callers how it was: once in a call, where it is called or when a person closes it."""

from collections.abc import Sequence

import pytest

from huashu.core.actions import Action, Disposition, Hangup, Rated
from huashu.core.events import Dtmf, HumanJoined, HumanLeft, HungUp
from huashu.dialogue.engine import Conversation
from huashu.flows.script import Script
from tests.dialogue.talk import Talk, said, script

pytestmark = pytest.mark.engine

BOT = """
bot: rated
language: zh-CN
start: 主
variables: {分: integer, 名: text, 记: integer}
satisfaction: {flow: 评, collect: 分, kind: csat}
anytime: {转人工: {handoff: 客服, failed: {then: back}}}
"""
MAIN = """
flow: 主
steps:
- 名: {collect: 名, prompt: 贵姓？}
- 评: {call: 评}
- 再: {ask: 还有事吗？, answers: {肯定: {}, 否定: {go: 完}}}
- 又评: {call: {flow: 评, keep: {记: 分}}}
- 完: {say: 再见。, end: completed}
"""
RATE = """
flow: 评
local: [分]
steps:
- 打分:
    collect: 分
    prompt: 打几分？
    one_of: [1, 2, 3, 4, 5]
    skip: true
    silence: [{after: 5s, then: next}]
    unclear: [{then: next}]
- 谢: {say: 谢谢。}
"""


def bot(text: str = BOT, main: str = MAIN, rate: str = RATE) -> Script:
    return script(main, bot=text, flows__rate=rate)


def rated(actions: Sequence[Action]) -> list[tuple[str, int | None]]:
    return [(action.kind, action.score) for action in actions if isinstance(action, Rated)]


def outcome(actions: Sequence[Action]) -> list[tuple[str, str]]:
    return [(action.ending, action.result) for action in actions if isinstance(action, Disposition)]


def closed(talk: Talk) -> list[Action]:
    """A person has it and closes it."""
    talk.intent("转人工")
    talk.do(HumanJoined("a"))
    return talk.do(HumanLeft("评.打分"))


def test_an_answer_is_rated_once() -> None:
    talk = Talk(bot())
    talk.value("名", "张")
    actions = talk.value("分", 4)
    assert rated(actions) == [("csat", 4)]
    assert said(actions) == ["谢谢。", "还有事吗？"]
    actions = talk.intent("肯定")
    assert (said(actions), rated(actions)) == (["再见。"], []), "the second time the flow is over at once"
    assert "记" not in next(action for action in actions if isinstance(action, Disposition)).values, "nothing is kept"


@pytest.mark.parametrize("how", ["skip", "silence", "unclear", "hangs up"])
def test_no_answer_is_rated_as_none(how: str) -> None:
    talk = Talk(bot())
    talk.value("名", "张")
    match how:
        case "silence":
            ((_, actions), *_) = talk.silence(60.0)
        case "skip":
            actions = talk.intent("跳过")
        case "unclear":
            actions = talk.mumble()
        case _:
            actions = talk.do(HungUp())
    assert rated(actions) == [("csat", None)]


def test_a_person_who_closes_the_conversation_has_the_caller_asked() -> None:
    talk = Talk(bot())
    assert said(closed(talk)) == ["打几分？"]
    actions = talk.do(Dtmf("5"))
    assert rated(actions) == [("csat", 5)]
    assert said(actions) == ["谢谢。"]
    assert outcome(actions) == [("handoff", "handoff")], "what a person has settled stays its outcome"
    assert isinstance(actions[-1], Hangup), "and nothing that waited is gone back to"


def test_who_hangs_up_instead_has_been_served_all_the_same() -> None:
    talk = Talk(bot())
    closed(talk)
    actions = talk.do(HungUp())
    assert rated(actions) == [("csat", None)]
    assert outcome(actions) == [("handoff", "handoff")]


def test_who_was_asked_before_the_person_came_is_not_asked_again() -> None:
    talk = Talk(bot())
    talk.value("名", "张")
    talk.value("分", 2)
    actions = closed(talk)
    assert rated(actions) == []
    assert outcome(actions) == [("handoff", "handoff")]
    assert said(actions) == []


def test_a_person_who_is_called_in_the_midst_of_it_and_closes_has_it_asked_again() -> None:
    talk = Talk(bot())
    talk.value("名", "张")
    assert said(closed(talk)) == ["打几分？"]
    actions = talk.value("分", 3)
    assert rated(actions) == [("csat", 3)]
    assert said(actions) == ["谢谢。"], "and the conversation does not go on"
    assert outcome(actions) == [("handoff", "handoff")]


def test_only_who_was_served_is_asked() -> None:
    only = BOT.replace("kind: csat}", "kind: csat, human_only: true}")
    talk = Talk(bot(only))
    assert said(talk.value("名", "张")) == ["还有事吗？"]
    talk = Talk(bot(only))
    talk.intent("转人工")
    talk.do(HumanJoined("a"))
    talk.do(HumanLeft())
    assert said(talk.value("名", "张")) == ["打几分？"]


def test_a_flow_linked_to_ends_at_once() -> None:
    main = "flow: 主\nsteps:\n- 名: {collect: 名, prompt: 贵姓？}\n- 评: {link: 评}\n"
    talk = Talk(
        bot(BOT.replace("kind: csat}", "kind: nps, human_only: true}"), main, RATE.replace("[1, 2", "[0, 1, 2"))
    )
    actions = talk.value("名", "张")
    assert (said(actions), outcome(actions)) == ([], [("completed", "completed")])


def test_an_agent_does_not_answer_for_the_caller() -> None:
    talk = Talk(bot(rate=RATE.replace("local: [分]\n", "")))
    talk.intent("转人工")
    talk.do(HumanJoined("a"))
    assert said(talk.do(HumanLeft("评.打分", {"分": 5}))) == ["打几分？"]
    assert rated(talk.mumble()) == [("csat", None)]


def test_a_replay_says_the_same() -> None:
    talk = Talk(bot())
    closed(talk)
    talk.value("分", 1)
    again = Conversation(bot())
    actions: list[Action] = []
    for now, event in talk.log:
        actions = again.receive(event, now=now)
    assert actions == talk.actions
