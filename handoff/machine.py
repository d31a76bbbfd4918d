"""The centre as a value machine: conversations, agents, queues, offers, transfers. No I/O, clock or randomness.

    centre = Centre(plan)
    effects = centre.receive(signal, now=unix_seconds)      # raises RefusedError when a wish is impossible
    effects = centre.tick(now=unix_seconds)                 # at `centre.deadline`

One owner at any time, nobody waits without a bound, every end has a reason: bench/proof_handoff.py drives it through
random orders of everything that can happen. The cost of an event does not grow with agents or cases (bench/handoff.py).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from huashu.handoff import course, routing, signals, staff, together
from huashu.handoff.effects import Bridge, Connect, Effect
from huashu.handoff.figures import NO_FIGURES, Tally
from huashu.handoff.plan import Plan, Profile
from huashu.handoff.ranks import Key
from huashu.handoff.state import WAITING, Case, Floor, Person, RefusedError

__all__ = ["Case", "Centre", "Person", "RefusedError"]


class Centre:
    """`receive` and `tick` are called with `now` in Unix seconds; one that runs backwards stands still."""

    def __init__(self, plan: Plan) -> None:
        self._floor = Floor(plan)

    @property
    def plan(self) -> Plan:
        return self._floor.plan

    @property
    def now(self) -> float:
        """Of the last event."""
        return self._floor.now

    @property
    def cases(self) -> Mapping[str, Case]:
        """By id; legs beside their conversations."""
        return self._floor.cases

    @property
    def people(self) -> Mapping[str, Person]:
        return self._floor.people

    @property
    def deadline(self) -> float | None:
        """When to `tick`, in Unix seconds."""
        return self._floor.timers.next

    def receive(self, signal: signals.Signal, *, now: float) -> list[Effect]:
        """What follows.

        Raises:
            RefusedError: the wish is impossible just now; nothing has changed.
        """
        self._advance(now)
        _handle(self._floor, signal)
        routing.settle(self._floor)
        return self._floor.take()

    def tick(self, *, now: float) -> list[Effect]:
        """What the clock has brought by now."""
        self._advance(now)
        floor = self._floor
        while (name := floor.timers.due(floor.now)) is not None:
            _ring(floor, name)
            routing.settle(floor)
        return floor.take()

    def restore(
        self, cases: Iterable[Case], people: Iterable[Person], tallies: Mapping[str, Tally] = NO_FIGURES, *, now: float
    ) -> list[Effect]:
        """Into an empty centre: what was going on when the process ended. Lines and desks count as lost, and have
        their grace to come back; offers are made anew. Who is to be called back keeps place and time.

        tallies: the figures by queue."""
        self._advance(now)
        floor = self._floor
        for queue, tally in tallies.items():
            tally.resumed(floor.now)
            floor.tallies[queue] = tally
        for person in people:
            floor.people[person.id] = Person(
                person.profile, person.presence, person.away, person.since, person.idle, lost=True,
                missed=person.missed,
            )  # fmt: skip
            if person.presence == "wrap_up":
                floor.people[person.id].presence = "available"
            floor.within("grace", person.id, floor.plan.agent_grace)
        for case in cases:
            floor.cases[case.id] = case
        for case in list(floor.cases.values()):
            if case.id in floor.cases:
                _restore(floor, case)
        routing.settle(floor)
        return floor.take()

    def touched(self) -> list[Case]:
        """Cases of which something is to be recorded anew since this was last asked."""
        touched = list(self._floor.touched.values())
        self._floor.touched.clear()
        return touched

    def counted(self) -> dict[str, Tally]:
        """Figures that have changed since this was last asked, by queue."""
        counted = {queue: self._floor.tally(queue) for queue in self._floor.counted}
        self._floor.counted.clear()
        return counted

    def called_back(self, call: str) -> bool:
        """Whether somebody is to be called back about it."""
        return self._floor.legs[call] > 0

    # --- figures --------------------------------------------------------------------------------------------------

    @property
    def queues(self) -> list[str]:
        """Those in which somebody has waited."""
        return list(self._floor.waiting)

    def named(self) -> list[str]:
        """The plan's, then the others that are in use."""
        return list(dict.fromkeys([*self.plan.queues, *self.queues]))

    def position(self, case: Case) -> int:
        """1: next; 0: it does not wait."""
        return self._floor.line_of(case.queue).place(case.id)

    def waiting(self, queue: str) -> tuple[int, float]:
        """How many wait, and since when the first of them does (Unix seconds; now when nobody does)."""
        line = self._floor.line_of(queue)
        first = self._floor.cases.get(line.first())
        return len(line), first.queued if first is not None else self._floor.now

    def tally(self, queue: str) -> Tally:
        """Counts since midnight in the centre's zone, and rates."""
        return self._floor.tally(queue)

    def expected(self, queue: str) -> float | None:
        """Seconds that a newcomer would wait, by measured rates; 0 when an agent is free."""
        if self.available(queue):
            return 0.0
        return self._floor.tally(queue).expected(len(self._floor.line_of(queue)) + 1)

    @property
    def today(self) -> tuple[int, float]:
        """(ordinal of the day, Unix seconds at which it began), in the centre's zone."""
        return self._floor.today

    @property
    def midnight(self) -> float:
        """The next one in the centre's zone, in Unix seconds: figures begin anew."""
        return self._floor.midnight

    def local(self, at: float | None = None) -> datetime:
        """An instant, or that of the last event, in the centre's zone."""
        return self._floor.local(at)

    def is_open(self, queue: str) -> bool:
        return self._floor.is_open(self._floor.plan.queue(queue))

    def available(self, queue: str) -> int:
        """Agents who could be rung now for what the queue wants, whatever the medium."""
        floor = self._floor
        needs = floor.plan.queue(queue).skills
        free = set[str]()
        for medium in ("voice", "text"):
            lane = floor.lanes.get((queue, medium, needs))
            if lane is not None:
                free.update(lane.free)
        return len(free)

    def _advance(self, now: float) -> None:
        self._floor.now = max(self._floor.now, now)


