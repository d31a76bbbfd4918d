"""Is somebody speaking? An energy gate in front of the Silero model, which is shared and batched across calls.

The model (voice/SILERO.md) costs 0.02 ms a window in a batch of eight or more and three times that alone, so calls
hand their windows to a `Batcher`; quiet lines never reach it at all, because the gate follows each line's own noise.
"""

import asyncio
import math
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from huashu.core.errors import LimitError, UsageError
from huashu.models.onnx_files import open_session

_MODEL = Path(__file__).with_name("silero_vad.onnx")
_FULL_SCALE = 32768.0


_LOUD_FRAMES = 4
_DIGITAL_SILENCE = -85.0
"""Nothing at all is sent (silence suppression, a muted telephone): it says nothing about the line's noise."""
_GONE = 3
"""Frames at the line's noise level end a voice before the model does: it lags by up to 0.1 s."""


class Detector(Protocol):
    """Voice activity of one line."""

    def feed(self, frame: NDArray[np.int16]) -> bool:
        """The next 20 ms; whether the caller is speaking now."""
        ...

    def close(self) -> None: ...


class Silero:
    """The model with the states of all calls that share it, in pooled arrays.

    Args:
        rate: 8000 or 16000.
        capacity: most calls at once; the arrays take 1.3 kB each.
    """

    def __init__(self, rate: int, *, capacity: int = 1024) -> None:
        if rate not in (8000, 16000):
            raise UsageError(f"voice detection works at 8000 or 16000 samples a second, not {rate}")
        self._session = open_session(_MODEL, arena=False)
        self.rate = rate
        self.window = rate * 32 // 1000
        self._context = self.window // 8
        self._sr = np.array(rate, np.int64)
        self._states = np.zeros((2, capacity, 128), np.float32)
        self._contexts = np.zeros((capacity, self._context), np.float32)
        self._free = list(range(capacity - 1, -1, -1))
        self._lock = threading.Lock()

    def acquire(self) -> int:
        """A slot for one call. Raises LimitError when all are taken."""
        with self._lock:
            if not self._free:
                raise LimitError(f"voice detection has slots for {len(self._contexts)} calls, all taken")
            slot = self._free.pop()
        self.reset(slot)
        return slot

    def release(self, slot: int) -> None:
        with self._lock:
            self._free.append(slot)

    def reset(self, slot: int) -> None:
        """Forget what was heard: after a gap, the old context would mislead."""
        self._states[:, slot] = 0.0
        self._contexts[slot] = 0.0

    def infer(self, slots: Sequence[int], windows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of voice for each window.

        Args:
            slots: one per window, each at most once.
            windows: [n, window], -1 to 1.
        """
        with self._lock:
            index = np.asarray(slots)
            sound = np.concatenate([self._contexts[index], windows], axis=1)
            voice, state = self._session.run(None, {"input": sound, "state": self._states[:, index], "sr": self._sr})
            self._states[:, index] = state
            self._contexts[index] = windows[:, -self._context :]
        return np.asarray(voice[:, 0], np.float32)


@cache
def shared_model(rate: int) -> Silero:
    """The process's own model for lines of `rate`."""
    return Silero(rate)


class Batcher:
    """Collects windows of many calls for `within` seconds and judges them in one run, on the event loop."""

    def __init__(self, model: Silero, *, within: float = 0.008) -> None:
        self._model = model
        self._within = within
        self._waiting: list[tuple[CallVad, int, NDArray[np.float32]]] = []
        self._timer: asyncio.TimerHandle | None = None

    def submit(self, call: "CallVad", slot: int, window: NDArray[np.float32]) -> None:
        self._waiting.append((call, slot, window))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._within, self.flush)

    def flush(self) -> None:
        """Judge everything collected, each call's windows in order."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            batch: dict[int, tuple[CallVad, NDArray[np.float32]]] = {}
            later = []
            for item in self._waiting:
                call, slot, window = item
                if slot in batch:
                    later.append(item)
                else:
                    batch[slot] = (call, window)
            self._waiting = later
            voices = self._model.infer(list(batch), np.stack([window for _, window in batch.values()]))
            for (call, _), voice in zip(batch.values(), voices, strict=True):
                call.judge(float(voice))


@dataclass(frozen=True, slots=True)
class VadSettings:
    """Probabilities 0 to 1, levels in dB (full scale 0), times in seconds."""

    begin: float = 0.5
    """Two windows in a row at this begin a voice (Silero's own default threshold) …"""
    certain: float = 0.9
    """… or one at this."""
    suspect: float = 0.15
    """Loud sound (`loud` over the noise for 0.08 s) is a voice at this already: a vowel with a hard start puzzles the
    model for 0.3 s. Keys reach it now and then: the bot pauses for a moment, where a missed word would cost more."""
    loud: float = 20.0
    end: float = 0.35
    """A window under this ends it (Silero's default: begin - 0.15)."""
    above_floor: float = 6.0
    """The gate opens this far above the line's noise …"""
    floor_seconds: float = 3.0
    """… which is the quietest frame of the last seconds: speech has gaps, noise has none."""
    always_above: float = -35.0
    """Levels over this always reach the model, however loud the noise."""
    never_below: float = -58.0
    """Levels under this never do: quieter than a whisper on a telephone."""
    hang: float = 0.4
    """The gate stays open this long after the last frame over it."""


class CallVad:
    """Voice activity of one line: gate, windows, hysteresis.

    Args:
        model: shared; one slot of it is held until `close`.
        batcher: judge windows together with other calls', at most its `within` later; None: at once.
    """

    def __init__(self, model: Silero, *, batcher: Batcher | None = None, settings: VadSettings = VadSettings()) -> None:
        self._model = model
        self._batcher = batcher
        self._settings = settings
        self._slot: int | None = model.acquire()
        self._floor = NoiseFloor(settings.floor_seconds)
        self._recent: deque[NDArray[np.int16]] = deque(maxlen=4)  # 80 ms: what the gate shut out of a word's start
        self._pending: list[NDArray[np.int16]] = []
        self._pending_samples = 0
        self._hang = round(settings.hang / 0.02)
        self._open = 0
        self._likely = 0
        self._voice = False
        self._under = 0
        self._loud = 0
        self._last = 0.0

    def feed(self, frame: NDArray[np.int16]) -> bool:
        settings = self._settings
        level = level_of(frame)
        floor = self._floor.follow(level)
        if floor == math.inf:
            floor = settings.never_below
        self._loud = self._loud + 1 if level > floor + settings.loud and level > settings.always_above else 0
        if level > max(settings.never_below, min(floor + settings.above_floor, settings.always_above)):
            if not self._open:
                self._reopen()
            self._open = self._hang
            self._under = 0
        elif self._open:
            self._under += 1
            self._open -= 1
            if not self._open:
                self._voice = False
                self._pending.clear()
                self._pending_samples = 0
        if self._open:
            self._take(frame)
        else:
            self._recent.append(frame)
        return self._voice and self._under < _GONE

    @property
    def suspect(self) -> bool:
        """Something has begun that may turn out to be a voice: it is loud, or the model thinks of one."""
        return self._open > 0 and self._under == 0 and (self._loud >= 2 or self._last >= self._settings.suspect)

    def judge(self, voice: float) -> None:
        """The model's probability for the next window."""
        if not self._open:
            return
        if voice >= self._settings.begin:
            self._likely += 1
            if self._likely >= 2 or voice >= self._settings.certain:
                self._voice = True
        elif self._loud >= _LOUD_FRAMES and (voice + self._last) / 2 >= self._settings.suspect:
            self._voice = True
        else:
            self._likely = 0
            if voice < self._settings.end:
                self._voice = False
        self._last = voice

    def close(self) -> None:
        """Give the slot back. May be called twice."""
        if self._slot is not None:
            self._model.release(self._slot)
            self._slot = None

    def _reopen(self) -> None:
        if self._slot is not None:
            self._model.reset(self._slot)
        self._likely = 0
        for frame in self._recent:
            self._take(frame)
        self._recent.clear()

    def _take(self, frame: NDArray[np.int16]) -> None:
        self._pending.append(frame)
        self._pending_samples += len(frame)
        size = self._model.window
        if self._pending_samples < size or self._slot is None:
            return
        sound = np.concatenate(self._pending)
        start = 0
        while len(sound) - start >= size:
            window = sound[start : start + size].astype(np.float32) / _FULL_SCALE
            start += size
            if self._batcher is not None:
                self._batcher.submit(self, self._slot, window)
            else:
                self.judge(float(self._model.infer([self._slot], window[None])[0]))
        self._pending = [sound[start:]]
        self._pending_samples = len(sound) - start


class NoiseFloor:
    """The quietest level of the last seconds, kept as minima of half-second blocks (minimum statistics,
    R. Martin, IEEE Trans. Speech and Audio Processing 9(5), 2001, without the smoothing)."""

    _BLOCK = 25  # frames

    def __init__(self, seconds: float) -> None:
        self._blocks: deque[float] = deque(maxlen=max(1, round(seconds / 0.5)))
        self._lowest = math.inf
        self._count = 0
        self._past = math.inf

    def follow(self, level: float) -> float:
        """The floor in dB, this frame included; infinite while there was none."""
        if level < _DIGITAL_SILENCE:
            return self._past if self._past < self._lowest else self._lowest
        if level < self._lowest:
            self._lowest = level
        self._count += 1
        if self._count == self._BLOCK:
            self._blocks.append(self._lowest)
            self._past = min(self._blocks)
            self._lowest, self._count = level, 0
        return self._past if self._past < self._lowest else self._lowest


def level_of(frame: NDArray[np.int16]) -> float:
    """Root mean square in dB of full scale; -120 for digital silence."""
    sound = frame.astype(np.float32)
    energy = float(np.dot(sound, sound)) / len(sound)
    return 10.0 * math.log10(energy) - 90.30899869919435 if energy > 1e-3 else -120.0
