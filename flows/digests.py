"""Three digests of a script: its structure, its wording, and what the trained model depends on."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from huashu.flows.expressions import Expression
from huashu.flows.script import Line, Prompt, Question, Script, Variable
from huashu.nlu.data import TrainingData

_WORDS = frozenset(
    {
        "title",
        "voice",
        "pronounce",
        "forms",
        "phrases",
        "spoken",
        "answer",
        "variants",
        "threshold",
        "related",
        "starts",
        "ends",
    }
)
_NOT_FLOW = _WORDS | {"nlu", "languages", "others", "flow_digest", "wording_digest", "model_digest", "example", "index"}
"""Fields that are no structure, whatever holds them: an event log replays the same without them."""
_OF_A_BASE = ("answer", "voice", "threshold", "related", "starts", "ends")
_NOT_WORDING = frozenset({"nlu", "expect", "others", "index"})


def with_digests(script: Script) -> Script:
    """The script with its three digests. A wording edit changes `wording_digest` only."""
    return dataclasses.replace(
        script,
        flow_digest=_digest(_structure(script)),
        wording_digest=_digest(_wording(script)),
        model_digest=model_digest(script.nlu),
    )


def model_digest(data: TrainingData) -> str:
    """Of everything a trained model depends on."""
    return _digest(_plain(data))


def _digest(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _structure(script: Script) -> Any:
    """Without wording: of a prompt only that it is there and how it may be interrupted."""
    done: dict[int, Any] = {}

    def inner(value: Any) -> Any:
        if isinstance(value, Prompt):
            own = [_plain(line.barge_in) for line in value.lines if line.barge_in is not None]
            return {"prompt": _plain(value.barge_in), **({"lines": own} if own else {})}
        if isinstance(value, Line):
            return "line"
        if not isinstance(value, tuple):
            return _walk(value, inner, _NOT_FLOW)
        # Inherited ladders are one object in a thousand steps.
        if id(value) not in done:
            done[id(value)] = _walk(value, inner, _NOT_FLOW)
        return done[id(value)]

    return inner(script)


def _wording(script: Script) -> Any:
    found: list[Any] = [script.title, script.voice, sorted(script.languages)]
    if script.pronounce:
        found.append(_plain(script.pronounce))
    if script.forms:
        found.append(_plain(script.forms))
    seen: set[int] = set()

    def collect(value: Any) -> Any:
        if isinstance(value, (Prompt, Line)):
            found.append(_plain(value))
            return None
        if isinstance(value, tuple):
            if id(value) in seen:
                return None
            seen.add(id(value))
        elif dataclasses.is_dataclass(value):
            found.extend(_plain(getattr(value, name)) for name in _OF_A_BASE if hasattr(value, name))
            if isinstance(value, Variable):
                found.append(_plain(value.spoken))
            elif isinstance(value, Question):
                found.extend(_plain(expect.choices) for expect in (value.expect, *value.others.values()))
        return _walk(value, collect, _NOT_WORDING)

    collect(script)
    return found


def _plain(value: Any) -> Any:
    return _walk(value, _plain, frozenset())


@cache
def _fields(cls: type, left_out: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(item.name for item in dataclasses.fields(cls) if item.name not in left_out))


def _walk(value: Any, inner: Callable[[Any], Any], left_out: frozenset[str]) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Expression):
        return {"expression": value.text}
    if isinstance(value, (tuple, list)):
        return [inner(item) for item in value]
    if isinstance(value, Mapping):
        return [[inner(key), inner(item)] for key, item in value.items()]
    if dataclasses.is_dataclass(value):
        cls: Any = type(value)
        return {"": cls.__name__, **{name: inner(getattr(value, name)) for name in _fields(cls, left_out)}}
    return {type(value).__name__: str(value)}
