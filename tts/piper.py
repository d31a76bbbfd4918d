"""Voices in Piper's format, read by onnxruntime: *.onnx and, beside it, *.onnx.json. Words become sounds by eSpeak NG.

The format is that of Rhasspy's Piper (MIT) and of its successor `piper-tts` (GPL-3.0, not needed here): VITS weights
that take numbers of sounds, and a JSON with the number of each sound. What turns Chinese and English into sounds is
eSpeak's library: such a voice needs the extra `piper` (GPL-3.0), unless it reads letters (`phoneme_type: text`).
Weights that tell how long each sound became (a second output, frames of `hop_length` samples) give exact times.
"""

import json
import re
import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from huashu.core.audio import Audio
from huashu.core.errors import EngineError, UsageError
from huashu.core.language import primary
from huashu.models.cache import sha256
from huashu.models.onnx_files import open_session
from huashu.tts.engine import Capabilities, Utterance
from huashu.tts.espeak_library import library
from huashu.tts.text_only import clamp_speed
from huashu.tts.timing import estimated, placed

_CLAUSE: Final = re.compile(r"[^。！？；!?;\n]*?(?:[。！？；!?;\n]+|\.(?=\s|$)|$)")
_PAD, _BEGIN, _END = "_", "^", "$"
_MARKS: Final = {"，": ",", "、": ",", "。": ".", "！": "!", "？": "?", "；": ";", "：": ":"}
"""Marks that are sounds of their own to Piper, in its spelling."""
_LANGUAGES: Final = {"cmn": "zh", "zh": "zh", "en": "en"}
_SCALES: Final = {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8}
"""What Piper takes where the file does not say."""
_PEAK: Final = 0.7
"""Of a clause, of full scale: -3 dB leaves room for resampling. The weights' own levels differ from voice to voice."""
_CHUNK: Final = 4096
"""Samples of one chunk."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A voice that has been looked at."""

    model: Path
    rate: int
    language: str
    espeak: str
    """eSpeak's voice that turns words into sounds; "" for weights that read letters."""
    numbers: Mapping[str, tuple[int, ...]]
    """Sound → its numbers."""
    scales: tuple[float, float, float]
    """noise_scale, length_scale, noise_w."""
    speakers: Mapping[str, int]
    """By name; more than one where the weights have several."""
    hop: int


