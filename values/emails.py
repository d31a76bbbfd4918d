"""E-mail addresses as people say them: "zhang at qq dot com", 张三 at 163 点 com, spelt. Lower-case."""

import re
from collections.abc import Iterator
from datetime import datetime

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import letters, numerals_en, numerals_zh, pinyin
from huashu.values.folding import fold, is_carrier, strip_leading, stripped
from huashu.values.kinds import Match, Prefix, ValueType

_ADDRESS = re.compile(
    r"[a-z0-9](?:[a-z0-9._+\-]{0,62}[a-z0-9_])?@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z]{2,12}"
)
_PROVIDERS = (
    "qq.com 163.com 126.com gmail.com foxmail.com hotmail.com outlook.com icloud.com sina.com sohu.com "
    "139.com yeah.net "
    "aliyun.com yahoo.com msn.com aol.com live.com me.com"
)
_WHOLE = frozenset(_PROVIDERS.split())
"""Domains that nobody lengthens: the address is over."""
_SPOKEN_WORDS = ("gmail", "foxmail", "hotmail", "outlook", "icloud", "sina", "sohu", "aliyun", "yahoo", "yeah", "live")
_ENDINGS = ("com", "net", "org", "edu", "gov", "info")

_ZH = {
    "@": "@", "艾特": "@", "爱特": "@", "圈a": "@", "小老鼠": "@", "a圈": "@", "点儿": ".", "点": ".",
    ".": ".", "dot": ".",
    "下划线": "_", "底线": "_", "_": "_", "中划线": "-", "横杠": "-", "短横线": "-", "减号": "-", "杠": "-", "-": "-",
    "加号": "+", "康姆": "com", "靠姆": "com", "扣姆": "com", "新浪": "sina", "搜狐": "sohu", "谷歌邮箱": "gmail.com",
    "at": "@",
}  # fmt: skip
_DROPPED_ZH = re.compile(
    r"[\s,、。;:()]+|嗯|呃|然后|全拼|的拼音|拼音|小写的?|大写的?|字母|数字|再?加|后面是|中间是|是(?=[a-z0-9])|都是|那个"
)
_LETTER_NAMES = ("达不溜", "达不流", "艾克斯", "爱克斯", "艾斯", "阿尔", "艾姆", "艾弗")
_TOKEN_ZH = re.compile(
    "|".join(sorted(map(re.escape, (*_ZH, *_LETTER_NAMES)), key=len, reverse=True)) + r"|[a-z]+|\d+|[\u4e00-\u9fff]"
)
_QQ = re.compile(
    r"(?:q\s*q|腾讯)(?:\s*的?邮箱)?(?:号码?)?(?:就?是|:)?\s*(?P<n>(?:\s*[\d零一二两三四五六七八九幺]){5,11})(?!\s*(?:at|@|艾特))"
)
_CARRIER_ZH = re.compile(r"^.*?(?:邮箱|邮件|email|地址|发到|发给|是|叫|为)(?:地址|账号|号)?(?:就?是|为|发到|:)?")

_EN = {
    "at": "@", "@": "@", "dot": ".", "period": ".", "point": ".", ".": ".", "underscore": "_", "_": "_", "dash": "-",
    "hyphen": "-", "minus": "-", "-": "-", "plus": "+", "+": "+",
}  # fmt: skip
_DROPPED_EN = frozenset(
    ["um", "uh", "er", "lowercase", "uppercase", "lower", "upper", "case",
    "all", "one", "word", "the", "letter", "sign", "capital",
     "number", "then", ","]
)  # fmt: skip
_STOPS_EN = frozenset(
    "is it's its email e-mail mail address my yes so okay ok well to that's thats send be yeah sure with and me".split()  # noqa: SIM905
)
_ANY_DAY = datetime(2026, 1, 1)


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    folded = fold(text)
    found = _find_zh(folded) if is_chinese(language) else _find_en(folded)
    return [Match(value, start, end, text[start:end], sure) for start, end, value, sure in found]


