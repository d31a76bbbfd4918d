"""What must not last on a line: a line of the bot without sound, a held line without words, dead air.

Each is said in the log once; a held line goes on.
"""

import logging

_log = logging.getLogger(__name__)

_FRAMES_A_SECOND = 50
_OWED = 1.5
"""Seconds of missing sound on a line that is due before the log says so."""
_HELD = 8.0
"""Seconds after the caller's turn in which a recogniser must have said whether a held line may go on."""
_DEAD_AIR = 15.0
"""Seconds in which nobody speaks and nothing is waited for before the log says so: a fault, not a silence."""


class Watchdog:
    def __init__(self) -> None:
        self._owing = self._holding = self._idle = 0

    def look(self, call: str, *, owing: bool, held: bool, nothing: bool) -> bool:
        """A frame has passed. owing: the bot's line is due and has no sound. held: it waits for words of a turn that is
        over. nothing: nobody speaks and nothing is waited for. Whether the held line is to go on without words."""
        self._owing = self._owing + 1 if owing else 0
        if self._owing == round(_OWED * _FRAMES_A_SECOND):
            _log.warning("call %s: a line has had no sound for %.1f s", call, _OWED)
        self._idle = self._idle + 1 if nothing else 0
        if self._idle == round(_DEAD_AIR * _FRAMES_A_SECOND):
            _log.error("call %s: dead air of %.0f s with nothing to wait for", call, _DEAD_AIR)
        self._holding = self._holding + 1 if held else 0
        if self._holding != round(_HELD * _FRAMES_A_SECOND):
            return False
        _log.warning("call %s: no words for a held line in %.0f s, it goes on", call, _HELD)
        return True
