"""The values a simulated caller wants: drawn once, kept in mind, held against what the bot has understood."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Final

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.flows.script import Question, Script
from huashu.lab.mishearing import difference
from huashu.lab.persona import Persona
from huashu.lab.spoken import picked
from huashu.values.registry import canonical

MISHEARD: Final = 0.34
"""Share of the characters of a free text that may be wrong."""
FREE: Final = frozenset({"text", "address"})
"""Types of value that are free text."""

Known = Mapping[str, Sequence[Scalar]]
"""By variable: values that the bot's own tests use, so that its back end knows them."""


class Wishes:
    """Of one caller."""

    def __init__(self, script: Script, persona: Persona, known: Known, rng: Random) -> None:
        self.wanted: dict[str, Scalar] = {}
        """Values they have made up their mind about."""
        self._script = script
        self._persona = persona
        self._known = known
        self._rng = rng

    def of(self, question: Question, slot: str, names: Sequence[str], now: datetime) -> Scalar:
        """What they want of a variable: the persona's goal, else a value drawn now and kept. Raises UsageError when
        the goal is no such value."""
        if slot not in self.wanted:
            if slot in self._persona.goal:
                try:
                    self.wanted[slot] = canonical(self._script.variables[slot].type, self._persona.goal[slot])
                except UsageError as error:
                    raise UsageError(f"persona {self._persona.name}: goal {slot}: {error}") from error
            else:
                self.wanted[slot] = self._drawn(question, slot, names, now)
        return self.wanted[slot]

    def another(self, question: Question, slot: str, names: Sequence[str], now: datetime) -> Scalar:
        """A legal value of a variable that is not the wanted one; None when there is none."""
        for _ in range(4):
            value = self._drawn(question, slot, names, now)
            if value != self.of(question, slot, names, now):
                return value
        return None

    def mismatched(self, slots: Mapping[str, Scalar]) -> list[str]:
        """Variables that hold another value than the caller's."""
        variables = self._script.variables
        return [
            name
            for name, value in self.wanted.items()
            if slots.get(name) is not None and not alike(variables[name].type, slots[name], value)
        ]

    def _drawn(self, question: Question, slot: str, names: Sequence[str], now: datetime) -> Scalar:
        variable = self._script.variables[slot]
        filed = self._filed(question, slot)
        if filed:
            return self._rng.choice(filed)
        value = picked(variable, question, self._known.get(slot, ()), names, now, self._rng)
        return canonical(variable.type, value)

    def _filed(self, question: Question, slot: str) -> list[Scalar]:
        """What the call came with and the question compares the answer to: callers know their own zip code."""
        check = question.check
        if check is None:
            return []
        given = {
            name: canonical(variable.type, variable.example)
            for name, variable in self._script.variables.items()
            if variable.given and variable.example is not None and name in check.names
        }
        return [
            value
            for name, value in given.items()
            if self._script.variables[name].type == self._script.variables[slot].type
            and check.evaluate({**dict.fromkeys(check.names), **given, slot: value}.get) is True
            and not check.evaluate({**dict.fromkeys(check.names), **given, slot: None}.get)
        ]


def alike(kind: str, found: Scalar, wanted: Scalar) -> bool:
    """Whether a value is the one that was meant. Of a free text a third of the characters may have been misheard, but
    nothing may stand around it."""
    if isinstance(found, str) and isinstance(wanted, str):
        one, other = found.casefold(), wanted.casefold()
        return one == other or (kind in FREE and difference(other, one) <= MISHEARD)
    return found == wanted
