"""Recognisers of sherpa-onnx (Apache-2.0, extra `sherpa`): streaming transducers, SenseVoice, Paraformer.

A streaming model decodes while the caller speaks, with the open question's phrases as hot words; the others read an
utterance whole (huashu.asr.batch). All but some Paraformers tell when words begin; SenseVoice tells feeling and sounds
besides (huashu.asr.engine.Details).
sherpa-onnx ends the process over a file it did not expect: files and their metadata are looked at first.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import soxr  # type: ignore[import-untyped]

from huashu.asr.batch import BatchStream, Sound
from huashu.asr.engine import NO_DETAILS, Capabilities, Details, Stream
from huashu.asr.utterance import Utterance
from huashu.asr.word_times import timed
from huashu.core.errors import EngineError, MissingExtraError, UsageError
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.core.language import primary
from huashu.models.onnx_files import check_tokens, metadata

RATE: Final = 16000
LONGEST: Final = 60.0
"""Seconds of one utterance of a streaming model."""
TAIL: Final = 0.4
"""Seconds of silence behind an utterance, without which a streaming model keeps its last word to itself."""
HOT_WORDS: Final = 64
"""Phrases of the open question given to a streaming model."""
SURE: Final = 0.8
"""Confidence of a model that tells none: believed, and asked back where a step confirms below more."""
_LFR: Final = ("lfr_window_size", "lfr_window_shift", "neg_mean", "inv_stddev", "vocab_size")
WANTED: Final = {
    "sense_voice": (*_LFR, "normalize_samples", "lang_auto", "lang_zh", "lang_en", "with_itn", "without_itn"),
    "paraformer": _LFR,
}
"""Kind → fields without which sherpa-onnx ends the process."""


@dataclass(frozen=True, slots=True)
class Weights:
    kind: str
    """transducer, sense_voice or paraformer."""
    languages: tuple[str, ...]


class SherpaRecogniser:
    """One loaded model for any number of threads."""

    def __init__(self, model: str | Path, *, rate: int = 8000, threads: int = 2, language: str = "") -> None:
        """
        Args:
            model: folder with tokens.txt and either encoder*.onnx, decoder*.onnx, joiner*.onnx (a streaming transducer)
                or one *.onnx (SenseVoice or Paraformer, told by its metadata).
            rate: of the sound that will be given, 8000 or 16000.
            language: "zh", "en" or "zh,en": of weights that do not say it; default both.

        Raises:
            UsageError: another rate.
            MissingExtraError: sherpa-onnx is not installed.
            EngineError: the folder holds no such weights; the message names file and field.
        """
        if rate not in (8000, 16000):
            raise UsageError(f"rate must be 8000 or 16000 samples a second, not {rate}")
        self._weights = look_at(Path(model), language)
        self._rate = rate
        self._engine = _load(self._weights, Path(model), threads)
        self._spelling = _Spelling(Path(model))
        self._reader = _Reader(self._engine)

    @property
    def capabilities(self) -> Capabilities:
        hot_words = self._weights.kind == "transducer"
        return Capabilities(
            "sherpa", self._weights.languages, self._rate, streaming=True, hot_words=hot_words,
            word_times=self._weights.kind != "paraformer",
        )  # fmt: skip

    def stream(self, expect: Expectation, language: str) -> Stream:
        """Raises EngineError: a language the weights do not know."""
        tag = primary(language)
        if tag not in self._weights.languages:
            known = ", ".join(self._weights.languages)
            raise EngineError(f"these weights know {known}, not {language!r}", code="language")
        if self._weights.kind == "transducer":
            return _OnlineStream(self._engine, self._spelling.hot_words(expect), tag, self._rate)
        return BatchStream(self._reader, expect, tag, self._rate)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        """A second of silence is read."""
        stream = self.stream(Expectation(step=""), self._weights.languages[0])
        stream.accept(bytes(2 * self._rate))
        stream.finish()


def look_at(folder: Path, language: str = "") -> Weights:
    """What a folder holds. Raises EngineError naming the file, and the field in it, that is missing or wrong."""
    if not folder.is_dir():
        raise EngineError(f"{folder} is no folder of weights", code="bad_model")
    check_tokens(folder / "tokens.txt")
    languages = tuple(part.strip() for part in language.split(",") if part.strip()) or ("zh", "en")
    models = sorted(folder.glob("*.onnx"))
    if any(path.name.startswith("encoder") for path in models):
        encoder, decoder, joiner = (part(folder, name) for name in ("encoder", "decoder", "joiner"))
        metadata(encoder, ("model_type",))
        fields = metadata(decoder, ("vocab_size", "context_size"), numbers=("vocab_size", "context_size"))
        check_tokens(folder / "tokens.txt", vocabulary=int(fields["vocab_size"]))
        metadata(joiner, ("joiner_dim",))
        return Weights("transducer", languages)
    if len(models) != 1:
        raise EngineError(
            f"{folder} holds {len(models)} models (*.onnx): one, or a transducer's three", code="bad_model"
        )
    fields = metadata(models[0], ())
    kind = "sense_voice" if "lang_auto" in fields or "sense" in fields.get("model_type", "") else "paraformer"
    fields = metadata(models[0], WANTED[kind], numbers=("vocab_size", "lfr_window_size", "lfr_window_shift"))
    check_tokens(folder / "tokens.txt", vocabulary=int(fields["vocab_size"]))
    return Weights(kind, languages)


def part(folder: Path, name: str) -> Path:
    """The one file of a transducer's part; the int8 one when there are two. Raises EngineError."""
    found = sorted(folder.glob(f"{name}*.onnx"), key=lambda path: ("int8" not in path.name, path.name))
    if not found:
        raise EngineError(f"{folder} has an encoder and no {name}*.onnx", code="bad_model")
    return found[0]