def _handle(floor: Floor, signal: signals.Signal) -> None:
    match signal:
        case (
            signals.Joined() | signals.LineLost() | signals.Ended() | signals.Requested() | signals.WentOn()
            | signals.CallbackWanted() | signals.Bridged() | signals.BridgeFailed()
        ):  # fmt: skip
            _reported(floor, signal)
        case signals.SignedIn(agent=profile):
            staff.signed_in(floor, profile)
        case signals.SignedOut(agent=agent):
            if agent in floor.people:
                staff.gone(floor, floor.people[agent])
        case signals.AgentLost(agent=agent):
            if agent in floor.people:
                staff.lost(floor, floor.people[agent])
        case _:
            _wished(floor, signal)


def _reported(
    floor: Floor,
    signal: signals.Joined | signals.LineLost | signals.Ended | signals.Requested | signals.WentOn
    | signals.CallbackWanted | signals.Bridged | signals.BridgeFailed,
) -> None:  # fmt: skip
    case = floor.cases.get(signal.call)
    if isinstance(signal, signals.Joined):
        _joined(floor, signal, case)
    if case is None or case.kind != "caller":
        return
    match signal:
        case signals.Joined():
            pass
        case signals.LineLost():
            _line_lost(floor, case)
        case signals.Ended(why=why):
            course.ended(floor, case, why or "caller_left")
        case signals.Requested():
            course.requested(floor, case, signal)
        case signals.WentOn(handoff=handoff):
            if handoff == case.handoff:
                course.went_on(floor, case)
        case signals.CallbackWanted():
            course.call_back(floor, case)
        case signals.Bridged(agent=agent):
            course.bridged(floor, case, agent)
        case signals.BridgeFailed(agent=agent):
            if case.state == "accepted" and case.agent == agent and case.bridging:
                course.unjoined(floor, case)
        case _:
            assert_never(signal)


def _wished(floor: Floor, wish: signals.Wish) -> None:
    person = floor.person(wish.agent)
    match wish:
        case signals.BePresent(presence=presence, reason=reason):
            staff.be(floor, person, presence, reason)
        case signals.Accept(offer=offer):
            course.accept(floor, person, offer)
        case signals.Decline(offer=offer):
            course.decline(floor, person, offer)
        case signals.Acknowledge(call=call):
            course.acknowledge(floor, person, call)
        case signals.Hold(call=call, on=on):
            together.hold(floor, floor.owned(person.id, call), on)
        case signals.Transfer(call=call, queue=queue, to=to):
            together.transfer(floor, floor.owned(person.id, call), queue, to)
        case signals.Consult(call=call, queue=queue, to=to):
            together.consult(floor, floor.owned(person.id, call), queue, to)
        case signals.Complete(call=call, how=how):
            together.complete(floor, floor.owned(person.id, call), how)
        case signals.GiveBack(call=call, step=step):
            course.given_back(floor, floor.owned(person.id, call), step)
        case signals.Close(call=call):
            course.closed(floor, floor.owned(person.id, call))
        case signals.WrapUpDone():
            staff.wrapped_up(floor, person)
        case signals.Supervise(call=call, mode=mode):
            together.supervise(floor, person, floor.case(call), mode)
        case signals.Pull(call=call, queue=queue, to=to):
            together.pull(floor, person, floor.case(call), queue, to)
        case _:
            assert_never(wish)


