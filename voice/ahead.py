"""What a script is known to need before anybody calls: lines to render, expectations to build grammars for."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import TypeVar

from huashu.core.expect import Expectation
from huashu.flows.script import Line, Prompt, Script

T = TypeVar("T")


def fixed_lines(script: Script) -> Iterator[tuple[Line, str]]:
    """Every line without a variable in it, with its language."""
    for prompt in _every(script, Prompt):
        lists = [(script.language, prompt.lines), *prompt.translations.items()]
        spoken = [(variant, tag) for tag, lines in lists for line in lines for variant in line.variants]
        pieces = [(piece, tag) for line, tag in spoken for piece in line.pieces or (line,)]
        yield from ((line, tag) for line, tag in pieces if all(isinstance(part, str) for part in line.parts))


def spliced_lines(script: Script) -> Iterator[Line]:
    """Every line of recordings with values between them."""
    for prompt in _every(script, Prompt):
        for lines in (prompt.lines, *prompt.translations.values()):
            yield from (variant for line in lines for variant in line.variants if variant.spliced)


def expectations(script: Script) -> list[Expectation]:
    """What its steps listen for: give it to `Recogniser.warm`."""
    return list(_every(script, Expectation))


def _every(value: object, kind: type[T]) -> Iterator[T]:
    if isinstance(value, kind):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            yield from _every(getattr(value, item.name), kind)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _every(inner, kind)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _every(inner, kind)
