"""Accuracy under recognition errors: 0, 10 and 20 % of the characters wrong, beside TF-IDF and a linear SVM.

Usage: python bench/nlu_noise.py ROWS [--sets NAME ...] [--rates R ...] [--rounds N]

ROWS as in bench/nlu_accuracy.py. Both sides learn from the clean training rows and are asked the same spoilt test rows.
The errors are drawn here, from tables of this file that the package does not have: Chinese characters become
homophones, characters of a confusable syllable, others altogether, are lost or said twice, and fillers come between;
English words become others of similar spelling, lose or swap letters, are lost, or run together. A row is spoilt until
the asked share of its characters is wrong (edit distance). "lost" is in points of accuracy against the clean rows.
"""

import argparse
import random
import sys
from collections import defaultdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.core.language import is_chinese
from huashu.lab.mishearing import difference
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, train

sys.path.insert(0, str(Path(__file__).parent))
from nlu_accuracy import SETS, read

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DEFAULT = ("smp2019_domain", "smp2019_intent", "cais", "banking77", "hwu64")
STARTS = ("zh z", "ch c", "sh s", "n l", "f h", "r y", "j z", "q c", "x s", "b p", "d t", "g k", "h k", "w v", "l r")
ENDS = ("ang an", "eng en", "ing in", "ian uan", "ui ei", "ou uo", "ao ou", "ie e", "un en", "ai ei")
SWAPS = ("th f", "v b", "d t", "g k", "b p", "s z", "m n", "ea ee", "i e", "a u", "o a", "l r", "ou o", "sh ch")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(DEFAULT))
    parser.add_argument("--rates", nargs="*", type=float, default=[0.0, 0.1, 0.2])
    parser.add_argument("--rounds", type=int, default=2, help="how often each test row is spoilt")
    arguments = parser.parse_args()
    for name in arguments.sets:
        folder = arguments.rows / name
        rows, asked = read(folder / "train.jsonl"), [r for r in read(folder / "test.jsonl") if r["intent"] != "oos"]
        compare(name, SETS[name], rows, asked, arguments.rates, arguments.rounds)


def compare(
    name: str, language: str, rows: list[dict[str, Any]], asked: list[dict[str, Any]], rates: list[float], rounds: int
) -> None:
    ours = embedded(rows, language)
    peer = peers(rows, language)
    spoil = chinese if is_chinese(language) else English([row["text"] for row in rows])
    clean: dict[str, float] = {}
    for rate in rates:
        dice = random.Random(f"{name} {rate}")
        texts, wanted = [], []
        for row in asked:
            for _ in range(rounds if rate else 1):
                texts.append(spoilt(row["text"], rate, dice, spoil))
                wanted.append(row["intent"])
        figures = []
        for who, answer in (("huashu", ours), ("svm", peer)):
            told = answer(texts)
            right = 100 * sum(a == b for a, b in zip(told, wanted, strict=True)) / len(wanted)
            clean.setdefault(who, right)
            figures.append(f"{who} {right:.1f} (lost {clean[who] - right:.1f})")
        print(f"{name} at {rate:.0%}: {', '.join(figures)}, n={len(wanted)}", flush=True)


def embedded(rows: list[dict[str, Any]], language: str) -> Any:
    understander = EmbeddedUnderstander(
        train(TrainingData(language, tuple(Example(row["text"], row["intent"]) for row in rows)))
    )

    def answer(texts: list[str]) -> list[str]:
        meant = [understander.understand(Heard(text), NOTHING, at=AT) for text in texts]
        return [each.intents[0].name if each.intents else "" for each in meant]

    return answer


