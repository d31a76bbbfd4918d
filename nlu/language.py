"""Which language an utterance is in: a pure function of its words, sure enough to change the language of a call by.

`told_language` says nothing rather than guess: a Chinese caller says OK and hello too, a number or a name belongs to
every language. (`huashu.nlu.text.language_of` always answers: it chooses how a text is read, not what is spoken.)
"""

import re
from typing import Final

from huashu.nlu.text import CJK

_HAN: Final = re.compile(f"[{CJK}]")
_KANA: Final = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
_HANGUL: Final = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

_BORROWED_WORDS: Final = """\
a ok okay yes no yeah hello hi hey bye byebye thanks thank you sorry please sir madam out in go come vip app pos
atm pin sim wifi email mail case check call offer pass bug logo logistics ktv dvd cd tv pk ppt word excel pdf
qq iphone ipad apple huawei visa master mastercard"""
_BORROWED: Final = frozenset(_BORROWED_WORDS.split())
"""English words that Chinese callers use in Chinese, and names of things: alone they tell nothing."""
_COMMON_WORDS: Final = """\
i i'm i'd i'll i've me my mine we our us he she they them their it it's its this that these those who what what's
when where why how which is isn't are aren't was were be been am do don't does doesn't did didn't have haven't
has had will won't would can can't could should may might must want wanna need like know think say said tell
speak talk hear understand see look wait hold give get got make take call called calling send pay paid help
the an and or but if so because not never of to for from with without about on at by into over after before
there here now today tomorrow yesterday later again already still just only also too very much many more some
any all one two first last next new old good bad right wrong sure fine great speaking busy english chinese
person someone something anything nothing nobody number account card bill money order address name time day"""
COMMON: Final = frozenset(_COMMON_WORDS.split())
"""Words that no English utterance of some length does without, and those of a call: one of them, and it is English."""
_LONGEST_NAME: Final = 2
"""Words without one that English is made of may be a name ("Zhang Wei")."""


def told_language(text: str) -> str | None:
    """Primary subtag of the language that the words tell, or None when they do not.

    By script "ja", "ko" and "zh" (one character is enough: "是"). "en" by its words, so that other languages written
    in Latin letters are not taken for English. Mixed speech is what its frame is: "帮我check一下balance" is Chinese,
    "my name is 张伟" is English. None: digits, marks, "OK", "hello", a name, any other script.
    """
    if _KANA.search(text):
        return "ja"
    if _HANGUL.search(text):
        return "ko"
    han = len(_HAN.findall(text))
    words = [word.lower().replace("’", "'") for word in _WORD.findall(_HAN.sub(" ", text))]
    common = sum(word in COMMON for word in words)
    if han:
        return "en" if common >= 2 and len(words) > han else "zh"
    telling = [word for word in words if word not in _BORROWED]
    if not common or not telling:
        return None
    # One word in three, so that "la casa de me" and the like stay unknown.
    return "en" if common * 3 >= len(words) or len(words) <= _LONGEST_NAME else None
