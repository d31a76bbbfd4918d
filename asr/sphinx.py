"""PocketSphinx: English dictation and word networks (model in the package), Mandarin word networks (model given).

A small recogniser for closed questions that needs no download and no accelerator: what it knows of the step (the
Expectation) is its strength. One utterance is decoded as a whole, again and again while it grows (partials) and once at
its end: cepstral means over the whole utterance read 8 kHz telephone sound far better than running means do (on 272
prompts of 8 kHz: 203 right against 73), and no decoder is held between two calls of a stream, so a few decoders serve
many callers. The time between partials grows with the utterance, which bounds their cost to a few times the final's.

Sound that is in no phrase: the best path through the network is compared with the best path through a free loop of
phones (H. Bourlard et al., 1994: garbage modelling by the local best phones). The difference per frame becomes the
confidence; below `reject` English falls back to dictation, Mandarin answers with no words.
"""

import logging
import math
import re
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

from huashu.asr.engine import Capabilities
from huashu.asr.grammar import Network, Words, network, spoken_text
from huashu.core.errors import EngineError, LimitError, UsageError
from huashu.core.events import Heard
from huashu.core.expect import Expectation

log = logging.getLogger(__name__)

LONGEST = 60.0
"""Seconds of one utterance; sound after that is refused, what came before is still read."""
_SHORTEST = 0.1
"""Seconds below which there can be no word."""
_FIRST_PARTIAL = 0.4
_PAUSE, _LONGER_PAUSE = 0.1, 0.24
"""Seconds of quiet after which everything is read as if it were over: the first where much is new since the last such
reading (a quarter of the utterance), else the second. If nothing but quiet follows, that reading is the final one."""
_USUAL_END = 0.5
"""Seconds of quiet an utterance ends with."""
_OVER_FLOOR, _UNDER_LOUDEST = 3.0, 20.0
"""Quiet is what stays below so many times the utterance's quietest tenth, and so many times below its loudest 20 ms: on
a line where the two leave no room between them, nothing is quiet and all is read at the end."""
_QUIET = 40.0
"""Loudness (root mean square, 16-bit steps; -58 dBFS) that no 20 ms of an utterance reaches: nobody spoke. The phone
loop cannot tell: the cepstral mean makes any steady hiss look like speech."""
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
_SHIFT = 1024
"""PocketSphinx divides its log likelihoods by this (SENSCR_SHIFT 10) in what `hyp` gives."""


class SphinxRecogniser:
    """Capabilities: en always; zh with `model`. One object serves any number of threads."""

    def __init__(
        self,
        model: str | Path | None = None,
        *,
        rate: int = 16000,
        decoders: int = 2,
        grammars: int = 64,
        reject: float = 0.2,
        dictation: bool = True,
    ) -> None:
        """
        Args:
            model: folder with `hmm/` and one `*.dic`: Mandarin, trained on 8 kHz sound.
            rate: of the sound that will be given, 8000 or 16000. For a telephone line give 8000.
            decoders: at most so many per language at work at once (about 30 MB each); further callers wait.
            grammars: built networks kept per decoder, the least used dropped first.
            reject: confidence below which words from a network are not believed, 0 to 1.
            dictation: whether English outside the network is written down freely (5 times as slow as a network).

        Raises:
            UsageError: a number out of range.
            EngineError: `model` is no such folder.
        """
        if rate not in (8000, 16000):
            raise UsageError(f"rate must be 8000 or 16000 samples a second, not {rate}")
        if decoders < 1 or grammars < 1:
            raise UsageError(f"decoders and grammars must be at least 1, not {decoders} and {grammars}")
        if not 0.0 <= reject <= 1.0:
            raise UsageError(f"reject must be a confidence from 0 to 1, not {reject}")
        self._rate = rate
        self._reject = reject
        self._dictation = dictation
        self._models = {"en": _Pool(_english(), decoders, grammars)}
        if model is not None:
            self._models["zh"] = _Pool(_mandarin(Path(model)), decoders, grammars)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name="pocketsphinx",
            languages=tuple(self._models),
            rate=self._rate,
            streaming=True,
            grammar=True,
            dictation=self._dictation,
        )

    def stream(self, expect: Expectation, language: str) -> "SphinxStream":
        """Raises EngineError: a language without a model, or nothing to listen for where only networks work."""
        pool, net = self._plan(expect, language)
        return SphinxStream(pool, net, self._rate, self._reject, self._dictation)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        """Load the models and build the networks of these steps, in one decoder of each language.

        Steps that cannot be served (another language, nothing to list) are left out and counted in the log.
        """
        left_out = 0
        for expect in expectations:
            try:
                pool, net = self._plan(expect, expect.language)
            except EngineError:
                left_out += 1
                continue
            with pool.decoder() as decoder:
                decoder.prepare(net)
        if left_out:
            log.info("pocketsphinx: %d of %d steps cannot be prepared", left_out, len(expectations))

    def _plan(self, expect: Expectation, language: str) -> tuple["_Pool", Network | None]:
        tag = language.split("-")[0].lower()
        pool = self._models.get(tag)
        if pool is None and tag == "zh":
            raise EngineError(
                "pocketsphinx has no Mandarin model inside: give its folder (hmm/ and *.dic) as model=…, "
                "or fetch one with `huashu models pull pocketsphinx-zh-tdt-8k`",
                code="no_model",
            )
        if pool is None:
            raise EngineError(
                f"pocketsphinx does not know {language!r}; it knows: {', '.join(self._models)}", code="language"
            )
        net = pool.network(expect)
        if net is None and not (pool.model.lm and self._dictation):
            raise EngineError(
                f"step {expect.step!r}: pocketsphinx hears only listed words in {tag!r}, and this step lists none",
                code="no_grammar",
            )
        return pool, net


