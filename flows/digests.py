"""Three digests of a script: its structure, its wording, and what the trained model depends on."""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from huashu.flows.expressions import Expression
from huashu.flows.script import Line, Prompt, Script

# Fields that are no structure, whatever holds them: an event log replays the same without them.
_WORDS = {"title", "voice", "phrases", "spoken", "answer", "variants", "threshold"}
_NOT_FLOW = {*_WORDS, "nlu", "languages", "flow_digest", "wording_digest", "model_digest", "example", "index"}


def with_digests(script: Script) -> Script:
    """The script with its three digests. A wording edit changes `wording_digest` only."""
    return dataclasses.replace(
        script,
        flow_digest=_digest(_structure(script)),
        wording_digest=_digest(_wording(script)),
        model_digest=_digest(_plain(script.nlu)),
    )


def _digest(data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _structure(value: Any) -> Any:
    """Without wording: of a prompt only that it is there and how it may be interrupted."""
    if isinstance(value, Prompt):
        return {"prompt": _plain(value.barge_in)}
    if isinstance(value, Line):
        return "line"
    return _walk(value, _structure, _NOT_FLOW)


def _wording(script: Script) -> Any:
    found: list[Any] = [script.title, script.voice, sorted(script.languages)]

    def collect(value: Any) -> Any:
        if isinstance(value, (Prompt, Line)):
            found.append(_plain(value))
            return None
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            found.extend(
                _plain(getattr(value, name)) for name in ("answer", "voice", "threshold") if hasattr(value, name)
            )
        return _walk(value, collect, {"nlu"})

    collect(script)
    return found


def _plain(value: Any) -> Any:
    return _walk(value, _plain, set())


def _walk(value: Any, inner: Any, left_out: set[str]) -> Any:
    if isinstance(value, Expression):
        return {"expression": value.text}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {item.name for item in dataclasses.fields(value)} - left_out
        return {"": type(value).__name__, **{name: inner(getattr(value, name)) for name in sorted(fields)}}
    if isinstance(value, Mapping):
        return [[inner(key), inner(item)] for key, item in sorted(value.items(), key=lambda pair: str(pair[0]))]
    if isinstance(value, (tuple, list)):
        return [inner(item) for item in value]
    if value is None or isinstance(value, (str, int, float)):
        return value
    return {type(value).__name__: str(value)}
