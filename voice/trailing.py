"""How the words so far end: in the middle of a phrase, as a whole one does, or either way.

In free speech nothing but the words tells whether a silence is a breath or the end, so the last of them decide how
long it may be. Only endings that are plain to any speaker are listed; everything else is `OPEN`.
"""

import re
from enum import Enum
from typing import Final


class Trailing(Enum):
    UNFINISHED = "unfinished"
    """More must come: "我想……", "because the"; or nothing was said yet but a filler: "呃", "well"."""
    WHOLE = "whole"
    """A polite or formal end: "谢谢", "……可以吗", "that's all"."""
    OPEN = "open"


_TAIL: Final = re.compile(r"[\s,.!，。！、…~～;；:：]+$")
_ZH_UNFINISHED: Final = re.compile(
    r"(?:和|跟|与|或者?|还有|然后|但是?|可是|因为|所以|如果|要是|就是(?:说)?|比如(?:说)?|而且|另外|不过|虽然|关于|对于|"
    r"[这那]个|[这那]个就|一个|[这那]种|我[想要]|我想要|想要|需要|帮我|给我|麻烦(?:你|您)?|能不能|可不可以|是不是|我的|你们的|"
    r"我不太|不太|我先|我是说|[在把被给从向]|[呃额]+|第|怎么说(?:呢)?|等于说)$"
)
_ZH_WHOLE: Final = re.compile(
    r"(?:谢谢(?:你|您|了)?|再见|拜拜|吗|[？?]|就这样(?:吧)?|就这些|没有了|没了|好了|可以了|不用了)$"
)
_EN_UNFINISHED: Final = re.compile(
    r"(?:^|\s)(?:and|or|but|because|so|if|then|when|that|which|to|the|an?|my|your|our|his|her|their|this|of|for|with|"
    r"in|on|at|from|by|about|is|are|was|am|i|i'm|it's|that's|there's|i'll|i'd|want|need|like|would|could|can|have|"
    r"u[hm]+|erm?|hmm+|well|actually|please(?=\s)|let me see|you know|i mean|kind of|sort of)$"
)
_EN_WHOLE: Final = re.compile(r"(?:please|thanks|thank you|good ?bye|bye|that's (?:all|it)|that is all|[?？])$")
_HAN: Final = re.compile(r"[一-鿿]")


def trailing(text: str) -> Trailing:
    """How a text in Chinese or English ends; a text of another language is always `OPEN`."""
    said = _TAIL.sub("", text.lower().replace("’", "'")).strip()
    if not said:
        return Trailing.OPEN
    chinese = bool(_HAN.search(said[-4:]))
    whole, unfinished = (_ZH_WHOLE, _ZH_UNFINISHED) if chinese else (_EN_WHOLE, _EN_UNFINISHED)
    if whole.search(said):
        return Trailing.WHOLE
    return Trailing.UNFINISHED if unfinished.search(said) else Trailing.OPEN
