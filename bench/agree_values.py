"""How far huashu.values agrees with others who turn words into figures: public test cases, and wetext itself.

`python bench/agree_values.py [--data ../shared/data/text_norm] [--count 300] [--show]`.

Cases (NeMo, WeTextProcessing, Apache-2.0): a spoken phrase is parsed with the type its class asks for; it agrees when
one reading has the value that the reference writes, or when the reference writes a range or an approximation ("3~5万")
and no exact value is read. What no type of ours holds (years before our era, decades, IP addresses) is excluded.

wetext (`pip install wetext`): random values of each class are read aloud by us and turned into figures by it, and shown
by us and turned into words by it; both must come back to the value.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.values.durations import written as written_duration
from huashu.values.folding import fold
from huashu.values.registry import canonical, display, parse, read_aloud

AT = datetime(2026, 2, 25, 10, 0)
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_LARGE = {"万": 10**4, "亿": 10**8, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_LARGE |= {"quadrillion": 10**15}
_ITN_ZH, _ITN_EN = (
    "nemo/zh/data_inverse_text_normalization/test_cases",
    "nemo/en/data_inverse_text_normalization/test_cases",
)
FILES = (
    ("zh-CN", "number", f"{_ITN_ZH}_cardinal.txt"),
    ("zh-CN", "number", f"{_ITN_ZH}_decimal.txt"),
    ("zh-CN", "number", f"{_ITN_ZH}_fraction.txt"),
    ("zh-CN", "money", f"{_ITN_ZH}_money.txt"),
    ("zh-CN", "date", f"{_ITN_ZH}_date.txt"),
    ("zh-CN", "time", f"{_ITN_ZH}_time.txt"),
    ("zh-CN", "number", "wetext/itn/chinese/test/data/cardinal.txt"),
    ("zh-CN", "number", "wetext/itn/chinese/test/data/number.txt"),
    ("zh-CN", "number", "wetext/itn/chinese/test/data/fraction.txt"),
    ("zh-CN", "money", "wetext/itn/chinese/test/data/money.txt"),
    ("zh-CN", "date", "wetext/itn/chinese/test/data/date.txt"),
    ("zh-CN", "time", "wetext/itn/chinese/test/data/time.txt"),
    ("zh-CN", "plate", "wetext/itn/chinese/test/data/license_plate.txt"),
    ("en-US", "number", f"{_ITN_EN}_cardinal.txt"),
    ("en-US", "number", f"{_ITN_EN}_decimal.txt"),
    ("en-US", "money", f"{_ITN_EN}_money.txt"),
    ("en-US", "date", f"{_ITN_EN}_date.txt"),
    ("en-US", "time", f"{_ITN_EN}_time.txt"),
    ("en-US", "digits", f"{_ITN_EN}_telephone.txt"),
    ("en-US", "quantity", f"{_ITN_EN}_measure.txt"),
    ("en-US", "email", f"{_ITN_EN}_electronic.txt"),
)
_SYMBOLS = {
    "ml": "mL", "l": "L", "kb": "kB", "mb": "MB", "gb": "GB", "ft": "foot", "in": "inch", "lbs": "lb", "v": "V",
    "mi": "mile", "yd": "yard",
}  # fmt: skip
"""Symbols of the cases that are not ours."""


class Wanted(NamedTuple):
    kind: str
    value: Scalar
    """None: no exact value may be read."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data/text_norm"))
    options.add_argument("--count", type=int, default=300, help="random values of each class against wetext")
    options.add_argument("--show", action="store_true", help="print what does not agree")
    chosen = options.parse_args()
    if not chosen.data.is_dir():
        print(f"no folder {chosen.data}; name one with --data")
        return 2
    against_cases(chosen.data, chosen.show)
    against_wetext(chosen.count, chosen.show)
    return 0


# --- test cases ---------------------------------------------------------------------------------------------------


def against_cases(data: Path, show: bool) -> None:
    agreed = judged = outside = 0
    for language, kind, name in FILES:
        right = tried = out = 0
        for spoken, written in cases(data / name):
            wanted = value_of(kind, spoken, written)
            if wanted is None:
                out += 1
                if show:
                    print(f"    excluded: {spoken} ~ {written}")
                continue
            tried += 1
            if agrees(wanted, language, spoken):
                right += 1
            elif show:
                print(f"    {wanted.kind}: {spoken} ~ {written}")
        print(f"{language} {kind:<8} {right:>3} of {tried:>3} agree, {out:>2} excluded   {name}")
        agreed, judged, outside = agreed + right, judged + tried, outside + out
    share = outside / (judged + outside)
    print(f"together {agreed} of {judged} agree ({agreed / judged:.1%}), {outside} excluded ({share:.1%})")


