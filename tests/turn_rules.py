"""Reads the tables of docs/turn-rules.md: the rules as data."""

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

BOOK = pathlib.Path(__file__).parent.parent / "docs" / "turn-rules.md"


@dataclass(frozen=True)
class Row:
    """One rule: under which event it stands, and its cells by the name of the column."""

    event: str
    number: int
    cells: Mapping[str, str]
    states: Mapping[str, frozenset[str]]
    """By column of the state: the values the row speaks of."""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def __str__(self) -> str:
        return f"{self.event}: {self.number}"

    def names(self, **state: str) -> bool:
        """Whether the rule is about this state."""
        return all(value in self.states[column] for column, value in state.items())


def rules(part: str, columns: Mapping[str, Sequence[str]], *, split: bool = True) -> list[Row]:
    """The rows under the heading `part`. `columns`: those that make up the state, with every value.

    A cell of the state is `any`, `any but a, b`, or `a, b`; with `split` False, one value. Tables without these columns
    are explanations.
    """
    found: list[Row] = []
    event, header, inside, number = "", [""], False, 0
    for line in BOOK.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            inside = line == part
        if line.startswith("#"):
            event, header, number = line.lstrip("# "), [], 0
            event = event[0].lower() + event[1:]
        if not inside or not line.startswith("|"):
            header = header if line.startswith("|") else []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not header:
            header = cells
        elif set(columns) <= set(header) and not set(cells[0]) <= set("- "):
            number += 1
            row = dict(zip(header, cells, strict=True))
            states = {column: frozenset(_named(row[column], every, split)) for column, every in columns.items()}
            found.append(Row(event, number, row, states))
    return found


def _named(cell: str, every: Sequence[str], split: bool) -> Iterator[str]:
    but = split and cell.startswith("any but ")
    names = [name.strip() for name in cell.removeprefix("any but ").split(",")] if split else [cell]
    names = [] if cell == "any" else names
    unknown = set(names) - set(every)
    assert not unknown, f"{BOOK.name}: {sorted(unknown)} in {cell!r} is none of {every}"
    return (value for value in every if cell == "any" or (value in names) != but)
