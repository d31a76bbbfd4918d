"""English date words. Works on folded text."""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from huashu.values import lunar, numerals_en
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

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name} | {
    name.lower(): i for i, name in enumerate(calendar.month_abbr) if name
} | {"sept": 9}  # fmt: skip
_DAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
_DAYS |= {"mon": 0, "tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4, "sat": 5, "sun": 6}
_RELATIVE = {
    "the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1, "today": 0, "tonight": 0,
    "the day after tomorrow": 2, "day after tomorrow": 2, "tomorrow": 1,
}  # fmt: skip
_FEASTS = {"new year's day": (1, 1), "valentine's day": (2, 14), "christmas eve": (12, 24)}
_FEASTS |= {"christmas day": (12, 25), "christmas": (12, 25)}
_LUNAR = {
    "chinese new year's eve": "除夕", "lunar new year's eve": "除夕", "chinese new year": "春节",
    "lunar new year": "春节",
    "spring festival": "春节", "lantern festival": "元宵", "dragon boat festival": "端午",
    "mid-autumn festival": "中秋",
    "mid autumn festival": "中秋", "tomb sweeping day": "清明", "tomb-sweeping day": "清明", "winter solstice": "冬至",
}  # fmt: skip
_NEAR = {"next": 1, "this": 0, "last": -1, "the": 0}

_ORDINALS = {numerals_en.ordinal(n): n for n in range(1, 32)} | {
    numerals_en.ordinal(n).replace("-", " "): n for n in range(21, 32)
}  # fmt: skip
_CARDINALS = {numerals_en.say_integer(n): n for n in range(1, 32)} | {
    numerals_en.say_integer(n).replace("-", " "): n for n in range(21, 32)
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_ORD = r"\d{1,2}(?:st|nd|rd|th)|" + "|".join(sorted(_ORDINALS, key=len, reverse=True))
_NUM = _ORD + r"|\d{1,2}(?!\d|:)|" + "|".join(sorted(_CARDINALS, key=len, reverse=True))
_SMALL_WORDS = "|".join(sorted((*numerals_en.TENS, *numerals_en.SMALL), key=len, reverse=True))
YEAR = (
    rf"\d{{4}}(?!\d)|two thousand(?: and)?(?: (?:{_SMALL_WORDS})(?:[ -](?:{_SMALL_WORDS}))?)?"
    rf"|(?:nineteen|eighteen|twenty)[ -](?:oh |o |hundred )?(?:{_SMALL_WORDS})(?:[ -](?:{_SMALL_WORDS}))?"
)
_TWO_DIGITS = rf"(?:{'|'.join(numerals_en.TENS)})(?:[ -](?:{'|'.join(list(numerals_en.SMALL)[1:10])}))?"
YEAR_WORDS = (
    rf"two thousand(?: and)? (?:{_TWO_DIGITS}|{'|'.join(list(numerals_en.SMALL)[1:])})"
    rf"|(?:nineteen|twenty)[ -](?:oh (?:{'|'.join(list(numerals_en.SMALL)[1:10])})|{_TWO_DIGITS}"
    rf"|{'|'.join(list(numerals_en.SMALL)[10:])})"
)
"""A year in words by itself: "twenty five" is none."""
# "july two thousand twelve" is no second of July
_NO_MORE = rf"(?!\s+(?:oh|hundred|thousand|{_SMALL_WORDS})\b)"
_PARTS = (
    r"(?<![\d.])(?P<iy>\d{4})[-/.](?P<im>\d{1,2})[-/.](?P<idd>\d{1,2})(?![\d.])",
    r"(?<![\d/])(?P<fa>\d{1,2})/(?P<fb>\d{1,2})(?:/(?P<fy>\d{4}|\d{2}))?(?![\d/])",
    rf"\b(?P<month>{_MONTH})\b\.?,?\s+(?:the\s+)?(?P<day>{_NUM})\b(?:,?\s+(?:of\s+)?(?P<year>{YEAR})\b)?{_NO_MORE}",
    rf"\b(?:the\s+)?(?P<day2>{_NUM})\s+(?:of\s+)?(?P<month2>{_MONTH})\b\.?(?:,?\s+(?P<year2>{YEAR})\b)?",
    rf"\b(?:the\s+)?(?P<md>{_ORD})\s+(?:of\s+)?(?P<md_near>next|this|last)\s+month\b",
    rf"\b(?P<mx_near>next|this|last)\s+month\s+(?:on\s+)?(?:the\s+)(?P<mx>{_ORD})\b",
    r"\b(?:(?:at\s+)?the\s+)?(?P<edge>end|beginning|start|first day|last day)\s+of\s+(?P<e_near>next"
    r"|this|last|the)\s+month\b|\b(?P<monthend>month[ -]end)\b",
    rf"\b(?P<rel>{'|'.join(_RELATIVE)})\b",
    rf"\b(?P<feast>{'|'.join((*_LUNAR, *_FEASTS))})\b",
    rf"\b(?P<wd2>{_DAY})\s+(?P<wd_near2>next|last)\s+week\b|\b(?P<wd_plus>{_DAY})\s+after\s+next\b",
    rf"\b(?:(?P<wd_near>next|this|last|this coming|coming)\s+)?(?P<wd>{_DAY})\b(?!\.\w)",
    r"\b(?P<sign>in\s+|within\s+)?(?P<count>a couple of|\w+(?:-\w+)?)\s+(?P<span>day|week|month)s?(?:'"
    r"|\b)(?:\s+(?P<side>from\s+(?:now|today)|time|later|ago|before))?",
    rf"\b(?:the\s+)(?P<alone>{_ORD})\b|\b(?P<figure>\d{{1,2}}(?:st|nd|rd|th))\b",
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{part})" for part in _PARTS))


def find(text: str, today: date, *, day_first: bool = False) -> Iterator[Found]:
    """Every date of folded text. `day_first`: 3/8 is the third of August."""
    for found in _pattern().finditer(text):
        part = found.groupdict()
        judged = _calendar(part, today, day_first) or _relative(part, today)
        if judged and judged[0]:
            yield found.start(), found.end(), judged[0], judged[1]


def _calendar(part: dict[str, str | None], today: date, day_first: bool) -> tuple[date | None, float] | None:
    if part["iy"]:
        return make(int(part["iy"]), int(part["im"] or 0), int(part["idd"] or 0)), 1.0
    if part["fa"]:
        first, second = int(part["fa"]), int(part["fb"] or 0)
        month, day = (second, first) if day_first else (first, second)
        if not part["fy"]:
            return next_yearday(today, month, day), 0.6
        return make(_century(int(part["fy"])), month, day), 0.9
    if month_word := part["month"] or part["month2"]:
        month, day = _MONTHS[month_word], _day(part["day"] or part["day2"] or "")
        if year_words := part["year"] or part["year2"]:
            return make(year_of(year_words), month, day), 1.0
        return next_yearday(today, month, day), 0.9
    if number := part["md"] or part["mx"]:
        near = _NEAR[part["md_near"] or part["mx_near"] or "this"] or 0
        return make(*shift_month(today, near), _day(number)), 1.0
    if number := part["alone"] or part["figure"]:
        return next_monthday(today, _day(number)), 0.8
    return None


def _relative(part: dict[str, str | None], today: date) -> tuple[date | None, float] | None:
    if part["rel"]:
        return add_days(today, _RELATIVE[part["rel"]]), 1.0
    if part["feast"] in _LUNAR:
        return lunar.next_feast(_LUNAR[part["feast"]], today), 0.9
    if part["feast"]:
        return next_yearday(today, *_FEASTS[part["feast"]]), 0.7
    if part["monthend"]:
        return last_day(today, 0), 0.9
    if part["edge"]:
        months = _NEAR[part["e_near"] or "this"]
        ends = part["edge"] in ("end", "last day")
        return (last_day(today, months) if ends else make(*shift_month(today, months), 1)), 0.9
    if part["wd2"]:
        return weekday(today, _DAYS[part["wd2"]], _NEAR[part["wd_near2"] or "next"] or 0), 1.0
    if part["wd_plus"]:
        return weekday(today, _DAYS[part["wd_plus"]], 2), 0.8
    if part["wd"]:
        near = part["wd_near"]
        if near in ("next", "last"):
            return weekday(today, _DAYS[part["wd"]], _NEAR[near] or 0), 0.9
        return next_weekday(today, _DAYS[part["wd"]]), 0.9 if len(part["wd"]) > 3 or near else 0.6
    return _counted(part, today) if part["span"] else None


def _counted(part: dict[str, str | None], today: date) -> tuple[date | None, float] | None:
    """ "in three days", "two weeks from now", "a month ago"; without such a word it is a length of time."""
    if not part["sign"] and not part["side"]:
        return None
    words = part["count"] or ""
    if words in ("a", "an", "a couple of"):
        count = 2 if "couple" in words else 1
    else:
        tokens = numerals_en.words(words)
        found = numerals_en.read(tokens, 0) if tokens else None
        if found is None or found[0] % 1 or found[0] > 10**6:
            return None
        count = int(found[0])
    if part["side"] in ("ago", "before"):
        count = -count
    if part["span"] == "month":
        return same_day(today, count), 1.0
    return add_days(today, count * (7 if part["span"] == "week" else 1)), 1.0


def _day(words: str) -> int:
    if words[0].isdecimal():
        return int(re.sub(r"\D", "", words))
    return _ORDINALS.get(words) or _CARDINALS[words]


def year_of(words: str) -> int:
    """ "2026", "twenty twenty-six", "nineteen oh five", "two thousand and nine"."""
    if words[0].isdecimal():
        return int(words)
    tokens = numerals_en.words(words)
    if tokens[1].text in ("thousand", "hundred"):
        found = numerals_en.read(tokens, 0)
        return int(found[0]) if found else 0
    head = numerals_en.SMALL.get(tokens[0].text) or numerals_en.TENS[tokens[0].text]
    rest = [numerals_en.SMALL.get(token.text, numerals_en.TENS.get(token.text, 0)) for token in tokens[1:]]
    return head * 100 + sum(rest)


def _century(year: int) -> int:
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def say(day: date, *, year: bool = True) -> str:
    """ "March eighth, twenty twenty-six"."""
    spoken = f"{calendar.month_name[day.month]} {numerals_en.ordinal(day.day)}"
    return f"{spoken}, {_say_year(day.year)}" if year else spoken


def _say_year(year: int) -> str:
    century, rest = divmod(year, 100)
    if not 18 <= century <= 20 or year in (1800, 1900):
        return str(year)
    if century == 20 and rest < 10:
        return numerals_en.say_integer(year)
    small = f"oh {numerals_en.say_integer(rest)}" if rest < 10 else numerals_en.say_integer(rest)
    return f"{numerals_en.say_integer(century)} {small}"


@cache
def automaton() -> Automaton:
    day = f"({'|'.join(_ORDINALS)}|{'|'.join(_CARDINALS)}|[0-3]?[0-9](st|nd|rd|th)?)".replace("-", " ")
    small = f"({'|'.join((*numerals_en.TENS, *numerals_en.SMALL))})"
    year = f"(two thousand( and)?( {small}( {small})?)?|(nineteen|twenty) (oh )?{small}( {small})?|\\d\\d\\d\\d)"
    month = f"({'|'.join(_MONTHS)})"
    weekdays = f"({'|'.join(_DAYS)})"
    count = f"(a|a couple of|{small}( {small})?|\\d+)"
    return Automaton(
        f"({month} (the )?{day}( {year})?|(the )?{day} ((of )?{month}( {year})?|(of )?(next"
        f"|this) month)|the {day}|\\d?\\d(st|nd|rd|th)"
        f"|{'|'.join(_RELATIVE)}|{'|'.join((*_LUNAR, *_FEASTS))}|(next|this|this coming|coming|last) {weekdays}"
        f"|{weekdays}( (next|last) week)?"
        f"|(next|this) month (on )?the {day}|the (end|beginning|start) of (next|this|the) month|month end"
        f"|in {count} (day|week|month)s?|{count} (day|week|month)s? (from now|from today|later|ago)"
        f"|\\d\\d\\d\\d[-/.]\\d\\d?[-/.]\\d\\d?|\\d\\d?/\\d\\d?(/\\d\\d(\\d\\d)?)?)"
    )
