"""Whisper through faster-whisper's CTranslate2 (extra `whisper`): free speech in many languages, on this machine.

Utterances that wait at the same time are read in one batch. The open question is the bias: its likely phrases stand in
front of the decoder as if they had just been said. What Whisper makes of noise is refused by its own signs: the chance
that nobody spoke, a low mean log probability, text that repeats itself (A. Radford et al., 2022, section 4.5).
"""

import json
import logging
import math
import queue
import struct
import threading
import zlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from huashu.asr.batch import BatchStream, Finding, Sound
from huashu.asr.engine import Capabilities, Word
from huashu.asr.word_times import timed
from huashu.core.errors import EngineError, MissingExtraError, OverloadedError, UsageError
from huashu.core.events import Alternative, Heard
from huashu.core.expect import Expectation
from huashu.core.language import primary

log = logging.getLogger(__name__)

RATE: Final = 16000
NO_SPEECH, UNLIKELY, REPEATED = 0.6, -1.0, 2.4
"""Above this chance of no speech, with a mean log probability below that, nobody spoke; and a text that compresses
better than this repeats itself: the thresholds of Whisper's own decoding."""
QUEUE: Final = 64
"""Utterances that may wait; one more is refused instead of being late."""
MOST_BIAS: Final = 60
"""Tokens of likely phrases put in front."""
TOKENS_A_SECOND, TOKENS_AT_LEAST = 12, 8
"""Nobody speaks faster: what would be longer is invented."""
ENGLISH_END: Final = 50256
"""Number of <|endoftext|> in the vocabulary of the weights for English alone."""
PARTIAL_BEAM: Final = 1
HOP: Final = 160
"""Samples between two frames of features; two of them are one of the encoder's."""
FRAMES_A_SECOND: Final = RATE / HOP / 2
MOST_ALIGNED: Final = 220
"""Tokens of a text whose times are looked for: half of the decoder's places, as many as one reading has."""
_PREFACE: Final = {"zh": "以下是普通话的电话对话。"}
"""Keeps Chinese in simplified characters and with Chinese marks."""


class WhisperRecogniser:
    """One loaded model for any number of threads. Languages: zh and en, or what the weights were made for."""

    def __init__(
        self,
        model: str | Path,
        *,
        rate: int = 8000,
        device: str = "auto",
        compute: str = "default",
        threads: int = 0,
        beam: int = 5,
        best: int = 3,
        batch: int = 8,
    ) -> None:
        """
        Args:
            model: folder of weights converted for CTranslate2: model.bin, config.json, tokenizer.json.
            rate: of the sound that will be given, 8000 or 16000.
            compute: CTranslate2's compute type ("int8" halves the time on most processors).
            threads: of a batch; 0: CTranslate2's choice.
            beam: hypotheses of a final reading; partials are read greedily.
            best: readings told, the first and its alternatives; at most `beam`.
            batch: utterances read together at most.

        Raises:
            UsageError: a number out of range.
            MissingExtraError: faster-whisper is not installed.
            EngineError: the folder holds no such weights; the message names the file and what is wrong in it.
        """
        if rate not in (8000, 16000):
            raise UsageError(f"rate must be 8000 or 16000 samples a second, not {rate}")
        if not 1 <= best <= beam or batch < 1:
            raise UsageError(f"1 <= best <= beam and batch >= 1 are wanted, not {best}, {beam} and {batch}")
        check_weights(Path(model))
        self._rate = rate
        self._engine = _Engine(Path(model), device, compute, threads)
        self._reader = _Reader(_Batches(self._engine, batch), self._engine, beam, best)

    @property
    def capabilities(self) -> Capabilities:
        languages = ("zh", "en") if self._engine.multilingual else ("en",)
        return Capabilities("whisper", languages, self._rate, streaming=True, hot_words=True, word_times=True)

    def stream(self, expect: Expectation, language: str) -> BatchStream:
        """Raises EngineError: a language the weights do not know."""
        tag = primary(language)
        if not self._engine.knows(tag):
            raise EngineError(f"these weights do not know {language!r}", code="language")
        return BatchStream(self._reader, expect, tag, self._rate)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        """One second of silence is read, so that the first caller does not wait for the processor's caches."""
        self._reader.read(np.zeros(RATE, np.float32), Expectation(step=""), "en", final=False)


