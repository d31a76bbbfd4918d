"""Integers, numbers and percentages, with or without a counter word ("6期", "three nights")."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import NamedTuple

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import numerals_en, numerals_zh
from huashu.values.automaton import Automaton
from huashu.values.folding import fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.viable import viable

_PERCENT_ZH = re.compile(rf"(?P<s>负|-)?(?P<d>百分之?|千分之|万分之)(?P<n>(?:负|-)?{numerals_zh.RUN})|一半")
_FRACTION_ZH = re.compile(
    rf"(?:(?P<w>{numerals_zh.RUN})又)?(?P<d>(?![百千万]分){numerals_zh.RUN})分之(?P<n>{numerals_zh.RUN})"
)
_TENTHS_ZH = re.compile(
    rf"(?P<n>{numerals_zh.RUN})成(?:(?P<half>半)|(?P<last>[一二三四五六七八九]))?(?![功交立为人员本都])"
)
_COUNTERS = re.compile(r"\s*(?:个百分|[月日号点分时秒年元块毛角周岁]|%|[:/\-.]\d)")
_ORDINAL_UNITS = frozenset({"月", "日", "号", "楼", "度"})
_LONGEST = 25  # digits: within the 28 that Decimal keeps exactly
_INVARIABLE = frozenset({"yuan", "percent", "yen", "won", "baht"})


class Quantity(NamedTuple):
    start: int
    end: int
    value: Decimal
    united: bool
    """The counter word was there."""


def quantities(text: str, language: str, unit: str | None) -> Iterator[Quantity]:
    """Every number of a text in either script of figures, with the counter word behind it when there is one."""
    folded = fold(text)
    if is_chinese(language):
        after = _zh_unit(unit)
        for start, end, value in numerals_zh.find(folded):
            counted = after.match(folded, end) if after else None
            yield Quantity(start, counted.end() if counted else end, value, counted is not None)
        return
    tokens = numerals_en.words(folded)
    forms = unit_forms(unit)
    for first, last, value in numerals_en.find(tokens):
        counted_word = last < len(tokens) and tokens[last].text in forms
        yield Quantity(tokens[first].start, tokens[last if counted_word else last - 1].end, value, counted_word)


@cache
def _zh_unit(unit: str | None) -> re.Pattern[str] | None:
    return re.compile(rf"\s*个?{re.escape(fold(unit))}") if unit else None


@cache
def unit_forms(unit: str | None) -> frozenset[str]:
    """English singular and plural of a counter word."""
    if not unit:
        return frozenset()
    word = fold(unit)
    return frozenset({word, word.removesuffix("s"), word.removesuffix("s") + "s"})


def _parse(text: str, language: str, unit: str | None, *, whole: bool) -> list[Match]:
    folded = fold(text)
    matches, taken = ([], []) if whole else _fractions(text, folded)
    if is_chinese(language) and "分之" in folded and whole:
        taken = [found.span() for found in _FRACTION_ZH.finditer(folded)]
    for start, end, value, united in quantities(text, language, unit):
        if any(first <= start < last for first, last in taken):
            continue
        integral = value == value.to_integral_value()
        if whole and not integral:
            continue
        confidence = 1.0 if united or not unit else 0.8
        if not united and _COUNTERS.match(folded, end):
            confidence = 0.3
        result: Scalar = int(value) if whole else plain(value)
        matches.append(Match(result, start, end, text[start:end], confidence))
    if "半" not in folded or not is_chinese(language):
        return matches
    halves = _halves(text, folded, unit)
    apart = [m for m in matches if not any(half.start <= m.start < half.end for half in halves)]
    return apart if whole else halves + apart


def _fractions(text: str, folded: str) -> tuple[list[Match], list[tuple[int, int]]]:
    """五分之一, 一又二分之一 and where fractions stand; one that no decimal equals (三分之一) is no value."""
    if "分之" not in folded:
        return [], []
    matches, spans = [], []
    for found in _FRACTION_ZH.finditer(folded):
        spans.append(found.span())
        whole = numerals_zh.evaluate(found["w"]) if found["w"] else Decimal(0)
        below, above = numerals_zh.evaluate(found["d"]), numerals_zh.evaluate(found["n"])
        if whole is None or not below or above is None:
            continue
        value = whole + above / below
        if len(value.as_tuple().digits) < 20:
            matches.append(Match(plain(value), found.start(), found.end(), text[found.start() : found.end()], 1.0))
    return matches, spans


def _halves(text: str, folded: str, unit: str | None) -> list[Match]:
    """三个半 and 三年半 (with the unit 年) are 3.5, 一半 and 半年 are 0.5; a lone 半 is nothing."""
    found = []
    for half in _half_zh(unit).finditer(folded):
        base = Decimal(0) if half["n"] is None or half[0] == "一半" else numerals_zh.evaluate(half["n"])
        if base is not None and base % 1 == 0:
            found.append(Match(base + Decimal("0.5"), half.start(), half.end(), text[half.start() : half.end()], 0.9))
    return found


@cache
def _half_zh(unit: str | None) -> re.Pattern[str]:
    counter = re.escape(fold(unit)) if unit else "(?!)"
    return re.compile(rf"(?P<n>{numerals_zh.RUN})(?:个|{counter})半(?:{counter})?|半个?{counter}|(?P<half>一半)")


def parse_integer(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    return _parse(text, language, unit, whole=True)


def parse_number(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    return _parse(text, language, unit, whole=False)


def parse_percent(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    """ "百分之十五", "15%", "fifteen percent" are 15; "千分之三" is 0.3. A bare number is taken at half confidence."""
    folded = fold(text)
    matches: list[Match] = []
    if is_chinese(language):
        for found in _PERCENT_ZH.finditer(folded):
            value = Decimal(50) if found["n"] is None else numerals_zh.evaluate(found["n"])
            if found["n"] == "百":
                value = Decimal(100)
            if value is None:
                continue
            factor = {"千": Decimal("0.1"), "万": Decimal("0.01")}.get((found["d"] or "百")[0], Decimal(1))
            value = -value * factor if found["s"] else value * factor
            matches.append(Match(plain(value), found.start(), found.end(), found[0]))
    sign = re.compile(r"\s*(?:%|％|个百分点|个点|percent(?:age points?)?|per cent)")
    if is_chinese(language) and "成" in folded:
        matches += _tenths(text, folded)
    fractions, spans = _fractions(text, folded)
    matches += [replace(one, value=plain(Decimal(str(one.value)) * 100)) for one in fractions]
    taken = [*((match.start, match.end) for match in matches), *spans]
    for start, end, value, _ in quantities(text, language, None):
        if any(first <= start < last for first, last in taken):
            continue
        marked = sign.match(folded, end)
        stop = marked.end() if marked else end
        matches.append(Match(plain(value), start, stop, text[start:stop], 1.0 if marked else 0.5))
    return matches


def _tenths(text: str, folded: str) -> list[Match]:
    """三成 is 30 %, 三成五 35 %."""
    matches = []
    for found in _TENTHS_ZH.finditer(folded):
        tenths = numerals_zh.evaluate(found["n"])
        if tenths is None or not 0 < tenths <= 10:
            continue
        rest = Decimal("0.5") if found["half"] else Decimal(numerals_zh.DIGITS[found["last"] or "零"]) / 10
        span = text[found.start() : found.end()]
        matches.append(Match(plain((tenths + rest) * 10), found.start(), found.end(), span, 0.95))
    return matches


def plain(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 12000.0 → 12000."""
    if value == value.to_integral_value():
        return Decimal(int(value))
    return value.normalize()


