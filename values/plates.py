"""Number plates of the PRC (GA 36-2018): 京A12345, new energy 京AD12345 and 京A12345D, police, trainer, trailer, and
粤Z1234港 / 澳. In English the province is said by name ("Beijing A one two three four five"), and any other plate of
four to eight letters and digits is taken as it is.
"""

import re
from collections import deque
from datetime import datetime
from functools import cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import letters
from huashu.values.automaton import Automaton
from huashu.values.folding import compiled, fold, is_carrier, stripped
from huashu.values.kinds import Match, Prefix, ValueType

_PROVINCES = {
    "京": "Beijing", "津": "Tianjin", "冀": "Hebei", "晋": "Shanxi", "蒙": "Inner Mongolia", "辽": "Liaoning",
    "吉": "Jilin",
    "黑": "Heilongjiang", "沪": "Shanghai", "苏": "Jiangsu", "浙": "Zhejiang", "皖": "Anhui", "闽": "Fujian",
    "赣": "Jiangxi", "鲁": "Shandong", "豫": "Henan", "鄂": "Hubei", "湘": "Hunan", "粤": "Guangdong", "桂": "Guangxi",
    "琼": "Hainan", "渝": "Chongqing", "川": "Sichuan", "贵": "Guizhou", "云": "Yunnan", "藏": "Tibet",
    "陕": "Shaanxi", "甘": "Gansu", "青": "Qinghai", "宁": "Ningxia", "新": "Xinjiang",
}  # fmt: skip
_BY_NAME = {name.lower(): short for short, name in _PROVINCES.items()}
_HEARD = {
    heard: short
    for short, all_heard in {
        "京": "经晶惊精睛", "沪": "护户互虎", "浙": "这哲折者", "苏": "酥素", "皖": "晚碗挽完", "闽": "民敏",
        "赣": "干感敢",
        "鲁": "路录鹿露", "豫": "玉预遇欲育", "鄂": "饿恶扼", "湘": "香相箱乡", "粤": "月越岳阅", "琼": "穷",
        "渝": "鱼余于娱",
        "川": "穿串", "云": "运匀", "陕": "闪", "青": "清轻", "宁": "您", "新": "心欣辛", "吉": "极级集", "辽": "聊疗",
        "晋": "进近劲", "冀": "记继既计寄", "津": "今金斤", "蒙": "梦猛", "甘": "肝",
    }.items()
    for heard in all_heard
    if heard not in _PROVINCES
}  # fmt: skip
"""Common characters of the same sound; only before a letter and five more of them is a province meant."""
_C = "[A-HJ-NP-Z0-9]"
_MAINLAND = (
    f"[{''.join(_PROVINCES)}][A-Z](?:{_C}{{5}}|[A-HJK]{_C}[0-9]{{4}}|[0-9]{{5}}[A-HJK]|{_C}{{4}}[警学挂试超])|粤"
    f"Z{_C}{{4}}[港澳]"
)
_PLATE = re.compile(_MAINLAND)
_ANY = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{4,8}")
_TAIL = "警学挂试超港澳"
_TAILS_EN = {
    "hong kong": "港", "macau": "澳", "police": "警", "trainer": "学", "trailer": "挂", "test": "试", "oversize": "超",
}  # fmt: skip
_TAIL_EN = re.compile(rf"[\s,]*({'|'.join(_TAILS_EN)})\b")
_ITEM = rf"(?:{letters.ITEM_ZH})"
_GAP = r"[\s,.、。\-·~]*(?:(?:然后|嗯|字母|数字|大写的?)[\s,、]*)*"
_SPOKEN_ZH = (
    rf"(?P<p>[{''.join(_PROVINCES)}{''.join(_HEARD)}])[\s,、]*(?:省|市)?的?(?P<rest>(?:{_GAP}{_ITEM})+)"
    rf"{_GAP}(?P<tail>[{_TAIL}])?"
)
_ITEMS = re.compile(letters.ITEM_ZH)
_NAMES_EN = re.compile(rf"\b(?P<p>{'|'.join(sorted(_BY_NAME, key=len, reverse=True))})\b[\s,]*")


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    return _parse_zh(text) if is_chinese(language) else _parse_en(text)


def _parse_zh(text: str) -> list[Match]:
    matches = []
    for found in compiled(_SPOKEN_ZH).finditer(fold(text)):
        plate, sure = _joined(found)
        if _PLATE.fullmatch(plate):
            matches.append(Match(plate, found.start(), found.end(), text[found.start() : found.end()], sure))
    return matches


