"""English word stems by a short rule list: enough to bring "charged", "charges" and "charging" together.

Written for Huashu; the idea of stripping inflection only (no derivation) follows Harman, "How effective is suffixing?"
(JASIS 1991).
"""

from functools import lru_cache
from typing import Final

_IRREGULAR: Final = {
    "went": "go", "gone": "go", "got": "get", "gotten": "get", "paid": "pay", "sent": "send", "bought": "buy",
    "lost": "lose", "stolen": "steal", "stole": "steal", "took": "take", "taken": "take", "made": "make",
    "did": "do", "does": "do", "done": "do", "has": "have", "had": "have", "was": "be", "were": "be", "is": "be",
    "are": "be", "am": "be", "been": "be", "said": "say", "told": "tell", "found": "find", "came": "come",
    "gave": "give", "given": "give", "knew": "know", "known": "know", "saw": "see", "seen": "see", "left": "leave",
    "kept": "keep", "spent": "spend", "forgot": "forget", "forgotten": "forget", "broke": "break", "broken": "break",
    "chose": "choose", "chosen": "choose", "spoke": "speak", "spoken": "speak", "wrote": "write", "written": "write",
    "people": "person", "children": "child", "men": "man", "women": "woman", "better": "good", "best": "good",
    "its": "it", "this": "this", "his": "his", "us": "us", "yes": "yes", "plus": "plus", "always": "always",
    "news": "news", "status": "status", "address": "address", "business": "business", "nothing": "nothing",
    "something": "something", "anything": "anything", "everything": "everything", "during": "during",
    "morning": "morning", "evening": "evening", "thing": "thing", "bring": "bring", "need": "need", "speed": "speed",
    "feed": "feed", "bus": "bus", "gas": "gas",
}  # fmt: skip
_VOWELS: Final = frozenset("aeiouy")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one lower-case word; a word with other than ASCII letters is its own stem."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        if word.endswith(suffix):
            return _closed(word, word[: -len(suffix)])
    return word.removesuffix("e") if len(word) > 4 else word


def _closed(word: str, cut: str) -> str:
    """The stem left by -ing or -ed: refused without a vowel, a doubled consonant undone, a silent e dropped."""
    if len(cut) < 3 or not _VOWELS & set(cut):
        return word
    if cut[-1] == cut[-2] and cut[-1] not in "lsz":
        return cut[:-1]
    if cut.endswith("i"):
        return cut[:-1] + "y"
    return cut.removesuffix("e")
