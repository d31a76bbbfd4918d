"""Neural voices of Coqui (package `coqui-tts`, MPL-2.0, extra `coqui`): VITS weights in Coqui's own format.

A folder holds config.json and one *.pth. Kinds of model that need a vocoder beside them are not read: VITS makes its
sound by itself (J. Kim, J. Kong, J. Son, "Conditional Variational Autoencoder with Adversarial Learning for End-to-End
Text-to-Speech", 2021). The files are looked at before the package is loaded, so that a wrong one is told by its name.
"""

import json
import logging
import re
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from huashu.core.audio import Audio
from huashu.core.errors import EngineError, MissingExtraError, UsageError
from huashu.core.language import primary
from huashu.models.cache import sha256
from huashu.tts.engine import Capabilities, Utterance
from huashu.tts.text_only import clamp_speed
from huashu.tts.timing import estimated, placed

_CLAUSE: Final = re.compile(r"[^。！？；!?;\n]*?(?:[。！？；!?;\n]+|\.(?=\s|$)|$)")
_CHUNK: Final = 4096
"""Samples of one chunk."""
_LANGUAGES: Final = {"zh": "zh", "cmn": "zh", "en": "en"}


@dataclass(frozen=True, slots=True)
class Weights:
    """A folder of weights that has been looked at."""

    config: Path
    model: Path
    rate: int
    languages: tuple[str, ...]
    """Primary subtags that Huashu knows, of those the weights read."""


class CoquiVoice:
    """One voice for any number of threads; one clause is made at a time, on the processor."""

    def __init__(self, model: str | Path, *, speaker: str | None = None, language: str = "") -> None:
        """
        Args:
            model: folder with config.json and one *.pth.
            speaker: name of the speaker where the weights have several (default: the first); `Utterance.voice` may
                name another.
            language: "zh" or "en" when the weights do not say it themselves.

        Raises:
            MissingExtraError: coqui-tts is not installed.
            EngineError: the folder holds no such voice; the message names file and field.
            UsageError: a speaker that the weights do not have.
        """
        self._weights = look_at(Path(model), language)
        self._tts = _load(self._weights)
        self._lengthening = float(self._tts.length_scale)
        speakers, tongues = self._tts.speaker_manager, self._tts.language_manager
        self._speakers = tuple(str(name) for name in speakers.speaker_names) if speakers else ()
        self._tags = tuple(str(name) for name in tongues.language_names) if tongues else ()
        self._speaker = self._speakers[0] if len(self._speakers) > 1 else None
        self._speaker = self._named(speaker)
        self._version = f"{sha256(self._weights.model)[:12]} {self._speaker or ''}".strip()
        self._lock = threading.Lock()

    @property
    def capabilities(self) -> Capabilities:
        weights = self._weights
        return Capabilities(
            "coqui", weights.languages, weights.rate, streaming=True, neural=True, version=self._version, timings=True
        )

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        """Clause by clause: the first sound is there when the first clause is made.

        Raises:
            EngineError: a language the weights do not read, or the model failed.
            UsageError: a voice that is no speaker of the weights.
        """
        language = primary(utterance.language)
        if language not in self._weights.languages:
            known = ", ".join(self._weights.languages)
            raise EngineError(f"this voice reads {known}, not {utterance.language!r}", code="language")
        return self._chunks(utterance.text, language, self._named(utterance.voice), clamp_speed(utterance.rate))

    def _chunks(self, text: str, language: str, speaker: str | None, speed: float) -> Iterator[Audio]:
        tag = next((tag for tag in self._tags if _primary(tag) == language), None) if len(self._tags) > 1 else None
        rate = self._weights.rate
        for found in _CLAUSE.finditer(text):
            clause = found[0]
            if not re.search(r"\w", clause):
                continue
            with self._lock:
                self._tts.length_scale = self._lengthening / speed
                try:
                    made = self._tts.synthesize(clause.strip(), speaker=speaker, language=tag)
                except (RuntimeError, ValueError, KeyError) as error:
                    raise EngineError(f"coqui failed: {type(error).__name__}") from error
            sound = np.asarray(made["wav"], np.float32).reshape(-1)
            samples = np.clip(sound * 32767, -32768, 32767).astype("<i2")
            signs, begun = self._signs(made, len(samples) / rate)
            timings = (
                placed(clause, found.start(), signs, begun, language, letters=not self._tts.tokenizer.use_phonemes)
                if signs
                else list(estimated(clause, len(samples) / rate, language, offset=found.start()))
            )
            for start in range(0, len(samples), _CHUNK):
                yield Audio(samples[start : start + _CHUNK].tobytes(), rate, () if start else tuple(timings))

    def _signs(self, made: Any, seconds: float) -> tuple[list[str], list[float]]:
        """What the model was given, without the blanks it puts between, and when each of it begins; nothing where the
        model does not tell."""
        outputs = made.get("outputs")
        lengths = outputs.get("durations") if isinstance(outputs, dict) else None
        given = made.get("text_inputs")
        if lengths is None or given is None:
            return [], []
        frames = np.asarray(lengths, np.float64).reshape(-1)
        ids = [int(number) for number in np.asarray(given).reshape(-1)]
        if len(ids) != len(frames) or not frames.sum():
            return [], []
        characters = self._tts.tokenizer.characters
        begun = (np.cumsum(frames) - frames) * (seconds / frames.sum())
        told = [(characters.id_to_char(number), at) for number, at in zip(ids, begun.tolist(), strict=True)]
        kept = [(sign, at) for sign, at in told if len(sign) == 1 and sign != characters.pad]
        return [sign for sign, _ in kept], [at for _, at in kept]

    def _named(self, voice: str | None) -> str | None:
        if len(self._speakers) <= 1:
            if voice and voice not in self._speakers:
                raise UsageError(f"these weights have one speaker, not {voice!r}")
            return None
        if not voice:
            return self._speaker
        if voice not in self._speakers:
            shown = ", ".join(self._speakers[:20])
            raise UsageError(f"speaker {voice!r}: these weights have {shown}")
        return voice


