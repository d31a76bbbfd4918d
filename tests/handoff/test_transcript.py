"""A conversation as it goes by: what is shown of it, and what it comes to."""

import pytest

from huashu.core.actions import CallbackRequested, HumanSay, Listen, OptOut, RunAction, Say, Send
from huashu.core.events import (
    ActionResult,
    Dtmf,
    Entity,
    Event,
    Heard,
    HumanJoined,
    HumanSaid,
    IntentScore,
    Medium,
    PlaybackEnded,
    PlaybackMark,
    Started,
    Understood,
)
from huashu.core.expect import Expectation
from huashu.handoff.transcript import KEPT, Transcript

pytestmark = pytest.mark.unit


def after(*items: object, language: str = "zh-CN") -> Transcript:
    transcript = Transcript("c", language)
    for number, item in enumerate(items):
        transcript.take(float(number), item)  # type: ignore[arg-type]
    return transcript


def test_words_grow_and_are_final() -> None:
    transcript = after(Started("c"), Heard("我想", final=False), Heard("我想查", final=False))
    (entry,) = transcript.said
    assert (entry.text, entry.final, entry.n) == ("我想查", False, 0)
    (final,) = transcript.take(3.0, Heard("我想查账单"))
    assert (final.n, final.final) == (0, True)
    assert transcript.take(4.0, Heard("")) == [], "a cough is nothing to show"


def test_lines_of_the_bot_are_heard_as_far_as_they_were_played() -> None:
    transcript = after(Started("c"), Say("1.1", "您好，请问您是本人吗？", expects_reply=True))
    assert transcript.said[0].heard == 0.0
    transcript.take(2.0, PlaybackMark("1.1", 0.4))
    transcript.take(3.0, PlaybackEnded("1.1", 0.6))
    assert transcript.said[0].heard == 0.6
    assert after(Started("c", marks="none"), Say("1.1", "您好")).said[0].heard == 1.0


def test_keys_are_counted_not_shown() -> None:
    listen = Listen("1.2", Expectation("f.卡号", slot="卡号"))
    transcript = after(Started("c"), listen, Dtmf("6"), Dtmf("2"), Dtmf("2"))
    assert [entry.text for entry in transcript.said] == ["〔按键 ***〕"]
    assert transcript.sources["卡号"] == ("keyed", 1.0)


def test_where_values_come_from() -> None:
    entity = Entity("integer", 6, "六", 0, 1, "期数", 0.9)
    transcript = after(
        Started("c", variables={"姓名": "张三"}),
        Understood("六期", entities=(entity,), confidence=0.7),
        RunAction("3.1", "查额度"),
        ActionResult("3.1", values={"额度": 5}),
    )
    assert transcript.sources == {"姓名": ("given", 1.0), "期数": ("said", 0.7), "额度": ("action", 1.0)}


def test_what_was_promised_and_refused() -> None:
    transcript = after(
        Started("c"),
        Say("1.1", "您需要办理分期吗？", step="f.需要", expects_reply=True),
        Understood("不用", (IntentScore("否定", 0.9),)),
        Say("2.1", "我没听清。", step="f.需要", expects_reply=True),
        RunAction("3.1", "登记"),
        ActionResult("3.1", ok=False, error="down"),
        RunAction("4.1", "查询"),
        Send("5.1", "sms", "…"),
        CallbackRequested("6.1", "明天9点"),
        OptOut("7.1"),
    )
    assert transcript.question == "您需要办理分期吗？", "what follows in the same step asks nothing new"
    assert transcript.refused == ["您需要办理分期吗？", "不再接听营销来电"]
    assert list(transcript.promised.values()) == ["办理失败：登记", "正在办理：查询", "已发短信", "答应回电：明天9点"]
    english = after(Send("1.1", "sms", "…"), language="en")
    assert list(english.promised.values()) == ["sent a text message"]


def test_moods_and_misses() -> None:
    transcript = after(Understood("啊"), Understood("嗯嗯", backchannel=True), Understood("什么呀", anger=0.4))
    assert transcript.misses == 2
    assert [anger for _, anger in transcript.mood] == [0.0, 0.0, 0.4]
    transcript.take(3.0, Understood("查账单", (IntentScore("查账单", 0.9),)))
    assert transcript.misses == 0
    transcript.take(4.0, HumanJoined("a"))
    transcript.take(5.0, Heard("你们都是骗子"))
    assert transcript.mood[-1][1] > 0.5, "with a person nobody else judges the words"


def test_agents_and_the_centre_speak() -> None:
    transcript = after(HumanSaid("您好", "a", command="w7"), HumanSaid("正在为您转接"))
    shown = [(entry.by, entry.agent, entry.command) for entry in transcript.said]
    assert shown == [("agent", "a", "w7"), ("system", "", "")]


@pytest.mark.parametrize(("medium", "by"), [("voice", ["bot"]), ("text", ["system"])])
def test_what_the_centre_says_is_shown_once(medium: Medium, by: list[str]) -> None:
    """On a call it is a line of the bot's voice, with how much of it was heard."""
    words = HumanSaid("正在为您转接", centre="waiting")
    said = Say("2.1", "正在为您转接") if medium == "voice" else HumanSay("2.1", "正在为您转接")
    transcript = after(Started("c", medium=medium), words, said, PlaybackEnded("2.1", 0.5))
    assert [entry.by for entry in transcript.said] == by
    assert transcript.said[0].heard == (0.5 if medium == "voice" else 1.0)


def test_a_chat_that_never_ends_stays_small() -> None:
    events: list[Event] = [Heard(f"第{number}句") for number in range(KEPT + 50)]
    transcript = after(Heard("开头", final=False), *events)
    assert len(transcript.said) == KEPT
    assert transcript.said[-1].n == KEPT + 49
