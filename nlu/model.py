"""A trained model: plain arrays and names, saved to a folder and mapped back into memory. No training in here.

Scores are one matrix product over the features of an utterance. A score becomes a confidence by a small logistic
model over (score, logarithm of the share among the answers possible here, likeness to the nearest example, share of
known words) whose coefficients the rehearsal in huashu.nlu.train has fitted.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import EngineError
from huashu.nlu import text as texts
from huashu.nlu.data import Span
from huashu.nlu.features import Floats, Ints, Vector, Vectoriser
from huashu.nlu.several import Several
from huashu.nlu.tagger import Tagger

FORMAT: Final = 8
"""Raised whenever the files or what they mean change: an older cache is then trained anew."""
EXACT: Final = 0.98
"""Confidence of an utterance that is one of the examples, word for word."""
NOWHERE: Final = ""
"""Label of the class of sentences that belong to no intent."""

_ARRAYS: Final = ("weights", "bias", "idf", "near_starts", "near_index", "near_weight", "near_class")
_OF_SEVERAL: Final = ("several", "several_bias")


@dataclass(frozen=True, slots=True)
class Calibration:
    """`sharpness` multiplies scores before the softmax; `coefficients`: the logistic model's, constant last."""

    sharpness: float
    coefficients: tuple[float, float, float, float, float]

    def confidence(self, score: float, share: float, likeness: float, known: float) -> float:
        a, b, c, d, constant = self.coefficients
        z = a * score + b * math.log(max(share, 1e-6)) + c * likeness + d * known + constant
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


@dataclass(frozen=True, slots=True)
class Nearest:
    """The example sentences as sparse rows, sorted by class: which class has which rows, and likeness to a vector."""

    starts: NDArray[np.int64]
    index: Ints
    weight: Floats
    classes: NDArray[np.int64]
    """Row number where each class begins, one more entry than there are classes."""

    def likeness(self, dense: Floats, klass: int) -> float:
        """Cosine of the nearest example of a class and a dense vector, 0 to 1."""
        first, last = int(self.classes[klass]), int(self.classes[klass + 1])
        if first == last:
            return 0.0
        begin, end = int(self.starts[first]), int(self.starts[last])
        if begin == end:
            return 0.0
        products = dense[self.index[begin:end]] * self.weight[begin:end]
        rows = np.add.reduceat(products, self.starts[first:last] - begin)
        return float(rows.max())


