"""Free text, and strings of digits whose value is the digits (card numbers, codes, identity numbers)."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import numerals_en, numerals_zh
from huashu.values.folding import fold, is_carrier, strip_leading, stripped
from huashu.values.kinds import Match, Prefix, ValueType

SPOKEN_ZH = {c: str(n) for c, n in numerals_zh.DIGITS.items() if c not in "两俩仨"} | {
    "洞": "0", "拐": "7", "勾": "9", "两": "2", "加": "+",
}  # fmt: skip
"""Digits as people spell them out; 洞 幺 拐 勾 are the radio forms heard on lines."""
_ZH_DIGITS = str.maketrans(SPOKEN_ZH)
_GAP = r"[\s,.、。\-~—()]*(?:(?:嗯|呃|啊|然后|那个|后面是)[\s,.、。]*)*"
_SPELT = "".join(c for c in SPOKEN_ZH if c != "加")
_REPEATED = rf"[两二三四五六]个[{_SPELT}\d](?![十百千万亿月年天点块元号个期位小人钟])"
_RUN_ZH = re.compile(
    rf"[+加]?(?:{_REPEATED}|\d|[{_SPELT}])(?:{_GAP}(?:{_REPEATED}|\d|[{_SPELT}]))*"
    rf"(?:{_GAP}(?:x(?![a-z])|叉|[艾爱埃]克斯))?"
)
_REPEATED_ZH = re.compile(_REPEATED)
_SPELT_EN = {"oh": "0", "o": "0"} | {word: str(n) for word, n in numerals_en.SMALL.items() if n < 10}
_REPEATS = {"double": 2, "triple": 3, "treble": 3}
_TEENS = {word: str(n) for word, n in numerals_en.SMALL.items() if n >= 10}
_SKIPPED_EN = frozenset({"um", "uh", "er", "and", "then", "dash", "hyphen", "space", "area", "code"}) | frozenset(
    ",.-()~、"
)
_LENGTH = re.compile(r"(\d+)\s*(?:位|digits?)")


class Digits(NamedTuple):
    start: int
    end: int
    digits: str
    """With a leading "+" when it was said, a closing X when it is an identity number's."""


def digit_runs(text: str, language: str) -> Iterator[Digits]:
    """Stretches of digits in figures or spelt out, over pauses and hesitations."""
    folded = fold(text)
    if is_chinese(language):
        for run in _RUN_ZH.finditer(folded):
            plain = re.sub("叉|[艾爱埃]克斯", "x", run[0]) if run[0][-1] in "叉斯" else run[0]
            if "个" in plain:
                plain = _REPEATED_ZH.sub(lambda found: found[0][2] * int(found[0][0].translate(_ZH_DIGITS)), plain)
            digits = re.sub(r"[^\d+x]", "", plain.translate(_ZH_DIGITS))
            yield Digits(run.start(), run.end(), digits.upper())
        return
    yield from _runs_en(folded)


def _runs_en(folded: str) -> Iterator[Digits]:
    start = end = -1
    digits = ""
    repeat = 1
    tokens = numerals_en.words(folded)
    for i, word in enumerate(tokens):
        spelt = _spell(word.text)
        if word.text == "o" and not digits and (i + 1 == len(tokens) or _spell(tokens[i + 1].text) is None):
            spelt = None
        if spelt is not None:
            if not digits:
                start = word.start if repeat == 1 else start
            if i and digits and tokens[i - 1].text in numerals_en.TENS and spelt in "123456789" and word.text.isalpha():
                digits = digits[:-1]  # "twenty three" among digits is 23
            digits, end, repeat = digits + spelt * repeat, word.end, 1
        elif word.text in ("x", "ex") and len(digits) == 17:
            yield Digits(start, word.end, digits + "X")
            digits, repeat = "", 1
        elif word.text in _REPEATS:
            repeat = _REPEATS[word.text]
            start = start if digits else word.start
        elif word.text in ("+", "plus") and not digits:
            start, digits = word.start, "+"
        elif word.text == "hundred" and digits.lstrip("+") and digits[-1] != "0":
            digits, end = digits + "00", word.end  # "eight hundred" of 1-800
        elif not (digits and word.text in _SKIPPED_EN):
            if digits.lstrip("+"):
                yield Digits(start, end, digits)
            digits, repeat = "", 1
    if digits.lstrip("+"):
        yield Digits(start, end, digits)


