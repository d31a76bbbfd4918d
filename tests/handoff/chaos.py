"""Random orders of everything that can happen at a centre, and what must hold whatever happens.

`Chaos(rng).run(events)` drives one centre; the calls beside it behave as conversations do: they believe what they are
told, late, twice or never. Checked after every event: one owner, nobody waits without a bound, every end has a reason,
what is free is offered, a refusal changes nothing, and the books (queues, lanes, work, timers) agree.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from huashu.flows.hours import parse_hours
from huashu.handoff import effects, signals
from huashu.handoff.machine import Case, Centre, Person, RefusedError
from huashu.handoff.plan import Fallback, Plan, Profile, Queue
from huashu.handoff.routing import in_time, is_free
from huashu.handoff.state import WAITING, Floor

BEGAN = 1_772_000_000.0
QUEUES = ("q", "r", "x", "night", "late")
AGENTS = (
    Profile("a", queues=("q", "r"), skills={"en": 2}),
    Profile("b", skills={"x": 3}),
    Profile("c", queues=("q", "x"), skills={"x": 5, "en": 1}, capacity={"voice": 1, "text": 1}),
    Profile("s", role="supervisor", queues=("r",)),
)
PLAN = Plan(
    queues={
        "q": Queue("q", wait=60.0, capacity=2, escalate="x", fallback=(Fallback("queue", "r"), Fallback("callback")),
                   callback=200.0),
        "r": Queue("r", wait=40.0, wrap_up=0.0, sticky=5.0, announce=7.0,
                   fallback=(Fallback("queue", "q"), Fallback("ticket"))),
        "x": Queue("x", wait=50.0, level=3, skills=(("x", 2),), strategy="best_skill", fallback=(Fallback("bot"),)),
        "night": Queue("night", hours=parse_hours(["每天 2:00-2:01"]), closed=(Fallback("voicemail"),)),
        "late": Queue("late", hours=parse_hours(["每天 14:14-14:15"]), callback=90.0, fallback=(Fallback("callback"),)),
    },
    capacity={"voice": 1, "text": 2}, missed=2, tries=3, hold=30.0, consult=50.0, line_grace=40.0,
)  # fmt: skip
BOUND = sum(queue.wait + queue.ring for queue in PLAN.queues.values()) + 4 * (PLAN.briefing + PLAN.bridge) + 50.0
"""Seconds from the wish for a person to a person or an end: every queue once, the last offer and join of each; and the
grace after a restart."""


@dataclass
class Call:
    """What a conversation believes."""

    owner: str = "bot"
    handoff: str = ""
    """It waits for."""
    wished: int = 0
    speaking: set[str] = field(default_factory=set)
    """Whose sound is on the line as the owner's."""
    since: float | None = None
    """It has been waiting since."""


