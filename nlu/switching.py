"""Who asks to be spoken to in another language: a pure function of the words, the same for every bot.

No classifier: its sentences are alike in every script, and a model of a few examples is judged more surely without
them. A request is made of the name of a language and of words that requests are made of, nothing else: "有英语课吗" and
"I booked the English course" are none.
"""

import re
from typing import Final

from huashu.nlu.text import bare, tokens

_ZH_NAMES: Final = {
    "英语": "en", "英文": "en", "english": "en",
    "中文": "zh", "汉语": "zh", "普通话": "zh", "国语": "zh", "华语": "zh", "中国话": "zh",
}  # fmt: skip
_ZH_NAME: Final = re.compile("|".join(_ZH_NAMES))
_ZH_TAGS: Final = re.compile(r"能不能|可不可以|会不会|是不是|好不好|行不行|有没有")
"""Questions that deny nothing."""
_ZH_UNABLE: Final = r"(?:听不(?:太?懂|明白)|说不[了好]|讲不[了好]|不(?:太|大)?(?:会|懂|好|行|能|明白|熟)|没学过|差)"
_ZH_DENIED_BEFORE: Final = re.compile(
    rf"(?:{_ZH_UNABLE}|不要|不用|不说|不讲|别)(?:再|说|讲|用|得|懂)*({_ZH_NAME.pattern})"
)
_ZH_DENIED_BEHIND: Final = re.compile(rf"({_ZH_NAME.pattern})(?:我|的|说得?|讲得?|也|真|实在|都|水平)*{_ZH_UNABLE}")
_ZH_AROUND: Final = re.compile(
    r"能不能|别|请问|请|麻烦|劳驾|不好意思|抱歉|对不起|你好|您好|你们|您们|咱们|我们|你|您|我|这边|这里|那边|那|能不能|可不可以|会不会|是不是"
    r"|可以|能够|能|会|懂|不|没|太|好|行|明白|听|只|是|外国人|中国人|说|讲|话|用|跟|和|给|换成|换|切换|转成|转|改成|改|成|到|为|沟通|交流"
    r"|服务|客服|人员|人工|版本|版|语音|语言|播报|要|想要|想|需要|需|有没有|有|提供|支持|吗|呢|吧|啊|呀|么|了|的|得|地|再|一下|一遍"
    r"|行不行|好不好|可否|能否|是否|其实|因为|所以|但是|就|还|来|去|学过|\s"
)
_EN_NAMES: Final = {"english": "en", "chinese": "zh", "mandarin": "zh", "putonghua": "zh"}
_EN_REQUEST: Final = """\
a an any anyone anybody available be but can change could did do does excuse for from good go hello hey hi have here i
in instead into is it just know language let like little me much my need no not of only option or ok okay person please
prefer really repeat rather say service should so some someone somebody sorry speak speaker speaking speaks switch talk
talking tell that the there they this to try understand us use version very want we well what who will with would yes
you your again am are bad because poor continue"""
_EN_WORDS: Final = frozenset(_EN_REQUEST.split())
LONGEST: Final = 24
"""Tokens (characters, words) of a request, at most."""


def asked_language(text: str) -> str | None:
    """ "en" or "zh" when the utterance asks for that language, or says that the speaker has no other; else None."""
    said = bare(text).replace("不好意思", "")
    words = tokens(said)
    if not words or len(words) > LONGEST:
        return None
    if _ZH_NAME.search(said) and any(not word.isascii() for word in words):
        return _chinese(said)
    return _english(words)


def _chinese(said: str) -> str | None:
    if _ZH_AROUND.sub("", re.sub(_ZH_UNABLE, "", _ZH_NAME.sub("", said))):
        return None
    plain = _ZH_TAGS.sub("", said)
    denials = (*_ZH_DENIED_BEFORE.findall(plain), *_ZH_DENIED_BEHIND.findall(plain))
    return _left({_ZH_NAMES[name] for name in _ZH_NAME.findall(said)}, {_ZH_NAMES[name] for name in denials})


def _left(named: set[str], denied: set[str]) -> str | None:
    """ "我不会说中文，能说英语吗": the one that is not denied; of one that is, the other."""
    wanted = named - denied
    if not wanted and len(denied) == 1:
        return "zh" if "en" in denied else "en"
    return wanted.pop() if len(wanted) == 1 else None


def _english(words: list[str]) -> str | None:
    names = {_EN_NAMES[word] for word in words if word in _EN_NAMES}
    if not names or any(word not in _EN_WORDS and word not in _EN_NAMES for word in words):
        return None
    return _left(names, _denied(" ".join(words)))


def _denied(said: str) -> set[str]:
    """Languages that the speaker says not to have: "I do not speak chinese", "my english is not good"."""
    found = set()
    gap = rf"(?: (?!{'|'.join(_EN_NAMES)})\w+)*"
    for name, tag in _EN_NAMES.items():
        if re.search(rf"\b(?:not|no){gap} {name}\b|\b{name}\b{gap} (?:not|bad|poor)\b", said):
            found.add(tag)
    return found