class PiperVoice:
    """One voice for any number of threads; one clause is made at a time."""

    def __init__(self, model: str | Path, *, speaker: str = "", threads: int = 1) -> None:
        """
        Args:
            model: the *.onnx, or a folder with one; its *.onnx.json lies beside it.
            speaker: name or number where the weights have several (default: the first); `Utterance.voice` may name
                another.

        Raises:
            MissingExtraError: eSpeak's library is not installed.
            EngineError: no such voice; the message names file and field.
            UsageError: a speaker that the weights do not have.
        """
        self._weights = look_at(Path(model))
        if self._weights.espeak:
            library().check(self._weights.espeak)
        self._session = _load(self._weights, threads)
        self._exact = len(self._session.get_outputs()) > 1
        self._lock = threading.Lock()
        self._speaker = self._named(speaker)
        self._digest = sha256(self._weights.model)[:12]

    @property
    def capabilities(self) -> Capabilities:
        weights = self._weights
        return Capabilities(
            "piper", (weights.language,), weights.rate, streaming=True, neural=True,
            version=f"{weights.model.stem} {self._digest}", timings=True,
        )  # fmt: skip

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        """Clause by clause: the first sound is there when the first clause is made.

        Raises:
            EngineError: a language the weights do not read, or the model failed.
            UsageError: a voice that is no speaker of the weights.
        """
        language = primary(utterance.language)
        if language != self._weights.language:
            raise EngineError(f"this voice reads {self._weights.language}, not {utterance.language!r}", code="language")
        speaker = self._named(utterance.voice) if utterance.voice else self._speaker
        return self._chunks(utterance.text, speaker, clamp_speed(utterance.rate))

    def _chunks(self, text: str, speaker: int, speed: float) -> Iterator[Audio]:
        weights = self._weights
        letters = not weights.espeak
        for found in _CLAUSE.finditer(text):
            clause = found[0]
            if not re.search(r"\w", clause):
                continue
            sounds = self._sounds(clause)
            samples, spans = self._made(sounds, speaker, speed)
            seconds = len(samples) / weights.rate
            timings = (
                placed(
                    clause, found.start(), sounds, (spans / weights.rate).tolist(), weights.language, letters=letters
                )
                if spans is not None
                else list(estimated(clause, seconds, weights.language, offset=found.start()))
            )
            pcm = samples.tobytes()
            for start in range(0, len(pcm), 2 * _CHUNK):
                yield Audio(pcm[start : start + 2 * _CHUNK], weights.rate, () if start else tuple(timings))

    def _sounds(self, clause: str) -> list[str]:
        """Sounds of a clause that the weights know: letters and signs of IPA one by one, blanks, marks."""
        weights = self._weights
        spoken = "".join(_MARKS.get(letter, letter) for letter in clause.strip())
        if weights.espeak:
            parts = re.split(r"([,.!?;:]+)(?=\s|$|[^\d\s])", spoken)
            spoken = ""
            for said, mark in zip(parts[::2], (*parts[1::2], ""), strict=False):
                ipa = re.sub(r"\([^)]*\)", "", library().phonemes(said, weights.espeak)) if said.strip() else ""
                spoken += ipa + mark[:1] + (" " if mark[:1] in tuple(",;:") else "")
        return [sign for sign in unicodedata.normalize("NFD", spoken.strip()) if sign in weights.numbers]

    def _made(
        self, sounds: Sequence[str], speaker: int, speed: float
    ) -> tuple[NDArray[np.int16], NDArray[np.float64] | None]:
        """16-bit samples, and with which of them each sound begins; None where the weights do not tell."""
        weights = self._weights
        pad = weights.numbers[_PAD]
        groups = [(*weights.numbers[sign], *pad) for sign in (_BEGIN, *sounds)] + [weights.numbers[_END]]
        ids = np.array([[number for group in groups for number in group]], np.int64)
        noise, length, width = weights.scales
        given: dict[str, NDArray[Any]] = {
            "input": ids,
            "input_lengths": np.array([ids.shape[1]], np.int64),
            "scales": np.array([noise, length / speed, width], np.float32),
        }
        if len(weights.speakers) > 1:
            given["sid"] = np.array([speaker], np.int64)
        try:
            with self._lock:
                made = self._session.run(None, given)
        except Exception as error:  # onnxruntime's own exceptions share no base
            raise EngineError(f"{weights.model.name} failed: {type(error).__name__}") from error
        sound = np.asarray(made[0], np.float32).reshape(-1)
        loudest = float(np.abs(sound).max(initial=0.0))
        samples = np.rint(sound * (_PEAK * 32767 / max(loudest, 0.01))).astype("<i2")
        if not self._exact:
            return samples, None
        each = np.asarray(made[1], np.float64).reshape(-1) * weights.hop
        ends = np.cumsum([len(group) for group in groups])
        if len(each) != ends[-1]:
            return samples, None
        return samples, np.cumsum(each)[ends - 1]

    def _named(self, speaker: str) -> int:
        known = self._weights.speakers
        if not speaker:
            return next(iter(known.values()), 0)
        if speaker in known:
            return known[speaker]
        if speaker.isdigit() and int(speaker) in known.values():
            return int(speaker)
        shown = ", ".join(list(known)[:20]) or "one, without a name"
        raise UsageError(f"speaker {speaker!r}: these weights have {shown}")


def look_at(place: Path) -> Weights:
    """What a file or folder holds. Raises EngineError naming the file and the field in it that is wrong."""
    models = sorted(place.glob("*.onnx")) if place.is_dir() else [place]
    if len(models) != 1 or not models[0].is_file():
        found = len(models) if place.is_dir() else 0
        raise EngineError(f"{place} holds {found} *.onnx, not one", code="bad_model")
    told = models[0].with_name(models[0].name + ".json")
    try:
        fields = json.loads(told.read_text("utf-8"))
    except FileNotFoundError:
        raise EngineError(f"{told} is missing: it says which sound has which number", code="bad_model") from None
    except (ValueError, OSError) as error:
        raise EngineError(f"{told} is no JSON: {error}", code="bad_model") from error
    if not isinstance(fields, dict):
        raise EngineError(f"{told} is no JSON object", code="bad_model")
    return _Reading(told, fields).weights(models[0])


