"""The understander of a script: its trained model from the cache when the training data has been seen, else trained now.

A model is kept by the script's model digest, so editing a wording never retrains, and two bots with the same examples
share one. The cache may be deleted at any time.
"""

import logging
import os
import time
from concurrent.futures import Executor
from pathlib import Path

import platformdirs

from huashu.core.errors import EngineError
from huashu.flows.script import Script
from huashu.nlu.engine import Understander

logger = logging.getLogger(__name__)


def understander_for(script: Script, *, cache: Path | None = None) -> tuple[Understander, Executor | None]:
    """The embedded understander of a script, and the pool it wants to run in (None: it is fast enough without).

    cache: folder of trained models; default: the user's cache folder.

    Raises:
        EngineError: the model cannot be trained (for example: no intent has an example).
    """
    # its training side loads scikit-learn's numerics: only who loads a bot pays
    from huashu.nlu.embedded import EmbeddedUnderstander, Model, train

    folder = cache if cache is not None else platformdirs.user_cache_path("huashu") / "nlu"
    path = folder / f"{script.model_digest or 'undigested'}.model"
    if script.model_digest and path.exists():
        try:
            return EmbeddedUnderstander(Model.load(path)), None
        except EngineError as error:  # an older format, a truncated file: a cache may only ever cost time
            logger.warning("the cached model %s is not usable (%s): training anew", path.name, error.code)
    began = time.perf_counter()
    model = train(script.nlu)
    logger.info("trained %s in %.1f s", script.name, time.perf_counter() - began)
    if script.model_digest:
        _keep(model, path)
    return EmbeddedUnderstander(model), None


def _keep(model: "object", path: Path) -> None:
    """Write beside, then rename: another process never sees half a model."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    model.save(beside)
    beside.replace(path)
