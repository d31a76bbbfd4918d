"""Putting the first hits of a search in a better order by what an encoder makes of them. Optional.

The n-grams of huashu.knowledge.retrieval find the candidates, whatever the base's size; an encoder
(huashu.nlu.encoder_run) then compares the query with the questions of the first few of them. How much its likeness
weighs is found on the base itself: the last wording of each item is held out and asked for; where the encoder helps
nobody, its weight is 0 and it is not asked at all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import EngineError
from huashu.knowledge.items import KnowledgeBase
from huashu.knowledge.retrieval import Retriever
from huashu.nlu.encoder_run import GRAPH, Encoder

MOST: Final = 8
"""Candidates compared by the encoder: a bound on the work one Heard can cause."""
WEIGHTS: Final = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Tried; the lowest of the best is taken, if it is better beyond chance. In units of the retriever's score, which
spreads over about 10."""
LEAST_HELD: Final = 8
"""Wordings held out, under which nothing is found out and the encoder is not asked."""

Encode = Callable[[str], NDArray[np.float32]]
"""Text → vector of any length but 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Reranker:
    """For the items of one base. A huashu.knowledge.retrieval.Reorder."""

    encode: Encode
    vectors: Mapping[str, NDArray[np.float32]]
    """Item → the unit vectors of its question and variants, in rows."""
    weight: float

    def __call__(self, text: str, scores: Mapping[str, float]) -> dict[str, float]:
        """The scores of the first MOST items, raised by how much likelier than the others the encoder finds them."""
        first = sorted(scores, key=lambda item: (-scores[item], item))[:MOST]
        if not self.weight or len(first) < 2:
            return {}
        query = _unit(self.encode(text))
        like = {item: float((self.vectors[item] @ query).max()) for item in first}
        mean = sum(like.values()) / len(like)
        return {item: scores[item] + self.weight * (like[item] - mean) for item in first}


def reranker(base: KnowledgeBase, encode: Encode) -> Reranker:
    """With the weight that puts most of the wordings held out first."""
    vectors = {
        item.id: np.stack([_unit(encode(text)) for text in (item.question, *item.variants)]) for item in base.items
    }
    return Reranker(encode, vectors, _weight(base, encode, vectors))


def open_reranking(folder: Path, bases: Mapping[str, KnowledgeBase]) -> dict[str, Reranker]:
    """For a Retriever: the rerankers of the bases in which the encoder of a folder has helped.

    folder: what `huashu train --encoder … --out FOLDER` wrote, or one of the trained encoders in it.

    Raises:
        EngineError: there is no encoder in the folder, or it cannot be read.
        MissingExtraError: tokenizers is not installed.
    """
    found = next((path.parent for path in (folder / GRAPH, *sorted(folder.glob(f"*/{GRAPH}"))) if path.is_file()), None)
    if found is None:
        raise EngineError(f"{folder}: no encoder: {GRAPH} is neither here nor one folder down")
    encoder = Encoder(found)
    made = {name: reranker(base, lambda text: encoder.encode(text).sentence) for name, base in bases.items()}
    return {name: one for name, one in made.items() if one.weight}


def _weight(base: KnowledgeBase, encode: Encode, vectors: Mapping[str, NDArray[np.float32]]) -> float:
    asked = [(item.variants[-1], item.id) for item in base.items if item.variants]
    if len(asked) < LEAST_HELD:
        return 0.0
    items = tuple(replace(item, variants=item.variants[:-1]) for item in base.items)
    kept = {item.id: vectors[item.id][: 1 + len(item.variants)] for item in items}
    reduced = replace(base, items=items)
    right = [
        _right(Retriever({base.name: reduced}, {base.name: Reranker(encode, kept, weight)}), base.name, asked)
        for weight in WEIGHTS
    ]
    best = max(range(len(WEIGHTS)), key=lambda at: (sum(right[at]), -at))
    changed = [new - old for old, new in zip(right[0], right[best], strict=True) if new != old]
    # Two standard deviations of a sign test: what breaks ties by chance has not helped.
    return WEIGHTS[best] if sum(changed) >= 2 * len(changed) ** 0.5 else 0.0


def _right(retriever: Retriever, base: str, asked: Sequence[tuple[str, str]]) -> list[bool]:
    hits = ((retriever.candidates(text, (base,)), item) for text, item in asked)
    return [bool(found) and found[0].item == item for found, item in hits]


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / np.float32(length) if length else vector, np.float32)
