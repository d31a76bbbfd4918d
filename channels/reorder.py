"""Sound that may come out of order, twice or not at all, put back into order by the places of its samples.

A value machine without a clock: how long a missing piece is waited for is counted in the sound that has come since.
"""

from huashu.core.errors import LimitError

WAIT = 0.06
"""Seconds of later sound after which a missing piece is given up: what jitter buffers of telephones hold."""
LONGEST_HOLE = 1.0
"""Seconds that are filled with silence; a larger jump is taken for a new beginning of the counting."""
MOST = 100
"""Pieces that may wait."""


class Reorder:
    """Args:
    rate: samples a second. silence: one sample of it.
    """

    def __init__(self, rate: int, silence: bytes) -> None:
        self._width = len(silence)
        self._silence = silence
        self._wait = round(WAIT * rate)
        self._hole = round(LONGEST_HOLE * rate)
        self._next: int | None = None
        self._waiting: dict[int, bytes] = {}
        self.lost = 0
        """Samples that silence has stood in for."""

    def put(self, at: int, data: bytes) -> bytes:
        """A piece whose first sample is number `at`; what is now known to come next, perhaps nothing.

        Raises:
            LimitError: more than MOST pieces wait for one that is missing.
        """
        if self._next is None or abs(at - self._next) > self._hole:
            self._waiting.clear()
            self._next = at
        end = at + len(data) // self._width
        if end > self._next:
            if len(self._waiting) >= MOST:
                raise LimitError(f"audio.at: more than {MOST} pieces wait for a missing one")
            self._waiting[at] = data
        ready = self._ready()
        if self._waiting and max(self._ends()) - self._next >= self._wait:
            hole = min(self._waiting) - self._next
            self.lost += hole
            self._next += hole
            ready += self._silence * hole + self._ready()
        return ready

    def _ends(self) -> list[int]:
        return [at + len(data) // self._width for at, data in self._waiting.items()]

    def _ready(self) -> bytes:
        """Everything from the next sample on that has come without a hole."""
        assert self._next is not None
        parts = []
        for at in sorted(self._waiting):
            if at > self._next:
                break
            data = self._waiting.pop(at)
            fresh = data[(self._next - at) * self._width :]
            parts.append(fresh)
            self._next += len(fresh) // self._width
        return b"".join(parts)
