"""The course of one case: requested, queued, offered, accepted, bridged; returned, closed or failed. Every state but
the bot's and the agent's own has a timer, and what its running out leads to is here.
"""

from huashu.handoff import parting, routing
from huashu.handoff.effects import (
    Bridge,
    Brief,
    Connect,
    Fail,
    FileTicket,
    Gone,
    HangUp,
    Return,
)
from huashu.handoff.plan import Fallback
from huashu.handoff.signals import Requested
from huashu.handoff.state import WAITING, Case, Floor, Person, RefusedError

MARGIN = 1.0
"""Seconds before a waiting bot goes on by itself that the centre gives up: it is the centre that says why."""


# --- coming in ------------------------------------------------------------------------------------------------------


def requested(floor: Floor, case: Case, wish: Requested) -> None:
    """A person is wanted. While one is being found already, only what the bot waits for may be new."""
    if case.state == "bridged" or case.kind != "caller":
        return
    if case.state in WAITING and wish.handoff in ("", case.handoff):
        return
    give_up = floor.now + max(MARGIN, wish.within) - MARGIN if wish.within > 0 and wish.handoff else 0.0
    if case.state in WAITING and (case.queue == wish.queue or not case.handoff):
        case.handoff, case.give_up = wish.handoff, give_up
        if give_up:
            case.until = min(case.until, give_up)
            if case.state == "queued":
                floor.timers.set(("wait", case.id), case.until)
        return
    parting.leave(floor, case, "taken")
    case.number += 1
    case.handoff, case.reason, case.give_up = wish.handoff, wish.reason, give_up
    case.priority, case.needs = wish.priority, wish.skills
    anew(floor, case)
    place(floor, case, wish.queue, agent=wish.agent)


def anew(floor: Floor, case: Case) -> None:
    """A wait begins from which nothing of an earlier one is held against the case or its agents."""
    case.why = case.kept = ""
    case.visited = ()
    case.refused = {}
    case.tries = 0
    case.front = 0
    case.queued = floor.now
    case.answered = 0.0


def place(floor: Floor, case: Case, name: str, *, agent: str = "") -> None:
    """It is to wait in this queue, unless that is closed or full. agent: whom it is kept for at first."""
    queue = floor.plan.queue(name)
    case.queue = name
    case.visited = (*case.visited, name)
    refused = obstacle(floor, name)
    if refused:
        fallback(floor, case, refused)
        return
    case.until = floor.now + queue.wait
    if case.give_up:
        case.until = min(case.until, case.give_up)
    known = floor.people.get(agent)
    case.kept = agent if known is not None and routing.suits(floor, known, case) else ""
    routing.wait(floor, case)
    if case.kept:
        floor.within("kept", case.id, queue.sticky)
    if case.kind == "caller":
        floor.within("announce", case.id, MARGIN)  # who finds somebody at once need not hear of a queue


def obstacle(floor: Floor, name: str) -> str:
    """Why nobody can wait there: "closed", "queue_full", or nothing."""
    queue = floor.plan.queue(name)
    if not floor.is_open(queue):
        return "closed"
    return "queue_full" if len(floor.line_of(name)) >= queue.capacity else ""


# --- towards an agent -----------------------------------------------------------------------------------------------


def accept(floor: Floor, person: Person, offer: str) -> None:
    case = floor.cases.get(person.ringing)
    if case is None or case.offer != offer:
        if any(floor.cases[id_].offer == offer for id_ in person.work):
            return  # said twice
        raise RefusedError(f"offer {offer!r} is none any more", code="taken")
    if case.kind == "callback":
        routing.unring(floor, case, "accepted")
        person.missed = 0
        floor.enter(case, "accepted")
        floor.emit(FileTicket(case.parent, case.queue, "callback", person.id))
        parting.over(floor, case, "closed", "called_back")
        return
    routing.unring(floor, case, "accepted")
    person.missed = 0
    case.parties.pop(person.id, None)  # who listened has it now
    person.joins.pop(case.id, None)
    case.tries += 1
    floor.enter(case, "accepted")
    floor.within("brief", case.id, floor.plan.briefing)
    floor.emit(Brief(case.parent or case.id, person.id))


def decline(floor: Floor, person: Person, offer: str) -> None:
    case = floor.cases.get(person.ringing)
    if case is None or case.offer != offer:
        raise RefusedError(f"offer {offer!r} is none any more", code="taken")
    routing.unring(floor, case, "declined")
    again(floor, case, person.id)


