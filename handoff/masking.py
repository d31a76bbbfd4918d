"""Private values as people at desks see them until they ask for more: enough to recognise, too little to use."""

import re
from typing import Final

from huashu.core.values import Scalar

MASKED: Final = frozenset({"phone", "id_number", "bank_card", "name", "address", "email", "plate"})
"""Types that are masked whether or not the script calls the variable private."""
DOT: Final = "•"
LONG: Final = 7
"""Digits in a row from which on words in a transcript are masked: an account, a number to call, an identity."""

_SPOKEN = "0123456789０１２３４５６７８９零〇一二三四五六七八九幺两"
_RUN = re.compile(rf"[+]?(?:[{_SPOKEN}][\s\-]?){{{LONG},}}[xX]?")


def masked(kind: str, value: Scalar) -> str:
    """A canonical value of a type of huashu.values; the last digits of numbers, the first letter of names."""
    if value is None:
        return ""
    text = str(value)
    match kind:
        case "phone":
            return _ends(text, 3, 4)
        case "id_number" | "bank_card":
            return _ends(text, 0, 4)
        case "name":
            return text[:1] + DOT * max(1, len(text) - 1)
        case "address":
            return text[:6] + DOT * 3 if len(text) > 6 else DOT * 3
        case "email":
            name, _, host = text.partition("@")
            return f"{name[:1]}{DOT * 3}@{host}" if host else DOT * 3
        case "plate":
            return _ends(text, 2, 1)
        case _:
            return DOT * min(6, max(1, len(text)))


def masked_words(text: str) -> str:
    """What somebody said, long numbers masked but for their last two digits."""
    return _RUN.sub(_masked_run, text)


def _masked_run(found: "re.Match[str]") -> str:
    run = found[0]
    tail = run[len(run.rstrip()) :]
    bare = run.rstrip()
    return DOT * 4 + bare[-2:] + tail


def _ends(text: str, first: int, last: int) -> str:
    hidden = len(text) - first - last
    return text[:first] + DOT * hidden + text[-last:] if hidden > 1 else DOT * len(text)
