"""A day with a time of day: 明天下午三点, "tomorrow at three pm", 半小时后. The value is "YYYY-MM-DDTHH:MM", local.

A time without a day is the next such moment. Of the two readings of an open hour the one still to come is taken for
today's; on other days office hours are.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import durations
from huashu.values.automaton import Automaton
from huashu.values.calendars import add_days
from huashu.values.dates import DATE, find, read_date, show_date
from huashu.values.folding import fold, stripped
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.times import TIME, read_time
from huashu.values.times import find as find_times

_BETWEEN_ZH = re.compile(r"[\s,、]*(?:的|是|在|那天)?[\s,、]*")
_BETWEEN_EN = re.compile(r"[\s,]*(?:(?:at|on|around|about|by|sometime)\s+)?")
_LATER_ZH = re.compile(r"\s*(?:之后|以后|后)")
_LATER_EN = re.compile(r"\s+(?:from now|later)\b")
_ONLY_TIME = 0.6


class Clock(NamedTuple):
    start: int
    end: int
    readings: tuple[tuple[int, int, float], ...]
    """(hour, minute, confidence), the likeliest first."""
    midnight: bool
    """Of 晚上十二点 and "twelve at night": the day it is counted to is the one before."""


def clocks(text: str, language: str, days: Sequence[tuple[int, int]]) -> list[Clock]:
    """Times of folded text, the readings of the same words together; none inside a day ("twenty-six" of a year)."""
    by_span: dict[tuple[int, int], list[tuple[int, int, float]]] = {}
    for start, end, hour, minute, sure in find_times(text, language):
        if any(first <= start and end <= last for first, last in days):
            continue
        by_span.setdefault((start, end), []).append((hour, minute, sure))
    return [
        Clock(start, end, tuple(found), re.search(r"[晚夜]|(?<!mid)night", text[start:end]) is not None)
        for (start, end), found in by_span.items()
    ]


def joined(day_span: tuple[int, int], clock: Clock, text: str, language: str) -> bool:
    """Whether a day and a time belong together: neighbours, in either order, or sharing a word (今晚八点)."""
    start, end = day_span
    if start <= clock.start < end or clock.start <= start < clock.end:
        return True
    between = _BETWEEN_ZH if is_chinese(language) else _BETWEEN_EN
    first, last = (end, clock.start) if end <= clock.start else (clock.end, start)
    return between.fullmatch(text, first, last) is not None


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    folded = fold(text)
    days = list(find(folded, language, at.date()))
    matches = [
        Match(value, start, end, text[start:end], sure) for start, end, value, sure in _later(folded, language, at)
    ]
    for clock in clocks(folded, language, [day[:2] for day in days]):
        if any(match.start <= clock.start < match.end for match in matches):
            continue
        day = next((day for day in days if joined(day[:2], clock, folded, language)), None)
        if day is None:
            matches += _next(text, clock, at)
            continue
        start, end = min(day[0], clock.start), max(day[1], clock.end)
        for value, sure in _of_day(day[2], clock, at):
            matches.append(Match(value, start, end, text[start:end], sure * day[3]))
    return matches


def moment(day: date, hour: int, minute: int, clock: Clock) -> datetime | None:
    if clock.midnight and hour == 0:
        following = add_days(day, 1)
        if following is None:
            return None
        day = following
    return datetime.combine(day, time(hour, minute))


def written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M") if moment.year > 999 else f"{moment.isoformat()[:16]}"


def _of_day(day: date, clock: Clock, at: datetime) -> Iterator[tuple[str, float]]:
    for hour, minute, sure in clock.readings:
        found = moment(day, hour, minute, clock)
        if found is not None:
            past = len(clock.readings) > 1 and day == at.date() and found < at
            yield written(found), sure * 0.3 if past else max(sure, 0.9) if _alone(clock, day, at) else sure


def _alone(clock: Clock, day: date, at: datetime) -> bool:
    """Only one of two readings is still to come today."""
    if day != at.date() or len(clock.readings) < 2:
        return False
    return sum((hour, minute) >= (at.hour, at.minute) for hour, minute, _ in clock.readings) == 1


def _next(text: str, clock: Clock, at: datetime) -> list[Match]:
    found = []
    for hour, minute, sure in clock.readings:
        day = at.date() if (hour, minute) >= (at.hour, at.minute) else add_days(at.date(), 1)
        if day is not None:
            value = written(datetime.combine(day, time(hour, minute)))
            later = 0.8 if day != at.date() and len(clock.readings) > 1 else 1.0
            found.append(Match(value, clock.start, clock.end, text[clock.start : clock.end], sure * _ONLY_TIME * later))
    return found


def _later(folded: str, language: str, at: datetime) -> Iterator[tuple[int, int, str, float]]:
    """半小时后, 过二十分钟, "in two hours", "half an hour from now"."""
    chinese = is_chinese(language)
    for start, end, (months, days, seconds) in durations.find(folded, language):
        if months or days or not 0 < seconds <= 7 * 86400:
            continue
        behind = (_LATER_ZH if chinese else _LATER_EN).match(folded, end)
        before = re.search(r"(?:再?过)$" if chinese else r"\bin\s+$", folded[:start])
        if behind or before:
            yield (
                before.start() if before else start,
                behind.end() if behind else end,
                written((at + timedelta(seconds=seconds)).replace(second=0, microsecond=0)),
                1.0,
            )


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    folded = fold(text)
    body, closed = stripped(folded, chinese)
    if not body:
        return Prefix.PROPER
    matches = _parse(body, language, _ANY_DAY, unit)
    if not chinese and re.search(r"\b(?:at|on|in|the|around|past|to)$", body):
        return Prefix.PROPER
    clock, day = TIME.prefix(text, language, None), DATE.prefix(text, language, None)
    if any(match.end == len(body) for match in matches):
        return Prefix.COMPLETE if clock is Prefix.COMPLETE and not closed else Prefix.FULL
    if matches and not (clock is Prefix.PROPER or day is Prefix.PROPER):
        return Prefix.FULL
    open_day = day is not Prefix.NONE and any(
        end == len(body) for _, end, _, _ in find(body, language, _ANY_DAY.date())
    )
    return Prefix.PROPER if clock is Prefix.PROPER or day is Prefix.PROPER or open_day else Prefix.NONE


_ANY_DAY = datetime(2026, 1, 1)


@cache
def _automaton(chinese: bool) -> Automaton | None:
    """Long numbers of hours and minutes are left out: nobody makes an appointment 一千二百分钟以后."""
    if not chinese or DATE.automaton is None or TIME.automaton is None:
        return None
    day, clock = DATE.automaton("zh", None), TIME.automaton("zh", None)
    if day is None or clock is None:
        return None
    soon = "(半个?|[一二两三四五六七八九十]个?半?|[二三四五]十)(小时|钟头|分钟)(之?后|以后)"
    return Automaton(f"({day.pattern})的?({clock.pattern})|{clock.pattern}|{soon}")


def read_moment(value: str, language: str, unit: str | None = None) -> str:
    """ "二零二六年二月二十六号下午三点"; "February twenty-sixth, twenty twenty-six at three pm"."""
    day, _, clock = value.partition("T")
    between = "" if is_chinese(language) else " at "
    return read_date(day, language, unit) + between + read_time(clock, language)


def _read(value: Scalar, language: str, unit: str | None) -> str:
    return read_moment(str(value), language, unit)


def _show(value: Scalar, language: str, unit: str | None) -> str:
    day, _, clock = str(value).partition("T")
    return f"{show_date(day, language, unit)} {clock}"


def canonical_moment(value: object) -> str:
    """From a datetime, "2026-02-26 15:00" or "2026-02-26T15:00". Raises ValueError."""
    if isinstance(value, datetime):
        return written(value)
    if not isinstance(value, str):
        raise ValueError
    day, mark, clock = re.sub(r"\s+", "T", fold(value).strip()).replace("t", "T").partition("T")
    if not mark:
        raise ValueError
    return f"{DATE.canonical(day)}T{TIME.canonical(clock)}"


DATETIME = ValueType(
    "datetime", "日期时间", "2026-02-26T15:00", _parse, _prefix, _read, _show, canonical_moment,
    lambda language, unit: _automaton(is_chinese(language)),
)  # fmt: skip
