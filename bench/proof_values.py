"""Proof that what the bot reads aloud is what it would hear: value → read_aloud → parse → the same value, in bulk.

`python bench/proof_values.py [--count 100000] [--years 10] [--only TYPE …]`: every time of day and every day of the
years in several wordings, so many random values of every other type, in both languages. One line per type and language:
values tried, values that came back changed (with examples), microseconds per parse. Exit status 1 when any changed.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import cards, divisions, durations, lunar, names, numerals_en, numerals_zh, quantities
from huashu.values.registry import TYPES, Prefix, canonical, parse, prefix, read_aloud

AT = datetime(2026, 2, 25, 10, 0)
LANGUAGES = ("zh-CN", "en-US")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CLEAR = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No I and no O: letters of a number plate."""

Draw = Callable[[random.Random], Scalar]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=100_000, help="random values per type and language")
    options.add_argument("--years", type=int, default=10, help="years of dates, every day of them")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", nargs="*", choices=sorted(TYPES), help="these types")
    chosen = options.parse_args()
    wrong = tried = 0
    for language in LANGUAGES:
        for kind, unit, values in cases(chosen.count, chosen.years, random.Random(chosen.seed), language):
            if not chosen.only or kind in chosen.only:
                count, bad = prove(kind, unit, language, values)
                tried, wrong = tried + count, wrong + bad
        if not chosen.only or {"date", "time"} & set(chosen.only):
            count, bad = said_otherwise(chosen.years, language)
            tried, wrong = tried + count, wrong + bad
    print(f"{tried:,} values: " + ("every one came back" if not wrong else f"{wrong} did not come back"))
    return 1 if wrong else 0