@dataclass(frozen=True, slots=True)
class _Reading:
    path: Path
    fields: Mapping[str, Any]

    def weights(self, model: Path) -> Weights:
        kind = self.fields.get("phoneme_type", "espeak")
        if kind not in ("espeak", "text"):
            raise self._wrong("phoneme_type", kind, "'espeak' or 'text'; other ways from words to sounds are not read")
        rate = self._whole("audio", "sample_rate", least=8000, most=48000)
        voice = self._part("espeak", "voice")
        if not isinstance(voice, str) or not voice:
            raise self._wrong("espeak.voice", voice, "the name of eSpeak's voice, such as 'en-us'")
        language = _LANGUAGES.get(re.split(r"[-_]", voice)[0].lower())
        if language is None:
            raise self._wrong("espeak.voice", voice, "a voice of zh (cmn) or en")
        count = self._whole("num_speakers", least=1, most=100_000)
        speakers = self.fields.get("speaker_id_map") or {}
        if not isinstance(speakers, dict) or not all(isinstance(number, int) for number in speakers.values()):
            raise self._wrong("speaker_id_map", speakers, "names and numbers of speakers")
        if count > 1 and not speakers:
            speakers = {str(number): number for number in range(count)}
        hop = self._whole("hop_length", least=1, most=4096) if "hop_length" in self.fields else 256
        told = self.fields.get("inference") or {}
        noise, length, width = (self._scale(told, name) for name in _SCALES)
        return Weights(
            model, rate, language, voice if kind == "espeak" else "", self._numbers(), (noise, length, width),
            speakers if count > 1 else {}, hop,
        )  # fmt: skip

    def _numbers(self) -> dict[str, tuple[int, ...]]:
        given = self.fields.get("phoneme_id_map")
        if not isinstance(given, dict) or not given:
            raise self._wrong("phoneme_id_map", given, "a list of numbers for each sound")
        for sign, numbers in given.items():
            if not isinstance(numbers, list) or not numbers or not all(isinstance(one, int) for one in numbers):
                raise self._wrong(f"phoneme_id_map[{sign!r}]", numbers, "a list of numbers")
        missing = [sign for sign in (_PAD, _BEGIN, _END) if sign not in given]
        if missing:
            raise self._wrong("phoneme_id_map", sorted(given)[:5], f"sounds for {' '.join(missing)} too")
        return {sign: tuple(numbers) for sign, numbers in given.items()}

    def _scale(self, told: Any, name: str) -> float:
        value = told.get(name, _SCALES[name]) if isinstance(told, dict) else None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10:
            raise self._wrong(f"inference.{name}", value, "a number from 0 to 10")
        return float(value)

    def _part(self, *names: str) -> Any:
        value: Any = self.fields
        for name in names:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def _whole(self, *names: str, least: int, most: int) -> int:
        value = self._part(*names)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self._wrong(".".join(names), value, f"a whole number from {least} to {most}")
        return value

    def _wrong(self, field: str, value: Any, wanted: str) -> EngineError:
        return EngineError(f"{self.path}: {field} is {str(value)[:60]!r}; expected {wanted}", code="bad_model")


def _load(weights: Weights, threads: int) -> Any:
    session = open_session(weights.model, threads=threads)
    wanted = {"input", "input_lengths", "scales", *(["sid"] if len(weights.speakers) > 1 else [])}
    inputs = {item.name for item in session.get_inputs()}
    if inputs != wanted:
        told = f"its inputs are {', '.join(sorted(inputs))}; those of Piper are {', '.join(sorted(wanted))}"
        raise EngineError(f"{weights.model}: {told}", code="bad_model")
    return session
