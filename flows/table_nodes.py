"""Nodes and branches of a table while it becomes a bot, and what cannot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from huashu.flows.table_reading import Row
from huashu.flows.table_words import END_WORDS, Answer


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a row that the bot does not have."""

    sheet: str
    row: int
    message: str

    def __str__(self) -> str:
        return f"{self.sheet}:{self.row}: {self.message}" if self.row else f"{self.sheet}: {self.message}"


@dataclass(slots=True)
class Branch:
    row: Row
    answer: Answer
    words: list[str]
    target: str
    label: str


@dataclass(slots=True)
class Node:
    row: Row
    key: str
    """As other rows name it."""
    name: str
    say: str
    next: str = ""
    branches: list[Branch] = field(default_factory=list)

    @property
    def ends(self) -> bool:
        return not self.branches and (is_word(self.next, END_WORDS) or is_word(self.row.get("kind"), END_WORDS))


def target_text(text: str) -> str:
    return re.sub(
        r"^(跳转到|跳转至|跳转|转到|转至|进入|走到|走|去|→|->|goto|go to|节点(?=\d))\s*[:：]?\s*", "", text.strip()
    )


def is_word(text: str, words: frozenset[str]) -> bool:
    return text.strip().lower() in words


def targets(data: Any, key: str) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            if name == key and isinstance(value, str):
                yield value
            else:
                yield from targets(value, key)
    elif isinstance(data, list):
        for item in data:
            yield from targets(item, key)
