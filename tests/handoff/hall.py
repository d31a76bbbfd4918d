"""A centre with real conversations on real hosts, in virtual time: text callers, desks that remember what they saw."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from huashu.core.actions import Action, HumanSay, Say
from huashu.core.events import Answered, Entity, FaqHit, Heard, IntentScore, Started, Understood
from huashu.core.expect import Expectation
from huashu.core.values import Scalar
from huashu.handoff import commands
from huashu.handoff.attended import Attended
from huashu.handoff.plan import Plan, Profile
from huashu.handoff.seat import Seat
from huashu.handoff.service import HandoffService
from huashu.handoff.views import Answer, Conversation, Gone, Hint, Offer, Said, View
from huashu.nlu.engine import Capabilities
from huashu.runtime.bot import Bot, load_bot
from huashu.runtime.host import Host
from huashu.store.log import Store

BEGAN = 1_772_000_000.0
V = TypeVar("V", bound=View)


class Words:
    """ "slot=value" fills a slot, "!name" is an intent; "^" in front is angry."""

    capabilities = Capabilities("words", ("zh-CN",))

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        anger = 0.9 if heard.text.startswith("^") else 0.0
        text = heard.text.removeprefix("^")
        if text.startswith("!"):
            return Understood(heard.text, (IntentScore(text[1:], 0.95),), anger=anger)
        slot, found, value = text.partition("=")
        if not found:
            return Understood(heard.text, anger=anger)
        entity = Entity("text", int(value) if slot in ("期数", "分") else value, value, 0, len(value), slot, 0.8)
        return Understood(heard.text, entities=(entity,), anger=anger)

    def search(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]:
        return ()

    candidates = search


@cache
def bot() -> Bot:
    return load_bot(Path(__file__).parent / "bot", understander=Words())


class Caller:
    """A text conversation: its line is joined to the centre."""

    def __init__(self, hall: "Hall", call: str) -> None:
        self.hall = hall
        self.call = call
        self.heard: list[str] = []
        self.actions: list[Action] = []
        self.line = Attended(hall.service, bot().script, hall.store)
        self.host = Host(
            bot(), self, store=hall.store, clock=hall.clock, wall=hall.wall, timers=False, observe=self.line.saw
        )
        self.line.over(self.host)
        hall.callers[call] = self

    def perform(self, action: Action) -> None:
        self.actions.append(action)
        if isinstance(action, Say | HumanSay):
            self.heard.append(action.text)
        self.line.did(action)

    async def start(self, **given: Scalar) -> "Caller":
        started = Started(self.call, caller="13800138000", wall=BEGAN, marks="none", variables=given)
        await self.host.start(started)
        self.line.join()
        await self.host.receive(Answered())
        return self

    async def resume(self) -> "Caller":
        await self.host.resume(self.call)
        self.line.join()
        await self.hall.settle()
        return self

    async def says(self, *texts: str) -> None:
        for text in texts:
            await self.host.receive(Heard(text))
        await self.hall.settle()


class Desk:
    def __init__(self, hall: "Hall", profile: Profile) -> None:
        self.hall = hall
        self.seen: list[View] = []
        self.seat: Seat = hall.service.sign_in(profile, self.seen.append)

    async def do(self, command: commands.Command, *, id_: str = "") -> Answer:
        answer = await self.seat.do(command, id=id_)
        await self.hall.settle()
        return answer

    def all(self, kind: type[V]) -> list[V]:
        return [view for view in self.seen if isinstance(view, kind)]

    @property
    def offer(self) -> Offer:
        return self.all(Offer)[-1]

    def conversation(self, call: str) -> Conversation:
        return [view for view in self.all(Conversation) if view.id == call][-1]

    def words(self, call: str) -> list[tuple[str, str]]:
        """(by, text) as it stands on the screen."""
        shown = {view.n: (view.by, view.text) for view in self.all(Said) if view.conversation == call}
        return [shown[n] for n in sorted(shown)]

    def hints(self) -> list[str]:
        return [view.kind for view in self.all(Hint)]

    def gone(self) -> list[str]:
        return [view.id for view in self.all(Gone) if view.kind == "conversation"]

    async def take(self) -> str:
        """What rings; the conversation."""
        offer = self.offer
        await self.do(commands.Accept(offer.id))
        await self.do(commands.Acknowledge(offer.conversation.id))
        return offer.conversation.id


class Hall:
    def __init__(self, plan: Plan | None = None, store: Store | None = None, *, at: float = 0.0) -> None:
        self.at = at
        self.store = store
        self.callers: dict[str, Caller] = {}
        self.service = HandoffService(plan or Plan(), store=store, clock=self.clock, wall=self.wall, timers=False)

    def clock(self) -> float:
        return self.at

    def wall(self) -> float:
        return BEGAN + self.at

    async def call(self, id_: str, *says: str, given: Mapping[str, Scalar] | None = None) -> Caller:
        caller = await Caller(self, id_).start(**(given or {}))
        await caller.says(*says)
        return caller

    def desk(self, id_: str, *queues: str, role: str = "agent", **profile: object) -> Desk:
        return Desk(self, Profile(id_, f"坐席{id_}", role, queues=queues, **profile))  # type: ignore[arg-type]

    async def settle(self) -> None:
        """Until the lines have handled what they were given."""
        while any(live.busy for live in self.service.lines.lives.values()):
            for live in list(self.service.lines.lives.values()):
                await live.settled()

    async def wait(self, seconds: float) -> None:
        """Time passes; hosts and the centre are woken when they want to be."""
        end = self.at + seconds
        while True:
            await self.settle()
            at = self.service.deadline
            due = [] if at is None else [at - BEGAN]
            hosts = [(caller.host, caller.host.deadline) for caller in self.callers.values() if not caller.host.closed]
            due += [self.at + max(0.0, deadline - host.now) for host, deadline in hosts if deadline is not None]
            if not due or min(due) > end:
                break
            self.at = max(self.at, min(due))
            for host, _ in hosts:
                await host.wake()
            self.service.wake()
        self.at = end
        await self.settle()
