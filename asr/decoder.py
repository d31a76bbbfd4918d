"""PocketSphinx's decoders: the weights of a language, the decoders that share them, and one decoder's searches.

What is read here is a whole utterance; huashu.asr.sphinx decides when. A decoder is lent to one thread at a time.
"""

import hashlib
import logging
import math
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import soxr  # type: ignore[import-untyped]

from huashu.asr.engine import Word
from huashu.asr.grammar import Network, Words, network, spoken_text
from huashu.asr.topic import arpa
from huashu.core.errors import EngineError
from huashu.core.expect import Expectation

log = logging.getLogger(__name__)

_NOISE = 10.0
"""Standard deviation, in 16-bit steps, of the noise put under 16 kHz sound. Sound that was raised from 8 kHz has
nothing above 4 kHz, and the logarithm of nothing swamps the rest (without: 203 of 272 prompts right, with: 214; with
cubic instead of band-limited raising as well: 223). Sound that comes raised already is taken back to 8 kHz first."""
_CENTRE = {"en": -1.8, "zh": -1.4}
_SLOPE = 3.0
"""Confidence is 1 / (1 + exp(-slope * (ratio - centre))), the ratio in nats a frame below the phone loop.

Measured with lists of 25 phrases on 60 prompts raised to 16 kHz (en) and 60 AISHELL-1 sentences at 8 kHz (zh): in the
list, 5 % lie below -1.83 (en) and -1.04 (zh); not in it, the median is -3.1 and -3.0, and 10 % lie above -1.74 and
-2.37. Dictation: the mean posterior of its words (correlation with the share of right words: 0.66 on 35 sentences).
"""
_FRAMES = 100
"""Frames a second (-frate)."""
_ANYTHING = "_default"
"""PocketSphinx's name of the search its decoder was made with."""
_TOPIC_CENTRE, _TOPIC_SLOPE = 0.2, 8.0
"""The same of a topic, the ratio in nats a frame over dictation (J. Rose and D. Paul, 1990: keywords against fillers):
of announcements in the voices of flite half lie above 0.46 and a quarter below 0.21; of people who say something else,
one in twenty lies above 0.2. A topic of few words is more easily better."""
_UNSURE = 0.4
"""Posterior below which a word of a topic is left out: a vocabulary of some hundred words finds one for any sound."""
_ACOUSTIC = ("feat.params", "means", "transition_matrices", "variances")
"""Files of an acoustic model, besides mdef and its weights."""
_SHIFT = 1024
"""PocketSphinx divides its log likelihoods by this (SENSCR_SHIFT 10) in what `hyp` gives."""


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    confidence: float
    words: tuple[Word, ...] = ()
    score: float = 0.0
    """Of dictation and topics: log likelihood a frame, in nats; what two models make of one sound can be compared."""
    freely: "Reading | None" = None
    """Of a topic: what dictation makes of the same sound."""


@dataclass(frozen=True)
class Topic:
    """Samples of what is talked about: see huashu.asr.topic."""

    lines: tuple[str, ...]

    @cached_property
    def key(self) -> str:
        return "topic-" + hashlib.sha256("\n".join(self.lines).encode()).hexdigest()


@dataclass(frozen=True)
class Model:
    """Where one language's weights lie and how its words are written."""

    language: str
    rate: int
    hmm: str
    dictionary: str
    lm: str | None = None

    @cached_property
    def words(self) -> frozenset[str]:
        with open(self.dictionary, encoding="utf-8") as lines:
            heads = (line.split(maxsplit=1)[0] for line in lines if line.strip())
            return frozenset(head for head in heads if not head.endswith(")"))

    def split(self, text: str) -> Words | None:
        """The words of a phrase as the dictionary has them; () for a text without words, None for an unknown word.

        Chinese is cut by longest match from the left: its dictionary has every common character alone as well.
        """
        said = spoken_text(text, self.language)
        if self.language != "zh":
            words = tuple(said.split())
            return words if all(word in self.words for word in words) else None
        cut = []
        start = 0
        while start < len(said):
            for end in range(min(len(said), start + 8), start, -1):
                if said[start:end] in self.words:
                    break
            else:
                return None
            cut.append(said[start:end])
            start = end
        return tuple(cut)

    def join(self, words: Sequence[str]) -> str:
        return ("" if self.language == "zh" else " ").join(words)

    def prepare(self, pcm: bytes, rate: int) -> bytes:
        """Sound at the model's rate; the same bytes in, the same bytes out."""
        sound = np.frombuffer(pcm, np.int16).astype(np.float32)
        if rate == self.rate == 16000 and _narrow(sound):
            sound = soxr.resample(sound, rate, 8000, quality="HQ")
            rate = 8000
        if rate != self.rate:
            sound = soxr.resample(sound, rate, self.rate, quality="QQ" if rate < self.rate else "HQ")
        if self.rate == 16000:
            sound = sound + np.random.default_rng(0).normal(0.0, _NOISE, len(sound)).astype(np.float32)
        return np.clip(sound, -32768, 32767).astype(np.int16).tobytes()


