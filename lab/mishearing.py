"""A recogniser that errs: what is said goes in, what is recognised comes out, with confidence and other readings.

Chinese: a character is heard as one that sounds the same or nearly (n/l, zh/z, f/h, an/ang …), lost, or doubled; the
candidates are the 3,755 common characters of GB 2312, those of the bot's own sentences first, as a recogniser with hot
words prefers them. English: a word is heard as one of the vocabulary that is spelt from similar sounds, lost, or split.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from random import Random
from typing import Final

from huashu.core.events import Alternative, Heard
from huashu.core.language import is_chinese
from huashu.nlu.text import CJK

SAME_SOUND, NEAR_SOUND, LOST = 0.45, 0.80, 0.93
"""Of errors in Chinese: homophones; near homophones; deletions; the rest are insertions. Recognisers of telephone
Mandarin err mostly by substitution (guess after the shares usually told for open test sets)."""
WORD_ERRORS: Final = 2.0
"""Word errors for each character error in English."""
ALTERNATIVES: Final = 3
BELIEF_LOST: Final = 1.1
"""How much confidence falls for each share of wrong characters."""

_HAN = re.compile(f"[{CJK}]")
_NEAR: Final = (
    ("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"), ("r", "l"), ("ang", "an"), ("eng", "en"),
    ("ing", "in"), ("ong", "eng"), ("uang", "uan"), ("iang", "ian"), ("b", "p"), ("d", "t"), ("g", "k"),
)  # fmt: skip
"""Sounds that are taken for one another on the telephone, either way."""

_CLASSES: Final = tuple(zip("aeiouybpfvdtkgcqszxjmnlrwh", "aaaaaappppttkkkksssjmmll00", strict=True))
_SOUNDS: Final = str.maketrans(dict(_CLASSES))
_CONFUSED_EN: Final = {
    "fifteen": "fifty", "fifty": "fifteen", "thirteen": "thirty", "thirty": "thirteen", "sixteen": "sixty",
    "nine": "five", "five": "nine", "two": "to", "four": "for", "eight": "ate", "one": "won",
    "ten": "then", "book": "look",
    "move": "moved", "cancel": "council", "cleaning": "clearing", "eye": "I", "test": "text", "check-up": "ketchup",
    "checkup": "ketchup",
    "vaccination": "vacation", "tuesday": "thursday", "thursday": "tuesday", "yes": "yet", "no": "know", "oh": "o",
    "a.m.": "am", "p.m.": "pm", "agent": "aging", "robot": "rowboat", "flu": "flew", "shot": "shop", "please": "peas",
}  # fmt: skip
_DIGITS: Final = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_EXTRA_ZH: Final = "的了嗯啊一是那"


class Recogniser:
    """One for a bot; draws from the rng it is given."""

    def __init__(self, language: str, sentences: Iterable[str]) -> None:
        self.chinese = is_chinese(language)
        self._own = frozenset("".join(sentences)) if self.chinese else frozenset()
        self._vocabulary: dict[str, list[str]] = {}
        if not self.chinese:
            words = sorted({word for text in sentences for word in re.findall(r"[a-z']+", text.lower())})
            for word in words:
                self._vocabulary.setdefault(_sound(word), []).append(word)
        self._candidates: dict[tuple[str, bool], tuple[str, ...]] = {}

    def hear(self, text: str, rng: Random, *, rate: float, confidence: tuple[float, float]) -> Heard:
        """The recogniser's final result. `rate`: share of characters it gets wrong; `confidence`: (mean, spread) of
        its belief in words it got right."""
        heard = self._errs(text, rng, rate)
        wrong = difference(text, heard)
        belief = round(min(1.0, max(0.05, rng.gauss(*confidence) - BELIEF_LOST * wrong)), 2)
        readings: list[str] = []
        if heard != text and rng.random() < 0.5:
            readings.append(text)
        for _ in range(ALTERNATIVES if rate else 0):
            other = self._errs(text, rng, max(rate, 0.05) * 1.5)
            if other != heard and other not in readings and other.strip():
                readings.append(other)
        others = tuple(
            Alternative(other, round(max(0.01, belief - 0.08 * number - 0.05 * rng.random()), 2))
            for number, other in enumerate(readings[:ALTERNATIVES], 1)
        )
        return Heard(heard, confidence=belief, alternatives=others)

    def partials(self, text: str, rng: Random) -> tuple[tuple[float, str], ...]:
        """(share of the speaking time, words so far) before the final result."""
        pieces = list(text) if self.chinese else text.split()
        count = min(3, len(pieces) // 3)
        shares = sorted(round(rng.uniform(0.3, 0.9), 2) for _ in range(count))
        join = "" if self.chinese else " "
        return tuple((share, join.join(pieces[: max(1, int(len(pieces) * share))])) for share in shares)

    # --- errors ---

    def _errs(self, text: str, rng: Random, rate: float) -> str:
        if rate <= 0:
            return text
        return self._errs_zh(text, rng, rate) if self.chinese else self._errs_en(text, rng, rate)

    def _errs_zh(self, text: str, rng: Random, rate: float) -> str:
        out: list[str] = []
        for character in text:
            if rng.random() >= rate or not (_HAN.match(character) or character in _DIGITS):
                out.append(character)
                continue
            character = _DIGITS.get(character, character)
            kind = rng.random()
            if kind < NEAR_SOUND:
                others = self._sounding(character, near=kind >= SAME_SOUND)
                out.append(rng.choice(others) if others else character)
            elif kind >= LOST:
                out += [character, rng.choice(_EXTRA_ZH)]
        return "".join(out)

    def _sounding(self, character: str, *, near: bool) -> tuple[str, ...]:
        """Characters it may be taken for; those of the bot's own sentences four times as likely."""
        key = (character, near)
        if key not in self._candidates:
            syllable = _syllables().get(character, "")
            names = _neighbours(syllable) if near else (syllable,)
            others = [other for name in names for other in _homophones().get(name, ()) if other != character]
            self._candidates[key] = tuple(other for other in others for _ in range(4 if other in self._own else 1))
        return self._candidates[key]

    def _errs_en(self, text: str, rng: Random, rate: float) -> str:
        out: list[str] = []
        for word in text.split():
            if rng.random() >= min(0.9, rate * WORD_ERRORS):
                out.append(word)
                continue
            kind = rng.random()
            if kind < 0.75:
                out.append(self._word_like(word, rng))
            elif kind > 0.9:
                out += [word, rng.choice(("the", "a", "uh", "to"))]
        return " ".join(out)

    def _word_like(self, word: str, rng: Random) -> str:
        plain = word.lower().strip(".,?!")
        if plain in _CONFUSED_EN and rng.random() < 0.6:
            return _CONFUSED_EN[plain]
        others = [other for other in self._vocabulary.get(_sound(plain), ()) if other != plain]
        if others:
            return rng.choice(others)
        if len(plain) < 4:
            return plain
        at = rng.randrange(1, len(plain) - 1)
        return plain[:at] + plain[at + 1 :]


