"""This caller's pauses: how much longer than usual their silences are waited out.

Two things are known of a caller after a few turns: turns that were closed too early (the voice came back just after)
and pauses that very nearly closed one. Both only ever lengthen the patience; who pauses briefly is served well enough
by what the words say.
"""

from dataclasses import dataclass, replace

_AFTER = 1.0
"""Seconds after a turn was closed in which a voice goes on with it, rather than answers what follows …"""
_CUT_OFF = 1.35
"""… and by how much too short the patience was then taken to be."""
_NEARLY = 0.85
"""Share of the patience at which a pause nearly closed the turn: once may be chance, the second time it is a habit …"""
_HABIT = 1.15
"""… and lengthens the patience by this."""
_MOST = 1.8
"""Times the usual patience: nobody is waited for longer than that."""


@dataclass(frozen=True, slots=True)
class Pace:
    stretch: float = 1.0
    """1 to `_MOST`."""
    breath: float = 0.0
    """Seconds of the longest pause within the value that is being dictated."""
    nearly: bool = False
    """One pause nearly closed a turn since the last lengthening."""

    def bridged(self, pause: float, patience: float) -> "Pace":
        """The voice came back within the turn after `pause` seconds, when `patience` would have closed it."""
        if pause < _NEARLY * patience:
            return self
        habit = replace(self, stretch=min(_MOST, self.stretch * _HABIT), nearly=False)
        return habit if self.nearly else replace(self, nearly=True)

    def resumed(self, after: float) -> "Pace":
        """A turn began `after` seconds behind the end of the last one, and nothing had been said in between."""
        return replace(self, stretch=min(_MOST, self.stretch * _CUT_OFF)) if after <= _AFTER else self

    def patience(self, usual: float) -> float:
        """Seconds to wait where `usual` is waited as a rule, for speech whose end nothing but silence shows."""
        return usual * self.stretch


STEADY = Pace()
"""Of a caller of whom nothing is known yet."""
