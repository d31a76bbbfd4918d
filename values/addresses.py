"""Postal addresses: 浙江省杭州市西湖区文三路10号 from 杭州西湖区文三路十号; "123 Main Street, Springfield".

A Chinese address has its divisions in full, those above added where the name leaves no choice, then street and numbers
in figures. An English one has number, street, flat, town, state and postcode, with commas between.
"""

import re
from datetime import datetime

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import addresses_en, divisions, numerals_zh
from huashu.values.folding import compiled, is_carrier, narrow, strip_leading, strip_trailing, stripped
from huashu.values.kinds import Match, Prefix, ValueType

_NUMERAL = r"[零一二两三四五六七八九十百千幺洞\d]"
_NUMBERED = (
    rf"(?P<n>{_NUMERAL}+)(?P<u>\s*(?:号楼|号院|号|弄|栋|幢|座|单元|室|楼|层|房"
    rf"|巷(?=\d|{_NUMERAL}|$)|组|队|期(?={_NUMERAL})|区(?={_NUMERAL})|之(?={_NUMERAL})))"
)
_ROOM = (
    rf"(?<=[栋幢座元楼号层])\s*(?P<n>{_NUMERAL}{{2,5}})$"
    rf"|(?<=[栋幢座元楼号层])(?P<m>{_NUMERAL}{{3,5}})(?![零一二三四五六七八九十\d])"
)
_STREET = (
    r"(?:大道|大街|胡同|路|街|巷|弄|道|村|镇|乡|里|小区|花园|家园|公寓|大厦|广场|新村|社区|苑|城|园|中心|大学|医院"
    r"|学校|写字楼|工业区|开发区|科技园)"
)
_STREET_END = re.compile(_STREET)
_DETAIL = rf"[\u4e00-\u9fffa-z]{{1,12}}?{_STREET}[\u4e00-\u9fffa-z]{{0,10}}?\s*{_NUMERAL}+\s*(?:号|弄|栋|幢|座|单元|室)"
_STOP = (
    r"[。!?;]|[,、\s]*(?:谢谢|麻烦|就行|就可以|可以|电话|手机|收件人|联系|我叫|我姓|我的|对吧|是吧"
    r"|这个地址|你们?|您|帮|送到|寄到|能|吗|不对|然后(?!是))"
)
_NOISE = re.compile(r"[\s,、.]+|嗯|呃|那个|就是")
_DROPPED = re.compile(r"^(?:的|在|是|地址|:)+")
_ANY_DAY = datetime(2026, 1, 1)
_LEVELS = {"市": 2, "城市": 2, "city": 2, "区": 3, "区县": 3, "县": 3, "district": 3}
"""Units of an address variable that asks for no more than so many levels."""


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    if not is_chinese(language):
        return [Match(value, start, end, text[start:end], sure) for start, end, value, sure in addresses_en.find(text)]
    folded = narrow(text)
    for begin in divisions.starts().finditer(folded):
        found = divisions.chain_at(folded, begin.start())
        if found is None or (
            re.search(r"[\u4e00-\u9fff]$", folded[: begin.start()]) and _inside_word(folded, begin.start())
        ):
            continue
        division, end = found
        chain = division.chain()
        if _LEVELS.get(unit or ""):
            return [_match("".join(chain[: _LEVELS[unit or ""]]), begin.start(), end, text, 1.0)]
        detail, end = _detail(folded, end)
        sure = 1.0 if len(chain) > 1 or detail else 0.6
        return [_match("".join(chain) + detail, begin.start(), end, text, sure)]
    bare = compiled(_DETAIL).search(folded, strip_leading(folded, True))
    if bare is None:
        return []
    lead = re.match(r".*?(?:地址就?是?|住在?|家在|在|到|是|送|寄)", folded[bare.start() : bare.end()])
    start = bare.start() + (lead.end() if lead else 0)
    detail, end = _detail(folded, start)
    return [_match(detail, start, end, text, 0.6)] if detail else []


def _match(value: str, start: int, end: int, text: str, sure: float) -> Match:
    return Match(value, start, end, text[start:end], sure)


def _inside_word(folded: str, at: int) -> bool:
    """Whether what stands before could make the name part of another: 东[海南]路."""
    return (
        folded[at - 1] in "东西南北大小新老上下中"
        and re.match(r"[\u4e00-\u9fff]{2,4}(?:路|街|巷)", folded[at:]) is not None
    )


