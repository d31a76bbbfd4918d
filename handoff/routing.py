"""Who is rung for what: lanes, the order of waiting, offers.

A lane holds the waiting cases of one queue and medium that need the same skills, and the agents who have them and are
free, both sorted: a new case takes the first agent of its lane, a free agent the first case of all lanes they serve.
The cost of an event grows with the number of lanes of one agent, which the plan bounds, not with agents or cases.
"""

from huashu.handoff.effects import Announce, Ring, Unring, Why
from huashu.handoff.plan import Profile, Queue, Skills
from huashu.handoff.state import WAITING, Case, Floor, Lane, Person
from huashu.handoff.views import Medium

SOON = 1.0
"""Seconds: who is rung for at once need not hear of a queue."""
LOOK = 16
"""Cases of a lane, or agents, that are looked at before giving up, when some may not be offered just now."""


# --- who can do what ------------------------------------------------------------------------------------------------


def qualified(profile: Profile, queue: str, needs: Skills) -> bool:
    """Whether they work for the queue and have what it takes."""
    if profile.queues:
        if queue not in profile.queues:
            return False
    elif profile.role != "agent":
        return False
    return all(profile.skills.get(skill, 0) >= level for skill, level in needs)


def is_free(floor: Floor, person: Person, medium: Medium) -> bool:
    """Whether they may be rung now."""
    if person.presence != "available" or person.lost or person.ringing:
        return False
    most = person.profile.capacity.get(medium, 0) if person.profile.capacity else floor.plan.capacity.get(medium, 0)
    if not floor.plan.mixed and len(person.work) > person.load(medium):
        return False
    return person.load(medium) < most


def settle_lanes(floor: Floor, person: Person) -> None:
    """Their lanes by their skills; after signing in."""
    for lane in person.lanes:
        lane.free.drop(person.id)
    person.lanes = [lane for lane in floor.lanes.values() if qualified(person.profile, lane.queue, lane.needs)]


def refresh(floor: Floor, person: Person) -> None:
    """In the lanes for which they are free, at their place, and in no other."""
    for lane in person.lanes:
        if not is_free(floor, person, lane.medium):
            lane.free.drop(person.id)
            continue
        load = person.load(lane.medium)
        score = -sum(person.profile.skills.get(skill, 0) for skill, _ in lane.needs)
        if floor.plan.queue(lane.queue).strategy == "best_skill":
            lane.free.add(person.id, load, score, person.idle)
        else:
            lane.free.add(person.id, load, person.idle, score)


def withdraw(floor: Floor, person: Person) -> None:
    """In no lane any more."""
    for lane in person.lanes:
        lane.free.drop(person.id)
    person.lanes = []


def _needs(floor: Floor, case: Case) -> Skills:
    """The queue's and its own."""
    least = dict(floor.queue(case).skills)
    for skill, level in case.needs:
        least[skill] = max(level, least.get(skill, 0))
    return tuple(sorted(least.items()))


def _lane(floor: Floor, case: Case) -> Lane:
    needs = _needs(floor, case)
    key = (case.queue, case.medium, needs)
    lane = floor.lanes.get(key)
    if lane is None:
        lane = floor.lanes[key] = Lane(*key)
        for person in floor.people.values():
            if qualified(person.profile, lane.queue, needs):
                person.lanes.append(lane)
                refresh(floor, person)
    return lane


# --- waiting --------------------------------------------------------------------------------------------------------


def _key(floor: Floor, case: Case) -> tuple[int, float]:
    if case.front:
        return -case.front, case.queued
    return 0, case.queued - (case.priority + floor.queue(case).priority) * floor.plan.priority_step


def wait(floor: Floor, case: Case) -> None:
    """It waits in its queue from now on, for the agent it is kept for or for any."""
    floor.enter(case, "queued")
    case.agent = case.offer = ""
    case.bridging = False
    key = _key(floor, case)
    line = floor.line_of(case.queue)
    line.add(case.id, *key)
    enlist(floor, case)
    floor.tally(case.queue).occupied(floor.now, len(line))
    floor.timers.set(("wait", case.id), max(case.until, floor.now))
    retry(floor, case)
    floor.stirred(case.queue)


def retry(floor: Floor, case: Case) -> None:
    """It may be offered again to the next of those who would not have it just now; a call back when its queue opens."""
    if not in_time(floor, case):
        floor.timers.set(("again", case.id), floor.opening(floor.queue(case)))
        return
    later = min((at for at in case.refused.values() if at > floor.now), default=None)
    if later is not None:
        floor.timers.set(("again", case.id), later)


def in_time(floor: Floor, case: Case) -> bool:
    """Nobody is called back out of hours; who waits on the line is served, whatever the hour."""
    return case.kind != "callback" or floor.is_open(floor.queue(case))


def suits(floor: Floor, person: Person, case: Case) -> bool:
    """Whether it may be kept for them: they can do it, and are there or about to be."""
    able = qualified(person.profile, case.queue, _needs(floor, case))
    return able and not person.lost and person.presence in ("available", "wrap_up")