class Chaos:
    def __init__(self, rng: Random, *, calls: int = 3) -> None:
        self.rng = rng
        self.centre = Centre(PLAN)
        self.now = BEGAN
        self.calls: dict[str, Call] = {}
        self.names = [f"c{number}" for number in range(calls)]
        self.born = 0
        self.offers: list[tuple[str, str]] = []
        """(agent, offer), old ones too."""
        self.bridges: list[effects.Bridge] = []
        """Joins that conversations have not answered yet."""
        self.stats: Counter[str] = Counter()
        self.tickets: set[str] = set()

    @property
    def floor(self) -> Floor:
        return self.centre._floor

    def run(self, events: int) -> None:
        if self.rng.random() < 0.9:
            for profile in AGENTS[: self.rng.randrange(1, 5)]:
                self.tell(signals.SignedIn(profile))
        for _ in range(events):
            self.step()
        self.end()

    def step(self) -> None:
        chosen = self.rng.random()
        if chosen < 0.25:
            self.pass_time()
        elif chosen < 0.4:
            self.conversation()
        elif chosen < 0.48:
            self.session()
        elif chosen < 0.99:
            self.wish()
        else:
            self.restart()
        self.check()

    # --- what happens ---------------------------------------------------------------------------------------------

    def tell(self, signal: signals.Signal) -> None:
        before = self.image() if self.rng.random() < 0.05 else None
        try:
            told = self.centre.receive(signal, now=self.now)
        except RefusedError as error:
            self.stats[f"refused {error.code}"] += 1
            if isinstance(signal, signals.Report):
                raise AssertionError(f"a report was refused: {signal}") from error
            if before is not None:
                assert self.image() == before, f"a refused {signal} changed something"
            return
        self.stats[type(signal).__name__] += 1
        self.perform(told)

    def perform(self, told: list[effects.Effect]) -> None:
        for effect in told:
            match effect:
                case effects.Ring(offer=offer, agent=agent):
                    self.offers.append((agent, offer))
                case effects.Bridge():
                    self.bridges.append(effect)
                case effects.Unring(offer=offer, agent=agent):
                    assert (agent, offer) in self.offers, "an offer ends that never rang"
                case effects.Gone(kind="conversation", id=id_, agent=""):
                    assert id_ not in self.centre.cases, "what is there is said to be gone"
                case effects.Fail(call=id_, handoff=handoff):
                    if id_ in self.calls and self.calls[id_].handoff == handoff:
                        self.calls[id_].handoff = ""
                case effects.Return(call=id_):
                    if id_ in self.calls:
                        self.calls[id_].owner = "bot"
                case effects.Connect(call=id_, agent=agent, part="owner" | "hold"):
                    if id_ in self.calls:
                        self.calls[id_].speaking.add(agent)
                case effects.Disconnect(call=id_, agent=agent):
                    if id_ in self.calls:
                        self.calls[id_].speaking.discard(agent)
                case effects.FileTicket(call=id_):
                    self.tickets.add(id_)
                case _:
                    pass

    def pass_time(self) -> None:
        """To just before, at, or well behind the deadline; or a little."""
        deadline = self.centre.deadline
        kind = self.rng.random()
        if deadline is None or kind < 0.4:
            self.now += self.rng.choice((0.0, 0.5, 3.0))
        elif kind < 0.9:
            self.now = max(self.now, deadline)
        else:
            self.now = max(self.now, deadline) + self.rng.uniform(0.0, 100.0)
        self.wake()

    def wake(self) -> None:
        """As the shell does: whenever the deadline has come."""
        while (deadline := self.centre.deadline) is not None and deadline <= self.now:
            self.perform(self.centre.tick(now=self.now))

    def conversation(self) -> None:
        rng = self.rng
        id_ = rng.choice(self.names)
        call = self.calls.get(id_)
        if call is None:
            if rng.random() < 0.8:
                self.calls[id_] = Call()
                self.born += 1
                self.tell(signals.Joined(id_, rng.choice(("text", "voice"))))
            else:
                self.tell(rng.choice((signals.Ended(id_), signals.LineLost(id_), signals.Requested(id_, "q"))))
            return
        match rng.randrange(12):
            case 0 | 1 | 2 | 9 | 10 if call.owner == "bot":
                call.wished += 1
                call.handoff = f"{id_}.{call.wished}" if rng.random() < 0.8 else ""
                within = rng.choice((0.0, 0.0, 30.0, 90.0))
                known = rng.choice(("", "", "a", "b"))
                needs = rng.choice(((), (), (("en", 1),)))
                priority = rng.randrange(3)
                self.tell(
                    signals.Requested(
                        id_, rng.choice(QUEUES), "requested", call.handoff, within, needs, priority, known
                    )
                )
            case 3 if rng.random() < 0.6:
                self.tell(signals.Ended(id_))
                self.calls.pop(id_)
            case 4:
                self.tell(signals.LineLost(id_))
            case 5:
                self.tell(signals.Joined(id_, "text", call.owner))  # type: ignore[arg-type]
            case 6 if call.handoff:
                if rng.random() < 0.3:
                    self.tell(signals.WentOn(id_, call.handoff))
                    call.handoff = ""
            case 7:
                self.tell(signals.CallbackWanted(id_))
            case _:
                self.join()

    def join(self) -> None:
        """A conversation answers a join: at once, late, twice; or it cannot."""
        if not self.bridges:
            return
        effect = self.bridges[self.rng.randrange(len(self.bridges))]
        if self.rng.random() < 0.9:
            self.bridges.remove(effect)
        call = self.calls.get(effect.call)
        if call is None or self.rng.random() < 0.15:
            self.tell(signals.BridgeFailed(effect.call, effect.agent))
            return
        call.owner = "human"
        call.handoff = ""
        self.tell(signals.Bridged(effect.call, effect.agent))

    def session(self) -> None:
        profile = self.rng.choice(AGENTS)
        match self.rng.randrange(9):
            case 0 | 1 | 2 | 3 | 4 | 5 | 6:
                self.tell(signals.SignedIn(profile))
            case 7:
                self.tell(signals.AgentLost(profile.id))
            case _:
                self.tell(signals.SignedOut(profile.id))

    def wish(self) -> None:
        """Of whoever has something to do most of the time, else of anybody about anything."""
        rng, cases = self.rng, self.centre.cases
        agent = rng.choice(AGENTS).id
        id_ = rng.choice([*cases, *cases, *cases, *self.names])
        case = cases.get(id_)
        if case is not None and case.agent and rng.random() < 0.8:
            agent = case.agent
            if case.state == "offered" and rng.random() < 0.8:
                wish = signals.Accept if rng.random() < 0.8 else signals.Decline
                self.tell(wish(agent, case.offer))
                return
            if case.state == "accepted" and rng.random() < 0.8:
                self.tell(signals.Acknowledge(agent, case.parent or id_))
                if rng.random() < 0.7:
                    self.join()
                return
        queue, other = rng.choice(("", *QUEUES)), rng.choice(("", "a", "b", "c", "s"))
        wishes: list[signals.Wish] = [
            signals.BePresent(agent, rng.choice(("available", "available", "break", "wrap_up", "offline"))),
            signals.Hold(agent, id_, rng.random() < 0.6),
            signals.Transfer(agent, id_, queue, other),
            signals.Consult(agent, id_, queue, other),
            signals.Consult(agent, id_, queue, other),
            signals.Complete(agent, id_, rng.choice(("hand_over", "join", "cancel"))),
            signals.Complete(agent, id_, rng.choice(("hand_over", "join", "cancel"))),
            signals.GiveBack(agent, id_),
            signals.Close(agent, id_),
            signals.WrapUpDone(agent),
            signals.Supervise("s" if rng.random() < 0.8 else agent, id_,
                              rng.choice(("listen", "whisper", "barge", "takeover", None))),
            signals.Pull("s" if rng.random() < 0.8 else agent, id_, queue, other),
            signals.Acknowledge(agent, id_),
        ]  # fmt: skip
        if self.offers:
            old = rng.choice(self.offers[-6:])
            wishes.append(signals.Accept(rng.choice((old[0], agent)), old[1]))
            wishes.append(signals.Decline(*old))
        chosen = rng.choice(wishes)
        self.tell(chosen)
        if isinstance(chosen, signals.Transfer | signals.Pull) and id_ in self.calls:
            self.calls[id_].since = None  # sent somewhere by a person: the wait begins anew

    def restart(self) -> None:
        """The process ends; what is on record is put back."""
        kept = [case for case in self.floor.cases.values() if case.number or case.kind != "caller"]
        ended = [id_ for id_, case in self.floor.cases.items() if case.kind == "caller" and case.state == "closed"]
        cases = [_copied(case) for case in kept if case.state not in ("closed", "returned", "failed", "bot")]
        people = list(self.centre.people.values())
        self.centre = Centre(PLAN)
        self.bridges.clear()
        self.now += self.rng.uniform(0.0, 30.0)
        for call in self.calls.values():
            call.speaking.clear()
        self.perform(self.centre.restore(cases, people, now=self.now))
        for id_ in ended:
            self.calls.pop(id_, None)
        for id_, call in self.calls.items():
            if self.rng.random() < 0.7 or id_ not in self.centre.cases:
                self.tell(signals.Joined(id_, "text", call.owner))  # type: ignore[arg-type]

    # --- what must hold -------------------------------------------------------------------------------------------

    def check(self) -> None:
        floor = self.floor
        assert not floor.seeking
        assert not floor.unmatched
        for case in floor.cases.values():
            self._case(case)
        work = Counter(id_ for person in floor.people.values() for id_ in person.work)
        assert all(count == 1 for count in work.values()), "two agents have the same case"
        for person in floor.people.values():
            self._person(person)
        queued = {case.id for case in floor.cases.values() if case.state == "queued"}
        assert sorted(id_ for line in floor.waiting.values() for id_ in line) == sorted(queued)
        listed = [id_ for lane in floor.lanes.values() for id_ in lane.waiting]
        listed += [id_ for person in floor.people.values() for id_ in person.kept]
        assert sorted(listed) == sorted(id_ for id_ in queued if floor.cases[id_].line)
        for lane in floor.lanes.values():
            for agent in lane.free:
                person = floor.people[agent]
                assert lane in person.lanes
                assert is_free(floor, person, lane.medium)
                for id_ in lane.waiting:
                    waiting = floor.cases[id_]
                    later = floor.now < waiting.refused.get(agent, 0.0) or not in_time(floor, waiting)
                    assert later, "somebody waits, somebody is free"
        for id_, call in self.calls.items():
            self._call(id_, call)

    def _case(self, case: Case) -> None:
        floor, timer = self.floor, self.floor.timers.get
        person = floor.people.get(case.agent)
        match case.state:
            case "queued":
                assert case.id in floor.line_of(case.queue)
                assert timer(("wait", case.id)) is not None, "waits without a bound"
                assert not case.agent
            case "offered":
                assert person is not None
                assert person.ringing == case.id
                assert timer(("ring", case.id)) is not None, "rings without a bound"
                assert case.line
            case "accepted":
                assert person is not None
                assert case.id in person.work
                name = "bridge" if case.bridging else "brief"
                assert timer((name, case.id)) is not None, "accepted without a bound"
            case "bridged":
                assert person is not None
                assert case.id in person.work
                assert case.ours or case.kind == "consult" or not case.line
            case "returned" | "closed" | "failed":
                assert case.why, "an end without a reason"
                assert not case.agent
                assert case.kind == "caller"
            case _:
                assert case.state == "bot"
        if case.on_hold:
            assert case.state == "bridged"
            held = timer(("hold", case.id)) or timer(("consult", case.id))
            assert held is not None, "on hold without a bound"
        if case.state in WAITING and case.kind == "caller":
            assert timer(("announce", case.id)) is not None, "waits without a word"
        elif case.state == "bridged":
            assert timer(("announce", case.id)) is None, "is told to wait while a person is there"
        if not case.line and case.kind == "caller" and case.state != "closed":
            assert timer(("line", case.id)) is not None, "a lost line is kept without a bound"
        if case.consult:
            leg = floor.cases[case.consult]
            assert (leg.kind, leg.parent) == ("consult", case.id)
            assert timer(("consult", case.id)) is not None
        if case.kind == "consult":
            assert floor.cases[case.parent].consult == case.id, "a colleague is asked about nothing"
        for agent in case.parties:
            assert case.id in floor.people[agent].joins
            assert agent != case.agent or case.state in ("queued", "offered")

    def _person(self, person: Person) -> None:
        floor = self.floor
        for id_ in person.work:
            assert floor.cases[id_].agent == person.id
            assert floor.cases[id_].state in ("offered", "accepted", "bridged")
        for id_ in person.joins:
            assert person.id in floor.cases[id_].parties
        if person.ringing:
            assert floor.cases[person.ringing].state == "offered"
        if person.lost:
            assert floor.timers.get(("grace", person.id)) is not None, "a lost desk is kept without a bound"
            assert all(floor.cases[id_].state == "bridged" for id_ in person.work)
        if person.presence == "wrap_up":
            assert floor.timers.get(("wrap", person.id)) is not None, "wrap-up without a bound"

    def _call(self, id_: str, call: Call) -> None:
        """What the caller sees of it."""
        case = self.floor.cases.get(id_)
        if case is None:
            return
        assert len(call.speaking) <= 1, f"two people speak: {call.speaking}"
        if case.state == "bridged" and case.line:
            assert call.owner == "human" or any(item.call == id_ for item in self.bridges)
        elif case.state in ("bot", "returned", "failed") and case.line:
            assert call.owner == "bot", "nobody has the caller"
            assert not call.speaking
        if case.state in WAITING and case.line:
            if call.since is None:
                call.since = self.now
            waited = self.now - call.since
            self.stats["longest wait"] = max(self.stats["longest wait"], int(waited))
            assert waited <= BOUND, f"has been waiting for {waited:.0f} s"
        else:
            call.since = None

    def end(self) -> None:
        """Left alone, the clock brings everything to rest: nobody waits, nobody is rung."""
        for _ in range(400):
            deadline = self.centre.deadline
            if deadline is None:
                break
            self.now = max(self.now, deadline)
            self.perform(self.centre.tick(now=self.now))
            self.check()
        else:
            raise AssertionError("the clock never comes to rest")
        for case in self.floor.cases.values():
            assert case.state not in WAITING, "waits for ever"

    def image(self) -> Any:
        """Everything that a refusal must leave as it was."""
        floor = self.floor
        return (
            [asdict(case) for case in floor.cases.values()],
            [
                (person.profile, person.presence, person.lost, person.ringing, dict(person.work), dict(person.joins))
                for person in floor.people.values()
            ],
            [(key, list(lane.waiting), list(lane.free)) for key, lane in floor.lanes.items()],
            sorted(floor.timers._at),
        )


def _copied(case: Case) -> Case:
    values = asdict(case)
    return Case(**values)
