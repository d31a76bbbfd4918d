"""Proof that what the bot reads aloud is what it would hear: value → read_aloud → parse → the same value, in bulk.

`python bench/proof_values.py [--count 20000] [--years 3]` prints one line per type and language: values tried, values
that came back changed (with examples), microseconds per parse. Exit status 1 when any changed.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from huashu.core.values import Scalar
from huashu.values.kinds import Prefix
from huashu.values.registry import parse, prefix, read_aloud

AT = datetime(2026, 2, 25, 10, 0)
LANGUAGES = ("zh-CN", "en-US")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=20_000, help="random values per type and language")
    options.add_argument("--years", type=int, default=3, help="years of dates, every day of them")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    wrong = 0
    for language in LANGUAGES:
        for kind, unit, values in cases(chosen.count, chosen.years, random.Random(chosen.seed)):
            wrong += prove(kind, unit, language, values)
    print("every value came back" if not wrong else f"{wrong} values did not come back")
    return 1 if wrong else 0


def cases(count: int, years: int, source: random.Random) -> Iterator[tuple[str, str | None, Iterable[Scalar]]]:
    """(type, unit, values): exhaustive for times, dates and yes/no, random of every size for the rest."""
    yield "integer", None, [*range(10_001), *(integer(source) for _ in range(count))]
    yield "integer", "期", [*range(1_001), *(integer(source) for _ in range(count // 10))]
    yield "integer", "nights", [*range(1_001), *(integer(source) for _ in range(count // 10))]
    yield "number", None, [decimal(source, source.randrange(7)) for _ in range(count)]
    yield "percent", None, [decimal(source, source.randrange(4)) for _ in range(count)]
    yield "money", None, [*(Decimal(n) / 100 for n in range(20_001)), *(decimal(source, 2) for _ in range(count))]
    yield "money", "USD", [*(Decimal(n) / 100 for n in range(2_001)), *(decimal(source, 2) for _ in range(count))]
    first = date(2025, 1, 1)
    yield "date", None, [(first + timedelta(n)).isoformat() for n in range(366 * years)]
    yield "date", "month_day", [(AT.date() + timedelta(n)).isoformat() for n in range(365)]
    yield "time", None, [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(24 * 60)]
    yield "phone", None, [phone(source) for _ in range(count)]
    yield "digits", None, ["".join(source.choices("0123456789", k=source.randrange(3, 20))) for _ in range(count)]
    yield "yes_no", None, [True, False]


def integer(source: random.Random) -> int:
    return source.randrange(10 ** source.randrange(1, 16)) * source.choice((1, 1, 1, -1))


def decimal(source: random.Random, places: int) -> Decimal:
    return Decimal(source.randrange(10 ** source.randrange(1, 13))) / 10**places


def phone(source: random.Random) -> str:
    def digits(length: int) -> str:
        return "".join(source.choices("0123456789", k=length))

    shapes = (
        lambda: "1" + source.choice("3456789") + digits(9),
        lambda: "0" + source.choice(("10", "21", "755", "571")) + source.choice("2345678") + digits(7),
        lambda: "400" + digits(7),
        lambda: "+44" + digits(10),
        lambda: source.choice("23456789") + source.choice("23456789") + digits(8),
    )
    return source.choice(shapes[:4])()


def prove(kind: str, unit: str | None, language: str, values: Iterable[Scalar]) -> int:
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
    return wrong


if __name__ == "__main__":
    sys.exit(main())