def _written(folded: str) -> Iterator[tuple[int, int, str, float]]:
    for found in re.finditer(rf"(?<![a-z0-9._+\-]){_ADDRESS.pattern}(?![a-z0-9])", folded):
        yield found.start(), found.end(), found[0], 1.0


def _find_zh(folded: str) -> Iterator[tuple[int, int, str, float]]:
    done = list(_written(folded))
    if done:
        yield from done
        return
    for found in _QQ.finditer(folded):
        digits = re.sub(r"\s", "", found["n"].translate(_FIGURES))
        if 5 <= len(digits) <= 11 and digits[0] != "0":
            yield found.start(), found.end(), f"{digits}@qq.com", 0.8
    start, joined, sure = _join_zh(folded)
    address = _ADDRESS.match(joined)
    if address:
        end = len(folded.rstrip(" ,.。!?、"))
        yield start, end, address[0], sure


_FIGURES = str.maketrans({c: str(n) for c, n in numerals_zh.DIGITS.items()})


def _join_zh(folded: str) -> tuple[int, str, float]:
    """(offset, the address as far as it was said, how sure): names in characters become pinyin."""
    mark = re.search(r"@|艾特|爱特|圈a|小老鼠|(?<![a-z])at(?![a-z])", folded)
    head_end = mark.start() if mark else len(folded)
    start = strip_leading(folded, True)
    carrier = _CARRIER_ZH.match(folded[start:head_end])
    start += carrier.end() if carrier else 0
    parts: list[str] = []
    sure = 1.0
    position = start
    while position < len(folded):
        if skipped := _DROPPED_ZH.match(folded, position):
            if skipped[0].strip(" ,") == "。" and "@" in parts:
                break
            position = skipped.end()
            continue
        token = _TOKEN_ZH.match(folded, position)
        if token is None:
            break
        word = token[0]
        piece = _ZH.get(word) or (word if word.isascii() else _letter(word))
        if word in _NUMERALS and _ends_name(folded, position):
            piece = None  # 张三 is zhangsan, 张伟八八 is zhangwei88
        if piece is None:
            piece = pinyin.syllable(word) if "@" not in parts else None
            sure = 0.7
        if piece is None:
            break
        if piece == "@" and "@" in parts:
            break
        parts.append(piece)
        position = token.end()
    return start, "".join(parts), sure


_NUMERALS = frozenset("一二三四五六七八九")


def _ends_name(folded: str, at: int) -> bool:
    """Whether a lone numeral closes a name in characters."""
    before, after = folded[at - 1 : at], folded[at + 1 : at + 2]
    in_name = "\u4e00" <= before <= "\u9fff" and before not in _NUMERALS and before not in "零两幺是点杠线"
    return in_name and pinyin.syllable(before) is not None and not (after in _NUMERALS or after.isdecimal())


def _letter(word: str) -> str | None:
    if word in _LETTER_NAMES:
        return letters.item_zh(word)
    return str(numerals_zh.DIGITS[word]) if word in numerals_zh.DIGITS else None


def _find_en(folded: str) -> Iterator[tuple[int, int, str, float]]:
    done = list(_written(folded))
    if done:
        yield from done
        return
    start, end, joined = _join_en(folded)
    address = _ADDRESS.fullmatch(joined)
    if address:
        yield start, end, joined, 1.0


def _join_en(folded: str) -> tuple[int, int, str]:
    """(start, end, the address as far as it was said) from the last word that is no part of one."""
    tokens = numerals_en.words(folded)
    first = 0
    mark = next((i for i, token in enumerate(tokens) if token.text in ("at", "@") and i), len(tokens))
    for i, token in enumerate(tokens[:mark]):
        if token.text in _STOPS_EN:
            first = i + 1
    parts: list[str] = []
    end = tokens[first].start if first < len(tokens) else 0
    repeat = 1
    for i in range(first, len(tokens)):
        word = tokens[i].text
        if word in ("double", "triple"):
            repeat = 2 if word == "double" else 3
            continue
        if word in _DROPPED_EN and not (word == "one" and _spelling(tokens, i)):
            continue
        piece = _EN.get(word) or _piece_en(word)
        if (
            piece is None
            or (piece == "@" and "@" in parts)
            or (word in _STOPS_EN and "." in "".join(parts).partition("@")[2])
        ):
            break
        parts.append(piece * repeat)
        repeat = 1
        end = tokens[i].end
    joined = "".join(parts)
    begin = tokens[first].start if first < len(tokens) else 0
    return (
        begin,
        end,
        joined.rstrip(".") if joined.endswith(".") and "@" in joined and joined.count(".") > 1 else joined,
    )


