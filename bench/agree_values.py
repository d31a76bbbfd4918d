"""How far huashu.values agrees with public text-normalisation cases (wetext, NeMo), as a figure, not as a target.

`python bench/agree_values.py [--data ../shared/data/text_norm] [--show]`. A spoken phrase is parsed; it agrees when one
reading of the whole phrase has the value the reference writes. Cases whose reference is no value of the type (a bare
month, a range, a time zone, a currency sign we do not carry) are counted apart, as out of scope.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from huashu.core.values import Scalar
from huashu.values.folding import fold
from huashu.values.registry import parse

AT = datetime(2026, 2, 25, 10, 0)
_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_LARGE = {"万": 10**4, "亿": 10**8, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_LARGE |= {"quadrillion": 10**15}
FILES = (
    ("zh-CN", "number", "nemo/zh/data_inverse_text_normalization/test_cases_cardinal.txt"),
    ("zh-CN", "number", "nemo/zh/data_inverse_text_normalization/test_cases_decimal.txt"),
    ("zh-CN", "money", "nemo/zh/data_inverse_text_normalization/test_cases_money.txt"),
    ("zh-CN", "date", "nemo/zh/data_inverse_text_normalization/test_cases_date.txt"),
    ("zh-CN", "time", "nemo/zh/data_inverse_text_normalization/test_cases_time.txt"),
    ("zh-CN", "number", "wetext/itn/chinese/test/data/cardinal.txt"),
    ("zh-CN", "money", "wetext/itn/chinese/test/data/money.txt"),
    ("zh-CN", "date", "wetext/itn/chinese/test/data/date.txt"),
    ("zh-CN", "time", "wetext/itn/chinese/test/data/time.txt"),
    ("en-US", "number", "nemo/en/data_inverse_text_normalization/test_cases_cardinal.txt"),
    ("en-US", "number", "nemo/en/data_inverse_text_normalization/test_cases_decimal.txt"),
    ("en-US", "money", "nemo/en/data_inverse_text_normalization/test_cases_money.txt"),
    ("en-US", "date", "nemo/en/data_inverse_text_normalization/test_cases_date.txt"),
    ("en-US", "time", "nemo/en/data_inverse_text_normalization/test_cases_time.txt"),
    ("en-US", "digits", "nemo/en/data_inverse_text_normalization/test_cases_telephone.txt"),
)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/data/text_norm"))
    options.add_argument("--show", action="store_true", help="print what does not agree")
    chosen = options.parse_args()
    if not chosen.data.is_dir():
        print(f"no folder {chosen.data}; name one with --data")
        return 2
    agreed = judged = outside = 0
    for language, kind, name in FILES:
        right = tried = out = 0
        for spoken, written in cases(chosen.data / name):
            wanted = value_of(kind, written)
            if wanted is None:
                out += 1
                if chosen.show:
                    print(f"    out of scope: {spoken} ~ {written}")
                continue
            tried += 1
            if agrees(kind, language, spoken, wanted):
                right += 1
            elif chosen.show:
                print(f"    {kind}: {spoken} ~ {written}")
        print(f"{language} {kind:<7} {right:>3} of {tried:>3} agree, {out:>2} out of scope   {name}")
        agreed, judged, outside = agreed + right, judged + tried, outside + out
    print(f"together {agreed} of {judged} agree ({agreed / judged:.1%}), {outside} out of scope")
    return 0


def cases(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        spoken, _, written = line.partition("~" if "~" in line and "=>" not in line else "=>")
        if spoken.strip() and written.strip() and len(spoken) < 200:
            yield spoken.strip(), written.strip()


def agrees(kind: str, language: str, spoken: str, wanted: Scalar) -> bool:
    matches = parse(kind, spoken, language=language, at=AT)
    return any(match.value == wanted for match in matches)


def value_of(kind: str, written: str) -> Scalar:
    match kind:
        case "number" | "money":
            return quantity(written)
        case "date":
            return day(written)
        case "time":
            return clock(written)
        case _:
            digits = re.sub(r"\D", "", written)
            return digits if digits and not re.search(r"[a-z.]", written) else None


def quantity(written: str) -> Decimal | None:
    plain = re.sub(r"^(?:CNY|JPY|US|A|TWD)?[$¥€£₩₹₽]?|^CNY", "", fold(written).upper().replace("人民币", ""))
    found = re.fullmatch(
        r"(-?[\d,]*\.?\d+)\s*(万|亿|THOUSAND|MILLION|BILLION|TRILLION|QUADRILLION)?\s*(?:YUAN)?", plain
    )
    if found is None:
        return None
    return Decimal(found[1].replace(",", "")) * _LARGE.get((found[2] or "").lower(), 1)


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
    if year is None:
        year = str(AT.year if (int(month), int(number)) >= (AT.month, AT.day) else AT.year + 1)
    return f"{year}-{int(month):02d}-{int(number):02d}"


def clock(written: str) -> str | None:
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?\s*(a\.?m\.?|p\.?m\.?)?( \w+)?", written):
        hour = int(found[1]) % 12 + 12 if (found[3] or "").startswith("p") else int(found[1])
        return f"{hour:02d}:{found[2]}"
    if found := re.fullmatch(r"(\d{1,2})点(?:([1-3])刻)?", written):
        return f"{int(found[1]):02d}:{15 * int(found[2] or 0):02d}"
    return None


if __name__ == "__main__":
    sys.exit(main())
