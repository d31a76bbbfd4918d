"""Sentences that machines answer calls with, for recognisers that hear only what is listed: data.

Written from what carriers and mailboxes say everywhere; a recogniser makes of them a network in which parts of one may
follow parts of another.
"""

from functools import cache

from huashu.core.expect import NOTHING, Expectation
from huashu.nlu.text import normal, tokens

_EN = """
you have reached the voice mailbox of | please leave a message after the tone | please leave your message after the beep
at the tone please record your message | when you have finished recording you may hang up or press one for more options
your call has been forwarded to an automated voice messaging system | the person you are calling is not available
i am sorry i cannot come to the phone right now | leave your name and number and i will get back to you
the mailbox is full and cannot accept any messages at this time goodbye | the number you have dialed is not in service
please check the number and dial again | your call cannot be completed as dialed
please hang up and try your call again
the party you are trying to reach is not available | the subscriber you have dialed is switched off
please try again later | the number you have dialed has been disconnected | i am sorry that is not a valid number
i am sorry that is not a valid extension please try again | the person at extension is unavailable | is on the phone
thank you for calling | please listen carefully as our menu options have changed | for sales press one
for support press two | press three to repeat this message | press zero to reach an operator
press four to hear the options again | press five to leave a message | press six to delete | press seven to save
press eight | press nine | press star to return to the main menu | press the pound key | please enter your password
please enter your account number followed by the pound key | please hold while i transfer your call | welcome to
if you know your party's extension you may dial it at any time | to continue in english press one
all of our representatives are currently assisting other callers | your call is important to us please stay on the line
your call will be answered in the order it was received | please say or enter | that is not a valid option
you have entered | invalid entry | please wait while i connect your call
"""
_ZH = """
您好您拨打的电话已关机请稍后再拨 | 您拨打的用户已关机 | 对不起您拨打的号码是空号请核对后再拨 | 您拨打的电话已停机
您拨打的电话正在通话中请稍后再拨 | 您拨打的用户正忙 | 您拨打的电话暂时无法接通 | 您拨打的用户不在服务区
您拨打的电话暂时无人接听请稍后再拨 | 您拨打的号码不存在 | 请在提示音后留言 | 您好这里是语音信箱 | 请在滴声后留言
欢迎致电客户服务热线 | 普通话请按一 | 英语请按二 | 人工服务请按零 | 请直拨分机号查号请拨零 | 结束请按井号键
您的来电将以短信通知机主 | 我是机主的智能通话助理
"""
SURE = 0.65
"""Confidence of a listed reading below which it is not believed, and …"""
WEIGHT = 1.5
"""… the weight of cues that it needs: of 82 recordings of other speakers than the published table's none had both; the
surest with the weight had a confidence of 0.5."""


def expectation(language: str) -> Expectation:
    """What a machine may say, for the recogniser."""
    return _expectation(language, language.split("-")[0].lower())


def listed(text: str) -> bool:
    """Whether the words may come from the list alone: then it was the list that was heard, rightly or not."""
    return bool(text) and all(word in _words() for word in tokens(normal(text)))


@cache
def _expectation(language: str, tag: str) -> Expectation:
    return Expectation(NOTHING.step, phrases=_sentences(_ZH if tag == "zh" else _EN), language=language)


def _sentences(table: str) -> tuple[str, ...]:
    return tuple(sentence.strip() for line in table.strip().splitlines() for sentence in line.split("|"))


@cache
def _words() -> frozenset[str]:
    return frozenset(word for sentence in _sentences(_EN + _ZH) for word in tokens(normal(sentence)))
