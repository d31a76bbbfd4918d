"""When a call's next 20 ms are due: a judgement over frames counted and time passed, with no clock of its own."""

from enum import Enum

from huashu.core.audio import FRAME_SECONDS


class Due(Enum):
    TAKE = "take"
    """Push the caller's next frame."""
    SILENCE = "silence"
    """The caller's frame is late: push silence in its place."""


class FramePacer:
    """Follows the client's frames as they come, within bounds.

    late: seconds without a frame after which silence takes its place; usual network jitter is well below 0.1 s.
    ahead: seconds the call may run ahead of the wall clock: a burst after a stall is taken at once, a client that sends
        a file faster than speech is slowed to the speed of speech.
    trim: seconds of the bot's sound the client may be given ahead of time before silent frames are left out.
    """

    def __init__(self, *, late: float = 0.1, ahead: float = 1.0, trim: float = 0.06) -> None:
        self._late = late
        self._ahead = ahead
        self._trim = trim
        self._zero: float | None = None
        self.pushed = 0
        """Frames since the first one."""
        self._sent = 0
        self.missing = 0
        """Frames of silence since the caller's last one."""

    def next(self, now: float, *, waiting: bool) -> Due | float:
        """What to do at `now` (seconds, any steady clock), or how many seconds to wait. `waiting`: a frame is there."""
        if self._zero is None:
            self._zero = now
        lead = self.pushed * FRAME_SECONDS - (now - self._zero)
        if waiting:
            if lead > self._ahead:
                return lead - self._ahead
            self.pushed += 1
            self.missing = 0
            return Due.TAKE
        if lead <= -self._late:
            self.pushed += 1
            self.missing += 1
            return Due.SILENCE
        return lead + self._late

    def sends(self, now: float, *, silent: bool) -> bool:
        """Whether the bot's frame goes out. Silent ones do not while the client has sound ahead of its time: what a
        stall has put between the two is taken up again in the next pause."""
        zero = self._zero if self._zero is not None else now
        if silent and self._sent * FRAME_SECONDS - (now - zero) > self._trim:
            return False
        self._sent += 1
        return True
