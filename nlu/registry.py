"""Understandings by name, from the entry points of group `huashu.nlu`; loaded on use.

An entry point is a function `(data, digest, cache)` -> Understander, with a fourth argument `place` if it takes one:
the training data of one language, its `model_digest`, the folder where trained models are kept, and what stands behind
the colon of "encoder:NAME".
"""

from pathlib import Path
from typing import Any, Final, cast

from huashu.models import plugins
from huashu.nlu.data import TrainingData
from huashu.nlu.embedded import open_embedded
from huashu.nlu.engine import Understander

GROUP: Final = "huashu.nlu"
EMBEDDED: Final = "embedded"


def known() -> tuple[str, ...]:
    """Names that `open_understander` takes."""
    return plugins.names(GROUP)


def open_understander(spec: str, data: TrainingData, digest: str, cache: Path) -> Understander:
    """What understands these examples. `spec`: NAME or NAME:PLACE, such as "encoder:bert-base-chinese".

    Raises:
        UsageError: unknown name (the message lists the known ones), or one that takes no place.
        EngineError: it cannot be trained or loaded.
    """
    if spec == EMBEDDED:  # without a look at what is installed: most bots start so
        return open_embedded(data, digest, cache)
    name, _, place = spec.partition(":")
    options: dict[str, Any] = {"data": data, "digest": digest, "cache": cache}
    if place:
        options["place"] = place
    return cast(Understander, plugins.create(GROUP, name, options))
