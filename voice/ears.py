"""One call's recogniser: the sound of each turn, from a little before it opened, to words.

Inline (virtual time) every call returns with its results delivered; with a pool (real time) the recogniser runs in
threads, one job of a call at a time and in order, and results are delivered on the event loop. Sound that comes while a
job runs waits and goes into the next one: a slow recogniser costs partial words, never sound, and a call never has more
than two jobs waiting for each turn.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from functools import cache

from huashu.asr.engine import Recogniser, Stream
from huashu.core.audio import FRAME_SECONDS
from huashu.core.errors import HuashuError
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.voice.resample import Resampler

_log = logging.getLogger(__name__)

_BEFORE = 20
"""Frames kept from before a turn opens: detection takes up to 0.12 s, and soft first sounds as much again."""
_TOGETHER = 3
"""Frames handed over at once while the caller speaks: 60 ms, a fair step for partial words."""
_WITHIN = 250
"""Frames (5 s) behind a turn's end in which its final words must come; then it has none, and counts as lost."""


class Ears:
    """Args:
    rate: of the line; the recogniser's own rate is resampled to.
    partial, final: called with what was heard; each opened turn brings exactly one final, in order.
    pool: where the recogniser runs; None: inline.
    read: called before each final: "" when the recogniser read the turn, else the code of what it was lost to.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        *,
        rate: int,
        partial: Callable[[Heard], None],
        final: Callable[[Heard], None],
        pool: Executor | None = None,
        read: Callable[[str], None] | None = None,
    ) -> None:
        self._recogniser = recogniser
        self._rate = rate
        self._partial = partial
        self._final = final
        self._pool = pool
        self._read = read or _ignore
        self._before: deque[bytes] = deque(maxlen=_BEFORE)
        self._sound: list[bytes] = []
        self._utterance: _Utterance | None = None
        self._closed: deque[_Utterance] = deque()
        """Turns whose final words have not come."""
        self._jobs: deque[tuple[_Utterance, bool]] = deque()
        """The turn to go on with, and whether it is over."""
        self._worker: asyncio.Task[None] | None = None

    def feed(self, pcm: bytes, *, voice: bool = True) -> None:
        """The next frame, in a turn or not. Without a voice in it, it may be the turn's end: then the words so far are
        wanted at once."""
        if self._closed:
            self._wait()
        if self._utterance is None:
            self._before.append(pcm)
            return
        self._sound.append(pcm)
        if not voice or len(self._sound) >= _TOGETHER:
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
            self._closed.append(utterance)
            self._run(utterance, finish=True)

    def abandon(self) -> None:
        """The call is over: nothing more will be delivered."""
        self._utterance = None
        self._jobs.clear()
        self._closed.clear()
        self._partial = self._final = self._read = _ignore

    def _hand_over(self, utterance: "_Utterance") -> None:
        if self._sound:
            utterance.pending.append(b"".join(self._sound))
            self._sound.clear()
            if (utterance, False) not in self._jobs:
                self._run(utterance, finish=False)

    def _run(self, utterance: "_Utterance", *, finish: bool) -> None:
        if self._pool is None:
            self._deliver(utterance, utterance.finish() if finish else utterance.accept())
            return
        self._jobs.append((utterance, finish))
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work(self._pool))

    async def _work(self, pool: Executor) -> None:
        loop, this = asyncio.get_running_loop(), asyncio.current_task()
        try:
            while self._jobs and self._worker is this:
                utterance, finish = self._jobs.popleft()
                heard = await loop.run_in_executor(pool, utterance.finish if finish else utterance.accept)
                if self._worker is this:
                    self._deliver(utterance, heard)
        finally:
            if self._worker is this:
                self._worker = None

    def _wait(self) -> None:
        """A frame longer for the final words of the oldest closed turn."""
        utterance = self._closed[0]
        utterance.waited += 1
        if utterance.waited < _WITHIN:
            return
        _log.warning("no words of a turn at step %s in %.0f s", utterance.step, _WITHIN * FRAME_SECONDS)
        utterance.failure = "late"
        self._jobs = deque(job for job in self._jobs if job[0] is not utterance)
        self._worker = None  # it may hang for ever; later turns do not wait for it
        self._deliver(utterance, Heard("", confidence=0.0))
        if self._jobs and self._pool is not None:
            self._worker = asyncio.get_running_loop().create_task(self._work(self._pool))

    def _deliver(self, utterance: "_Utterance", heard: Heard | None) -> None:
        if heard is None:
            return
        if not heard.final:
            self._partial(heard)
        elif utterance in self._closed:
            self._closed.remove(utterance)
            self._read(utterance.failure)
            self._final(heard)


class _Utterance:
    """A recogniser's stream at the line's rate that always comes to a final, whatever the engine does."""

    def __init__(self, recogniser: Recogniser, expect: Expectation, rate: int) -> None:
        self._recogniser = recogniser
        self._expect = expect
        self._resampler = Resampler(rate, recogniser.capabilities.rate)
        self._stream: Stream | None = None
        self.pending: deque[bytes] = deque()
        """Sound for the next `accept`: filled by the event loop, emptied by whichever thread runs it."""
        self.failure = ""
        """Code of what it was lost to."""
        self.waited = 0
        """Frames since it was closed."""

    @property
    def step(self) -> str:
        return self._expect.step

    def accept(self) -> Heard | None:
        pcm = b"".join([self.pending.popleft() for _ in range(len(self.pending))])
        try:
            stream = self._opened()
            heard = stream.accept(self._resampler.feed(pcm)) if stream is not None and pcm else None
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
        if self._stream is None and not self.failure:
            self._stream = self._recogniser.stream(self._expect, self._expect.language)
        return self._stream if not self.failure else None

    def _fail(self, error: Exception) -> None:
        self.failure = error.code if isinstance(error, HuashuError) else type(error).__name__
        _log.warning("recogniser failed at step %s: %s", self._expect.step, self.failure)


def _ignore(_: object) -> None:
    pass


@cache
def recognition_threads() -> Executor:
    """Of this process, where calls in real time recognise: engines release the interpreter while they compute."""
    return ThreadPoolExecutor(thread_name_prefix="huashu-asr")