def english() -> Model:
    from pocketsphinx import get_model_path  # type: ignore[import-untyped]

    lm = get_model_path("en-us/en-us.lm.bin")
    return Model("en", 16000, get_model_path("en-us/en-us"), get_model_path("en-us/cmudict-en-us.dict"), lm)


def mandarin(folder: Path) -> Model:
    dictionaries = sorted(folder.glob("*.dic"))
    if not (folder / "hmm" / "mdef").is_file() or len(dictionaries) != 1:
        raise EngineError(
            f"{folder} is no PocketSphinx model: it must hold hmm/mdef and one *.dic, "
            f"and has {len(dictionaries)} *.dic",
            code="bad_model",
        )
    missing = [name for name in _ACOUSTIC if not (folder / "hmm" / name).is_file()]
    if not any((folder / "hmm" / name).is_file() for name in ("sendump", "mixture_weights")):
        missing.append("sendump")
    if missing:
        raise EngineError(f"{folder / 'hmm'} has no {', '.join(missing)}: the model is not whole", code="bad_model")
    return Model("zh", 8000, str(folder / "hmm"), str(dictionaries[0]))


class Pool:
    """The decoders of one language: made when first needed, lent one at a time, at most `most` of them."""

    def __init__(self, model: Model, most: int, grammars: int) -> None:
        self.model = model
        self._grammars = grammars
        self._free: list[Decoder] = []
        self._allowed = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._networks: OrderedDict[Expectation, Network | None] = OrderedDict()

    @contextmanager
    def decoder(self) -> Iterator["Decoder"]:
        with self._allowed:
            with self._lock:
                lent = self._free.pop() if self._free else None
            if lent is None:
                lent = Decoder(self.model, self._grammars)
            try:
                yield lent
            finally:
                with self._lock:
                    self._free.append(lent)

    def network(self, expect: Expectation) -> Network | None:
        with self._lock:
            if expect in self._networks:
                self._networks.move_to_end(expect)
                return self._networks[expect]
        built = network(expect, self.model.language, self.model.split)
        if built is not None and built.skipped:
            log.info("step %s: %d phrases have words unknown to pocketsphinx", expect.step, built.skipped)
        with self._lock:
            self._networks[expect] = built
            while len(self._networks) > 4 * self._grammars:
                self._networks.popitem(last=False)
        return built


