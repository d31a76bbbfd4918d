"""Conditions and computations in a script: a small allow-listed grammar, never `eval`.

A text becomes tokens, a Pratt parser turns them into nested closures, and a turn only calls those. Numbers are int or
Decimal, never float; every size is bounded, so that a script from a stranger can neither hang nor fill the process.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from huashu.core.values import Scalar
from huashu.flows.keys import ANSWERED_BY, CAUSES
from huashu.flows.operators import ExpressionError as ExpressionError
from huashu.flows.operators import arithmetic, compare, contains, equal, quoted
from huashu.flows.tokens import WORDS, Token, tokens

Scope = Callable[[str], Scalar]
"""Name of a variable, one of `AROUND`, arm.x or open.x → its value. An unset variable is None."""

MAX_LENGTH = 500
MAX_DEPTH = 24
CLOCK = frozenset({"now.hour", "now.weekday", "now.date", "now.time"})
PEOPLE = frozenset({"queue.position", "queue.minutes", "human.cause"})
"""Where a caller stands who waits for a person (0: not known), and why the last handoff reached nobody ("": none
failed)."""
CALLER = frozenset({"caller.anger"})
"""Of what the caller said last: anger, 0 to 1 (huashu.core.events.Understood)."""
MACHINE = {"machine.by": ANSWERED_BY, "machine.cause": CAUSES}
"""Who answered, and of an announcement what it says (huashu.core.events.MachineDetected): a word of its table, which
may be compared with in either language."""
AROUND = CLOCK | CALLER | PEOPLE | MACHINE.keys()
SURROUNDINGS = {"arm": "arm", "实验": "arm", "open": "open", "营业": "open"}
"""What stands before the dot of an experiment (its arm) and of opening hours (whether they are now)."""


def is_variable(name: str) -> bool:
    """Of a name asked of a scope: it belongs to the script, not to what is around the call."""
    return "." not in name


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. Two are equal when they mean the same tree, whatever their spelling (`且` and `and`)."""

    text: str
    """The canonical spelling, fully bracketed."""
    names: frozenset[str] = field(compare=False)
    """Everything asked of the scope."""
    run: Callable[[Scope], Scalar] = field(compare=False, repr=False)
    compared: frozenset[tuple[str, str]] = field(compare=False, default=frozenset())
    """(arm.x, text) where the arm of an experiment is compared with a text."""

    def evaluate(self, scope: Scope) -> Scalar:
        """The value for these variables.

        Raises:
            ExpressionError: division by zero, a number wanted where there is none, a result over 10^24.
        """
        return self.run(scope)


def literal(value: Scalar) -> Expression:
    """The expression that is always `value`."""
    return Expression(quoted(value), frozenset(), lambda scope: value)


