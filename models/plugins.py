"""Engines by name: the entry points of a group, loaded on use.

Shared by huashu.asr.registry, huashu.tts.registry and whoever else looks an engine up by name. Nothing registers on
import: an engine that is not asked for is not imported, so its libraries need not be installed.
"""

import inspect
from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from huashu.core.errors import EngineError, UsageError

_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


def names(group: str) -> tuple[str, ...]:
    """Names of the engines installed in an entry point group such as "huashu.asr", sorted."""
    return tuple(sorted(_points(group)))


def create(group: str, name: str, options: dict[str, Any]) -> Any:
    """An engine of `group`, made by calling its class with `options`.

    Raises:
        UsageError: no engine of that name, or an option it does not take; the message lists those that exist.
        EngineError: the entry point is there and its module is not, or not whole.
    """
    points = _points(group)
    point = points.get(name)
    if point is None:
        known = ", ".join(sorted(points)) or "none is installed"
        raise UsageError(f"no engine {name!r} in {group}; known: {known}", code="unknown_engine")
    try:
        made = point.load()
    except (ImportError, AttributeError) as error:
        raise EngineError(f"engine {name!r} of {group} cannot be loaded from {point.value}: {error}") from error
    return call(made, name, options)


def call(made: Callable[..., Any], name: str, options: dict[str, Any]) -> Any:
    """Call an engine's class with options, turning an option it does not take into a UsageError."""
    takes = inspect.signature(made).parameters
    missing = [key for key, one in takes.items() if one.default is one.empty and one.kind in _NAMED]
    if "model" in missing and not options.get("model"):
        raise UsageError(
            f"engine {name!r} needs weights: model=…, a folder or an id of `huashu models` "
            "(on the command line --asr-model or --voice-model)",
            code="no_weights",
        )
    try:
        inspect.signature(made).bind(**options)
    except TypeError as error:
        known = ", ".join(takes) or "none"
        raise UsageError(f"engine {name!r}: {error}; its options: {known}", code="unknown_option") from error
    return made(**options)


def _points(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=group)}
