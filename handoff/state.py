"""What the centre's machine knows while it runs: cases, people, lanes, figures, timers. The rules that change it are
in `routing`, `course`, `staff` and `together`.
"""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

from huashu.core.errors import UsageError
from huashu.handoff.effects import Changed, Effect
from huashu.handoff.figures import Tally
from huashu.handoff.plan import Plan, Profile, Queue, Skills
from huashu.handoff.ranks import Key, Ranked, Timers
from huashu.handoff.views import Medium, Mode, Presence, Reason, State

WAITING: tuple[State, ...] = ("queued", "offered", "accepted")
"""States in which a caller waits for a person."""


MISSED = "missed"
"""Why somebody is on a break who has let offers ring out."""


class RefusedError(UsageError):
    """A wish that cannot be fulfilled; nothing has changed. Codes: unknown, taken, forbidden, state, busy, closed,
    queue_full, invalid."""

    code = "state"


@dataclass(slots=True)
class Case:
    """A conversation at the centre; or a leg beside one: a colleague being consulted, a caller to be called back."""

    id: str
    medium: Medium = "text"
    kind: Literal["caller", "consult", "callback"] = "caller"
    parent: str = ""
    """Of a leg: the conversation."""
    state: State = "bot"
    since: float = 0.0
    began: float = 0.0
    number: int = 0
    """Handoffs so far."""
    ours: bool = False
    """The conversation believes that a person has it: the bot is silent."""
    line: bool = True
    handoff: str = ""
    """The bot's, that it waits for."""
    queue: str = ""
    reason: Reason = "requested"
    priority: int = 0
    needs: Skills = ()
    queued: float = 0.0
    """When this wait began."""
    until: float = 0.0
    """When it is over."""
    front: int = 0
    """1: had been offered, 2: had an agent: before all who had less."""
    agent: str = ""
    """Rung, accepted by, or in possession."""
    last: str = ""
    """Who had it before."""
    offer: str = ""
    bridging: bool = False
    rung: float = 0.0
    """When it was last offered."""
    rings: int = 0
    """Offers, ever."""
    tries: int = 0
    """Times it was accepted in this handoff without being joined."""
    give_up: float = 0.0
    """When the bot that waits goes on by itself; 0: never."""
    visited: tuple[str, ...] = ()
    """Queues of this handoff."""
    kept: str = ""
    """Waits for this agent alone."""
    named: str = ""
    """Of a leg: this colleague is asked, and nobody in their stead."""
    refused: dict[str, float] = field(default_factory=dict)
    """Agent → until when it is not offered to them."""
    parties: dict[str, Mode | Literal["conference"]] = field(default_factory=dict)
    """Others on the line."""
    on_hold: bool = False
    legs: int = 0
    """Colleagues asked and calls back promised so far."""
    answered: float = 0.0
    """When a person had it first, in this stage."""
    step: str = ""
    """Where a person has told the bot to go on."""
    consult: str = ""
    """The leg on which a colleague is asked."""
    why: str = ""
    """Reason of the end."""

    @property
    def owner(self) -> str:
        """Who answers the caller now: "bot", "centre" (a person had it, another is to come), or the agent."""
        if self.state == "bridged":
            return self.agent
        if self.state == "closed":
            return "nobody"
        return "centre" if self.ours else "bot"


@dataclass(slots=True)
class Person:
    """Somebody signed in."""

    profile: Profile
    presence: Presence = "available"
    away: str = ""
    """Why they are on a break: their own word, or `MISSED`."""
    since: float = 0.0
    idle: float = 0.0
    """Since when without work."""
    lost: bool = False
    missed: int = 0
    ringing: str = ""
    """The case that rings."""
    work: dict[str, Medium] = field(default_factory=dict)
    """Cases offered, accepted and in possession."""
    joins: dict[str, None] = field(default_factory=dict)
    """Conversations they are a party of besides."""
    kept: Ranked = field(default_factory=Ranked)
    """Cases that wait for this agent alone."""
    lanes: list["Lane"] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.profile.id

    def load(self, medium: Medium) -> int:
        return sum(1 for other in self.work.values() if other == medium)


@dataclass(slots=True)
class Lane:
    """The cases of a queue that want the same, and the agents who can give it and are free."""

    queue: str
    medium: Medium
    needs: Skills
    """The queue's and the cases' own."""
    waiting: Ranked = field(default_factory=Ranked)
    free: Ranked = field(default_factory=Ranked)


