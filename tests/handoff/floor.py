"""A centre in virtual time: signals in, effects kept, with lines that are joined when they should."""

from collections.abc import Mapping
from typing import TypeVar

from huashu.handoff import signals
from huashu.handoff.effects import Announce, Bridge, Effect, Ring
from huashu.handoff.machine import Case, Centre
from huashu.handoff.plan import Plan, Profile, Queue
from huashu.handoff.views import Medium

BEGAN = 1_772_000_000.0
"""Unix seconds: 2026-02-25 14:13:20 in Shanghai, a Wednesday."""
E = TypeVar("E", bound=Effect)


def plan(*queues: Queue, **settings: object) -> Plan:
    return Plan(queues={queue.name: queue for queue in queues}, **settings)  # type: ignore[arg-type]


class World:
    """`joins`: lines are joined at once when the centre asks."""

    def __init__(self, plan: Plan, *, joins: bool = True) -> None:
        self.centre = Centre(plan)
        self.now = BEGAN
        self.joins = joins
        self.told: list[Effect] = []

    def tell(self, *told: signals.Signal) -> list[Effect]:
        """What followed, all together."""
        new: list[Effect] = []
        for signal in told:
            new += self._took(self.centre.receive(signal, now=self.now))
        return new

    def wait(self, seconds: float) -> list[Effect]:
        """Time passes; the centre is woken whenever it wants to be."""
        new: list[Effect] = []
        end = self.now + seconds
        while (at := self.centre.deadline) is not None and at <= end:
            self.now = max(self.now, at)
            new += self._took(self.centre.tick(now=self.now))
        self.now = end
        return new

    def _took(self, effects: list[Effect]) -> list[Effect]:
        self.told += effects
        if not self.joins:
            return effects
        more: list[Effect] = []
        for effect in effects:
            if isinstance(effect, Bridge):
                more += self.tell(signals.Bridged(effect.call, effect.agent))
        return [*effects, *more]

    # --- what people do -------------------------------------------------------------------------------------------

    def agent(self, id_: str, *queues: str, skills: Mapping[str, int] | None = None, **profile: object) -> Profile:
        who = Profile(id_, id_, queues=queues, skills=skills or {}, **profile)  # type: ignore[arg-type]
        self.tell(signals.SignedIn(who))
        return who

    def call(self, id_: str, medium: Medium = "text") -> None:
        self.tell(signals.Joined(id_, medium))

    def want(self, id_: str, queue: str = "q", medium: Medium = "text", **wish: object) -> list[Effect]:
        """A conversation whose bot wants a person."""
        if id_ not in self.centre.cases:
            self.call(id_, medium)
        wish.setdefault("handoff", f"{id_}.h")
        return self.tell(signals.Requested(id_, queue, **wish))  # type: ignore[arg-type]

    def accept(self, id_: str) -> str:
        """Whoever is rung for it accepts and reads the briefing; who that is."""
        case = self.centre.cases[id_]
        agent = case.agent
        self.tell(signals.Accept(agent, case.offer), signals.Acknowledge(agent, case.parent or id_))
        return agent

    # --- what is to be seen ---------------------------------------------------------------------------------------

    def case(self, id_: str) -> Case:
        return self.centre.cases[id_]

    def state(self, id_: str) -> str:
        return self.centre.cases[id_].state

    def presence(self, agent: str) -> str:
        return self.centre.people[agent].presence

    def all(self, kind: type[E]) -> list[E]:
        return [effect for effect in self.told if isinstance(effect, kind)]

    def rung(self) -> list[tuple[str, str]]:
        """(conversation, agent) of every offer, in order."""
        return [(effect.call, effect.agent) for effect in self.all(Ring)]

    def announced(self, id_: str) -> list[int]:
        return [effect.position for effect in self.all(Announce) if effect.call == id_]
