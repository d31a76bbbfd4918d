"""One call's recogniser: the sound of each turn, from a little before it opened, to words.

Inline (virtual time) every call returns with its results delivered; with a pool (real time) the recogniser runs in
threads, one job of a call at a time and in order, and results are delivered on the event loop.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace

from huashu.asr.engine import Recogniser, Stream
from huashu.core.errors import HuashuError
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.voice.resample import Resampler

_log = logging.getLogger(__name__)

_BEFORE = 20
"""Frames kept from before a turn opens: detection takes up to 0.12 s, and soft first sounds as much again."""
_TOGETHER = 3
"""Frames handed over at once: 60 ms, a fair step for partial words."""


class Ears:
    """Args:
    rate: of the line; the recogniser's own rate is resampled to.
    partial, final: called with what was heard; each opened turn brings exactly one final, in order.
    pool: where the recogniser runs; None: inline.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        rate: int,
        partial: Callable[[Heard], None],
        final: Callable[[Heard], None],
        pool: Executor | None = None,
    ) -> None:
        self._recogniser = recogniser
        self._rate = rate
        self._partial = partial
        self._final = final
        self._pool = pool
        self._before: deque[bytes] = deque(maxlen=_BEFORE)
        self._sound: list[bytes] = []
        self._utterance: _Utterance | None = None
        self._jobs: deque[Callable[[], Heard | None]] = deque()
        self._worker: asyncio.Task[None] | None = None

    def feed(self, pcm: bytes) -> None:
        """The next frame, in a turn or not."""
        if self._utterance is None:
            self._before.append(pcm)
            return
        self._sound.append(pcm)
        if len(self._sound) >= _TOGETHER:
            self._hand_over(self._utterance)

    def open(self, expect: Expectation) -> None:
        """A turn begins; what the step expects guides the recogniser."""
        self._utterance = _Utterance(self._recogniser, expect, self._rate)
        self._sound.extend(self._before)
        self._before.clear()
        self._hand_over(self._utterance)

    def close(self) -> None:
        """The turn is over; its final words follow."""
        utterance, self._utterance = self._utterance, None
        if utterance is not None:
            self._hand_over(utterance)
            self._run(utterance.finish)

    def abandon(self) -> None:
        """The call is over: nothing more will be delivered."""
        self._utterance = None
        self._jobs.clear()
        self._partial = self._final = _ignore

    def _hand_over(self, utterance: "_Utterance") -> None:
        if self._sound:
            pcm = b"".join(self._sound)
            self._sound.clear()
            self._run(lambda: utterance.accept(pcm))

    def _run(self, job: Callable[[], Heard | None]) -> None:
        if self._pool is None:
            self._deliver(job())
            return
        self._jobs.append(job)
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work(self._pool))

    async def _work(self, pool: Executor) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._jobs:
                self._deliver(await loop.run_in_executor(pool, self._jobs.popleft()))
        finally:
            self._worker = None

    def _deliver(self, heard: Heard | None) -> None:
        if heard is not None:
            (self._final if heard.final else self._partial)(heard)


class _Utterance:
    """A recogniser's stream at the line's rate that always comes to a final, whatever the engine does."""

    def __init__(self, recogniser: Recogniser, expect: Expectation, rate: int) -> None:
        self._recogniser = recogniser
        self._expect = expect
        self._resampler = Resampler(rate, recogniser.capabilities.rate)
        self._stream: Stream | None = None
        self._failed = False

    def accept(self, pcm: bytes) -> Heard | None:
        try:
            stream = self._opened()
            heard = stream.accept(self._resampler.feed(pcm)) if stream is not None else None
        except Exception as error:  # a plugged-in recogniser may raise anything; the call goes on without words
            self._fail(error)
            return None
        return heard if heard is None or not heard.final else replace(heard, final=False)

    def finish(self) -> Heard:
        try:
            stream = self._opened()
            if stream is None:
                return Heard("", confidence=0.0)
            heard = stream.finish()
        except Exception as error:  # as in accept
            self._fail(error)
            return Heard("", confidence=0.0)
        return heard if heard.final else replace(heard, final=True)

    def _opened(self) -> Stream | None:
        if self._stream is None and not self._failed:
            self._stream = self._recogniser.stream(self._expect, self._expect.language)
        return self._stream if not self._failed else None

    def _fail(self, error: Exception) -> None:
        self._failed = True
        code = error.code if isinstance(error, HuashuError) else type(error).__name__
        _log.warning("recogniser failed at step %s: %s", self._expect.step, code)


def _ignore(_: Heard) -> None:
    pass
