"""What machines say when they answer a call, and what only people say: data, in Chinese and English, and its matching.

A cue is a few words with a weight: 1 where no person who answers a telephone says them, less where some do ("he is not
available" is said by secretaries as well). Weights of different cues add up; the words of people count against. Cues
are words, not sentences: what a recogniser makes of a telephone announcement is rarely a whole sentence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

from huashu.core.events import AnsweredBy, Cause
from huashu.nlu.text import normal

# who, cause (announcements only), weight: words | words
_ZH = """
announcement -              0.75: 您拨打的 | 您所拨打的 | 您呼叫的 | 您拨叫的 | 您拨的 | 对方已设置 | 对不起您
announcement powered_off    0.75: 已关机 | 已经关机 | 电话关机 | 手机关机 | 用户关机
announcement suspended      0.75: 已停机 | 已经停机 | 已暂停服务 | 暂停服务 | 已欠费 | 欠费停机
announcement invalid_number 0.75: 是空号 | 号码不存在 | 号码有误 | 号码不正确 | 请核对后再拨 | 请查证后再拨
    | 请查询后再拨
announcement busy           0.75: 正在通话中 | 用户正忙 | 电话正忙 | 线路正忙 | 用户忙 | 通话中请稍后再拨
announcement unreachable    0.75: 无法接通 | 不在服务区 | 暂时不能接通 | 网络繁忙 | 网络忙 | 无信号
announcement no_answer      0.75: 无人接听 | 暂时无人应答 | 无人应答
announcement rejected       0.75: 呼入限制 | 限制呼入 | 拒绝接听 | 拒接陌生来电 | 已启用来电拦截 | 不方便接听您的来电
announcement -              0.5: 请稍后再拨 | 稍后再拨 | 短信通知 | 短信的形式通知 | 来电提醒
voicemail    -              1: 语音信箱 | 提示音后留言 | 滴声后留言 | 嘀声后留言 | 哔声后留言 | 滴一声后 | 嘀一声后
    | 听到提示音后 | 结束留言请挂机
voicemail    -              2: 机主的智能 | 机主的语音 | 机主的电话助理 | 智能通话助理 | 电话智能秘书 | 来电秘书
    | 通话秘书 | 代接电话
voicemail    -              0.75: 请留言 | 录制留言 | 给机主留言 | 转告机主 | 转达给机主 | 您的留言 | 已转接到留言
    | 呼叫转移
voicemail    -              0.5: 机主 | 语音助手 | 语音助理 | 智能助理 | 人工智能助理 | 留言
ivr          -              1: 请按一 | 请按1 | 请按零 | 请按0 | 请按井号 | 按井号键 | 按星号键 | 请直拨分机
    | 请拨分机 | 查号请拨
ivr          -              1: 普通话请按 | 返回上级菜单 | 返回主菜单 | 来电高峰 | 请输入您的 | 座席正忙 | 坐席正忙
    | 重听请按 | 人工服务请按
ivr          -              0.5: 欢迎致电 | 欢迎拨打 | 服务热线 | 请按 | 为保证服务质量 | 本次通话将被录音
    | 正在为您转接 | 请耐心等待 | 请不要挂机
person       -              1: 喂 | 哪位 | 你是谁 | 您是谁 | 什么事 | 请讲 | 你说 | 您说 | 谁呀 | 找谁 | 我帮你叫
    | 他不在 | 她不在 | 我替你 | 在开会
person       -              1: 有什么可以帮 | 请问您是 | 请问你是 | 你打错了 | 您打错了 | 不需要
"""
_EN = """
announcement -              0.75: you have dialed | you have dialled | you dialed | you dialled | as dialed
    | as dialled
announcement -              0.75: you are trying to reach | you are calling | party you are | the subscriber
    | your call cannot
announcement invalid_number 0.75: not in service | been disconnected | does not exist | is disconnected
    | cannot be completed | not a valid
announcement invalid_number 0.5: check the number | been changed | number is not valid | is not valid | invalid
announcement powered_off    0.75: switched off | powered off | turned off
announcement suspended      0.75: been suspended | is suspended | restricted from receiving
announcement busy           0.75: line is busy | subscriber is busy | number is busy | circuits are busy
announcement unreachable    0.75: cannot be reached | not reachable | out of coverage | outside the coverage
    | out of the service area
announcement rejected       0.75: not accept unidentified | unidentified calls | not accepting calls | does not accept
    | blocked calls
announcement -              0.5: try again later | try your call again | call again later | call back later
    | hang up and | dial again
