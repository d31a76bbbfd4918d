"""Train the small encoder: texts of one group near one another, those of other groups of the batch apart.

`python -m huashu.models.small_encoder.train DATA ROWS OUT.onnx [--wordnet FOLDER] [--without SET] [--steps N]`

A vector is the weighted sum of the vectors of a text's n-grams, brought to length 1; both the vectors and the weights
are learnt. The loss is Khosla et al., "Supervised Contrastive Learning" (NeurIPS 2020), a batch of one source at a
time, so that what tells its intents apart is learnt and not what tells one source from another. The only module of the
package that imports torch; some 80 processor seconds of one core for the default number of steps.
"""

import argparse
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import EngineError, MissingExtraError
from huashu.models.small_encoder.data import Source, sources
from huashu.models.small_encoder.export import write
from huashu.models.small_encoder.features import BUCKETS, features

GROUPS: Final = 32
"""In a batch, of at most EACH texts; of a source with fewer groups, more texts of each."""
EACH: Final = 4
SHARPNESS: Final = 12.0
"""Factor on the cosines: 1 / temperature."""
SPREAD: Final = 0.05
"""Deviation of the vectors before training."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Settings:
    """The same sources and settings give the same encoder on the same machine."""

    steps: int = 5000
    width: int = 256
    learning_rate: float = 5e-3
    seed: int = 0


def train(found: Sequence[Source], settings: Settings, *, tell: Callable[[str], None]) -> Floats:
    """The table: (BUCKETS, width), the vector of each n-gram with its weight in it.

    Raises:
        MissingExtraError: torch is not installed.
        EngineError: there is nothing to learn from.
    """
    try:
        import torch
    except ImportError as error:
        raise MissingExtraError("training needs torch: pip install 'huashu[encoder-train]'") from error
    if not any(len(source.groups) > 1 for source in found):
        raise EngineError("no source has two groups to tell apart")
    dice = random.Random(settings.seed)
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        learner = _Learner(settings)
        optimiser = torch.optim.SparseAdam(learner.parameters, lr=settings.learning_rate)
        able = [source for source in found if len(source.groups) > 1]
        every, lost = max(1, settings.steps // 5), 0.0
        for step in range(settings.steps):
            (source,) = dice.choices(able, [source.weight for source in able])
            batch = _batch(source, dice)
            loss = _loss(learner.encoded([text for text, _ in batch], source.forgotten), [group for _, group in batch])
            for group in optimiser.param_groups:
                group["lr"] = settings.learning_rate * (1 - step / settings.steps)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            lost += float(loss.detach())
            if (step + 1) % every == 0:
                tell(f"step {step + 1}: loss {lost / every:.2f}")
                lost = 0.0
    return learner.table()


def _batch(source: Source, dice: random.Random) -> list[tuple[str, int]]:
    """Texts with the number of their group."""
    chosen = dice.sample(source.groups, min(GROUPS, len(source.groups)))
    each = max(EACH, GROUPS * EACH // len(chosen))
    return [(text, number) for number, group in enumerate(chosen) for text in dice.sample(group, min(each, len(group)))]


class _Learner:
    def __init__(self, settings: Settings) -> None:
        import torch

        self._vectors = torch.nn.Embedding(BUCKETS, settings.width, sparse=True)
        self._weights = torch.nn.Embedding(BUCKETS, 1, sparse=True)
        torch.nn.init.normal_(self._vectors.weight, std=SPREAD)
        torch.nn.init.zeros_(self._weights.weight)
        self._known: dict[str, NDArray[np.int64]] = {}
        self._dice = np.random.default_rng(settings.seed)

    @property
    def parameters(self) -> list[Any]:
        return [self._vectors.weight, self._weights.weight]

    def encoded(self, texts: Sequence[str], forgotten: float) -> Any:
        """(texts, width), each of length 1, of what is not forgotten; a text keeps its first n-gram."""
        import torch

        for text in texts:
            if text not in self._known:
                self._known[text] = np.array(features(text), np.int64)
        rows = [self._known[text] for text in texts]
        lengths = np.array([len(row) for row in rows])
        begins = np.cumsum(lengths) - lengths
        kept = self._dice.random(int(lengths.sum())) >= forgotten
        kept[begins] = True
        numbers = torch.from_numpy(np.concatenate(rows)[kept])
        left = np.add.reduceat(kept.astype(np.int64), begins)
        summed = torch.nn.functional.embedding_bag(
            numbers,
            self._vectors.weight,
            torch.from_numpy(np.cumsum(left) - left),
            mode="sum",
            sparse=True,
            per_sample_weights=torch.nn.functional.softplus(self._weights(numbers)[:, 0]),
        )
        return torch.nn.functional.normalize(summed, dim=1)

    def table(self) -> Floats:
        import torch

        with torch.no_grad():
            found = self._vectors.weight * torch.nn.functional.softplus(self._weights.weight)
        return np.asarray(found.numpy(), np.float32)


def _loss(encoded: Any, told: Sequence[int]) -> Any:
    """`told`: the group of each text."""
    import torch

    groups = torch.tensor(told)
    itself = torch.eye(len(told), dtype=torch.bool)
    scores = (SHARPNESS * encoded @ encoded.T).masked_fill(itself, -1e4)
    same = (groups[:, None] == groups[None]) & ~itself
    shares = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    return -((shares * same).sum(dim=1) / same.sum(dim=1).clamp(min=1)).mean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("rows", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--wordnet", type=Path, help="folder with data.noun, data.verb, data.adj, data.adv, cntlist.rev"
    )
    parser.add_argument("--without", default="", help="a set to hold out")
    parser.add_argument("--steps", type=int, default=Settings().steps)
    options = parser.parse_args()
    found = sources(options.data, options.rows, wordnet=options.wordnet, without=options.without)
    for source in found:
        print(f"{source.name}: {sum(map(len, source.groups))} texts in {len(source.groups)} groups, {source.licence}")
    write(train(found, Settings(steps=options.steps), tell=print), options.out)
    print(f"{options.out}: {options.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
