"""The record of a call's sound: one stereo WAV, the caller left, the bot right, written as the call goes.

The header is set right with every flush, so the file of a worker that died still plays. Frame n of the left channel
and frame n of the right one stand side by side: the alignment is that of the session's clock, exact to the sample. A
disk that is full, or gone, costs the recording and not the call.
"""

import errno
import logging
import os
from pathlib import Path
from types import TracebackType

import numpy as np

from huashu.core.errors import UsageError
from huashu.voice import metrics
from huashu.voice.wav import header

_log = logging.getLogger(__name__)

_LONGEST_BYTES = (1 << 32) - 4096  # sizes in a WAV header are 32-bit: 37 h at 8 kHz


class Recording:
    """Args:
    path: overwritten if it exists; its folder is made.
    rate: samples a second of both sides.
    flush_frames: frames kept in memory between writes (50: a second).
    comment: the file's own (huashu.voice.wav.ai_label).

    Raises:
        UsageError: the file cannot be written.
    """

    def __init__(self, path: Path, *, rate: int, flush_frames: int = 50, comment: str = "") -> None:
        self.path = path
        self._rate = rate
        self._comment = comment
        self._flush_frames = flush_frames
        self._caller: list[bytes] = []
        self._bot: list[bytes] = []
        self._written = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb", buffering=0)
            self._file.write(self._header())
        except OSError as error:
            raise UsageError(f"the recording {path} cannot be written: {error.strerror or error}") from None

    @property
    def seconds(self) -> float:
        waiting = sum(len(pcm) for pcm in self._caller) * 2
        return (self._written + waiting) / (4 * self._rate)

    def add(self, caller: bytes, bot: bytes) -> None:
        """One frame of either side, 16-bit mono PCM of the same length. Raises ValueError when they differ."""
        if self._file.closed:
            return
        if len(caller) != len(bot):
            raise ValueError(f"the two sides of a frame differ: {len(caller)} and {len(bot)} bytes")
        self._caller.append(caller)
        self._bot.append(bot)
        if len(self._caller) >= self._flush_frames:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting and set the header right. Sound beyond what a WAV file can hold is dropped; where the
        file cannot be written any more the recording ends, with a line in the log."""
        if not self._caller:
            return
        try:
            self._write()
        except OSError as error:
            metrics.RECORDINGS_BROKEN.inc()
            _log.error("recording %s ends after %.0f s: %s", self.path.name, self.seconds, error.strerror)
            self._file.close()

    def _write(self) -> None:
        left = np.frombuffer(b"".join(self._caller), "<i2")
        both = np.empty((len(left), 2), "<i2")
        both[:, 0] = left
        both[:, 1] = np.frombuffer(b"".join(self._bot), "<i2")
        self._caller.clear()
        self._bot.clear()
        if self._written + both.nbytes > _LONGEST_BYTES:
            return
        self._file.seek(0, 2)
        if self._file.write(both.tobytes()) != both.nbytes:  # as much as there was room for
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._written += both.nbytes
        self._file.seek(0)
        self._file.write(self._header())

    def close(self) -> None:
        """May be called twice."""
        if not self._file.closed:
            self.flush()
            self._file.close()

    def __enter__(self) -> "Recording":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _header(self) -> bytes:
        return header(self._written, rate=self._rate, channels=2, comment=self._comment)
