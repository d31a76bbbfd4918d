"""What the voice room counts, without content, on the default Prometheus registry (see huashu.runtime.metrics)."""

from prometheus_client import Counter, Histogram

ANSWERED_BY = Counter("huashu_answered_by", "Outbound calls by who answered them, as the detectors judge", ["by"])
LINE_FAULTS = Counter("huashu_line_faults", "Calls whose caller's side arrived badly, by fault", ["fault"])
TALK_LEVEL = Histogram(
    "huashu_talk_level_dbfs",
    "Level of the caller's talk over a call",
    buckets=(-60, -50, -42, -36, -30, -24, -18, -12, -9),
)
TURNS_LOST = Counter("huashu_turns_lost", "Callers' turns that no recogniser could read, by error code", ["code"])
RECORDINGS_BROKEN = Counter("huashu_recordings_broken", "Recordings that could not be begun, or written to their end")