class Floor:
    """The whole state. `now`: Unix seconds, never backwards."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.now = 0.0
        self.cases: dict[str, Case] = {}
        self.people: dict[str, Person] = {}
        self.lanes: dict[tuple[str, Medium, Skills], Lane] = {}
        self.waiting: dict[str, Ranked] = {}
        """By queue, over its lanes: places are told by it."""
        self.tallies: dict[str, Tally] = {}
        self.timers = Timers()
        self.seeking: deque[str] = deque()
        """Agents who may take something up."""
        self.unmatched: deque[str] = deque()
        """Cases that may find somebody."""
        self.touched: dict[str, Case] = {}
        """Cases of which something is to be recorded anew, those that are over included."""
        self.counted: dict[str, None] = {}
        """Queues whose figures are to be recorded anew."""
        self.legs: Counter[str] = Counter()
        """Conversation → callers to be called back."""
        self._today, self._midnight = 0, 0.0
        self._effects: list[Effect] = []
        self._changed: dict[Changed, None] = {}

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.plan.zone)

    # --- effects --------------------------------------------------------------------------------------------------

    def emit(self, effect: Effect) -> None:
        self._effects.append(effect)

    def changed(self, case: Case) -> None:
        """The conversation is to be shown and recorded anew; a leg shows in its conversation."""
        self.touched[case.id] = case
        self._changed[Changed("conversation", case.parent or case.id)] = None

    def moved(self, person: Person) -> None:
        self._changed[Changed("agent", person.id)] = None

    def stirred(self, queue: str) -> None:
        self.counted[queue] = None
        self._changed[Changed("queue", queue)] = None

    def take(self) -> list[Effect]:
        """What has been emitted, then what is to be shown: each thing once."""
        effects: list[Effect] = [*self._effects, *self._changed]
        self._effects.clear()
        self._changed.clear()
        return effects

    # --- looking up -----------------------------------------------------------------------------------------------

    def case(self, id_: str) -> Case:
        case = self.cases.get(id_)
        if case is None:
            raise RefusedError(f"no conversation {id_!r} at the centre", code="unknown")
        return case

    def owned(self, agent: str, id_: str) -> Case:
        """The agent's own conversation."""
        case = self.case(id_)
        if case.state != "bridged":
            raise RefusedError(f"conversation {id_!r} is {case.state}, not with an agent", code="state")
        if case.agent != agent or case.kind != "caller":
            raise RefusedError(f"conversation {id_!r} belongs to somebody else", code="forbidden")
        return case

    def person(self, id_: str) -> Person:
        person = self.people.get(id_)
        if person is None:
            raise RefusedError(f"agent {id_!r} is not signed in", code="unknown")
        return person

    def queue(self, case: Case) -> Queue:
        return self.plan.queue(case.queue)

    def line_of(self, queue: str) -> Ranked:
        if queue not in self.waiting:
            self.waiting[queue] = Ranked()
        return self.waiting[queue]

    def tally(self, queue: str) -> Tally:
        """Counts since midnight in the centre's zone, and rates."""
        tally = self.tallies.get(queue)
        if tally is None:
            tally = self.tallies[queue] = Tally(self.plan.queue(queue).target)
        if self.now >= self._midnight:
            self._today, self._midnight = self.local().toordinal(), self.midnight
        tally.on(self._today)
        return tally

    @property
    def today(self) -> tuple[int, float]:
        """(ordinal of the day, Unix seconds at which it began), in the centre's zone."""
        begun = self.local().replace(hour=0, minute=0, second=0, microsecond=0)
        return begun.toordinal(), begun.timestamp()

    @property
    def midnight(self) -> float:
        """The next one in the centre's zone, in Unix seconds: figures begin anew."""
        return (self.local() + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()

    def local(self, at: float | None = None) -> datetime:
        return datetime.fromtimestamp(self.now if at is None else at, UTC).astimezone(self.zone)

    def is_open(self, queue: Queue) -> bool:
        return queue.hours is None or queue.hours.open_at(self.local())

    def opening(self, queue: Queue) -> float:
        """When it is open next, in Unix seconds: now, if it is, or if it never is."""
        return self.plan.opening(queue, self.now)

    # --- small steps ----------------------------------------------------------------------------------------------

    def enter(self, case: Case, state: State) -> None:
        case.state = state
        case.since = self.now
        self.changed(case)

    def be(self, person: Person, presence: Presence, *, away: str = "") -> None:
        """away: why they are on a break."""
        if person.presence != presence:
            person.presence = presence
            person.since = self.now
        person.away = away if presence == "break" else ""
        self.timers.cancel(("wrap", person.id))
        self.moved(person)

    def stop(self, case: Case, *names: str) -> None:
        self.timers.cancel(*(((name, case.id)) for name in names))

    def within(self, name: str, id_: str, seconds: float) -> None:
        key: Key = (name, id_)
        self.timers.set(key, self.now + seconds)
