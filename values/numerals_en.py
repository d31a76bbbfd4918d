"""English numerals, both ways. Works on folded (lower-case) text cut into words."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SMALL = {word: number for number, word in enumerate(_ONES)}
TENS = {word: 10 * number for number, word in enumerate(_TENS) if word}
_LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15}
_SHORT = {"k": 10**3, "grand": 10**3, "m": 10**6, "bn": 10**9} | _LARGE
ORDINALS = {word + "th": number for word, number in SMALL.items()} | {
    "first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12,
}  # fmt: skip
_WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+|[a-z]+(?:'[a-z]+)?|[^\sa-z\d]")
_DIGIT_WORDS = {"oh": 0, "o": 0} | {word: SMALL[word] for word in _ONES[:10]}

PREFIX = (
    "((minus|negative) )?({n}( (thousand|million|billion|trillion)( (and )?{n})?)*( point( {d})+)?"
    "|{d}( {d})+|(a|half a|{d}) dozen|a (hundred|thousand|million)( (and )?{n})?"
    "|\\d+(,\\d\\d\\d)*(\\.\\d+)?( ?(k|thousand|million|hundred))?|(({n} and )?a )?half)"
)
"""Pattern for huashu.values.automaton."""
_D = "(oh|zero|one|two|three|four|five|six|seven|eight|nine)"
_N2 = f"(({'|'.join(TENS)})( {_D})?|{'|'.join(_ONES)})"
_N3 = f"({_N2}( hundred( (and )?{_N2})?)?|{_D} {_N2})"
PREFIX = PREFIX.replace("{n}", _N3).replace("{d}", _D)


class Word(NamedTuple):
    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Words, numbers and single signs of folded text, hyphens between words left out."""
    found = [Word(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]
    return [
        word
        for i, word in enumerate(found)
        if not (
            word.text == "-" and 0 < i < len(found) - 1 and found[i - 1].text.isalpha() and found[i + 1].text.isalpha()
        )
    ]


def find(tokens: list[Word]) -> Iterator[tuple[int, int, Decimal]]:
    """(first, last + 1, value) of every number, as indices into `tokens`."""
    i = 0
    while i < len(tokens):
        found = read(tokens, i)
        if found is None:
            i += 1
        else:
            value, end = found
            yield i, end, value
            i = end


def read(tokens: list[Word], i: int) -> tuple[Decimal, int] | None:
    """The longest number that begins at tokens[i], with the index after it."""
    sign = 1
    if tokens[i].text in ("minus", "negative") or (tokens[i].text == "-" and _starts_fresh(tokens, i)):
        sign, i = -1, i + 1
        if i >= len(tokens):
            return None
    found = _dozen(tokens, i) or _digit_string(tokens, i) or _quantity(tokens, i)
    return None if found is None else (sign * found[0], found[1])


def _starts_fresh(tokens: list[Word], i: int) -> bool:
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    alone = i == 0 or tokens[i - 1].end < tokens[i].start
    return alone and following is not None and following.start == tokens[i].end


def _text(tokens: list[Word], i: int) -> str:
    return tokens[i].text if i < len(tokens) else ""


def _dozen(tokens: list[Word], i: int) -> tuple[Decimal, int] | None:
    first, second, third = _text(tokens, i), _text(tokens, i + 1), _text(tokens, i + 2)
    if first == "half" and (second == "dozen" or (second == "a" and third == "dozen")):
        return Decimal(6), i + (2 if second == "dozen" else 3)
    if second == "dozen" and (first in ("a", "one") or first in SMALL or first.isdecimal()):
        count = 1 if first == "a" else int(first) if first.isdecimal() else SMALL[first]
        return Decimal(12 * count), i + 2
    if first == "half":
        return Decimal("0.5"), i + 1
    return None


def _digit_string(tokens: list[Word], i: int) -> tuple[Decimal, int] | None:
    """ "one two three" is 123: two or more single digits in a row, not followed by a larger part."""
    end = i
    while _text(tokens, end) in _DIGIT_WORDS and (end == i or tokens[end].text != "o" or end > i):
        end += 1
    if not 2 <= end - i <= 25 or _text(tokens, end) in ("hundred", "point", *_LARGE):
        return None
    return Decimal("".join(str(_DIGIT_WORDS[token.text]) for token in tokens[i:end])), end


def _quantity(tokens: list[Word], i: int) -> tuple[Decimal, int] | None:
    total = Decimal(0)
    ceiling: int | None = None
    start = i
    while True:
        j = i + 1 if i > start and _text(tokens, i) == "and" else i
        group = _group(tokens, j)
        if group is None:
            break
        value, j = group
        value, j = _point(tokens, value, j)
        scale = _SHORT.get(_text(tokens, j), 1)
        if ceiling is not None and (scale >= ceiling or value >= ceiling):
            break
        total, i = total + value * scale, j + (scale > 1)
        if scale == 1:
            ceiling = 1
            break
        ceiling = scale
    if i == start:
        return None
    if _text(tokens, i) == "and" and _text(tokens, i + 1) == "a" and _text(tokens, i + 2) == "half":
        return total + Decimal("0.5"), i + 3
    return total, i


def _group(tokens: list[Word], i: int) -> tuple[Decimal, int] | None:
    """A number under a thousand in words, "twelve hundred and five", "one fifty five", or any number in figures."""
    word = _text(tokens, i)
    if word == "point" and _text(tokens, i + 1) in _DIGIT_WORDS:
        return Decimal(0), i
    if (len(word) <= 25 and word[:1].isdecimal()) or (word[:1] == "." and len(word) > 1):
        value = Decimal(word.replace(",", ""))
        return (value * 100, i + 2) if _text(tokens, i + 1) == "hundred" else (value, i + 1)
    if word in ("a", "an"):
        following = _text(tokens, i + 1)
        if following in _LARGE:
            return Decimal(1), i + 1
        if following != "hundred":
            return None
        head, i = 1, i + 1
    else:
        below = _below_hundred(tokens, i)
        if below is None:
            return None
        head, i = below
    if _text(tokens, i) == "hundred":
        rest = _below_hundred(tokens, i + 2 if _text(tokens, i + 1) == "and" else i + 1)
        return (Decimal(head * 100), i + 1) if rest is None else (Decimal(head * 100 + rest[0]), rest[1])
    if 0 < head < 10 and (rest := _below_hundred(tokens, i)) and rest[0] >= 10:
        return Decimal(head * 100 + rest[0]), rest[1]
    return Decimal(head), i


def _below_hundred(tokens: list[Word], i: int) -> tuple[int, int] | None:
    word = _text(tokens, i)
    if word in TENS:
        one = SMALL.get(_text(tokens, i + 1), 0)
        return (TENS[word] + one, i + 2) if 0 < one < 10 else (TENS[word], i + 1)
    if word in SMALL:
        return SMALL[word], i + 1
    return None


def _point(tokens: list[Word], value: Decimal, i: int) -> tuple[Decimal, int]:
    if _text(tokens, i) != "point":
        return value, i
    end = i + 1
    while _text(tokens, end) in _DIGIT_WORDS:
        end += 1
    if end == i + 1:
        return value, i
    digits = "".join(str(_DIGIT_WORDS[token.text]) for token in tokens[i + 1 : end])
    return value + Decimal(f"0.{digits}"), end


def say_integer(number: int) -> str:
    """ "twelve thousand three hundred forty-five", "minus three". Any size: beyond 10^15 digit by digit."""
    if number < 0:
        return "minus " + say_integer(-number)
    if number >= 10**15:
        return say_digits(str(number))
    for name, unit in (
        ("trillion", 10**12),
        ("billion", 10**9),
        ("million", 10**6),
        ("thousand", 10**3),
        ("hundred", 100),
    ):
        if number >= unit:
            head, rest = divmod(number, unit)
            return f"{say_integer(head)} {name}" + (f" {say_integer(rest)}" if rest else "")
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")


def say_number(number: Decimal) -> str:
    """ "one hundred fifty point zero three"."""
    text = format(number, "f")
    sign = "minus " if text.startswith("-") else ""
    whole, _, fraction = text.lstrip("-").partition(".")
    spoken = sign + say_integer(int(whole))
    return f"{spoken} point {say_digits(fraction)}" if fraction else spoken


def say_digits(digits: str) -> str:
    """ "one three eight"."""
    return " ".join(_ONES[int(digit)] if digit.isdecimal() else digit for digit in digits)


def ordinal(number: int) -> str:
    """ "first", "twenty-first", up to ninety-ninth."""
    tens, ones = divmod(number, 10)
    if number < 20:
        return next(word for word, value in ORDINALS.items() if value == number and word not in _IRREGULAR)
    if ones == 0:
        return _TENS[tens][:-1] + "ieth"
    return f"{_TENS[tens]}-{ordinal(ones)}"


_IRREGULAR = {"oneth", "twoth", "threeth", "fiveth", "eightth", "nineth", "twelveth"}
for _word in _IRREGULAR:
    del ORDINALS[_word]
