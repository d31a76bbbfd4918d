"""Letting go of a case: it leaves its queue, its agent, the others on its line; a handoff is over, for a reason."""

from huashu.handoff import routing
from huashu.handoff.effects import Disconnect, Gone, Why
from huashu.handoff.state import Case, Floor
from huashu.handoff.views import State

_ALL = ("wait", "announce", "again", "kept", "ring", "brief", "bridge", "hold", "consult")
"""Timers of a case on its way."""


def leave(floor: Floor, case: Case, why: Why) -> None:
    """It is nowhere: not waiting, not ringing, not promised to an agent. Whoever calls this says where it goes."""
    if case.state == "queued":
        routing.unqueue(floor, case)
    elif case.state == "offered":
        routing.unring(floor, case, why)
    elif case.state in ("accepted", "bridged"):
        release(floor, case, wrap=case.state == "bridged")
    floor.stop(case, *_ALL)
    case.agent = case.offer = ""
    case.bridging = False
    case.state = "bot"


def release(floor: Floor, case: Case, *, wrap: bool) -> None:
    """The agent has it no more. wrap: there is work to be done after it."""
    agent, target = case.agent, case.parent or case.id
    if case.state == "bridged":
        case.last = agent
        floor.emit(Disconnect(target, agent))
    floor.emit(Gone("conversation", target, agent))
    person = floor.people.get(agent)
    if person is None:
        return
    person.work.pop(case.id, None)
    if person.ringing == case.id:
        person.ringing = ""
    seconds = floor.queue(case).wrap_up
    if not person.work:
        person.idle = floor.now
        if wrap and seconds > 0 and person.presence == "available" and case.kind == "caller":
            floor.be(person, "wrap_up")
            floor.within("wrap", person.id, seconds)
    floor.moved(person)
    floor.seeking.append(agent)


def over(floor: Floor, case: Case, state: State, why: str, *, quiet: bool = False) -> None:
    """The handoff is over, for this reason. quiet: the agent of a leg stays on the line."""
    drop_leg(floor, case, why)
    for id_ in list(case.parties):
        part(floor, case, id_)
    if quiet:
        person = floor.people.get(case.agent)
        if person is not None:
            person.work.pop(case.id, None)
        floor.stop(case, *_ALL)
    else:
        leave(floor, case, "caller_left" if why.startswith("caller") else "closed")
    case.why = why
    case.on_hold = False
    case.handoff = ""
    case.give_up = 0.0
    floor.enter(case, state)
    if case.kind != "caller":
        del floor.cases[case.id]
        if case.kind == "callback":
            floor.legs[case.parent] -= 1
    elif state == "closed":
        case.ours = False
        floor.timers.cancel(("line", case.id))


def drop_leg(floor: Floor, case: Case, why: str) -> None:
    """The colleague is not asked any more."""
    leg = floor.cases.get(case.consult)
    case.consult = ""
    floor.stop(case, "consult")
    if leg is not None:
        over(floor, leg, "closed", why)


def part(floor: Floor, case: Case, agent: str) -> None:
    """A supervisor or colleague leaves the line."""
    if case.parties.pop(agent, None) is None:
        return
    person = floor.people.get(agent)
    if person is not None:
        person.joins.pop(case.id, None)
        floor.seeking.append(agent)
    floor.emit(Disconnect(case.id, agent))
    floor.emit(Gone("conversation", case.id, agent))
    floor.changed(case)
