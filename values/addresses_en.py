"""English postal addresses: number, street, flat, town, state, postcode."""

import re
from collections.abc import Iterator

from huashu.values import numerals_en
from huashu.values.folding import fold
from huashu.values.kinds import Prefix

Found = tuple[int, int, str, float]
"""(start, end, address, confidence)"""

_STREETS = {
    "street": "Street", "st": "Street", "road": "Road", "rd": "Road", "avenue": "Avenue", "ave": "Avenue",
    "lane": "Lane",
    "ln": "Lane", "drive": "Drive", "dr": "Drive", "boulevard": "Boulevard", "blvd": "Boulevard", "court": "Court",
    "ct": "Court", "place": "Place", "pl": "Place", "square": "Square", "terrace": "Terrace", "way": "Way",
    "circle": "Circle", "parkway": "Parkway", "pkwy": "Parkway", "highway": "Highway", "hwy": "Highway",
    "expressway": "Expressway", "expy": "Expressway", "close": "Close", "crescent": "Crescent", "gardens": "Gardens",
    "broadway": "Broadway",
}  # fmt: skip
_FLATS = {
    "apartment": "Apartment", "apt": "Apartment", "unit": "Unit", "suite": "Suite", "flat": "Flat", "room": "Room",
    "floor": "Floor",
}  # fmt: skip
_UNION = (
    "Alabama AL,Alaska AK,Arizona AZ,Arkansas AR,California CA,Colorado CO,Connecticut CT,Delaware DE,"
    "Florida FL,Georgia GA,"
    "Hawaii HI,Idaho ID,Illinois IL,Indiana IN,Iowa IA,Kansas KS,Kentucky KY,Louisiana LA,Maine ME,Maryland MD,"
    "Massachusetts MA,Michigan MI,Minnesota MN,Mississippi MS,Missouri MO,Montana MT,Nebraska NE,Nevada NV,"
    "New Hampshire NH,"
    "New Jersey NJ,New Mexico NM,New York NY,North Carolina NC,North Dakota ND,Ohio OH,Oklahoma OK,Oregon OR,"
    "Pennsylvania PA,"
    "Rhode Island RI,South Carolina SC,South Dakota SD,Tennessee TN,Texas TX,Utah UT,Vermont VT,Virginia VA,"
    "Washington WA,"
    "West Virginia WV,Wisconsin WI,Wyoming WY,Washington DC DC"
)
_STATES = _UNION.split(",")
_STATE = {name.rsplit(" ", 1)[0].lower(): name.rsplit(" ", 1)[0] for name in _STATES}
_CODES = {name.rsplit(" ", 1)[1]: name.rsplit(" ", 1)[0] for name in _STATES}
_ENDS = frozenset("please thanks thank and my phone number is i it's that's zip code so okay ok for with in".split())  # noqa: SIM905
_NUMBER_WORDS = frozenset((*numerals_en.SMALL, *numerals_en.TENS, "hundred", "thousand", "oh", "o"))


def find(text: str) -> Iterator[Found]:
    """The first address of a text."""
    folded = fold(text)
    tokens = numerals_en.words(folded)
    i = 0
    while i < len(tokens):
        read = _street(text, tokens, i)
        if read is None:
            i += 1
            continue
        line, after = read
        parts = [line]
        parts, after = _rest(text, tokens, after, parts)
        yield tokens[i].start, tokens[after - 1].end, ", ".join(parts), 1.0 if len(parts) > 1 else 0.8
        return


def _house(tokens: list[numerals_en.Word], i: int) -> tuple[str, int] | None:
    """A house number in figures or words: "one twenty three" is 123, "twelve thirty four" 1234."""
    word = tokens[i].text
    if word.isdecimal() and len(word) <= 6:
        end = i + 1
        letter = tokens[end].text if end < len(tokens) else ""
        if len(letter) == 1 and letter.isalpha() and tokens[end].start == tokens[i].end:
            return word + letter.upper(), end + 1
        return word, end
    if word not in _NUMBER_WORDS or word in ("hundred", "thousand"):
        return None
    end = i
    while end < len(tokens) and tokens[end].text in _NUMBER_WORDS:
        end += 1
    digits = _figures(tokens[i:end])
    return (digits, end) if digits else None


def _figures(tokens: list[numerals_en.Word]) -> str:
    read = numerals_en.read(tokens, 0)
    if read and read[1] == len(tokens):
        return str(int(read[0]))
    digits = ""
    for n, token in enumerate(tokens):
        if token.text in numerals_en.TENS:
            digits += str(numerals_en.TENS[token.text])
        elif token.text in numerals_en.SMALL or token.text in ("oh", "o"):
            number = str(numerals_en.SMALL.get(token.text, 0))
            tens = n > 0 and tokens[n - 1].text in numerals_en.TENS and len(number) == 1 and number != "0"
            digits = digits[:-1] + number if tens else digits + number
        elif token.text == "hundred":
            digits += "00"
        else:
            return ""
    return digits if len(digits) <= 6 else ""


