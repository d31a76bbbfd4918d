"""PocketSphinx: English dictation and word networks (model in the package), Mandarin word networks (model given).

A small recogniser for closed questions that needs no download and no accelerator: what it knows of the step (the
Expectation) is its strength. One utterance is decoded as a whole, again and again while it grows (partials) and once at
its end: cepstral means over the whole utterance read 8 kHz telephone sound far better than running means do (on 272
prompts of 8 kHz: 203 right against 73), and no decoder is held between two calls of a stream, so a few decoders serve
many callers. The time between partials grows with the utterance, which bounds their cost to a few times the final's. A
pause is read as if it were the end: when the turn is over, the final words are mostly there already.

Sound that is in no phrase: the best path through the network is compared with the best path through a free loop of
phones (H. Bourlard et al., 1994: garbage modelling by the local best phones). The difference per frame becomes the
confidence; below `reject` English falls back to dictation, Mandarin answers with no words.

A topic (`Expectation.kind`) is read twice, by a small language model of its samples and by dictation: the text is what
it says if it is about the topic, the confidence says whether it is, the one alternative is what dictation makes of it.
"""

import logging
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from huashu.asr.decoder import Pool, Reading, Topic, english, mandarin
from huashu.asr.engine import Capabilities, Details
from huashu.asr.grammar import Network
from huashu.asr.utterance import QUIET, Utterance
from huashu.core.errors import EngineError, UsageError
from huashu.core.events import Alternative, Heard
from huashu.core.expect import Expectation
from huashu.core.language import primary

log = logging.getLogger(__name__)

LONGEST = 60.0
"""Seconds of one utterance; sound after that is refused, what came before is still read."""
_SHORTEST = 0.1
"""Seconds below which there can be no word."""
_FIRST_PARTIAL = 0.4
_PAUSE, _LONGER_PAUSE = 0.1, 0.24
"""Seconds of quiet after which everything is read as if it were over: the first where much is new since the last such
reading (a quarter of the utterance), else the second. If nothing but quiet follows, that reading is the final one."""
_USUAL_END = 0.6
"""Seconds of quiet an utterance ends with: a pause is read as if its quiet had gone on for so long. The cepstral means
depend on it: of 94 prompts 77 were read right with 0.7, 73 with 0.3 or 0.4, 74 without reading pauses ahead; with 0.7
confidence in words that are not in the list grew too much."""
_OVER_FLOOR, _UNDER_LOUDEST = 3.0, 20.0
"""Quiet is what stays below so many times the utterance's quietest tenth, and so many times below its loudest 20 ms: on
a line where the two leave no room between them, nothing is quiet and all is read at the end."""


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
        self._models = {"en": Pool(english(), decoders, grammars)}
        if model is not None:
            self._models["zh"] = Pool(mandarin(Path(model)), decoders, grammars)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name="pocketsphinx",
            languages=tuple(self._models),
            rate=self._rate,
            streaming=True,
            grammar=True,
            dictation=self._dictation,
            word_times=True,
            topics=self._dictation,
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

    def _plan(self, expect: Expectation, language: str) -> tuple[Pool, Network | Topic | None]:
        tag = primary(language)
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
        if expect.kind == "topic":
            if not expect.phrases or not pool.model.lm or not self._dictation:
                raise EngineError(f"pocketsphinx takes no topic in {tag!r} without samples or dictation", code="topic")
            return pool, Topic(expect.phrases)
        net = pool.network(expect)
        if net is None and not (pool.model.lm and self._dictation):
            raise EngineError(
                f"pocketsphinx hears only listed words in {tag!r}, and {_place(expect)} lists none that it knows",
                code="no_grammar",
            )
        return pool, net


def _place(expect: Expectation) -> str:
    return f"step {expect.step!r}" if "." in expect.step else "the request"


