"""Sentences that machines answer calls with, for recognisers that hear only what is listed: data.

Written from what carriers and mailboxes say everywhere; a recogniser makes of them a network in which parts of one may
follow parts of another. In Mandarin only: pocketsphinx takes no dictation there; in English it does, which finds more.
"""

from functools import cache

from huashu.core.expect import NOTHING, Expectation
from huashu.nlu.text import normal, tokens

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
"""… the weight of cues that all such readings of a call need."""


def expectation(language: str) -> Expectation:
    """What to listen for: the list in Mandarin, anything at all in other languages."""
    return _expectation(language, language.split("-")[0].lower() == "zh")


def listed(text: str) -> bool:
    """Whether the words may come from the list alone: then it was the list that was heard, rightly or not."""
    return bool(text) and all(word in _words() for word in tokens(normal(text)))


@cache
def _expectation(language: str, listing: bool) -> Expectation:
    return Expectation(NOTHING.step, phrases=_sentences(_ZH) if listing else (), language=language)


def _sentences(table: str) -> tuple[str, ...]:
    return tuple(sentence.strip() for line in table.strip().splitlines() for sentence in line.split("|"))


@cache
def _words() -> frozenset[str]:
    return frozenset(word for sentence in _sentences(_ZH) for word in tokens(normal(sentence)))
