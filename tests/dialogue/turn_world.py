"""The worlds of docs/turn-rules.md: every state a call can be in when something happens, built by events alone."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from huashu.core.actions import Action, RunAction
from huashu.core.events import (
    ActionResult,
    Answered,
    Beep,
    Dtmf,
    EngineFailed,
    Entity,
    Event,
    HandoffFailed,
    HandoffQueued,
    Heard,
    HumanJoined,
    HumanLeft,
    HumanSaid,
    HungUp,
    IntentScore,
    MachineDetected,
    NotAnswered,
    PlaybackEnded,
    PlaybackMark,
    PlaybackStarted,
    Resumed,
    Ringing,
    SpeechStarted,
    SpeechStopped,
    Ticked,
    Understood,
)
from huashu.flows.script import Script
from tests.dialogue.talk import Talk, script
from tests.dialogue.turn_view import DOWNTIME

BOT = """
bot: turn-rules
start: 主
title: 轮次
language: zh-CN
languages: [en-US]
actions: http://127.0.0.1:9
variables:
  起点: {type: text, given: true, example: 问}
  月份: {type: integer, given: true, example: 5}
  期数: {type: integer, unit: 期}
  分: integer
satisfaction: {flow: 评, collect: 分, kind: csat}
defaults:
  barge_in: BARGE_IN
  long_answer: 8
  hold: {say: 您先忙。, silence: [{after: 30s, say: 我还在。}, {after: 60s, end: 无人}]}
  resume: 我们继续。
patterns:
  machine: {end: 非真人}
  cannot_skip: 这个还得麻烦您。
  go_on: 还要听吗？
  clarify: 是【first】，还是【second】？
endings: {无人: {say: 下次再聊。, result: no_input}}
"""
FLOW = """
flow: 主
steps:
- 起: {if: [{when: 起点 == "问", go: 先}, {when: 起点 == "办", go: 办}, {when: 起点 == "告知", go: 告知}, {else: 再}]}
- 告知: {say: 本次通话会录音。, must_hear: {replays: 1, else: 好}, go: 问}
- 先: {collect: 月份, prompt: 从哪个月起？, go: 问}
- 问:
    collect: 期数
    prompt: [想分几期？, 您说几期？]
    confirm: {below: 0.8, say: 分【期数】，对吗？}
    answers: {肯定: {go: 再}}
    dtmf: {digits: 2}
    silence: [{after: 4s, say: 您还在吗？}, {after: 3s, say: 喂？}, {after: 3s, end: 无人}]
    unclear: [{say: 没听清，几期？}, {say: 请再说一遍。}, {end: 无人}]
    go: 再
- 办:
    say: 正在办理。
    do: act
    timeout: 8s
    late: [{after: 2s, say: 请稍等。}, {after: 3s, say: 还在办。}]
    failed: {say: 没办成。, go: 再}
- 再: {ask: 还有什么事吗？, answers: {否定: {end: 好}}, silence: [{after: 4s, say: 还在吗？}, {after: 3s, end: 无人}]}
anytime:
  太贵: {say: 不贵的。, then: back}
  转人工: {say: 为您转接。, handoff: 客服, failed: {say: 人工忙。, then: back}}
  别再打: {end: 拒绝}
  知识: {knowledge: 库, then: back}
endings:
  好: {say: 再见。, result: success}
  拒绝: {say: 不再打扰。, result: opt_out}
  非真人: {result: machine}
"""
RATE = """
flow: 评
steps:
- 打分:
    collect: 分
    prompt: 打几分？
    one_of: [1, 2, 3, 4, 5]
    silence: [{after: 4s, then: next}]
    unclear: [{then: next}]
