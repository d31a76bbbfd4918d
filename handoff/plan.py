"""How a centre works, as frozen values: queues, skills, hours, patience, what happens when nobody comes, and who its
people are. `huashu.handoff.loading` reads them from centre.yaml; without a file every queue has the defaults below.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from huashu.flows.hours import Hours
from huashu.handoff.views import Field, Medium, Role

Skills = tuple[tuple[str, int], ...]
"""(skill, least level) pairs in order of name."""
Strategy = Literal["longest_idle", "best_skill"]
How = Literal["queue", "callback", "voicemail", "ticket", "bot"]


@dataclass(frozen=True, slots=True)
class Fallback:
    """What happens when a wait is over, the queue full or closed: another queue, a call later, a message left, a
    ticket, or back to the bot with nothing."""

    how: How
    queue: str = ""
    """For "queue"."""


BOT = (Fallback("bot"),)


@dataclass(frozen=True, slots=True)
class Queue:
    """All times in seconds."""

    name: str
    title: str = ""
    skills: Skills = ()
    """What an agent must be able to do to be rung for it."""
    level: int = 1
    """1: 一线, 2: 二线, 3: 专家."""
    escalate: str = ""
    """The queue of the next level."""
    priority: int = 0
    """Added to every case in it; one point is worth `Plan.priority_step` seconds of waiting."""
    hours: Hours | None = None
    """None: always open."""
    strategy: Strategy = "longest_idle"
    capacity: int = 100
    """Cases that may wait at a time."""
    wait: float = 120.0
    """How long a case may wait before the fallback; never longer than the bot waits (`Handoff.within`)."""
    ring: float = 20.0
    """How long an offer rings before it goes to another."""
    sticky: float = 15.0
    """How long a caller is kept for the agent they know, who is busy."""
    wrap_up: float = 30.0
    """Of the agent, after a conversation; 0: none."""
    announce: float = 30.0
    """Between two announcements of place and wait; 0: one, when the case comes in."""
    target: float = 20.0
    """Answered within this: counts for the service level."""
    fallback: tuple[Fallback, ...] = BOT
    """Tried in order."""
    closed: tuple[Fallback, ...] = ()
    """Out of hours; empty: `fallback`."""
    due: float = 86_400.0
    """Within which a ticket of this queue is to be solved."""
    callback: float = 3600.0
    """Within which a caller is called back; the place in the queue is kept as long."""
    dispositions: tuple[str, ...] = ()
    form: tuple[Field, ...] = ()
    area: tuple[str, ...] = ()
    """Fields of the form whose value says which product or place a ticket is about."""
    phrases: Mapping[str, str] = field(default_factory=dict)
    """Canned phrases: name → text. The plan's hold besides."""
    opening: str = ""
    """What a caller is told before an agent who joins is heard (huashu.handoff.opening); empty: nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A live hint to the agent, and to supervisors for "alert"."""

    name: str
    kind: Literal["words", "missing", "anger", "silence", "hold"]
    words: tuple[str, ...] = ()
    """"words": one of them is said. "missing": none of them has been said."""
    by: Literal["agent", "caller", "bot", "any"] = "agent"
    within: float = 60.0
    """"missing": seconds of the person's part after which it is told; "silence", "hold": that nobody speaks, that the
    caller is on hold."""
    above: float = 0.6
    """"anger": 0 to 1."""
    say: str = ""
    """What the agent reads."""
    level: Literal["info", "warn", "alert"] = "warn"
    queues: tuple[str, ...] = ()
    """Empty: all."""


@dataclass(frozen=True, slots=True)
class Demand:
    """When a conversation is taken from the bot without having been asked for: anger, no match again and again, a
    customer of value."""

    name: str
    kind: Literal["anger", "no_match", "variable", "words"]
    queue: str
    above: float = 0.8
    """"anger": at least this; "no_match": so many times in a row."""
    variable: str = ""
    values: tuple[str, ...] = ()
    """"variable": one of these."""
    words: tuple[str, ...] = ()
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """All times in seconds."""

    title: str = ""
    language: str = "zh-CN"
    """Of what agents read."""
    zone: str = "Asia/Shanghai"
    queues: Mapping[str, Queue] = field(default_factory=dict)
    other: Queue = Queue("")
    """For a queue that is not among them: scripts may name any."""
    capacity: Mapping[Medium, int] = field(default_factory=lambda: {"voice": 1, "text": 3})
    """Of an agent whose profile says nothing else."""
    mixed: bool = False
    """An agent on a call may have chats besides."""
    missed: int = 3
    """Offers in a row that ring out before an agent is on break."""
    again: float = 30.0
    """Before a case is offered once more to an agent who declined it or did not answer."""
    briefing: float = 15.0
    """From accepting to acknowledging the briefing."""
    bridge: float = 10.0
    """From acknowledging to being joined."""
    agent_grace: float = 20.0
    """That the conversations of an agent whose desk is lost are kept."""
    line_grace: float = 60.0
    """That a conversation whose line is lost is kept."""
    hold: float = 180.0
    """That a caller may be on hold."""
    consult: float = 300.0
    """That a caller may wait for two who talk about the case."""
    tell_listening: bool = True
    """An agent is told that a supervisor listens in."""
    priority_step: float = 30.0
    tries: int = 5
    """Agents a case may be accepted by without being joined, before its fallback."""
    dispositions: tuple[str, ...] = ()
    phrases: Mapping[str, str] = field(default_factory=dict)
    breaks: tuple[str, ...] = ()
    """What an agent may say a break is for; empty: `huashu.handoff.wording.BREAKS`."""
    rules: tuple[Rule, ...] = ()
    demands: tuple[Demand, ...] = ()
    agents: Mapping[str, "Profile"] = field(default_factory=dict)
    """Queues, skills, capacity and areas of those whom the sign-in knows by name and role alone."""
    levels: tuple[str, ...] = ("一线", "二线", "专家")

    def queue(self, name: str) -> Queue:
        """Its settings; the defaults for one that the plan does not name."""
        found = self.queues.get(name)
        return found if found is not None else replace(self.other, name=name, title=name)

    def opening(self, queue: Queue, at: float) -> float:
        """When it is open next, from an instant on (Unix seconds): at once if it is, or if it never is."""
        if queue.hours is None:
            return at
        opens = queue.hours.opens(datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.zone)))
        return at if opens is None else max(at, opens.timestamp())

    def due(self, queue: Queue, at: float, within: float) -> float:
        """By when something of the queue is to be done that comes up at an instant: the time runs from the opening on,
        and does not run out while the queue is closed."""
        return self.opening(queue, self.opening(queue, at) + within)

    def fresh_due(self, name: str, kind: str, at: float) -> float:
        """By when a ticket of this queue is to be done that is filed, or opened again, at an instant."""
        queue = self.queue(name)
        return self.due(queue, at, queue.callback if kind == "callback" else queue.due)


@dataclass(frozen=True, slots=True)
class Profile:
    """One who may sign in."""

    id: str
    name: str = ""
    role: Role = "agent"
    language: str = "zh-CN"
    queues: tuple[str, ...] = ()
    """Those they work for; empty: all for which they have the skills."""
    skills: Mapping[str, int] = field(default_factory=dict)
    """Skill → level, 1 to 9."""
    capacity: Mapping[Medium, int] = field(default_factory=dict)
    """Empty: the plan's."""
    areas: tuple[str, ...] = ()
    """For tickets: products or places they look after."""
    number: str = ""
    """By which callers know them (工号); empty: `id`."""

    @property
    def watches(self) -> bool:
        """May see, listen to and pull what others have."""
        return self.role in ("supervisor", "admin")
