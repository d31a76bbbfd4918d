"""Numbers with a check digit: resident identity numbers of the PRC and bank cards.

Identity numbers by GB 11643-1999: six digits of place, eight of birth, three of order, a check character (ISO 7064,
MOD 11-2, X for 10); the fifteen digits issued before have no century and no check. Card numbers by ISO/IEC 7812-1:
sixteen to nineteen digits (fifteen for American Express), the last by Luhn's rule.

A number whose check fails was misheard: it is no value, and the step asks again.
"""

import re
from collections.abc import Callable
from datetime import date, datetime

from huashu.core.values import Scalar
from huashu.values.calendars import make
from huashu.values.folding import fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.texts import digit_runs, digits_so_far, in_groups, read_groups

_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()  # noqa: SIM905
)
"""GB/T 2260; 81 to 83 are the residence permits of people from Hong Kong, Macao and Taiwan."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ANY_DAY = datetime(2026, 1, 1)
_LATEST = date(2100, 1, 1)


def check_character(first17: str) -> str:
    """The eighteenth character of an identity number."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True)) % 11]


def luhn(digits: str) -> bool:
    """Whether the last digit is the check of the others."""
    total = 0
    for i, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if i % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def is_identity(number: str, today: date = _LATEST) -> bool:
    """Whether text is an identity number of either length, of somebody born by `today`."""
    if re.fullmatch(r"\d{17}[\dX]", number):
        return _began(number, today) and check_character(number[:17]) == number[17]
    # a long number that is still being said begins like a short one of 1919 or 1920; nobody that old holds one
    return re.fullmatch(r"\d{15}", number) is not None and number[6:8] not in ("19", "20") and _began_old(number)


def _began(number: str, today: date) -> bool:
    """Place and, as far as it goes, birth of the long form are possible."""
    if len(number) >= 2 and number[:2] not in _PROVINCES:
        return False
    if len(number) < 14:
        return any(century.startswith(number[6:8]) for century in ("19", "20"))
    born = make(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    return born is not None and born <= today


def _began_old(number: str) -> bool:
    if len(number) >= 2 and number[:2] not in _PROVINCES:
        return False
    return len(number) < 12 or make(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12])) is not None


def is_card(number: str) -> bool:
    length = len(number) == 15 if re.match("3[47]", number) else 16 <= len(number) <= 19
    return length and re.fullmatch(r"[3-9]\d+|2\d{15}", number) is not None and luhn(number)


def _parse_identity(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    matches = []
    for start, end, digits in digit_runs(text, language):
        if is_identity(digits, at.date()):
            matches.append(Match(digits, start, end, text[start:end], 1.0))
        elif len(digits) > 18:  # a stray 一 or a second try runs into it: place, birth and check tell it from the rest
            inside = [digits[i : i + 18] for i in range(len(digits) - 17)]
            good = {number for number in inside if is_identity(number, at.date())}
            matches += [Match(number, start, end, text[start:end], 0.8) for number in good if len(good) == 1]
    return matches


def _parse_card(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    return [
        Match(digits, start, end, text[start:end], 1.0)
        for start, end, digits in digit_runs(text, language)
        if is_card(digits)
    ]


def _so_far(
    text: str,
    language: str,
    judge: Callable[[str], Prefix],
    parse: Callable[[str, str, datetime, str | None], list[Match]],
) -> Prefix:
    digits = digits_so_far(text, language)
    found = Prefix.NONE if digits is None else judge(digits)
    return Prefix.FULL if found is Prefix.NONE and parse(text, language, _ANY_DAY, None) else found


def _judge_identity(digits: str) -> Prefix:
    if is_identity(digits):
        long = len(digits) == 18
        return Prefix.FULL if long or not _began(digits, _LATEST) else Prefix.COMPLETE
    if not digits.isdecimal() and digits:
        return Prefix.NONE
    begun = (len(digits) < 18 and _began(digits, _LATEST)) or (len(digits) < 15 and _began_old(digits))
    return Prefix.PROPER if begun else Prefix.NONE


def _judge_card(digits: str) -> Prefix:
    if is_card(digits):
        return Prefix.FULL if len(digits) in (15, 19) else Prefix.COMPLETE
    return Prefix.PROPER if re.fullmatch(r"|[2-9]\d{0,17}", digits) else Prefix.NONE


def _prefix_identity(text: str, language: str, unit: str | None) -> Prefix:
    return _so_far(text, language, _judge_identity, _parse_identity)


def _prefix_card(text: str, language: str, unit: str | None) -> Prefix:
    return _so_far(text, language, _judge_card, _parse_card)


def _read_identity(value: Scalar, language: str, unit: str | None) -> str:
    """Place, year, day, the rest: "一一零一零五，一九四九，一二三一，零零二X" with 幺 for one."""
    number = str(value)
    if len(number) == 15:
        return read_groups([number[:6], number[6:12], number[12:]], language)
    return read_groups([number[:6], number[6:10], number[10:14], number[14:]], language)


def _read_card(value: Scalar, language: str, unit: str | None) -> str:
    return read_groups(in_groups(str(value), 4), language)


def _show_identity(value: Scalar, language: str, unit: str | None) -> str:
    return str(value)


def _show_card(value: Scalar, language: str, unit: str | None) -> str:
    """In fours, as embossed: "6222 0212 3456 7894"."""
    number = str(value)
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def _compact(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError
    return re.sub(r"[\s\-]", "", fold(str(value))).upper()


def _canonical_identity(value: object) -> Scalar:
    """A closing * is an X: telephones have no other key for it."""
    number = re.sub(r"\*$", "X", _compact(value))
    if not is_identity(number):
        raise ValueError
    return number


def _canonical_card(value: object) -> Scalar:
    number = _compact(value)
    if not is_card(number):
        raise ValueError
    return number


ID_NUMBER = ValueType(
    "id_number", "证件号", '"11010519491231002X"', _parse_identity, _prefix_identity, _read_identity, _show_identity,
    _canonical_identity,
)  # fmt: skip
BANK_CARD = ValueType(
    "bank_card", "银行卡", '"6222021234567890128"', _parse_card, _prefix_card, _read_card, _show_card, _canonical_card,
)  # fmt: skip
