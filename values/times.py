"""Times of day. What a clock face leaves open ("三点", "half past three") gives two matches, office hours first."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from functools import cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import numerals_en, numerals_zh
from huashu.values.automaton import Automaton
from huashu.values.folding import compiled, fold
from huashu.values.kinds import Match, Prefix, ValueType
from huashu.values.viable import viable

_LIKELY, _UNLIKELY = 0.7, 0.4
_OFFICE = (7, 18)  # a bare hour is taken to lie in these: first hour in, last hour in
_H = r"(?:2[0-4]|[01]?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_M = r"(?:[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九]|[一二两三四五六七八九])"
DAYPARTS_ZH = (
    "凌晨|清晨|早晨|早上|今早|明早|大早上|上午|中午|正午|午后|下午|傍晚|晚上|今晚|明晚|昨晚"
    "|当晚|夜里|夜晚|半夜|深夜|午夜|早|晚"
)
_ZH = (
    rf"(?P<part>{DAYPARTS_ZH})?的?\s*(?:"
    rf"差\s*(?:(?P<q1>一刻)|(?P<m1>{_M})\s*分钟?)\s*(?P<h1>{_H})\s*点"
    rf"|(?P<h2>{_H})\s*点\s*差\s*(?:(?P<q2>一刻)|(?P<m2>{_M})\s*分)"
    rf"|(?P<h3>{_H})\s*(?:点(?!钟?以[内上])|时(?!候|间))(?:\s*(?:(?P<half>半)|(?P<q3>[一二两三])刻"
    rf"|过?\s*(?P<m3>{_M})\s*(?:分(?!钟|期|之)|(?![\d个期天号月十百千万块元点折%分]))|[钟整正]))?"
    rf"|(?<![\d:.])(?P<h4>[01]?\d|2[0-4])\s*:\s*(?P<m4>[0-5]\d)(?!\d)(?:\s*:\s*[0-5]\d)?\s*(?P<ap>am|pm)?"
    rf")|(?P<name>正午|中午|午夜|半夜)(?![一-十零\d])"
)
_DECIMAL_AFTER = re.compile(r"[零一二三四五六七八九\d]+[万亿%元块折期倍]")
_NAMED = {"正午": (12, 0, 1.0), "中午": (12, 0, 0.8), "午夜": (0, 0, 1.0), "半夜": (0, 0, 0.6)}


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    return [
        Match(f"{hour:02d}:{minute:02d}", start, end, text[start:end], sure)
        for start, end, hour, minute, sure in find(fold(text), language)
    ]


def find(text: str, language: str) -> "Iterator[Found]":
    """Every time of day of folded text; readings of the same words follow each other, the likeliest first."""
    return _find_zh(text) if is_chinese(language) else _find_en(text)


Found = tuple[int, int, int, int, float]
"""(start, end, hour, minute, confidence)"""


def _find_zh(text: str) -> Iterator[Found]:
    for found in compiled(_ZH).finditer(text):
        part = found.groupdict()
        if part["name"]:
            yield (*found.span(), *_NAMED[part["name"]])
            continue
        hour_words = part["h1"] or part["h2"] or part["h3"] or part["h4"]
        hour = _number(hour_words)
        minute = _minutes(part)
        if part["h1"] or part["h2"]:
            hour, minute = ((hour - 1) % 24, 60 - minute) if minute else (hour, 0)
        if part["h3"] and _no_hour(text, found, part):
            continue
        exact = bool(part["h4"]) and hour_words.startswith("0")
        period = _period_zh(part["part"]) or part["ap"] or ("am" if exact else None)
        for value, sure in _readings(hour, minute, period):
            yield (*found.span(), value, minute, sure)


def _minutes(part: dict[str, str | None]) -> int:
    if part["half"]:
        return 30
    if part["q1"] or part["q2"]:
        return 15
    if part["q3"]:
        return {"一": 15, "三": 45}.get(part["q3"], 30)
    words = part["m1"] or part["m2"] or part["m3"] or part["m4"]
    return _number(words) if words else 0


_BEFORE_ONE = frozenset(" ,.、。在到约是改就那成定天号日周一二三四五六末的要选午吧嗯和或")


def _no_hour(text: str, found: re.Match[str], part: dict[str, str | None]) -> bool:
    """ "有一点贵", "三点五万", "百分之三点", "第三点" name no hour."""
    before = text[max(0, found.start() - 1) : found.start()]
    after = text[found.end() : found.end() + 1]
    if _DECIMAL_AFTER.match(text, found.end()):
        return True
    bare_one = part["h3"] == "一" and found.end() == found.end("h3") + 1
    if bare_one and part["part"] in ("早", "晚"):
        return True  # 早一点: a little earlier
    plain_one = bare_one and not part["part"]
    if plain_one and before and before not in _BEFORE_ONE:
        return True  # 快一点, 便宜一点
    return (
        before in tuple("第之有几百千万")
        or (bool(part["m3"]) and after in tuple("万亿%"))
        or (plain_one and after not in ("", ",", "。", "前", "后", "吧", "钟", "."))
    )


def _number(words: str | None) -> int:
    if not words:
        return 0
    digits = words.lstrip("零") or "零"
    value = numerals_zh.evaluate(digits)
    return int(value) if value is not None else 0


def _period_zh(word: str | None) -> str | None:
    if word is None:
        return None
    if word in ("凌晨", "清晨", "早晨", "早上", "今早", "明早", "大早上", "上午", "早"):
        return "am"
    if word in ("中午", "正午", "午后"):
        return "noon"
    return "pm" if word in ("下午", "傍晚") else "night"


def _readings(hour: int, minute: int, period: str | None) -> list[tuple[int, float]]:
    """The hours of a day (0-23) that an hour on the clock may mean, with confidences."""
    if hour > 24 or (hour == 24 and minute):
        return []
    if hour > 12 or hour == 0:
        return [(hour % 24, 1.0)]
    match period:
        case "am":
            return [(hour % 12 if hour == 12 else hour, 1.0)]
        case "noon":
            return [(hour if hour >= 10 else hour + 12, 1.0)]
        case "pm":
            return [(12 if hour == 12 else hour + 12, 1.0)]
        case "night":
            return [(0 if hour == 12 else hour + 12 if hour >= 5 else hour, 1.0)]
    first, last = _OFFICE
    likely = hour if first <= hour <= 12 or hour + 12 > last else hour + 12
    other = (likely + 12) % 24
    return [(likely, _LIKELY), (other, _UNLIKELY)]


# --- English ------------------------------------------------------------------------------------------------------

_EH = "twelve|eleven|ten|nine|eight|seven|six|five|four|three|two|one|1[0-2]|0?[1-9]"
_TEEN = "nineteen|eighteen|seventeen|sixteen|fifteen|fourteen|thirteen|twelve|eleven|ten"
_ONE = "nine|eight|seven|six|five|four|three|two|one"
_EM = rf"(?:twenty|thirty|forty|fifty)(?:[ -](?:{_ONE}))?|{_TEEN}|{_ONE}|[0-5]?\d"
_AP = (
    r"(?P<{0}>a\.? ?m\.?(?![a-z])|p\.? ?m\.?(?![a-z])|in the (?:morning|afternoon|evening)|at night"
    r"|this (?:morning|afternoon|evening)|tonight)"
)
_EN = (
    rf"\b(?:(?P<half>half)(?: past)?|(?P<q>(?:a )?quarter) (?P<qs>past|after|to|of|till)|(?P<m1>{_EM})"
    rf"(?: minutes?)? (?P<ms>past|after|to|till))"
    rf" (?P<h1>{_EH})\b(?: o'?clock)?(?:\s*{_AP.format('ap1')})?"
    rf"|(?<![\d:.])(?P<h2>[01]?\d|2[0-4]):(?P<m2>[0-5]\d)(?!\d)(?::[0-5]\d)?(?:\s*{_AP.format('ap2')})?"
    rf"|(?<![\d.$:])\b(?P<h3>{_EH})(?:[ -](?:(?:oh|o|zero)[ -](?P<mo>{_ONE})|(?P<m3>(?:twenty|thirty"
    rf"|forty|fifty)(?:[ -](?:{_ONE}))?|{_TEEN}|[0-5]\d)))?"
    rf"(?:\s*(?P<oc>o'?clock))?(?:\s*{_AP.format('ap3')})?(?![\w%])"
    r"|\b(?P<name>noon|midday|midnight)\b"
)


_LATE = "thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty(?:[ -](?:one|two|three))?"
_RAILWAY = (
    rf"\b(?P<h>{_LATE}|(?:zero|oh)(?:[ -](?:{_ONE}))?)[ -](?:(?P<hundred>hundred)|(?:oh|o|zero)[ -](?P<mo>{_ONE})"
    rf"|(?P<m>(?:twenty|thirty|forty|fifty)(?:[ -](?:{_ONE}))?|{_TEEN}))(?:\s+hours)?(?![\w%-])"
)
"""The clock of twenty-four hours: "seventeen oh four", "fifteen hundred hours"."""


def _find_en(text: str) -> Iterator[Found]:
    late = list(compiled(_RAILWAY).finditer(text))
    for found in late:
        minute = _number_en(found["m"] or found["mo"])
        yield (*found.span(), _number_en(re.sub("^(?:oh|zero)[ -]", "", found["h"])), minute, 0.8)
    for reading in _twelve_en(text):
        if not any(one.start() < reading[1] and reading[0] < one.end() for one in late):
            yield reading


def _twelve_en(text: str) -> Iterator[Found]:
    for found in compiled(_EN).finditer(text):
        part = found.groupdict()
        if part["name"]:
            yield (*found.span(), 0 if part["name"] == "midnight" else 12, 0, 1.0)
            continue
        hour = _number_en(part["h1"] or part["h2"] or part["h3"])
        minute = _number_en(part["m1"] or part["m2"] or part["m3"] or part["mo"])
        minute = 30 if part["half"] else 15 if part["q"] else minute
        if (part["qs"] or part["ms"]) in ("to", "of", "till"):
            hour, minute = (hour - 1 or 12, 60 - minute) if minute else (hour, 0)
        spoken = part["ap1"] or part["ap2"] or part["ap3"]
        bare = bool(part["h3"]) and not (spoken or part["oc"])
        digits_only = bare and not (part["m3"] or part["mo"])
        exact = bool(part["h2"]) and (part["h2"] or "").startswith("0")
        for value, sure in _readings(hour, minute, _period_en(spoken) or ("am" if exact else None)):
            yield (*found.span(), value, minute, sure * (0.7 if digits_only else 0.9 if bare else 1.0))


def _period_en(words: str | None) -> str | None:
    if words is None:
        return None
    if (words[0] == "a" and words != "at night") or words.endswith("morning"):
        return "am"
    return "night" if words in ("at night", "tonight") else "pm"


def _number_en(words: str | None) -> int:
    if not words:
        return 0
    tokens = numerals_en.words(words)
    found = numerals_en.read(tokens, 0)
    return int(found[0]) if found else 0


# --- prefix -------------------------------------------------------------------------------------------------------


@cache
def _automaton(chinese: bool) -> Automaton:
    if chinese:
        hour = "(十[一二三四五六七八九]?|二十[一二三四]?|[零一二两三四五六七八九]|[12]?[0-9])"
        minute = "(零[一二三四五六七八九]|[二三四五]?十([一二三四五六七八九]|分)?|[一二三四五六七八九]|[0-5]?[0-9])分?"
        return Automaton(
            f"({DAYPARTS_ZH})?的?({hour}[点时](半|[一二三]刻|过?{minute}|钟|整)?|差(一刻"
            f"|{minute})钟?{hour}点|{hour}点差(一刻|{minute}))"
            "|\\d?\\d:\\d\\d|正午|中午|午夜|半夜"
        )
    hour = f"({'|'.join(_EH.split('|')[:12])}|1?[0-9])"
    ones = f"({_ONE})"
    minute = f"((twenty|thirty|forty|fifty)( {ones})?|{_TEEN}|{ones}|[0-5]?[0-9])"
    half = r"( ?[ap]\.?( )?m| in the (morning|afternoon|evening)| at night| tonight)?"
    return Automaton(
        f"((half past|(a )?quarter (past|after|to)|{minute}( minutes?)? (past|after|to)) {hour}( o'?clock)?{half}"
        f"|{hour}( oh {ones}| {minute})?( o'?clock)?{half}|\\d?\\d:\\d\\d{half}|noon|midday|midnight)"
    )


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    return viable(_automaton(chinese), text, chinese, lambda: bool(_parse(text, language, _ANY_DAY, unit)))


_ANY_DAY = datetime(2026, 1, 1)


# --- aloud and on screen ------------------------------------------------------------------------------------------


def read_time(value: Scalar, language: str, unit: str | None = None) -> str:
    """ "下午三点半", "凌晨零点零五分"; "three thirty pm", "noon"."""
    moment = time.fromisoformat(str(value))
    hour, minute = moment.hour, moment.minute
    if is_chinese(language):
        part = (
            "凌晨" if hour < 6 else "上午" if hour < 12 else "中午" if hour == 12 else "下午" if hour < 18 else "晚上"
        )
        clock = hour if hour <= 12 else hour - 12
        spoken = part + ("两" if clock == 2 else numerals_zh.say_integer(clock)) + "点"
        if minute == 30:
            return spoken + "半"
        return spoken + (f"{'零' if minute < 10 else ''}{numerals_zh.say_integer(minute)}分" if minute else "")
    if minute == 0 and hour % 12 == 0:
        return "noon" if hour else "midnight"
    spoken = numerals_en.say_integer((hour - 1) % 12 + 1)
    if minute:
        spoken += f" {'oh ' if minute < 10 else ''}{numerals_en.say_integer(minute)}"
    return f"{spoken} {'am' if hour < 12 else 'pm'}"


def _show(value: Scalar, language: str, unit: str | None) -> str:
    return str(value)


def _canonical(value: object) -> Scalar:
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    found = re.fullmatch(r"\s*(\d{1,2}):(\d{2})(?::\d{2})?\s*", fold(value)) if isinstance(value, str) else None
    if found is None:
        raise ValueError
    return time(int(found[1]), int(found[2])).strftime("%H:%M")


TIME = ValueType(
    "time", "时间", '"14:30"', _parse, _prefix, read_time, _show, _canonical,
    lambda language, unit: _automaton(is_chinese(language)),
)  # fmt: skip