def parse_expression(text: str) -> Expression:
    """`text` as an expression.

    Raises:
        ExpressionError: with the offset of the character where it went wrong.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"an expression may have {MAX_LENGTH} characters, this has {len(text)}", MAX_LENGTH, reason="length"
        )
    parser = _Parser(tokens(text))
    node = parser.expression(0, 0)
    end = parser.peek()
    if end.kind != "end":
        raise ExpressionError(f"unexpected {end.text!r}", end.offset, reason="extra", detail=end.text)
    return Expression(node.text, frozenset(parser.names), node.run, frozenset(parser.compared))


# --- parser ---------------------------------------------------------------------------------------------------------


class _Node(NamedTuple):
    text: str
    run: Callable[[Scope], Scalar]
    quoted: str | None = None
    """What it says, when it is a quoted text."""


_POWER = {
    "or": 1,
    "and": 2,
    "==": 4,
    "!=": 4,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "in": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_NOT_POWER = 3
_SIGN_POWER = 7


class _Parser:
    """Precedence climbing over the tokens; comparisons do not chain."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self.names: set[str] = set()
        self.compared: set[tuple[str, str]] = set()

    def peek(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def expression(self, power: int, depth: int) -> _Node:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"brackets are nested deeper than {MAX_DEPTH}", self.peek().offset, reason="depth")
        left = self._operand(depth)
        chain = 0
        while True:
            token = self.peek()
            operator = WORDS.get(token.text, token.text) if token.kind in ("op", "name") else ""
            strength = _POWER.get(operator, 0)
            if strength <= power:
                return left
            chain += 1
            if chain > MAX_DEPTH * 2:
                raise ExpressionError("too many operators in a row", token.offset, reason="depth")
            self._next()
            left = self._infix(operator, left, strength, depth)

    def _infix(self, operator: str, left: _Node, strength: int, depth: int) -> _Node:
        if operator == "in" and self.peek().text in ("(", "["):
            return self._member(left, depth)
        offset = self.peek().offset
        right = self.expression(strength, depth + 1)
        if strength == _POWER["=="]:
            left, right = _beside(right, left, offset), _beside(left, right, offset)
            self._compare(left, right)
        following = self.peek()
        if strength == _POWER["=="] and _POWER.get(following.text) == strength:
            raise ExpressionError(
                f"{operator} and {following.text} cannot follow one another; join two comparisons with and",
                following.offset,
                reason="chain",
            )
        return _Node(f"({left.text} {operator} {right.text})", _operation(operator, left.run, right.run))

    def _member(self, left: _Node, depth: int) -> _Node:
        close = ")" if self._next().text == "(" else "]"
        items: list[_Node] = []
        while not items or self.peek().text == ",":
            if items:
                self._next()
            offset = self.peek().offset
            items.append(_beside(left, self.expression(0, depth + 1), offset))
        self._close(close)
        for item in items:
            self._compare(left, item)
        runs = tuple(item.run for item in items)
        own = left.run
        if len(items) == 1 and close == ")":
            return _Node(f"({left.text} in {items[0].text})", _operation("in", own, runs[0]))

        def member(scope: Scope) -> Scalar:
            value = own(scope)
            return any(equal(value, run(scope)) for run in runs)

        return _Node(f"({left.text} in [{', '.join(item.text for item in items)}])", member)

    def _compare(self, left: _Node, right: _Node) -> None:
        for one, other in ((left, right), (right, left)):
            if one.text.startswith("arm.") and other.quoted is not None:
                self.compared.add((one.text, other.quoted))

    def _close(self, bracket: str) -> None:
        token = self._next()
        if token.text != bracket:
            raise ExpressionError(f"{bracket} is missing", token.offset, reason="close", detail=bracket)

    def _operand(self, depth: int) -> _Node:
        token = self._next()
        if token.kind == "number":
            number: Scalar = Decimal(token.text) if "." in token.text else int(token.text)
            return _Node(token.text, _constant(number))
        if token.kind == "text":
            return _text(token.text[1:-1])
        if token.text == "(":
            inner = self.expression(0, depth + 1)
            self._close(")")
            return inner
        if token.text == "-":
            inner = self.expression(_SIGN_POWER, depth + 1)
            return _Node(f"(-{inner.text})", _operation("-", _constant(0), inner.run))
        if token.kind == "name":
            return self._word(token, depth)
        raise ExpressionError(
            "something is missing here" if token.kind == "end" else f"unexpected {token.text!r}",
            token.offset,
            reason="operand",
            detail=token.text,
        )

    def _word(self, token: Token, depth: int) -> _Node:
        word = WORDS.get(token.text, token.text)
        if word == "not":
            inner = self.expression(_NOT_POWER, depth + 1)
            run = inner.run
            return _Node(f"(not {inner.text})", lambda scope: not run(scope))
        if word in ("true", "false", "none"):
            return _Node(word, _constant({"true": True, "false": False}.get(word)))
        if word in ("and", "or", "in"):
            raise ExpressionError(f"unexpected {token.text!r}", token.offset, reason="operand", detail=token.text)
        head, dot, rest = word.partition(".")
        if dot:
            word = f"{SURROUNDINGS.get(head, head)}.{rest}"
        if dot and head not in SURROUNDINGS and word not in AROUND:
            raise ExpressionError(
                f"{word!r} is unknown; there are {', '.join(sorted(AROUND))}",
                token.offset,
                reason="clock",
                detail=word,
            )
        self.names.add(word)
        return _Node(word, lambda scope: scope(word))


def _text(value: str) -> _Node:
    return _Node(quoted(value), _constant(value), value)


_TIME = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)")


def _beside(asked: _Node, other: _Node, offset: int) -> _Node:
    """A text as what it is compared with has it: a time of day, who answered."""
    if other.quoted is None:
        return other
    if asked.text in MACHINE:
        return _of_the_machine(MACHINE[asked.text], other.quoted.strip(), offset)
    return _on_the_clock(other, other.quoted, offset) if asked.text == "now.time" else other


def _of_the_machine(words: Mapping[str, str], said: str, offset: int) -> _Node:
    word = next((english for english, chinese in words.items() if said in (english, chinese)), None)
    if word is None:
        known = ", ".join(words)
        raise ExpressionError(f"{said!r} is none of {known}", offset, reason="machine", detail=said)
    return _text(word)


def _on_the_clock(other: _Node, quoted: str, offset: int) -> _Node:
    """A time of day beside now.time, which is compared as text: 9:00 is 09:00."""
    match = _TIME.fullmatch(quoted.strip())
    if match is None:
        raise ExpressionError(f"{quoted!r} is no time of day such as 09:00", offset, reason="time", detail=quoted)
    return _text(f"{int(match[1]):02}:{match[2]}")


def _constant(value: Scalar) -> Callable[[Scope], Scalar]:
    return lambda scope: value


def _operation(
    operator: str, left: Callable[[Scope], Scalar], right: Callable[[Scope], Scalar]
) -> Callable[[Scope], Scalar]:
    match operator:
        case "and":
            return lambda scope: bool(left(scope)) and bool(right(scope))
        case "or":
            return lambda scope: bool(left(scope)) or bool(right(scope))
        case "==":
            return lambda scope: equal(left(scope), right(scope))
        case "!=":
            return lambda scope: not equal(left(scope), right(scope))
        case "in":
            return lambda scope: contains(right(scope), left(scope))
        case "<" | "<=" | ">" | ">=":
            return lambda scope: compare(operator, left(scope), right(scope))
        case _:
            return lambda scope: arithmetic(operator, left(scope), right(scope))
