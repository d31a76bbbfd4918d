"""A text that was asked for, as it is said: what stands round it and is no part of it. Pure functions of the words.

"不对，地址是中山路八号", "no, it's 12 Main Street please" and "嗯应该是中山路八号吧" name the same place as the place
alone. Cut off are words of correction, of thinking and of courtesy, and the name of what was asked for, only as far as
something is left.
"""

import re
from typing import Final

from huashu.core.events import Entity
from huashu.core.expect import Expectation
from huashu.nlu import text as texts

WHOLE: Final = 0.7
"""Confidence of a whole utterance as the value of an asked text."""
_MARK: Final = r"[\s，,。.！!、；;：:]"
_WRONG: Final = (
    rf"(?:不对(?![称劲头付])|不是(?:的|啊)?(?={_MARK})|不(?={_MARK})|(?:我|你)?(?:说|搞|弄|听|写|记)?错了|不好意思|抱歉"
    rf"|更正一下|(?:等等|等一下|我看看|我看一下|我想想|让我想想)[啊哦]?(?={_MARK})"
    r"|(?:no|nope|wrong|sorry|actually|wait|let me (?:see|think)|that['’]s (?:wrong|not right|not it)|not quite)\b)"
)
_NAMES: Final = (
    r"地址|住址|姓名|名字|全名|公司名称?|单位|答案|原因|address|(?:full |company )?name|reason|answer|company"
)
_IS: Final = r"(?:应该|大概|可能|好像)?(?:改成|换成|改为|是|叫|为|[：:])"
_EN_IS: Final = r"\s*(?:is|was|would be|should be|['’]s)\s+"
_INSTEAD: Final = re.compile(rf"^不是(.+?){_MARK}+(?:应该|而)?(?:是|叫)(.+)$")
_INSTEAD_EN: Final = re.compile(r"^(?:it['’]?s |it is )?not .+?(?:,| but)\s*(?:it['’]?s |it is )?(.+)$", re.IGNORECASE)
_TAIL: Final = re.compile(
    rf"(?:{_MARK}|(?<![点些快慢好])就(?:行|可以)了?|谢谢[你您]?(?:了|啊)?|麻烦[你您]?了|(?<![酒网书水氧贴陶茶])吧"
    r"|\b(?:please|thanks|thank you))+$",
    re.IGNORECASE,
)
_UNKNOWN: Final = re.compile(
    r"(?:我|这个?|那个?|也|都|还|真的?|实在|有点|一下子|现在)*"
    r"(?:不(?:太|大)?(?:知道|清楚|记得|晓得|确定)|忘(?:了|记了?)|记不(?:得|清楚?|起来|住)|想不起来|说不(?:清楚?|上来|好))"
    r"(?:了|啊|呀|呢|哎|的|吧|具体|怎么|什么|是|叫)*"
    r"|(?:i |really |just |honestly )*(?:do not|can not|could not) (?:really )?(?:know|remember|recall)(?: it| that)?"
    r"|(?:i |have |just )*(?:forgot|forgotten|forget)(?: it| that)?|no (?:idea|clue)|(?:i am )?not sure"
)


def whole(text: str, expect: Expectation) -> Entity | None:
    """The utterance as the value of the asked slot of type text, without what stands round it; None: nothing is left,
    or the speaker does not know ("忘了", "I don't remember")."""
    start, end = _trimmed(text)
    if expect.slot is None or start == end or _UNKNOWN.fullmatch(texts.bare(text)):
        return None
    start, end = _bared(text, start, end, expect.slot)
    return Entity("text", text[start:end], text[start:end], start, end, expect.slot, WHOLE)


def _bared(text: str, start: int, end: int, slot: str) -> tuple[int, int]:
    lead = _lead(slot)
    while end > start:
        found = lead.match(text[start:end])
        if not found or not found[0] or not texts.bare(text[start + found.end() : end]):
            break
        start += found.end()
    for pattern in (_INSTEAD, _INSTEAD_EN):
        found = pattern.match(text[start:end])
        if found:
            start += found.start(found.re.groups)
    tail = _TAIL.search(text, start, end)
    if tail and texts.bare(text[start : tail.start()]):
        end = tail.start()
    return start, end


def _lead(slot: str) -> re.Pattern[str]:
    """What stands before the value. `re` keeps the patterns of the few hundred slots there are."""
    own = re.escape(slot.replace("_", " "))
    named = rf"(?:我?们?家?的?|你?那个|这个|(?:my|the|our) )?(?:{own}|{_NAMES})"
    return re.compile(
        rf"^(?:(?:{_WRONG}){_MARK}*(?:(?:应该)?是(?!否)|it['’]?s\s+|it is\s+)?"
        rf"|(?:{named})(?:{_IS}|{_EN_IS}){_MARK}*"
        rf"|(?:我说的?是|我是说|要写的?是|应该是|大概是|好像是|改成|换成|改为){_MARK}*"
        r"|(?:我的?名字[叫是]|我叫|名字叫)"
        r"|(?:i (?:said|meant|mean|think)|i guess|that would be|it would be|it should be)\s+(?:it['’]?s\s+|it is\s+)?)",
        re.IGNORECASE,
    )


def _trimmed(text: str) -> tuple[int, int]:
    """Offsets of the text without the fillers and punctuation around it."""
    pieces = texts.token_spans(text)
    words = [text[start:end].lower() for start, end in pieces]
    first, last = 0, len(pieces)
    while first < last and words[first] in texts.FILLERS:
        first += 1
    while last > first and words[last - 1] in texts.FILLERS:
        last -= 1
    return (0, 0) if first == last else (pieces[first][0], pieces[last - 1][1])