# --- lines ----------------------------------------------------------------------------------------------------------


def _joined(floor: Floor, signal: signals.Joined, case: Case | None) -> None:
    """A line, new or again. What the conversation believes of its owner is put right."""
    if case is None:
        case = Case(signal.call, signal.medium, began=floor.now, since=floor.now, number=signal.number)
        floor.cases[case.id] = case
        floor.changed(case)
    elif case.kind != "caller":
        return
    elif case.state == "closed":  # the bot asks how it was
        case.line = True
        floor.stop(case, "line")
        return
    back = not case.line
    case.line = True
    floor.stop(case, "line")
    case.ours = signal.owner == "human"
    if case.state == "bridged":
        if not case.ours:
            floor.emit(Bridge(case.id, case.agent, "", heard=True))
        floor.emit(Connect(case.id, case.agent, staff.part_of(case)))
    elif case.state == "queued" and back:
        routing.enlist(floor, case)
    elif case.state in ("bot", "returned", "failed") and case.ours:
        course.give_to_bot(floor, case, case.last, "", case.why or "no_agent")
    if back:
        floor.changed(case)


def _line_lost(floor: Floor, case: Case) -> None:
    """Kept for the grace: nobody is rung for it; an agent who has it keeps it."""
    if not case.line:
        return
    case.line = False
    floor.within("line", case.id, floor.plan.line_grace)
    if case.state == "queued":
        routing.delist(floor, case)
    elif case.state == "offered":
        routing.unring(floor, case, "caller_left")
        course.again(floor, case, "")
    floor.changed(case)


def _restore(floor: Floor, case: Case) -> None:
    owner = floor.people.get(case.agent)
    case.line = case.kind != "caller"
    if case.kind == "caller":
        floor.within("line", case.id, floor.plan.line_grace)
    case.parties = {}
    case.consult = ""
    case.on_hold = False
    if case.kind == "consult":
        del floor.cases[case.id]
        return
    if case.state in WAITING:
        case.kept = ""
        case.front = max(case.front, int(case.state != "queued"))
        case.until = max(case.until, floor.now + floor.plan.line_grace)  # nobody could be served meanwhile
        routing.wait(floor, case)
        if case.kind == "callback":
            floor.legs[case.parent] += 1
        else:
            floor.within("announce", case.id, course.MARGIN)
    elif case.state == "bridged":
        if owner is None:
            owner = floor.people[case.agent] = Person(Profile(case.agent), lost=True)
            floor.within("grace", case.agent, floor.plan.agent_grace)
        owner.work[case.id] = case.medium
    floor.changed(case)


# --- the clock ------------------------------------------------------------------------------------------------------


def _ring(floor: Floor, name: Key) -> None:
    what, id_ = name
    if what in ("grace", "wrap"):
        person = floor.people.get(id_)
        if person is not None and what == "grace":
            staff.gone(floor, person)
        elif person is not None:
            staff.wrapped_up(floor, person)
        return
    case = floor.cases.get(id_)
    if case is None:
        return
    match what:
        case "wait":
            if case.state == "queued":
                course.fallback(floor, case, "no_answer")
        case "announce":
            routing.announce(floor, case)
        case "again":
            if case.state == "queued":
                floor.unmatched.append(case.id)
                routing.retry(floor, case)
        case "kept":
            course.unkept(floor, case)
        case "ring":
            staff.rang_out(floor, case)
        case "brief":
            staff.unread(floor, case)
        case "bridge":
            course.unjoined(floor, case)
        case "line":
            course.ended(floor, case, "caller_lost")
        case "hold":
            together.held_long(floor, case)
        case "consult":
            together.consulted_long(floor, case)
