"""Who learns from examples, by the name that --nlu gives: the embedded understanding, or another engine.

An engine is asked for what has been trained with these very examples. An encoder that has not is trained for the
occasion, in a folder that is gone afterwards: the folds of a cross-validation belong to no bot.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from huashu.core.errors import EngineError
from huashu.flows.digests import model_digest
from huashu.insight.judging import Train, embedded
from huashu.nlu.data import TrainingData
from huashu.nlu.encoder import place_of
from huashu.nlu.engine import Understander
from huashu.nlu.registry import EMBEDDED, open_understander
from huashu.runtime.bot import models_folder

ENCODER: Final = "encoder"


@contextmanager
def learner(
    spec: str = EMBEDDED, *, epochs: int = 0, cache: Path | None = None, tell: Callable[[str], None] | None = None
) -> Iterator[Train]:
    """What turns training data into an understanding, while the context is open.

    Args:
        spec: NAME or NAME:PLACE, as `--nlu` takes it.
        epochs: of an encoder that is trained for the occasion; 0: it stays as it is, and only heads are fitted.
        cache: where trained models are kept.
        tell: lines for whoever waits.

    Raises:
        UsageError: unknown name.
        EngineError: from what is learnt with, when the engine has nothing for these examples and cannot be trained.
    """
    if spec == EMBEDDED:
        yield embedded
        return
    name, _, place = spec.partition(":")
    folder = models_folder(cache)
    with ExitStack() as made:

        def learn(data: TrainingData) -> Understander:
            digest = model_digest(data)
            try:
                return open_understander(spec, data, digest, folder)
            except EngineError as error:
                if name != ENCODER or error.code != "not_trained" or place_of(place, folder) == Path(place):
                    raise  # a folder of what has been trained holds no encoder to train anew
            from huashu.nlu.encoder import EncoderUnderstander
            from huashu.nlu.encoder_export import Settings
            from huashu.nlu.encoder_train import train_encoder

            own = Path(made.enter_context(TemporaryDirectory(prefix="huashu-encoder-"))) / "encoder"
            train_encoder(data, place, own, settings=Settings(epochs=epochs), tell=tell or _silent)
            return EncoderUnderstander.load(own)

        yield learn


def _silent(line: str) -> None:
    pass