def _spelling(tokens: list[numerals_en.Word], i: int) -> bool:
    """Whether a "one" is the digit: "all one word" is not."""
    return not (i and tokens[i - 1].text == "all") and not (i + 1 < len(tokens) and tokens[i + 1].text == "word")


def _piece_en(word: str) -> str | None:
    if word in numerals_en.SMALL:
        return str(numerals_en.SMALL[word])
    if word in numerals_en.TENS:
        return str(numerals_en.TENS[word])
    if word == "oh":
        return "o"
    return word.replace("'", "") if word[0].isalnum() and word.isascii() else None


# --- prefix -------------------------------------------------------------------------------------------------------


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    """PROPER until the part behind the last dot is there; FULL after the domain of a large provider."""
    chinese = is_chinese(language)
    folded = fold(text)
    body, closed = stripped(folded, chinese)
    if not body.strip() or is_carrier(body, chinese):
        return Prefix.PROPER
    matches = _parse(body, language, _ANY_DAY, None)
    if matches:
        domain = str(matches[0].value).partition("@")[2]
        return Prefix.FULL if closed or domain in _WHOLE else Prefix.COMPLETE
    joined = _join_zh(body)[1] if chinese else _join_en(body)[2]
    if chinese and "@" not in joined:  # any words could still be a name in pinyin: only Latin ones promise an address
        named = re.search(r"[a-z0-9]|邮箱|邮件", body)
        return Prefix.PROPER if joined and named else Prefix.NONE
    begun = re.fullmatch(r"[a-z0-9][a-z0-9._+\-]*(?:@[a-z0-9.\-]*)?", joined)
    return Prefix.PROPER if begun and ("@" in joined or len(joined) < 30) else Prefix.NONE


# --- aloud and on screen ------------------------------------------------------------------------------------------


def _read(value: Scalar, language: str, unit: str | None) -> str:
    """Letter by letter, the domain in its usual words: "z h a n g 艾特 q q 点 com", "z h a n g at q q dot com"."""
    name, _, domain = str(value).partition("@")
    chinese = is_chinese(language)
    at, dot = (" 艾特 ", " 点 ") if chinese else (" at ", " dot ")
    return _characters(name, chinese) + at + dot.join(_label(label, chinese) for label in domain.split("."))


def _label(label: str, chinese: bool) -> str:
    return label if label in _SPOKEN_WORDS or label in _ENDINGS else _characters(label, chinese)


_SIGNS = {".": ("点", "dot"), "_": ("下划线", "underscore"), "-": ("横杠", "dash"), "+": ("加号", "plus")}


def _characters(text: str, chinese: bool) -> str:
    words = []
    for character in text:
        if character in _SIGNS:
            words.append(_SIGNS[character][0 if chinese else 1])
        elif character.isdecimal():
            words.append(numerals_zh.say_digits(character, one="幺") if chinese else numerals_en.say_digits(character))
        else:
            words.append(character)
    return " ".join(words)


def _show(value: Scalar, language: str, unit: str | None) -> str:
    return str(value)


def _canonical(value: object) -> Scalar:
    address = fold(value).strip() if isinstance(value, str) else ""
    if not _ADDRESS.fullmatch(address) or ".." in address:
        raise ValueError
    return address


EMAIL = ValueType("email", "邮箱", '"zhang@example.com"', _parse, _prefix, _read, _show, _canonical)
