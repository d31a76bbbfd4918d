"""Voices by name, from the entry points of group `huashu.tts`, and the silent one that is always there."""

import logging
from typing import Any, cast

from huashu.core.errors import EngineError
from huashu.models import plugins
from huashu.tts.engine import Voice
from huashu.tts.text_only import NullVoice

GROUP = "huashu.tts"
SILENT = "none"
"""The name of the voice that speaks nothing: lines go out as text only."""

log = logging.getLogger(__name__)


def known() -> tuple[str, ...]:
    """Names that `open_voice` takes."""
    return tuple(sorted({*plugins.names(GROUP), SILENT}))


def open_voice(name: str, **options: Any) -> Voice:
    """A voice.

    Raises:
        UsageError: unknown name (the message lists the known ones) or option.
        MissingExtraError: the voice's package is not installed; the message names the `pip install` that brings it.
        EngineError: the engine cannot be loaded.
    """
    if name == SILENT:
        return cast(Voice, plugins.call(NullVoice, name, options))
    return cast(Voice, plugins.create(GROUP, name, options))


def open_voice_or_silent(name: str, **options: Any) -> tuple[Voice, str]:
    """The voice, or the silent one when it cannot be had: a call then goes on in text instead of failing.

    Returns:
        The voice, and why it is not the one asked for ("" when it is), fit to be shown to the operator.
    """
    try:
        return open_voice(name, **options), ""
    except EngineError as error:
        why = f"no sound: voice {name!r} is not available, lines are sent as text only ({error})"
        log.warning("voice %s unavailable (%s), using %s", name, error.code, SILENT)
        return NullVoice(), why