def _load(weights: Weights, folder: Path, threads: int) -> Any:
    try:
        import sherpa_onnx
    except ImportError as error:
        raise MissingExtraError("this recogniser needs sherpa-onnx: pip install 'huashu[sherpa]'") from error
    tokens = str(folder / "tokens.txt")
    if weights.kind == "transducer":
        bpe = folder / "bpe.vocab"
        return sherpa_onnx.OnlineRecognizer.from_transducer(
            tokens=tokens,
            encoder=str(part(folder, "encoder")),
            decoder=str(part(folder, "decoder")),
            joiner=str(part(folder, "joiner")),
            num_threads=threads,
            decoding_method="modified_beam_search",
            modeling_unit="cjkchar+bpe" if bpe.is_file() else "cjkchar",
            bpe_vocab=str(bpe) if bpe.is_file() else "",
        )
    [model] = folder.glob("*.onnx")
    if weights.kind == "sense_voice":
        return sherpa_onnx.OfflineRecognizer.from_sense_voice(model=str(model), tokens=tokens, num_threads=threads)
    return sherpa_onnx.OfflineRecognizer.from_paraformer(paraformer=str(model), tokens=tokens, num_threads=threads)


class _Reader:
    """See huashu.asr.batch.Reader."""

    rate = RATE

    def __init__(self, engine: Any) -> None:
        self._engine = engine
        self._lock = threading.Lock()

    def read(self, sound: Sound, expect: Expectation, language: str, *, final: bool) -> Heard:
        return _heard(self._result(sound), language, final=final)

    def told(self, sound: Sound, expect: Expectation, language: str) -> tuple[Heard, Details]:
        result = self._result(sound)
        words = timed(list(result.tokens), list(result.timestamps), len(sound) / RATE)
        return _heard(result, language, final=True), Details(words, _tag(result.emotion), _tag(result.event))

    def _result(self, sound: Sound) -> Any:
        stream = self._engine.create_stream()
        stream.accept_waveform(RATE, sound)
        with self._lock:
            self._engine.decode_stream(stream)
        return stream.result


def _heard(result: Any, language: str, *, final: bool) -> Heard:
    text = str(result.text).strip()
    return Heard(text, final=final, confidence=SURE if text else 0.0, language=language)


def _tag(told: str) -> str:
    """SenseVoice's "<|HAPPY|>" → "happy"."""
    name = told.strip("<|>").lower()
    return "" if "unk" in name else name


class _Spelling:
    """What the weights can write: a hot word with anything else in it makes sherpa-onnx drop all of them."""

    def __init__(self, folder: Path) -> None:
        lines = (folder / "tokens.txt").read_text(encoding="utf-8").splitlines()
        self._tokens = frozenset(line.rsplit(maxsplit=1)[0] for line in lines if line.strip())
        self._pieces = (folder / "bpe.vocab").is_file()
        """Words in letters are cut into pieces by sherpa-onnx itself."""

    def hot_words(self, expect: Expectation) -> str:
        """Phrases of the open question, "/" between them."""
        phrases = [form for choice in expect.choices for form in choice.spoken] + list(expect.phrases)
        fit = (phrase for phrase in dict.fromkeys(phrases) if self._writes(phrase))
        return "/".join(islice(fit, HOT_WORDS))

    def _writes(self, phrase: str) -> bool:
        return bool(phrase.strip()) and all(
            char in self._tokens or (self._pieces and char.isascii() and (char.isalpha() or char in " '"))
            for char in phrase
        )


class _OnlineStream:
    """One utterance of a streaming model; see huashu.asr.engine.Stream."""

    def __init__(self, engine: Any, hot: str, language: str, rate: int) -> None:
        self._engine = engine
        self._stream = engine.create_stream(hotwords=hot) if hot else engine.create_stream()
        self._language = language
        self._rate = rate
        self._up = soxr.ResampleStream(rate, RATE, 1, "float32") if rate != RATE else None
        self._sound = Utterance(rate, LONGEST)
        self._told = ""
        self.details = NO_DETAILS

    def accept(self, pcm: bytes) -> Heard | None:
        """Raises LimitError past `LONGEST` seconds, UsageError when the stream is used up or a sample is cut."""
        self._sound.add(pcm, keep=False)
        self._feed(np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768))
        text = self._decode()
        if text == self._told:
            return None
        self._told = text
        return Heard(text, final=False, confidence=SURE, language=self._language)

    def finish(self) -> Heard:
        self._sound.close()
        self._feed(np.zeros(round(TAIL * self._rate), np.float32), last=True)
        self._stream.input_finished()
        text = self._decode()
        begins = list(self._engine.timestamps(self._stream))
        self.details = Details(timed(list(self._engine.tokens(self._stream)), begins, self._sound.seconds))
        return Heard(text, confidence=SURE if text else 0.0, language=self._language)

    def _feed(self, sound: Sound, *, last: bool = False) -> None:
        if self._up is not None:
            sound = self._up.resample_chunk(sound, last=last)
        self._stream.accept_waveform(RATE, sound)

    def _decode(self) -> str:
        while self._engine.is_ready(self._stream):
            self._engine.decode_stream(self._stream)
        return str(self._engine.get_result(self._stream)).strip()
