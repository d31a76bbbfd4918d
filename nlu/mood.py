"""How a caller feels, by the words: anger 0 to 1 and sentiment -1 to 1, from small lexicons. Pure functions.

Weights are ours: 1 is abuse or a threat, 0.6 a complaint, 0.3 impatience. Degrees raise, repetition and marks raise a
little, several signs add up as independent evidence does. A negated word counts nothing ("我没有生气").
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from huashu.nlu.text import normal

_ANGER: Final = {
    1.0: """他妈 妈的 滚蛋 滚开 去死 混蛋 王八蛋 傻逼 神经病 有病吧 骗子 不要脸 狗屁 放屁 缺德 报警 去法院
        起诉你
        fuck|shit|asshole|bastard|bitch|idiot|moron|go to hell|piss off|screw you|scammer|scum|i will sue
        |call the police""",
    0.6: """投诉 举报 曝光 骚扰 生气 气死 火大 烦死 烦不烦 太过分 过分了 太差了 差劲 垃圾 坑人 忽悠 欺骗 受够
        忍无可忍 什么态度 什么玩意 有完没完 没完没了 说了多少 多少遍 多少次了 最后一次 恶心 无语 离谱 什么破
        闭嘴 不像话 搞什么 扯淡 废话 霸王条款
        complain|complaint|report you|harass|harassment|harassing|ridiculous|unacceptable|outrageous|disgusting
        |angry|furious|fed up|sick of|sick and tired|terrible|awful|useless|rubbish|garbage|crap|rip off|rip-off
        |scam|shut up|nonsense|a joke|pathetic|how many times|for the last time|worst|hell|damn|liar|lying""",
    0.3: """烦 别再打 又打 怎么又 天天打 老打 老是 到底 不耐烦 讨厌 着急 急死 等了半天 这么久 慢死 别烦 够了
        不满 不爽 啰嗦 浪费时间
        annoying|annoyed|stop calling|keep calling|frustrating|frustrated|waste of time|wasting my time
        |again and again|impatient|leave me alone|upset|bother|still not|still waiting|enough|come on""",
}  # fmt: skip
_GLAD: Final = """谢谢 感谢 多谢 太好了 很好 挺好 不错 满意 辛苦 麻烦你 开心 高兴 棒 喜欢 放心 贴心 专业 耐心
        太感谢 真好 好评 点赞
        thank|thanks|great|perfect|excellent|wonderful|lovely|happy|pleased|appreciate|helpful|awesome|brilliant
        |amazing|good job"""
_SAD: Final = """失望 难过 担心 倒霉 麻烦死 不好用 不方便 太贵 贵了 困难 没钱 失业 生病
        住院 后悔 糟糕 不行啊 太慢
        disappointed|sad|sorry to say|worried|unhappy|unfortunately|not happy|not good|bad|poor|too expensive
        |hard time|problem|broken|wrong|slow|difficult|lost my job|hospital"""
_DEGREES: Final = re.compile(
    r"太|真是|简直|实在|非常|极其|特别|死了|\bso\b|\bvery\b|\breally\b|\babsolutely\b|\bbloody\b"
)
_DENIED: Final = re.compile(
    r"(?:没有?|不(?:是|算|太|怎么|很|大|用|必)?|别)(?:在|要|那么|怎么)?$|\b(?:not|no|never)(?: \w+)?\s*$"
)
_PLAIN_ZH: Final = re.compile(r"[\u4e00-\u9fff]")


def _lexicon(words: str) -> tuple[str, ...]:
    """Chinese words between blanks, English ones between bars."""
    english = re.findall(r"[a-z][a-z' -]*", words)
    return (*(word for word in words.split() if _PLAIN_ZH.search(word)), *(" ".join(word.split()) for word in english))


def _pattern(words: str) -> re.Pattern[str]:
    found = sorted(_lexicon(words), key=len, reverse=True)
    return re.compile("|".join(rf"\b{word}\b" if word.isascii() else word for word in found))


_ANGRY: Final[Mapping[float, re.Pattern[str]]] = MappingProxyType({w: _pattern(words) for w, words in _ANGER.items()})
_GOOD: Final = _pattern(_GLAD)
_BAD: Final = _pattern(_SAD)


@lru_cache(maxsize=1024)
def anger(text: str) -> float:
    """0 (calm) to 1."""
    said = normal(text)
    calm = 1.0
    for weight, pattern in _ANGRY.items():
        found = {match[0] for match in pattern.finditer(said) if not _DENIED.search(said[: match.start()])}
        calm *= (1 - 0.8 * weight) ** len(found)
    level = 1 - calm
    if level and (_DEGREES.search(said) or re.search(r"[!！]{2,}|[?？]{3,}", text) or _shouted(text)):
        level += 0.15 * (1 - level)
    return round(min(1.0, level), 2)


@lru_cache(maxsize=1024)
def sentiment(text: str) -> float:
    """-1 (displeased) to 1 (pleased); 0 says nothing."""
    said = normal(text)
    good = sum(not _DENIED.search(said[: match.start()]) for match in _GOOD.finditer(said))
    bad = len(_BAD.findall(said)) + sum(
        _DENIED.search(said[: match.start()]) is not None for match in _GOOD.finditer(said)
    )
    total = 0.5 * (min(good, 2) - min(bad, 2))
    return round(max(-1.0, min(1.0, total - 1.5 * anger(text))), 2)


def _shouted(text: str) -> bool:
    words = re.findall(r"[A-Za-z]{2,}", text)
    return len(words) >= 3 and all(word.isupper() for word in words)
