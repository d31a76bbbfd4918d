"""The text of an expression as tokens: signs and words as either keyboard writes them."""

import re
from typing import NamedTuple

from huashu.flows.operators import ExpressionError

_TOKEN = re.compile(
    r"""(?P<space>[\s\u3000]+)
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<text>"[^"]*"|'[^']*'|“[^”]*”|‘[^’]*’|「[^」]*」)
    | (?P<name>[^\W\d]\w*(?:\.\w+)?)
    | (?P<op>==|!=|<=|>=|[<>+\-*/(),\[\]])""",
    re.VERBOSE,
)
# What a Chinese keyboard types instead of the ASCII sign.
_WIDE = str.maketrans({"（": "(", "）": ")", "，": ",", "＞": ">", "＜": "<", "＋": "+", "－": "-", "×": "*", "÷": "/"})
_WIDE_PAIRS = {"≥": ">=", "≤": "<=", "≠": "!=", "＝": "="}
WORDS = {
    "且": "and", "或": "or", "非": "not", "真": "true", "假": "false", "空": "none", "客户.怒气": "caller.anger",
    "接听方.类型": "machine.by", "接听方.原因": "machine.cause",
    "排队.位数": "queue.position", "排队.分钟": "queue.minutes", "人工.原因": "human.cause",
}  # fmt: skip
_INFIX_WORDS = ("且", "或")


class Token(NamedTuple):
    kind: str
    text: str
    offset: int


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        wide = _WIDE_PAIRS.get(text[at])
        if wide is not None and wide != "=":
            found.append(Token("op", wide, at))
            at += 1
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            char = text[at].translate(_WIDE)
            if char == text[at]:
                raise _bad_character(text, at)
            found.append(Token("op", char, at))
            at += 1
            continue
        kind = str(match.lastgroup)
        if kind == "name" and match[0][0] in _INFIX_WORDS and found and _ends_operand(found[-1]):
            # 金额>3且期数<6: after an operand only an operator can follow, so 且期数 is two words.
            found.append(Token("name", match[0][0], at))
            at += 1
            continue
        if kind != "space":
            found.append(Token(kind, match[0], at))
        at = match.end()
    found.append(Token("end", "", len(text)))
    return found


def _ends_operand(token: Token) -> bool:
    if token.kind == "name":
        return WORDS.get(token.text, token.text) not in ("and", "or", "not", "in")
    return token.kind in ("number", "text") or token.text in (")", "]")


def _bad_character(text: str, at: int) -> ExpressionError:
    if text[at] in "\"'“‘「":
        return ExpressionError("the quoted text is not closed", at, reason="quote")
    if text[at] in "=＝":
        return ExpressionError("compare with ==, not =", at, reason="equals")
    return ExpressionError(f"{text[at]!r} is not part of an expression", at, reason="character", detail=text[at])