def _street(text: str, tokens: list[numerals_en.Word], i: int) -> tuple[str, int] | None:
    house = _house(tokens, i)
    if house is None:
        return None
    number, j = house
    names: list[str] = []
    while j < len(tokens) and len(names) < 5:
        word = tokens[j].text
        if word in _STREETS and (names or word == "broadway"):
            if word == "st" and not names:
                return None
            if word in ("st", "dr") and j + 1 < len(tokens) and tokens[j + 1].text in _STREETS:
                names.append(_cased(text, tokens[j]))
                j += 1
                continue
            return " ".join([number, *names, _STREETS[word]]), j + 1
        if not word.isalnum() or word in _ENDS:
            return None
        names.append(_cased(text, tokens[j]) if not word.isdecimal() else _ordinal(text, tokens, j))
        j += 2 if word.isdecimal() and _joined(tokens, j) else 1
    return None


def _joined(tokens: list[numerals_en.Word], j: int) -> bool:
    return (
        j + 1 < len(tokens) and tokens[j + 1].start == tokens[j].end and tokens[j + 1].text in ("st", "nd", "rd", "th")
    )


def _ordinal(text: str, tokens: list[numerals_en.Word], j: int) -> str:
    return tokens[j].text + (tokens[j + 1].text if _joined(tokens, j) else "")


def _cased(text: str, token: numerals_en.Word) -> str:
    word = text[token.start : token.end]
    return word if word != word.lower() else word.capitalize()


def _rest(text: str, tokens: list[numerals_en.Word], i: int, parts: list[str]) -> tuple[list[str], int]:
    """Flat, town, state and postcode behind a street."""
    end, i = i, _past(tokens, i)
    if i + 1 < len(tokens) and tokens[i].text in _FLATS:
        number = _house(tokens, i + 1) or (tokens[i + 1].text.upper(), i + 2)
        parts.append(f"{_FLATS[tokens[i].text]} {number[0]}")
        end, i = number[1], _past(tokens, number[1])
    town: list[str] = []
    while i < len(tokens) and len(town) < 4:
        state, after = _state(text, tokens, i)
        if state and town:
            code, after = _postcode(tokens, _past(tokens, after), after)
            return [*parts, " ".join(town), f"{state} {code}".strip()], after
        word = tokens[i].text
        if not word.isalpha() or word in _ENDS or word in _NUMBER_WORDS:
            break
        town.append(_cased(text, tokens[i]))
        i = _past(tokens, i + 1)
        end = i if i >= len(tokens) or tokens[i - 1].text != "," else i - 1
    if town:
        code, after = _postcode(tokens, i, end)
        return [*parts, f"{' '.join(town)} {code}".strip()], after
    return parts, end


def _past(tokens: list[numerals_en.Word], i: int) -> int:
    while i < len(tokens) and tokens[i].text in (",", ".", "#"):
        i += 1
    return i


def _state(text: str, tokens: list[numerals_en.Word], i: int) -> tuple[str | None, int]:
    two = " ".join(token.text for token in tokens[i : i + 2])
    if two in _STATE:
        return _STATE[two], i + 2
    if tokens[i].text in _STATE:
        return _STATE[tokens[i].text], i + 1
    written = text[tokens[i].start : tokens[i].end]
    return (_CODES[written], i + 1) if written in _CODES else (None, i)


def _postcode(tokens: list[numerals_en.Word], i: int, end: int) -> tuple[str, int]:
    while i < len(tokens) and tokens[i].text in ("zip", "code", "is", ","):
        i += 1
    if i < len(tokens) and re.fullmatch(r"\d{5}", tokens[i].text):
        return tokens[i].text, i + 1
    digits, stop = "", i
    while stop < len(tokens) and tokens[stop].text in _NUMBER_WORDS and len(digits) < 5:
        digits += str(numerals_en.SMALL.get(tokens[stop].text, 0))
        stop += 1
    return (digits, stop) if len(digits) == 5 else ("", end)


def begun(body: str) -> Prefix:
    """PROPER while a house number, or one with words behind it, waits for its street."""
    tokens = numerals_en.words(body)
    house = next((_house(tokens, i) for i in range(len(tokens)) if _house(tokens, i)), None)
    return Prefix.PROPER if house and len(tokens) - house[1] <= 4 else Prefix.NONE


def say(address: str) -> str:
    """Numbers digit by digit, the rest as written."""
    return re.sub(r"\d+", lambda found: numerals_en.say_digits(found[0]), address)