def acknowledge(floor: Floor, person: Person, call: str) -> None:
    """The briefing is on the screen: the line is joined."""
    case = floor.case(call)
    if case.agent != person.id and case.consult in floor.cases:
        case = floor.cases[case.consult]
    if case.agent != person.id:
        raise RefusedError(f"conversation {call!r} belongs to somebody else", code="forbidden")
    if case.state != "accepted":
        if case.state == "bridged":
            return
        raise RefusedError(f"conversation {call!r} is {case.state}, not accepted", code="state")
    if case.bridging:
        return
    floor.stop(case, "brief")
    if case.kind == "consult":
        floor.enter(case, "bridged")
        floor.emit(Connect(case.parent, person.id, "consult"))
        floor.within("consult", case.parent, floor.plan.consult)
        return
    case.bridging = True
    floor.within("bridge", case.id, floor.plan.bridge)
    floor.emit(Bridge(case.id, person.id, "" if case.ours else case.handoff))


def bridged(floor: Floor, case: Case, agent: str) -> None:
    """The conversation is a person's. If they are none of ours any more, the bot gets it back, or it waits on."""
    case_was_ours, case.ours = case.ours, True
    if case.state == "bridged" and case.agent == agent:
        return
    if case.state == "accepted" and case.agent == agent and case.bridging:
        floor.stop(case, "bridge", "announce")
        case.bridging = False
        case.handoff = ""
        case.give_up = 0.0
        queued = case.rung > case.queued
        floor.tally(case.queue).took(max(0.0, floor.now - case.queued), queued=queued, again=case_was_ours)
        case.answered = floor.now
        floor.enter(case, "bridged")
        floor.emit(Connect(case.id, agent, "owner"))
        floor.stirred(case.queue)
    elif case.state in ("bot", "returned", "failed"):
        give_to_bot(floor, case, agent, "", case.why or "no_agent")


def again(floor: Floor, case: Case, agent: str) -> None:
    """Back to the queue, in front; to this agent not at once."""
    if agent:
        case.refused[agent] = floor.now + floor.plan.again
    case.agent = case.offer = ""
    case.bridging = False
    case.kept = ""
    case.state = "bot"  # it is at no desk, whether or not it comes to wait
    if case.named or floor.now >= case.until or case.tries >= floor.plan.tries:
        fallback(floor, case, "no_answer")
        return
    case.front = max(case.front, 1)
    routing.wait(floor, case)
    if case.kind == "caller" and floor.timers.get(("announce", case.id)) is None:
        floor.within("announce", case.id, max(MARGIN, floor.queue(case).announce))


def unkept(floor: Floor, case: Case) -> None:
    """Whom it waited for does not come: another may, unless it was this colleague that was wanted."""
    if case.state == "queued" and case.named:
        fallback(floor, case, "no_answer")
    else:
        routing.let_go(floor, case)


def unjoined(floor: Floor, case: Case, *, away: bool = False) -> None:
    """Accepted, but the agent does not read the briefing or cannot be joined: it goes to another. away: the agent is
    not there, and may have it when they are back."""
    agent = case.agent
    floor.stop(case, "brief", "bridge")
    parting.release(floor, case, wrap=False)
    again(floor, case, "" if away else agent)


def bereft(floor: Floor, case: Case) -> None:
    """The agent who had it is gone for good: whoever else is on the line has it, or it goes back in front."""
    case.on_hold = False
    leg = floor.cases.get(case.consult)
    heir = leg.agent if leg is not None and leg.state == "bridged" else ""
    heir = heir or next((id_ for id_, part in case.parties.items() if part == "conference"), "")
    if heir:
        inherit(floor, case, heir)
        return
    parting.drop_leg(floor, case, "agent_lost")
    parting.leave(floor, case, "taken")
    anew(floor, case)
    queue = floor.queue(case)
    case.visited = (case.queue,)
    case.until = floor.now + queue.wait
    case.front = 2
    routing.wait(floor, case)
    floor.within("announce", case.id, MARGIN)


def inherit(floor: Floor, case: Case, heir: str) -> None:
    """Another person on the line has the conversation from now on; who had it is free."""
    leg = floor.cases.get(case.consult)
    asked = leg is not None and leg.agent == heir and leg.state == "bridged"
    if leg is not None and asked:
        case.consult = ""
        parting.over(floor, leg, "closed", "handed_over", quiet=True)
    else:
        parting.drop_leg(floor, case, "taken_over")
    case.parties.pop(heir, None)
    person = floor.people[heir]
    person.joins.pop(case.id, None)
    floor.stop(case, "hold", "consult")
    parting.release(floor, case, wrap=True)
    case.agent = heir
    case.on_hold = False
    person.work[case.id] = case.medium
    case.number += 1
    case.answered = floor.now
    floor.enter(case, "bridged")
    floor.emit(Bridge(case.id, heir, "", heard=not asked))
    floor.emit(Connect(case.id, heir, "owner"))
    floor.moved(person)
    floor.seeking.append(heir)


# --- the end --------------------------------------------------------------------------------------------------------


