"""Writing variants folded to one, character by character, so that offsets in the folded text hold in the original."""

import re
from functools import cache

_FORMAL = str.maketrans(
    "壹贰叁肆伍陆柒捌玖拾佰仟萬億兩點負貳參陸〇○圓塊週禮號時個鐘後",
    "一二三四五六七八九十百千万亿两点负二三六零零圆块周礼号时个钟后",
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_LEADING_ZH = re.compile(
    r"(?:[\s,.;:!?、。]|那个|这个就|这个(?!月|周|星期|礼拜)|就是说?|应该是?|大概是?|可能是?|嗯+|呃+|额"
    r"(?!度)|啊+|哦+|喔|唔|唉|哎|欸|诶"
    r"|好像是?|我想想|想一下|我看看|我看一下|我说|就|那(?=[就是我]))+"
)
_LEADING_EN = re.compile(
    r"(?:[\s,.;:!?]|(?:um+|uh+|er+m?|hmm+|well|so|like|let me (?:see|think)|i think|i guess|maybe|about|around|it is"
    r"|it'?s|that'?s|that is|that would be|it would be|i'?d say|on(?= )|at(?= )|for(?= )|please)(?![a-z']))+"
)
_TRAILING_ZH = re.compile(r"[\s,.;:!?、。~]*(?:(?:吧|呗|啊|呀|呢|嘛|哦|喔|哈|了|左右|谢谢你?)[\s,.;:!?、。~]*)+$")
_TRAILING_EN = re.compile(
    r"[\s,.;:!?]+(?:(?:please|thanks|thank you|i think|i guess|sir|madam|ma'am|works|would be (?:fine"
    r"|good|great))[\s,.;:!?]*)+$"
)

_CARRIER_ZH = re.compile(
    r"(?:(?:您|你)?(?:记一下|听好)?[\s,、。]*(?:我们?的?|这个|他的?|她的?)?(?:新|旧)?"
    r"(?:手机|电话|联系方式|联系电话|身份证|证件|银行卡|信用卡|储蓄卡|卡|车牌|车|车子|订单|单|工单|快递单|邮箱|电子邮箱|邮件|收货|家庭"
    r"|家|公司|单位|名字|姓名|地址|账|账户)的?(?:号码|号|编号|地址)?(?:就?是|为|叫|在)?|(?:我|就|我就)?(?:是|叫|姓|免贵姓|住在?|家住))"
    r"[\s,:、。]*"
)
_CARRIER_EN = re.compile(
    r"(?:(?:my|the|it's|this is|our|his|her)\s+)*(?:(?:new|home|work|full|first|last|cell|mobile|phone|telephone|card"
    r"|credit card|debit card|id|plate|license plate|licence plate|order|tracking|account|booking|reference|e-?mail"
    r"|street|mailing|delivery|billing)\s+)*(?:number|address|name|plate|code|e-?mail|id|card|reference)"
    r"(?:\s+is|'s)?[\s,:]*|(?:i am|i'm|this is|call me|i live (?:at|on|in))[\s,:]*"
)


def is_carrier(body: str, chinese: bool) -> bool:
    """Whether folded text is only what leads to a value ("我的手机号是", "my number is")."""
    return (_CARRIER_ZH if chinese else _CARRIER_EN).fullmatch(body) is not None


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Compiled on first use: large patterns cost milliseconds each, and an import should cost little."""
    return re.compile(pattern)


def fold(text: str) -> str:
    """Half-width, lower-case, everyday numerals; same length as `text`."""
    folded = text.translate(_WIDE).translate(_FORMAL)
    lower = folded.lower()
    return lower if len(lower) == len(folded) else folded


def narrow(text: str) -> str:
    """Half-width and lower-case only, same length: for names, where 陆 and 伍 are no numerals."""
    narrowed = text.translate(_WIDE)
    lower = narrowed.lower()
    return lower if len(lower) == len(narrowed) else narrowed


def strip_leading(text: str, chinese: bool) -> int:
    """Offset of the first character after hesitations ("嗯", "那个", "um", "it's")."""
    found = (_LEADING_ZH if chinese else _LEADING_EN).match(text)
    return found.end() if found else 0


def stripped(folded: str, chinese: bool) -> tuple[str, bool]:
    """The text without hesitations before a value and particles behind it, and whether a particle closed it."""
    return strip_trailing(folded[strip_leading(folded, chinese) :], chinese)


def strip_trailing(text: str, chinese: bool) -> tuple[str, bool]:
    """The text without closing particles, and whether one was there: a speaker who says "吧" has said the value."""
    found = (_TRAILING_ZH if chinese else _TRAILING_EN).search(text)
    if found and found.start() > 0:
        return text[: found.start()], True
    return text.rstrip(" ,;:!?、。~."), False
