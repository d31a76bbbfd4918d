"""An encoder at work: text in, a vector for the whole and one for each piece out. onnxruntime and tokenizers only.

The graph takes `ids` and `mask` (batch, tokens) and gives `tokens` (batch, tokens, width) and `sentence`, the mean over
the tokens (batch, width); huashu.nlu.encoder_export writes it.
"""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from huashu.core.errors import EngineError, MissingExtraError
from huashu.models.onnx_files import open_session
from huashu.nlu.features import Floats
from huashu.nlu.tagger import pieces

GRAPH: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
MOST_TOKENS: Final = 128
"""Later tokens are not read: a bound on the work one Heard can cause."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text."""

    sentence: Floats
    """(width,)"""
    pieces: Floats
    """(pieces, width): the vector of each piece's first token, in the order of huashu.nlu.tagger.pieces; zeros for a
    piece that has no token of its own or stands behind MOST_TOKENS."""
    blank: bool
    """Every token is one that the encoder does not know."""


class Encoder:
    """Loads its files when the first text comes. Thread-safe; works on the calling thread alone, for calls in other
    threads want the other cores."""

    def __init__(self, folder: Path, digests: Mapping[str, str] | None = None) -> None:
        """digests: SHA-256 of the files by name, in hex; they are checked when the files are read."""
        self._folder = folder
        self._digests = dict(digests or {})
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any, int | None] | None = None

    def encode(self, text: str) -> Encoded:
        """Raises EngineError when the files are missing or not what they were, MissingExtraError without tokenizers."""
        tokenizer, session, unknown = self._load()
        encoding = tokenizer.encode(text)
        ids = np.array([encoding.ids], np.int64)
        tokens, sentence = session.run(("tokens", "sentence"), {"ids": ids, "mask": np.ones_like(ids)})
        own = [
            number for number, special in zip(encoding.ids, encoding.special_tokens_mask, strict=True) if not special
        ]
        places = firsts(pieces(text), encoding.offsets)
        rows = np.zeros((len(places), tokens.shape[2]), np.float32)
        for row, place in enumerate(places):
            if place >= 0:
                rows[row] = tokens[0, place]
        return Encoded(np.asarray(sentence[0], np.float32), rows, all(number == unknown for number in own))

    def _load(self) -> tuple[Any, Any, int | None]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._opened()
            return self._loaded

    def _opened(self) -> tuple[Any, Any, int | None]:
        try:
            from tokenizers import Tokenizer  # only here: an extra
        except ImportError as error:
            raise MissingExtraError("an encoder needs tokenizers: pip install 'huashu[encoder]'") from error
        graph, words = (self._checked(name) for name in (GRAPH, TOKENIZER))
        session = open_session(graph)
        names = [{item.name for item in side} for side in (session.get_inputs(), session.get_outputs())]
        for have, want, side in zip(names, ({"ids", "mask"}, {"tokens", "sentence"}), ("input", "output"), strict=True):
            if not want <= have:
                raise EngineError(f"{graph}: no {side} {sorted(want - have)[0]!r}; it has {', '.join(sorted(have))}")
        try:
            tokenizer = Tokenizer.from_file(str(words))
        except Exception as error:  # tokenizers raises Exception itself
            raise EngineError(f"{words}: not a tokenizer of the package tokenizers: {error}") from error
        tokenizer.enable_truncation(MOST_TOKENS)
        tokenizer.no_padding()
        numbers = (tokenizer.token_to_id(name) for name in ("[UNK]", "<unk>"))
        unknown = next((number for number in numbers if number is not None), None)
        return tokenizer, session, unknown

    def _checked(self, name: str) -> Path:
        path = self._folder / name
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise EngineError(f"{path}: cannot be read: {error.strerror}") from error
        if self._digests.get(name, found) != found:
            raise EngineError(f"{path}: not the file it was: SHA-256 {found[:12]}… is not {self._digests[name][:12]}…")
        return path


def firsts(places: Sequence[tuple[int, int]], offsets: Sequence[tuple[int, int]]) -> list[int]:
    """For each piece of a text the number of its first token, -1 for none. Offsets rise; special tokens have (0, 0)."""
    found, token = [], 0
    for start, end in places:
        while token < len(offsets) and offsets[token][1] <= start:
            token += 1
        found.append(token if token < len(offsets) and offsets[token][0] < end else -1)
    return found
