"""Lengths of time: 半个小时, 一个半月, "an hour and a half". The value is an ISO 8601 duration in its shortest whole
form: PT30M, PT1H30M, P3D, P14D (two weeks), P1Y6M.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import numerals_en, numerals_zh
from huashu.values.automaton import Automaton
from huashu.values.folding import fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.viable import viable

Length = tuple[int, int, int]
"""Months, days, seconds."""

_UNITS: dict[str, Length] = {
    "年": (12, 0, 0), "季度": (3, 0, 0), "个季度": (3, 0, 0), "个月": (1, 0, 0), "周": (0, 7, 0), "个周": (0, 7, 0),
    "星期": (0, 7, 0), "个星期": (0, 7, 0), "礼拜": (0, 7, 0), "个礼拜": (0, 7, 0), "旬": (0, 10, 0), "天": (0, 1, 0),
    "小时": (0, 0, 3600), "个小时": (0, 0, 3600), "钟头": (0, 0, 3600), "个钟头": (0, 0, 3600), "个钟": (0, 0, 3600),
    "刻钟": (0, 0, 900), "分钟": (0, 0, 60), "分": (0, 0, 60), "秒钟": (0, 0, 1), "秒": (0, 0, 1),
    "周年": (12, 0, 0), "个工作日": (0, 1, 0), "月": (1, 0, 0),
}  # fmt: skip
_HALVES: dict[Length, Length] = {
    (12, 0, 0): (6, 0, 0), (1, 0, 0): (0, 15, 0), (0, 1, 0): (0, 0, 43200), (0, 0, 3600): (0, 0, 1800),
    (0, 0, 60): (0, 0, 30), (0, 7, 0): (0, 3, 43200),
}  # fmt: skip
"""Half a month is fifteen days."""
_EN: dict[str, Length] = {
    "year": (12, 0, 0), "quarter": (3, 0, 0), "month": (1, 0, 0), "fortnight": (0, 14, 0), "week": (0, 7, 0),
    "day": (0, 1, 0), "night": (0, 1, 0), "hour": (0, 0, 3600), "minute": (0, 0, 60), "min": (0, 0, 60),
    "second": (0, 0, 1), "sec": (0, 0, 1),
}  # fmt: skip
_WORDS = "|".join(sorted((word for word in _UNITS if word != "月"), key=len, reverse=True))  # 三月 is March
_PART_ZH = re.compile(
    rf"(?P<n>{numerals_zh.RUN}|半)\s*(?:(?P<mid>个半)(?P<u2>小时|钟头|月|星期|礼拜|钟)|(?P<u>{_WORDS}|(?<=[俩仨])月)(?P<half>半)?)"
    r"(?![期号日院线])"
)
_LINK_ZH = re.compile(r"[\s,、]*(?:零|又|加)?\s*")
_ANY_DAY = datetime(2026, 1, 1)


def find(text: str, language: str) -> Iterator[tuple[int, int, Length]]:
    """(start, end, length) of every length of time of folded text; parts that follow each other are one."""
    return _find_zh(text) if is_chinese(language) else _find_en(text)


def _find_zh(text: str) -> Iterator[tuple[int, int, Length]]:
    start = end = -1
    total: Length = (0, 0, 0)
    last = total  # the unit said last: each part has a smaller one
    for found in _PART_ZH.finditer(text):
        length = _part_zh(found)
        inside = found.start() != end and text[max(0, found.start() - 1) : found.start()] in tuple("第周年月几")
        if length is None or inside or _is_date(found):
            continue
        unit = _UNITS.get(found["u"] or "个" + (found["u2"] or ""), length)
        if end >= 0 and _LINK_ZH.fullmatch(text, end, found.start()) and unit < last:
            total, end, last = _add(total, length), found.end(), unit
            continue
        if end >= 0:
            yield start, end, total
        start, end, total, last = found.start(), found.end(), length, unit
    if end >= 0:
        yield start, end, total


def _is_date(found: re.Match[str]) -> bool:
    """二零二六年 is a year, 三分 alone a grade."""
    return (found["u"] == "年" and len(found["n"]) >= 4) or (found["u"] == "分" and found.end() == len(found.string))


def _part_zh(found: re.Match[str]) -> Length | None:
    if found["mid"]:
        unit = _UNITS["个" + found["u2"]]
        number = numerals_zh.evaluate(found["n"])
        return None if number is None or unit not in _HALVES else _add(_times(unit, number), _HALVES[unit])
    unit = _UNITS[found["u"]]
    if found["n"] == "半":
        return _HALVES.get(unit)
    number = numerals_zh.evaluate(found["n"])
    if number is None or number < 0 or number > 10**6:
        return None
    length = _times(unit, number)
    if length is None:
        return None
    return _add(length, _HALVES.get(unit, (0, 0, 0))) if found["half"] else length


def _times(unit: Length, number: Decimal) -> Length | None:
    """A unit so many times; parts of a unit only down to whole seconds, and of a month or year to whole months."""
    seconds = (unit[1] * 86400 + unit[2]) * number
    months = unit[0] * number
    if seconds % 1 or months % 1:
        return None
    days, rest = divmod(int(seconds), 86400) if unit[1] else (0, int(seconds))
    return int(months), days, rest


def _add(one: Length | None, other: Length) -> Length:
    first = one or (0, 0, 0)
    return first[0] + other[0], first[1] + other[1], first[2] + other[2]


def _find_en(text: str) -> Iterator[tuple[int, int, Length]]:
    tokens = numerals_en.words(text)
    parts = list(_parts_en(tokens))
    i = 0
    while i < len(parts):
        first, last, total, _ = parts[i]
        while i + 1 < len(parts) and parts[i + 1][3] < parts[i][3]:
            between = [token.text for token in tokens[last : parts[i + 1][0]]]
            if between not in ([], ["and"], [","], [",", "and"]):
                break
            i += 1
            last, total = parts[i][1], _add(total, parts[i][2])
        yield tokens[first].start, tokens[last - 1].end, total
        i += 1


def _parts_en(tokens: list[numerals_en.Word]) -> Iterator[tuple[int, int, Length, Length]]:
    """(first token, last + 1, length, unit)."""
    i = 0
    while i < len(tokens):
        texts = [token.text for token in tokens[i : i + 5]]
        number, after = _count_en(tokens, i, texts)
        unit = _EN.get(tokens[after].text.removesuffix("s")) if number is not None and after < len(tokens) else None
        length = _times(unit, number) if unit and number is not None else None
        if unit and number == Decimal("0.5"):
            length = _HALVES.get(unit, length)
        if unit is None or length is None:
            i += 1
            continue
        end = after + 1
        if [token.text for token in tokens[end : end + 3]] == ["and", "a", "half"] and unit in _HALVES:
            length, end = _add(length, _HALVES[unit]), end + 3
        yield i, end, length, unit
        i = end


def _count_en(tokens: list[numerals_en.Word], i: int, texts: list[str]) -> tuple[Decimal | None, int]:
    if texts[:4] == ["a", "couple", "of", *texts[3:4]] and len(texts) > 3:
        return Decimal(2), i + 3
    if texts[0] == "half" and texts[1:2] and texts[1] in ("a", "an"):
        return Decimal("0.5"), i + 2
    if texts[:3] == ["quarter", "of", "an"]:
        return Decimal("0.25"), i + 3
    read = numerals_en.read(tokens, i)
    if read is not None:
        number, after = read
        return (number, after) if 0 <= number <= 10**6 else (None, i)
    return (Decimal(1), i + 1) if texts[0] in ("a", "an") else (None, i)


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    return [
        Match(written(length), start, end, text[start:end], 1.0) for start, end, length in find(fold(text), language)
    ]


def written(length: Length) -> str:
    months, days, seconds = length
    year, month = divmod(months, 12)
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    day = "".join(f"{n}{letter}" for n, letter in ((year, "Y"), (month, "M"), (days, "D")) if n)
    clock = "".join(f"{n}{letter}" for n, letter in ((hours, "H"), (minutes, "M"), (left, "S")) if n)
    return f"P{day}{'T' + clock if clock else ''}" if day or clock else "PT0S"


_ISO = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})S)?)?"
)


def length_of(value: str) -> Length:
    """Of an ISO 8601 duration in whole units. Raises ValueError."""
    found = _ISO.fullmatch(value)
    if found is None or not any(found.groups()):
        raise ValueError
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return years * 12 + months, weeks * 7 + days, hours * 3600 + minutes * 60 + seconds


@cache
def _automaton(chinese: bool) -> Automaton:
    if chinese:
        part = f"({numerals_zh.PREFIX}|半)({_WORDS}|个半(小时|钟头|月|星期|礼拜))半?"
        return Automaton(f"{part}(零?{part})?(零?{part})?")
    part = f"({numerals_en.PREFIX}|an?|half an?|a couple of|quarter of an) ({'|'.join(_EN)})s?( and a half)?"
    return Automaton(f"{part}( (and )?{part})?( (and )?{part})?")


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    return viable(_automaton(chinese), text, chinese, lambda: bool(_parse(text, language, _ANY_DAY, unit)))


_SAID = (
    (0, 12, "年", "year"), (0, 1, "个月", "month"), (1, 1, "天", "day"), (2, 3600, "小时", "hour"),
    (2, 60, "分钟", "minute"),
    (2, 1, "秒", "second"),
)  # fmt: skip


def say(value: str, language: str) -> str:
    """ "一小时三十分钟", "三天", "半小时"; "one hour thirty minutes"."""
    chinese = is_chinese(language)
    left = list(length_of(value))
    if chinese and left == [0, 0, 1800]:
        return "半小时"
    words = []
    for which, size, zh, en in _SAID:
        count, left[which] = divmod(left[which], size)
        if not count:
            continue
        if chinese:
            words.append(("两" if count == 2 else numerals_zh.say_integer(count)) + zh)
        else:
            words.append(f"{numerals_en.say_integer(count)} {en}{'' if count == 1 else 's'}")
    if not words:
        return "零秒" if chinese else "zero seconds"
    return "".join(words) if chinese else " ".join(words)


def _read(value: Scalar, language: str, unit: str | None) -> str:
    return say(str(value), language)


def _show(value: Scalar, language: str, unit: str | None) -> str:
    left = list(length_of(str(value)))
    parts = []
    for which, size, zh, en in _SAID:
        count, left[which] = divmod(left[which], size)
        if count:
            parts.append(f"{count}{zh}" if is_chinese(language) else f"{count} {en}{'' if count == 1 else 's'}")
    return ("" if is_chinese(language) else " ").join(parts) or ("0秒" if is_chinese(language) else "0 seconds")


def _canonical(value: object) -> Scalar:
    if not isinstance(value, str):
        raise ValueError
    return written(length_of(value.strip().upper()))


DURATION = ValueType(
    "duration", "时长", "PT30M", _parse, _prefix, _read, _show, _canonical,
    lambda language, unit: _automaton(is_chinese(language)),
)  # fmt: skip
