"""What more than two have to do with: holding, transferring, consulting, conferences, supervising, pulling."""

from typing import Literal

from huashu.handoff import course, parting, routing
from huashu.handoff.effects import Brief, Connect
from huashu.handoff.staff import part_of
from huashu.handoff.state import WAITING, Case, Floor, Person, RefusedError
from huashu.handoff.views import Mode


def hold(floor: Floor, case: Case, on: bool) -> None:
    """The caller hears nobody. Bounded: when the time is up the caller is back with the agent."""
    if case.consult and not on:
        raise RefusedError("a colleague is being asked: hand over, join or cancel first", code="state")
    if case.on_hold == on:
        return
    case.on_hold = on
    if on:
        floor.within("hold", case.id, floor.plan.hold)
    else:
        floor.stop(case, "hold")
    floor.emit(Connect(case.id, case.agent, part_of(case)))
    floor.changed(case)


def held_long(floor: Floor, case: Case) -> None:
    if case.on_hold and not case.consult:
        hold(floor, case, False)


# --- to somebody else -----------------------------------------------------------------------------------------------


def _aim(floor: Floor, case: Case, agent: str, queue: str, to: str) -> tuple[str, str]:
    """The queue and the agent that are meant, found possible."""
    if to:
        other = floor.people.get(to)
        if other is None or other.lost:
            raise RefusedError(f"agent {to!r} is not signed in", code="unknown")
        if to == agent:
            raise RefusedError("that is you; name a colleague or a queue", code="invalid")
        own = other.profile.queues
        return queue or case.queue or (own[0] if own else ""), to
    if not queue:
        queue = floor.queue(case).escalate
        if not queue:
            raise RefusedError(
                f"queue {case.queue!r} has no level above it; name a queue or a colleague", code="invalid"
            )
    if floor.plan.queues and queue not in floor.plan.queues:
        raise RefusedError(f"no queue {queue!r}", code="unknown")
    obstacle = course.obstacle(floor, queue)
    if obstacle:
        raise RefusedError(f"queue {queue!r} is {obstacle.removeprefix('queue_')}", code=obstacle)
    return queue, ""


def transfer(floor: Floor, case: Case, queue: str, to: str) -> None:
    """Cold: the caller waits there, this agent is free."""
    if case.consult:
        raise RefusedError("a colleague is being asked: hand over, join or cancel first", code="state")
    agent = case.agent
    queue, to = _aim(floor, case, agent, queue, to)
    for id_ in list(case.parties):
        parting.part(floor, case, id_)
    case.on_hold = False
    parting.leave(floor, case, "taken")
    course.anew(floor, case)
    case.number += 1
    case.reason = "transfer"
    case.refused[agent] = floor.now + floor.plan.again
    send(floor, case, queue, to)


def send(floor: Floor, case: Case, queue: str, to: str) -> None:
    """To wait in a queue, or for one agent: a call that was sent somewhere by a person is not turned away."""
    case.queue = queue
    case.visited = (queue,)
    case.until = floor.now + floor.plan.queue(queue).wait
    if case.give_up:
        case.until = min(case.until, case.give_up)
    case.kept = to
    routing.wait(floor, case)
    if case.kept:
        floor.within("kept", case.id, floor.plan.queue(queue).ring)
    if case.kind == "caller":
        floor.within("announce", case.id, course.MARGIN)


def consult(floor: Floor, case: Case, queue: str, to: str) -> None:
    """Warm: a colleague is rung on a leg of their own, the caller is on hold."""
    if case.consult:
        raise RefusedError("a colleague is being asked already", code="state")
    agent = case.agent
    queue, to = _aim(floor, case, agent, queue, to)
    id_ = course.leg_id(floor, case, "w")
    leg = Case(id_, case.medium, "consult", case.id, began=floor.now, number=case.number, reason="transfer")
    leg.queued = floor.now
    leg.priority, leg.needs = case.priority, case.needs if queue == case.queue else ()
    leg.named = to
    leg.refused[agent] = floor.now + floor.plan.queue(queue).wait + floor.plan.consult
    floor.cases[id_] = leg
    case.consult = id_
    case.on_hold = True
    floor.stop(case, "hold")
    floor.emit(Connect(case.id, agent, "hold"))
    floor.within("consult", case.id, floor.plan.queue(queue).wait + floor.plan.consult)
    send(floor, leg, queue, to)
    floor.changed(case)