def cases(
    count: int, years: int, source: random.Random, language: str
) -> Iterator[tuple[str, str | None, Iterable[Scalar]]]:
    """(type, unit, values): exhaustive for times, dates and yes/no, random of every size for the rest."""
    yield "integer", None, [*range(min(count, 10_001)), *(integer(source) for _ in range(count))]
    yield "integer", "期", [*range(min(count, 1_001)), *(integer(source) for _ in range(count // 10))]
    yield "integer", "nights", [*range(min(count, 1_001)), *(integer(source) for _ in range(count // 10))]
    yield "number", None, [decimal(source, source.randrange(7)) for _ in range(count)]
    yield "percent", None, [decimal(source, source.randrange(4)) for _ in range(count)]
    yield "money", None, [*(Decimal(n) / 100 for n in range(count // 5)), *(decimal(source, 2) for _ in range(count))]
    yield "money", "USD", [*(Decimal(n) / 100 for n in range(count // 50)), *(decimal(source, 2) for _ in range(count))]
    yield "date", None, [day.isoformat() for day in days(years)]
    yield "date", "month_day", [(AT.date() + timedelta(n)).isoformat() for n in range(365)]
    yield "time", None, [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60)]
    yield "phone", None, [phone(source) for _ in range(count)]
    yield "digits", None, [figures(source, source.randrange(3, 20)) for _ in range(count)]
    yield "yes_no", None, [True, False]
    for kind, draw in drawn(language).items():
        yield kind, None, [draw(source) for _ in range(count)]


def drawn(language: str) -> dict[str, Draw]:
    """How a random value of each dictated type is made; names, addresses and counted things by language."""
    chinese = is_chinese(language)
    return {
        "id_number": identity,
        "bank_card": card,
        "plate": plate,
        "spelled": lambda source: "".join(source.choices(LETTERS + "0123456789", k=source.randrange(3, 16))),
        "email": email,
        "name": name_zh if chinese else name_en,
        "address": address_zh if chinese else address_en,
        "quantity": lambda source: quantity(source, chinese),
        "duration": duration,
        "datetime": lambda source: moment(source).strftime("%Y-%m-%dT%H:%M"),
        "period": period,
    }


def days(years: int) -> list[date]:
    first = date(2021, 1, 1)
    return [first + timedelta(n) for n in range((date(2021 + years, 1, 1) - first).days)]


def integer(source: random.Random) -> int:
    return source.randrange(10 ** source.randrange(1, 16)) * source.choice((1, 1, 1, -1))


def decimal(source: random.Random, places: int) -> Decimal:
    return Decimal(source.randrange(10 ** source.randrange(1, 13))) / 10**places


def figures(source: random.Random, length: int) -> str:
    return "".join(source.choices("0123456789", k=length))


def phone(source: random.Random) -> str:
    shapes = (
        lambda: "1" + source.choice("3456789") + figures(source, 9),
        lambda: "0" + source.choice(("10", "21", "755", "571")) + source.choice("2345678") + figures(source, 7),
        lambda: "400" + figures(source, 7),
        lambda: "+44" + figures(source, 10),
    )
    return source.choice(shapes)()


def identity(source: random.Random) -> str:
    born = date(1930, 1, 1) + timedelta(source.randrange(35_000))
    place = source.choice("11 12 13 21 31 32 33 35 37 41 42 43 44 50 51 61 65 81".split()) + figures(source, 4)  # noqa: SIM905
    if source.random() < 0.1 and not 1919 <= born.year <= 1920:
        short = f"{place}{born:%y%m%d}{figures(source, 3)}"
        if cards.is_identity(short):
            return short
    body = f"{place}{born:%Y%m%d}{figures(source, 3)}"
    return body + cards.check_character(body)


def card(source: random.Random) -> str:
    body = source.choice(("62", "60", "4", "51", "35", "9")) + figures(source, 19)
    body = body[: source.choice((15, 16, 17, 18))]
    return next(body + last for last in "0123456789" if cards.luhn(body + last))


def plate(source: random.Random) -> str:
    head = source.choice("京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新") + source.choice(CLEAR)
    shape = source.randrange(6)
    if shape == 0:
        return head + source.choice("DFABCEGHJK") + source.choice(CLEAR + "0123456789") + figures(source, 4)
    if shape == 1:
        return head + figures(source, 5) + source.choice("DFABCEGHJK")
    if shape == 2:
        return head + figures(source, 4) + source.choice("警学挂")
    if shape == 3:
        return "粤Z" + "".join(source.choices(CLEAR + "0123456789", k=4)) + source.choice("港澳")
    return head + "".join(source.choices(CLEAR + "0123456789" * 3, k=5))


def email(source: random.Random) -> str:
    inner = "abcdefghijklmnopqrstuvwxyz0123456789"
    name = source.choice(inner) + "".join(source.choices(inner * 3 + "._-", k=source.randrange(0, 10)))
    name = (name + source.choice(inner)).replace("..", ".")
    domain = source.choice(
        ("qq.com", "163.com", "gmail.com", "outlook.com", "sina.com.cn", "mail.example.org", "a-b.net")
    )
    return f"{name}@{domain}"


GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文斌鹏飞宇浩轩子涵梓欣怡雨泽晨思远佳琪"


def name_zh(source: random.Random) -> str:
    surname = source.choice(sorted(names.SURNAMES)) if source.random() < 0.9 else source.choice(sorted(names.COMPOUND))
    if source.random() < 0.1:
        return surname + source.choice(("先生", "女士", "经理", "老师"))
    name = surname + "".join(source.choices(GIVEN, k=source.randrange(1, 3)))
    return name if name not in names.OTHER_WORDS else name_zh(source)


FIRST = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "John",
    "Jennifer",
    "Michael",
    "Linda",
    "David",
    "Elizabeth",
    "William",
    "Barbara",
    "Anna",
    "Thomas",
    "Susan",
]
LAST = "Smith Johnson Williams Brown Jones Garcia Miller Davis Wilson Anderson O'Brien Taylor-Moore Lee Clark".split()  # noqa: SIM905


def name_en(source: random.Random) -> str:
    last = source.choice(LAST)
    if source.random() < 0.1:
        return f"{source.choice(('Mr', 'Mrs', 'Ms', 'Dr'))} {last}"
    middle = f" {source.choice(FIRST)}" if source.random() < 0.2 else ""
    return f"{source.choice(FIRST)}{middle} {last}"


def address_zh(source: random.Random) -> str:
    places = divisions.gazetteer()
    county = source.choice(source.choice(sorted(places.counties.items()))[1])
    street = source.choice(("文三路", "建国路", "人民大道", "中山北路", "解放街", "科技园南路", "阳光花园", "幸福村"))
    text = "".join(county.chain()) + street + f"{source.randrange(1, 2000)}号"
    if source.random() < 0.5:
        text += f"{source.randrange(1, 40)}{source.choice(('幢', '栋', '号楼'))}"
        text += f"{source.randrange(1, 9)}单元" if source.random() < 0.5 else ""
        text += f"{source.randrange(101, 3310)}室"
    return text


def address_en(source: random.Random) -> str:
    street = source.choice(("Main Street", "Oak Avenue", "Park Road", "Elm Drive", "Sunset Boulevard", "River Lane"))
    number = source.randrange(1, 20_000)
    if source.random() < 0.3:
        street += f", Apartment {source.randrange(1, 200)}"
    town = source.choice(("Springfield, Illinois", "Portland, Oregon", "Austin, Texas", "Salt Lake City, Utah"))
    return f"{number} {street}, {town} {source.randrange(10_000, 99_999):05d}"


def quantity(source: random.Random, chinese: bool) -> str:
    known = [unit for unit in quantities.UNITS if (unit.zh if chinese else unit.en)]
    unit = source.choice(known)
    whole = unit.symbol in quantities.COUNTED
    number = Decimal(source.randrange(1, 10_000)) if whole else decimal(source, source.randrange(3)) % 100_000
    return str(canonical("quantity", f"{number:f} {unit.symbol}"))


def duration(source: random.Random) -> str:
    months = source.choice((0, 0, source.randrange(1, 60)))
    some = source.choice((0, source.randrange(1, 400)))
    seconds = source.choice((0, 60 * source.randrange(1, 3000), source.randrange(1, 90_000)))
    return durations.written((months, some, seconds) if months or some or seconds else (0, 1, 0))


def moment(source: random.Random) -> datetime:
    return datetime(2021, 1, 1) + timedelta(minutes=source.randrange(10 * 365 * 24 * 60))


def period(source: random.Random) -> str:
    first = moment(source)
    shape = source.randrange(5)
    if shape == 0:
        return f"{first:%Y-%m-%d}/.."
    if shape == 1:
        return f"{first:%Y-%m-%dT%H:%M}/.."
    if shape == 2:
        last = first.replace(hour=23, minute=59)
        later = first + (last - first) * source.random()
        if later.strftime("%H:%M") > first.strftime("%H:%M"):
            return f"{first:%Y-%m-%dT%H:%M}/{later:%Y-%m-%dT%H:%M}"
    last_day = first + timedelta(source.choice((0, source.randrange(1, 40), source.randrange(1, 800))))
    if shape == 3 and last_day.date() != first.date():
        return f"{first:%Y-%m-%dT%H:%M}/{last_day:%Y-%m-%dT%H:%M}"
    return f"{first:%Y-%m-%d}/{last_day:%Y-%m-%d}"


# --- the same day, the same time, in other words ------------------------------------------------------------------


def said_otherwise(years: int, language: str) -> tuple[int, int]:
    """Every day and every minute in the other ways people say them."""
    ways = day_zh if is_chinese(language) else day_en
    clock = clock_zh if is_chinese(language) else clock_en
    pairs = [("date", day.isoformat(), words) for day in days(years) for words in ways(day)]
    for minute in range(24 * 60):
        pairs += [
            ("time", f"{minute // 60:02d}:{minute % 60:02d}", words) for words in clock(minute // 60, minute % 60)
        ]
    wrong = 0
    for kind, value, words in pairs:
        found = parse(kind, words, language=language, at=AT)
        if not found or found[0].value != value:
            wrong += 1
            if wrong <= 5:
                print(f"       {value}: {words} → {found[0].value if found else None}")
    print(f"{language}  {'other wordings':<18} {len(pairs):>7,} tried  {wrong:>5,} changed")
    return len(pairs), wrong


def day_zh(day: date) -> Iterator[str]:
    month, number = numerals_zh.say_integer(day.month), numerals_zh.say_integer(day.day)
    yield f"{day.year}年{day.month}月{day.day}日"
    yield f"{numerals_zh.say_digits(str(day.year % 100).zfill(2))}年{month}月{number}号"
    yield day.isoformat()
    yield f"{day:%Y%m%d}"
    ahead = (day - AT.date()).days
    if 0 <= ahead < 365:
        yield f"{month}月{number}号"
        yield f"{day.month}月{day.day}号吧"
    if ahead > 0:
        yield f"{numerals_zh.say_integer(ahead)}天以后"
    if ahead < 0:
        yield f"{numerals_zh.say_integer(-ahead)}天前"
    weeks = (day - (AT.date() - timedelta(AT.weekday()))).days // 7
    if -2 <= weeks <= 2:
        near = ("上上", "上", "这", "下", "下下")[weeks + 2]
        yield f"{near}{'周' if weeks else '个星期'}{'一二三四五六日'[day.weekday()]}"
    if -2 <= ahead <= 3:
        yield ("前天", "昨天", "今天", "明天", "后天", "大后天")[ahead + 2]
    yield from lunar_words(day)


def lunar_words(day: date) -> Iterator[str]:
    """农历二零二六年… is rare; the year goes in front, as a lunar year: 2026年农历八月十五."""
    for month in range(1, 13):
        first = lunar.solar(day.year, month, 1)
        if first and 0 <= (day - first).days < 29:
            number = (day - first).days + 1
            tens = "初" if number <= 10 else "十" if number < 20 else "二十"
            words = tens + ("" if number == 20 else "一二三四五六七八九十"[(number - 1) % 10])
            name = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")[month - 1]
            if lunar.solar(day.year, month, number) == day:
                yield f"{day.year}年农历{name}月{words}"


def day_en(day: date) -> Iterator[str]:
    month, ordinal = day.strftime("%B"), numerals_en.ordinal(day.day)
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in (11, 12, 13) else 0, "th")
    yield f"{month} {day.day}{suffix}, {day.year}"
    yield f"{day.day} {month} {day.year}"
    yield f"the {ordinal} of {month} {day.year}"
    yield f"{day.month}/{day.day}/{day.year}"
    yield day.isoformat()
    ahead = (day - AT.date()).days
    if 0 <= ahead < 365:
        yield f"{month} {ordinal}"
        yield f"the {ordinal} of {month}"
    if ahead > 0:
        yield f"in {ahead} days"
    if ahead < 0:
        yield f"{-ahead} days ago"
    weeks = (day - (AT.date() - timedelta(AT.weekday()))).days // 7
    if weeks == 1:
        yield f"next {day:%A}"
        yield f"{day:%A} next week"
    if -1 <= ahead <= 2:
        yield ("yesterday", "today", "tomorrow", "the day after tomorrow")[ahead + 1]


def clock_zh(hour: int, minute: int) -> Iterator[str]:
    yield (
        f"{hour:02d}:{minute:02d}"
        if hour > 12 or hour == 0
        else f"{'上午' if hour < 12 else '中午'}{hour}:{minute:02d}"
    )
    part = "凌晨" if hour < 6 else "早上" if hour < 11 else "中午" if hour < 13 else "下午" if hour < 18 else "晚上"
    twelve = "两" if hour % 12 == 2 else numerals_zh.say_integer(hour if hour <= 12 else hour - 12)
    yield f"{part}{hour if hour <= 12 else hour - 12}点{minute:02d}分" if minute else f"{part}{twelve}点整"
    if minute in (15, 45):
        yield f"{part}{twelve}点{'一' if minute == 15 else '三'}刻"
    if minute > 50 and hour % 12 != 11:
        after = "两" if (hour + 1) % 12 == 2 else numerals_zh.say_integer((hour + 1) % 12 or 12)
        same = "凌晨" if hour + 1 < 6 else "早上" if hour + 1 < 11 else "下午" if 12 < hour + 1 < 18 else "晚上"
        if part == same:
            yield f"{same}差{numerals_zh.say_integer(60 - minute)}分{after}点"


def clock_en(hour: int, minute: int) -> Iterator[str]:
    half = "am" if hour < 12 else "pm"
    twelve = (hour - 1) % 12 + 1
    yield f"{twelve}:{minute:02d} {half}"
    yield f"{hour:02d}:{minute:02d}" if hour > 12 or hour < 10 else f"{twelve}:{minute:02d} {half[0]}.m."
    name = numerals_en.say_integer(twelve)
    if 0 < minute <= 30:
        said = {15: "quarter", 30: "half"}.get(minute, f"{numerals_en.say_integer(minute)} minutes")
        yield f"{said} past {name} {half}"
    if minute > 30 and twelve not in (11, 12):
        yield f"{numerals_en.say_integer(60 - minute)} minutes to {numerals_en.say_integer(twelve + 1)} {half}"


def prove(kind: str, unit: str | None, language: str, values: Iterable[Scalar]) -> tuple[int, int]:
    """(tried, changed) of one type."""
    tried = wrong = 0
    spent = 0.0
    examples: list[str] = []
    for value in values:
        spoken = read_aloud(kind, value, language=language, unit=unit)
        began = time.perf_counter()
        found = parse(kind, spoken, language=language, at=AT, unit=unit)
        spent += time.perf_counter() - began
        tried += 1
        if not found or found[0].value != value:
            wrong += 1
            heard = found[0].value if found else None
            examples.append(f"{value} → {spoken} → {heard}")
        elif prefix(kind, spoken, language=language, unit=unit) not in (Prefix.COMPLETE, Prefix.FULL):
            wrong += 1
            examples.append(f"{value} → {spoken}: the prefix test sees no value")
    label = f"{kind}{f' ({unit})' if unit else ''}"
    print(f"{language}  {label:<18} {tried:>7,} tried  {wrong:>5,} changed  {1e6 * spent / tried:6.1f} µs a parse")
    for example in examples[:3]:
        print(f"       {example}")
    return tried, wrong


if __name__ == "__main__":
    sys.exit(main())
