"""Typed values: words to values and back, in Chinese and English. The only place of Huashu that normalises text.

Canonical values: text str; yes_no bool; integer int; number, percent, money Decimal (percent: 15 for 15%; money: the
base unit of its currency); date "YYYY-MM-DD"; time "HH:MM", 24 hours; phone digits, with "+" in front when abroad;
digits str; id_number 18 (or 15) characters; bank_card 15 to 19 digits; plate "京A12345"; name str; address str with its
divisions in full; email str; spelled upper-case letters and digits; quantity "3.5 斤"; duration ISO 8601 ("PT30M");
datetime "YYYY-MM-DDTHH:MM"; period an ISO 8601 interval of days or moments ("2026-03-02/2026-03-08"), ".." for an open
end. For every value, `read_aloud` is parsed back to it.

`unit` is the variable's own: a counter word (integer, number: "期", "nights"), a currency (money: "USD", "美元"), a
length (digits, spelled: "6位"), 月日 / month_day for a date that is read without its year, 市 or 区 for an address that
goes no further.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from huashu.core.errors import UsageError
from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values.addresses import ADDRESS
from huashu.values.automaton import Automaton
from huashu.values.cards import BANK_CARD, ID_NUMBER
from huashu.values.dates import DATE
from huashu.values.durations import DURATION
from huashu.values.emails import EMAIL
from huashu.values.folding import fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.moments import DATETIME
from huashu.values.money import MONEY
from huashu.values.names import NAME
from huashu.values.numbers import INTEGER, NUMBER, PERCENT
from huashu.values.periods import PERIOD
from huashu.values.phones import PHONE
from huashu.values.plates import PLATE
from huashu.values.quantities import QUANTITY
from huashu.values.spelling import SPELLED
from huashu.values.texts import DIGITS, TEXT
from huashu.values.times import TIME
from huashu.values.yes_no import YES_NO

__all__ = [
    "TYPES", "TYPE_ALIASES", "Match", "Prefix", "ValueType", "automaton", "canonical", "display", "parse", "prefix",
    "read_aloud",
]  # fmt: skip

TYPES: Mapping[str, ValueType] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            TEXT, YES_NO, INTEGER, NUMBER, PERCENT, MONEY, DATE, TIME, DATETIME, PERIOD, DURATION, QUANTITY, PHONE,
            DIGITS, SPELLED, ID_NUMBER, BANK_CARD, PLATE, NAME, ADDRESS, EMAIL,
        )
    }
)  # fmt: skip
TYPE_ALIASES: Mapping[str, str] = MappingProxyType({kind.alias: kind.name for kind in TYPES.values()})
"""Chinese name → name: 金额 → money."""

LONGEST = 500
"""Characters of a text that are looked at: nobody says more in one turn, and a typed flood stays cheap."""

_CORRECTION_ZH = re.compile(r"不对|说错了|错了|哦不|噢不|啊不|不是|应该是|改成|还是(?!有)")
_CORRECTION_EN = re.compile(r"\b(?:no wait|wait|sorry|i mean|no,|actually|make that|rather|scratch that|correction)")


def parse(type: str, text: str, *, language: str, at: datetime, unit: str | None = None) -> list[Match]:  # noqa: A002
    """Every value of the type in `text`, best first; empty when there is none.

    `at` is the speaker's local time, against which 明天 and "next Friday" are understood. Two readings of the same
    words ("三点": 15:00 or 03:00) are two matches with the same span. After a correction ("三期，不对，六期") what
    was said before it ranks behind.
    """
    kind = _kind(type)
    _check_language(language)
    matches = kind.parse(text[:LONGEST], language, at, unit)
    if len(matches) > 1 and kind.name != "yes_no":
        matches = _after_correction(matches, text, language)
    return sorted(matches, key=lambda match: (-match.confidence, match.start, -match.end))


def _after_correction(matches: list[Match], text: str, language: str) -> list[Match]:
    pattern = _CORRECTION_ZH if is_chinese(language) else _CORRECTION_EN
    last = max(match.start for match in matches)
    corrected = [found.start() for found in pattern.finditer(fold(text)) if found.start() < last]
    if not corrected:
        return matches
    return [
        match
        if match.start > corrected[-1]
        else Match(match.value, match.start, match.end, match.text, match.confidence / 2)
        for match in matches
    ]


def prefix(type: str, text: str, *, language: str, unit: str | None = None) -> Prefix:  # noqa: A002
    """What the words heard so far are to a value of the type. Hesitations and words in front of it are allowed."""
    _check_language(language)
    return _kind(type).prefix(text[-LONGEST:], language, unit)


def automaton(type: str, *, language: str, unit: str | None = None) -> Automaton | None:  # noqa: A002
    """The ways to say a value of the type, folded (huashu.values.folding); None where no automaton has them."""
    _check_language(language)
    kind = _kind(type)
    return kind.automaton(language, unit) if kind.automaton is not None else None


def read_aloud(type: str, value: Scalar, *, language: str, unit: str | None = None) -> str:  # noqa: A002
    """A canonical value in words for a voice; None is "". Raises UsageError for a value of another type."""
    _check_language(language)
    return "" if value is None else _kind(type).read_aloud(canonical(type, value), language, unit)


def display(type: str, value: Scalar, *, language: str, unit: str | None = None) -> str:  # noqa: A002
    """A canonical value as written in a text chat; None is "". Raises UsageError for a value of another type."""
    _check_language(language)
    return "" if value is None else _kind(type).display(canonical(type, value), language, unit)


def rendered(type: str, value: Scalar, *, language: str, unit: str | None = None) -> tuple[str, str]:  # noqa: A002
    """`display` and `read_aloud` of a canonical value."""
    _check_language(language)
    if value is None:
        return "", ""
    kind, known = _kind(type), canonical(type, value)
    return kind.display(known, language, unit), kind.read_aloud(known, language, unit)


def canonical(type: str, value: object) -> Scalar:  # noqa: A002
    """The canonical value of what YAML, `--set` or an action's answer holds; None stays None.

    Raises UsageError that shows a right value. The message does not repeat the wrong one: it may be a caller's.
    """
    kind = _kind(type)
    if value is None:
        return None
    if isinstance(value, float):
        value = Decimal(repr(value))
    try:
        return kind.canonical(value)
    except ValueError:
        given = value.__class__.__name__
        raise UsageError(f"not a {kind.name} ({given} given); a right one is {kind.example}") from None


def _kind(name: str) -> ValueType:
    kind = TYPES.get(name) or TYPES.get(TYPE_ALIASES.get(name, ""))
    if kind is None:
        raise UsageError(f"no value type {name!r}; there are: {', '.join(TYPES)}")
    return kind


def _check_language(language: str) -> None:
    if language[:2].lower() not in ("zh", "en"):
        raise UsageError(f"values are understood in zh and en, not in {language!r}")
