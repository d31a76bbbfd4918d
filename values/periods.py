"""Stretches of time: 下周, 三天内, 下个月十五号之前, 周一到周五, 明天下午, "between two and four tomorrow".

The value is an ISO 8601 interval, start and end, both included: "2026-03-02/2026-03-08" in days, or with times
"2026-02-26T14:00/2026-02-26T16:00". "X之前" runs from today; an end that nobody named is ".." (ISO 8601-2): "X以后" is
"2026-03-08/..".
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import durations, spans
from huashu.values.calendars import add_days, same_day
from huashu.values.dates import DATE, find, read_date, show_date
from huashu.values.durations import Length
from huashu.values.folding import fold, stripped
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.moments import Clock, canonical_moment, clocks, read_moment
from huashu.values.times import TIME, read_time

OPEN = ".."


class _Point(NamedTuple):
    """One end of a stretch, or a whole one: a day or days, with or without a clock or a part of the day."""

    start: int
    end: int
    first: date | None
    last: date | None
    clock: Clock | None
    part: tuple[str, str] | None
    named: bool
    """Of a span (下周), not of one day."""


_RANGE_ZH = re.compile(r"\s*(?:一?直?到|至|-|~|—)\s*(?:了|第)?\s*")
_RANGE_EN = re.compile(r"\s*(?:to|through|thru|until|till|--?|and)\s+(?:about\s+)?(?:the\s+(?=end|beginning))?|\s*-\s*")
_FROM_EN = re.compile(r"\b(?:from|between)\s")
_TO_EN = re.compile(r"(?<!quarter) to ")
_BEFORE_ZH = re.compile(r"\s*(?:之前|以前|前|为止)")
_AFTER_ZH = re.compile(r"\s*(?:之后|以后|后|起|开始)")
_SINCE_ZH = re.compile(r"\s*(?:以来|到现在|至今|到今天)")
_INSIDE_ZH = re.compile(r"\s*(?:之内|以内|内|里面?)")
_AHEAD_ZH = re.compile(r"(?:未来|接下来|往后|今后|后面|这|以后)的?这?$")
_BACK_ZH = re.compile(r"(?:最近|近|过去|这|前|之前)的?这?$")
_BEFORE_EN = re.compile(r"\b(?:before|by|until|till|no later than|up to)\s+(?:the\s+)?$")
_AFTER_EN = re.compile(r"\b(?:after|from|since|starting(?: from| on)?|as of)\s+(?:the\s+)?$")
_WITHIN_EN = re.compile(
    r"\b(?:within|in|over|during|for)\s+(?:the\s+)?(?:next\s+|coming\s+)?$|\b(?:the\s+)?(?:next|coming)\s+$"
)
_BACK_EN = re.compile(r"\b(?:in|over|within|during|for)?\s*(?:the\s+)?(?:past|last|previous)\s+$")
_BARE = re.compile(r"(?:周|星期|礼拜|\d|[一二三四五六七八九十])")
_ANY_DAY = datetime(2026, 1, 1)


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    folded = fold(text)
    if not is_chinese(language) and _FROM_EN.search(folded):
        folded = _TO_EN.sub(" -- ", folded)  # "from two to four" is no two minutes to four
    found: list[tuple[int, int, str, float]] = list(_windows(folded, language, at))
    taken = [(start, end) for start, end, *_ in found]
    points = [
        point for point in _points(folded, language, at) if not any(start <= point.start < end for start, end in taken)
    ]
    i = 0
    while i < len(points):
        following = points[i + 1] if i + 1 < len(points) else None
        both = _range(folded, points[i], following, language, at) if following else None
        if both:
            found.append(both)
            i += 2
            continue
        alone = _alone(folded, points[i], language, at)
        if alone:
            found.append(alone)
        i += 1
    return [Match(value, start, end, text[start:end], sure) for start, end, value, sure in found]


# --- the ends -----------------------------------------------------------------------------------------------------


def _points(folded: str, language: str, at: datetime) -> list[_Point]:
    chinese = is_chinese(language)
    pattern = spans.PARTS_ZH if chinese else spans.PARTS_EN
    named = list((spans.find_zh if chinese else spans.find_en)(folded, at.date()))
    days = [(start, end, day, day) for start, end, day, _ in find(folded, language, at.date())]
    times = clocks(folded, language, [span[:2] for span in (*named, *days)])
    parts = [
        (found.start(), found.end(), spans.part_of_day(found[0] if chinese else found["p"]))
        for found in pattern.finditer(folded)
        if not any(clock.start < found.end() and found.start() < clock.end for clock in times)
    ]
    whole = [
        (span, True)
        for span in named
        if not any(_meet(span, day) and day[1] - day[0] > span[1] - span[0] for day in days)
    ]
    whole += [(day, False) for day in days if not any(_meet(span, day) for span, _ in whole)]
    points = []
    for (start, end, first, last), is_span in sorted(whole):
        clock = next((clock for clock in times if _near(folded, start, end, clock.start, clock.end, chinese)), None)
        part = next(
            (part for part in parts if clock is None and _near(folded, start, end, part[0], part[1], chinese)), None
        )
        if clock:
            times.remove(clock)
        if part:
            parts.remove(part)
        extra = clock[:2] if clock else part[:2] if part else (start, end)
        begin, stop = min(start, extra[0]), max(end, extra[1])
        points.append(_Point(begin, stop, first, last, clock, part[2] if part else None, is_span))
    points += [_Point(clock.start, clock.end, None, None, clock, None, False) for clock in times]
    points += [_Point(start, end, None, None, None, part, False) for start, end, part in parts]
    return sorted(points, key=lambda point: point.start)


def _meet(one: tuple[int, int, date, date], other: tuple[int, int, date, date]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _near(folded: str, start: int, end: int, first: int, last: int, chinese: bool) -> bool:
    """Whether the words at first:last belong to the day at start:end: they follow it, share a word, or (en) precede."""
    if first < end and start < last:
        return True
    gap = r"\s*的?\s*" if chinese else r"\s*,?\s*(?:(?:at|around|from|between|in the)\s+)?"
    if end <= first:
        return re.fullmatch(gap, folded[end:first]) is not None
    return not chinese and re.fullmatch(r"\s+(?:on\s+)?", folded[last:start]) is not None


def _range(folded: str, one: _Point, other: _Point, language: str, at: datetime) -> tuple[int, int, str, float] | None:
    link = (_RANGE_ZH if is_chinese(language) else _RANGE_EN).fullmatch(folded, one.end, other.start)
    if link is None or (link[0].strip() == "and" and not re.search(r"\bbetween\s+$", folded[: one.start])):
        return None
    head = re.search(r"(?:从|自|\b(?:from|between)\s+)$", folded[: one.start])
    start = head.start() if head else one.start
    if other.first and one.first and (other.first < one.first or _bare(folded, other, language)):
        again = next(iter(find(folded[other.start : other.end], language, one.first)), None)
        if again:
            other = other._replace(first=again[2], last=again[2])
    if one.clock or other.clock or one.part or other.part:
        value = _hours(one, other, at)
    else:
        low, high = one.first, other.last
        value = f"{low}/{high}" if low and high and low <= high else None
    return None if value is None else (start, other.end, value, 1.0)


def _bare(folded: str, point: _Point, language: str) -> bool:
    """A day named without saying of which week or month: 周五, 五号, "Friday"."""
    words = folded[point.start : point.end]
    if point.named or re.search(r"年|next|last|this|\b20\d\d", words):
        return False
    return _BARE.match(words) is not None if is_chinese(language) else True


def _hours(one: _Point, other: _Point, at: datetime) -> str | None:
    """From a clock or part of the day to another; the later end takes its day and half of the day from the earlier."""
    base = one.first or other.first
    wanted = base or at.date()
    lows = [f"{hour:02d}:{minute:02d}" for hour, minute, _ in one.clock.readings] if one.clock else []
    highs = [f"{hour:02d}:{minute:02d}" for hour, minute, _ in other.clock.readings] if other.clock else []
    lows, highs = lows or [(one.part or ("00:00", ""))[0]], highs or [(other.part or ("", "24:00"))[1]]
    last = other.first or wanted
    if last != wanted:
        return f"{wanted}T{lows[0]}/{last}T{highs[0]}"
    if highs == ["00:00"] or (other.clock and other.clock.midnight and highs[0] == "00:00"):
        highs = ["24:00"]
    if len(highs) == 1 and len(lows) == 2:  # 两点到下午四点: the later reading that still precedes
        lows = [low for low in sorted(lows, reverse=True) if low < highs[0]] or lows
    low = lows[0]
    high = next((high for high in sorted(highs) if high > low), None)
    if high is None:
        return None
    if base is None and at.strftime("%H:%M") >= high:
        following = add_days(wanted, 1)
        wanted = following or wanted
    return f"{wanted}T{low}/{wanted}T{high}"


def _alone(folded: str, point: _Point, language: str, at: datetime) -> tuple[int, int, str, float] | None:
    """One end with 前, 后, "by", "after"; else a day, a span or a part of the day. A clock alone is no stretch."""
    today = at.date()
    side, start, end = _side(folded, point, language)
    low, high = point.first, point.last
    if side and point.clock and not point.part:
        hour, minute, _ = point.clock.readings[0]
        moment = f"{low or today}T{hour:02d}:{minute:02d}"
        now = at.strftime("%Y-%m-%dT%H:%M")
        begin = now if (low or today) == today else f"{low}T00:00"
        if side == "before":
            return (start, end, f"{begin}/{moment}", 1.0) if begin <= moment else None
        return start, end, f"{moment}/{OPEN}", 1.0
    if side == "before" and high is not None:
        edge = low if point.named and low else high
        last = edge - timedelta(1) if point.named and edge > date.min else edge
        return (start, end, f"{today}/{last}", 1.0) if last >= today else None
    if side == "after" and high is not None:
        return start, end, f"{high + timedelta(1) if point.named else high}/{OPEN}", 1.0
    if side == "since" and low is not None:
        return (start, end, f"{low}/{today}", 1.0) if low <= today else None
    if point.clock is not None and point.part is None:
        return None
    if point.part is not None:
        return _of_part(point, at)
    return (point.start, point.end, f"{low}/{high}", 1.0 if point.named else 0.7) if low else None


def _side(folded: str, point: _Point, language: str) -> tuple[str | None, int, int]:
    if is_chinese(language):
        for name, pattern in (("since", _SINCE_ZH), ("before", _BEFORE_ZH), ("after", _AFTER_ZH)):
            found = pattern.match(folded, point.end)
            if found:
                start = point.start - (1 if folded[: point.start].endswith(("从", "自", "到")) else 0)
                return name, start, found.end()
        ahead = re.search(r"(截止到?|截至|不晚于|最晚|赶在|到)$", folded[: point.start])
        return ("before", ahead.start(), point.end) if ahead else (None, point.start, point.end)
    before, after = _BEFORE_EN.search(folded[: point.start]), _AFTER_EN.search(folded[: point.start])
    if before or after:
        found = before or after
        return "before" if before else "after", found.start() if found else point.start, point.end
    onwards = re.compile(r"\s+(?:onwards?|and after|or later)\b").match(folded, point.end)
    return ("after", point.start, onwards.end()) if onwards else (None, point.start, point.end)


def _of_part(point: _Point, at: datetime) -> tuple[int, int, str, float] | None:
    if point.part is None:
        return None
    low, high = point.part
    day = point.first
    if point.named and point.first != point.last:
        return point.start, point.end, f"{point.first}/{point.last}", 0.5
    if day is None:
        day = at.date() if at.strftime("%H:%M") < high else add_days(at.date(), 1) or at.date()
    return point.start, point.end, f"{day}T{low}/{day}T{high}", 1.0 if point.first else 0.7


# --- lengths of time from now -------------------------------------------------------------------------------------


def _windows(folded: str, language: str, at: datetime) -> Iterator[tuple[int, int, str, float]]:
    """三天内, 最近三个月, "within three days", "the last two weeks"."""
    chinese = is_chinese(language)
    for start, end, length in durations.find(folded, language):
        head = folded[:start]
        inside = _INSIDE_ZH.match(folded, end) if chinese else None
        ahead = (_AHEAD_ZH if chinese else _WITHIN_EN).search(head)
        back = (_BACK_ZH if chinese else _BACK_EN).search(head)
        if (chinese and folded[end : end + 1] in ("前", "后")) or folded[end : end + 2] in (
            "之前",
            "之后",
            "以前",
            "以后",
        ):
            continue
        if not (inside or ahead or back) or (not chinese and re.match(r"\s+(?:from now|later|ago)", folded[end:])):
            continue
        backwards = back is not None and (not chinese or not inside or back[0] != "这") and back[0] != "这"
        first = back.start() if backwards and back else ahead.start() if ahead else start
        value = _reach(length, at, backwards)
        if value:
            yield first, inside.end() if inside else end, value, 1.0


def _reach(length: Length, at: datetime, backwards: bool) -> str | None:
    months, days, seconds = length
    if seconds and not months and not days:
        other = at + timedelta(seconds=-seconds if backwards else seconds)
        low, high = sorted((at, other))
        return f"{low:%Y-%m-%dT%H:%M}/{high:%Y-%m-%dT%H:%M}"
    sign = -1 if backwards else 1
    shifted = same_day(at.date(), sign * months) if months else at.date()
    other_day = add_days(shifted, sign * (days + (1 if seconds else 0))) if shifted else None
    if other_day is None:
        return None
    low_day, high_day = sorted((at.date(), other_day))
    return f"{low_day}/{high_day}"


# --- prefix, aloud, on screen -------------------------------------------------------------------------------------

_OPEN_ZH = re.compile(r"(?:从|到|至|最近|未来|接下来|之内|这|下|上|本|上个|下个|这个|每|从.+)$")
_OPEN_EN = re.compile(r"\b(?:from|to|through|until|between|and|next|last|this|within|in|the|by|before|after|past)$")


_BEGUN_ZH = re.compile(r"从[^到至]*(?<![起始后到至])$")
_BEGUN_EN = re.compile(r"\b(?:from|between)\b(?!.*\b(?:to|through|until|till|and|onwards?)\b)[^-]*$")


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    folded = fold(text)
    body, closed = stripped(folded, chinese)
    if not body:
        return Prefix.PROPER
    matches = _parse(body, language, _ANY_DAY, unit)
    ends = any(match.end == len(body) for match in matches)
    if not ends and (_OPEN_ZH if chinese else _OPEN_EN).search(body):
        return Prefix.PROPER
    if ends and (_BEGUN_ZH if chinese else _BEGUN_EN).search(body):
        return Prefix.PROPER
    if ends:
        done = closed or any(match.end == len(body) and _settled(match, body, chinese) for match in matches)
        return Prefix.FULL if done else Prefix.COMPLETE
    if not matches and Prefix.NONE in (kinds := {DATE.prefix(text, language, None), TIME.prefix(text, language, None)}):
        rest = kinds - {Prefix.NONE}
        opened = rest or durations.DURATION.prefix(text, language, None) is not Prefix.NONE
        return Prefix.PROPER if opened else Prefix.NONE
    return Prefix.FULL if matches else Prefix.PROPER


def _settled(match: Match, body: str, chinese: bool) -> bool:
    """Both ends were said, or the word that makes it one-sided."""
    pattern = r"(?:前|后|内|里|起|到.+[号日天末底])$" if chinese else r"(?:to|through|until|and)\s+\S.*$"
    return re.search(pattern, match.text) is not None


def _ends(value: Scalar) -> tuple[str, str]:
    low, _, high = str(value).partition("/")
    return low, high


def _one_end(value: str, other: str, language: str, read: Callable[..., str], unit: str | None) -> str:
    """An end aloud or shown; a year or day that both ends share is said once."""
    day, mark, clock = value.partition("T")
    if not mark:
        return read(day, language, "月日" if other[:4] == day[:4] and other else unit)
    if read is show_date:
        return clock if other.startswith(day) else f"{show_date(day, language, unit)} {clock}"
    spoken = read_time(clock, language) if clock != "24:00" else _MIDNIGHT[is_chinese(language)]
    if other.startswith(day):
        return spoken
    return read_moment(f"{day}T{'00:00' if clock == '24:00' else clock}", language, unit)


_MIDNIGHT = {True: "晚上十二点", False: "midnight"}


def _say(value: Scalar, language: str, unit: str | None, read: Callable[..., str]) -> str:
    low, high = _ends(value)
    chinese = is_chinese(language)
    if high == OPEN:
        start = _one_end(low, "", language, read, unit)
        return f"{start}以后" if chinese else f"after {start}"
    first = _one_end(low, "", language, read, unit)
    if low == high:
        return first
    last = _one_end(high, low, language, read, unit)
    if read is show_date:
        return f"{first}—{last}" if "T" in low else f"{first}{'至' if chinese else ' to '}{last}"
    return f"{first}到{last}" if chinese else f"from {first} to {last}"


def _read(value: Scalar, language: str, unit: str | None) -> str:
    """ "二零二六年三月一号到三月五号", "二零二六年三月一号下午两点到下午四点", "…以后"; "from … to …", "after …"."""
    return _say(value, language, unit, read_date)


def _show(value: Scalar, language: str, unit: str | None) -> str:
    return _say(value, language, unit, show_date)


def _canonical(value: object) -> Scalar:
    """ "2026-03-01/2026-03-05", one day, a year-month ("2026-03"), or an end "..". Raises ValueError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = value.isoformat()
    if not isinstance(value, str):
        raise ValueError
    text = fold(value).strip()
    low, mark, high = (part.strip() for part in text.partition("/"))
    if not mark:
        if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
            first = date(int(found[1]), int(found[2]), 1)
            return f"{first}/{(same_day(first, 1) or first) - timedelta(1)}"
        high = low
    low, high = _end(low), OPEN if high == OPEN else _end(high)
    if high != OPEN and (low > high or ("T" in low) != ("T" in high)):
        raise ValueError
    return f"{low}/{high}"


def _end(text: str) -> str:
    day, mark, clock = re.sub(r"\s+|t", "T", text).partition("T")
    if not mark:
        return str(DATE.canonical(day))
    if clock == "24:00":
        return f"{DATE.canonical(day)}T24:00"
    return canonical_moment(f"{day}T{clock}")


PERIOD = ValueType("period", "时段", "2026-03-01/2026-03-05", _parse, _prefix, _read, _show, _canonical)
