"""Named stretches of the calendar (上周, 三月上旬, 下半年, "next weekend") and of the day (上午, "evening").

Office hours decide what the parts of a day are: they are when one may call or come.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from huashu.values import dates_en, numerals_zh
from huashu.values.calendars import add_days, last_day, make, shift_month

Span = tuple[int, int, date, date]
"""(start, end, first day, last day)"""

_PARTS_ZH = {
    "凌晨": ("00:00", "06:00"), "清晨": ("06:00", "08:00"), "早晨": ("06:00", "09:00"), "早上": ("06:00", "09:00"),
    "今早": ("06:00", "09:00"), "明早": ("06:00", "09:00"), "一早": ("06:00", "09:00"), "上午": ("08:00", "12:00"),
    "中午": ("11:00", "13:00"), "午后": ("13:00", "15:00"), "下午": ("12:00", "18:00"), "傍晚": ("17:00", "19:00"),
    "晚上": ("18:00", "22:00"), "今晚": ("18:00", "22:00"), "明晚": ("18:00", "22:00"), "昨晚": ("18:00", "22:00"),
    "晚间": ("18:00", "22:00"), "夜里": ("22:00", "24:00"), "白天": ("08:00", "18:00"), "全天": ("00:00", "24:00"),
}  # fmt: skip
_PARTS_EN = {
    "early morning": ("06:00", "08:00"), "morning": ("08:00", "12:00"), "afternoon": ("12:00", "18:00"),
    "evening": ("18:00", "22:00"), "tonight": ("18:00", "22:00"), "night": ("18:00", "22:00"),
    "lunchtime": ("11:00", "13:00"), "lunch time": ("11:00", "13:00"),
}  # fmt: skip
PARTS_ZH = re.compile("|".join(sorted(_PARTS_ZH, key=len, reverse=True)))
PARTS_EN = re.compile(rf"\b(?:(?:in the|this|at)\s+)?(?P<p>{'|'.join(_PARTS_EN)})\b")
_NEAR = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_NEAR_EN = {"last": -1, "this": 0, "next": 1, "the": 0, "this coming": 0, "this past": -1}
_Y = r"(?:\d{4}|[零一二三四五六七八九]{4}|[零一二三四五六七八九]{2})年"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上半月": (1, 15), "下半月": (16, 31)}
_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}


def part_of_day(words: str) -> tuple[str, str]:
    """From and to, "HH:MM"; of a match of PARTS_ZH or of the group p of PARTS_EN."""
    return _PARTS_ZH.get(words) or _PARTS_EN[words]


@cache
def _zh() -> re.Pattern[str]:
    near = "上上|上|这|本|当|下下|下"
    third = "|".join(_THIRDS)

    def year(group: str) -> str:
        return rf"(?:(?P<{group}y>{_Y})|(?P<{group}n>{'|'.join(_YEARS)})的?)"

    return re.compile(
        rf"(?P<wn>{near})?个?(?P<we>周末|双休日)"
        rf"|(?P<kn>{near})个?(?:周|星期|礼拜)(?![一二三四五六日天末1-7])"
        rf"|(?P<mn>{near})个?月份?的?(?P<mt>{third})?(?![底末初]|的?{_M}?[\d一二三四五六七八九十]+[号日])"
        rf"|(?P<qn>{near})个?季度"
        rf"|{year('h')}?(?:(?P<hh>[上下])半年|第?(?P<hq>[一二三四1-4])季度)"
        rf"|{year('d')}?(?P<mm>{_M})月份?的?(?:(?P<m3>{third})|(?![底末初份]|的?[\d一二三四五六七八九十]))"
        rf"|{year('y')}(?!的?(?:{_M}月|[上下]半年|第?[一二三四1-4]季度|春节|国庆|中秋))"
    )


def find_zh(text: str, today: date) -> Iterator[Span]:
    """Spans of folded Chinese text."""
    for found in _zh().finditer(text):
        part = found.groupdict()
        first_last = _zh_span(part, today)
        if first_last and first_last[0] and first_last[1]:
            yield found.start(), found.end(), first_last[0], first_last[1]


def _zh_span(part: dict[str, str | None], today: date) -> tuple[date | None, date | None] | None:
    if part["we"]:
        return _weekend(today, _NEAR[part["wn"] or "这"])
    if part["kn"]:
        return _week(today, _NEAR[part["kn"]])
    if part["mn"]:
        return _month(*shift_month(today, _NEAR[part["mn"]]), part["mt"])
    if part["qn"]:
        return _quarter(today.year, (today.month - 1) // 3 + _NEAR[part["qn"]])
    if part["hh"] or part["hq"]:
        year = _year(part["hy"], part["hn"], today) or today.year
        if part["hq"]:
            return _quarter(year, (numerals_zh.DIGITS.get(part["hq"]) or int(part["hq"])) - 1)
        return _half(year, part["hh"] == "下")
    if part["mm"]:
        month = int(numerals_zh.evaluate(part["mm"]) or 0)
        near = today.year if month >= today.month else today.year + 1
        return _month(_year(part["dy"], part["dn"], today) or near, month, part["m3"])
    named = _year(part["yy"], part["yn"], today)
    return None if named is None else (make(named, 1, 1), make(named, 12, 31))


def _year(words: str | None, near: str | None, today: date) -> int | None:
    if near:
        return today.year + _YEARS[near]
    if not words:
        return None
    value = numerals_zh.evaluate(words[:-1])
    if value is None:
        return None
    year = int(value)
    return year if len(words) > 3 else year + (2000 if year < 70 else 1900)


def _weekend(today: date, weeks: int) -> tuple[date | None, date | None]:
    monday = today - timedelta(today.weekday())
    return add_days(monday, 7 * weeks + 5), add_days(monday, 7 * weeks + 6)


def _week(today: date, weeks: int) -> tuple[date | None, date | None]:
    monday = today - timedelta(today.weekday())
    return add_days(monday, 7 * weeks), add_days(monday, 7 * weeks + 6)


def _month(year: int, month: int, third: str | None = None) -> tuple[date | None, date | None]:
    first = make(year, month, 1)
    if first is None:
        return None, None
    end = last_day(first, 0)
    if third is None or end is None:
        return first, end
    low, high = _THIRDS[third]
    return make(year, month, low), make(year, month, min(high, end.day))


def _quarter(year: int, index: int) -> tuple[date | None, date | None]:
    year, index = year + index // 4, index % 4
    first, last = make(year, 3 * index + 1, 1), make(year, 3 * index + 3, 1)
    return first, last_day(last, 0) if last else None


def _half(year: int, second: bool) -> tuple[date | None, date | None]:
    return (make(year, 7, 1), make(year, 12, 31)) if second else (make(year, 1, 1), make(year, 6, 30))


@cache
def _en() -> re.Pattern[str]:
    months = "|".join(_MONTHS)
    near = "last|this coming|this past|this|next"
    return re.compile(
        rf"\b(?:(?P<en>{near}|the)\s+)?(?P<we>weekend)\b"
        rf"|(?<!month )(?<!day )\b(?P<kn>{near})\s+week\b|\b(?P<mn>{near})\s+month\b|\b(?P<qn>{near})\s+quarter\b"
        rf"|\b(?:the\s+)?(?P<hq>first|second|third|fourth)\s+(?P<hk>quarter|half)\b"
        rf"(?:\s+of\s+(?:the year"
        rf"|(?P<hy>{near})\s+year))?"
        rf"|\b(?P<yn>{near})\s+year\b"
        rf"|\b(?P<ym>{months}),?\s+(?:of\s+)?(?P<my>{dates_en.YEAR})\b"
        rf"|(?<![\d,.$])(?<!\d )\b(?P<y>(?:19|20)\d\d(?![\d,.%])|{dates_en.YEAR_WORDS})\b"
        rf"|\b(?:(?P<in>in|during|next|last|this)\s+)(?P<mm>{months})\b(?!\s+(?:the\s+)?(?:\d|first|second|third|\w+th\b))"
    )


def find_en(text: str, today: date) -> Iterator[Span]:
    """Spans of folded English text."""
    for found in _en().finditer(text):
        first, last = _en_span(found.groupdict(), today) or (None, None)
        if first and last:
            yield found.start(), found.end(), first, last


def _en_span(part: dict[str, str | None], today: date) -> tuple[date | None, date | None] | None:
    if part["we"]:
        return _weekend(today, _NEAR_EN[part["en"] or "this"])
    if part["kn"]:
        return _week(today, _NEAR_EN[part["kn"]])
    if part["mn"]:
        return _month(*shift_month(today, _NEAR_EN[part["mn"]]))
    if part["qn"]:
        return _quarter(today.year, (today.month - 1) // 3 + _NEAR_EN[part["qn"]])
    if part["hq"]:
        year = today.year + _NEAR_EN[part["hy"] or "this"]
        index = ["first", "second", "third", "fourth"].index(part["hq"])
        if part["hk"] == "half":
            return _half(year, index == 1) if index < 2 else None
        return _quarter(year, index)
    if part["yn"]:
        year = today.year + _NEAR_EN[part["yn"]]
        return make(year, 1, 1), make(year, 12, 31)
    if part["ym"]:
        return _month(dates_en.year_of(part["my"] or ""), _MONTHS[part["ym"]])
    if part["y"]:
        named = dates_en.year_of(part["y"])
        return make(named, 1, 1), make(named, 12, 31)
    month = _MONTHS[part["mm"] or "january"]
    if part["in"] == "last":
        return _month(today.year if month < today.month else today.year - 1, month)
    return _month(today.year if month >= today.month else today.year + 1, month)