def difference(said: str, heard: str) -> float:
    """Character error rate of a result: edits by the length of what was said."""
    row = list(range(len(heard) + 1))
    for i, a in enumerate(said, 1):
        corner, row[0] = row[0], i
        for j, b in enumerate(heard, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (a != b))
    return row[-1] / max(1, len(said))


def _sound(word: str) -> str:
    """A rough key of how a word sounds: its consonants by class, vowels only at the front."""
    classes = word.translate(_SOUNDS)
    key = classes[:1] + "".join(c for c in classes[1:] if c not in "a0")
    return re.sub(r"(.)\1+", r"\1", key)


@lru_cache(maxsize=1)
def _syllables() -> dict[str, str]:
    """Common character → toneless pinyin. The characters are level 1 of GB 2312, rows 16 to 55."""
    from pypinyin import Style, lazy_pinyin  # only simulations in Chinese pay for its tables

    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    characters = [text for code in codes if (text := code.decode("gb2312", "ignore"))]
    return {one: lazy_pinyin(one, style=Style.NORMAL)[0] for one in characters}


@lru_cache(maxsize=1)
def _homophones() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for character, syllable in _syllables().items():
        found.setdefault(syllable, []).append(character)
    return {syllable: tuple(characters) for syllable, characters in found.items()}


@lru_cache(maxsize=1024)
def _neighbours(syllable: str) -> tuple[str, ...]:
    """Syllables that differ by one sound of `_NEAR`."""
    found: list[str] = []
    for one, other in _NEAR:
        for before, after in ((one, other), (other, one)):
            if syllable.startswith(before) and not (len(before) == 1 and syllable[1:2] == "h"):
                found.append(after + syllable[len(before) :])
            elif syllable.endswith(before) and before[0] in "aeiou":
                found.append(syllable[: -len(before)] + after)
    return tuple(dict.fromkeys(name for name in found if name in _homophones() and name != syllable))
