"""What a step expects, as a word network that a recogniser can search.

A network is a finite state grammar: arcs between numbered states, each with one dictionary word, from state 0 to
state 1. Closed questions (yes or no, a choice, a value) get a tree of their phrases: exactly these, nothing between.
Open ones get the graph of word pairs that occur in their phrases, so that "I'd like a latte" is understood where the
examples say "I'd like a tea" and "get me a latte". Typed values get the ways to say them in Chinese, loops of their
words in English.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from huashu.core.expect import Expectation
from huashu.values.automaton import Automaton
from huashu.values.folding import fold
from huashu.values.registry import automaton, read_aloud

Words = tuple[str, ...]
Arc = tuple[int, int, float, str]
"""From state, to state, probability, word ("" for none)."""
Split = Callable[[str], Words | None]
"""A phrase to words of the dictionary, or None when it has a word that is not there."""

_START, _END = 0, 1
_LOOP = 0.01
"""Probability of each further word of a loop: keeps one spoken digit from being read as two (measured best of 0.1 to
0.001 on 17 dictated numbers)."""
_SO_FAR = 1e-25
"""Probability of an end at which the value is not whole yet: partial words show how far somebody has got. With 0.01 the
好 of a person was still read as a value, "一十周"."""
_ELSEWHERE = 1e-4
"""Probability that what is said begins a value which another question asks for."""
_MOST_ARCS = 5000
"""Of the ways to say a value: what can be read faster than it is said (1,300 for a date read 3.5 s of speech in 0.5 s,
2,600 for an amount in 0.4 s, 10,000 for a duration in 2 s)."""
# Lists of words, split where they are used: easier to read and to lengthen than a thousand quotation marks.
_DIGITS_EN = "zero oh one two three four five six seven eight nine"
_TEENS_EN = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty "
    "seventy eighty ninety hundred thousand million point and"
)
_DATES_EN = (
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow next january february march april may "
    "june july august september october november december first second third fourth fifth sixth seventh eighth ninth "
    "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
    "thirtieth of the"
)
_DIGITS = {"en": _DIGITS_EN, "zh": "零 一 二 三 四 五 六 七 八 九 幺"}
_NUMERALS = {"en": f"{_DIGITS_EN} {_TEENS_EN}", "zh": "零 一 二 两 三 四 五 六 七 八 九 十 百 千 万 亿 点 半"}
_AROUND = {
    "money": {"en": "dollars dollar cents cent yuan", "zh": "元 块 钱 角 毛 分"},
    "percent": {"en": "percent", "zh": "百分之 成"},
    "time": {"en": "o'clock a m p half quarter past to", "zh": "点 分 刻 上午 下午 晚上 早上 中午"},
    "date": {"en": _DATES_EN, "zh": "年 月 日 号 今天 明天 后天 星期 周 礼拜 天 下 这 个"},
}
_AROUND |= {
    "duration": {
        "en": "half a an hour hours minute minutes day days week weeks month months year years",
        "zh": "个 小时 分钟 天 周 星期 月 年 半",
    },
    "quantity": {
        "en": "half a kilo kilos pound pounds meter meters mile miles",
        "zh": "斤 公斤 两 克 公里 米 个 箱 件 吨 升",
    },
}
_AROUND["datetime"] = {side: f"{_AROUND['date'][side]} {_AROUND['time'][side]}" for side in ("en", "zh")}
_AROUND["period"] = {
    "en": f"{_AROUND['datetime']['en']} from through before after until within "
    "this last week month weekend morning afternoon",
    "zh": f"{_AROUND['datetime']['zh']} 从 到 前 后 内 以后 之前 上 本 底 初 旬",
}
_LETTERS = "a b c d e f g h i j k l m n o p q r s t u v w x y z"
_SPELT = {
    "id_number": {"en": "x double", "zh": "叉"},
    "bank_card": {"en": "double", "zh": ""},
    "phone": {"en": "", "zh": ""},
    "digits": {"en": "", "zh": ""},
    "spelled": {"en": f"{_LETTERS} double", "zh": _LETTERS},
    "plate": {
        "en": _LETTERS,
        "zh": f"{_LETTERS} 京 津 冀 晋 蒙 辽 吉 黑 沪 苏 浙 皖 闽 赣 鲁 豫 鄂 湘 粤 桂 琼 渝 川 贵 云 藏 陕 甘 青 宁 "
        "新",
    },
    "email": {"en": f"{_LETTERS} at dot underscore dash com net org gmail", "zh": f"{_LETTERS} 点 下划线 横杠"},
}
"""Types said character by character, with the words besides digits."""
_YES_NO = {
    "en": (
        "yes, no, yeah, yep, nope, sure, correct, right, okay, yes please, no thanks, no thank you, that's right, "
        "not now, i do, i don't, of course"
    ),
    "zh": "是,是的,对,对的,好,好的,可以,行,嗯,没错,不,不是,不对,不行,不要,不用,不可以,没有,是我,不是我",
}


@dataclass(frozen=True, slots=True)
class Network:
    arcs: tuple[Arc, ...]
    key: str
    """Equal for equal arcs: what a built search is kept by."""
    skipped: int = 0
    """Phrases left out for a word that is not in the dictionary."""


def network(expect: Expectation, language: str, split: Split) -> Network | None:
    """The network of a step, or None when nothing in it can be listed (then only dictation helps).

    `language` is "zh" or "en".
    """
    texts = [*expect.phrases, *(way for choice in expect.choices for way in choice.spoken)]
    if expect.kind == "yes_no" or expect.type == "yes_no":
        texts += _YES_NO[language].split(",")
    phrases = []
    skipped = 0
    for text in dict.fromkeys(texts):
        words = split(text)
        if words:
            phrases.append(words)
        elif words is None:
            skipped += 1
    arcs = pairs(phrases) if expect.kind == "free" else tree(phrases)
    for kind in _types(expect):
        unit = expect.unit if kind == expect.type else None
        ways = _sayable(kind, split, unit) if language == "zh" else _loop(kind, language, split, unit)
        enter = 1.0 if kind == expect.type else _ELSEWHERE
        arcs = _join(arcs, [(a, b, enter * chance if a == _START else chance, word) for a, b, chance, word in ways])
    if not arcs:
        return None
    listed = tuple(sorted(set(arcs)))
    return Network(listed, hashlib.sha256(repr(listed).encode()).hexdigest(), skipped)


def tree(phrases: Iterable[Words]) -> list[Arc]:
    """Exactly these phrases, sharing their beginnings."""
    states: dict[Words, int] = {(): _START}
    arcs: list[Arc] = []
    for phrase in phrases:
        for length in range(1, len(phrase) + 1):
            head = phrase[:length]
            if head not in states:
                states[head] = len(states) + 1
                arcs.append((states[head[:-1]], states[head], 1.0, head[-1]))
        arcs.append((states[phrase], _END, 1.0, ""))
    return arcs


def pairs(phrases: Iterable[Words]) -> list[Arc]:
    """Every sequence of words in which each neighbouring pair stands in some phrase, first and last word likewise."""
    states: dict[str, int] = {}
    arcs: set[Arc] = set()
    for phrase in phrases:
        numbers = [states.setdefault(word, len(states) + 2) for word in phrase]
        for before, number, word in zip([_START, *numbers], numbers, phrase, strict=False):
            arcs.add((before, number, 1.0, word))
        arcs.add((numbers[-1], _END, 1.0, ""))
    return sorted(arcs)


def spoken_text(text: str, language: str) -> str:
    """A phrase as a recogniser writes it: numbers in words, no marks; English in lower case, Chinese without spaces."""
    text = re.sub(r"[0-9]{1,12}", lambda found: f" {read_aloud('integer', int(found[0]), language=language)} ", text)
    if language == "zh":
        return re.sub(r"[\W_]+", "", text)
    return " ".join(re.sub(r"[^\w']+", " ", text.lower().replace("’", "'")).split())


def _types(expect: Expectation) -> tuple[str, ...]:
    found = dict.fromkeys([expect.type] if expect.type else [])
    found.update(dict.fromkeys(kind for _, kind in expect.slots))
    return tuple(kind for kind in found if kind in {"integer", "number", *_SPELT, *_AROUND})


@lru_cache(maxsize=64)
def _sayable(kind: str, split: Split, unit: str | None) -> Sequence[Arc]:
    """Exactly the ways to say a Chinese value of the type, where values/ knows them and they are not too many. A loop
    of the same words finds "十周" in 好 and "号后天" in 后天, and all that is in no phrase becomes a date."""
    said = automaton(kind, language="zh", unit=unit)
    arcs = _ways(said, kind, split) if said is not None else []
    return arcs if 0 < len(arcs) <= _MOST_ARCS else _loop(kind, "zh", split, unit)


def _ways(said: Automaton, kind: str, split: Split) -> list[Arc]:
    letters = [*(_NUMERALS["zh"] + " " + _AROUND.get(kind, {}).get("zh", "")).split(), *said.alphabet]
    known = sorted({(word, fold(word)) for text in letters if not text.isascii() for word in split(text) or ()})
    numbers = {said.begin: _START}
    arcs: list[Arc] = []
    waiting = [said.begin]
    while waiting:
        if len(arcs) > 10 * _MOST_ARCS:
            return []
        here = waiting.pop()
        for word, folded in known:
            there = said.after(here, folded)
            if not there:
                continue
            if there not in numbers:
                numbers[there] = len(numbers) + 1
                waiting.append(there)
                arcs.append((numbers[there], _END, 1.0 if said.accepts(there) else _SO_FAR, ""))
            arcs.append((numbers[here], numbers[there], 1.0 if here == said.begin else _LOOP, word))
    return _smallest(arcs)


def _smallest(arcs: list[Arc]) -> list[Arc]:
    """The same words with as few states as can be: those from which the same may follow are one (E. F. Moore, 1956)."""
    follow: dict[int, list[Arc]] = {_END: []}
    for arc in arcs:
        follow.setdefault(arc[0], []).append(arc)
    alike = dict.fromkeys(follow, 0)
    count = 1
    while True:
        sorts: dict[frozenset[tuple[float, str, int]] | int, int] = {_START: _START, _END: _END}
        again = {}
        for state, going in follow.items():
            own = frozenset((chance, word, alike[target]) for _, target, chance, word in going)
            again[state] = sorts.setdefault(state if state in (_START, _END) else own, len(sorts))
        if len(sorts) == count:
            return sorted({(again[source], again[target], chance, word) for source, target, chance, word in arcs})
        alike, count = again, len(sorts)


def _loop(kind: str, language: str, split: Split, unit: str | None) -> list[Arc]:
    words = (_DIGITS if kind in _SPELT else _NUMERALS)[language].split()
    words += (_SPELT.get(kind) or _AROUND.get(kind, {})).get(language, "").split()
    if unit:
        words.append(unit)
    known = {word for text in words for word in split(text) or ()}
    middle = 2
    first: list[Arc] = [(_START, middle, 1.0, word) for word in known]
    return [*first, *((middle, middle, _LOOP, word) for word in known), (middle, _END, 1.0, "")]


def _join(left: Sequence[Arc], right: Sequence[Arc]) -> list[Arc]:
    """Either network: the states of `right` above 1 are moved out of the way of those of `left`."""
    shift = max((max(arc[0], arc[1]) for arc in left), default=1) - 1

    def moved(state: int) -> int:
        return state if state <= _END else state + shift

    return [*left, *((moved(a), moved(b), chance, word) for a, b, chance, word in right)]
