"""Quantities with a unit: 三斤半, 两公里, "5 kg", "three boxes". The value is text, number and unit: "3.5 斤", "2 km".

Metric units have their symbols in either language; Chinese ones (斤, 亩) and things that are counted (箱, boxes) stay
in the language they were said in. Thousands of metres or grams are kilometres or kilograms, for 两千克 is
both and the same.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import numerals_en, numerals_zh
from huashu.values.automaton import Automaton
from huashu.values.folding import compiled, fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.numbers import plain, to_decimal
from huashu.values.viable import viable


@dataclass(frozen=True, slots=True)
class Unit:
    symbol: str
    zh: tuple[str, ...] = ()
    """As said in Chinese, the usual word first; none: not said in Chinese."""
    en: tuple[str, ...] = ()
    """As said in English: singular, plural, then others."""


def _units(table: str) -> tuple[Unit, ...]:
    rows = [line.split("|") for line in table.strip().splitlines()]
    return tuple(
        Unit(symbol.strip(), tuple(zh.split()), tuple(part.strip() for part in en.split(",") if part.strip()))
        for symbol, zh, en in rows
    )


UNITS = _units(
    """
    kg | 公斤 kg | kilogram, kilograms, kilo, kilos, kg, kgs
    g | 克 g | gram, grams, g
    mg | 毫克 mg | milligram, milligrams, mg
    t | 吨 t | ton, tons, tonne, tonnes
    lb | 磅 | pound, pounds, lb, lbs
    oz | 盎司 | ounce, ounces, oz
    km | 公里 km | kilometer, kilometers, kilometre, kilometres, km, kms
    m | 米 m | meter, meters, metre, metres, m
    cm | 厘米 公分 cm | centimeter, centimeters, centimetre, centimetres, cm
    mm | 毫米 mm | millimeter, millimeters, millimetre, millimetres, mm
    mile | 英里 | mile, miles
    foot | 英尺 | foot, feet, ft
    inch | 英寸 | inch, inches
    L | 升 l | liter, liters, litre, litres, l
    mL | 毫升 ml | milliliter, milliliters, millilitre, millilitres, ml
    m² | 平方米 平米 平方 平 m² ㎡ | square meter, square meters, square metre, square metres
    km² | 平方公里 | square kilometer, square kilometers
    m³ | 立方米 立方 方 | cubic meter, cubic meters, cubic metre, cubic metres
    kWh | 度电 千瓦时 | kilowatt hour, kilowatt hours, kilo watt hours, kwh
    °C | 摄氏度 | degree celsius, degrees celsius
    MB | 兆 mb | megabyte, megabytes, mb, meg, megs
    GB | gb 个g | gigabyte, gigabytes, gb, gig, gigs
    ha | 公顷 ha | hectare, hectares, ha
    sq ft | 平方英尺 | square foot, square feet
    sq mi | 平方英里 | square mile, square miles
    cc | cc | cc, cc, c c
    kB | kb | kilobyte, kilobytes, kb
    TB | tb | terabyte, terabytes, tb
    Mbps | 兆每秒 | megabit per second, megabits per second
    V | 伏 伏特 | volt, volts
    A | 安 安培 | amp, amps
    acre | 英亩 | acre, acres
    yard | 码 | yard, yards
    gallon | 加仑 | gallon, gallons
    km/h | 公里每小时 千米每小时 | kilometer per hour, kilometers per hour
    °F | 华氏度 | degree fahrenheit, degrees fahrenheit
    斤 | 斤 市斤 |
    两 | 两 |
    亩 | 亩 亩地 |
    里 | 里地 里路 |
    度 | 度 |
    """
)
_COUNTED_ZH = (
    "箱 件 瓶 包 袋 盒 台 部 套 双 条 张 只 辆 棵 份 把 支 桶 罐 卷 本 块 间 户 单 笔 斗 车 束 枝 顶 副 扇 颗 粒 打 个"
)
_COUNTED_EN = (
    "box boxes, bottle bottles, bag bags, pack packs, piece pieces, unit units, case cases, carton cartons, set sets, "
    "pair pairs, item items, can cans, roll rolls, sheet sheets, copy copies, package packages, parcel parcels, "
    "barrel barrels, tube tubes, dozen dozens"
)
UNITS += tuple(Unit(word, (word,)) for word in _COUNTED_ZH.split())
UNITS += tuple(Unit(pair.split()[0], (), tuple(pair.split())) for pair in _COUNTED_EN.split(", "))
COUNTED = frozenset((*_COUNTED_ZH.split(), *(pair.split()[0] for pair in _COUNTED_EN.split(", "))))
"""Symbols of things that come whole."""
_BY_SYMBOL = {unit.symbol: unit for unit in UNITS}
_ZH = {word: unit.symbol for unit in UNITS for word in unit.zh}
_EN = {word: unit.symbol for unit in UNITS for word in unit.en}
_GROWN = {"g": "kg", "m": "km"}
_LAST = {"斤": ("两", 10), "m": (None, 10), "亩": (None, 10), "t": (None, 10), "里": (None, 10)}
"""Units after which a bare digit counts tenths (一米七, 三斤二两), with the word that may follow it."""

_WORDS_ZH = "|".join(re.escape(word) for word in sorted(_ZH, key=len, reverse=True) if word != "两")
_TAIL_ZH = (
    r"(?:(?P<half>半)"
    r"|(?P<last>[零一二三四五六七八九\d]{1,3}两?)(?![\d十百千万亿点零一二两三四五六七八九个年月天号期]))?"
)
_QUANTITY_ZH = (
    r"(?P<l>负?(?:[零一二两三四五六七八九十百千万亿]+(?:点[零一二三四五六七八九]+)?|半|\d+(?:\.\d+)?))两(?P<lhalf>半)?"
    r"(?![零一二两三四五六七八九十百千万亿点\d个天年次])"
    rf"|(?P<n>负?(?:{numerals_zh.RUN}|半))\s*(?P<u>{_WORDS_ZH})(?![a-z每]){_TAIL_ZH}"
)
_VAGUE = re.compile(r"[多几来余]")


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    return _parse_zh(text) if is_chinese(language) else _parse_en(text)


def _parse_zh(text: str) -> list[Match]:
    folded = fold(text)
    matches = []
    for found in compiled(_QUANTITY_ZH).finditer(folded):
        read = _read_zh(found)
        if read is None or folded[max(0, found.start() - 1) : found.start()] in ("第", "几", "点"):
            continue
        number, symbol = read
        counted = symbol in COUNTED
        value = written(number, symbol)
        confidence = 0.6 if symbol == "个" else 0.8 if counted else 1.0
        matches.append(Match(value, found.start(), found.end(), text[found.start() : found.end()], confidence))
    return matches


def _read_zh(found: re.Match[str]) -> tuple[Decimal, str] | None:
    if found["l"]:
        base = Decimal("0.5") if found["l"] == "半" else numerals_zh.evaluate(found["l"])
        return None if base is None else (base + (Decimal("0.5") if found["lhalf"] else 0), "两")
    words, symbol = found["n"], _ZH[found["u"]]
    if symbol in _GROWN and re.fullmatch(r"[\d.]+千", words):  # 2.5千克: no 千 of its own behind figures
        words, symbol = words[:-1], _GROWN[symbol]
    number = Decimal("0.5") if words == "半" else numerals_zh.evaluate(words)
    if number is None and symbol in _GROWN and words.endswith("千"):  # 五十千克
        number, symbol = numerals_zh.evaluate(words[:-1]), _GROWN[symbol]
    if number is None:
        return None
    if found["half"]:
        return number + Decimal("0.5").copy_sign(number), symbol
    if found["last"]:
        word = found["last"].rstrip("两")
        if symbol not in _LAST or (found["last"] != word and symbol != "斤") or number % 1 or not word:
            return None
        digits = "".join(str(numerals_zh.DIGITS.get(c, c)) for c in word)
        return number + Decimal(f"0.{digits}"), symbol
    return number, symbol


def _parse_en(text: str) -> list[Match]:
    folded = fold(text)
    tokens = numerals_en.words(folded)
    matches = []
    i = 0
    while i < len(tokens):
        article = tokens[i].text in ("a", "an", "half")
        read = numerals_en.read(tokens, i)
        if read is None and not article:
            i += 1
            continue
        number, after = read or (Decimal(1), i + 1)
        if tokens[i].text == "half" and after < len(tokens) and tokens[after].text in ("a", "an"):
            after += 1
        unit, end = _unit_en([token.text for token in tokens[after : after + 3]])
        if unit is None:
            i = max(after, i + 1)
            continue
        stop = after + end
        if [token.text for token in tokens[stop : stop + 3]] == ["and", "a", "half"]:
            number, stop = number + Decimal("0.5"), stop + 3
        start, last = tokens[i].start, tokens[stop - 1].end
        confidence = 0.8 if _EN[unit] in COUNTED else 1.0
        matches.append(Match(written(number, _EN[unit]), start, last, text[start:last], confidence))
        i = stop
    return matches


def _unit_en(words: list[str]) -> tuple[str | None, int]:
    for length in (3, 2, 1):
        name = " ".join(words[:length])
        if len(words) >= length and name in _EN:
            return name, length
    return None, 0


def written(number: Decimal, symbol: str) -> str:
    """ "3.5 斤"; "2000 m" is "2 km"."""
    if symbol in _GROWN and number >= 1000 and number % 1000 == 0:
        number, symbol = number / 1000, _GROWN[symbol]
    return f"{plain(number):f} {symbol}"


# --- prefix -------------------------------------------------------------------------------------------------------


@cache
def _automaton(chinese: bool) -> Automaton:
    if not chinese:
        names = "|".join(name for name in _EN)
        return Automaton(f"({numerals_en.PREFIX}|a|an|half an?) ({names})( and a half)?")
    names = "|".join(_ZH)
    return Automaton(
        f"(负?{numerals_zh.PREFIX}|半)({names})(半|[零一二三四五六七八九0-9][零一二三四五六七八九0-9]?两?)?"
    )


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    return viable(_automaton(chinese), text, chinese, lambda: bool(_parse(text, language, _ANY_DAY, unit)))


_ANY_DAY = datetime(2026, 1, 1)


# --- aloud and on screen ------------------------------------------------------------------------------------------


def _split(value: Scalar) -> tuple[Decimal, str]:
    number, _, symbol = str(value).partition(" ")
    return Decimal(number), symbol


def _read(value: Scalar, language: str, unit: str | None) -> str:
    """ "三点五斤", "两公里"; "two kilometers". A unit the language has no word for is said as it is written."""
    number, symbol = _split(value)
    known = _BY_SYMBOL.get(symbol, Unit(symbol))
    if is_chinese(language):
        words = numerals_zh.say_number(number)
        words = "两" if words == "二" and symbol != "两" else words
        return words + (known.zh[0] if known.zh else symbol)
    name = (known.en[0] if number == 1 or len(known.en) < 2 else known.en[1]) if known.en else symbol
    return f"{numerals_en.say_number(number)} {name}"


def _show(value: Scalar, language: str, unit: str | None) -> str:
    number, symbol = _split(value)
    tight = not symbol.isascii() and symbol not in ("m²", "km²", "m³", "°C")
    return f"{number:f}{symbol}" if tight else f"{number:f} {symbol}"


def _canonical(value: object) -> Scalar:
    """ "3.5 斤", "5kg", "2 公里"."""
    found = re.fullmatch(r"\s*(-?[\d,]*\.?\d+)\s*(\S.*?)\s*", fold(value)) if isinstance(value, str) else None
    if found is None:
        raise ValueError
    name = found[2]
    symbols = {symbol.lower(): symbol for symbol in _BY_SYMBOL}
    symbol = symbols.get(name) or _ZH.get(name) or _EN.get(name)
    if symbol is None:
        raise ValueError
    return written(to_decimal(found[1]), symbol)


QUANTITY = ValueType(
    "quantity", "数量", "2.5 kg", _parse, _prefix, _read, _show, _canonical,
    lambda language, unit: _automaton(is_chinese(language)),
)  # fmt: skip
