"""What the centre counts, without content, on the default Prometheus registry: for alarms on the wall of operations.

Queues are the plan's and the scripts', so that labels are few and bounded; no agent's name and no call's id is one.
"""

from collections.abc import Iterable

from prometheus_client import Counter, Gauge, Histogram

from huashu.handoff.machine import Case, Person
from huashu.handoff.views import Presence

BUCKETS = (5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
WAITING = Gauge("huashu_centre_waiting", "Callers and call backs that wait for a person", ["queue"])
SINCE = Gauge("huashu_centre_waiting_since_seconds", "Unix second since which the first waits; 0: nobody", ["queue"])
AGENTS = Gauge("huashu_centre_agents", "People signed in, by how they stand", ["presence"])
WAIT_SECONDS = Histogram("huashu_centre_wait_seconds", "From the wish to the person", ["queue"], buckets=BUCKETS)
ENDED = Counter("huashu_centre_handoffs_ended", "Handoffs that are over, by queue and reason", ["queue", "why"])
_PRESENCES: tuple[Presence, ...] = ("available", "wrap_up", "break", "offline")


def queue(name: str, waiting: int, since: float) -> None:
    """How many wait, and since when the first of them does (Unix seconds)."""
    WAITING.labels(name).set(waiting)
    SINCE.labels(name).set(since if waiting else 0.0)


def agents(people: Iterable[Person]) -> None:
    counts = dict.fromkeys(_PRESENCES, 0)
    for person in people:
        counts["offline" if person.lost else person.presence] += 1
    for presence, count in counts.items():
        AGENTS.labels(presence).set(count)


def answered(case: Case) -> None:
    """A person has the caller."""
    WAIT_SECONDS.labels(case.queue).observe(max(0.0, case.answered - case.queued))


def ended(touched: Iterable[Case], now: float) -> None:
    """Of what has changed: those whose handoff has come to its end just now."""
    for case in touched:
        if (
            case.kind == "caller"
            and case.number
            and case.state in ("closed", "returned", "failed")
            and case.since == now
        ):
            ENDED.labels(case.queue, case.why).inc()
