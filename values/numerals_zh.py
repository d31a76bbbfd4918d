"""Chinese numerals, both ways. Works on folded text (huashu.values.folding)."""

import re
from collections.abc import Iterator
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "幺": 1, "俩": 2, "仨": 3}
_TENS = {"廿": 20, "卅": 30}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LONGEST = 64  # characters; the longest number in words under 10^16 has about 40
_MOST_DIGITS = 25  # within the 28 that Decimal keeps exactly; longer ones are no quantities
_SPOKEN = "零一二三四五六七八九"

_ATOM = r"\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMERAL = rf"(?:{_ATOM}|[零一二两三四五六七八九十百千万亿幺俩仨廿卅])"
RUN = rf"(?>{_NUMERAL}(?:{_NUMERAL}|点(?=[零一二三四五六七八九\d]))*)"
"""A stretch of numerals; `evaluate` says whether it is one number. Atomic: giving figures back would take for ever."""
_FINDER = re.compile(rf"(?:负|(?<![\d\w])-)?{RUN}")
_TOKENS = re.compile(rf"{_ATOM}|.")

_VAGUE_BEFORE = re.compile(r"(?:几|数|好些|周|星期|礼拜|上(?=[百千万亿]))$")
_VAGUE_AFTER = re.compile(
    r"[多几余]|来[个块元天次岁期]|(?:下|些|定|样|起|直|会儿?|般|切|共|旦|律|边|时半会|种(?!类))|点"
    r"(?![\d零一二三四五六七八九])"
)
_WORDS_WITH_ONE = re.compile(r"(?:统|唯|万|同|专|之)$")

PREFIX = (
    "(负)?("
    "({d4}|{d4}万(零?{d4})?|{d4}万?亿(零?{d4}万)?(零?{d4})?)(点{d}+)?"
    "|零(点{d}+)?|{d}+点{d}+[百千万亿]?|{d}{d}{d}+"
    "|\\d+(,\\d\\d\\d)*(\\.\\d+)?[百千万亿]?({d}[百千]?)?)"
)
"""Pattern for huashu.values.automaton: what can begin a spoken number."""
_D = "[零一二两三四五六七八九幺]"
_D2 = "([一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_D3 = f"([一二两三四五六七八九]百(零[一二三四五六七八九]|{_D2})?|{_D2})"
_D4 = f"([一二两三四五六七八九]千(零{_D2}|{_D3})?|{_D3})"
PREFIX = PREFIX.replace("{d4}", _D4).replace("{d}", _D)


def find(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """(start, end, value) of every exact number in folded text: no "三百多", no "七八个", no 一 of "等一下"."""
    for run in _FINDER.finditer(text):
        start, end = run.span()
        value = evaluate(run[0]) if end - start <= _LONGEST else None
        if value is None or _VAGUE_BEFORE.search(text, max(0, start - 3), start):
            continue
        if text[start:end] == "一" and (_WORDS_WITH_ONE.search(text, max(0, start - 1), start)):
            continue
        after = _VAGUE_AFTER.match(text, end)
        if after and (after[0][0] in "多几余来" or text[start:end] == "一"):
            continue
        yield start, end, value


def evaluate(run: str) -> Decimal | None:
    """The number a whole stretch of numerals means, or None: "两百五" is 250, "1.2万" 12000, "二零二六" 2026.

    None as well for the approximate "七八", "三五", "五六十".
    """
    if run[0] in "负-":
        value = evaluate(run[1:])
        return None if value is None else -value
    whole, point, fraction = run.partition("点")
    if point:
        return _with_fraction(whole, fraction)
    tokens = _TOKENS.findall(run)
    if max(map(len, tokens)) > _MOST_DIGITS:
        return None
    if all(token in DIGITS for token in tokens):
        if len(tokens) > _MOST_DIGITS:
            return None
        if len(tokens) == 2 and _approximate(DIGITS[tokens[0]], DIGITS[tokens[1]]):
            return None
        return Decimal("".join(str(DIGITS[token]) for token in tokens))
    return _place_value(tokens)


def _approximate(first: int, second: int) -> bool:
    return first > 0 and (second == first + 1 or (first, second) == (3, 5))


def _with_fraction(whole: str, fraction: str) -> Decimal | None:
    factor = 1
    while fraction and fraction[-1] in "百千万亿":
        factor *= _UNITS[fraction[-1]]
        fraction = fraction[:-1]
    integer = evaluate(whole)
    if integer is None or not fraction or not all(c in DIGITS or c.isdecimal() for c in fraction):
        return None
    digits = "".join(str(DIGITS.get(c, c)) for c in fraction)
    return (integer + Decimal(f"0.{digits}")) * factor


def _place_value(tokens: list[str]) -> Decimal | None:
    total = section = Decimal(0)  # above 万, below it
    pending: Decimal | None = None
    limit = 10**12  # the last unit said: the next one must be smaller, except 万 and 亿
    groups: list[int] = []  # 万 and 亿 already said
    zero = False
    for token in tokens:
        unit = _UNITS.get(token)
        if token in _TENS:  # 廿三 is 23
            if pending is not None or limit <= 10:
                return None
            section, limit, zero = section + _TENS[token], 10, False
        elif unit is None:
            value = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token.replace(",", ""))
            if pending is not None or (token == "零" and (zero or limit == 10**12)):
                return None
            if token == "零":
                zero = True
            else:
                pending = value
        elif unit < 10**4:
            if unit >= limit or (pending is None and unit != 10):
                return None
            section += (Decimal(1) if pending is None else pending) * unit
            pending, limit, zero = None, unit, False
        else:
            group = section + (pending or 0)
            # 一千二万 would hide an elision inside a group
            if unit in groups or (pending is not None and 100 <= limit <= 10**4 and not zero):
                return None
            if unit == 10**8:
                group, total = group + total, Decimal(0)
            if group <= 0:
                return None
            total += group * unit
            section, pending, limit, zero = Decimal(0), None, unit, False
            groups = [10**8] if unit == 10**8 else [*groups, unit]
    if pending is None:
        return None if zero else total + section
    if limit < 100 or zero or limit == 10**12 or pending >= 10:
        return total + section + pending if pending < limit else None
    return total + section + pending * limit / 10  # 两百五, 一千二, 一万二


def say_integer(number: int) -> str:
    """ "一万二千", "两百零五", "十二", "负三". Any size: beyond 10^16 digit by digit."""
    if number < 0:
        return "负" + say_integer(-number)
    if number >= 10**16:
        return "".join(_SPOKEN[int(digit)] for digit in str(number))
    words = _say(number)
    if words.startswith("一十"):
        words = words[1:]
    if len(words) > 1 and words[0] == "二" and words[1] in "百千万亿":
        words = "两" + words[1:]
    return words


def _say(number: int) -> str:
    for unit, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            head, rest = divmod(number, unit)
            tail = "" if rest == 0 else ("零" if rest < unit // 10 else "") + _say(rest)
            return _say(head) + name + tail
    return _SPOKEN[number]


def say_number(number: Decimal) -> str:
    """ "一百五十点零三"; digits after the point one by one."""
    text = format(number, "f")
    sign = "负" if text.startswith("-") else ""
    whole, _, fraction = text.lstrip("-").partition(".")
    words = sign + say_integer(int(whole))
    return words + "点" + say_digits(fraction) if fraction else words


def say_digits(digits: str, one: str = "一") -> str:
    """Each digit on its own; telephone numbers say 幺 for 1."""
    return "".join(one if digit == "1" else _SPOKEN[int(digit)] if digit.isdecimal() else digit for digit in digits)
