"""What is counted and timed, without content. Prometheus metrics on the default registry, OpenTelemetry spans.

Names carry the unit; labels are few and bounded (never a call id, an intent or a text).
"""

from contextlib import AbstractContextManager, nullcontext

from opentelemetry import trace
from prometheus_client import Counter, Gauge, Histogram

TURN_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
ACTION_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)

TURNS = Counter("huashu_turns", "Events handled that reached the engine and were committed")
TURN_SECONDS = Histogram(
    "huashu_turn_seconds", "From an event's arrival to its actions performed", buckets=TURN_BUCKETS
)
NLU_SECONDS = Histogram("huashu_nlu_seconds", "Understanding one utterance", buckets=TURN_BUCKETS)
NLU_FAILURES = Counter("huashu_nlu_failures", "Utterances on which understanding raised")
ENGINE_FAILURES = Counter("huashu_engine_failures", "Conversations ended by a fault of the engine")
STORE_FAILURES = Counter("huashu_store_failures", "Turns that could not be recorded")
ACTIONS = Counter("huashu_actions", "Script actions run, by outcome", ["outcome"])
ACTION_SECONDS = Histogram("huashu_action_seconds", "Script actions, start to result", buckets=ACTION_BUCKETS)
CONVERSATIONS = Counter("huashu_conversations", "Conversations started or resumed", ["how"])
OPEN_CONVERSATIONS = Gauge("huashu_open_conversations", "Conversations held by this process")
ENDED = Counter("huashu_conversations_ended", "Conversations closed, by result word", ["result"])

_UNTRACED = nullcontext()
_tracer = trace.get_tracer("huashu")


def span(name: str) -> AbstractContextManager[trace.Span | None]:
    """A span that records its time only: messages of exceptions may quote the caller. Free when nobody traces."""
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return _UNTRACED
    return _tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False)