def cases(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        spoken, _, written = line.partition("~" if "~" in line and "=>" not in line else "=>")
        if spoken.strip() and written.strip() and len(spoken) < 200:
            yield spoken.strip(), written.strip()


def agrees(wanted: Wanted, language: str, spoken: str) -> bool:
    matches = parse(wanted.kind, spoken, language=language, at=AT)
    if wanted.value is None:
        return not any(match.end - match.start > len(spoken) / 2 for match in matches)
    return any(match.value == wanted.value for match in matches)


def value_of(kind: str, spoken: str, written: str) -> Wanted | None:
    """What the reference means: of the class, or of the type that the case really is of."""
    if re.search(r"\d+\s*[~\-]\s*\d", written) and kind in ("number", "money") and re.match("[\u4e00-\u9fff]", spoken):
        return Wanted(kind, None)
    match kind:
        case "number":
            return _number(written)
        case "money":
            amount = quantity(written)
            return None if amount is None else Wanted("money", amount)
        case "date":
            return _date(written)
        case "time":
            if found := re.fullmatch(r"(\d+)分钟", written):
                return Wanted("duration", written_duration((0, 0, 60 * int(found[1]))))
            told = clock(written)
            return None if told is None else Wanted("time", told)
        case "quantity":
            return _measure(written)
        case "plate":
            return Wanted("plate", written)
        case "email":
            return Wanted("email", written.lower()) if "@" in written and " " not in written else None
        case _:
            digits = re.sub(r"\D", "", written)
            if re.fullmatch(r"[a-z0-9]{5,}", written):
                return Wanted("spelled", written.upper())
            return Wanted("digits", digits) if digits and not re.search(r"[a-z.]", written) else None


def _number(written: str) -> Wanted | None:
    if found := re.fullmatch(r"\D*身份证\D*(\d{18})", written):
        return Wanted("digits", found[1])  # the check character of the case is wrong, so it is no id_number of ours
    if found := re.fullmatch(r"\D*(1[3-9]\d{9})\D*", written):
        return Wanted("phone", found[1])
    if found := re.fullmatch(r"(?:尾号|拨打)(\d+)", written):
        return Wanted("digits", found[1])
    if found := re.fullmatch(r"(?:(\d+)又)?(\d+)/(\d+)", written):
        value = Decimal(int(found[1] or 0)) + Decimal(found[2]) / Decimal(found[3])
        return Wanted("number", value if len(value.as_tuple().digits) < 20 else None)
    amount = quantity(written)
    return None if amount is None else Wanted("number", amount)


def quantity(written: str) -> Decimal | None:
    plain = re.sub(r"^(?:CNY|JPY|US|A|TWD)?[$¥€£₩₹₽]?|^CNY", "", fold(written).upper().replace("人民币", ""))
    found = re.fullmatch(
        r"(-?[\d,]*\.?\d+)\s*(万|亿|THOUSAND|MILLION|BILLION|TRILLION|QUADRILLION)?\s*(?:YUAN)?", plain
    )
    if found is None:
        return None
    return Decimal(found[1].replace(",", "")) * _LARGE.get((found[2] or "").lower(), 1)


def _measure(written: str) -> Wanted | None:
    found = re.fullmatch(r"(-?[\d,]*\.?\d+) (\S+(?: \S+)?)", written)
    if found is None:
        return None
    number, unit = found[1].replace(",", ""), found[2]
    if unit == "%":
        return Wanted("percent", Decimal(number))
    if unit == "h":
        return Wanted("duration", written_duration((0, 0, int(Decimal(number) * 3600))))
    unit = _SYMBOLS.get(unit, unit)
    try:
        return Wanted("quantity", canonical("quantity", f"{number} {unit}"))
    except UsageError:
        return None


def _date(written: str) -> Wanted | None:
    told = day(written)
    if told:
        return Wanted("date", told)
    year = month = None
    if found := re.fullmatch(r"(?:公元)?(\d{4})年|(\d{4})", written):
        year = int(found[1] or found[2])
    elif found := re.fullmatch(r"(\d{4})/(\d{2})|(\d{1,2})月", written):
        year, month = (int(found[1]), int(found[2])) if found[1] else (AT.year, int(found[3]))
    elif found := re.fullmatch(rf"({'|'.join(_MONTHS)}) (\d{{4}})", written):
        year, month = int(found[2]), _MONTHS.index(found[1]) + 1
    if year is None:
        return None
    if month is None:
        return Wanted("period", f"{year:04d}-01-01/{year:04d}-12-31")
    first = date(year, month, 1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    return Wanted("period", f"{first}/{last}")


def day(written: str) -> str | None:
    """ISO date of a full date, or of month and day with the year that comes next after AT."""
    if found := re.fullmatch(r"(?:公元)?(?:(\d{4})[年/])?(\d{1,2})[月/](\d{1,2})日?", written):
        year, month, number = found.groups()
    elif found := re.fullmatch(rf"({'|'.join(_MONTHS)}) (\d{{1,2}})(?: (\d{{4}}))?", written):
        month, number, year = str(_MONTHS.index(found[1]) + 1), found[2], found[3]
    elif found := re.fullmatch(rf"(\d+) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?", written):
        number, month, year = found[1], str(_MONTHS.index(found[2]) + 1), found[3]
    else:
        return None
    if year is None and int(number) > 31:
        return None
    if year is None:
        year = str(AT.year if (int(month), int(number)) >= (AT.month, AT.day) else AT.year + 1)
    return f"{year}-{int(month):02d}-{int(number):02d}"


def clock(written: str) -> str | None:
    told = re.search(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*(a\.?m\.?|p\.?m\.?)?( \w+)?$", written)
    if told and re.fullmatch(r"[a-z ]*", written[: told.start()]):
        hour = int(told[1]) % 12 + 12 if (told[3] or "").startswith("p") else int(told[1])
        return f"{hour:02d}:{told[2]}"
    if found := re.fullmatch(r"(\d{1,2})点(?:([1-3])刻)?", written):
        return f"{int(found[1]):02d}:{15 * int(found[2] or 0):02d}"
    return None


# --- wetext -------------------------------------------------------------------------------------------------------

Draw = Callable[[random.Random], Scalar]


def _classes() -> tuple[tuple[str, str, str | None, Draw], ...]:
    def amount(source: random.Random) -> Decimal:
        return Decimal(source.randrange(1, 10 ** source.randrange(2, 9))) / 100

    def any_day(source: random.Random) -> str:
        return (date(2021, 1, 1) + timedelta(source.randrange(3652))).isoformat()

    def any_time(source: random.Random) -> str:
        return f"{source.randrange(24):02d}:{source.randrange(60):02d}"

    def mobile(source: random.Random) -> str:
        return "1" + source.choice("3456789") + "".join(source.choices("0123456789", k=9))

    def plate(source: random.Random) -> str:
        return source.choice("京沪浙粤") + source.choice("ABCDE") + "".join(source.choices("0123456789", k=5))

    def measure(source: random.Random) -> str:
        return f"{source.randrange(1, 900)} {source.choice(('kg', 'km', 'cm', 'mL'))}"

    rows: list[tuple[str, str, str | None, Draw]] = []
    for language in ("zh-CN", "en-US"):
        rows += [
            (language, "integer", None, lambda source: source.randrange(10 ** source.randrange(1, 9))),
            (language, "number", None, lambda source: amount(source) + Decimal("0.01")),
            (language, "percent", None, lambda source: Decimal(source.randrange(1, 1000)) / 10),
            (language, "money", None if language == "zh-CN" else "USD", amount),
            (language, "date", None, any_day),
            (language, "time", None, any_time),
            (language, "quantity", None, measure),
        ]
    rows += [("zh-CN", "phone", None, mobile), ("zh-CN", "plate", None, plate)]
    return tuple(rows)


def against_wetext(count: int, show: bool) -> None:
    try:
        from wetext import Normalizer
    except ImportError:
        print("wetext is not installed (pip install wetext): left out")
        return
    itn = {tag: Normalizer(lang=tag, operator="itn") for tag in ("zh", "en")}
    tn = {tag: Normalizer(lang=tag, operator="tn") for tag in ("zh", "en")}
    source = random.Random(1)
    total = [0, 0]
    for language, kind, unit, draw in _classes():
        spoken_right = shown_right = 0
        tag = language[:2]
        for _ in range(count):
            value = canonical(kind, draw(source))
            words = read_aloud(kind, value, language=language, unit=unit)
            figures = itn[tag].normalize(_heard_en(words) if tag == "en" else words)
            shown = display(kind, value, language=language, unit=unit)
            said = tn[tag].normalize(shown.replace("mL", "ml"))
            right = heard(kind, figures, language, unit, value), heard(kind, said, language, unit, value)
            spoken_right, shown_right = spoken_right + right[0], shown_right + right[1]
            if show and not all(right):
                print(f"    {kind}: {words} ⇒ {figures};  {shown} ⇒ {said}")
        told = f"our words → its figures {spoken_right:>4} of {count}, our figures → its words {shown_right:>4}"
        print(f"{language} {kind:<8} {told}")
        total = [total[0] + spoken_right + shown_right, total[1] + 2 * count]
    print(f"together {total[0]} of {total[1]} agree with wetext ({total[0] / total[1]:.1%})")


def _heard_en(words: str) -> str:
    """As a recogniser writes it: lower case, no hyphens and commas."""
    return re.sub(r"[\-,]", " ", words.lower()).replace("  ", " ")


def heard(kind: str, text: str, language: str, unit: str | None, value: Scalar) -> bool:
    return any(match.value == value for match in parse(kind, text, language=language, at=AT, unit=unit))


if __name__ == "__main__":
    sys.exit(main())
