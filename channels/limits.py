"""The bounds of the edge: what one client may send, and how much the server takes on. All finite, all in one place."""

from dataclasses import dataclass

from huashu.channels import conversations_pb2 as pb
from huashu.core.errors import LimitError, UsageError
from huashu.core.events import ActionResult, Dtmf, EdgeEvent, Heard, HumanLeft, PlaybackMark, Started
from huashu.core.values import Values

KEYS = frozenset("0123456789*#ABCD")


@dataclass(frozen=True, slots=True)
class Limits:
    conversations: int = 500
    """Live at once on this server; over it RESOURCE_EXHAUSTED with `grpc-retry-pushback-ms`."""
    calls: int = 200
    """Of those, spoken calls whose sound comes here; more than a core carries are never taken (bench/README.md)."""
    late: float = 0.1
    """Seconds the server may be late with the sound of its calls; while it is later, no new call is taken."""
    retry_after: float = 5.0
    """Seconds that a refused client is told to wait."""
    message_bytes: int = 4 << 20
    """Any request; sized for Bots.Check."""
    stream_message_bytes: int = 128 << 10
    """One message of a conversation."""
    text: int = 2000
    """Characters of one utterance, of a caller's number, of one text variable."""
    alternatives: int = 10
    variables: int = 100
    audio_seconds: float = 1.0
    """Sound in one message."""
    audio_ahead: float = 5.0
    """Sound that may wait for its turn in a call; more is not read from the stream until then."""
    events_per_second: float = 50.0
    """Sustained; a faster client is read no faster, nothing is dropped."""
    events_burst: int = 100
    outbox: int = 2000
    """Messages waiting for a client that does not read; over it the stream ends and may be resumed."""
    start_within: float = 10.0
    """Seconds for the first message."""
    idle: float = 900.0
    """Seconds without any message from a text client; then the stream ends and may be resumed."""
    line_lost: float = 10.0
    """Seconds a voice client may send no sound; silence is heard in its place, then the stream ends."""
    drain: float = 60.0
    """Seconds that live conversations get to finish after SIGTERM."""
    speech: int = 50
    """Requests to ears and voice by themselves at once (gRPC Speech, /v1/audio), over both."""
    speech_workers: int = 4
    """Threads they share; calls have their own."""
    speech_text: int = 4096
    """Characters to be read aloud in one request."""
    phrases: int = 200
    upload_bytes: int = 25 << 20
    """One file to be written down."""
    upload_seconds: float = 1800.0
    """Sound in it."""
    bundle_files: int = 500
    checks: int = 2
    """Bots.Check at once."""


class Pace:
    """A token bucket: how long to wait before the next message is read."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._tokens = float(burst)
        self._last: float | None = None

    def wait(self, now: float) -> float:
        """Account one message at `now` (seconds, any clock); the seconds to wait before taking it, 0 in the burst."""
        if self._last is not None:
            self._tokens = min(self._burst, self._tokens + (now - self._last) * self._rate)
        self._last = now
        self._tokens -= 1.0
        return max(0.0, -self._tokens / self._rate)


def check_size(message: pb.ClientMessage, limits: Limits) -> None:
    """Raises LimitError when one message of a conversation is too large."""
    size = message.ByteSize()
    if size > limits.stream_message_bytes:
        raise LimitError(f"message of {size} bytes; at most {limits.stream_message_bytes}")


def check_event(event: EdgeEvent, limits: Limits) -> None:
    """Raises LimitError or UsageError naming the field and what would be right."""
    match event:
        case Heard(text=text, alternatives=alternatives, confidence=confidence):
            _check_text("heard.text", text, limits)
            _check_share("heard.confidence", confidence)
            if len(alternatives) > limits.alternatives:
                raise LimitError(f"heard.alternatives: {len(alternatives)}; at most {limits.alternatives}")
            for item in alternatives:
                _check_text("heard.alternatives.text", item.text, limits)
                _check_share("heard.alternatives.confidence", item.confidence)
        case Dtmf(digit=digit):
            if digit not in KEYS:
                raise UsageError("dtmf.digit: expected one of 0-9 * # A-D, one key an event")
        case PlaybackMark(played=played):
            _check_share("playback.played", played)
        case Started():
            _check_started(event, limits)
        case ActionResult(values=values, error=error):
            _check_text("action_result.error", error, limits)
            _check_values("action_result.values", values, limits)
        case HumanLeft(values=values):
            _check_values("human_left.values", values, limits)
        case _:
            pass


def _check_started(started: Started, limits: Limits) -> None:
    for name in ("caller", "callee", "zone", "language"):
        _check_text(f"start.{name}", getattr(started, name) or "", limits)
    _check_values("start.variables", started.variables, limits)
    _check_values("start.arms", started.arms, limits)


def _check_text(field: str, text: str, limits: Limits) -> None:
    if len(text) > limits.text:
        raise LimitError(f"{field}: {len(text)} characters; at most {limits.text}")


def _check_values(field: str, values: Values, limits: Limits) -> None:
    if len(values) > limits.variables:
        raise LimitError(f"{field}: {len(values)} entries; at most {limits.variables}")
    for key, value in values.items():
        _check_text(f"{field} key", key, limits)
        if isinstance(value, str):
            _check_text(f"{field}[{key}]", value, limits)


def _check_share(field: str, share: float) -> None:
    if not 0.0 <= share <= 1.0:
        raise UsageError(f"{field}: expected a share from 0 to 1")
