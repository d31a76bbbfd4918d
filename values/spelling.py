"""Codes of letters and digits: order numbers, booking references, serial numbers. The value is upper-case, unspaced."""

import re
from datetime import datetime

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import letters
from huashu.values.folding import fold, is_carrier, strip_leading, strip_trailing
from huashu.values.kinds import Match, Prefix, ValueType

_LENGTH = re.compile(r"(\d+)\s*(?:位|characters?|letters?|digits?)")
_SHORTEST = 2
_LONGEST = 32


def wanted_length(unit: str | None) -> int | None:
    """A spelt variable may say how long it is: `unit: 8位` or `unit: 8 characters`."""
    found = _LENGTH.fullmatch(unit.strip()) if unit else None
    return int(found[1]) if found else None


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    wanted = wanted_length(unit)
    matches = []
    for start, end, value, pieces in letters.runs(text, language):
        if len(value) != wanted if wanted else not _SHORTEST <= len(value) <= _LONGEST:
            continue
        mixed = not value.isdecimal() and not value.isalpha()
        sure = 1.0 if wanted else 0.9 if mixed or len(value) > 3 else 0.6
        words = pieces < 2 and value.isalpha() and not wanted  # "OK", "VIP": hardly spelt
        matches.append(Match(value, start, end, text[start:end], 0.4 if words else sure))
    return matches


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    folded = fold(text)
    body, _ = strip_trailing(text[strip_leading(folded, chinese) :], chinese)
    if not body.strip() or is_carrier(fold(body), chinese):
        return Prefix.PROPER
    runs = list(letters.runs(body, language))
    last = runs[-1] if runs else None
    if last is None or body[last.end :].strip(" ,.、。-~"):
        return Prefix.FULL if _parse(text, language, _ANY_DAY, unit) else Prefix.NONE
    wanted = wanted_length(unit)
    if wanted is None:
        return Prefix.COMPLETE if len(last.value) >= _SHORTEST else Prefix.PROPER
    return Prefix.PROPER if len(last.value) < wanted else Prefix.FULL if len(last.value) == wanted else Prefix.NONE


_ANY_DAY = datetime(2026, 1, 1)


def _read(value: Scalar, language: str, unit: str | None) -> str:
    return letters.read_items(str(value), language)


def _show(value: Scalar, language: str, unit: str | None) -> str:
    return str(value)


def _canonical(value: object) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError
    code = re.sub(r"[\s\-]", "", fold(str(value))).upper()
    if not re.fullmatch(rf"[A-Z0-9]{{1,{_LONGEST}}}", code):
        raise ValueError
    return code


SPELLED = ValueType("spelled", "字母数字", '"AB1234"', _parse, _prefix, _read, _show, _canonical)