def _joined(found: re.Match[str]) -> tuple[str, float]:
    """The plate as far as it was said, and how sure its province is."""
    heard = found["p"]
    items = "".join(letters.item_zh(item[0]) for item in _ITEMS.finditer(found["rest"])).upper()
    # there is no I and no O after the second place: what sounds like them is one and nought
    body = items[:1] + items[1:].translate(str.maketrans("IO", "10"))
    return _HEARD.get(heard, heard) + body + (found["tail"] or ""), 0.8 if heard in _HEARD else 1.0


def _parse_en(text: str) -> list[Match]:
    folded = fold(text)
    matches = []
    named = list(_NAMES_EN.finditer(folded))
    for start, end, said, _ in letters.runs(text, "en"):
        tail = _TAIL_EN.match(folded, end)
        value, end = (said + _TAILS_EN[tail[1]], tail.end()) if tail else (said, end)
        before = next((name for name in named if name.end() == start), None)
        if before:
            plate = _BY_NAME[before["p"]] + value
            if _PLATE.fullmatch(plate):
                matches.append(Match(plate, before.start(), end, text[before.start() : end]))
        elif _ANY.fullmatch(value):
            matches.append(Match(value, start, end, text[start:end], 0.7))
    return matches


# --- prefix -------------------------------------------------------------------------------------------------------


@cache
def _automaton(*, mainland: bool) -> Automaton:
    if not mainland:
        return Automaton("[A-Z0-9]" * 4 + "[A-Z0-9]?" * 4)
    c = "[A-HJ-NP-Z0-9]"
    digit = r"\d"
    shapes = (c * 5, f"[A-HJK]{c}{digit * 4}", f"{digit * 5}[A-HJK]", f"{c * 4}[警学挂试超]")
    return Automaton(f"[{''.join(_PROVINCES)}][A-Z]({'|'.join(shapes)})|粤Z{c * 4}[港澳]")


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    chinese = is_chinese(language)
    folded = fold(text)
    body, _ = stripped(folded, chinese)
    if not body.strip() or is_carrier(body, chinese):
        return Prefix.PROPER
    found = _prefix_zh(body) if chinese else _prefix_en(body)
    return Prefix.FULL if found is Prefix.NONE and _parse(text, language, _ANY_DAY, unit) else found


def _prefix_zh(body: str) -> Prefix:
    for found in compiled(_SPOKEN_ZH).finditer(body):
        if not body[found.end() :].strip(" ,.、。-~"):
            plate, _ = _joined(found)
            return _automaton(mainland=True).test(plate)
    return Prefix.PROPER if body[-1] in _PROVINCES else Prefix.NONE


def _prefix_en(body: str) -> Prefix:
    name = next(iter(deque(_NAMES_EN.finditer(body), maxlen=1)), None)
    runs = list(letters.runs(body, "en"))
    if not runs:
        return Prefix.PROPER if name and name.end() == len(body) else Prefix.NONE
    last = runs[-1]
    if body[last.end :].strip(" ,."):
        return Prefix.FULL if _parse_en(body) else Prefix.NONE
    if name and name.end() == last.start:
        return _automaton(mainland=True).test(_BY_NAME[name["p"]] + last.value)
    return _automaton(mainland=False).test(last.value)


_ANY_DAY = datetime(2026, 1, 1)


# --- aloud and on screen ------------------------------------------------------------------------------------------


def _read(value: Scalar, language: str, unit: str | None) -> str:
    """ "京A，幺二三四五"; "Beijing A, one two three four five"."""
    plate = str(value)
    if plate[0] not in _PROVINCES:
        return letters.read_items(plate, language, 3)
    if is_chinese(language):
        tail = plate[-1] if plate[-1] in _TAIL else ""
        body = plate[2 : len(plate) - len(tail)]
        return f"{plate[:2]}，{letters.read_items(body, language, 6)}{tail}"
    tail = next((f" {words}" for words, character in _TAILS_EN.items() if plate.endswith(character)), "")
    body = plate[2:-1] if tail else plate[2:]
    return f"{_PROVINCES[plate[0]]} {plate[1]}, {letters.read_items(body, language, 6)}{tail}"


def _show(value: Scalar, language: str, unit: str | None) -> str:
    return str(value)


def _canonical(value: object) -> Scalar:
    if not isinstance(value, str):
        raise ValueError
    plate = re.sub(r"[\s\-·.]", "", fold(value)).upper()
    if not _PLATE.fullmatch(plate) and not _ANY.fullmatch(plate):
        raise ValueError
    return plate


PLATE = ValueType("plate", "车牌", "京A12345", _parse, _prefix, _read, _show, _canonical)