class SphinxStream:
    """One utterance; see huashu.asr.engine.Stream."""

    def __init__(self, pool: Pool, net: Network | Topic | None, rate: int, reject: float, dictation: bool) -> None:
        self._pool = pool
        self._topic = net if isinstance(net, Topic) else None
        self._net = net if isinstance(net, Network) else None
        self._reject = reject
        self._dictation = dictation and pool.model.lm is not None
        self._rate = rate
        self._sound = Utterance(rate, LONGEST)
        self._said = ""
        self._next = _FIRST_PARTIAL
        self._levels: list[float] = []
        self._early = Reading("", 0.0)
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
        self._sound.add(pcm)
        length = self._sound.seconds
        if self._pauses(length):
            reading = self._early
        elif length >= self._next:
            reading = self._read(self._net, partial=True)
        else:
            return None
        self._next = max(length + 0.25, length * (1.4 if self._net else 1.8))
        if reading.text == self._said and self._topic is None:
            return None
        self._said = reading.text
        return self._heard(reading, final=False)

    def finish(self) -> Heard:
        self._sound.close()
        if self._sound.seconds < _SHORTEST:
            return self._heard(Reading("", 0.0), final=True)
        if self._loud_until() > self._read_upto or not self._sure:
            self._early = self._believed(self._read(self._net))
        return self._heard(self._early, final=True)

    def _heard(self, reading: Reading, *, final: bool) -> Heard:
        freely = reading.freely
        return Heard(
            reading.text,
            final=final,
            confidence=round(reading.confidence, 3) if final or self._topic is not None else 0.5,
            alternatives=(Alternative(freely.text, round(freely.confidence, 3)),) if freely is not None else (),
            language=self._pool.model.language,
        )

    @property
    def details(self) -> Details:
        return Details(self._early.words)

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
        tail = bytes(self._sound.pcm[-round(quiet * self._rate) * 2 :])
        lacking = round(max(0.0, _USUAL_END - quiet) * self._rate) * 2
        more = (tail * math.ceil(lacking / len(tail)))[:lacking]
        if fresh:
            self._early, self._read_upto = self._read(self._net, more=more), length
            self._sure = self._net is None or self._early.confidence >= self._reject
        else:
            self._early, self._sure = self._believed(self._early, more=more), True
        return True

    def _believed(self, reading: Reading, *, more: bytes = b"") -> Reading:
        """A final reading, by dictation (or none) where the network's words are not to be believed."""
        if self._net is None or reading.confidence >= self._reject:
            return reading
        return self._read(None, more=more) if self._dictation else Reading("", reading.confidence)

    def _loud_until(self) -> float:
        """Second of the utterance at which its last sound over the noise ends; 0 when there was none."""
        frame = self._rate // 50
        fresh = np.frombuffer(self._sound.pcm, np.int16)[len(self._levels) * frame :].astype(np.float32)
        fresh = fresh[: len(fresh) // frame * frame].reshape(-1, frame)
        self._levels.extend(np.sqrt(np.mean(fresh**2, axis=1)).tolist())
        if not self._levels:
            return 0.0
        levels = np.asarray(self._levels)
        quiet = min(_OVER_FLOOR * float(np.percentile(levels, 10)), float(levels.max()) / _UNDER_LOUDEST)
        loud = np.flatnonzero(levels > max(QUIET, quiet))
        return float(loud[-1] + 1) / 50 if len(loud) else 0.0

    def _read(self, net: Network | None, *, partial: bool = False, more: bytes = b"") -> Reading:
        if (
            max(self._levels, default=0.0) < QUIET
        ):  # the phone loop cannot tell: the cepstral mean makes any steady hiss look like speech
            return Reading("", 0.0)
        sound = self._pool.model.prepare(bytes(self._sound.pcm) + more, self._rate)
        with self._pool.decoder() as decoder:
            if self._topic is not None:
                return decoder.topic(self._topic, sound)
            if net is None:
                return decoder.dictation(sound)
            return decoder.network(net, sound, judged=not partial)
