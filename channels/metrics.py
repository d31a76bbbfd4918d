"""What the edge counts, without content, on the default Prometheus registry; conversations themselves are counted by
huashu.runtime.metrics."""

from prometheus_client import Counter, Gauge, Histogram

STREAMS = Gauge("huashu_grpc_streams", "Conversation streams open now")
CALLS = Gauge("huashu_grpc_calls", "Of those, calls whose sound comes here")
LOOP_LAG = Gauge("huashu_loop_lag_seconds", "How late the event loop is, 95 % of the last 5 s")
TURNED_AWAY = Counter("huashu_grpc_turned_away", "Conversations refused at the door, by gRPC status", ["status"])
ENDED = Counter("huashu_grpc_streams_ended", "Conversation streams ended, by gRPC status", ["status"])
REFUSED = Counter("huashu_grpc_messages_refused", "Client messages refused within a conversation, by code", ["code"])
UNAUTHENTICATED = Counter("huashu_grpc_unauthenticated", "Requests without the right token")
SOUND_MISSING = Counter("huashu_grpc_frames_missing", "20 ms frames of silence put in for a late client")
FRAME_SECONDS = Histogram(
    "huashu_frame_seconds",
    "From the arrival of 20 ms of a caller's sound to the bot's answer to it, every tenth",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32),
)
SPEECH = Counter(
    "huashu_speech_requests", "Requests to ears and voice by themselves, by method and status", ["method", "status"]
)