def complete(floor: Floor, case: Case, how: Literal["hand_over", "join", "cancel"]) -> None:
    """What becomes of it: the colleague has the caller, both have, or the caller is back with this agent."""
    leg = floor.cases.get(case.consult)
    if how == "hand_over" and leg is None:
        heir = next((id_ for id_, part in case.parties.items() if part == "conference"), "")
        if heir:
            course.inherit(floor, case, heir)
            return
    if leg is None:
        if how == "cancel":
            hold(floor, case, False)
            return
        raise RefusedError("no colleague is being asked", code="state")
    if how == "cancel":
        parting.drop_leg(floor, case, "cancelled")
        hold(floor, case, False)
        return
    if leg.state != "bridged":
        raise RefusedError("the colleague has not joined yet", code="state")
    if how == "hand_over":
        course.inherit(floor, case, leg.agent)
        return
    colleague = floor.people[leg.agent]
    case.consult = ""
    floor.stop(case, "consult")
    parting.over(floor, leg, "closed", "joined", quiet=True)
    enter(floor, case, colleague, "conference")
    hold(floor, case, False)


def consulted_long(floor: Floor, case: Case) -> None:
    """The two have talked for too long: the caller is back with the agent."""
    if case.consult:
        complete(floor, case, "cancel")


def enter(floor: Floor, case: Case, person: Person, part: Mode | Literal["conference"]) -> None:
    case.parties[person.id] = part
    person.joins[case.id] = None
    floor.emit(Connect(case.id, person.id, part))
    floor.changed(case)
    floor.seeking.append(person.id)


# --- supervisors ----------------------------------------------------------------------------------------------------


def supervise(floor: Floor, person: Person, case: Case, mode: Mode | None) -> None:
    """Listen in, whisper to the agent, join, take over; None: leave."""
    if mode is None:
        parting.part(floor, case, person.id)
        return
    if not person.profile.watches:
        raise RefusedError("only supervisors may listen to others' conversations", code="forbidden")
    if case.kind != "caller" or case.state == "closed":
        raise RefusedError(f"conversation {case.id!r} is over", code="state")
    if case.agent == person.id and case.state in ("accepted", "bridged"):
        raise RefusedError("this conversation is yours", code="state")
    if mode == "takeover":
        if case.state != "bridged":
            pull(floor, person, case, "", "")
            return
        course.inherit(floor, case, person.id)
        return
    if mode != "listen" and case.state != "bridged":
        raise RefusedError("no agent has this conversation: only listening is possible", code="state")
    leg = floor.cases.get(case.consult)
    if leg is not None and leg.agent == person.id:
        raise RefusedError("you are being asked about this conversation", code="state")
    enter(floor, case, person, mode)


def pull(floor: Floor, person: Person, case: Case, queue: str, to: str) -> None:
    """A conversation is taken from the bot, or out of its queue, for a queue, an agent or oneself."""
    if not person.profile.watches:
        raise RefusedError("only supervisors may pull conversations", code="forbidden")
    if case.kind != "caller" or case.state in ("bridged", "closed"):
        raise RefusedError(f"conversation {case.id!r} is {case.state}: it cannot be pulled", code="state")
    if case.state == "accepted":
        raise RefusedError(f"conversation {case.id!r} is being taken by an agent", code="taken")
    oneself = not queue and to in ("", person.id)
    if not oneself:
        queue, to = _aim(floor, case, "", queue or case.queue, to)
    elif not case.line or person.lost:
        raise RefusedError(f"conversation {case.id!r} has no line now", code="state")
    waited = case.state in WAITING
    parting.leave(floor, case, "taken")
    course.anew(floor, case)
    if not waited:
        case.number += 1
        case.reason = "supervisor"
        case.give_up = 0.0
    if not oneself:
        send(floor, case, queue, to)
        return
    case.until = floor.now + floor.queue(case).wait
    case.agent = person.id
    person.work[case.id] = case.medium
    person.joins.pop(case.id, None)
    case.parties.pop(person.id, None)
    floor.enter(case, "accepted")
    floor.within("brief", case.id, floor.plan.briefing)
    floor.within("announce", case.id, max(course.MARGIN, floor.queue(case).announce))
    floor.emit(Brief(case.id, person.id))
    floor.moved(person)
    floor.seeking.append(person.id)
