"""Whose voice is it: the caller's, or somebody's behind them, a television, the next desk. By loudness alone.

Whoever holds the telephone is louder than all others by far; how loud, their own turns tell. A voice that stays well
under that is no turn of theirs, once it has gone on for longer than people trail off. Nobody is judged before the
caller has said something, and a new, softer voice on the telephone is not left out for ever: the caller's loudness is
forgotten little by little while it is not heard. Pure: levels in, judgement out.
"""

from collections import deque

import numpy as np

_UNDER = 12.0
"""dB under the caller's own loudness from which a voice may be another's. Turns end up to 10 dB softer than they are
on the whole; televisions and neighbours are 15 to 25 dB under."""
_PEAK = 15
"""Frames whose loudest counts: 0.3 s, every syllable has one."""
_LOUDEST = 10
"""Frames of a turn by which it is known how loud the caller is: the loudest 0.2 s, whatever else was heard in it."""
_CROWD = 50
"""Frames of such a voice, 1 s, from which it is somebody's behind them …"""
_REMEMBERED = 150
"""… and at most so many are kept, each of which …"""
_FADES = 0.2
"""… takes five frames without to forget: after 15 s it is as if nobody were there."""
_FORGET = 0.5 / 50
"""dB a frame by which the caller's loudness is forgotten."""
_EARLIER = 2.0
"""Frames that one of those before counts for: who is heard so softly before the caller has spoken was there first."""
_LOOKED_BACK = 400
"""Frames, 8 s, that are judged once the caller's loudness is known: a bot's first line and the answer to it."""
_FAINT = -25.0
"""dBFS that a voice must reach now and then to be the caller's beyond doubt, while they have not said anything yet.
Speech on telephones is at -20 to -30 on the whole (ITU-T P.56), its peaks of 20 ms 4 to 6 dB above."""


class Foreground:
    """Of one line."""

    def __init__(self) -> None:
        self._latest: deque[float] = deque(maxlen=_PEAK)
        self._turn: list[float] = []
        """dBFS of the frames of the open turn that hold a voice."""
        self._own: float | None = None
        """dBFS of the caller's voice; None: not known yet."""
        self._crowd = 0.0
        self._earlier: deque[float] = deque(maxlen=_LOOKED_BACK)
        """dBFS of the loudest of the latest voice, frame by frame, while the caller's loudness is not known."""

    def feed(self, level: float, *, voice: bool) -> bool:
        """The next frame, with its dBFS; whether it holds a voice that counts."""
        self._latest.append(level if voice else -120.0)
        loudest = max(self._latest)
        far = voice and self._own is not None and loudest < self._own - _UNDER
        self._count(far)
        if self._own is not None:
            self._own -= _FORGET
        else:
            self._earlier.append(loudest if voice else -120.0)
        if voice and not far:
            self._turn.append(level)
        return voice and not (far and self._crowd >= _CROWD)

    @property
    def near(self) -> bool:
        """The voice of the last frames is as loud as one at the telephone."""
        least = _FAINT if self._own is None else self._own - _UNDER
        return bool(self._latest) and max(self._latest) >= least

    def words(self) -> None:
        """The open turn has words: its loudest is the caller, however much is heard of others meanwhile."""
        if self._own is None and self._turn:
            self._learn(self._loud())

    def _learn(self, own: float) -> None:
        """How loud the caller is, for the first time: who was heard before is judged by it now."""
        self._own = own
        for loudest in self._earlier:
            self._count(-120.0 < loudest < own - _UNDER, _EARLIER)
        self._earlier.clear()

    def _count(self, far: bool, weight: float = 1.0) -> None:
        self._crowd = min(self._crowd + weight, _REMEMBERED) if far else max(0.0, self._crowd - _FADES)

    def _loud(self) -> float:
        return float(np.mean(sorted(self._turn)[-_LOUDEST:]))

    def turn(self, *, words: bool) -> None:
        """The caller's turn is over, and had words or had none."""
        if words and self._turn:
            loud = self._loud()
            if self._own is None:
                self._learn(loud)
            else:
                self._own = max(self._own, (self._own + loud) / 2)
        self._turn.clear()
