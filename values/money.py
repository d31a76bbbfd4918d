"""Amounts of money. The value is in the base unit of the currency; the currency itself is the variable's `unit`."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import numerals_en, numerals_zh
from huashu.values.automaton import Automaton
from huashu.values.folding import fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.numbers import plain, to_decimal
from huashu.values.viable import viable

_OTHER_CURRENCY = 0.3
_BARE = 0.8


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    zh: str
    en: str
    """Plural."""
    singular: str
    minor: tuple[str, str] | None = None
    """English name of the hundredth: singular, plural."""
    words: tuple[str, ...] = ()
    """Further folded names and signs."""


_CURRENCIES = (
    Currency(
        "CNY",
        "元",
        "yuan",
        "yuan",
        ("fen", "fen"),
        ("块钱", "块", "圆", "人民币", "rmb", "¥", "cny", "kuai", "元人民币"),
    ),
    Currency("USD", "美元", "dollars", "dollar", ("cent", "cents"), ("美金", "$", "usd", "us$", "bucks", "buck", "刀")),
    Currency("EUR", "欧元", "euros", "euro", ("cent", "cents"), ("€", "eur")),
    Currency("GBP", "英镑", "pounds", "pound", ("penny", "pence"), ("£", "gbp", "quid")),
    Currency("HKD", "港元", "Hong Kong dollars", "Hong Kong dollar", None, ("港币", "港纸", "hkd", "hk$")),
    Currency("JPY", "日元", "yen", "yen", None, ("日币", "jpy")),
)
_NAMES = {
    name: currency
    for currency in _CURRENCIES
    for name in (currency.zh, currency.en.lower(), currency.singular.lower(), currency.code.lower(), *currency.words)
}


def currency_of(unit: str | None) -> Currency:
    """The currency a variable's unit names; none is CNY, an unknown one is spoken as written."""
    if not unit:
        return _CURRENCIES[0]
    return _NAMES.get(fold(unit).strip()) or Currency(unit, unit, unit, unit)


_DIGIT = r"([零一二两三四五六七八九]|\d)"
_UNIT_ZH = re.compile(
    r"\s*(" + "|".join(sorted((re.escape(n) for n in _NAMES if n not in "¥$€£"), key=len, reverse=True)) + ")(?!儿)"
)
_SIGN_BEFORE = re.compile(r"(us\$|hk\$|cny|usd|rmb|eur|gbp|hkd|jpy|[¥$€£])\s*$")
_AFTER_UNIT = re.compile(
    rf"(?:(?P<half>半)|\s*零?{_DIGIT.replace('(', '(?P<jiao>')}\s*[毛角]|(?=\s*零?{_DIGIT}\s*分)|"
    rf"(?P<zero>零)?(?P<last>[一二三四五六七八九]|\d)"
    r"(?![\d十百千万亿点零一二两三四五六七八九个期年月天号次折%分]))"
)
_ONE_DIGIT = re.compile(_DIGIT)
_FEN = re.compile(rf"\s*零?{_DIGIT}\s*分(?!之|钟|期)")
_NOT_MONEY = re.compile(r"\s*(?:[期月日号点年天岁个位折次笔张倍周时秒]|分[钟之期]|%|[:/]\d|小时|百分)")


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    return _parse_zh(text, unit) if is_chinese(language) else _parse_en(text, unit)


def _confidence(name: str | None, unit: str | None) -> float:
    if name is None:
        return _BARE
    return 1.0 if _NAMES[name].code == currency_of(unit).code else _OTHER_CURRENCY


def _parse_zh(text: str, unit: str | None) -> list[Match]:
    folded = fold(text)
    matches: list[Match] = []
    cursor = 0
    for start, end, value in numerals_zh.find(folded):
        if start < cursor:
            continue
        sign = _SIGN_BEFORE.search(folded, cursor, start)
        marked = _UNIT_ZH.match(folded, end)
        confidence = _confidence(marked[1] if marked else sign[1] if sign else None, unit)
        if marked:
            fraction, end = _fraction(folded, marked.end())
            value += fraction.copy_sign(value)
        elif folded[end : end + 1] in ("毛", "角") and 0 < abs(value) < 100:
            fen = _FEN.match(folded, end + 1)
            bare = _ONE_DIGIT.match(folded, end + 1)
            value, end = value / 10, end + 1
            if last := fen or bare:
                value, end = value + (_digit(last[1]) / 100).copy_sign(value), last.end()
            confidence = 0.9
        elif folded.startswith("分", end) and not _NOT_MONEY.match(folded, end):
            value, end, confidence = value / 100, end + 1, 0.6
        elif not sign and _NOT_MONEY.match(folded, end):
            confidence = _OTHER_CURRENCY
        if folded.startswith(("钱", "整"), end):
            end += 1
        start = sign.start() if sign else start
        matches.append(Match(plain(value), start, end, text[start:end], confidence))
        cursor = end
    return matches


