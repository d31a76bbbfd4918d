"""Neural voices through sherpa-onnx (Apache-2.0, extra `sherpa`): VITS (Piper's too), Matcha or Kokoro weights.

sherpa-onnx ends the process when a file is not what it expects, so every file is looked at here first: which kind of
voice a folder holds is told by its files, and the fields that would be wanted are looked up in the model's metadata.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from huashu.core.audio import Audio
from huashu.core.errors import EngineError, MissingExtraError, UsageError
from huashu.core.language import primary
from huashu.models.cache import sha256
from huashu.models.onnx_files import check_tokens, metadata
from huashu.tts.engine import Capabilities, Utterance
from huashu.tts.lexicon import Lexicon
from huashu.tts.text_only import clamp_speed

_CLAUSE: Final = re.compile(r"[^。！？；，!?;,\n]*(?:[。！？；，!?;,\n]+|$)")
SHORTEST_CLAUSE: Final = 6
"""Characters: a shorter clause is spoken with the next one, for a voice needs words around it to find its tone."""
_CHUNK: Final = 4096
"""Samples of one chunk."""
WANTED: Final = {
    "vits": ("sample_rate", "n_speakers", "language", "comment"),
    "matcha": ("sample_rate", "n_speakers", "language", "pad_id"),
    "kokoro": ("sample_rate", "n_speakers", "style_dim"),
}
"""Kind → fields of the acoustic model's metadata without which sherpa-onnx ends the process."""
_LANGUAGES: Final = {"zh": "zh", "cmn": "zh", "chinese": "zh", "en": "en", "english": "en"}


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder of weights that has been looked at."""

    kind: str
    """vits, matcha or kokoro."""
    model: Path
    rate: int
    speakers: int
    languages: tuple[str, ...]
    vocoder: Path | None = None


class SherpaVoice:
    """One voice for any number of threads; one clause is made at a time."""

    def __init__(self, model: str | Path, *, speaker: int = 0, threads: int = 1, language: str = "") -> None:
        """
        Args:
            model: folder with *.onnx, tokens.txt, and lexicon*.txt or espeak-ng-data/ (Matcha: a vocoder too; Kokoro:
                voices.bin).
            speaker: number of the speaker where the weights have several; `Utterance.voice` may name another number.
            language: "zh" or "en" when the weights do not say it themselves.

        Raises:
            MissingExtraError: sherpa-onnx is not installed.
            EngineError: the folder holds no such voice; the message names file and field.
            UsageError: a speaker that the weights do not have.
        """
        self._weights = look_at(Path(model), language)
        self._speaker = speaker
        self._check(speaker)
        self._lock = threading.Lock()
        self._version = f"{sha256(self._weights.model)[:12]} {speaker}"
        self._tts = _load(self._weights, Path(model), threads)
        self._lexicon = _lexicon(Path(model))

    @property
    def capabilities(self) -> Capabilities:
        weights = self._weights
        return Capabilities(
            "sherpa", weights.languages, weights.rate, streaming=True, neural=True, version=self._version
        )

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        """Clause by clause: the first sound is there when the first clause is made.

        Raises:
            EngineError: a language the weights do not read.
            UsageError: a voice that is no number of a speaker.
        """
        language = primary(utterance.language)
        if language not in self._weights.languages:
            known = ", ".join(self._weights.languages)
            raise EngineError(f"this voice reads {known}, not {utterance.language!r}", code="language")
        speaker = self._named(utterance.voice)
        return self._chunks(clauses(utterance.text), language, speaker, clamp_speed(utterance.rate))

    def _chunks(self, parts: list[str], language: str, speaker: int, speed: float) -> Iterator[Audio]:
        for part in parts:
            said = self._lexicon.readable(part, language) if self._lexicon is not None else part
            if not said:
                continue
            with self._lock:
                made: Any = self._tts.generate(said, sid=speaker, speed=speed)
            samples = np.clip(np.asarray(made.samples, np.float32) * 32767, -32768, 32767).astype(np.int16)
            for start in range(0, len(samples), _CHUNK):
                yield Audio(samples[start : start + _CHUNK].tobytes(), self._weights.rate)

    def _named(self, voice: str | None) -> int:
        if not voice:
            return self._speaker
        if not voice.isdigit():
            raise UsageError(f"a voice of these weights is the number of a speaker, not {voice!r}")
        return self._check(int(voice))

    def _check(self, speaker: int) -> int:
        if not 0 <= speaker < self._weights.speakers:
            raise UsageError(f"speaker {speaker}: these weights have 0 to {self._weights.speakers - 1}")
        return speaker


def clauses(text: str) -> list[str]:
    """A text at its marks, short pieces joined to what follows; nothing without words."""
    found: list[str] = []
    waiting = ""
    for clause in _CLAUSE.findall(text):
        waiting += clause
        if sum(char.isalnum() for char in waiting) >= SHORTEST_CLAUSE:
            found.append(waiting.strip())
            waiting = ""
    if any(char.isalnum() for char in waiting):
        if found:
            found[-1] += waiting.rstrip()
        else:
            found.append(waiting.strip())
    return found


def look_at(folder: Path, language: str = "") -> Weights:
    """What a folder holds. Raises EngineError naming the file, and the field in it, that is missing or wrong."""
    if not folder.is_dir():
        raise EngineError(f"{folder} is no folder of weights", code="bad_model")
    models = sorted(folder.glob("*.onnx"))
    vocoders = [path for path in models if path.name.startswith(("vocos", "hifigan"))]
    acoustic = [path for path in models if path not in vocoders]
    if len(acoustic) != 1:
        raise EngineError(f"{folder} holds {len(acoustic)} acoustic models (*.onnx), not one", code="bad_model")
    kind = "matcha" if vocoders else "kokoro" if (folder / "voices.bin").is_file() else "vits"
    check_tokens(folder / "tokens.txt")
    if not list(folder.glob("lexicon*.txt")) and not (folder / "espeak-ng-data").is_dir():
        raise EngineError(
            f"{folder} has neither lexicon*.txt nor espeak-ng-data/: no way from words to sounds", code="bad_model"
        )
    fields = metadata(acoustic[0], WANTED[kind], numbers=("sample_rate", "n_speakers"))
    told = _LANGUAGES.get((language or fields.get("language", "")).split("-")[0].strip().lower())
    languages = (told,) if told and kind != "kokoro" else ("zh", "en")
    vocoder = vocoders[0] if vocoders else None
    return Weights(kind, acoustic[0], int(fields["sample_rate"]), max(1, int(fields["n_speakers"])), languages, vocoder)


def _lexicon(folder: Path) -> Lexicon | None:
    if not any(folder.glob("lexicon*.txt")):
        return None
    spells, counts = (folder / "espeak-ng-data").is_dir(), any(folder.glob("*.fst"))
    return Lexicon(folder, spells=spells, counts=counts)


def _load(weights: Weights, folder: Path, threads: int) -> Any:
    try:
        import sherpa_onnx
    except ImportError as error:
        raise MissingExtraError("this voice needs sherpa-onnx: pip install 'huashu[sherpa]'") from error
    lexicon = ",".join(map(str, sorted(folder.glob("lexicon*.txt"))))
    data = folder / "espeak-ng-data"
    shared = {"tokens": str(folder / "tokens.txt"), "lexicon": lexicon, "data_dir": str(data) if data.is_dir() else ""}
    part: Any
    match weights.kind:
        case "matcha":
            part = sherpa_onnx.OfflineTtsMatchaModelConfig(
                acoustic_model=str(weights.model), vocoder=str(weights.vocoder), **shared
            )
        case "kokoro":
            part = sherpa_onnx.OfflineTtsKokoroModelConfig(
                model=str(weights.model), voices=str(folder / "voices.bin"), **shared
            )
        case _:
            part = sherpa_onnx.OfflineTtsVitsModelConfig(model=str(weights.model), **shared)
    rules = ",".join(map(str, sorted(folder.glob("*.fst"))))
    config = sherpa_onnx.OfflineTtsConfig(
        model=sherpa_onnx.OfflineTtsModelConfig(**{weights.kind: part}, num_threads=threads),
        rule_fsts=rules,
        max_num_sentences=1,
    )
    if not config.validate():
        raise EngineError(f"{folder}: sherpa-onnx does not accept these weights", code="bad_model")
    return sherpa_onnx.OfflineTts(config)
