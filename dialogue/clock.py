"""Everything a conversation waits for, reduced to one deadline.

Named alarms ring at an instant. Silence is different: it is a stretch that runs only while no named reason holds it
(the bot speaks, the caller speaks, an action runs …). Reasons are counted, not flags, so that two overlapping
ones cannot release each other.
"""

SHIFTLESS = "length"
"""The alarm of the longest call: it runs on through downtime, every other one waits."""


class Clock:
    """Instants are seconds since Started."""

    __slots__ = ("_alarms", "_holds", "_left")

    def __init__(self) -> None:
        self._alarms: dict[str, float] = {}
        self._holds: dict[str, int] = {}
        self._left: float | None = None
        """Seconds of silence still to pass before the next rung, while held; None when nothing is awaited."""

    @property
    def deadline(self) -> float | None:
        return min(self._alarms.values()) if self._alarms else None

    def set(self, name: str, at: float) -> None:
        self._alarms[name] = at

    def cancel(self, *names: str) -> None:
        for name in names:
            self._alarms.pop(name, None)

    def due(self, now: float) -> str | None:
        """The earliest alarm at or before `now`, removed; None when there is none."""
        if not self._alarms:
            return None
        name = min(self._alarms, key=self._alarms.__getitem__)
        if self._alarms[name] > now:
            return None
        del self._alarms[name]
        if name == "silence":
            self._left = None
        return name

    def clear(self) -> None:
        """Nothing is awaited any more."""
        self._alarms.clear()
        self._left = None

    # --- silence --------------------------------------------------------------------------------------------------

    @property
    def held(self) -> frozenset[str]:
        """The reasons for which silence does not run now."""
        return frozenset(self._holds)

    @property
    def awaiting(self) -> bool:
        """Silence is being counted, or will be as soon as nothing holds it."""
        return self._left is not None

    @property
    def left(self) -> float | None:
        """Seconds of silence that were left when it last began to run or to be held; None when none is awaited."""
        return self._left

    def await_silence(self, seconds: float | None, now: float) -> None:
        """Ring "silence" after so many seconds of it, counted from now or from the last release; None: stop waiting."""
        self._alarms.pop("silence", None)
        self._left = seconds
        if seconds is not None and not self._holds:
            self._alarms["silence"] = now + seconds

    def hold(self, reason: str, now: float) -> None:
        self._holds[reason] = self._holds.get(reason, 0) + 1
        at = self._alarms.pop("silence", None)
        if at is not None:
            self._left = max(0.0, at - now)

    def release(self, reason: str, now: float) -> None:
        """Undo one `hold`; releasing what is not held is nothing."""
        count = self._holds.get(reason)
        if count is None:
            return
        if count > 1:
            self._holds[reason] = count - 1
            return
        del self._holds[reason]
        if not self._holds and self._left is not None:
            self._alarms["silence"] = now + self._left

    def release_all(self, reason: str, now: float) -> None:
        if reason in self._holds:
            self._holds[reason] = 1
            self.release(reason, now)

    def shift(self, seconds: float) -> None:
        """Nobody could speak or act for so long: everything awaited moves, but for the length of the call."""
        for name in self._alarms:
            if name != SHIFTLESS:
                self._alarms[name] += seconds