def check_weights(folder: Path) -> None:
    """Raises EngineError when the folder does not hold Whisper weights of CTranslate2, naming file and field."""
    for name in ("model.bin", "config.json", "tokenizer.json"):
        if not (folder / name).is_file():
            raise EngineError(f"{folder} has no {name}: these are no Whisper weights of CTranslate2", code="bad_model")
    with (folder / "model.bin").open("rb") as file:
        head = file.read(64)
    try:
        version, length = struct.unpack_from("<IH", head)
        spec = head[6 : 6 + length].rstrip(b"\0").decode("ascii")
    except (struct.error, UnicodeDecodeError):
        version, spec = 0, "none"
    if spec != "WhisperSpec":
        raise EngineError(f"{folder / 'model.bin'}: specification {spec[:40]!r}, not 'WhisperSpec'", code="bad_model")
    for name in ("config.json", "tokenizer.json"):
        try:
            json.loads((folder / name).read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            raise EngineError(f"{folder / name} is no JSON: {error}", code="bad_model") from error
    log.debug("whisper weights in format %d", version)


class _Engine:
    """Weights, tokens and features. Reading batches is thread-safe in CTranslate2."""

    def __init__(self, folder: Path, device: str, compute: str, threads: int) -> None:
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise MissingExtraError("Whisper needs faster-whisper: pip install 'huashu[whisper]'") from error
        try:
            loaded: Any = WhisperModel(
                str(folder), device=device, compute_type=compute, cpu_threads=threads, local_files_only=True
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise EngineError(f"{folder} cannot be loaded: {error}", code="bad_model") from error
        self._model = loaded.model
        self._tokens = loaded.hf_tokenizer
        self._features = loaded.feature_extractor
        self.multilingual = self._token("<|endoftext|>") != ENGLISH_END
        self._start = self._token("<|startoftranscript|>")
        self._previous = self._tokens.token_to_id("<|startofprev|>")
        self._plain = self._token("<|notimestamps|>")
        self._first_special = min(self._start, self._token("<|endoftext|>"))

    def knows(self, language: str) -> bool:
        return language == "en" or (self.multilingual and self._tokens.token_to_id(f"<|{language}|>") is not None)

    def prompt(self, expect: Expectation, language: str) -> list[int]:
        """The likely phrases as if they had been said, then what is to be done."""
        likely = [form for choice in expect.choices for form in choice.spoken[:1]] + list(expect.phrases)
        words = _PREFACE.get(language, "") + ("，" if language == "zh" else ", ").join(dict.fromkeys(likely))
        head: list[int] = []
        if words and self._previous is not None:
            head = [self._previous, *self._tokens.encode(words, add_special_tokens=False).ids[:MOST_BIAS]]
        return [*head, *self._todo(language), self._plain]

    def features(self, sound: Sound) -> Any:
        """(mels, frames) of the 30 s that Whisper reads, silence behind the utterance."""
        found = self._features(sound, padding=self._features.n_samples - len(sound))
        return np.ascontiguousarray(found[:, : self._features.nb_max_frames])

    def generate(
        self, features: Sequence[Any], prompts: Sequence[list[int]], beam: int, best: int, most: int
    ) -> list[Any]:
        """most: tokens of a reading, at most."""
        from ctranslate2 import StorageView

        view = StorageView.from_array(np.ascontiguousarray(np.stack(features)))
        found: list[Any] = self._model.generate(
            view,
            list(prompts),
            beam_size=beam,
            num_hypotheses=best,
            max_length=most + max(map(len, prompts)),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return found

    def align(self, sound: Sound, told: Sequence[int], language: str) -> tuple[list[str], list[float], float]:
        """Pieces of a reading's tokens, the second at which each begins, and the one at which the last ends."""
        from ctranslate2 import StorageView

        tokens = [token for token in told if token < self._first_special][:MOST_ALIGNED]
        view = StorageView.from_array(np.ascontiguousarray(self.features(sound)[None]))
        (found,) = self._model.align(view, self._todo(language), [tokens], math.ceil(len(sound) / HOP))
        path = np.asarray(found.alignments, np.int64).reshape(-1, 2)
        steps = np.flatnonzero(np.diff(path[:, 0], prepend=-1))
        begins = (np.maximum(path[steps, 1], 0) / FRAMES_A_SECOND).tolist()
        pieces, at, waiting = [], [], list[int]()
        for token, begin in zip(tokens, begins, strict=False):
            if not waiting:
                at.append(begin)
            waiting.append(token)
            piece: str = self._tokens.decode(waiting)
            if not piece.endswith("\ufffd"):  # else a character of which more bytes follow
                pieces.append(piece)
                waiting = []
        return pieces, at[: len(pieces)], begins[len(tokens)] if len(begins) > len(tokens) else len(sound) / RATE

    def _todo(self, language: str) -> list[int]:
        spoken = [self._token(f"<|{language}|>"), self._token("<|transcribe|>")] if self.multilingual else []
        return [self._start, *spoken]

    def text(self, tokens: Sequence[int]) -> str:
        plain = [token for token in tokens if token < self._first_special]
        text: str = self._tokens.decode(plain)
        return text.strip()

    def _token(self, name: str) -> int:
        found = self._tokens.token_to_id(name)
        if found is None:
            raise EngineError(f"tokenizer.json has no {name}: it is not Whisper's", code="bad_model")
        return int(found)


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    features: Any
    prompt: list[int]
    beam: int
    best: int
    most: int
    answer: "Future[Any]"

    @property
    def kind(self) -> tuple[int, int, int]:
        """Jobs of one kind fit into one batch."""
        return len(self.prompt), self.beam, self.best


class _Batches:
    """One thread that reads what waits, as many at a time as fit together."""

    def __init__(self, engine: _Engine, most: int) -> None:
        self._engine = engine
        self._most = most
        self._waiting: queue.Queue[_Job] = queue.Queue(QUEUE)
        threading.Thread(target=self._work, name="huashu-whisper", daemon=True).start()

    def read(self, features: Any, prompt: list[int], beam: int, best: int, most: int) -> Any:
        """Raises OverloadedError: so many wait already that this one would be too late; EngineError: reading failed."""
        answer: Future[Any] = Future()
        try:
            self._waiting.put_nowait(_Job(features, prompt, beam, best, most, answer))
        except queue.Full:
            raise OverloadedError(f"{QUEUE} utterances wait for Whisper already") from None
        return answer.result()

    def _work(self) -> None:
        left: list[_Job] = []
        while True:
            jobs = left or [self._waiting.get()]
            while len(jobs) < QUEUE:
                try:
                    jobs.append(self._waiting.get_nowait())
                except queue.Empty:
                    break
            fit = [job for job in jobs if job.kind == jobs[0].kind][: self._most]
            left = [job for job in jobs if job not in fit]
            self._answer(fit)

    def _answer(self, jobs: list[_Job]) -> None:
        try:
            first = jobs[0]
            found = self._engine.generate(
                [job.features for job in jobs],
                [job.prompt for job in jobs],
                first.beam,
                first.best,
                max(job.most for job in jobs),
            )
        except Exception as error:  # this thread serves every caller: whatever fails, it goes on and they are told
            for job in jobs:
                job.answer.set_exception(EngineError(f"Whisper failed: {error}"))
            return
        for job, result in zip(jobs, found, strict=True):
            job.answer.set_result(result)


class _Reader:
    """See huashu.asr.batch.Reader."""

    rate = RATE

    def __init__(self, batches: _Batches, engine: _Engine, beam: int, best: int) -> None:
        self._batches = batches
        self._engine = engine
        self._beam = beam
        self._best = best

    def read(self, sound: Sound, expect: Expectation, language: str, *, final: bool) -> Heard:
        return self._read(sound, expect, language, final=final)[0]

    def aligning(self, sound: Sound, expect: Expectation, language: str) -> tuple[Heard, Finding]:
        heard, tokens = self._read(sound, expect, language, final=True)
        return heard, (lambda: self._words(sound, tokens, language)) if heard.text else tuple

    def _read(self, sound: Sound, expect: Expectation, language: str, *, final: bool) -> tuple[Heard, Sequence[int]]:
        """The reading, and the tokens of its first text."""
        beam, best = (self._beam, self._best) if final else (PARTIAL_BEAM, 1)
        most = TOKENS_AT_LEAST + round(TOKENS_A_SECOND * len(sound) / RATE)
        prompt = self._engine.prompt(expect, language)
        result = self._batches.read(self._engine.features(sound), prompt, beam, best, most)
        readings: dict[str, float] = {}
        first: Sequence[int] = ()
        for tokens, score in zip(result.sequences_ids, result.scores, strict=True):
            text = self._engine.text(tokens)
            nobody = result.no_speech_prob > NO_SPEECH and score < UNLIKELY
            if text and not nobody and not _repeats(text):
                first = first or tokens
                readings.setdefault(text, min(1.0, math.exp(score)))
        if not readings:
            return Heard("", final=final, confidence=0.0, language=language), ()
        (text, sure), *others = readings.items()
        alternatives = tuple(Alternative(other, round(share, 3)) for other, share in others)
        heard = Heard(text, final=final, confidence=round(sure, 3), alternatives=alternatives, language=language)
        return heard, first

    def _words(self, sound: Sound, tokens: Sequence[int], language: str) -> tuple[Word, ...]:
        """By where the decoder looks in the sound while it writes the text (dynamic time warping of its attention);
        nothing from weights whose config.json names no heads to look at (`alignment_heads`)."""
        try:
            return timed(*self._engine.align(sound, tokens, language))
        except (RuntimeError, ValueError) as error:
            log.warning("whisper: no times of words from these weights (%s)", type(error).__name__)
            return ()


def _repeats(text: str) -> bool:
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw)) > REPEATED
