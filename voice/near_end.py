"""What of the caller's line is the caller: their voice, without the bot's echo and the people behind them."""

from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from huashu.voice.echo import Echo
from huashu.voice.foreground import Foreground
from huashu.voice.vad import Detector, level_of


@runtime_checkable
class Doubting(Protocol):
    """A detector that tells of what may become a voice."""

    @property
    def suspect(self) -> bool: ...


class NearEnd:
    """Args:
    detector: voice activity of the line, as it is.
    rate: of the line.
    """

    def __init__(self, detector: Detector, *, rate: int) -> None:
        self._detector = detector
        self._doubting = detector if isinstance(detector, Doubting) else None
        self._echo = Echo(rate)
        self._foreground = Foreground()
        self.level = -120.0
        """dBFS of the last frame."""
        self.suspect = False
        """It is no voice yet, and may become one."""
        self.echo = False
        """The last frame held nothing but the bot's own voice."""

    @property
    def sure(self) -> bool:
        """The voice of the last frames is as loud as the caller's own."""
        return self._foreground.near

    @property
    def echo_possible(self) -> bool:
        """What comes in may hold the bot's own voice, found or not."""
        return self._echo.possible

    def feed(self, frame: NDArray[np.int16]) -> bool:
        """The next 20 ms; whether the caller is speaking now."""
        self.level = level_of(frame)
        voice = self._detector.feed(frame)
        suspect = not voice and self._doubting is not None and self._doubting.suspect
        self.echo = self._echo.feed(frame, self.level, voice=voice or suspect)
        self.suspect = suspect and not self.echo
        return self._foreground.feed(self.level, voice=voice and not self.echo)

    def played(self, pcm: bytes) -> None:
        """The bot's 20 ms that go out with the last frame."""
        frame = np.frombuffer(pcm, "<i2")
        self._echo.played(frame, level_of(frame))

    def words(self) -> None:
        """The open turn has words."""
        self._foreground.words()

    def turn(self, *, words: bool) -> None:
        """The caller's turn is over."""
        self._foreground.turn(words=words)

    def close(self) -> None:
        self._detector.close()