voicemail    -              1: after the tone | at the tone | after the beep | at the beep | sound of the tone
    | the tone please
voicemail    -              1: record your message | mailbox is full | voice mailbox | voicemail box
    | reached the voicemail | forwarded to voice
voicemail    -              1: finished recording | when you are finished | automated voice messaging
    | automatic voice message
voicemail    -              0.75: cannot take your call | cannot come to the phone | missed your call
    | unable to take your call | mailbox | mail box
voicemail    -              0.5: leave a message | leave me a message | leave your name | leave your message
    | a detailed message | a brief message
voicemail    -              0.5: unavailable | not available | get back to you | return your call | you have reached
    | voice mail | voicemail
ivr          -              1: pound key | pound sign | hash key | star key | main menu | press pound | press star
    | para espanol | menu options
ivr          -              1: your call is important | next available | order it was received | all of our
    | all representatives | all agents
ivr          -              1: following options | these options | options have changed | your party's extension
    | extension at any time
ivr          -              0.75: press one | press two | press three | press four | press five | press six
    | press seven | press eight | press nine
ivr          -              0.75: press zero | press 1 | press 2 | press 3 | press 4 | press 5 | press 6 | press 7
    | press 8 | press 9 | press 0
ivr          -              0.75: please enter | enter your | re enter | dial one | dial two | dial three | dial zero
    | followed by the
ivr          -              0.5: press | pound | to repeat | please hold | thank you for calling | may be recorded
    | be monitored | please stay on the line
ivr          -              0.5: for sales | for customer | customer service | speak to an operator
    | reach an operator | an agent | extension | your account
ivr          -              0.5: password | please try again | please say | to continue | to exit | to cancel
    | to hear | to return | to send
voicemail    -              0.25: message
voicemail    -              0.25: available
voicemail    -              0.25: recording | record
voicemail    -              0.25: goodbye
announcement -              0.25: number
announcement -              0.25: dial | dialed | dialled
announcement -              0.25: trying to reach | reach
announcement -              0.25: party | subscriber | unidentified
announcement -              0.25: please try | try again
ivr          -              0.25: option | options | menu
ivr          -              0.25: enter | entered
ivr          -              0.25: conference | directory | department
ivr          -              0.25: welcome to
ivr          -              0.25: or press | then press | please press
person       -              1: he is | she is | take a message | not here | not in today
person       -              1: would you like | may i ask | can i ask | may i take | can i take | who is this
    | who is calling | how may i | how can i
person       -              1: speaking | can i help | may i help | what do you want | who are you | wrong number
"""


@dataclass(frozen=True, slots=True)
class Cue:
    by: AnsweredBy
    cause: Cause | None
    weight: float
    words: tuple[str, ...]
    """In normal form (huashu.nlu.text), padded with blanks where words have them."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What words say about who answers."""

    machine: float = 0.0
    """Weights of the machine's cues together; 1 is certainty."""
    person: float = 0.0
    by: AnsweredBy = "uncertain"
    """The kind of machine with the most weight."""
    cause: Cause | None = None

    @property
    def balance(self) -> float:
        return self.machine - self.person


@lru_cache(maxsize=1024)
def evidence(text: str) -> Evidence:
    """Of all the words said so far. Both languages are looked for: carriers announce in two."""
    said = f" {normal(text)} "
    if not said.strip():
        return Evidence()
    weights: dict[AnsweredBy, float] = {}
    cause: Cause | None = None
    person = 0.0
    for cue in cues():
        if any(words in said for words in cue.words):
            if cue.by == "human":
                person += cue.weight
                continue
            weights[cue.by] = weights.get(cue.by, 0.0) + cue.weight
            cause = cause or cue.cause
    by: AnsweredBy = max(weights, key=lambda kind: weights[kind]) if weights else "uncertain"
    return Evidence(sum(weights.values()), person, by, cause)


@cache
def cues() -> tuple[Cue, ...]:
    return (*_read(_ZH, pad=""), *_read(_EN, pad=" "))


def _read(table: str, *, pad: str) -> Iterator[Cue]:
    for line in table.strip().replace("\n    |", " |").splitlines():
        head, _, words = line.partition(":")
        by, cause, weight = head.split()
        yield Cue(
            "human" if by == "person" else cast(AnsweredBy, by),
            None if cause == "-" else cast(Cause, cause),
            float(weight),
            tuple(f"{pad}{normal(word)}{pad}" for word in words.split("|")),
        )
