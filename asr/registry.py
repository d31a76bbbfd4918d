"""Recognisers by name, from the entry points of group `huashu.asr`; loaded on use."""

from typing import Any, cast

from huashu.asr.engine import Recogniser
from huashu.models import plugins

GROUP = "huashu.asr"


def known() -> tuple[str, ...]:
    """Names that `open_recogniser` takes."""
    return plugins.names(GROUP)


def open_recogniser(name: str, **options: Any) -> Recogniser:
    """A recogniser, its model loaded or ready to load.

    Raises:
        UsageError: unknown name (the message lists the known ones) or option.
        EngineError: the engine cannot be loaded.
    """
    return cast(Recogniser, plugins.create(GROUP, name, options))
