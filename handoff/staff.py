"""The people at the desks: signing in and out, being lost, presence, wrap-up, offers that ring out."""

from huashu.handoff import course, parting, routing
from huashu.handoff.effects import Connect, Gone, Part
from huashu.handoff.plan import Profile
from huashu.handoff.state import MISSED, Case, Floor, Person, RefusedError
from huashu.handoff.views import Presence


def signed_in(floor: Floor, profile: Profile) -> None:
    """At a desk: anew, or again, with the conversations they had."""
    person = floor.people.get(profile.id)
    if person is None:
        person = floor.people[profile.id] = Person(profile, since=floor.now, idle=floor.now)
    person.profile = profile
    person.lost = False
    floor.timers.cancel(("grace", person.id))
    routing.settle_lanes(floor, person)
    floor.moved(person)
    floor.seeking.append(person.id)
    for id_ in person.work:
        case = floor.cases[id_]
        if case.state == "bridged":
            floor.emit(Connect(case.parent or id_, person.id, part_of(case)))
        floor.changed(case)


def part_of(case: Case) -> Part:
    """What the agent of a bridged case is on the line."""
    if case.kind == "consult":
        return "consult"
    return "hold" if case.on_hold else "owner"


def lost(floor: Floor, person: Person) -> None:
    """The desk is gone. What rings goes to another at once; what they have is kept for the grace."""
    if person.lost:
        return
    person.lost = True
    for id_ in list(person.joins):
        parting.part(floor, floor.cases[id_], person.id)
    for id_ in list(person.work):
        case = floor.cases[id_]
        if case.state == "offered":
            routing.unring(floor, case, "closed")
            course.again(floor, case, "")
        elif case.state == "accepted":
            course.unjoined(floor, case, away=True)
        else:
            floor.changed(case)
    _let_go(floor, person)
    routing.refresh(floor, person)
    floor.moved(person)
    floor.within("grace", person.id, floor.plan.agent_grace)


def gone(floor: Floor, person: Person) -> None:
    """Signed out, or lost for longer than the grace: nothing is theirs any more."""
    person.lost = True
    for id_ in list(person.joins):
        parting.part(floor, floor.cases[id_], person.id)
    for id_ in list(person.work):
        case = floor.cases.get(id_)
        if case is None:
            continue  # a leg that ended with the conversation before it
        if case.state == "offered":
            routing.unring(floor, case, "closed")
            course.again(floor, case, "")
        elif case.state == "accepted":
            course.unjoined(floor, case, away=True)
        elif case.kind == "consult":
            course.unanswered(floor, case, "agent_lost")
        else:
            course.bereft(floor, case)
    for id_ in list(person.kept):
        course.unkept(floor, floor.cases[id_])
    routing.withdraw(floor, person)
    floor.timers.cancel(("grace", person.id), ("wrap", person.id))
    del floor.people[person.id]
    floor.emit(Gone("agent", person.id))


def be(floor: Floor, person: Person, presence: Presence, reason: str = "") -> None:
    """What they want to be. Conversations they have go on; what rings goes to another."""
    if presence == "offline" and person.work:
        raise RefusedError("there are conversations at this desk still: close or transfer them first", code="busy")
    if presence == "wrap_up" and person.presence != "wrap_up":
        raise RefusedError("wrap-up follows a conversation; choose break to pause", code="state")
    case = floor.cases.get(person.ringing)
    if presence != "available" and case is not None:
        routing.unring(floor, case, "declined")
        course.again(floor, case, person.id)
    if presence == "wrap_up":
        return
    if presence == "available":
        person.missed = 0
        if person.presence != "available":
            person.idle = floor.now
    floor.be(person, presence, away=reason)
    if presence != "available":
        _let_go(floor, person)
    floor.seeking.append(person.id)


def _let_go(floor: Floor, person: Person) -> None:
    """They are away: callers who are kept for them may have another. Who is asked by name, and nobody in their stead,
    is waited for."""
    for id_ in list(person.kept):
        case = floor.cases[id_]
        if not case.named:
            routing.let_go(floor, case)


def wrapped_up(floor: Floor, person: Person) -> None:
    if person.presence == "wrap_up":
        floor.be(person, "available")
        person.idle = floor.now
        floor.seeking.append(person.id)


def rang_out(floor: Floor, case: Case) -> None:
    """Nobody answered: to another; who lets it ring again and again is taken to be away."""
    agent = case.agent
    routing.unring(floor, case, "no_answer")
    ignored(floor, agent)
    course.again(floor, case, agent)


def unread(floor: Floor, case: Case) -> None:
    """Accepted, and no sign that the briefing was seen."""
    ignored(floor, case.agent)
    course.unjoined(floor, case)


def ignored(floor: Floor, agent: str) -> None:
    person = floor.people.get(agent)
    if person is None:
        return
    person.missed += 1
    if person.missed >= floor.plan.missed and person.presence == "available":
        person.missed = 0
        floor.be(person, "break", away=MISSED)