def peers(rows: list[dict[str, Any]], language: str) -> Any:
    """What most people would set up: word 1-2-grams (Chinese: characters 1-3), sublinear TF-IDF, a linear SVM."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    if is_chinese(language):
        features = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    else:
        features = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = make_pipeline(features, LinearSVC(random_state=0))
    model.fit([row["text"] for row in rows], [row["intent"] for row in rows])
    return lambda texts: list(model.predict(texts))


# --- errors -------------------------------------------------------------------------------------------------------


def spoilt(text: str, rate: float, dice: random.Random, change: Any) -> str:
    """`text` with errors until `rate` of its characters are wrong; the last one by chance, so that short texts too
    have the share on average."""
    wanted = rate * len(text)
    now = text
    for _ in range(100):
        done = difference(text, now) * len(text)
        if done >= wanted:
            break
        other = change(now, dice)
        cost = max(1.0, difference(text, other) * len(text) - done)
        if dice.random() > (wanted - done) / cost:
            break
        now = other
    return now


def chinese(text: str, dice: random.Random) -> str:
    """One error more."""
    if not text:
        return text
    at = dice.randrange(len(text))
    draw = dice.random()
    if draw < 0.14:
        return text[:at] + text[at + 1 :]
    if draw < 0.20:
        return text[:at] + dice.choice((text[at], "嗯", "那个", "呃", "的", "就")) + text[at:]
    sounds, characters = syllables()
    syllable = sounds.get(text[at])
    if syllable is None:
        return text[:at] + text[at + 1 :]
    if draw < 0.58:
        names = [syllable]
    elif draw < 0.92:
        names = [name for name in confusable(syllable) if name in characters]
    else:
        names = list(characters)
    pool = [one for one in characters[dice.choice(names or [syllable])] if one != text[at]]
    return text[:at] + dice.choice(pool or ["的"]) + text[at + 1 :]


def confusable(syllable: str) -> list[str]:
    found = []
    for pairs, cut in ((STARTS, str.removeprefix), (ENDS, str.removesuffix)):
        for pair in pairs:
            for one, other in (pair.split(), pair.split()[::-1]):
                rest = cut(syllable, one)
                if rest != syllable and rest:
                    found.append(other + rest if pairs is STARTS else rest + other)
    return found


@cache
def syllables() -> tuple[dict[str, str], dict[str, list[str]]]:
    from pypinyin import Style, lazy_pinyin

    sounds = {}
    characters = defaultdict(list)
    for code in range(0xB0A1, 0xD7FA):
        one = code.to_bytes(2, "big").decode("gb2312", "ignore")
        if one:
            sounds[one] = lazy_pinyin(one, style=Style.NORMAL)[0]
            characters[sounds[one]].append(one)
    return sounds, dict(characters)


class English:
    def __init__(self, sentences: list[str]) -> None:
        self._by_shape = defaultdict(list)
        for word in sorted({word for text in sentences for word in text.lower().split() if word.isalpha()}):
            for key in shapes(word):
                self._by_shape[key].append(word)

    def __call__(self, text: str, dice: random.Random) -> str:
        words = text.split()
        if not words:
            return text
        at = dice.randrange(len(words))
        word = words[at]
        draw = dice.random()
        alike = [w for key in shapes(word.lower()) for w in self._by_shape[key] if w != word.lower()]
        if draw < 0.40 and alike:
            words[at] = dice.choice(alike)
        elif draw < 0.72 or len(words) == 1:
            words[at] = respelt(word, dice)
        elif draw < 0.87:
            del words[at]
        elif draw < 0.92:
            words.insert(at, dice.choice(("uh", "um", "the", "a", word)))
        elif at + 1 < len(words):
            words[at : at + 2] = [word + words[at + 1]]
        return " ".join(words)


def shapes(word: str) -> set[str]:
    """The word without one of its letters, and its frame of consonants: words that share one look alike."""
    frame = "".join(letter for letter in word if letter not in "aeiouyhw")
    return {f"{word[:at]}*{word[at + 1 :]}" for at in range(len(word))} | ({f"{word[0]}:{frame}"} if frame else set())


def respelt(word: str, dice: random.Random) -> str:
    places = []
    for pair in SWAPS:
        for one, other in (pair.split(), pair.split()[::-1]):
            if one in word:
                places.append(word.replace(one, other, 1))
    if places and dice.random() < 0.7:
        return dice.choice(places)
    at = dice.randrange(len(word))
    return word[:at] + word[at + 1 :] if len(word) > 1 else word + "h"


if __name__ == "__main__":
    main()