"""
NLU = """
intents: {太贵: [太贵了, 好贵]}
titles: {太贵: 觉得贵, 转人工: 找人工}
"""
BASE = """
base: 库
items: [{question: 怎么收费, answer: 三期每月收一点。六期每月收两点。}]
"""
LINES = "主.问: {prompt: [How many instalments?, How many would you like?]}\n"
FREE = ("speech", "words>=2", "hotword", "dtmf", "{kind: speech, protected: 1s}")
"""Ways to set barge-in that are one and the same to the engine: the voice room judges them."""

BOTS = ("silent", "speaking", "guarded")
CALLERS = ("silent", "speaking", "stopped", "again", "heard")
RUNNING = (
    "ringing", "disclosure", "question", "overtaken", "confirmation", "either", "reading", "keys", "hold", "action",
    "late", "calling", "calling+action", "person", "greeting", "closing", "over",
)  # fmt: skip
WITH_ACTION = ("action", "late", "overtaken", "calling+action")


@dataclass(frozen=True, slots=True)
class State:
    bot: str
    caller: str
    running: str


def possible(state: State) -> bool:
    """Whether a call can be in this state at all."""
    match state.running:
        case "ringing":
            return state.bot == "silent"
        case "disclosure":
            return state.bot != "silent"
        case "keys":
            return state.bot != "guarded"  # keys are not taken over a guarded line
        case "overtaken":
            return state.caller in ("speaking", "stopped", "heard")
        case "greeting":
            return state.bot != "guarded"  # what was being said is stopped, guarded or not
        case "over":
            return state.bot == "silent" and state.caller == "silent"
    return True


def states() -> Iterator[State]:
    for bot, caller, running in itertools.product(BOTS, CALLERS, RUNNING):
        state = State(bot, caller, running)
        if possible(state):
            yield state


@cache
def compiled(barge_in: str, machine: str) -> Script:
    bot = BOT.replace("BARGE_IN", barge_in).replace("machine: {", f"machine: {{{machine}")
    return script(FLOW, bot=bot, flows__rate=RATE, nlu__a=NLU, knowledge__a=BASE, **{"lines__en-US": LINES})


class World:
    """A call brought into a state. What is said of it afterwards is read from the engine."""

    def __init__(self, state: State, *, barge_in: str = "speech") -> None:
        self.state = state
        start = "告知" if state.running == "disclosure" else "办" if state.running in WITH_ACTION else "问"
        message = "after_beep: 20s, say: 请您回电。, " if state.running == "greeting" else ""
        rules = compiled("off" if state.bot == "guarded" else barge_in, message)
        self.talk = Talk(rules, voice=True, answer=state.running != "ringing", 起点=start, 月份=5)
        self.run = next((action.id for action in self.talk.actions if isinstance(action, RunAction)), "")
        self._reach(state.running)
        if state.bot == "silent":
            self.talk.heard(after=0.3)
            self.talk.now += 0.4  # so much of the silence has passed
        if state.caller != "silent" and state.running != "overtaken":
            self.talk.do(SpeechStarted(), after=0.1)
        if state.caller in ("stopped", "again", "heard"):
            self.talk.do(SpeechStopped(), after=0.3)
        if state.caller == "again":
            self.talk.do(SpeechStarted(), after=0.1)
        if state.caller == "heard":
            self.talk.do(Heard("说了一句话"), after=0.1)
        self.talk.now += 0.1
        self.engine = self.talk.engine

    def _reach(self, running: str) -> None:
        talk = self.talk
        match running:
            case "confirmation":
                talk.heard()
                talk.value("期数", 6, confidence=0.5)
            case "keys":
                if self.state.bot == "silent":
                    talk.heard()
                talk.do(Dtmf("1"), after=0.2)
            case "either":
                talk.heard()
                talk.means(EITHER)
            case "reading":
                talk.heard()
                talk.faq("库", "怎么收费")
            case "hold":
                talk.heard()
                talk.intent("等一下")
            case "overtaken":
                talk.heard(after=0.5)
                talk.do(SpeechStarted(), after=0.2)
                talk.do(ActionResult(self.run), after=0.2)
            case "late":
                talk.heard(after=0.5)
                talk.silence(1.6)
            case "calling" | "calling+action" | "person":
                talk.heard(after=0.5)
                talk.intent("转人工")
                if running == "person":
                    talk.do(HumanJoined(), after=1.0)
            case "greeting":
                talk.do(MachineDetected("voicemail"), after=0.5)
            case "closing" | "over":
                talk.heard()
                talk.intent("肯定")
                talk.heard()
                talk.intent("否定")
                if running == "over":
                    talk.do(HungUp("bot"), after=3.0)
            case _:
                pass

    # --- what happens -------------------------------------------------------------------------------------------------

    def do(self, event: str) -> list[Action]:
        before = len(self.talk.log)
        done: list[Action] = []
        for item in EVENTS[event](self):
            done += self.talk.do(item)
        assert len(self.talk.log) > before
        return done

    def outstanding(self) -> str:
        call = self.engine._call
        assert call is not None
        return next(iter(call.mouth.outstanding), "0.0")


def _means(**parts: object) -> Callable[[World], list[Event]]:
    def events(world: World) -> list[Event]:
        understood = Understood("说了一句话", **parts)  # type: ignore[arg-type]
        return [understood] if world.state.caller == "heard" else [Heard("说了一句话"), understood]

    return events


def _intent(name: str) -> Callable[[World], list[Event]]:
    return _means(intents=(IntentScore(name, 0.95),))


def _tick(world: World) -> list[Event]:
    world.talk.now = max(world.talk.now, world.engine.deadline or 0.0)
    return [Ticked()]


EITHER = Understood("说了一句话", (IntentScore("太贵", 0.6), IntentScore("转人工", 0.55)))


def _either(world: World) -> list[Event]:
    return [EITHER] if world.state.caller == "heard" else [Heard(EITHER.text), EITHER]


def _back(world: World) -> list[Event]:
    back = Understood("好了")
    return [back] if world.state.caller == "heard" else [Heard("好了"), back]


VALUE = Entity("integer", 3, "三期", 0, 2, "期数")
EARLIER = Entity("integer", 6, "六月", 2, 4, "月份")
EVENTS: dict[str, Callable[[World], list[Event]]] = {
    "the far end rings": lambda world: [Ringing()],
    "the call is answered": lambda world: [Answered()],
    "the call is not answered": lambda world: [NotAnswered("busy")],
    "a machine has answered": lambda world: [MachineDetected("voicemail")],
    "a beep": lambda world: [Beep()],
    "a person has answered, or it is uncertain": lambda world: [MachineDetected("uncertain")],
    "the caller hangs up": lambda world: [HungUp()],
    "the caller's voice begins": lambda world: [SpeechStarted()],
    "the caller's voice ends": lambda world: [SpeechStopped()],
    "partial words": lambda world: [Heard("说了", final=False)],
    "a voice without words": lambda world: [Heard("")],
    "words": lambda world: [Heard("说了一句话")],
    "an answer": _intent("肯定"),
    "the value asked for": _means(entities=(VALUE,)),
    "an earlier value put right": _means(entities=(EARLIER,)),
    "an earlier value put right, with a yes": _means(intents=(IntentScore("肯定", 0.95),), entities=(EARLIER,)),
    "a detour": _intent("太贵"),
    "another language is asked for": _intent("说英语"),
    "a wish for a person": _intent("转人工"),
    "no more calls": _intent("别再打"),
    "nothing understood": _means(),
    "one of two, and not clear which": _either,
    "please repeat": _intent("请重复"),
    "a wish to wait": _intent("等一下"),
    "a wish to leave it out": _intent("跳过"),
    "the caller is back": _back,
    "a listener's token": _means(intents=(IntentScore("肯定", 0.95),), backchannel=True),
    "a key": lambda world: [Dtmf("2")],
    "the end key": lambda world: [Dtmf("#")],
    "a line begins to sound": lambda world: [PlaybackStarted(world.outstanding())],
    "a mark": lambda world: [PlaybackMark(world.outstanding(), 0.4)],
    "a line ends": lambda world: [PlaybackEnded(world.outstanding())],
    "a line is cut": lambda world: [PlaybackEnded(world.outstanding(), 0.5)],
    "the action succeeds": lambda world: [ActionResult(world.run)],
    "the action fails": lambda world: [ActionResult(world.run, ok=False, error="down")],
    "another action's answer": lambda world: [ActionResult("77.7")],
    "a person takes the call": lambda world: [HumanJoined("a")],
    "a place in the queue is told": lambda world: [HandoffQueued(2, 90.0)],
    "a place was told meanwhile, and the line ends": lambda world: [
        HandoffQueued(2, 90.0),
        PlaybackEnded(world.outstanding()),
    ],
    "the person says something": lambda world: [HumanSaid("您好")],
    "the centre says something": lambda world: [HumanSaid("正在为您转接。", centre="waiting")],
    "the centre says that nobody is free, and gives the call back": lambda world: [
        HumanSaid("正在为您转接。", centre="waiting"),
        HumanLeft(),
    ],
    "nobody comes": lambda world: [HandoffFailed()],
    "the person gives the call back": lambda world: [HumanLeft()],
    "the person gives it back at a step": lambda world: [HumanLeft("再")],
    "the person closes it, and the script asks how it was": lambda world: [HumanLeft("评.打分")],
    "an engine is lost": lambda world: [EngineFailed("recogniser", "late")],
    "the deadline": _tick,
    "a tick before the deadline": lambda world: [Ticked()],
    "another worker goes on": lambda world: [Resumed(DOWNTIME)],
}
