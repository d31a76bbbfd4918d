"""The desk's wire: views and answers to JSON, commands from JSON, strictly (docs/handoff.md describes the messages)."""

import json
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any, Literal

from huashu.core.codec import to_data
from huashu.core.errors import UsageError
from huashu.handoff import commands
from huashu.handoff.views import Answer, View

LONGEST_TEXT = 4000
"""Characters of one text of a command."""
MOST_VALUES = 100
COMMANDS: Mapping[str, type] = {cls.__name__: cls for cls in typing.get_args(commands.Command)}


def view_data(view: View) -> dict[str, Any]:
    """{"view": "Queue", …}: fields equal to their default are left out."""
    return {"view": type(view).__name__, **to_data(view)}


def answer_data(to: str, answer: Answer) -> dict[str, Any]:
    return {"type": "answer", "to": to, "ok": answer.ok, **to_data(answer)}


def dumps(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def command_of(message: Mapping[str, Any]) -> commands.Command:
    """The command of a "do" message.

    Raises:
        UsageError: no such command, a field unknown, missing, of the wrong type or too long; the message names it.
    """
    name = message.get("command")
    cls = COMMANDS.get(name) if isinstance(name, str) else None
    if cls is None:
        raise UsageError(f"no such command; there are: {', '.join(COMMANDS)}")
    given = {key: value for key, value in message.items() if key not in ("type", "id", "command")}
    hints = typing.get_type_hints(cls)
    for key in given:
        if key not in hints:
            raise UsageError(f"{name} has no such field; it has: {', '.join(hints) or 'none'}")
    read: dict[str, Any] = {}
    for item in fields(cls):
        if item.name in given:
            read[item.name] = _read(given[item.name], hints[item.name], f"{name}.{item.name}")
        elif item.default is MISSING and item.default_factory is MISSING:
            raise UsageError(f"{name} needs {item.name!r}")
    command: commands.Command = cls(**read)
    return command


def _read(value: Any, hint: Any, place: str) -> Any:
    origin = typing.get_origin(hint)
    if hint is str:
        if isinstance(value, str) and len(value) <= LONGEST_TEXT:
            return value
        raise UsageError(f"{place}: expected a text of at most {LONGEST_TEXT} characters")
    if hint is bool:
        if isinstance(value, bool):
            return value
        raise UsageError(f"{place}: expected true or false")
    if hint is float:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
        raise UsageError(f"{place}: expected a number")
    if origin is Literal:
        if isinstance(value, str) and value in typing.get_args(hint):
            return value
        raise UsageError(f"{place}: expected one of {', '.join(typing.get_args(hint))}")
    if origin is types.UnionType or origin is typing.Union:
        inner, *_ = (part for part in typing.get_args(hint) if part is not type(None))
        return None if value is None else _read(value, inner, place)
    return _values(value, place)


def _values(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MOST_VALUES:
        raise UsageError(f"{place}: expected at most {MOST_VALUES} values by name")
    return {_read(name, str, place): _scalar(item, place) for name, item in value.items()}


def _scalar(value: Any, place: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _read(value, str, place)
    if isinstance(value, int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(repr(value))
    if isinstance(value, dict) and set(value) == {"decimal"} and isinstance(value["decimal"], str):
        number = value["decimal"]
        if len(number) <= 40 and number.removeprefix("-").replace(".", "", 1).isdecimal():
            return Decimal(number)
    raise UsageError(f"{place}: a value is a text, a number, true, false or nothing")
