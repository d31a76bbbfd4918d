"""When a line may be let go after the last words."""

from huashu.core.actions import Hangup

_FRAMES_A_SECOND = 50
_TAIL = 0.2
"""Seconds the line is kept after the last words: a hang-up overtakes the sound still in the far end's jitter buffer."""
_PARTING = 2.0
"""Seconds more for a caller who speaks into them: "别再打了" is to be heard."""


class Parting:
    """The end of a call that the bot has asked for."""

    def __init__(self) -> None:
        self.wanted: Hangup | None = None
        self._by = 0.0
        self._quiet = 0

    def want(self, action: Hangup, now: float) -> None:
        self.wanted = action
        self._by = now + action.within

    def over(self, now: float, *, idle: bool, settled: bool) -> bool:
        """A frame has passed. idle: nothing of the bot is to be played. settled: the caller's turn is over."""
        self._quiet = self._quiet + 1 if idle else 0
        if self.wanted is None:
            return False
        tail = _TAIL if settled else _TAIL + _PARTING
        return self._quiet > tail * _FRAMES_A_SECOND or now >= self._by
