"""A recogniser in processes of its own, for engines that hold the interpreter while they compute.

PocketSphinx does: half a second of reading in a thread is half a second in which no frame of any call moves. Here the
thread waits for an answer instead. A process is this module run by the same Python; requests and answers are pickled
over its pipes, one at a time. It ends with its parent, however that ends; one that dies costs the utterances it had
open (EngineError, code "lost") and is started again for the next.
"""

import logging
import os
import pickle
import signal
import subprocess
import sys
import weakref
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock, Thread
from typing import Any

from huashu.asr.engine import Capabilities, Recogniser, Stream
from huashu.asr.registry import open_recogniser
from huashu.core import errors
from huashu.core.errors import EngineError, HuashuError
from huashu.core.events import Heard
from huashu.core.expect import Expectation

_log = logging.getLogger(__name__)

HOLDING = frozenset({"pocketsphinx"})
"""Engines that are better apart where calls are live. The others release the interpreter themselves."""
_END_WITHIN = 5.0


class Apart:
    """A `Recogniser`.

    Args:
    name, options: as huashu.asr.registry.open_recogniser.
    processes: readings at a time, at most; each process has the model in memory, and is started when it is needed.

    Raises:
        UsageError, EngineError: as open_recogniser.
    """

    def __init__(self, name: str, *, processes: int = 2, **options: Any) -> None:
        first, *others = [_Worker(name, options) for _ in range(max(1, processes))]
        self._ready = [first]
        self._spare = others
        """Not started: the next one is when somebody reads and another one begins to."""
        self._lock = Lock()
        self._known: list[Expectation] = []
        """What has been prepared."""
        self._capabilities: Capabilities = first.ask("capabilities")

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    def stream(self, expect: Expectation, language: str) -> Stream:
        worker = min(self._ready, key=lambda one: one.open)
        if worker.open:
            self._grow()
        return _Stream(worker, worker.ask("stream", expect, language))

    def warm(self, expectations: Sequence[Expectation]) -> None:
        with self._lock:
            self._known += expectations
        for worker in list(self._ready):
            worker.ask("warm", list(expectations))

    def _grow(self) -> None:
        """One process more, in the background: until it is ready the others read."""
        with self._lock:
            if self._spare:
                Thread(target=self._prepare, args=(self._spare.pop(),), daemon=True).start()

    def _prepare(self, worker: "_Worker") -> None:
        try:
            worker.ask("warm", list(self._known))
        except HuashuError as error:
            _log.warning("another process of %s did not start (%s)", self._capabilities.name, error.code)
        else:
            self._ready.append(worker)


class _Stream:
    details: Any
    """What the engine's own stream tells besides, once it is finished; absent where it tells nothing."""

    def __init__(self, worker: "_Worker", place: tuple[int, int]) -> None:
        self._worker = worker
        self._place = place
        worker.open += 1

    def accept(self, pcm: bytes) -> Heard | None:
        heard: Heard | None = self._worker.ask("accept", self._place, pcm)
        return heard

    def finish(self) -> Heard:
        heard: Heard
        heard, details = self._worker.ask("finish", self._place)
        if details is not None:
            self.details = details
        return heard

    def __del__(self) -> None:
        self._worker.open -= 1
        self._worker.dropped.append(self._place)


class _Worker:
    """One process, asked by one thread at a time."""

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        self._name = name
        self._options = options
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0
        """How often: a stream belongs to one start."""
        self.open = 0
        """Streams."""
        self.dropped: list[tuple[int, int]] = []
        """Places of streams that nobody has any more."""

    def ask(self, what: str, *about: Any) -> Any:
        with self._lock:
            try:
                process = self._running()
                dropped = [self.dropped.pop() for _ in range(len(self.dropped))]
                answer = _exchange(process, (what, about, dropped))
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                self._process = None
                raise EngineError(f"the process of {self._name} has ended", code="lost") from error
        return _value(answer)

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is None:
            return self._process
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "huashu.asr.apart"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        weakref.finalize(self, _end, process)
        self._started += 1
        try:
            _value(_exchange(process, (self._started, self._name, self._options)))
        except HuashuError:
            _end(process)
            raise
        self._process = process
        return process


def _exchange(process: "subprocess.Popen[bytes]", request: object) -> tuple[bool, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    pickle.dump(request, process.stdin)
    process.stdin.flush()
    answer: tuple[bool, Any] = pickle.load(process.stdout)
    return answer


def _value(answer: tuple[bool, Any]) -> Any:
    """Raises what was raised over there."""
    right, value = answer
    if right:
        return value
    kind, message, code = value
    found = getattr(errors, kind, None)
    if isinstance(found, type) and issubclass(found, HuashuError):
        raise found(message, code=code)
    raise EngineError(f"{kind}: {message}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    try:
        process.wait(_END_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


# --- the process ------------------------------------------------------------------------------------------------------


class _Served:
    def __init__(self, start: int, recogniser: Recogniser) -> None:
        self._start = start
        self._recogniser = recogniser
        self._streams: dict[tuple[int, int], Stream] = {}
        self._count = 0

    def answer(self, what: str, about: tuple[Any, ...], dropped: Sequence[tuple[int, int]]) -> Any:
        for place in dropped:
            self._streams.pop(place, None)
        match what:
            case "capabilities":
                return self._recogniser.capabilities
            case "warm":
                return self._recogniser.warm(*about)
            case "stream":
                self._count += 1
                place = (self._start, self._count)
                self._streams[place] = self._recogniser.stream(*about)
                return place
            case "accept":
                return self._stream(about[0]).accept(about[1])
            case _:
                stream = self._stream(about[0])
                heard = stream.finish()
                return heard, getattr(stream, "details", None)

    def _stream(self, place: tuple[int, int]) -> Stream:
        if place not in self._streams:
            raise EngineError("the process that had this utterance has ended", code="lost")
        return self._streams[place]


def _serve() -> None:
    """Answer until the parent is gone. Signals are the parent's: calls are let finish after a first one."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what an engine prints is no answer
    served: _Served | None = None
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            if served is None:
                start, name, options = request
                served = _Served(start, open_recogniser(name, **options))
                answer: tuple[bool, Any] = (True, None)
            else:
                answer = (True, served.answer(*request))
        except Exception as error:  # the outermost loop: whoever asked is told
            code = error.code if isinstance(error, HuashuError) else ""
            answer = (False, (type(error).__name__, str(error), code))
        try:
            pickle.dump(answer, answers)
            answers.flush()
        except OSError:
            return


if __name__ == "__main__":
    _serve()
