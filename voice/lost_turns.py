"""Turns of the caller that no recogniser could read. One is asked for again by the silence ladder; a second in a row is
a call that cannot be heard."""

import logging

from huashu.voice import metrics

_log = logging.getLogger(__name__)

_DEAF_AFTER = 2
"""Turns in a row that no recogniser could read before the script's error pattern has the call."""


class LostTurns:
    def __init__(self) -> None:
        self._in_a_row = 0
        self._deaf = False

    def read(self, failure: str, call: str) -> bool:
        """A turn's final words come now; `failure`: why there are none, "" when the recogniser has read it. Whether the
        call cannot be heard any more, which is told once."""
        if not failure:
            self._in_a_row = 0
            return False
        metrics.TURNS_LOST.labels(failure).inc()
        self._in_a_row += 1
        if self._in_a_row < _DEAF_AFTER or self._deaf:
            return False
        self._deaf = True
        _log.error("call %s: %d turns in a row were lost (%s)", call, self._in_a_row, failure)
        return True