def look_at(folder: Path, language: str = "") -> Weights:
    """What a folder holds. Raises EngineError naming the file, and the field in it, that is missing or wrong."""
    config = folder / "config.json"
    if not config.is_file():
        raise EngineError(f"{folder} has no config.json: these are no weights of Coqui", code="bad_model")
    models = sorted(folder.glob("*.pth"))
    if len(models) != 1:
        raise EngineError(f"{folder} holds {len(models)} *.pth, not one", code="bad_model")
    if not zipfile.is_zipfile(models[0]):
        raise EngineError(f"{models[0]} is no file of PyTorch", code="bad_model")
    try:
        fields = json.loads(config.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise EngineError(f"{config} is no JSON: {error}", code="bad_model") from error
    kind = fields.get("model") if isinstance(fields, dict) else None
    if kind != "vits":
        raise EngineError(f"{config}: model is {kind!r}; 'vits' is read, others need a vocoder", code="bad_model")
    audio = fields.get("audio")
    rate = audio.get("sample_rate") if isinstance(audio, dict) else None
    if isinstance(rate, bool) or not isinstance(rate, int) or not 8000 <= rate <= 48000:
        raise EngineError(f"{config}: audio.sample_rate is {rate!r}, not a number from 8000 to 48000", code="bad_model")
    return Weights(config, models[0], rate, _languages(config, fields, language))


def _languages(config: Path, fields: dict[str, Any], given: str) -> tuple[str, ...]:
    """Of the field that says it: a phonemizer's language, the languages of a multilingual model, or of its data."""
    datasets = fields.get("datasets")
    told = (
        [given]
        if given
        else [
            fields.get("phoneme_language"),
            *(fields.get("languages") or ()),
            *(item.get("language") for item in datasets or () if isinstance(item, dict)),
        ]
    )
    known = tuple(dict.fromkeys(_LANGUAGES[_primary(tag)] for tag in told if _primary(tag) in _LANGUAGES))
    if not known:
        message = f"{config}: phoneme_language and datasets.language name neither zh nor en; give language=…"
        raise EngineError(message, code="bad_model")
    return known


def _primary(tag: object) -> str:
    return re.split(r"[-_]", tag)[0].lower() if isinstance(tag, str) else ""


def _load(weights: Weights) -> Any:
    keep_texts_out_of_logs()
    try:
        from TTS.utils.synthesizer import Synthesizer
    except ImportError as error:
        raise MissingExtraError("this voice needs coqui-tts: pip install 'huashu[coqui]'") from error
    try:
        loaded: Any = Synthesizer(tts_checkpoint=weights.model, tts_config_path=weights.config)
    except (RuntimeError, ValueError, KeyError, TypeError, OSError, AssertionError) as error:
        message = f"{weights.model} cannot be loaded with {weights.config.name}: {_first(error)}"
        raise EngineError(message, code="bad_model") from error
    return loaded.tts_model


def keep_texts_out_of_logs() -> None:
    """Coqui's tokenizer warns of a character that the weights lack, and logs the whole text beside it: what callers
    are told is theirs."""
    logging.getLogger("TTS").setLevel(logging.ERROR)


def _first(error: BaseException) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0][:200]