def _fraction(folded: str, end: int) -> tuple[Decimal, int]:
    """What follows 块: "五", "五毛", "零五分", "五角六分", "半"."""
    amount = Decimal(0)
    found = _AFTER_UNIT.match(folded, end)
    if found is None:
        return amount, end
    if found["half"]:
        return Decimal("0.5"), found.end()
    if found["last"]:
        digit = _digit(found["last"])
        return digit / (100 if found["zero"] else 10), found.end()
    if found["jiao"]:
        amount, end = _digit(found["jiao"]) / 10, found.end()
    fen = _FEN.match(folded, end)
    if fen:
        return amount + _digit(fen[1]) / 100, fen.end()
    rest = re.compile(r"([一二三四五六七八九]|\d)(?![\d十百千万亿点零一二两三四五六七八九个期年月天号次折%])").match(
        folded, end
    )
    if found["jiao"] and rest:
        return amount + _digit(rest[1]) / 100, rest.end()
    return amount, end


def _digit(word: str) -> Decimal:
    return Decimal(numerals_zh.DIGITS.get(word, word))


_EN_PHRASES = {("hong", "kong"): 2}
_EN_UNITS = {name for name in _NAMES if name.isascii() and name.isalpha()}
_EN_SIGNS = frozenset({"$", "¥", "€", "£", "usd", "cny", "rmb", "eur", "gbp", "hkd", "jpy"})
_MINOR = frozenset({"cent", "cents", "penny", "pence", "fen"})


def _parse_en(text: str, unit: str | None) -> list[Match]:
    folded = fold(text)
    tokens = numerals_en.words(folded)
    matches: list[Match] = []
    cursor = 0
    for first, last, value in list(numerals_en.find(tokens)):
        if first < cursor:
            continue
        name: str | None = None
        start = first
        if first > cursor and tokens[first - 1].text in _EN_SIGNS:
            start, name = first - 1, tokens[first - 1].text
        value, last = _price(tokens, value, first, last)
        following = [token.text for token in tokens[last : last + 3]]
        if following[:1] and following[0] in _MINOR:
            value, last, confidence = value / 100, last + 1, 0.9
        else:
            if following[:2] == ["hong", "kong"] and following[2:] and following[2].startswith("dollar"):
                name, last = "hkd", last + 3
            elif following and following[0] in _EN_UNITS:
                name, last = following[0], last + 1
            if name is not None and start == first:
                value, last = _cents(tokens, value, last)
            confidence = _confidence(name, unit)
        begin, end = tokens[start].start, tokens[last - 1].end
        matches.append(Match(plain(value), begin, end, text[begin:end], confidence))
        cursor = last
    return matches


def _price(tokens: list[numerals_en.Word], value: Decimal, first: int, last: int) -> tuple[Decimal, int]:
    """ "nineteen ninety nine" is 19.99: two numbers of two digits, in words."""
    if not 10 <= value < 100 or value % 1 or last >= len(tokens) or not tokens[first].text.isalpha():
        return value, last
    found = numerals_en.read(tokens, last) if tokens[last].text.isalpha() else None
    if found is None or not 10 <= found[0] < 100 or found[0] % 1:
        return value, last
    return value + found[0] / 100, found[1]


def _cents(tokens: list[numerals_en.Word], value: Decimal, i: int) -> tuple[Decimal, int]:
    """ "(twelve dollars) and fifty cents", "(twelve dollars) fifty"."""
    j = i + 1 if i < len(tokens) and tokens[i].text == "and" else i
    found = numerals_en.read(tokens, j) if j < len(tokens) else None
    if found is None or not 0 < found[0] < 100 or found[0] % 1:
        return value, i
    end = found[1]
    if end < len(tokens) and tokens[end].text in _MINOR:
        return value + (found[0] / 100).copy_sign(value), end + 1
    if j == i and found[0] >= 10 and not (end < len(tokens) and tokens[end].text.isalpha()):
        return value + (found[0] / 100).copy_sign(value), end
    return value, i


# --- prefix -------------------------------------------------------------------------------------------------------