@dataclass(frozen=True, slots=True)
class Model:
    language: str
    labels: tuple[str, ...]
    """Intent of each column of `weights`; the class of no intent (NOWHERE) is among them when there were negatives."""
    vectoriser: Vectoriser
    weights: Floats
    """(features, labels)"""
    bias: Floats
    nearest: Nearest
    exact: Mapping[str, tuple[str, ...]]
    """`bare` text of an example → its intents; an empty tuple: an out-of-scope sentence."""
    calibration: Calibration
    tagger: Tagger
    lists: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
    carried: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Intent → slots annotated in its examples: its sentences carry them."""
    several: Several = field(default_factory=Several)

    def read(self, text: str) -> "WordReading":
        """See huashu.nlu.scoring."""
        return WordReading(self, text)

    def scores(self, vector: Vector) -> Floats:
        """One score a label, about -3 to 3."""
        if not len(vector.index):
            return self.bias
        return np.asarray(vector.weight @ self.weights[vector.index] + self.bias, np.float32)

    @property
    def heard(self) -> Mapping[str, str]:
        """Character → key of its sound (huashu.nlu.sounds); empty where training saw no Chinese."""
        return self.vectoriser.heard

    def likeness(self, vector: Vector, label: int) -> float:
        """How near the nearest example of a label is: cosine averaged over the channels in use."""
        dense = np.zeros(len(self.vectoriser.names), np.float32)
        dense[vector.index] = vector.weight
        power = float(vector.weight @ vector.weight)
        return self.nearest.likeness(dense, label) / power if power else 0.0

    def save(self, folder: Path) -> None:
        """Write the model into a folder, which is made when missing."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array)
        self.tagger.save(folder)
        data = {
            "format": FORMAT,
            "language": self.language,
            "labels": self.labels,
            "names": self.vectoriser.names,
            "heard": dict(self.vectoriser.heard),
            "exact": self.exact,
            "sharpness": self.calibration.sharpness,
            "coefficients": self.calibration.coefficients,
            "lists": {name: dict(values) for name, values in self.lists.items()},
            "slots": dict(self.slots),
            "carried": dict(self.carried),
            "several": self.several.data(),
        }
        text = json.dumps(data, ensure_ascii=False, sort_keys=True)
        (folder / "model.json").write_text(text, encoding="utf-8")

    def _arrays(self) -> dict[str, NDArray[Any]]:
        near = self.nearest
        parts = (self.weights, self.bias, self.vectoriser.idf, near.starts, near.index, near.weight, near.classes)
        both = (*parts, self.several.weights, self.several.bias)
        return dict(zip((*_ARRAYS, *_OF_SEVERAL), both, strict=True))

    @classmethod
    def load(cls, folder: Path) -> "Model":
        """Read a model; the arrays stay on disk, mapped.

        Raises:
            EngineError: a file is missing, unreadable or of another format; the message names it.
        """
        data = _read_json(folder / "model.json")
        try:
            found = {name: _mapped(folder / f"{name}.npy") for name in (*_ARRAYS, *_OF_SEVERAL)}
            return cls(
                language=data["language"],
                labels=tuple(data["labels"]),
                vectoriser=Vectoriser(tuple(data["names"]), found["idf"], data["heard"]),
                weights=found["weights"],
                bias=found["bias"],
                nearest=Nearest(*(found[name] for name in _ARRAYS[3:])),
                exact={text: tuple(intents) for text, intents in data["exact"].items()},
                calibration=Calibration(data["sharpness"], tuple(data["coefficients"])),
                tagger=Tagger.load(folder),
                lists={
                    name: {value: tuple(words) for value, words in values.items()}
                    for name, values in data["lists"].items()
                },
                slots=data["slots"],
                carried={intent: tuple(slots) for intent, slots in data["carried"].items()},
                several=Several.of(data["several"], *(found[name] for name in _OF_SEVERAL)),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise EngineError(f"{folder / 'model.json'}: field {error} is missing or of the wrong form") from error


class WordReading:
    """One text by its words; see huashu.nlu.scoring.Reading."""

    def __init__(self, model: Model, text: str) -> None:
        self._model = model
        self._text = text

    @cached_property
    def vector(self) -> Vector:
        return self._model.vectoriser.vector(self._text)

    @property
    def blank(self) -> bool:
        return not len(self.vector.index)

    @property
    def known(self) -> float:
        return self.vector.known

    @cached_property
    def scores(self) -> Floats:
        return self._model.scores(self.vector)

    def likeness(self, label: int) -> float:
        return self._model.likeness(self.vector, label)

    def together(self) -> Mapping[str, float]:
        several = self._model.several
        if not several:
            return {}
        bare = texts.bare(self._text)
        told = self._model.exact.get(bare)
        if told is None:
            return several.heard(self.vector)
        return dict.fromkeys(told, EXACT) if bare in several.told else {}

    def spans(self, intent: str) -> tuple[Span, ...]:
        return self._model.tagger.spans(self._text, intent)


def _mapped(path: Path) -> NDArray[Any]:
    try:
        # np.load gives a memmap, a subclass whose every slice costs; a plain view of it does not.
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError) as error:
        raise EngineError(f"{path}: not a readable array: {error}") from error


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"{path}: not a readable model: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise EngineError(f"{path}: field 'format' must be {FORMAT}; train the model anew")
    return data