def _spell(word: str) -> str | None:
    if word in _SPELT_EN:
        return _SPELT_EN[word]
    if word in _TEENS:
        return _TEENS[word]
    if word in numerals_en.TENS:
        return str(numerals_en.TENS[word])
    if word[0].isdecimal():
        return re.sub(r"\D", "", word)
    return None


def wanted_length(unit: str | None) -> int | None:
    """A digits variable may say how many: `unit: 6位` or `unit: 6 digits`."""
    found = _LENGTH.fullmatch(unit.strip()) if unit else None
    return int(found[1]) if found else None


def _parse_digits(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    length = wanted_length(unit)
    matches = []
    for start, end, digits in digit_runs(text, language):
        value = digits.lstrip("+")
        if length is not None and len(value) != length:
            continue
        if value.endswith("X") and len(value) != 18:
            value = value[:-1]
        matches.append(Match(value, start, end, text[start:end], 1.0 if len(value) > 2 or length else 0.7))
    return matches


def digits_so_far(text: str, language: str) -> str | None:
    """The digits a digit-by-digit answer has reached, "" before the first, None when the words went elsewhere."""
    chinese = is_chinese(language)
    folded = fold(text)
    body, _ = stripped(folded, chinese)
    if not body.strip() or is_carrier(body, chinese):
        return ""
    if not chinese and body.split()[-1] in (*_REPEATS, "plus", "+"):
        body = body.rsplit(None, 1)[0] if " " in body else ""
        if not body:
            return ""
    runs = list(digit_runs(body, language))
    if not runs:
        return "" if body in ("+", "plus") else None
    last = runs[-1]
    return last.digits if not body[last.end :].strip(" ,.、。-~") else None


def _prefix_digits(text: str, language: str, unit: str | None) -> Prefix:
    digits = digits_so_far(text, language)
    length = wanted_length(unit)
    if digits is None:
        return Prefix.FULL if _parse_digits(text, language, _ANY_DAY, unit) else Prefix.NONE
    if not digits:
        return Prefix.PROPER
    if length is None:
        return Prefix.FULL if digits.endswith("X") else Prefix.COMPLETE
    return Prefix.PROPER if len(digits) < length else Prefix.FULL if len(digits) == length else Prefix.NONE


_ANY_DAY = datetime(2026, 1, 1)


def _read_digits(value: Scalar, language: str, unit: str | None) -> str:
    return read_groups(in_groups(str(value), 4), language)


def in_groups(digits: str, size: int) -> list[str]:
    """Cut into groups of `size`, the rest in the last one; a lone last digit joins the group before."""
    groups = [digits[i : i + size] for i in range(0, len(digits), size)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def read_groups(groups: list[str], language: str) -> str:
    """Digit by digit with a pause between groups: "幺三八，一二三四", "one three eight, one two three four"."""
    if is_chinese(language):
        return "，".join(numerals_zh.say_digits(group, one="幺") for group in groups)
    return ", ".join(numerals_en.say_digits(group) for group in groups)


def _canonical_digits(value: object) -> Scalar:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError
    digits = re.sub(r"[\s\-]", "", fold(str(value))).upper()
    if not re.fullmatch(r"\d+|\d{17}X", digits):
        raise ValueError
    return digits


def _parse_text(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    """The whole utterance without hesitations in front and punctuation behind."""
    chinese = is_chinese(language)
    start = strip_leading(fold(text), chinese)
    body = text[start:].rstrip(" \t\n,.;:!?，。；：！？、~…")
    if not body:
        start, body = 0, text.strip()
    return [Match(body, start, start + len(body), body, 0.8)] if body else []


def _canonical_text(value: object) -> Scalar:
    if not isinstance(value, str):
        raise ValueError
    return value


def _show(value: Scalar, language: str, unit: str | None) -> str:
    return str(value)


TEXT = ValueType(
    "text", "文本", "张伟", _parse_text,
    lambda text, language, unit: Prefix.COMPLETE if text.strip() else Prefix.PROPER,
    _show, _show, _canonical_text,
)  # fmt: skip
DIGITS = ValueType(
    "digits", "数码", '"6222021234"', _parse_digits, _prefix_digits, _read_digits, _show, _canonical_digits,
)  # fmt: skip
