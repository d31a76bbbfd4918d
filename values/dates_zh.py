"""Chinese date words. Works on folded text."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from huashu.values import lunar, numerals_zh
from huashu.values.automaton import Automaton
from huashu.values.calendars import (
    add_days,
    last_day,
    make,
    next_monthday,
    next_weekday,
    next_yearday,
    same_day,
    shift_month,
    weekday,
)  # fmt: skip

Found = tuple[int, int, date, float]
"""(start, end, day, confidence)"""

_RELATIVE = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨儿": -1,
    "今天": 0, "今日": 0, "今儿": 0, "今晚": 0, "今早": 0, "当天": 0,
    "明天": 1, "明日": 1, "明儿": 1, "明早": 1, "明晚": 1, "后天": 2, "后日": 2, "大后天": 3, "大后日": 3,
}  # fmt: skip
_YEARS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_NEAR = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1, "下下": 2}
_WEEKDAYS = {c: i for i, c in enumerate("一二三四五六日")} | {"天": 6, "末": 5} | {str(i): i - 1 for i in range(1, 8)}
_FEASTS = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "五一": (5, 1), "儿童节": (6, 1),
    "六一": (6, 1), "国庆": (10, 1), "国庆节": (10, 1), "平安夜": (12, 24),
    "圣诞": (12, 25), "圣诞节": (12, 25), "植树节": (3, 12), "建军节": (8, 1), "教师节": (9, 10), "双十二": (12, 12),
    "双十一": (11, 11), "劳动节": (5, 1), "六一儿童节": (6, 1), "五一劳动节": (5, 1), "六一八": (6, 18),
}  # fmt: skip

_N = r"(?:\d{1,2}|[一二两三四五六七八九]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|卅一?|[一二两三四五六七八九])"
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_Y = (
    r"(?:\d{4}|\d{2}|[零一二三四五六七八九]{4}|[零一二三四五六七八九]{2}"
    r"|[一二两]千零?[零一二三四五六七八九十百]{1,6})年"
)
_BY = {
    "full": rf"(?:(?P<year>{_Y})|(?P<near_year>{'|'.join(_YEARS)})的?)?\s*(?P<month>{_M})\s*月份?的?\s*"
    rf"(?:(?P<day>{_N})\s*[日号]?(?!个|点|分|期|天)|(?P<edge>底|末|初))",
    "near_month": rf"(?P<nm>上上|上|这|本|当|下下|下)个?月份?的?\s*(?:(?P<nm_day>{_N})\s*(?:[日号]"
    rf"(?!线)|(?![个点分期天块元百千\d]))|(?P<nm_edge>月?底|月?末|月?初|1号))",
    "edge_alone": r"(?<![个\d一二三四五六七八九十])月(?P<alone>底|末|初)",
    "week": r"(?P<nw>上上|上|这|本|下下|下)?个?(?:周|星期|礼拜)(?P<wd>[一二三四五六日天末1-7])(?![\d个十期年])",
    "in_months": rf"(?:过)?(?P<im>{_N}|半)个月(?P<im_side>之?后|以后|之?前|以前)?",
    "in_weeks": rf"(?:过)?(?P<iw>{_N})个?(?:周|星期|礼拜)(?P<iw_side>之?后|以后|之?前|以前)?",
    "in_days": rf"(?:过)?(?P<id>{numerals_zh.RUN})天(?P<id_side>之?后|以后|之?前|以前)?",
    "iso": r"(?<![\d.])(?P<iy>\d{4})\s*[-/.]\s*(?P<imo>\d{1,2})\s*[-/.]\s*(?P<idd>\d{1,2})(?![\d.])|"
    r"(?<!\d)(?P<packed>(?:19|20)\d{6})(?!\d)|(?<![\d/.])(?P<sm>\d{1,2})/(?P<sd>\d{1,2})(?![\d/])",
    "monthday": rf"(?<![第月百千万])(?P<md>{_N})\s*(?:号(?![线楼院码店门])|日(?![元本币]))",
    "lunar": rf"(?:(?P<ly>{_Y}|{'|'.join(_YEARS)})的?\s*)?(?:{lunar.WORDS})(?![个点分天])",
    "day": rf"(?P<rel>{'|'.join(sorted(_RELATIVE, key=len, reverse=True))})|"
    rf"(?:(?P<fy>{_Y}|{'|'.join(_YEARS)})的?\s*)?"
    rf"(?P<feast>{'|'.join(sorted((*_FEASTS, *lunar.FEASTS), key=len, reverse=True))})(?![个十百千\d分期点月号日楼])",
}


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in (_BY[name] for name in (
        "iso", "lunar", "full", "near_month", "edge_alone", "week", "in_months", "in_weeks", "in_days",
        "monthday", "day",
    ))))  # fmt: skip


def find(text: str, today: date) -> Iterator[Found]:
    """Every date of folded text. Lunar dates (农历, 阴历) and those before our era are left alone."""
    for found in _pattern().finditer(text):
        if found.group() and not re.search(
            r"(?:农历|阴历|腊|正|元前)$", text[max(0, found.start() - 2) : found.start()]
        ):
            judged = _meaning(found, today)
            if judged and judged[0]:
                yield found.start(), found.end(), judged[0], judged[1]


def _meaning(found: re.Match[str], today: date) -> tuple[date | None, float] | None:
    part = found.groupdict()
    if part["rel"]:
        return add_days(today, _RELATIVE[part["rel"]]), 1.0
    if part["feast"]:
        return _feast(part["feast"], part["fy"], today), 0.9 if part["feast"] in lunar.FEASTS else 0.7
    if part["ld"] or part["lnd"] or part["lnew"]:
        return lunar.spoken(found, today, _named_year(part["ly"], today)), 1.0
    if part["month"]:
        return _full(part, today)
    if part["nm"]:
        return _in_month(part["nm_day"], part["nm_edge"], _NEAR[part["nm"]], today), 1.0
    if part["alone"]:
        return _in_month(None, part["alone"], 0, today), 0.9
    if part["wd"]:
        number = _WEEKDAYS[part["wd"]]
        if part["nw"] is None:
            return next_weekday(today, number), 0.9
        return weekday(today, number, _NEAR[part["nw"]]), 1.0
    if part["md"]:
        return next_monthday(today, _number(part["md"])), 0.9
    if part["im"] or part["iw"] or part["id"]:
        return _counted(found, part, today)
    return _figures(part, today)


def _feast(name: str, year_words: str | None, today: date) -> date | None:
    year = _named_year(year_words, today)
    if name in lunar.FEASTS:
        return lunar.next_feast(name, today) if year is None else lunar.feast_of(name, year)
    return next_yearday(today, *_FEASTS[name]) if year is None else make(year, *_FEASTS[name])


def _named_year(words: str | None, today: date) -> int | None:
    """Of 明年 or 二零二七年."""
    if not words:
        return None
    return today.year + _YEARS[words] if words in _YEARS else _year(words[:-1])


def _full(part: dict[str, str | None], today: date) -> tuple[date | None, float]:
    month = _number(part["month"] or "")
    year = None
    if part["near_year"]:
        year = today.year + _YEARS[part["near_year"]]
    elif part["year"]:
        year = _year(part["year"][:-1])
    if part["edge"]:
        first = next_yearday(today, month, 28) if year is None else make(year, month, 1)
        return (None if first is None else _edge(part["edge"], first, 0)), 0.9
    day = _number(part["day"] or "")
    if year is None:
        return next_yearday(today, month, day), 0.9
    return make(year, month, day), 1.0


def _in_month(day: str | None, edge: str | None, months: int, today: date) -> date | None:
    year, month = shift_month(today, months)
    return make(year, month, _number(day)) if day else _edge(edge or "", today, months)


def _edge(edge: str, today: date, months: int) -> date | None:
    return make(*shift_month(today, months), 1) if edge[-1] in "初号" else last_day(today, months)


def _counted(found: re.Match[str], part: dict[str, str | None], today: date) -> tuple[date | None, float] | None:
    """三天后, 两周以后, 过一个月. Without 后 or 前 it is a length of time, not a date."""
    side = part["im_side"] or part["iw_side"] or part["id_side"]
    if not side and not found.group().startswith("过"):
        return None
    sign = -1 if side and "前" in side else 1
    if part["im"]:
        if part["im"] == "半":
            return add_days(today, sign * 15), 0.7
        return same_day(today, sign * _number(part["im"])), 1.0
    count = numerals_zh.evaluate(part["iw"] or part["id"] or "")
    if count is None or count % 1 or count > 10**6:
        return None
    return add_days(today, sign * int(count) * (7 if part["iw"] else 1)), 1.0


def _figures(part: dict[str, str | None], today: date) -> tuple[date | None, float]:
    if part["packed"]:
        text = part["packed"]
        return make(int(text[:4]), int(text[4:6]), int(text[6:])), 0.8
    if part["iy"]:
        return make(int(part["iy"]), int(part["imo"] or 0), int(part["idd"] or 0)), 1.0
    return next_yearday(today, int(part["sm"] or 0), int(part["sd"] or 0)), 0.6


def _number(words: str) -> int:
    value = numerals_zh.evaluate(words)
    return int(value) if value is not None else 0


def _year(words: str) -> int:
    digits = [str(numerals_zh.DIGITS.get(character, character)) for character in words]
    year = int("".join(digits)) if all(map(str.isdecimal, digits)) else _number(words)  # 二三年: no "two or three"
    return year + (2000 if year < 70 else 1900) if len(words) == 2 else year


def say(day: date, *, year: bool = True) -> str:
    """ "二零二六年三月八号"."""
    spoken = f"{numerals_zh.say_integer(day.month)}月{numerals_zh.say_integer(day.day)}号"
    return f"{numerals_zh.say_digits(f'{day.year:04d}')}年{spoken}" if year else spoken


@cache
def automaton() -> Automaton:
    digit = "[零一二三四五六七八九0-9]"
    number = "([一二两三]?十[一二三四五六七八九]?|[一二两三四五六七八九]|[0-3]?[0-9])"
    month = "(十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])"
    near = "(上上|上|这|本|下下|下)"
    year = f"({digit}{digit}({digit}{digit})?年|[一二两]千零?{number}年|({'|'.join(_YEARS)})的?)"
    day = f"({number}[日号]?|月?底|月?末|月?初)"
    words = "|".join((*_RELATIVE, *(f"({year}的?)?{feast}" for feast in (*_FEASTS, *lunar.FEASTS))))
    lunar_day = "(初[一二三四五六七八九十]|(二十|廿)[一二三四五六七八九]?|三十|十[一二三四五六七八九]?)"
    lunar_month = "((农历|阴历|旧历)(闰?(正|冬|腊|十[一二]?|[一二三四五六七八九]))月|闰?[正冬腊]月)"
    words += f"|{lunar_month}{lunar_day}|(大年|年)初[一二三四五六七八九十]"
    return Automaton(
        f"(({year}? ?{month}月份?的?{day}|{near}个?月份?的?{day}|月[底末初]|{number}[日号])"
        f"|{near}?个?(周|星期|礼拜)[一二三四五六日天末1-7]|({words})"
        f"|过?({number}|半)(天|个?周|个?星期|个?礼拜|个月)(之?后|以后|之?前|以前)"
        f"|{digit}{digit}{digit}{digit}[-/.]\\d\\d?[-/.]\\d\\d?|\\d\\d?/\\d\\d?)"
    )
