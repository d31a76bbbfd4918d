"""Recognisers put together: a bound on how much one is given at a time, and a second one for when the first fails.

Both are recognisers themselves, so they may be nested: `Fallback(Bounded(whisper, most=8), pocketsphinx)`.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from threading import BoundedSemaphore, Lock

from prometheus_client import Counter

from huashu.asr.engine import Capabilities, Details, Recogniser, Stream, details
from huashu.core.errors import EngineError, HuashuError, OverloadedError, UsageError
from huashu.core.events import Heard
from huashu.core.expect import Expectation

_log = logging.getLogger(__name__)

SHED = Counter("huashu_asr_shed", "Readings an engine refused because it had too many already", ["engine", "what"])
FALLBACKS = Counter(
    "huashu_asr_fallbacks", "Utterances a second recogniser took over, by the first and why", ["engine", "why"]
)

LONGEST = 60.0
"""Seconds of an utterance that are kept for a second engine; of a longer one it reads the beginning."""


class Bounded:
    """At most `most` readings of an engine at a time, whoever asks.

    Sound that finds no place waits in its own utterance and is read with the next piece: partial words come later, none
    are lost. The end of an utterance waits for a place, at most `within` seconds; then OverloadedError.
    """

    def __init__(self, inner: Recogniser, *, most: int, within: float = 1.0) -> None:
        if most < 1:
            raise UsageError(f"a recogniser must be allowed one reading at least, not {most}")
        self._inner = inner
        self._places = BoundedSemaphore(most)
        self._within = within

    @property
    def capabilities(self) -> Capabilities:
        return self._inner.capabilities

    def stream(self, expect: Expectation, language: str) -> Stream:
        return _BoundedStream(self._inner.stream(expect, language), self._places, self._within, self.capabilities.name)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        self._inner.warm(expectations)


class _BoundedStream:
    def __init__(self, inner: Stream, places: BoundedSemaphore, within: float, name: str) -> None:
        self._inner = inner
        self._places = places
        self._within = within
        self._name = name
        self._kept: list[bytes] = []

    def accept(self, pcm: bytes) -> Heard | None:
        self._kept.append(pcm)
        if not self._places.acquire(blocking=False):
            SHED.labels(self._name, "partial").inc()
            return None
        try:
            return self._inner.accept(self._taken())
        finally:
            self._places.release()

    def finish(self) -> Heard:
        if not self._places.acquire(timeout=self._within):
            SHED.labels(self._name, "final").inc()
            raise OverloadedError(f"{self._name} has had no place for {self._within:g} s")
        try:
            if self._kept:
                self._inner.accept(self._taken())
            return self._inner.finish()
        finally:
            self._places.release()

    @property
    def details(self) -> Details:
        return details(self._inner)

    def _taken(self) -> bytes:
        pcm = b"".join(self._kept)
        self._kept.clear()
        return pcm


class Fallback:
    """Reads with `first`; an utterance on which that fails or is overloaded is read by `second`, from its beginning.

    After `failures` utterances in a row that `first` lost it rests for `rest` seconds, in which `second` reads alone;
    the next utterance behind them tries it again.

    Args:
        clock: seconds, any steady clock.

    Raises:
        UsageError: the two do not take sound at the same rate.
    """

    def __init__(
        self,
        first: Recogniser,
        second: Recogniser,
        *,
        failures: int = 3,
        rest: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        one, two = first.capabilities, second.capabilities
        if one.rate != two.rate:
            raise UsageError(
                f"{one.name} wants {one.rate} samples a second and {two.name} {two.rate}: give both one rate"
            )
        self._first = first
        self._second = second
        self._failures = failures
        self._rest = rest
        self._clock = clock
        self._lock = Lock()
        self._lost = 0
        self._until = 0.0

    @property
    def capabilities(self) -> Capabilities:
        """Those of the first, with the languages of both."""
        one, two = self._first.capabilities, self._second.capabilities
        return replace(
            one, name=f"{one.name}+{two.name}", languages=tuple(dict.fromkeys((*one.languages, *two.languages)))
        )

    def stream(self, expect: Expectation, language: str) -> Stream:
        return _FallbackStream(self, expect, language)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        self._first.warm(expectations)
        self._second.warm(expectations)

    def open_first(self, expect: Expectation, language: str) -> Stream | None:
        """The first engine's stream; None while it rests or when it cannot serve this."""
        with self._lock:
            if self._clock() < self._until:
                return None
        try:
            return self._first.stream(expect, language)
        except EngineError as error:
            if error.code != "language":  # not knowing a language is no failure
                self.lost(error)
            return None

    def open_second(self, expect: Expectation, language: str) -> Stream:
        return self._second.stream(expect, language)

    def lost(self, error: Exception) -> None:
        """The first engine has failed on an utterance."""
        why = error.code if isinstance(error, HuashuError) else type(error).__name__
        name = self._first.capabilities.name
        FALLBACKS.labels(name, why).inc()
        with self._lock:
            self._lost += 1
            if self._lost < self._failures:
                return
            self._lost, self._until = 0, self._clock() + self._rest
        _log.warning(
            "%s failed on %d utterances in a row (%s): it rests for %g s", name, self._failures, why, self._rest
        )

    def kept(self) -> None:
        """The first engine has read an utterance to its end."""
        with self._lock:
            self._lost = 0


class _FallbackStream:
    def __init__(self, engines: Fallback, expect: Expectation, language: str) -> None:
        self._engines = engines
        self._expect = expect
        self._language = language
        self._sound = bytearray()
        self._most = 2 * round(LONGEST * engines.capabilities.rate)
        self._second: Stream | None = None
        self._first = engines.open_first(expect, language)
        if self._first is None:
            self._second = engines.open_second(expect, language)

    def accept(self, pcm: bytes) -> Heard | None:
        if self._first is None:
            return self._read_on().accept(pcm)
        if len(self._sound) < self._most:
            self._sound += pcm
        try:
            return self._first.accept(pcm)
        except UsageError:
            raise  # ours or the caller's fault: another engine would say the same
        except Exception as error:  # a plugged-in recogniser may raise anything; the second one is there for that
            self._give_up(error)
            return self._read_on().accept(bytes(self._sound))

    def finish(self) -> Heard:
        if self._first is None:
            return self._read_on().finish()
        try:
            heard = self._first.finish()
        except Exception as error:  # as in accept
            self._give_up(error)
            second = self._read_on()
            second.accept(bytes(self._sound))
            return second.finish()
        self._engines.kept()
        return heard

    @property
    def details(self) -> Details:
        return details(self._first or self._read_on())

    def _give_up(self, error: Exception) -> None:
        self._first = None
        self._engines.lost(error)

    def _read_on(self) -> Stream:
        if self._second is None:
            self._second = self._engines.open_second(self._expect, self._language)
        return self._second