class SphinxStream:
    """One utterance; see huashu.asr.engine.Stream."""

    def __init__(self, pool: "_Pool", net: Network | None, rate: int, reject: float, dictation: bool) -> None:
        self._pool = pool
        self._net = net
        self._reject = reject
        self._dictation = dictation and pool.model.lm is not None
        self._bytes_a_second = rate * 2
        self._rate = rate
        self._sound = bytearray()
        self._said = ""
        self._next = _FIRST_PARTIAL
        self._done = False
        self._levels: list[float] = []
        self._early = _Reading("", 0.0)
        """What was read at the last pause, as if it were the end …"""
        self._read_upto = 0.0
        """… of so many seconds …"""
        self._sure = False
        """… and whether nothing is to be added to that reading."""

    def accept(self, pcm: bytes) -> Heard | None:
        """Raises:
        LimitError: more than `LONGEST` seconds; `finish` still reads what came before.
        UsageError: the stream is used up, or a sample is cut in half.
        """
        self._check_open()
        if len(pcm) % 2:
            raise UsageError(f"16-bit sound has an even number of bytes, not {len(pcm)}")
        if len(self._sound) + len(pcm) > LONGEST * self._bytes_a_second:
            raise LimitError(f"an utterance is at most {LONGEST:g} s long")
        self._sound += pcm
        length = len(self._sound) / self._bytes_a_second
        if self._pauses(length):
            text = self._early.text
        elif length >= self._next:
            text = self._read(self._net, partial=True).text
        else:
            return None
        self._next = max(length + 0.25, length * (1.4 if self._net else 1.8))
        if text == self._said:
            return None
        self._said = text
        return Heard(text, final=False, confidence=0.5, language=self._pool.model.language)

    def finish(self) -> Heard:
        self._check_open()
        self._done = True
        language = self._pool.model.language
        if len(self._sound) < _SHORTEST * self._bytes_a_second:
            return Heard("", confidence=0.0, language=language)
        if not self._sure or self._loud_until() > self._read_upto:
            self._early = self._believed(self._read(self._net))
        self._sound.clear()
        return Heard(self._early.text, confidence=round(self._early.confidence, 3), language=language)

    def _pauses(self, length: float) -> bool:
        """Read a pause as the end of the utterance; whether that was done now.

        Words the network is not sure of are looked at again by dictation only when the pause has become a longer one.
        """
        loud = self._loud_until()
        fresh = loud > self._read_upto
        soon = fresh and self._net is not None and length >= 1.25 * self._read_upto
        quiet = length - loud
        if not (fresh or not self._sure) or not loud or quiet < (_PAUSE if soon else _LONGER_PAUSE):
            return False
        tail = bytes(self._sound[-round(quiet * self._rate) * 2 :])
        more = tail * math.ceil(_USUAL_END / quiet)  # as if the quiet had gone on as usual: the means depend on it
        if fresh:
            self._early, self._read_upto = self._read(self._net, more=more), length
            self._sure = self._net is None or self._early.confidence >= self._reject
        else:
            self._early, self._sure = self._believed(self._early, more=more), True
        return True

    def _believed(self, reading: "_Reading", *, more: bytes = b"") -> "_Reading":
        """A final reading, by dictation (or none) where the network's words are not to be believed."""
        if self._net is None or reading.confidence >= self._reject:
            return reading
        return self._read(None, more=more) if self._dictation else _Reading("", reading.confidence)

    def _loud_until(self) -> float:
        """Second of the utterance at which its last sound over the noise ends; 0 when there was none."""
        frame = self._rate // 50
        fresh = np.frombuffer(self._sound, np.int16)[len(self._levels) * frame :].astype(np.float32)
        fresh = fresh[: len(fresh) // frame * frame].reshape(-1, frame)
        self._levels.extend(np.sqrt(np.mean(fresh**2, axis=1)).tolist())
        if not self._levels:
            return 0.0
        levels = np.asarray(self._levels)
        quiet = min(_OVER_FLOOR * float(np.percentile(levels, 10)), float(levels.max()) / _UNDER_LOUDEST)
        loud = np.flatnonzero(levels > max(_QUIET, quiet))
        return float(loud[-1] + 1) / 50 if len(loud) else 0.0

    def _read(self, net: Network | None, *, partial: bool = False, more: bytes = b"") -> "_Reading":
        if _loudest(self._sound, self._rate) < _QUIET:
            return _Reading("", 0.0)
        sound = self._pool.model.prepare(bytes(self._sound) + more, self._rate)
        with self._pool.decoder() as decoder:
            if net is None:
                return decoder.dictation(sound)
            return decoder.network(net, sound, judged=not partial)

    def _check_open(self) -> None:
        if self._done:
            raise UsageError("the stream is used up: start another for the next utterance")


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    confidence: float


@dataclass(frozen=True)
class _Model:
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


def _english() -> _Model:
    from pocketsphinx import get_model_path  # type: ignore[import-untyped]

    lm = get_model_path("en-us/en-us.lm.bin")
    return _Model("en", 16000, get_model_path("en-us/en-us"), get_model_path("en-us/cmudict-en-us.dict"), lm)


def _mandarin(folder: Path) -> _Model:
    dictionaries = sorted(folder.glob("*.dic"))
    if not (folder / "hmm" / "mdef").is_file() or len(dictionaries) != 1:
        raise EngineError(
            f"{folder} is no PocketSphinx model: it must hold hmm/mdef and one *.dic, "
            f"and has {len(dictionaries)} *.dic",
            code="bad_model",
        )
    return _Model("zh", 8000, str(folder / "hmm"), str(dictionaries[0]))


class _Pool:
    """The decoders of one language: made when first needed, lent one at a time, at most `most` of them."""

    def __init__(self, model: _Model, most: int, grammars: int) -> None:
        self.model = model
        self._grammars = grammars
        self._free: list[_Decoder] = []
        self._allowed = threading.BoundedSemaphore(most)
        self._lock = threading.Lock()
        self._networks: OrderedDict[Expectation, Network | None] = OrderedDict()

    @contextmanager
    def decoder(self) -> Iterator["_Decoder"]:
        with self._allowed:
            with self._lock:
                lent = self._free.pop() if self._free else None
            if lent is None:
                lent = _Decoder(self.model, self._grammars)
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


class _Decoder:
    """One PocketSphinx decoder with the searches it has built. Used by one thread at a time."""

    def __init__(self, model: _Model, grammars: int) -> None:
        self._model = model
        self._most = grammars
        self._built: OrderedDict[str, None] = OrderedDict()
        self._dictator: Any = None
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

    def prepare(self, net: Network | None) -> None:
        """Make the network the search in force, building it unless it is kept; None: load dictation."""
        if net is None:
            if self._dictator is None:  # its own decoder: here the second pass helps, and gives word posteriors
                self._dictator = self._load(lm=self._model.lm)
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

    def network(self, net: Network, sound: bytes, *, judged: bool = True) -> _Reading:
        """The best path; its confidence only if `judged`, which costs as much again."""
        self.prepare(net)
        hypothesis = _decode(self._decoder, sound)
        if hypothesis is None or not hypothesis.hypstr:
            return _Reading("", 0.0)
        text = self._text(hypothesis.hypstr)
        if not judged:
            return _Reading(text, 0.5)
        score = math.log(hypothesis.score)
        frames = max(1, self._decoder.n_frames())
        self._decoder.activate_search("phones")
        loop = _decode(self._decoder, sound)
        below = (score - math.log(loop.score)) * _SHIFT / frames if loop is not None else -9.0
        centre = _CENTRE[self._model.language]
        return _Reading(text, 1.0 / (1.0 + math.exp(min(50.0, -_SLOPE * (below - centre)))))

    def dictation(self, sound: bytes) -> _Reading:
        self.prepare(None)
        hypothesis = _decode(self._dictator, sound)
        if hypothesis is None or not hypothesis.hypstr:
            return _Reading("", 0.0)
        chances = [part.prob for part in self._dictator.seg() if not part.word.startswith(("<", "["))]
        confidence = sum(chances) / len(chances) if chances else 0.0
        return _Reading(self._text(hypothesis.hypstr), min(1.0, max(0.0, confidence)))

    def _text(self, hypothesis: str) -> str:
        return self._model.join(re.sub(r"\(\d+\)", "", hypothesis).split())


def _loudest(pcm: bytes | bytearray, rate: int) -> float:
    """Root mean square of the loudest 20 ms."""
    samples = np.frombuffer(bytes(pcm), np.int16).astype(np.float32)
    frame = rate // 50
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    return float(np.sqrt(np.mean(frames**2, axis=1)).max()) if len(frames) else 0.0


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