def enlist(floor: Floor, case: Case) -> None:
    """It may be offered from now on: to the agent it is kept for, or to any of its lane. Not while its line is lost."""
    if case.state != "queued" or not case.line:
        return
    if case.kept not in floor.people:
        case.kept = ""  # they have left while the line was lost
    keeper = floor.people.get(case.kept)
    waiting = keeper.kept if keeper is not None else _lane(floor, case).waiting
    waiting.add(case.id, *_key(floor, case))
    floor.unmatched.append(case.id)


def delist(floor: Floor, case: Case) -> None:
    """It is not offered, but keeps its place."""
    _lane(floor, case).waiting.drop(case.id)
    if case.kept in floor.people:
        floor.people[case.kept].kept.drop(case.id)


def unqueue(floor: Floor, case: Case) -> None:
    """It does not wait any more."""
    line = floor.line_of(case.queue)
    line.drop(case.id)
    delist(floor, case)
    floor.tally(case.queue).occupied(floor.now, len(line))
    floor.stop(case, "wait", "again", "kept")  # not "announce": while it rings, the caller waits as before
    floor.stirred(case.queue)


def let_go(floor: Floor, case: Case) -> None:
    """It does not wait for one agent any more but for any."""
    if case.state != "queued" or not case.kept:
        return
    delist(floor, case)
    case.kept = ""
    floor.stop(case, "kept")
    enlist(floor, case)


def announce(floor: Floor, case: Case) -> None:
    """The caller hears where they stand, now and at the queue's interval. Whom it rings at they need not know: they
    are the next, however many do not answer."""
    if case.state not in WAITING or case.kind != "caller":
        return
    queue: Queue = floor.queue(case)
    position = max(1, floor.line_of(case.queue).place(case.id))
    found = case.state != "queued" and floor.now - case.queued <= SOON
    if (case.handoff or case.ours) and case.line and not found:
        floor.emit(Announce(case.id, case.handoff, position, floor.tally(case.queue).expected(position)))
    if queue.announce > 0:
        floor.within("announce", case.id, max(1.0, queue.announce))


# --- offers ---------------------------------------------------------------------------------------------------------


def settle(floor: Floor) -> None:
    """Everybody who may take something up takes the best there is; every case that may find somebody is offered.

    Finite: each turn takes one name off a list, and only offers that end put names on it.
    """
    while floor.seeking or floor.unmatched:
        if floor.seeking:
            person = floor.people.get(floor.seeking.popleft())
            if person is not None:
                refresh(floor, person)
                _seek(floor, person)
            continue
        case = floor.cases.get(floor.unmatched.popleft())
        if case is not None and case.state == "queued" and case.line:
            _match(floor, case)


def _may(floor: Floor, case: Case, agent: str) -> bool:
    return floor.now >= case.refused.get(agent, 0.0) and in_time(floor, case)


def _match(floor: Floor, case: Case) -> None:
    if case.kept:
        keeper = floor.people.get(case.kept)
        if keeper is not None and is_free(floor, keeper, case.medium) and _may(floor, case, keeper.id):
            ring(floor, case, keeper)
        return
    for number, agent in enumerate(_lane(floor, case).free):
        if _may(floor, case, agent):
            ring(floor, case, floor.people[agent])
            return
        if number >= LOOK:
            return


def _seek(floor: Floor, person: Person) -> None:
    """The most pressing case of all that wait for this agent alone, or in a lane they serve."""
    best: tuple[tuple[int, float], str] | None = None
    for medium, line in ((None, person.kept), *((lane.medium, lane.waiting) for lane in person.lanes)):
        if not len(line) or (medium is not None and not is_free(floor, person, medium)):
            continue
        for number, id_ in enumerate(line):
            case = floor.cases[id_]
            if not in_time(floor, case):
                retry(floor, case)
            elif is_free(floor, person, case.medium) and _may(floor, case, person.id):
                key = line.key(id_)
                if best is None or (key[:2], id_) < best:
                    best = ((key[0], key[1]), id_)
                break
            if number >= LOOK:
                break
    if best is not None:
        ring(floor, floor.cases[best[1]], person)


def ring(floor: Floor, case: Case, person: Person) -> None:
    """It rings at the agent. The place in the queue is given up; it comes back to the front if need be."""
    unqueue(floor, case)
    case.rings += 1
    case.rung = floor.now
    case.offer = f"{case.id}.{case.rings}"
    case.agent = person.id
    floor.enter(case, "offered")
    person.ringing = case.id
    person.work[case.id] = case.medium
    refresh(floor, person)
    seconds = floor.queue(case).ring
    floor.within("ring", case.id, seconds)
    floor.emit(Ring(case.offer, case.id, person.id, floor.now + seconds))
    floor.moved(person)


def unring(floor: Floor, case: Case, why: Why) -> None:
    """It rings no more. Whoever calls this says where the case goes."""
    floor.stop(case, "ring")
    person = floor.people.get(case.agent)
    if person is not None and person.ringing == case.id:
        person.ringing = ""
        if why != "accepted":
            person.work.pop(case.id, None)
        floor.moved(person)
        floor.seeking.append(person.id)
    floor.emit(Unring(case.offer, case.agent, why))
