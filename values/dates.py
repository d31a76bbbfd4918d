"""Calendar dates. The two languages' words are in dates_zh and dates_en; here is what they share.

Relative dates are understood against the speaker's day: a month and day without a year, a bare weekday or "the 15th"
is the next such day, today included; 下周三 and "next Wednesday" lie in the next calendar week (Monday first);
这周三 lies in this one, even when past.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import dates_en, dates_zh
from huashu.values.folding import fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.viable import viable

_WITHOUT_YEAR = frozenset({"月日", "month_day"})
_ISO = re.compile(r"\s*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*")


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    found = find(fold(text), language, at.date())
    return [Match(day.isoformat(), start, end, text[start:end], sure) for start, end, day, sure in found]


def find(text: str, language: str, today: date) -> Iterator[tuple[int, int, date, float]]:
    """(start, end, day, confidence) of every date of folded text."""
    if is_chinese(language):
        return dates_zh.find(text, today)
    return dates_en.find(text, today, day_first=language[3:].upper() not in ("", "US", "CA", "CN"))


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    automaton = dates_zh.automaton() if chinese else dates_en.automaton()
    return viable(automaton, text, chinese, lambda: bool(_parse(text, language, _ANY_DAY, unit)))


_ANY_DAY = datetime(2026, 1, 1)


def read_date(value: Scalar, language: str, unit: str | None = None) -> str:
    """ "二零二六年三月八号", "March eighth, twenty twenty-six"; without the year for the unit 月日 / month_day."""
    day = date.fromisoformat(str(value))
    year = unit not in _WITHOUT_YEAR
    return dates_zh.say(day, year=year) if is_chinese(language) else dates_en.say(day, year=year)


def show_date(value: Scalar, language: str, unit: str | None = None) -> str:
    """ "2026年3月8日", "March 8, 2026"; without the year for the unit 月日 / month_day."""
    day = date.fromisoformat(str(value))
    year = unit not in _WITHOUT_YEAR
    if is_chinese(language):
        return (f"{day.year}年" if year else "") + f"{day.month}月{day.day}日"
    return f"{calendar.month_name[day.month]} {day.day}" + (f", {day.year}" if year else "")


def _canonical(value: object) -> Scalar:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    found = _ISO.fullmatch(fold(value)) if isinstance(value, str) else None
    if found is None:
        raise ValueError
    return date(*(int(part) for part in found.groups())).isoformat()


DATE = ValueType(
    "date", "日期", "2026-03-08", _parse, _prefix, read_date, show_date, _canonical,
    lambda language, unit: (dates_zh if is_chinese(language) else dates_en).automaton(),
)  # fmt: skip
