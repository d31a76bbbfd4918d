"""The scope of a no: a value that is named in order to exclude it ("不要六期，要十二期", "not Monday, Tuesday").

A pure function of the words next to the value. A negative excludes the value behind it when nothing stands between but
a verb of choosing; a refusal excludes the value before it. A mark ends the scope: "不，六期" is a correction, not an
exclusion, and so is a bare 不 without one. "不是六期吗" asks, and excludes nothing. What stands behind words of
correction ("六期，哦不，十二期") is what is meant.
"""

import re
from typing import Final

_ZH_BEFORE: Final = re.compile(
    r"(?:不(?:想)?(?:要|用|选|办|去|想|是|打算|考虑|需要|分|改|约|订|走|坐)|别|甭|没(?:有)?|除了|除开|除去|而不是|并非|非)"
    r"(?:再|给我|帮我|我|要|用|选|办|去|是|想|分|改|约|订|到|成|在|那个|这个|什么|说|了|的|\s)*$"
)
_ZH_BEHIND: Final = re.compile(
    r"^(?:的|那个|期|也|就|都|我|可能|肯定|真的|实在|好像|恐怕|有点|了|\s)*"
    r"(?:不(?:行|要|用|可以|方便|合适|想|选|办|去|成|好|考虑|需要)|没(?:空|时间|法|办法)|太(?:长|短|多|少|久|晚|早|贵|远)|以外|之外|算了)"
)
_ZH_TENSE: Final = re.compile(r"(?:别的|没有?(?:到|超过|满|过))$")
"""Ends of what looks like an exclusion and is none: "没到六期", "别的"."""
_ZH_INSTEAD: Final = re.compile(r"^(?:不是|不|没|别).*(?:的是|我是)$|^不要?了.*[要选分办]$")
"""The words between say what is meant instead: "不是我要的是半年"."""
_EN_BEFORE: Final = re.compile(
    r"(?:\b(?:not|no|never|except|instead of|rather than|other than|(?:any|every|all)\w*(?: day| time| one)? but)"
    r"|n['’]t|\bcannot)"
    r"(?: (?:want|do|need|like|take|have|make|choose|pick|on|at|for|to|the|a|in|it|go|with|be|is|of|until))* *$",
    re.IGNORECASE,
)
_EN_BEHIND: Final = re.compile(
    r"^ *(?:really |just |also )*(?:(?:is|was|does|do|will|would|can|are)(?: not|n['’]t)|won['’]t|can['’]t"
    r"|is no good|is out|is too (?:long|short|much|many|late|early|far|expensive)|is bad)\b",
    re.IGNORECASE,
)
_EN_NOT: Final = re.compile(
    r"(?:why not|if not|or not|not only|no later than|not later than|no problem)[ ,]*$", re.IGNORECASE
)
_ZH_CORRECTS: Final = re.compile(
    r"(?:不对|不是|不|错了?|改成|换成|改为|换为|改到|换到|改|换|应该|说的|要的|我是说|更正)"
    r"(?:[，,。.！!、\s]|啊|呀|吧|了|哦|呃|嗯|那个|还|我|你|要|想|说的?|是|应该|改成|换成|改|分|选|给|办|的|定|约|到|成)*$"
)
_EN_CORRECTS: Final = re.compile(
    r"\b(?:no|nope|not|wrong|actually|mean|meant|said|make it|make that|change (?:it|that)|should be|rather|instead)\b"
    r"(?:[ ,.!]|\b(?:i|we|you|mean|meant|said|it|is|it['’]s|that['’]s|that|should|be|make|want|wanted|for|to|the|on"
    r"|at|uh|um|er)\b)*$",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(r"^[^，。,.！!；;]{0,6}(?:吗|么|嘛)|^[^,.!;]{0,12}\?", re.IGNORECASE)


def excluded(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is named in order to exclude it."""
    before, behind = text[:start], text[end:]
    if _ZH_BEHIND.match(behind) or _EN_BEHIND.match(behind):
        return not _ASKS.match(behind)
    found = _ZH_BEFORE.search(before)
    if found and not _ZH_TENSE.search(before) and not _ZH_INSTEAD.search(found[0]):
        return not (found[0].startswith("不是") and _ASKS.match(behind))
    return bool(_EN_BEFORE.search(before)) and not _EN_NOT.search(before) and not _ASKS.match(behind)


def corrects(text: str, start: int) -> bool:
    """Whether the words before `start` say that what stands there is right and something else was wrong."""
    return bool(_ZH_CORRECTS.search(text, 0, start) or _EN_CORRECTS.search(text, 0, start))
