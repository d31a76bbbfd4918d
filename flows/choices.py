"""The legal values of a question, and how they are said in each of the bot's languages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from huashu.core.errors import UsageError
from huashu.core.expect import Choice
from huashu.core.values import Scalar
from huashu.flows.findings import Place
from huashu.flows.names import Names, Where
from huashu.flows.script import COUNTED, OneOf, Variable
from huashu.flows.shapes import Fields
from huashu.flows.wording import Wording
from huashu.values.registry import display, read_aloud

Ways = Mapping[Scalar, tuple[str, ...]]
"""Value → ways to say it."""


@dataclass(frozen=True, slots=True)
class Legal:
    """What `one_of`, or the variable's own `values`, allow."""

    one_of: OneOf | None = None
    unit: str | None = None
    own: Ways = field(default_factory=dict)
    """`spoken:`."""
    others: Mapping[str, Ways] = field(default_factory=dict)
    """Parts `spoken.<value>` of lines/<language>.yaml, by language."""


@dataclass(slots=True)
class Choices:
    names: Names
    wording: Wording

    def read(self, step: Fields, where: Where, variable: Variable | None) -> Legal:
        """The legal values of a step's question; names them in the bot's other languages (`Variable.spoken`)."""
        fields: Fields | None = step.get("one_of")
        if variable is None:
            return Legal()
        if fields is None:
            if not variable.values:
                return Legal(unit=variable.unit)
            told = [(value, str(value), step.at("collect")) for value in variable.values]
            legal = Legal(OneOf(variable.values), variable.unit)
        else:
            told = self._values(fields, variable)
            values = tuple(value for value, _, _ in told)
            otherwise = self.wording.prompt(fields.get("otherwise"), where, "otherwise")
            own = self._spoken(fields, variable, values)
            one_of = OneOf(values, otherwise) if values else None
            legal = Legal(one_of, fields.plain("unit", variable.unit), own)
        others = self._translated(told, where, variable)
        self._name(variable, others)
        return replace(legal, others=others)

    def _values(self, fields: Fields, variable: Variable) -> list[tuple[Scalar, str, Place]]:
        found: list[tuple[Scalar, str, Place]] = []
        for at in fields.get("values") or ():
            value = self.names.typed(at, variable.type)
            if value is None:
                continue
            if variable.values and value not in variable.values:
                known = [str(one) for one in variable.values]
                self.names.findings.add("value_not_declared", at.place, name=at.raw, known=known)
            found.append((value, at.raw, at.place))
        return found

    def _spoken(self, fields: Fields, variable: Variable, values: tuple[Scalar, ...]) -> Ways:
        spoken: dict[Scalar, tuple[str, ...]] = {}
        for name, ways in fields.get("spoken") or ():
            key = self.names.typed(replace(name, value=_scalar(name.value)), variable.type)
            if key is not None and key not in values:
                known = [str(value) for value in values]
                self.names.findings.add("spoken_not_a_value", name.place, name=name.value, known=known)
            spoken[key] = tuple(at.value for at in ways)
        return spoken

    def _translated(
        self, told: list[tuple[Scalar, str, Place]], where: Where, variable: Variable
    ) -> dict[str, dict[Scalar, tuple[str, ...]]]:
        """Numbers are said in every language; a word is not, so that a missing one is told."""
        found: dict[str, dict[Scalar, tuple[str, ...]]] = {}
        for value, raw, place in told:
            wanted = variable.type == "text"
            for tag, ways in self.wording.ways(place, where, f"spoken.{raw}", wanted=wanted).items():
                found.setdefault(tag, {})[value] = ways
        return found

    def _name(self, variable: Variable, others: Mapping[str, Ways]) -> None:
        if others:
            spoken = {tag: dict(ways) for tag, ways in variable.spoken.items()}
            for tag, ways in others.items():
                spoken.setdefault(tag, {}).update({value: said[0] for value, said in ways.items()})
            self.names.variables[variable.name] = replace(variable, spoken=spoken)

    # --- in one language --------------------------------------------------------------------------------------------

    def choices(self, legal: Legal, variable: Variable | None, language: str) -> tuple[Choice, ...]:
        """The values with the ways to say them, this language's first: a caller may mix in words of another one."""
        if variable is None or legal.one_of is None:
            return ()
        tables = [legal.own, *legal.others.values()]
        first = legal.others.get(language, {}) if language != self.names.language else {}
        found = []
        for value in legal.one_of.values:
            generic = self._generic(value, variable.type, self.unit(legal, variable, language), language)
            listed = [way for table in tables for way in table.get(value, ())]
            found.append(Choice(value, tuple(dict.fromkeys((*first.get(value, ()), *generic, *listed)))))
        return tuple(found)

    def unit(self, legal: Legal, variable: Variable | None, language: str) -> str | None:
        """None for a counter word in another language than the bot's own."""
        foreign = language != self.names.language and variable is not None and variable.type in COUNTED
        return None if foreign else legal.unit

    def _generic(self, value: Scalar, kind: str, unit: str | None, language: str) -> Iterable[str]:
        """6 with the unit 期: 6期, 六期, 6, 六."""
        if kind == "text":
            return [str(value)]
        ways = []
        for suffix in (unit, None) if unit else (None,):
            for say in (display, read_aloud):
                try:
                    ways.append(say(kind, value, language=language, unit=suffix))
                except UsageError:  # a language without typed values: the value as it is written
                    ways.append(f"{value}{suffix or ''}")
        return ways


def _scalar(text: str) -> Scalar:
    """The key of a mapping as YAML would read it as a value."""
    return int(text) if re.fullmatch(r"[-+]?[1-9]\d{0,17}|0", text) else text
