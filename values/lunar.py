"""The Chinese lunar calendar from 1940 to 2060: its days, and the feasts and solar terms that fall by it.

The table holds one number a year, computed from the astronomical rules with lunar_python (6tail, MIT): days from the
first of January to the lunar new year, whether the leap month is long, which of the twelve months are long, and after
which month the leap month stands (0: none). Solar terms are the day of the month, for 清明 in April, for 冬至 after the
twentieth of December.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

FIRST, LAST = 1940, 2060
_CODES = """
    4c52b0 3551b6 5aaad0 4656a0 31da54 56ba40 40b490 2ad4b2 50a950 38aad7 5e5360 48aad0 35aca5 585b20 42da50
    2fea23 54d4a0 3c5958 60a970 4c5560 365756 5aad50 466d20 307554 56ea50 4064a0 2864f3 4ea9b0 3aada7 5e56a0
    48b690 34bb25 5ab520 42b250 2cb2b4 52a4b0 3caab8 602ad0 4a56d0 375a96 5cda90 46d920 30e954 56d250 40e4da
    64a560 4e2b60 382f56 5e6d50 48ea90 34f525 5ae920 44d260 2c52e3 50a570 3cad68 6235a0 4a6d50 36b695 5c7490
    466930 2ea9b4 5452b0 3ea5b0 2aaae2 4e56a0 38dd57 60ba40 4ab490 32d535 58a950 4252d0 2c55d4 50ab50 3cbaa9
    625d20 4cda50 37e8a6 5cd4a0 46c950 30a9e4 545560 3eab50 2aada2 506d20 387656 5e7250 4864b0 326575 56cab0
    4255a0 2c56e3 52b690 3cf52b 62b520 4cb250 37d0b6 5aa4b0 444ab0 2e2bb5 545ad0 3eb6a0 2adaa2 50d920 3aea57
    5ed250 48a550 33a4d5 584b60 405b50 2d6d23 52ec90 3ef928 62e920 4cd260 375166 5aa570 444d60 2f3654 547550
    407490
"""
_YEARS = tuple(int(code, 16) for code in _CODES.split())
_QINGMING = (
    "5556555555555555555555555555555555554555455545554555455545554555455544554455445544554455445544554455"
    "444544454445444544454"
)
_DONGZHI = (
    "2223222322232222222222222222222222222222222222221222122212221222122212221222122211221122112211221122"
    "112211221122112211121"
)

FEASTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "春节": (1, 1), "大年初一": (1, 1), "过年": (1, 1), "元宵节": (1, 15), "元宵": (1, 15), "龙抬头": (2, 2),
        "端午节": (5, 5), "端午": (5, 5), "七夕节": (7, 7), "七夕": (7, 7), "中元节": (7, 15), "中秋节": (8, 15),
        "中秋": (8, 15), "重阳节": (9, 9), "重阳": (9, 9), "腊八节": (12, 8), "腊八": (12, 8),
        "小年": (12, 23), "除夕夜": (13, 0), "除夕": (13, 0), "大年三十": (13, 0), "年三十": (13, 0),
        "清明节": (14, 4), "清明": (14, 4), "冬至": (14, 12),
    }
)  # fmt: skip
"""Feast → (lunar month, day); month 13, day 0 is the eve of the next year, month 14 a solar term."""

_DAYS = {"初": 0, "十": 10, "廿": 20, "二十": 20, "卅": 30, "三十": 30}
DAY = r"(?:初[一二三四五六七八九十]|(?:二十|廿)[一二三四五六七八九]?|三十|卅|十[一二三四五六七八九]?)"
MONTH = r"(?:闰?(?:正|冬|腊|十[一二]?|[二三四五六七八九]|一))"
WORDS = (
    rf"(?:(?:农历|阴历|旧历)的?\s*(?P<lm>{MONTH})月份?的?(?P<ld>{DAY})|(?P<ln>闰?[正冬腊])月(?P<lnd>{DAY})"
    r"|(?:大年|年)(?P<lnew>初[一二三四五六七八九十]))"
)


def solar(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The day of our calendar; None outside the table or when there is no such day.

    `month` 13 with `day` 0 is the eve of the next lunar year.
    """
    if not FIRST <= year <= LAST:
        return None
    code = _YEARS[year - FIRST]
    leap_month, leap_long, offset = code & 0xF, code >> 16 & 1, code >> 17
    days = offset
    lengths = [29 + (code >> 4 + i & 1) for i in range(12)]
    if month == 13:
        total = offset + sum(lengths) + (29 + leap_long if leap_month else 0)
        return date(year, 1, 1) + timedelta(total - 1)
    if (leap and leap_month != month) or not 1 <= month <= 12:
        return None
    if not 1 <= day <= (29 + leap_long if leap else lengths[month - 1]):
        return None
    days += sum(lengths[: month - 1]) + (29 + leap_long if 0 < leap_month < month else 0)
    days += lengths[month - 1] if leap else 0
    return date(year, 1, 1) + timedelta(days + day - 1)


def feast(name: str, year: int) -> date | None:
    """When a feast falls in a lunar year; a solar term in the year of our calendar."""
    month, day = FEASTS[name]
    if month == 14 and FIRST <= year <= LAST:
        if day == 4:
            return date(year, 4, int(_QINGMING[year - FIRST]))
        return date(year, 12, 20 + int(_DONGZHI[year - FIRST]))
    return solar(year, month, day)


def next_feast(name: str, today: date) -> date | None:
    """The next one, today included; None past the table."""
    found = (feast(name, year) for year in (today.year - 1, today.year, today.year + 1))
    return min((day for day in found if day and day >= today), default=None)


def feast_of(name: str, year: int) -> date | None:
    """The one that lies in a year of our calendar: 2027年除夕 is the one of February 2027."""
    found = [day for lunar_year in (year - 1, year) if (day := feast(name, lunar_year)) and day.year == year]
    return found[0] if found else None


def spoken(found: re.Match[str], today: date, year: int | None) -> date | None:
    """What a match of WORDS means: in a lunar year, or the next such day."""
    if found["lnew"]:
        month, words, leap = 1, found["lnew"], False
    else:
        name = found["lm"] or found["ln"]
        leap, name = name[0] == "闰", name.lstrip("闰")
        month = {"正": 1, "一": 1, "冬": 11, "腊": 12}.get(name) or "零一二三四五六七八九十".find(name[-1]) % 10 + (
            10 if name[0] == "十" else 0
        )
        words = found["ld"] or found["lnd"]
    day = _day(words)
    if year is not None:
        return solar(year, month, day, leap=leap)
    days = (solar(year, month, day, leap=leap) for year in range(today.year - 1, today.year + 3))
    return min((found for found in days if found and found >= today), default=None)


def _day(words: str) -> int:
    if words in _DAYS:
        return _DAYS[words]
    digit = "零一二三四五六七八九十".find(words[-1])
    if words[0] == "初":
        return digit
    return _DAYS[words[:-1]] + (0 if digit == 10 else digit)
