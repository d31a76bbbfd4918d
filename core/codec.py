"""Events to plain JSON data and back: {"type": "Heard", ...}. One form for the event log, `--json` and test files.

Decimals travel as {"decimal": "12.30"}; a field left out takes its default; an unknown field or type is an error here
(the wire format of the edge, where unknown members are ignored, is huashu.channels' business).
"""

import dataclasses
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from huashu.core import actions, events
from huashu.core.errors import UsageError

_TYPES: dict[str, type] = {
    cls.__name__: cls for union in (events.Event, actions.Action) for cls in typing.get_args(union)
}


_PLAIN = frozenset({str, int, float, bool, type(None)})


def to_data(value: Any) -> Any:
    """A JSON-ready copy of an event, an action, or a value inside one. Fields equal to their default are left out."""
    if type(value) in _PLAIN:
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        data = _fields_data(value)
        name = type(value).__name__
        return {"type": name, **data} if name in _TYPES else data
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Mapping):
        return {str(key): to_data(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_data(item) for item in value]
    return value


def from_data(data: Mapping[str, Any]) -> Any:
    """The event or action written by `to_data`.

    Raises:
        UsageError: unknown type or field, or a required field missing; the message names it.
    """
    name = data.get("type")
    cls = _TYPES.get(name) if isinstance(name, str) else None
    if cls is None:
        raise UsageError(f"unknown event or action type {name!r}; known: {', '.join(sorted(_TYPES))}")
    return _build(cls, {key: item for key, item in data.items() if key != "type"})


def private_fields(cls: type) -> frozenset[str]:
    """Names of the fields of an event or action that hold what belongs to the caller."""
    return frozenset(name for name, (_, hidden, _) in _plan(cls).items() if hidden)


def _fields_data(value: Any) -> dict[str, Any]:
    data = {}
    for name, (_, _, default) in _plan(type(value)).items():
        item = getattr(value, name)
        if default is _REQUIRED or item != default:
            data[name] = to_data(item)
    return data


_REQUIRED = object()


_plans: dict[type, dict[str, tuple[Any, bool, Any]]] = {}


def _plan(cls: type) -> dict[str, tuple[Any, bool, Any]]:
    """Field name -> (annotation, private, default) of a dataclass; worked out once a class."""
    if cls not in _plans:
        _plans[cls] = _make_plan(cls)
    return _plans[cls]


def _make_plan(cls: type) -> dict[str, tuple[Any, bool, Any]]:
    hints = typing.get_type_hints(cls)
    plan = {}
    for item in dataclasses.fields(cls):
        default: Any = _REQUIRED
        if item.default is not dataclasses.MISSING:
            default = item.default
        elif item.default_factory is not dataclasses.MISSING:
            default = item.default_factory()
        plan[item.name] = (hints[item.name], bool(item.metadata.get("private")), default)
    return plan


def _build(cls: type, data: Mapping[str, Any]) -> Any:
    plan = _plan(cls)
    unknown = [key for key in data if key not in plan]
    if unknown:
        raise UsageError(f"{cls.__name__} has no field {unknown[0]!r}; it has: {', '.join(plan)}")
    missing = [name for name, (_, _, default) in plan.items() if default is _REQUIRED and name not in data]
    if missing:
        raise UsageError(f"{cls.__name__} needs {missing[0]!r}")
    return cls(**{key: _value(item, plan[key][0]) for key, item in data.items()})


def _value(data: Any, hint: Any) -> Any:
    if isinstance(data, Mapping):
        if set(data) == {"decimal"}:
            return Decimal(data["decimal"])
        target = _dataclass_in(hint)
        if target is not None:
            return _build(target, data)
        return {key: _value(item, None) for key, item in data.items()}
    if isinstance(data, list):
        inner = _dataclass_in(hint)
        return tuple(
            _build(inner, item) if inner and isinstance(item, Mapping) else _value(item, hint) for item in data
        )
    return data


def _dataclass_in(hint: Any) -> type | None:
    """The dataclass that a hint such as `tuple[Entity, ...]` or `Expectation | None` speaks of."""
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return hint
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is not None:
        for part in typing.get_args(hint):
            found = _dataclass_in(part)
            if found is not None:
                return found
    return None
