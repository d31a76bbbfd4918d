"""Ears and voice by themselves, for programs that want no bot: what gRPC `Speech` and HTTP `/v1/audio` share.

Engines block; here they work in a few threads of their own, fed and read by the event loop at the client's pace.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Final, TypeVar

from huashu.asr.engine import Recogniser
from huashu.channels.limits import Limits
from huashu.core.errors import EngineError, LimitError, UsageError
from huashu.tts.engine import Utterance, Voice
from huashu.tts.registry import SILENT
from huashu.voice.dictating import Dictation, Reading, expecting
from huashu.voice.languages import knows
from huashu.voice.spoken import Piece, spoken

RATES: Final = (8000, 16000, 24000, 48000)
"""Samples a second that sound may come in and go out at."""
BUSY, STOPPING, SILENCE = "busy", "stopping", "no_voice"
"""Codes of refusals: all places taken, the server is being stopped, it has no voice."""

T = TypeVar("T")


class SpeechDesk:
    """The engines, a bound on how many use them at once, and the threads they work in.

    language: of requests that name none, where the recogniser knows it: the one the server's bots speak.
    """

    def __init__(self, recogniser: Recogniser, voice: Voice, limits: Limits, *, language: str = "") -> None:
        self.recogniser = recogniser
        self.voice = voice
        self.limits = limits
        self.language = language if knows(recogniser.capabilities, language) else recogniser.capabilities.languages[0]
        self.live = 0
        """Requests being served now."""
        self.draining = False
        self._empty = asyncio.Event()
        self._empty.set()
        self._pool = ThreadPoolExecutor(limits.speech_workers, thread_name_prefix="huashu-speech")

    # --- how many -------------------------------------------------------------------------------------------------

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place for one request. Raises EngineError (codes BUSY, STOPPING), retryable, when there is none."""
        if self.draining:
            raise EngineError("the server is stopping and takes nothing new", code=STOPPING, retryable=True)
        if self.live >= self.limits.speech:
            after = self.limits.retry_after
            message = f"all {self.limits.speech} places are taken; try again in {after:g} s"
            raise EngineError(message, code=BUSY, retryable=True)
        self.live += 1
        self._empty.clear()
        try:
            yield
        finally:
            self.live -= 1
            if not self.live:
                self._empty.set()

    async def drain(self, within: float) -> int:
        """Take nothing new and let what is being served finish; how many requests were left after `within` seconds."""
        self.draining = True
        try:
            async with asyncio.timeout(within):
                await self._empty.wait()
        except TimeoutError:
            pass
        return self.live

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    # --- ears -----------------------------------------------------------------------------------------------------

    async def dictation(
        self,
        *,
        rate: int,
        language: str = "",
        phrases: tuple[str, ...] = (),
        closed: bool = False,
        pauses: bool = True,
        partials: bool = True,
        more: bool = True,
    ) -> Dictation:
        """Ears for one stream of sound; whoever takes them gives them to `release`, in the end.

        Raises:
            LimitError: too many or too long phrases.
            EngineError: the recogniser does not serve the language or the phrases.
        """
        limits = self.limits
        if len(phrases) > limits.phrases or any(len(phrase) > limits.text for phrase in phrases):
            raise LimitError(f"phrases: at most {limits.phrases} of {limits.text} characters")
        expect = expecting(language or self.language, phrases, closed=closed)
        how = {"pauses": pauses, "partials": partials, "more": more}
        made = self._pool.submit(partial(Dictation, self.recogniser, expect, rate=rate, **how))
        try:
            return await asyncio.shield(asyncio.wrap_future(made))
        except asyncio.CancelledError:  # the client has gone while they were made
            made.add_done_callback(_given_back)
            raise

    def release(self, dictation: Dictation) -> None:
        """Give ears back: at once, or when the thread that works with them is through."""
        self._pool.submit(dictation.close)

    async def readings(self, work: Callable[[], Iterator[Reading]]) -> list[Reading]:
        """What `feed` or `end` of a dictation brings."""
        return await self.run(lambda: list(work()))

    # --- voice ----------------------------------------------------------------------------------------------------

    def utterance(
        self, text: str, *, language: str = "", voice: str = "", speed: float = 1.0, ssml: bool = False
    ) -> Utterance:
        """What is to be read, checked. Raises UsageError, LimitError, or EngineError when there is no voice."""
        if self.voice.capabilities.name == SILENT:
            raise EngineError("this server has no voice; see its start for the reason", code=SILENCE)
        if not text.strip():
            raise UsageError("text: there is nothing to read")
        if len(text) > self.limits.speech_text:
            raise LimitError(f"text: {len(text)} characters; at most {self.limits.speech_text}")
        if not 0.5 <= speed <= 2.0:
            raise UsageError(f"speed: {speed:g}; expected 0.5 to 2")
        return Utterance(text, language or _written_in(text) or self.language, voice or None, speed, ssml)

    async def speak(self, utterance: Utterance, rate: int) -> AsyncIterator[bytes]:
        """16-bit mono sound at `rate`, piece by piece; the next is made when the last has been taken.

        Raises:
            UsageError: the utterance is to be SSML and is not.
            EngineError: the voice does not know the language or the voice's name, or failed.
        """
        async for piece in self.spoken(utterance, rate, timings=False):
            if piece.pcm:
                yield piece.pcm

    async def spoken(self, utterance: Utterance, rate: int, *, timings: bool = True) -> AsyncIterator[Piece]:
        """The same with the times of words and sounds, the engine's own or estimated. Raises as `speak` does."""
        sound = spoken(self.voice, utterance, rate, timings=timings)
        while (piece := await self.run(lambda: next(sound, None))) is not None:
            yield piece

    async def run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def _given_back(made: "Future[Dictation]") -> None:
    if not made.cancelled() and made.exception() is None:
        made.result().close()


def _written_in(text: str) -> str:
    """By its script; "" for figures alone."""
    if any("\u3400" <= letter <= "\u9fff" for letter in text):
        return "zh-CN"
    return "en-US" if any(letter.isalpha() for letter in text) else ""
