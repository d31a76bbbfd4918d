"""How often somebody may try: passwords by name and by address, messages by connection."""

from collections import OrderedDict, deque

_REMEMBERED = 10_000


class Failures:
    """At most `most` failures of a key within `window` seconds; who fails further is told how long to wait.

    The times of failures are kept, not a count: a person who errs twice a day never notices.
    """

    def __init__(self, most: int, window: float) -> None:
        self._most = most
        self._window = window
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str, *, now: float) -> float:
        """Seconds until the next try; 0: now."""
        times = self._times.get(key)
        if times is None:
            return 0.0
        while times and times[0] <= now - self._window:
            times.popleft()
        return times[0] + self._window - now if len(times) >= self._most else 0.0

    def failed(self, key: str, *, now: float) -> None:
        self._times.setdefault(key, deque(maxlen=self._most)).append(now)
        self._times.move_to_end(key)
        if len(self._times) > _REMEMBERED:
            self._times.popitem(last=False)

    def forgive(self, key: str) -> None:
        self._times.pop(key, None)


class Bucket:
    """A token bucket: `rate` a second in the long run, `burst` at once."""

    def __init__(self, rate: float, burst: float, *, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._at = now

    def take(self, *, now: float) -> bool:
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        if self._level < 1:
            return False
        self._level -= 1
        return True
