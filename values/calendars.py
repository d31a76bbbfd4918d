"""Arithmetic on days that both languages' date words need."""

import calendar
from datetime import date, timedelta


def make(year: int, month: int, day: int) -> date | None:
    """The day, or None when the calendar has no such day."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def shift_month(today: date, months: int) -> tuple[int, int]:
    """(year, month) so many months from today's."""
    index = today.year * 12 + today.month - 1 + months
    return index // 12, index % 12 + 1


def same_day(today: date, months: int) -> date | None:
    """The same day of the month, or the last one of a shorter month."""
    year, month = shift_month(today, months)
    if not 1 <= year <= 9999:
        return None
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def last_day(today: date, months: int) -> date | None:
    year, month = shift_month(today, months)
    return make(year, month, calendar.monthrange(year, month)[1]) if 1 <= year <= 9999 else None


def add_days(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def next_monthday(today: date, day: int) -> date | None:
    """The next day with this number, today included; a month that has none is skipped."""
    for months in range(3):
        year, month = shift_month(today, months)
        found = make(year, month, day) if year <= 9999 else None
        if found and found >= today:
            return found
    return None


def next_yearday(today: date, month: int, day: int) -> date | None:
    """The next such day of a year, today included; the 29th of February waits for its year."""
    for year in range(today.year, min(today.year + 9, 10000)):
        found = make(year, month, day)
        if found and found >= today:
            return found
    return None


def weekday(today: date, number: int, weeks: int) -> date | None:
    """Day `number` (0 Monday) of the calendar week so many weeks from today's."""
    return add_days(today, 7 * weeks + number - today.weekday())


def next_weekday(today: date, number: int) -> date | None:
    return add_days(today, (number - today.weekday()) % 7)