# --- prefix -------------------------------------------------------------------------------------------------------


@cache
def _automaton(kind: str, chinese: bool, unit: str | None) -> Automaton:
    number = numerals_zh.PREFIX if chinese else numerals_en.PREFIX
    if kind == "percent":
        if chinese:
            return Automaton(f"(百分(之)?|千分之|万分之){number}|{number}(%|个百分点|个点)?|百分之百|一半")
        return Automaton(f"{number}( ?%| percent| per cent)?")
    if not unit:
        return Automaton(number)
    if chinese:
        return Automaton(f"{number}(个?{_escaped(unit)})?")
    return Automaton(f"{number}( ({'|'.join(sorted(map(_escaped, unit_forms(unit))))}))?")


def _escaped(word: str) -> str:
    return "".join(f"\\{c}" if c in "()[]|?*+\\-." else c for c in fold(word))


def _prefix(kind: str, text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    parse = parse_percent if kind == "percent" else parse_integer if kind == "integer" else parse_number
    return viable(_automaton(kind, chinese, unit), text, chinese, lambda: bool(parse(text, language, _ANY_DAY, unit)))


_ANY_DAY = datetime(2026, 1, 1)


# --- aloud and on screen ------------------------------------------------------------------------------------------


def read_number(value: Scalar, language: str, unit: str | None = None) -> str:
    """ "一万二千期", "两期", "十二号"; "three nights", "one night"."""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if is_chinese(language):
        spoken = numerals_zh.say_number(number)
        if number == 2 and unit and unit not in _ORDINAL_UNITS:
            spoken = "两"
        return spoken + (unit or "")
    return _with_unit(numerals_en.say_number(number), number, unit)


def _with_unit(spoken: str, number: Decimal, unit: str | None) -> str:
    if not unit or not unit.isascii():  # a Chinese counter word has no place in an English sentence
        return spoken
    if unit in _INVARIABLE:
        return f"{spoken} {unit}"
    singular = unit.removesuffix("s")
    return f"{spoken} {singular if number == 1 else singular + 's'}"


def show_number(value: Scalar, language: str, unit: str | None = None) -> str:
    shown = format(value, "f") if isinstance(value, Decimal) else str(value)
    if not unit:
        return shown
    return shown + unit if is_chinese(language) else _with_unit(shown, Decimal(shown), unit)


def _read_percent(value: Scalar, language: str, unit: str | None) -> str:
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not is_chinese(language):
        return numerals_en.say_number(number) + " percent"
    return ("负" if number < 0 else "") + "百分之" + numerals_zh.say_number(abs(number))


def _show_percent(value: Scalar, language: str, unit: str | None) -> str:
    return show_number(value, language) + "%"


# --- from YAML ----------------------------------------------------------------------------------------------------


def to_decimal(value: object) -> Decimal:
    """From a number or its text, commas allowed. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError
    try:
        number = Decimal(fold(str(value)).strip().replace(",", ""))
    except InvalidOperation:
        raise ValueError from None
    if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
        raise ValueError
    return number


def _canonical_integer(value: object) -> Scalar:
    number = to_decimal(value)
    if number != number.to_integral_value():
        raise ValueError
    return int(number)


def _canonical_number(value: object) -> Scalar:
    return plain(to_decimal(value))


def _canonical_percent(value: object) -> Scalar:
    return plain(to_decimal(value.strip().rstrip("%％") if isinstance(value, str) else value))


INTEGER = ValueType(
    "integer", "整数", "6", parse_integer, lambda text, language, unit: _prefix("integer", text, language, unit),
    read_number, show_number, _canonical_integer,
    lambda language, unit: _automaton("integer", is_chinese(language), unit),
)  # fmt: skip
NUMBER = ValueType(
    "number", "数字", "1.5", parse_number, lambda text, language, unit: _prefix("number", text, language, unit),
    read_number, show_number, _canonical_number,
    lambda language, unit: _automaton("number", is_chinese(language), unit),
)  # fmt: skip
PERCENT = ValueType(
    "percent", "百分比", "15", parse_percent, lambda text, language, unit: _prefix("percent", text, language, None),
    _read_percent, _show_percent, _canonical_percent,
    lambda language, unit: _automaton("percent", is_chinese(language), None),
)  # fmt: skip
