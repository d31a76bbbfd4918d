"""Text as the models see it: one normal form, tokens, fillers, listener's tokens, language. No I/O, no state.

A token is one CJK character, or a run of letters or digits; apostrophes are resolved first ("don't" → "do not").
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from huashu.core.language import primary

CJK: Final = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN: Final = re.compile(rf"[{CJK}]|[^\W_{CJK}]+")
_HAN: Final = re.compile(f"[{CJK}]")
_LETTERS: Final = re.compile(r"[^\W\d_]")

_CONTRACTED: Final = (
    (re.compile(r"\b(can)'?t\b"), "can not"),
    (re.compile(r"\bcannot\b"), "can not"),
    (re.compile(r"\bwon'?t\b"), "will not"),
    (re.compile(r"\bain't\b"), "is not"),
    (re.compile(r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should|must|need)n'?t\b"), r"\1 not"),
    (re.compile(r"\bi'?m\b"), "i am"),
    (re.compile(r"\b(i|you|we|they|who)'?ve\b"), r"\1 have"),
    (re.compile(r"\b(i|you|we|they|he|she|it|that|there|who|what)'ll\b"), r"\1 will"),
    (re.compile(r"\b(you|we|they|who|what|where|how)'re\b"), r"\1 are"),
    (re.compile(r"\b(what|where|who|how|that|there|here|it|he|she|when|why)'s\b"), r"\1 is"),
    (re.compile(r"\blet's\b"), "let us"),
    (re.compile(r"\b(i|you|we|they|he|she|it)'d\b"), r"\1 would"),
    (re.compile(r"'s\b"), ""),
    (re.compile(r"\bgonna\b"), "going to"),
    (re.compile(r"\bwanna\b"), "want to"),
    (re.compile(r"\bgotta\b"), "have to"),
)

# What a speaker says while thinking. Cut off the front and the end only: inside a sentence "那个" may point at a thing.
_ZH_FRONT: Final = re.compile(r"^(?:嗯+|呃+|额+|唔+|那个|就是说|这个|哎呀?|诶|欸|喂|啊|哦|噢|唉|然后|那么|那)+")
_ZH_END: Final = re.compile(r"[啊呀哦噢嘛哈哎诶呃嗯]+$")
_EN_FRONT: Final = re.compile(r"^(?:(?:u+m+|u+h+|e+r+m*|hmm+|well|so|like|oh|ah|hey|hi|hello|you know|i mean)\b ?)+")
_EN_END: Final = re.compile(r"(?: (?:u+m+|u+h+|e+r+m*|you know))+$")

FILLERS: Final = frozenset({*"嗯呃额唔啊哦噢呀哎诶", "um", "umm", "uh", "uhh", "er", "erm", "hmm"})
"""Single tokens that say nothing at the edge of a dictated text."""

_ZH_TOKEN: Final = re.compile(
    r"(?:嗯+哼?|[哦噢喔啊呃唔哎诶]+|对+的?|是+的?|好+[的嘞]?|行+|可以|明白|知道了?|这样|了解|ok|okay)+[啊呀哈吧]?"
)
_EN_TOKEN: Final = re.compile(
    r"(?:(?:u+h ?hu+h|m+ ?h+m+|m+hm+|mhm|hmm+|mm+|yeah|yep|yes|right|ok|okay|sure|i see|got it|ah|oh|aha|fine|good"
    r"|great|alright|all right)\b ?)+"
)
LONGEST_TOKEN: Final = 8
"""Tokens (zh characters, en words) in the longest utterance that can be a mere sign of listening."""


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """Lower-case NFKC, punctuation gone, one blank between tokens of letters, none between CJK characters."""
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'").replace("`", "'")
    if "'" in text or not _HAN.search(text):
        for pattern, form in _CONTRACTED:
            text = pattern.sub(form, text)
    pieces: list[str] = []
    last = ""
    for token in _TOKEN.findall(text):
        if pieces and not (_is_han(last) or _is_han(token)):
            pieces.append(" ")
        pieces.append(token)
        last = token
    return "".join(pieces)


def bare(text: str) -> str:
    """`normal` without the fillers around it; the fillers themselves when there is nothing else."""
    full = normal(text)
    cut = _EN_END.sub("", _EN_FRONT.sub("", _ZH_END.sub("", _ZH_FRONT.sub("", full)))).strip()
    return cut or full


def tokens(normal_text: str) -> list[str]:
    """Tokens of a text in normal form."""
    return _TOKEN.findall(normal_text)


def token_spans(text: str) -> list[tuple[int, int]]:
    """Half-open character offsets of the tokens of any text."""
    return [match.span() for match in _TOKEN.finditer(text)]


def _is_han(token: str) -> bool:
    return len(token) == 1 and bool(_HAN.match(token))


def language_of(text: str, default: str) -> str:
    """Primary subtag by script: "zh" when CJK characters are at least a third of the letters, "en" when there are
    other letters, else the primary subtag of `default` (a text of digits has no language of its own).
    """
    han = len(_HAN.findall(text))
    letters = len(_LETTERS.findall(text))
    if not letters:
        return primary(default)
    return "zh" if han * 3 >= letters else "en"


def is_backchannel(text: str) -> bool:
    """Whether the whole utterance is a listener's token: "嗯", "对对", "好好好", "uh-huh", "okay".

    Whether it is an answer all the same is for dialogue to say, which knows if the bot was speaking.
    """
    full = normal(text)
    if not full or len(tokens(full)) > LONGEST_TOKEN:
        return False
    return bool(_ZH_TOKEN.fullmatch(full) or _EN_TOKEN.fullmatch(full))