def fallback(floor: Floor, case: Case, cause: str) -> None:
    """Nobody will come from this queue: what the plan says of that, in order. Each queue is tried once a handoff."""
    if case.state == "queued":
        routing.unqueue(floor, case)
    case.kept = ""
    if case.kind != "caller":
        unanswered(floor, case, cause)
        return
    queue = floor.queue(case)
    for option in queue.closed if cause == "closed" and queue.closed else queue.fallback:
        if option.how == "queue":
            if _overflow(floor, case, option):
                return
            continue
        if option.how == "callback":
            _keep_place(floor, case)
        elif option.how != "bot":
            floor.emit(FileTicket(case.id, case.queue, option.how))
        failed(floor, case, cause if option.how == "bot" else option.how, waited=cause != "closed")
        return
    failed(floor, case, cause, waited=cause != "closed")


def _overflow(floor: Floor, case: Case, option: Fallback) -> bool:
    late = case.give_up and floor.now >= case.give_up
    if late or option.queue in case.visited or obstacle(floor, option.queue):
        return False
    case.tries = 0
    place(floor, case, option.queue)
    return True


def _keep_place(floor: Floor, case: Case) -> None:
    """The caller is called back when their turn comes: a leg waits in their stead, as long as the queue says."""
    floor.legs[case.id] += 1
    id_ = leg_id(floor, case, "c")
    leg = Case(id_, case.medium, "callback", case.id, began=floor.now, number=case.number, reason=case.reason)
    leg.queue, leg.priority, leg.needs, leg.visited = case.queue, case.priority, case.needs, case.visited
    leg.queued, leg.front = case.queued, case.front
    leg.until = floor.opening(floor.queue(case)) + floor.queue(case).callback
    floor.cases[id_] = leg
    routing.wait(floor, leg)


def leg_id(floor: Floor, case: Case, kind: str) -> str:
    """Of a new leg: a name that none has."""
    while True:
        case.legs += 1
        id_ = f"{case.id}/{case.legs}{kind}"
        if id_ not in floor.cases:
            return id_


def call_back(floor: Floor, case: Case) -> None:
    """A waiting caller would rather be called back."""
    if case.state != "queued" or case.kind != "caller":
        return
    _keep_place(floor, case)
    routing.unqueue(floor, case)
    failed(floor, case, "callback")


def unanswered(floor: Floor, case: Case, cause: str) -> None:
    """A leg for which nobody came: the ticket of a call back, or the agent who wanted a colleague has the caller."""
    if case.kind == "callback":
        floor.emit(FileTicket(case.parent, case.queue, "callback"))
    parting.over(floor, case, "failed", cause)
    parent = floor.cases.get(case.parent)
    if parent is not None and parent.consult == case.id:
        parent.consult = ""
        floor.stop(parent, "consult")
        floor.changed(parent)
        if parent.on_hold:
            floor.within("hold", parent.id, floor.plan.hold)


def failed(floor: Floor, case: Case, cause: str, *, waited: bool = True) -> None:
    """Nobody came for the caller: the bot has the conversation and knows why. waited: counts as lost; who finds the
    queue closed has been turned away, and says nothing of how it is served."""
    if waited:
        floor.tally(case.queue).lost += 1
        floor.stirred(case.queue)
    handoff, ours, last = case.handoff, case.ours, case.last
    parting.over(floor, case, "returned" if ours else "failed", cause)
    if ours:
        give_to_bot(floor, case, last, "", cause)
    elif handoff:
        floor.emit(Fail(case.id, handoff, cause))


def give_to_bot(floor: Floor, case: Case, agent: str, step: str, why: str) -> None:
    case.ours = False
    floor.emit(Return(case.id, agent, step, why))


def went_on(floor: Floor, case: Case) -> None:
    """The bot does not wait any more: nobody is needed."""
    if case.state in WAITING and not case.ours:
        floor.tally(case.queue).lost += 1
        floor.stirred(case.queue)
        parting.over(floor, case, "failed", "bot_went_on")


def given_back(floor: Floor, case: Case, step: str) -> None:
    agent = case.agent
    case.step = step
    parting.over(floor, case, "returned", "given_back")
    give_to_bot(floor, case, agent, step, "given_back")


def closed(floor: Floor, case: Case) -> None:
    agent = case.agent
    parting.over(floor, case, "closed", "agent_closed")
    floor.emit(HangUp(case.id, agent))


def ended(floor: Floor, case: Case, why: str) -> None:
    """The conversation is over; the centre forgets it."""
    if case.state in WAITING:
        floor.tally(case.queue).lost += 1
        floor.stirred(case.queue)
    if case.state == "closed":
        floor.timers.cancel(("line", case.id))
    else:
        parting.over(floor, case, "closed", why)
    del floor.cases[case.id]
    floor.emit(Gone("conversation", case.id))
