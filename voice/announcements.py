"""Sentences that machines answer calls with, for recognisers that hear only what is listed: data.

Written from what carriers and mailboxes say everywhere; a recogniser makes of them a network in which parts of one may
follow parts of another. In Mandarin that is all pocketsphinx hears. In English it takes a topic instead
(huashu.voice.likeness); what it says without dictation, and others that take lists, is heard by these.
"""

from functools import cache

from huashu.core.expect import NOTHING, Expectation
from huashu.core.language import primary
from huashu.nlu.text import normal, tokens

_ZH = """
您好您拨打的电话已关机请稍后再拨 | 您拨打的用户已关机 | 对不起您拨打的号码是空号请核对后再拨 | 您拨打的电话已停机
您拨打的电话正在通话中请稍后再拨 | 您拨打的用户正忙 | 您拨打的电话暂时无法接通 | 您拨打的用户不在服务区
您拨打的电话暂时无人接听请稍后再拨 | 您拨打的号码不存在 | 请在提示音后留言 | 您好这里是语音信箱 | 请在滴声后留言
欢迎致电客户服务热线 | 普通话请按一 | 英语请按二 | 人工服务请按零 | 请直拨分机号查号请拨零 | 结束请按井号键
您的来电将以短信通知机主 | 我是机主的智能通话助理
"""
_EN = """
the number you have dialed is not in service | your call cannot be completed as dialed | goodbye
please check the number and dial again | please try your call again later | please try again later | please try again
the person you are calling is not available | is not available | is unavailable | is on the phone
the party you are trying to reach | does not accept unidentified calls | cannot be reached | i am sorry | sorry
the subscriber you have dialed is switched off | the line is busy | all circuits are busy
please leave a message | please leave your message after the tone | leave a message after the beep
at the tone please record your message | when you are finished recording hang up or press pound for more options
you have reached the voice mail of | your call has been forwarded to an automated voice messaging system
the mailbox is full | cannot accept any more messages | the mailbox cannot accept any messages at this time
i can't come to the phone right now | i will get back to you | thank you for calling | your call is important to us
please stay on the line | all of our agents are busy | this call may be recorded | to leave a message | extension
press one | press two | press three | press four | press five | press six | press zero to reach an operator
press star | press pound | followed by the pound key | for customer service | for all other questions
please enter your | account number | that is not a valid extension
"""
_LISTS = {"zh": _ZH, "en": _EN}
SURE = 0.65
"""Confidence of a listed reading below which it is not believed, and …"""
WEIGHTS = {"zh": 1.5, "en": 2.0}
"""… the weight of cues that all such readings of a call need. Chinese sentences of carriers are like nothing else that
people say; of English ones with 1.5, one reader of 77 was taken for a menu (bench/machine_detection.py)."""


def expectation(language: str) -> Expectation:
    """The list of a language; in others than these two nothing is listed, and anything is heard."""
    return _expectation(language, _LISTS.get(primary(language), ""))


def free(language: str) -> Expectation | None:
    """To be listened for beside the list: anything at all; None where there is no list, or nothing else is heard."""
    return _expectation(language, "") if primary(language) == "en" else None


def listed(text: str) -> bool:
    """Whether the words may come from the list alone: then it was the list that was heard, rightly or not."""
    return bool(text) and all(word in _words() for word in tokens(normal(text)))


def convincing(readings: str, weight: float) -> bool:
    """Whether cues of this weight in what has been heard from the list are enough."""
    return weight >= WEIGHTS["en" if readings.isascii() else "zh"]


@cache
def _expectation(language: str, table: str) -> Expectation:
    return Expectation(NOTHING.step, phrases=_sentences(table), language=language)


def _sentences(table: str) -> tuple[str, ...]:
    return tuple(sentence.strip() for line in table.split("\n") for sentence in line.split("|") if sentence.strip())


@cache
def _words() -> frozenset[str]:
    sentences = (sentence for table in _LISTS.values() for sentence in _sentences(table))
    return frozenset(word for sentence in sentences for word in tokens(normal(sentence)))