@cache
def _automaton(chinese: bool) -> Automaton:
    if not chinese:
        names = "|".join([*sorted(_escaped(name) for name in _EN_UNITS), "hong kong dollars?"])
        number = numerals_en.PREFIX
        return Automaton(
            f"[$¥€£]? ?{number}( ({names})(( and)? {number}( (cents?|penny|pence|fen))?)?)?|{number} (cents?|fen)"
        )
    names = "|".join(
        _escaped(name) for name in _NAMES if not (name.isascii() and name.isalpha()) and name not in "¥$€£"
    )
    digit = "[零一二两三四五六七八九0-9]"
    tail = f"(半|零?{digit}([毛角](零?{digit}分?)?)?|零?{digit}分|{digit}[毛角]{digit}分?)"
    small = f"{digit}[毛角](钱|{digit}分?)?|{digit}分钱?"
    return Automaton(f"[¥$€£]?{numerals_zh.PREFIX}(({names})(整|{tail})?)?|{small}")


def _escaped(name: str) -> str:
    return "".join(f"\\{c}" if c in "$?*+()|[]." else c for c in name)


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    return viable(_automaton(chinese), text, chinese, lambda: bool(_parse(text, language, _ANY_DAY, unit)))


_ANY_DAY = datetime(2026, 1, 1)


# --- aloud and on screen ------------------------------------------------------------------------------------------


def _read(value: Scalar, language: str, unit: str | None) -> str:
    """ "一万二千元", "两元零五分", "十二点五美元"; "twelve thousand yuan", "twelve dollars and fifty cents"."""
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    currency = currency_of(unit)
    if is_chinese(language):
        return _read_zh(amount, currency)
    name = currency.singular if amount == 1 else currency.en
    cents = amount * 100
    if currency.minor and currency.code != "CNY" and amount % 1 and cents % 1 == 0:
        whole, rest = divmod(int(abs(cents)), 100)
        small = f"{numerals_en.say_integer(rest)} {currency.minor[0 if rest == 1 else 1]}"
        sign = "minus " if amount < 0 else ""
        if not whole:
            return sign + small
        big = f"{numerals_en.say_integer(whole)} {currency.singular if whole == 1 else currency.en}"
        return f"{sign}{big} and {small}"
    return f"{numerals_en.say_number(amount)} {name}"


def _read_zh(amount: Decimal, currency: Currency) -> str:
    sign = "负" if amount < 0 else ""
    amount = abs(amount)
    fen = amount * 100
    if currency.code != "CNY" or fen % 1:
        return sign + _two(numerals_zh.say_number(amount)) + currency.zh
    whole, rest = divmod(int(fen), 100)
    jiao, fen_left = divmod(rest, 10)
    words = sign + (_two(numerals_zh.say_integer(whole)) + "元" if whole or not rest else "")
    if jiao:
        words += _two(numerals_zh.say_integer(jiao)) + "角"
    elif fen_left and whole:
        words += "零"
    if fen_left:
        words += (
            numerals_zh.say_integer(fen_left) if jiao or whole else _two(numerals_zh.say_integer(fen_left))
        ) + "分"
    return words


def _two(words: str) -> str:
    return "两" if words == "二" else words


def _show(value: Scalar, language: str, unit: str | None) -> str:
    """ "12000.00元" in Chinese, "12,000.00 yuan" in English: two decimals, more where the amount has more."""
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    exponent = amount.as_tuple().exponent
    decimals = max(2, -exponent) if isinstance(exponent, int) else 2
    currency = currency_of(unit)
    if is_chinese(language):
        return f"{amount:.{decimals}f}{currency.zh}"
    return f"{amount:,.{decimals}f} {currency.singular if amount == 1 else currency.en}"


def _canonical(value: object) -> Scalar:
    if isinstance(value, str):
        cleaned = fold(value).strip()
        sign = re.match(r"(?:us\$|hk\$|[¥$€£])\s*", cleaned)
        unit = _UNIT_ZH.search(cleaned)
        cleaned = cleaned[sign.end() :] if sign else cleaned
        value = cleaned[: -len(unit[0])] if unit and cleaned.endswith(unit[0]) else cleaned
    amount = to_decimal(value)
    return amount if amount.as_tuple().exponent == -2 else plain(amount)


MONEY = ValueType(
    "money", "金额", '"12000.00"', _parse, _prefix, _read, _show, _canonical,
    lambda language, unit: _automaton(is_chinese(language)),
)  # fmt: skip