class Decoder:
    """One PocketSphinx decoder with the searches it has built. Used by one thread at a time."""

    def __init__(self, model: Model, grammars: int) -> None:
        self._model = model
        self._most = grammars
        self._built: OrderedDict[str, None] = OrderedDict()
        self._dictator: Any = None
        self._topics: set[str] = set()
        # Beams wider than the default, and no second pass over the word lattice: with the default beams and the second
        # pass 34 of 46 Mandarin sentences came whole, without it 42, with wider beams too 46; it drops last words.
        self._decoder = self._load(bestpath=False, beam=1e-60, pbeam=1e-60, wbeam=1e-40)
        self._decoder.add_allphone_file("phones", None)

    def _load(self, **options: Any) -> Any:
        import pocketsphinx

        model = self._model
        fft = 512 if model.rate > 8000 else 256
        try:
            return pocketsphinx.Decoder(
                hmm=model.hmm,
                dict=model.dictionary,
                samprate=model.rate,
                nfft=fft,
                cmn="batch",
                loglevel="FATAL",
                **{"lm": None, **options},
            )
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"pocketsphinx cannot load {model.hmm}: {error}") from error

    def prepare(self, net: Network | Topic | None) -> None:
        """Make the network or topic the search in force, building it unless it is kept; None: load dictation."""
        if net is None or isinstance(net, Topic):
            if self._dictator is None:  # its own decoder: here the second pass helps, and gives word posteriors
                self._dictator = self._load(lm=self._model.lm)
            if net is not None:
                self._prepare_topic(net)
            return
        if net.key not in self._built:
            arcs = [arc if arc[3] else arc[:3] for arc in net.arcs]
            try:
                self._decoder.add_fsg(net.key, self._decoder.create_fsg(net.key, 0, 1, arcs))
            except (RuntimeError, ValueError) as error:
                raise EngineError(f"pocketsphinx refuses a network of {len(arcs)} arcs: {error}") from error
            self._built[net.key] = None
        self._built.move_to_end(net.key)
        self._decoder.activate_search(net.key)
        while len(self._built) > self._most:
            oldest, _ = self._built.popitem(last=False)
            self._decoder.remove_search(oldest)

    def _prepare_topic(self, topic: Topic) -> None:
        if topic.key not in self._topics:
            written = arpa(topic.lines, self._model.words.__contains__)
            if written is None:
                raise EngineError(f"none of {len(topic.lines)} samples of a topic has only words that are known")
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "topic.arpa")
                path.write_text(written, encoding="utf-8")
                self._dictator.add_lm_file(topic.key, str(path))
            self._topics.add(topic.key)
        self._dictator.activate_search(topic.key)

    def network(self, net: Network, sound: bytes, *, judged: bool = True) -> Reading:
        """The best path; its confidence only if `judged`, which costs as much again."""
        self.prepare(net)
        hypothesis = _decode(self._decoder, sound)
        if hypothesis is None or not hypothesis.hypstr:
            return Reading("", 0.0)
        text = self._text(hypothesis.hypstr)
        if not judged:
            return Reading(text, 0.5)
        words = tuple(self._words(self._decoder))
        score = math.log(hypothesis.score)
        frames = max(1, self._decoder.n_frames())
        self._decoder.activate_search("phones")
        loop = _decode(self._decoder, sound)
        below = (score - math.log(loop.score)) * _SHIFT / frames if loop is not None else -9.0
        centre = _CENTRE[self._model.language]
        return Reading(text, 1.0 / (1.0 + math.exp(min(50.0, -_SLOPE * (below - centre)))), words)

    def topic(self, topic: Topic, sound: bytes) -> Reading:
        """What it says if it is about the topic, and the confidence that it is."""
        freely = self.dictation(sound)
        reading = self.dictation(sound, topic)
        if not reading.score or not freely.score:
            return Reading("", 0.0, freely=freely)
        better = _TOPIC_SLOPE * (reading.score - freely.score - _TOPIC_CENTRE)
        return Reading(reading.text, 1.0 / (1.0 + math.exp(max(-50.0, min(50.0, -better)))), freely=freely)

    def dictation(self, sound: bytes, topic: Topic | None = None) -> Reading:
        """Words in the order of the language, or of the topic."""
        self.prepare(topic)
        if topic is None:
            self._dictator.activate_search(_ANYTHING)
        hypothesis = _decode(self._dictator, sound)
        if hypothesis is None or not hypothesis.hypstr or hypothesis.score <= 0.0:
            return Reading("", 0.0)
        chances = [(part.word, part.prob) for part in self._dictator.seg() if not part.word.startswith(("<", "["))]
        confidence = sum(chance for _, chance in chances) / len(chances) if chances else 0.0
        score = math.log(hypothesis.score) * _SHIFT / max(1, self._dictator.n_frames())
        sure = " ".join(word for word, chance in chances if topic is None or chance >= _UNSURE)
        words = tuple(self._words(self._dictator))
        return Reading(self._text(sure), min(1.0, max(0.0, confidence)), words, score)

    def _words(self, decoder: Any) -> Iterator[Word]:
        """Of the last hypothesis, with its fillers left out."""
        for part in decoder.seg():
            if not part.word.startswith(("<", "[", "(")):
                text = re.sub(r"\(\d+\)", "", part.word)
                yield Word(text, part.start_frame / _FRAMES, (part.end_frame + 1) / _FRAMES)

    def _text(self, hypothesis: str) -> str:
        return self._model.join(re.sub(r"\(\d+\)", "", hypothesis).split())


def _narrow(sound: np.ndarray) -> bool:
    """Whether 16 kHz sound was raised from 8 kHz: nothing lies above 4.5 kHz (less than a 100,000th of the power)."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    return bool(power[len(power) * 9 // 16 :].sum() < 1e-5 * power.sum())


def _decode(decoder: Any, sound: bytes) -> Any:
    """The hypothesis for one whole utterance, or None."""
    decoder.start_utt()
    try:
        decoder.process_raw(sound, False, True)
    finally:
        decoder.end_utt()
    return decoder.hyp()
