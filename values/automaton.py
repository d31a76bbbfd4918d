"""Which texts can still become a member of a language: a small regular-expression engine that answers for prefixes.

Python's `re` cannot say "not yet". A pattern is compiled to a nondeterministic automaton (K. Thompson, "Regular
Expression Search Algorithm", CACM 11(6), 1968) and made deterministic lazily, set of states by set of states, so
that a test costs one dictionary look-up a character. Understood syntax: literals, `[a-z…]`, `( )`, `|`, `?`, `*`, `+`,
`\\d`, and a space, which stands for any run of spaces, commas, pauses ("，、…") or hyphens.
"""

from collections.abc import Iterable
from functools import cached_property

from huashu.values.kinds import Prefix

_DIGITS = frozenset("0123456789")
PAUSES = frozenset(" ,.、。-~…\t")
_OPERATORS = "?*+"

_Fragment = tuple[int, int]


class Automaton:
    """The prefixes of one pattern. Safe to share among threads: its caches only grow, and each write is idempotent."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._silent: list[list[int]] = []
        self._moves: list[tuple[frozenset[str], int] | None] = []
        start, self._final = self._alternatives()
        if self._position != len(pattern):
            raise ValueError(f"unbalanced ) at {self._position} in {pattern!r}")
        self._start = self._closure([start])
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._grows: dict[frozenset[int], bool] = {}

    @property
    def pattern(self) -> str:
        return self._pattern

    @cached_property
    def alphabet(self) -> frozenset[str]:
        """Every character that a member may hold."""
        return frozenset().union(*(move[0] for move in self._moves if move is not None))

    @property
    def begin(self) -> frozenset[int]:
        """Where a walk begins: see `after`."""
        return self._start

    def after(self, states: frozenset[int], text: str) -> frozenset[int]:
        """Where more text leads from states that a walk has reached; empty: nowhere that a member could still be."""
        for character in text:
            states = self._step(states, character)
            if not states:
                break
        return states

    def accepts(self, states: frozenset[int]) -> bool:
        """Whether what led to these states is a member."""
        return self._final in states

    def test(self, text: str, start: int = 0) -> Prefix:
        """How `text[start:]`, as a whole, relates to the pattern."""
        states = self._start
        for character in text[start:]:
            states = self._step(states, character)
            if not states:
                return Prefix.NONE
        if self._final not in states:
            return Prefix.PROPER
        return Prefix.COMPLETE if self._can_grow(states) else Prefix.FULL

    def _step(self, states: frozenset[int], character: str) -> frozenset[int]:
        key = (states, character)
        found = self._steps.get(key)
        if found is None:
            moves = (self._moves[state] for state in states)
            found = self._closure(move[1] for move in moves if move is not None and character in move[0])
            self._steps[key] = found
        return found

    def _can_grow(self, states: frozenset[int]) -> bool:
        found = self._grows.get(states)
        if found is None:
            # a pause alone is no growth: something must be able to follow it
            found = any(
                (move := self._moves[state]) is not None and move[0] is not PAUSES for state in self._reach(states)
            )
            self._grows[states] = found
        return found

    def _reach(self, states: frozenset[int]) -> frozenset[int]:
        """The states reachable by pauses only."""
        moves = (self._moves[state] for state in states)
        return states | self._closure(move[1] for move in moves if move is not None and move[0] is PAUSES)

    def _closure(self, states: Iterable[int]) -> frozenset[int]:
        seen = set(states)
        stack = list(seen)
        while stack:
            for target in self._silent[stack.pop()]:
                if target not in seen:
                    seen.add(target)
                    stack.append(target)
        return frozenset(seen)

    # --- compiling: each method reads one construct and returns its (entry, exit) states ---

    def _state(self) -> int:
        self._silent.append([])
        self._moves.append(None)
        return len(self._silent) - 1

    def _alternatives(self) -> _Fragment:
        start, end = self._state(), self._state()
        while True:
            first, last = self._sequence()
            self._silent[start].append(first)
            self._silent[last].append(end)
            if self._peek() != "|":
                return start, end
            self._position += 1

    def _sequence(self) -> _Fragment:
        start = end = self._state()
        while self._peek() not in ("", "|", ")"):
            first, last = self._repeated()
            self._silent[end].append(first)
            end = last
        return start, end

    def _repeated(self) -> _Fragment:
        first, last = self._atom()
        while (operator := self._peek()) and operator in _OPERATORS:
            self._position += 1
            start, end = self._state(), self._state()
            self._silent[start].append(first)
            self._silent[last].append(end)
            if operator in "?*":
                self._silent[start].append(end)
            if operator in "*+":
                self._silent[last].append(first)
            first, last = start, end
        return first, last

    def _atom(self) -> _Fragment:
        character = self._next()
        if character == "(":
            fragment = self._alternatives()
            if self._next() != ")":
                raise ValueError(f"missing ) in {self._pattern!r}")
            return fragment
        if character == "[":
            return self._move(self._class())
        if character == "\\":
            character = self._next()
            return self._move(_DIGITS if character == "d" else frozenset(character))
        if character == " ":
            first, last = self._move(PAUSES)
            self._silent[last].append(first)
            return first, last
        return self._move(frozenset(character))

    def _move(self, characters: frozenset[str]) -> _Fragment:
        start, end = self._state(), self._state()
        self._moves[start] = (characters, end)
        return start, end

    def _class(self) -> frozenset[str]:
        members: list[str] = []
        while (character := self._next()) != "]":
            if character == "-" and members and self._peek() != "]":
                members.extend(chr(code) for code in range(ord(members[-1]) + 1, ord(self._next()) + 1))
            else:
                members.append(character)
        return frozenset(members)

    def _peek(self) -> str:
        return self._pattern[self._position : self._position + 1]

    def _next(self) -> str:
        if self._position >= len(self._pattern):
            raise ValueError(f"unfinished pattern {self._pattern!r}")
        self._position += 1
        return self._pattern[self._position - 1]
