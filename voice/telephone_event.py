"""Keys in RTP packets of type telephone-event (RFC 4733): payloads in, keys out. No socket, no clock.

A key is told by its first packet that arrives, whichever that is: an event goes out many times (every 20 to 50 ms while
the key is down, its end three times), packets are lost and overtake each other. Events are told apart by their RTP
timestamp, which all packets of one carry.
"""

import struct
from dataclasses import dataclass

_KEYS = "0123456789*#ABCD"
"""Event codes 0 to 15 (RFC 4733, table 3); 16 is a hook flash, others are no keys."""
_REMEMBERED = 16
"""Events of which late packets are still recognised: three seconds of the fastest dialling."""
_WRAP = 1 << 32
_SEGMENT = 0xFFFF
"""Length after which a key that is held goes on as a new event of its own timestamp (2.5.1.3)."""


@dataclass(frozen=True, slots=True)
class TelephoneEvent:
    """One event of a payload."""

    code: int
    """0 to 255."""
    end: bool
    volume: int
    """Below 0 dBm0, 0 to 63."""
    duration: int
    """So far, in units of the RTP clock."""

    @property
    def key(self) -> str:
        """ "" when the event is no key."""
        return _KEYS[self.code] if self.code < len(_KEYS) else ""


def parse(payload: bytes) -> TelephoneEvent | None:
    """The event of a payload; None when it is too short to hold one. The reserved bit and what follows are ignored."""
    if len(payload) < 4:
        return None
    code, flags, duration = struct.unpack("!BBH", payload[:4])
    return TelephoneEvent(code, bool(flags & 0x80), flags & 0x3F, duration)


class TelephoneEvents:
    """The keys of one RTP stream."""

    def __init__(self) -> None:
        self._known: list[int] = []
        """Timestamps of the latest events, oldest first."""
        self._code = -1
        self._upto = 0
        """Timestamp at which the latest event ends as far as known."""
        self._ended = True
        self.malformed = 0
        """Payloads too short to hold an event."""

    def feed(self, payload: bytes, timestamp: int) -> str:
        """One packet. `timestamp`: of the RTP header. The key that it is the first to tell of, else ""."""
        event = parse(payload)
        if event is None:
            self.malformed += 1
            return ""
        upto = (timestamp + event.duration) % _WRAP
        if timestamp in self._known:
            if timestamp == self._known[-1]:
                self._upto = max(self._upto, upto, key=lambda at: (at - timestamp) % _WRAP)
                self._ended = self._ended or event.end
            return ""
        if self._known and (timestamp - self._known[-1]) % _WRAP > _WRAP // 2:
            self._known.insert(-1, timestamp)  # overtaken by a later event: it counts, in the order of arrival
            del self._known[:-_REMEMBERED]
            return event.key
        began = self._known[-1] if self._known else timestamp
        goes_on = event.code == self._code and not self._ended and timestamp in (self._upto, (began + _SEGMENT) % _WRAP)
        self._known = [*self._known, timestamp][-_REMEMBERED:]
        self._code, self._upto, self._ended = event.code, upto, event.end
        return "" if goes_on else event.key
