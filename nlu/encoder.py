"""Understanding with a pre-trained encoder beside the words: a folder that `huashu train --encoder` has written.

The encoder gives what a few examples cannot: that two sentences mean the same. The words of the embedded model stay:
their likeness and the share of known ones tell how sure to be, and they take part in the scores as far as that helped
on sentences held out (`share`). Everything a conversation adds (the open question, exact examples, yes and no, typed
values) is huashu.nlu.embedded's. Serving imports onnxruntime and tokenizers, never torch.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from huashu.core.errors import EngineError, MissingExtraError
from huashu.core.events import Heard, Understood
from huashu.core.expect import Expectation
from huashu.nlu.data import Span, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander
from huashu.nlu.encoder_run import GRAPH, TOKENIZER, Encoded, Encoder
from huashu.nlu.engine import Capabilities
from huashu.nlu.features import Floats
from huashu.nlu.model import Calibration, Model, WordReading
from huashu.nlu.tagger import joined, legal, pieces, viterbi

FORMAT: Final = 1
CONFIG: Final = "config.json"
HEADS: Final = "heads.npz"
WORDS: Final = "words"
"""Folder of the embedded model beside the encoder."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A linear layer."""

    weights: Floats
    """(width, labels)"""
    bias: Floats

    def scores(self, vectors: Floats) -> Floats:
        return np.asarray(vectors @ self.weights + self.bias, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class EncoderModel:
    """A huashu.nlu.scoring.Scorer."""

    words: Model
    encoder: Encoder
    intents: Head
    """Columns as `words.labels`."""
    tags: tuple[str, ...]
    """BIO tags of the columns of `slots_head`; empty when no example has a slot."""
    slots_head: Head
    finds_slots: bool
    """The encoder does; else the tagger of `words`."""
    share: float
    """Weight of the encoder's scores, 0 to 1; the words have the rest."""
    calibration: Calibration

    @property
    def labels(self) -> tuple[str, ...]:
        return self.words.labels

    @property
    def exact(self) -> Mapping[str, tuple[str, ...]]:
        return self.words.exact

    @property
    def lists(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        return self.words.lists

    @property
    def slots(self) -> Mapping[str, str]:
        return self.words.slots

    @property
    def carried(self) -> Mapping[str, tuple[str, ...]]:
        return self.words.carried

    @property
    def heard(self) -> Mapping[str, str]:
        return self.words.heard

    def read(self, text: str) -> "EncoderReading":
        return EncoderReading(self, text)

    def save(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Write what is trained beside the graph and the tokenizer, which are in `folder` already.

        about: what the training was, for people; kept under "training".
        """
        self.words.save(folder / WORDS)
        np.savez(
            folder / HEADS,
            intents=self.intents.weights,
            intents_bias=self.intents.bias,
            slots=self.slots_head.weights,
            slots_bias=self.slots_head.bias,
        )
        data = {
            "format": FORMAT,
            "kind": "huashu encoder",
            "labels": self.labels,
            "tags": self.tags,
            "share": self.share,
            "finds_slots": self.finds_slots,
            "sharpness": self.calibration.sharpness,
            "coefficients": self.calibration.coefficients,
            "files": {name: _sha256(folder / name) for name in (GRAPH, TOKENIZER, HEADS)},
            "training": dict(about),
        }
        (folder / CONFIG).write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "EncoderModel":
        """Read a folder; the encoder's weights wait for the first text.

        Raises:
            EngineError: a file is missing, changed or of another format; the message names file and field.
            MissingExtraError: tokenizers is not installed.
        """
        if find_spec("tokenizers") is None:  # better told now than to the first caller
            raise MissingExtraError("an encoder needs tokenizers: pip install 'huashu[encoder]'")
        path = folder / CONFIG
        data = _config(path)
        words = Model.load(folder / WORDS)
        labels, tags = (_names(data, field, path) for field in ("labels", "tags"))
        if labels != words.labels:
            raise EngineError(f"{path}: field 'labels' is not that of {folder / WORDS}; train anew")
        digests = data.get("files")
        if not isinstance(digests, dict) or {GRAPH, TOKENIZER, HEADS} - set(digests):
            raise EngineError(f"{path}: field 'files' must hold the SHA-256 of {GRAPH}, {TOKENIZER} and {HEADS}")
        for name in digests:
            if not (folder / name).is_file():
                raise EngineError(f"{folder / name}: not there; train the encoder anew")
        arrays = _arrays(folder / HEADS, digests[HEADS])
        intents = Head(arrays["intents"], arrays["intents_bias"])
        slots = Head(arrays["slots"], arrays["slots_bias"])
        for head, columns, field in ((intents, labels, "labels"), (slots, tags, "tags")):
            if head.weights.shape[1:] != (len(columns),) or head.bias.shape != (len(columns),):
                raise EngineError(
                    f"{folder / HEADS}: {head.weights.shape[-1]} columns for the {len(columns)} of field {field!r}"
                )
        return cls(
            words=words,
            encoder=Encoder(folder, digests),
            intents=intents,
            tags=tags,
            slots_head=slots,
            finds_slots=bool(data.get("finds_slots")),
            share=_number(data, "share", path),
            calibration=_calibration(data, path),
        )


class EncoderReading:
    """A huashu.nlu.scoring.Reading: the encoder runs once, when its scores or spans are wanted."""

    def __init__(self, model: EncoderModel, text: str) -> None:
        self._model = model
        self._text = text
        self._words = WordReading(model.words, text)

    @cached_property
    def encoded(self) -> Encoded:
        return self._model.encoder.encode(self._text)

    @property
    def blank(self) -> bool:
        return self._words.blank and self.encoded.blank

    @property
    def known(self) -> float:
        return self._words.known

    @cached_property
    def scores(self) -> Floats:
        share = np.float32(self._model.share)
        return share * self._model.intents.scores(self.encoded.sentence) + (1 - share) * self._words.scores

    def likeness(self, label: int) -> float:
        return self._words.likeness(label)

    def together(self) -> Mapping[str, float]:
        return self._words.together()

    def spans(self, intent: str) -> tuple[Span, ...]:
        if not self._model.finds_slots or not self._model.tags:
            return self._words.spans(intent)
        return tagged(self._text, self.encoded, self._model.slots_head, self._model.tags)


def tagged(text: str, encoded: Encoded, head: Head, tags: tuple[str, ...]) -> tuple[Span, ...]:
    """The likeliest legal sequence of BIO tags, as spans."""
    if not len(encoded.pieces):
        return ()
    best = viterbi(head.scores(encoded.pieces), legal(tags))
    return joined([tags[at] for at in best], pieces(text))


class EncoderUnderstander:
    """An Understander of one EncoderModel. Safe to share between threads; wants a pool beside an event loop."""

    def __init__(self, model: EncoderModel) -> None:
        self._model = model
        self._understander = EmbeddedUnderstander(model, name="encoder")

    @classmethod
    def load(cls, folder: Path) -> "EncoderUnderstander":
        """Raises EngineError naming file and field when the folder holds no such understanding."""
        return cls(EncoderModel.load(folder))

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(name="encoder", languages=("zh", "en"), blocking=True)

    @property
    def model(self) -> EncoderModel:
        return self._model

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        """See huashu.nlu.engine."""
        return self._understander.understand(heard, expect, at=at)


def open_encoder(data: TrainingData, digest: str, cache: Path, place: str = "") -> EncoderUnderstander:
    """Entry point "encoder" of group huashu.nlu: what `huashu train --encoder PLACE` made of these examples.

    place: the encoder's name or folder as it was given there, or the folder of its `--out`.

    Raises:
        EngineError: nothing was trained for these examples (the message has the command), or it is not whole.
    """
    if not place:
        raise EngineError("which encoder? write encoder:NAME, as it was given to `huashu train --encoder NAME`")
    folder = trained_folder(place_of(place, cache), digest)
    if not (folder / CONFIG).is_file():
        raise EngineError(
            f"encoder {place!r} has not been trained with these examples ({data.language}): {folder} is not there; "
            f"run `huashu train BOT --encoder {place}`",
            code="not_trained",
        )
    return EncoderUnderstander.load(folder)


def place_of(encoder: str, cache: Path) -> Path:
    """Where understandings trained with an encoder are kept: a folder that holds some, else one of the cache."""
    given = Path(encoder)
    if given.is_dir() and any(given.glob(f"encoder-*/{CONFIG}")):
        return given
    name = re.sub(r"[^\w.-]+", "-", given.name or "encoder")
    told = str(given.resolve()) if given.is_dir() else encoder
    return cache / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def trained_folder(place: Path, digest: str) -> Path:
    """Of the understanding of the examples with this `model_digest`."""
    return place / f"encoder-{FORMAT}-{digest[:32]}"


# --- reading -----------------------------------------------------------------------------------------------------


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _config(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"{path}: not a readable encoder: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise EngineError(f"{path}: field 'format' must be {FORMAT}; train the encoder anew")
    return data


def _names(data: Mapping[str, Any], field: str, path: Path) -> tuple[str, ...]:
    value = data.get(field)
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise EngineError(f"{path}: field {field!r} must be a list of names")
    return tuple(value)


def _number(data: Mapping[str, Any], field: str, path: Path) -> float:
    value = data.get(field)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise EngineError(f"{path}: field {field!r} must be a number")
    return float(value)


def _calibration(data: Mapping[str, Any], path: Path) -> Calibration:
    found = data.get("coefficients")
    if not isinstance(found, list) or len(found) != 5 or not all(isinstance(one, (int, float)) for one in found):
        raise EngineError(f"{path}: field 'coefficients' must be five numbers")
    a, b, c, d, constant = (float(one) for one in found)
    return Calibration(_number(data, "sharpness", path), (a, b, c, d, constant))


def _arrays(path: Path, digest: str) -> dict[str, Floats]:
    try:
        if _sha256(path) != digest:
            raise EngineError(f"{path}: not the file it was; train the encoder anew")
        with np.load(path, allow_pickle=False) as found:
            return {name: found[name] for name in ("intents", "intents_bias", "slots", "slots_bias")}
    except (OSError, ValueError, KeyError) as error:
        raise EngineError(f"{path}: not readable arrays: {error}") from error
