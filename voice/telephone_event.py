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


def parse(payload: bytes) -> list[TelephoneEvent]:
    """The events of a payload: one, or several that follow each other without a gap (2.5.1.5); none when it is too
    short. The reserved bit is ignored, and so is what is left over."""
    events = []
    for start in range(0, len(payload) - 3, 4):
        code, flags, duration = struct.unpack_from("!BBH", payload, start)
        events.append(TelephoneEvent(code, bool(flags & 0x80), flags & 0x3F, duration))
    return events


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
        """One packet. `timestamp`: of the RTP header. The keys that it is the first to tell of, mostly none."""
        events = parse(payload)
        if not events:
            self.malformed += 1
        keys = ""
        for event in events:
            keys += self._told(event, timestamp)
            timestamp = (timestamp + event.duration) % _WRAP
        return keys

    def _told(self, event: TelephoneEvent, timestamp: int) -> str:
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
        goes_on = event.code == self._code and self._covers(timestamp)
        self._known = [*self._known, timestamp][-_REMEMBERED:]
        self._code, self._upto, self._ended = event.code, upto, event.end
        return "" if goes_on else event.key

    def _covers(self, timestamp: int) -> bool:
        """Whether an event of the same code that begins then is the latest one still: its next segment, or a packet of
        a gateway that counts the timestamp on within an event, which no gap parts from the packets before."""
        began = self._known[-1]
        length = (self._upto - began) % _WRAP
        after = (timestamp - began) % _WRAP
        return after < length or (not self._ended and after in (length, _SEGMENT))
