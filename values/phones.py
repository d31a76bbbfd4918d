"""Telephone numbers: mainland China's plan in Chinese, the North American and a general one in English.

Shapes: mobile 1[3-9] + 9 digits, fixed 0 + area (2 or 3) + 7 or 8 digits, 400/800 + 7 digits, 95 + 3 to 6 digits,
service numbers 1[0-2]xxx and 1xx (工信部 电信网编号计划, 2017); ten digits from 2-9 by the North American plan.
"""

import re
from datetime import datetime
from functools import cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values.automaton import Automaton
from huashu.values.folding import fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.texts import digit_runs, digits_so_far, in_groups, read_groups

_MOBILE = r"1[3-9]" + r"\d" * 9
_CHINA = (
    _MOBILE,
    r"0(10|2\d)[2-9]\d{7}",
    r"0[3-9]\d{2}[2-9]\d{6,7}",
    r"[48]00\d{7}",
    r"[2-8]\d{6,7}",
    r"95\d{3,6}",
    r"1[0-2]\d{3}",
    r"1[12]\d",
)
_ENGLISH = (*_CHINA[:4], r"1?[2-9]\d{9}", r"0\d{9,10}", r"[2-9]\d{6}")
_ABROAD = r"\+[1-9]\d{6,14}"  # ITU-T E.164: fifteen digits at most
_CERTAIN = 10  # digits from which a run is hardly anything else


def _plans(language: str) -> tuple[str, ...]:
    return _CHINA if is_chinese(language) else _ENGLISH


@cache
def _shape(chinese: bool) -> re.Pattern[str]:
    return re.compile("|".join((*(_CHINA if chinese else _ENGLISH), _ABROAD)))


def national(digits: str) -> str:
    """+86 and 0086 before a mainland number removed; any other "00" or "+" kept as "+"."""
    bare = re.sub(r"^00(?=[1-9])", "+", digits)
    if bare.startswith("+86"):
        rest = bare[3:]
        return rest if re.fullmatch(_MOBILE, rest) else "0" + rest.removeprefix("0")
    if re.fullmatch("86" + _MOBILE, bare):
        return bare[2:]
    return bare


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    matches = []
    shape = _shape(is_chinese(language))
    for start, end, digits in digit_runs(text, language):
        number = national(digits)
        if shape.fullmatch(number):
            matches.append(Match(number, start, end, text[start:end], 1.0 if len(number) >= _CERTAIN else 0.7))
    return matches


@cache
def _automaton(chinese: bool) -> Automaton:
    plans = [re.sub(r"\\d\{(\d),?(\d?)\}", _spelt, plan) for plan in (_CHINA if chinese else _ENGLISH)]
    national_plans = "|".join(plans)
    foreign = r"\+[1-9]" + r"\d" * 6 + r"(\d?)" * 8
    return Automaton(f"((\\+|00)?86)?({national_plans})|{foreign}|00[1-9]" + r"\d" * 6 + r"(\d?)" * 8)


def _spelt(repeat: re.Match[str]) -> str:
    least, most = int(repeat[1]), int(repeat[2] or repeat[1])
    return r"\d" * least + r"\d?" * (most - least)


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    digits = digits_so_far(text, language)
    if digits is None:
        return Prefix.FULL if _parse(text, language, _ANY_DAY, None) else Prefix.NONE
    found = _automaton(is_chinese(language)).test(digits)
    if found is Prefix.NONE and _parse(text, language, _ANY_DAY, None):
        return Prefix.FULL
    return found


_ANY_DAY = datetime(2026, 1, 1)


def _groups(number: str) -> list[str]:
    """As people say it: 138 1234 5678, 010 8888 8888, 0755 888 8888, 400 888 8888, 212 555 0100."""
    if number.startswith("+"):
        return ["+" + group if i == 0 else group for i, group in enumerate(in_groups(number[1:], 3))]
    if re.fullmatch(_MOBILE, number) or re.fullmatch(_CHINA[1], number):
        return [number[:3], number[3:7], number[7:]]
    if re.fullmatch(_CHINA[2], number):
        return [number[:4], number[4:8], number[8:]]
    if len(number) == 10:
        return [number[:3], number[3:6], number[6:]]
    return in_groups(number, 4) if len(number) > 6 else [number]


def _read(value: Scalar, language: str, unit: str | None) -> str:
    groups = _groups(str(value))
    plus = groups[0].startswith("+")
    groups[0] = groups[0].lstrip("+")
    words = read_groups(groups, language)
    if plus:
        return ("加" if is_chinese(language) else "plus ") + words
    return words


def _show(value: Scalar, language: str, unit: str | None) -> str:
    return str(value) if is_chinese(language) else "-".join(_groups(str(value)))


def _canonical(value: object) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError
    number = national(re.sub(r"[\s\-().]", "", fold(str(value))))
    if not re.fullmatch(r"\d{3,15}|" + _ABROAD, number):
        raise ValueError
    return number


PHONE = ValueType("phone", "电话", '"13812345678"', _parse, _prefix, _read, _show, _canonical)
