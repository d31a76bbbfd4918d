"""Values as callers say them: in full, in digits, 幺 for one, 两 for two, "double five", 明天, half past."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from huashu.core.expect import Expectation
from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.flows.script import Question, Variable
from huashu.lab.invented import invented
from huashu.values.registry import display, read_aloud

_ZH = "零一二三四五六七八九"
_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DAYS_ZH = "一二三四五六日"
_DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def kind_of(type: str | None, question: Question) -> str:  # noqa: A002
    """Which carrier sentences fit a value."""
    if question.expect.choices:
        return "choice"
    if type in ("digits", "id_number", "bank_card", "spelled", "plate", "email"):
        return "digits"
    if type == "name":
        return "text"
    if type in ("datetime", "period"):
        return "date"
    return type if type in ("phone", "date", "time", "text") else "number"


def picked(
    variable: Variable, question: Question, known: Sequence[Scalar], names: Sequence[str], now: datetime, rng: Random
) -> Scalar:
    """A value that a caller may want: one of the legal ones, one the bot's tests know, or any of the type."""
    if question.one_of is not None:
        return rng.choice(question.one_of.values)
    if known:
        return rng.choice(known)
    if variable.values:
        return rng.choice(variable.values)
    match variable.type:
        case "yes_no":
            return rng.random() < 0.7
        case "integer":
            return rng.randint(1, 12)
        case "number" | "percent":
            return Decimal(rng.randint(1, 90))
        case "money":
            return Decimal(rng.choice((100, 200, 500, 1000, 1288, 2000, 5000, 12000)))
        case "date":
            return (now.date() + timedelta(days=rng.randint(1, 13))).isoformat()
        case "time":
            return f"{rng.randint(9, 16):02d}:{rng.choice((0, 0, 30, 15)):02d}"
        case "phone":
            head = "13" if variable.unit is None and names and ord(names[0][0]) > 255 else "212555"
            return head + "".join(str(rng.randrange(10)) for _ in range(9 if head == "13" else 4))
        case "digits":
            length = int("".join(filter(str.isdigit, variable.unit or "")) or 4)
            return "".join(str(rng.randrange(10)) for _ in range(length))
        case "text" | "name":
            return rng.choice(names)
        case _:
            return invented(variable.type, now, chinese=bool(names) and ord(names[0][0]) > 255, rng=rng)


def spoken(value: Scalar, expect: Expectation, variable: Variable, *, language: str, now: datetime, rng: Random) -> str:
    """One way to say a value."""
    type = variable.type  # noqa: A001
    ways = [way for choice in expect.choices if choice.value == value for way in choice.spoken]
    if ways:
        return rng.choice(ways)
    chinese = is_chinese(language)
    unit = expect.unit or variable.unit
    plain = str(value) if type == "text" else read_aloud(type, value, language=language, unit=unit)
    if type in ("digits", "phone", "id_number", "bank_card"):
        return _digits(str(value), chinese, rng)
    if type == "datetime":
        day, _, clock = str(value).partition("T")
        days = _dates(date.fromisoformat(day), now.date(), chinese)
        return rng.choice(
            [plain, *(f"{one}{'' if chinese else ' at '}{rng.choice(_times(clock, chinese))}" for one in days)]
        )
    if type == "date":
        return rng.choice([plain, *_dates(date.fromisoformat(str(value)), now.date(), chinese)])
    if type == "time":
        return rng.choice([plain, *_times(str(value), chinese)])
    if type in ("integer", "number", "money", "percent"):
        written = display(type, value, language=language, unit=unit)
        other = plain.replace("二", "两", 1) if plain.startswith("二") and len(plain) < 4 else plain
        return rng.choice((plain, plain, written, other))
    return plain


def _digits(value: str, chinese: bool, rng: Random) -> str:
    if chinese:
        one = rng.choice(("幺", "一"))
        said = [
            one if digit == "1" else _ZH[int(digit)] if digit.isdigit() else digit for digit in value if digit.isalnum()
        ]
        if rng.random() < 0.2:
            return value
        size = rng.choice((len(said), 3, 4))
        return rng.choice(("", "，")).join("".join(said[at : at + size]) for at in range(0, len(said), size))
    zero = rng.choice(("zero", "oh"))
    words: list[str] = []
    at = 0
    digits = [digit for digit in value if digit.isalnum()]
    doubles = rng.random() < 0.5
    while at < len(digits):
        word = zero if digits[at] == "0" else _EN[int(digits[at])] if digits[at].isdigit() else digits[at].lower()
        if doubles and digits[at : at + 2] == [digits[at]] * 2:
            words.append(f"double {word}")
            at += 2
        else:
            words.append(word)
            at += 1
    return " ".join(words)


def _dates(day: date, today: date, chinese: bool) -> list[str]:
    ahead, week = (day - today).days, day.isocalendar()[1] - today.isocalendar()[1]
    ways: list[str] = []
    if chinese:
        ways += [("今天", "明天", "后天", "大后天")[ahead]] if 0 <= ahead <= 3 else []
        if week in (0, 1) and ahead > 0:
            name = _DAYS_ZH[day.weekday()]
            ways += [
                f"{prefix}{name}" for prefix in (("这周", "周", "礼拜") if week == 0 else ("下周", "下礼拜", "下星期"))
            ]
        ways.append(f"{day.day}号" if day.month == today.month and ahead > 0 else f"{day.month}月{day.day}号")
        return ways
    ways += [("today", "tomorrow", "the day after tomorrow")[ahead]] if 0 <= ahead <= 2 else []
    if week in (0, 1) and ahead > 0:
        name = _DAYS_EN[day.weekday()]
        ways += [f"this {name}", f"on {name}"] if week == 0 else [f"next {name}"]
    ways.append(day.strftime("%B ") + str(day.day))
    return ways


def _times(value: str, chinese: bool) -> list[str]:
    hour, minute = int(value[:2]), int(value[3:5])
    if chinese:
        part = "上午" if hour < 12 else "中午" if hour == 12 else "下午" if hour < 18 else "晚上"
        said = {2: "两"}.get((hour - 1) % 12 + 1) or read_aloud("integer", (hour - 1) % 12 + 1, language="zh-CN")
        rest = {0: "点", 30: "点半", 15: "点一刻", 45: "点三刻"}.get(minute, f"点{minute}分")
        return [f"{part}{said}{rest}", f"{part}的{said}{rest}"]
    twelve = (hour - 1) % 12 + 1
    name = _EN[twelve] if twelve < 10 else ("ten", "eleven", "twelve")[twelve - 10]
    half = "in the morning" if hour < 12 else "in the afternoon"
    if minute == 0:
        return [f"{name} o'clock {half}", f"{twelve} {'a.m.' if hour < 12 else 'p.m.'}", f"{name} {half}"]
    if minute == 30:
        return [f"half past {name} {half}", f"{name} thirty {half}"]
    if minute == 15:
        return [f"quarter past {name} {half}", f"{name} fifteen {half}"]
    return [f"{twelve}:{minute:02d} {'a.m.' if hour < 12 else 'p.m.'}"]