def _detail(folded: str, start: int) -> tuple[str, int]:
    """Street and numbers from `start`: (without spaces and in figures, where it ends)."""
    stop = compiled(_STOP).search(folded, start)
    end = stop.start() if stop else len(folded)
    body, _ = strip_trailing(folded[start:end], True)
    end = start + len(body)
    plain = _DROPPED.sub("", _NOISE.sub("", body))
    plain = re.sub(r"(?:这里|这边|那边|那里|附近|人)$", "", plain)
    if not re.search(rf"{_STREET}|{_NUMERAL}", plain):
        keep = re.fullmatch(r"[\u4e00-\u9fff]{2,10}", plain) is not None and _STREET_END.search(plain)
        return (plain, end) if keep else ("", start)
    return in_figures(plain), end


def in_figures(detail: str) -> str:
    """文三路十号二栋一单元五零一 → 文三路10号2栋1单元501."""

    def figures(found: re.Match[str]) -> str:
        words = found["n"]
        value = numerals_zh.evaluate(words.replace("洞", "零"))
        plain = "".join(str(numerals_zh.DIGITS.get(c, c)) for c in words) if set(words) <= _PLAIN else None
        return (plain or (str(int(value)) if value is not None and value % 1 == 0 else words)) + found["u"].strip()

    def room(found: re.Match[str]) -> str:
        words = found["n"] or found["m"]
        if set(words) <= _PLAIN:
            return "".join(str(numerals_zh.DIGITS.get(c, c)) for c in words)
        value = numerals_zh.evaluate(words)
        return str(int(value)) if value is not None and value % 1 == 0 else words

    return compiled(_ROOM).sub(room, compiled(_NUMBERED).sub(figures, detail))


_PLAIN = frozenset("零一二两三四五六七八九幺0123456789")


# --- prefix, aloud, canonical -------------------------------------------------------------------------------------


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    """Divisions or a street without a number want more; a number may always be followed by another."""
    chinese = is_chinese(language)
    folded = narrow(text)
    body, closed = stripped(folded, chinese)
    if not body.strip() or is_carrier(body, chinese):
        return Prefix.PROPER
    matches = _parse(body, language, _ANY_DAY, unit)
    if not matches:
        if not chinese:
            return addresses_en.begun(body)
        return Prefix.PROPER if re.search(rf"(?:住在?|地址是?|{_STREET})$", body) else Prefix.NONE
    if _LEVELS.get(unit or "") or closed:
        return Prefix.FULL
    value = str(matches[0].value)
    if chinese:
        return (
            Prefix.COMPLETE
            if re.search(r"\d+(?:号楼|号院|号|室|楼|层|单元|栋|幢|座|弄|房)?$", value)
            else Prefix.PROPER
        )
    return Prefix.FULL if re.search(r"\d{5}$", value) else Prefix.COMPLETE


def _read(value: Scalar, language: str, unit: str | None) -> str:
    """Numbers up to ninety-nine as numbers, longer ones digit by digit: 文三路十号, 五零一室."""
    if not is_chinese(language):
        return addresses_en.say(str(value))
    return re.sub(r"\d+", _aloud, str(value))


def _aloud(found: re.Match[str]) -> str:
    figures = found[0]
    if len(figures) > 2 or figures[0] == "0":
        return numerals_zh.say_digits(figures, one="幺")
    return numerals_zh.say_integer(int(figures))


def _show(value: Scalar, language: str, unit: str | None) -> str:
    return str(value)


def _canonical(value: object) -> Scalar:
    """Any text that is not empty: what a register calls an address is one."""
    address = " ".join(value.split()) if isinstance(value, str) else ""
    if not 0 < len(address) <= 200:
        raise ValueError
    if not re.search(r"[\u4e00-\u9fff]", address):
        return address
    found = divisions.chain_at(address, 0)
    if found is None:
        return in_figures(address)
    division, end = found
    return "".join(division.chain()) + in_figures(_NOISE.sub("", address[end:]))


ADDRESS = ValueType("address", "地址", "浙江省杭州市西湖区文三路10号", _parse, _prefix, _read, _show, _canonical)
