"""Letters and digits as people spell them out: "A as in apple", "N for Nancy", alpha bravo, 苹果的A, 达不溜, 三个八."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from huashu.core.language import is_chinese
from huashu.values import numerals_en, numerals_zh
from huashu.values.folding import compiled, fold

_NATO = (
    "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec "
    "romeo sierra tango uniform victor whiskey xray yankee zulu"
)
NATO = {word[0]: word for word in _NATO.split()}
"""Letter → its word in the radiotelephony alphabet (ICAO Annex 10, volume II)."""
_ALPHABET = {word: letter for letter, word in NATO.items()} | {
    "alfa": "a", "juliet": "j", "whisky": "w", "zee": "z", "zed": "z", "ex": "x", "aitch": "h", "bee": "b", "cee": "c",
    "dee": "d", "ef": "f", "gee": "g", "jay": "j", "kay": "k", "el": "l", "em": "m", "en": "n", "pee": "p", "cue": "q",
    "ess": "s", "tee": "t", "vee": "v", "wye": "y",
}  # fmt: skip
_HEARD_ZH = {
    "诶": "a", "艾弗": "f", "艾福": "f", "爱福": "f", "艾尺": "h", "艾池": "h", "艾勒": "l", "艾路": "l", "爱路": "l",
    "艾姆": "m", "爱姆": "m", "爱慕": "m", "阿尔": "r", "艾斯": "s", "爱斯": "s", "达不溜": "w", "达不流": "w",
    "达布溜": "w", "达不留": "w", "达不刘": "w", "大不溜": "w", "大不留": "w", "大不刘": "w", "艾克斯": "x",
    "爱克斯": "x", "埃克斯": "x", "叉": "x", "歪": "y", "贼": "z",
}  # fmt: skip
"""What Chinese recognisers write for names of letters, where nothing else can be meant among letters and digits."""
_DIGITS_ZH = {c: str(n) for c, n in numerals_zh.DIGITS.items() if c not in "俩仨"} | {"洞": "0", "拐": "7", "勾": "9"}
_EXPLAINED = r"(?:(?:[\u4e00-\u9fff]{2,4}|[a-z]{2,12})的(?=[a-z](?![a-z])))"
_JUNK_ZH = r"(?:[\s,.、。\-~—/·()]|嗯|呃|啊(?!尔)|然后|后面是|字母|数字|大写的?|小写的?|英文的?|中间是|杠|横杠|空格)*"
_GAP_ZH = rf"{_JUNK_ZH}{_EXPLAINED}?{_JUNK_ZH}"
_REPEATED = r"[两二三四五六]个[零一二三四五六七八九幺\da-z](?![十百千万亿月年天点块元号个期位小人钟])"
ITEM_ZH = rf"(?:{_REPEATED}|[a-z]|\d|{'|'.join(sorted((*_HEARD_ZH, *_DIGITS_ZH), key=len, reverse=True))})"
_AGAIN_ZH = r"(?:[\s,、]*(?:就?是)?(?:[\u4e00-\u9fff]{1,4}|[a-z]{2,12})的{0}(?![a-z]))?"
"""After a letter: the word it is known by (", 苹果的A")."""
_RUN_ZH = rf"{ITEM_ZH}(?:{_GAP_ZH}{ITEM_ZH})*"
_ITEMS_ZH = re.compile(ITEM_ZH)
_KNOWN_BY = r"(?P<l>[a-z])[\s,、]*(?:就?是)?(?:[\u4e00-\u9fff]{2,4}|[a-z]{2,12})的(?P=l)(?![a-z])"
_REPEATS_EN = {"double": 2, "triple": 3, "treble": 3}
_BETWEEN_EN = frozenset(
    ["dash", "hyphen", "space", "dot", "then", "and", "capital", "letter", "letters", "number", "numbers",
    "digit", "digits",
     "um", "uh", "er", "slash", "uppercase", "lowercase", *",.-()~/、"]
)  # fmt: skip
_SPELT_EN = {"oh": "0"} | {word: str(n) for word, n in numerals_en.SMALL.items() if n < 10}
_TEENS = {word: str(n) for word, n in numerals_en.SMALL.items() if n >= 10}


class Spelt(NamedTuple):
    start: int
    end: int
    value: str
    """Upper-case letters and digits, nothing between."""
    pieces: int
    """Words or figures it was said in."""


def runs(text: str, language: str) -> Iterator[Spelt]:
    """Stretches of letters and digits in a text of either case, over pauses and explanations."""
    return _runs_zh(fold(text)) if is_chinese(language) else _runs_en(text)


def _runs_zh(folded: str) -> Iterator[Spelt]:
    # an explanation becomes blanks, so that offsets still hold
    plain = compiled(_KNOWN_BY).sub(lambda found: found["l"] + " " * (len(found[0]) - 1), folded)
    for run in compiled(_RUN_ZH).finditer(plain):
        items = [item_zh(found[0]) for found in _ITEMS_ZH.finditer(_without_words(run[0]))]
        yield Spelt(run.start(), run.end(), "".join(items).upper(), len(items))


def _without_words(run: str) -> str:
    """Explanations that stand before their letter (苹果的A) are no letters themselves."""
    return re.sub(_EXPLAINED, lambda found: " " * len(found[0]), run)


def item_zh(item: str) -> str:
    """One spoken item to its characters, in lower case: 三个八 is 888."""
    if item[1:2] == "个":
        return item_zh(item[2:]) * int(_DIGITS_ZH[item[0]])
    return _HEARD_ZH.get(item) or _DIGITS_ZH.get(item, item)


def _runs_en(text: str) -> Iterator[Spelt]:
    folded = fold(text)
    tokens = numerals_en.words(folded)
    start = end = -1
    value, repeat, pieces = "", 1, 0
    i = 0
    while i < len(tokens):
        word = tokens[i]
        spelt, used = _spelt_en(text, tokens, i)
        if spelt:
            start = word.start if not value and repeat == 1 else start
            tens = value and tokens[i - 1].text in numerals_en.TENS and spelt in "123456789" and spelt.isdecimal()
            value = (value[:-1] if tens else value) + spelt * repeat
            end, repeat, pieces = tokens[i + used - 1].end, 1, pieces + 1
            i += used
            continue
        if word.text in _REPEATS_EN:
            repeat = _REPEATS_EN[word.text]
            start = start if value else word.start
        elif not (value and word.text in _BETWEEN_EN):
            if value:
                yield Spelt(start, end, value, pieces)
            value, repeat, pieces = "", 1, 0
        i += 1
    if value:
        yield Spelt(start, end, value, pieces)


def _spelt_en(text: str, tokens: list[numerals_en.Word], i: int) -> tuple[str, int]:
    """What tokens[i] spells, in upper case, and how many tokens that takes; ("", 1) when it is a word."""
    word = tokens[i].text
    following = [token.text for token in tokens[i + 1 : i + 4]]
    if word == "double" and following[:1] == ["u"]:
        return "W", 2
    if len(word) == 1 and word.isascii() and word.isalpha():
        if following[:2] == ["as", "in"] and following[2:]:
            return word.upper(), 4
        if following[:1] in (["for"], ["like"], ["as"]) and following[1:] and following[1][0] == word:
            return word.upper(), 3
        return word.upper(), 1
    if word in _ALPHABET:
        return _ALPHABET[word].upper(), 1
    if word in _SPELT_EN:
        return _SPELT_EN[word], 1
    if word in _TEENS:
        return _TEENS[word], 1
    if word in numerals_en.TENS:
        return str(numerals_en.TENS[word]), 1
    if word[0].isdecimal():
        return re.sub(r"\D", "", word), 1
    written = text[tokens[i].start : tokens[i].end]
    joined = (i > 0 and tokens[i - 1].end == tokens[i].start and tokens[i - 1].text[0].isdecimal()) or (
        i + 1 < len(tokens) and tokens[i].end == tokens[i + 1].start and tokens[i + 1].text[0].isdecimal()
    )
    if written.isascii() and written.isalpha() and (joined or (written.isupper() and len(written) <= 6)):
        return written.upper(), 1
    return "", 1


_APART = re.compile(r"(?<=[A-Z])(?=[^\s，])|(?<=[^\s，])(?=[A-Z])")


def read_items(value: str, language: str, size: int = 4) -> str:
    """Character by character with a pause after each `size`: "A B 幺二，三四", "A B one two, three four"."""
    # letters stand apart, or a voice would read them as a word
    groups = [value[i : i + size] for i in range(0, len(value), size)]
    if is_chinese(language):
        return "，".join(_APART.sub(" ", numerals_zh.say_digits(group, one="幺")) for group in groups)
    return ", ".join(" ".join(numerals_en.say_digits(c) for c in group) for group in groups)
