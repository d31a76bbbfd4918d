"""Opening hours: `周一至周五 9:00-18:00`, `Mon-Fri 9:00-12:00 13:00-18:00`, and days on which they are others.

    hours:
      工作时间: [周一至周五 9:00-18:00, 周六 9:00-12:00]
      客服: {open: 每天 8:00-22:00, except: {2026-10-01 至 2026-10-07: closed, 12-31: 8:00-18:00}}

Times are the caller's (the zone of Started). A range that ends at or before its beginning goes on past midnight and
belongs to the day it began.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huashu.core.errors import HuashuError
from huashu.flows.keys import CHINESE_WORDS

DAY = 24 * 60
AHEAD = 400
"""Days that are looked at for the next opening: a year, and a long holiday."""
Ranges = tuple[tuple[int, int], ...]
"""Minutes of the day, half open; the end may lie beyond midnight."""


class HoursError(HuashuError):
    """A text is no opening hours."""

    code = "hours"


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days on which other hours hold. A year of 0: every year."""

    first: tuple[int, int, int]
    last: tuple[int, int, int]
    """(year, month, day)."""
    ranges: Ranges
    """Empty: closed."""

    def holds(self, day: date) -> bool:
        at = (day.year if self.first[0] else 0, day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last  # 12-24 to 01-02


@dataclass(frozen=True, slots=True)
class Hours:
    week: tuple[Ranges, ...]
    """Monday first."""
    exceptions: tuple[Holiday, ...] = ()
    """The last one that holds counts."""
    text: str = ""
    """As it is written."""

    def open_at(self, local: datetime) -> bool:
        """Whether the instant, in local time, lies within."""
        minute, today = local.hour * 60 + local.minute, local.date()
        if any(begin <= minute < end for begin, end in self._on(today)):
            return True
        yesterday = today - timedelta(days=1) if today > date.min else today
        return any(minute < end - DAY for _, end in self._on(yesterday))

    def opens(self, local: datetime) -> datetime | None:
        """The first instant from then on, in local time, that lies within: itself, if it does. None: within `AHEAD`
        days there is none."""
        if self.open_at(local):
            return local
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        for days in range(AHEAD):
            day = midnight + timedelta(days=days)
            begins = [day + timedelta(minutes=begin) for begin, _ in self._on(day.date())]
            if later := [at for at in begins if at > local]:
                return min(later)
        return None

    def _on(self, day: date) -> Ranges:
        for exception in reversed(self.exceptions):
            if exception.holds(day):
                return exception.ranges
        return self.week[day.weekday()]


# --- reading ----------------------------------------------------------------------------------------------------------

_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = {
    "每天": range(7), "天天": range(7), "daily": range(7), "every day": range(7),
    "工作日": range(5), "weekdays": range(5), "周末": range(5, 7), "weekends": range(5, 7),
}  # fmt: skip
_CHINESE = "一二三四五六日"
_DAY = (
    r"(?:周|星期|礼拜)[一二三四五六日天]|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|每天|天天|every day|daily|工作日|weekdays|周末|weekends"
)
_TO = r"\s*(?:至|到|-|–|~|～|to)\s*"
_DAYS = re.compile(rf"({_DAY})(?:{_TO}({_DAY}))?\s*[、,，和]?\s*", re.IGNORECASE)
_TIMES = re.compile(rf"(\d{{1,2}})[:：](\d{{2}}){_TO}(\d{{1,2}})[:：](\d{{2}})\s*[、,，和]?\s*")
_DATE = re.compile(r"(?:(\d{4})-)?(\d{1,2})-(\d{1,2})")


def parse_hours(rules: Sequence[str], exceptions: Iterable[tuple[str, Sequence[str]]] = ()) -> Hours:
    """Hours of the week, each rule adding to the days it names (without days: every day).

    exceptions: days → times, or `closed` (休息).

    Raises:
        HoursError: a text cannot be read; the message is the text.
    """
    week: list[Ranges] = [()] * 7
    for rule in rules:
        days, ranges = _rule(rule)
        for day in days:
            week[day] += ranges
    others = list(exceptions)
    text = "; ".join([*rules, *(f"{days}: {', '.join(times)}" for days, times in others)])
    return Hours(tuple(week), tuple(_exception(days, times) for days, times in others), text)


def _rule(text: str) -> tuple[Iterable[int], Ranges]:
    at, days = 0, list[int]()
    text = text.strip()
    while match := _DAYS.match(text, at):
        first = _day(match[1])
        if match[2]:
            begin, end = first[0], _day(match[2])[-1]
            days += range(begin, end + 1) if begin <= end else [*range(begin, 7), *range(end + 1)]
        else:
            days += first
        at = match.end()
    return days or range(7), _ranges(text[at:], text)


def _day(word: str) -> Sequence[int]:
    plain = word.lower()
    if plain in _GROUPS:
        return _GROUPS[plain]
    if plain[:3] in _ENGLISH:
        return (_ENGLISH.index(plain[:3]),)
    return (_CHINESE.index(word[-1].replace("天", "日")),)


def _ranges(text: str, whole: str) -> Ranges:
    found: list[tuple[int, int]] = []
    at = 0
    while match := _TIMES.match(text, at):
        begin, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if int(match[2]) > 59 or int(match[4]) > 59 or begin >= DAY or end > DAY:
            raise HoursError(whole)
        found.append((begin, end if end > begin else end + DAY))
        at = match.end()
    if not found or at != len(text):
        raise HoursError(whole)
    return tuple(found)


def _exception(days: str, times: Sequence[str]) -> Holiday:
    pieces = re.split(r"\s*(?:至|到|\.\.|to|~|～)\s*", days.strip())
    if not 1 <= len(pieces) <= 2:
        raise HoursError(days)
    first, last = _date(pieces[0], days), _date(pieces[-1], days)
    if bool(first[0]) != bool(last[0]) or (first[0] and first > last):
        raise HoursError(days)
    if any(time.strip() in ("closed", CHINESE_WORDS["closed"]) for time in times):
        if len(times) > 1:
            raise HoursError("、".join(times))
        return Holiday(first, last, ())
    ranges = [found for time in times for found in _ranges(time.strip(), time)]
    return Holiday(first, last, tuple(ranges))


def _date(text: str, whole: str) -> tuple[int, int, int]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise HoursError(whole)
    year, month, day = int(match[1] or 0), int(match[2]), int(match[3])
    try:
        date(year or 2000, month, day)  # 2000 has a 29 February
    except ValueError:
        raise HoursError(whole) from None
    return year, month, day
