"""One case from the wish for a person to its end, at every arrow: what the caller, the agent and the bot are told."""

import pytest

from huashu.flows.hours import parse_hours
from huashu.handoff import signals
from huashu.handoff.effects import (
    Announce,
    Bridge,
    Brief,
    Connect,
    Disconnect,
    Fail,
    FileTicket,
    Gone,
    HangUp,
    Return,
    Ring,
    Unring,
)
from huashu.handoff.machine import RefusedError
from huashu.handoff.plan import Fallback, Queue
from tests.handoff.floor import BEGAN, World, plan

pytestmark = pytest.mark.unit


def world(**settings: object) -> World:
    return World(plan(Queue("q", **settings)))  # type: ignore[arg-type]


def test_from_the_wish_to_the_end() -> None:
    w = world()
    w.agent("a", "q")
    w.want("c")
    (ring,) = w.all(Ring)
    assert (ring.agent, ring.expires) == ("a", BEGAN + 20.0)
    assert w.state("c") == "offered"
    assert w.case("c").owner == "bot"
    told = w.tell(signals.Accept("a", ring.offer))
    assert Brief("c", "a") in told
    assert not any(isinstance(item, Bridge) for item in told)
    w.joins = False
    assert Bridge("c", "a", "c.h") in w.tell(signals.Acknowledge("a", "c"))
    assert w.state("c") == "accepted"
    assert w.case("c").owner == "bot"
    assert Connect("c", "a", "owner") in w.tell(signals.Bridged("c", "a"))
    assert w.state("c") == "bridged"
    assert w.case("c").owner == "a"
    assert HangUp("c", "a") in w.tell(signals.Close("a", "c"))
    assert w.case("c").why == "agent_closed"
    assert w.case("c").owner == "nobody"
    assert w.presence("a") == "wrap_up"
    w.tell(signals.Ended("c"))
    assert "c" not in w.centre.cases
    w.wait(30.0)
    assert w.presence("a") == "available"


def test_the_briefing_is_seen_before_the_caller_is_joined() -> None:
    w = world()
    w.agent("a", "q")
    w.want("c")
    w.tell(signals.Accept("a", w.case("c").offer))
    w.wait(14.0)
    assert w.state("c") == "accepted"
    assert not w.all(Bridge)
    w.wait(2.0)
    assert w.state("c") == "queued", "the agent saw nothing: it goes to another"
    assert w.case("c").front


def test_who_does_not_answer_is_rung_again_later_and_then_taken_to_be_away() -> None:
    w = world(wait=600.0)
    w.agent("a", "q")
    w.want("c")
    w.wait(20.5)
    assert [item.why for item in w.all(Unring)] == ["no_answer"]
    assert w.state("c") == "queued"
    w.wait(30.0)
    assert w.rung() == [("c", "a")] * 2
    w.wait(200.0)
    assert w.presence("a") == "break"
    assert len(w.rung()) == 3
    w.tell(signals.BePresent("a", "available"))
    assert w.rung() == [("c", "a")] * 4, "back at the desk"


def test_another_is_rung_at_once_when_the_first_declines() -> None:
    w = world()
    w.agent("a", "q")
    w.agent("b", "q")
    w.want("c")
    w.tell(signals.Decline("a", w.case("c").offer))
    assert w.rung() == [("c", "a"), ("c", "b")]


def test_nobody_comes_and_the_bot_is_told_before_it_gives_up_itself() -> None:
    w = world(wait=120.0)
    w.want("c", within=60.0)
    w.wait(58.0)
    assert w.state("c") == "queued"
    told = w.wait(1.5)
    assert Fail("c", "c.h", "no_answer") in told
    assert (w.state("c"), w.case("c").why, w.case("c").owner) == ("failed", "no_answer", "bot")


@pytest.mark.parametrize("how", ["voicemail", "ticket"])
def test_a_ticket_is_filed_for_whom_nobody_came(how: str) -> None:
    w = world(fallback=(Fallback(how),))  # type: ignore[arg-type]
    w.want("c")
    w.wait(121.0)
    assert w.all(FileTicket) == [FileTicket("c", "q", how)]  # type: ignore[arg-type]
    assert w.all(Fail) == [Fail("c", "c.h", how)]


def test_the_next_queue_is_tried_and_each_only_once() -> None:
    queues = Queue("q", fallback=(Fallback("queue", "r"),)), Queue("r", fallback=(Fallback("queue", "q"),))
    w = World(plan(*queues))
    w.want("c")
    w.wait(121.0)
    assert (w.case("c").queue, w.state("c")) == ("r", "queued")
    w.wait(121.0)
    assert w.all(Fail) == [Fail("c", "c.h", "no_answer")]


def test_a_full_queue_turns_the_next_one_away() -> None:
    w = world(capacity=1)
    w.want("c")
    w.want("d")
    assert w.all(Fail) == [Fail("d", "d.h", "queue_full")]


def test_out_of_hours_there_is_another_way() -> None:
    from huashu.flows.hours import parse_hours

    hours = parse_hours(["周一至周五 9:00-18:00"], [("2026-02-26", ["closed"])])
    w = world(hours=hours, closed=(Fallback("ticket"),), fallback=(Fallback("bot"),))
    w.want("c")
    assert w.state("c") == "queued"
    w.wait(24 * 3600.0)
    w.want("d")
    assert w.all(FileTicket) == [FileTicket("d", "q", "ticket")], "a holiday"


def test_callers_hear_where_they_stand_and_how_long_by_measured_rates() -> None:
    w = world(wait=3600.0, announce=30.0, wrap_up=0.0)
    w.agent("a", "q")
    for number in range(7):
        w.want(f"c{number}", medium="voice")
    w.wait(1.5)
    assert w.announced("c2") == [2]
    assert w.all(Announce)[1].wait is None
    for number in range(5):
        w.accept(f"c{number}")
        w.wait(60.0)
        w.tell(signals.Close("a", f"c{number}"))
        w.wait(0.1)
    w.accept("c5")
    w.wait(31.0)
    last = w.all(Announce)[-1]
    assert last.call == "c6"
    assert last.position == 1
    assert last.wait is not None
    assert 55 < last.wait < 95, "one a minute"
    assert len(w.announced("c6")) >= 9


def test_a_caller_may_be_called_back_and_keeps_the_place() -> None:
    w = world(wrap_up=0.0)
    w.want("c")
    w.want("d")
    w.tell(signals.CallbackWanted("c"))
    assert w.all(Fail) == [Fail("c", "c.h", "callback")]
    w.tell(signals.Ended("c"))
    w.agent("a", "q")
    leg = w.rung()[0][0]
    assert w.case(leg).kind == "callback", "before the one who came later"
    w.tell(signals.Accept("a", w.case(leg).offer))
    assert w.all(FileTicket) == [FileTicket("c", "q", "callback", "a")]
    assert w.rung()[1] == ("d", "a")


def test_a_call_back_that_nobody_takes_becomes_a_ticket() -> None:
    w = world(fallback=(Fallback("callback"),), callback=600.0)
    w.want("c")
    w.wait(121.0)
    assert not w.all(FileTicket)
    w.wait(600.0)
    assert w.all(FileTicket) == [FileTicket("c", "q", "callback")]
    assert list(w.centre.cases) == ["c"]


# --- things that go wrong -------------------------------------------------------------------------------------------


def test_a_caller_who_hangs_up_leaves_nothing_behind_wherever_it_is() -> None:
    for stage in ("queued", "offered", "accepted", "bridging", "bridged", "consulting", "returned", "failed"):
        w = world(wrap_up=0.0)
        if stage not in ("queued", "failed"):
            w.agent("a", "q")
        w.want("c")
        if stage == "accepted":
            w.tell(signals.Accept("a", w.case("c").offer))
        if stage == "bridging":
            w.joins = False
        if stage in ("bridging", "bridged", "consulting", "returned"):
            w.accept("c")
        if stage == "consulting":
            w.agent("b")
            w.tell(signals.Consult("a", "c", to="b"))
        if stage == "returned":
            w.tell(signals.GiveBack("a", "c"))
        if stage == "failed":
            w.wait(121.0)
        w.tell(signals.Ended("c"))
        assert not w.centre.cases, stage
        assert all(not person.work and not person.ringing for person in w.centre.people.values()), stage
        assert w.centre.deadline is None, stage


def test_two_who_accept_do_not_both_get_it() -> None:
    w = world()
    w.agent("a", "q")
    w.agent("b", "q")
    w.want("c")
    offer = w.case("c").offer
    w.tell(signals.Accept("a", offer))
    with pytest.raises(RefusedError) as refused:
        w.tell(signals.Accept("b", offer))
    assert refused.value.code == "taken"
    assert w.tell(signals.Accept("a", offer)) == [], "said twice by the one who has it: no harm"
    with pytest.raises(RefusedError):
        w.tell(signals.Acknowledge("b", "c"))


def test_a_desk_that_is_lost_keeps_its_conversation_for_a_while() -> None:
    w = world()
    who = w.agent("a", "q")
    w.want("c")
    w.accept("c")
    w.tell(signals.AgentLost("a"))
    w.wait(19.0)
    assert w.state("c") == "bridged"
    assert Connect("c", "a", "owner") in w.tell(signals.SignedIn(who))
    w.tell(signals.AgentLost("a"))
    w.agent("b", "q")
    w.wait(21.0)
    assert w.state("c") in ("queued", "offered")
    assert w.case("c").owner == "centre"
    assert "a" not in w.centre.people


def test_who_lost_their_agent_is_next() -> None:
    w = world(wait=600.0)
    w.agent("a", "q")
    w.want("c")
    w.accept("c")
    w.want("d")
    w.want("e")
    w.tell(signals.AgentLost("a"))
    w.wait(20.5)
    assert [w.centre.position(w.case(id_)) for id_ in "cde"] == [1, 2, 3]
    w.agent("b", "q")
    assert w.rung()[-1] == ("c", "b")


def test_when_nobody_takes_it_over_the_bot_has_the_caller_again() -> None:
    w = world()
    w.agent("a", "q")
    w.want("c")
    w.accept("c")
    w.tell(signals.SignedOut("a"))
    assert Disconnect("c", "a") in w.told
    assert Gone("agent", "a") in w.told
    told = w.wait(121.0)
    assert Return("c", "a", "", "no_answer") in told
    assert (w.state("c"), w.case("c").owner) == ("returned", "bot")


def test_a_line_that_comes_back_goes_on_where_it_was() -> None:
    w = world()
    w.agent("a", "q")
    w.want("c")
    w.accept("c")
    w.tell(signals.LineLost("c"))
    w.wait(30.0)
    assert w.state("c") == "bridged"
    assert Connect("c", "a", "owner") in w.tell(signals.Joined("c", "text", "human"))
    w.wait(120.0)
    assert w.state("c") == "bridged"
    w.tell(signals.LineLost("c"))
    w.wait(61.0)
    assert "c" not in w.centre.cases


def test_nobody_is_rung_for_a_line_that_is_lost() -> None:
    w = world()
    w.want("c")
    w.want("d")
    w.tell(signals.LineLost("c"))
    w.agent("a", "q")
    assert w.rung() == [("d", "a")]
    w.agent("b", "q")
    w.tell(signals.Joined("c", "text"))
    assert w.rung() == [("d", "a"), ("c", "b")]


def test_a_late_join_that_nobody_answers_for_goes_back_to_the_bot() -> None:
    w = World(plan(Queue("q")), joins=False)
    w.agent("a", "q")
    w.want("c")
    w.accept("c")
    w.wait(10.5)
    w.tell(signals.WentOn("c", "c.h"))
    assert w.state("c") == "failed"
    assert Return("c", "a", "", "bot_went_on") in w.tell(signals.Bridged("c", "a"))


def test_reports_that_come_late_or_twice_change_nothing() -> None:
    w = world()
    w.agent("a", "q")
    w.want("c")
    w.accept("c")
    for report in (
        signals.Bridged("c", "a"),
        signals.BridgeFailed("c", "a"),
        signals.Requested("c", "q", handoff="c.h"),
        signals.WentOn("c", "c.h"),
        signals.CallbackWanted("c"),
        signals.Joined("c", "text", "human"),
    ):
        w.tell(report)
        assert (w.state("c"), w.case("c").agent) == ("bridged", "a"), report
    for late in (signals.Ended("c"), signals.Ended("c"), signals.LineLost("c"), signals.Bridged("c", "a")):
        w.tell(late)
    assert not w.centre.cases


def test_the_bot_asks_anew_for_another_handoff_and_keeps_the_place() -> None:
    w = world()
    w.want("c", handoff="h1")
    w.want("d")
    w.want("c", handoff="h2")
    assert w.centre.position(w.case("c")) == 1
    w.agent("a", "q")
    w.accept("c")
    assert w.all(Bridge) == [Bridge("c", "a", "h2")]


# --- after a restart ------------------------------------------------------------------------------------------------


def test_a_restart_in_the_midst_of_a_bridged_conversation() -> None:
    w = world(wait=600.0)
    who = w.agent("a", "q")
    w.want("c")
    w.accept("c")
    w.want("d")
    again = world(wait=600.0)
    again.now = w.now + 5.0
    again.told += again.centre.restore(list(w.centre.cases.values()), list(w.centre.people.values()), now=again.now)
    assert again.state("c") == "bridged"
    assert again.state("d") == "queued"
    again.tell(signals.Joined("c", "text", "human"), signals.SignedIn(who))
    assert Connect("c", "a", "owner") in again.told
    again.tell(signals.Joined("d"), signals.GiveBack("a", "c"))
    again.wait(30.0)
    assert again.rung() == [("d", "a")]


def test_agents_who_do_not_come_back_after_a_restart() -> None:
    w = world()
    w.agent("a", "q")
    w.want("c")
    w.accept("c")
    again = world()
    again.now = w.now + 5.0
    again.centre.restore(list(w.centre.cases.values()), [], now=again.now)
    again.tell(signals.Joined("c", "text", "human"))
    again.wait(20.5)
    assert again.state("c") == "queued"
    assert again.case("c").owner == "centre"


def test_who_rings_at_one_after_the_other_hears_where_they_stand() -> None:
    w = World(plan(Queue("q", wait=120.0, ring=20.0, announce=30.0)))
    for id_ in "abc":
        w.agent(id_, "q")
    w.want("c", medium="voice")
    w.wait(119.0)
    assert len(w.rung()) == 6, "nobody answers"
    assert w.announced("c") == [1, 1, 1], "every half minute, the first after the first: it rang at once"


def test_who_is_with_a_person_is_told_no_place() -> None:
    w = World(plan(Queue("q", announce=5.0)))
    w.agent("a", "q")
    w.want("c", medium="voice")
    w.wait(3.0)
    w.accept("c")
    w.wait(60.0)
    assert w.announced("c") == []


def test_who_finds_the_queue_closed_is_no_caller_lost() -> None:
    w = World(plan(Queue("q", hours=parse_hours(["每天 2:00-3:00"]))))
    w.want("c")
    assert w.state("c") == "failed"
    assert (w.centre.tally("q").lost, w.centre.tally("q").level) == (0, 1.0)


def test_nobody_is_called_back_while_the_queue_is_closed() -> None:
    hours = parse_hours(["每天 9:00-12:00"])  # it is 14:13
    w = World(plan(Queue("q", hours=hours, callback=3600.0, closed=(Fallback("callback"),))))
    w.want("c")
    w.agent("a", "q")
    w.wait(18 * 3600.0)
    assert w.rung() == [], "at eight in the morning"
    w.wait(3600.0)
    assert w.rung()[0] == ("c/1c", "a")
    w.wait(2 * 3600.0)
    assert "c/1c" not in w.centre.cases
    assert [(effect.how, effect.agent) for effect in w.all(FileTicket)] == [("callback", "")]


def test_an_agent_who_is_free_again_after_hours_is_not_rung_to_call_back() -> None:
    hours = parse_hours(["每天 14:00-14:20"])
    w = World(plan(Queue("q", hours=hours, wait=30.0, callback=86_400.0, fallback=(Fallback("callback"),))))
    w.want("c")
    w.wait(30.0)
    assert "c/1c" in w.centre.cases
    w.wait(3600.0)
    w.agent("a", "q")
    w.wait(3600.0)
    assert w.rung() == []
    w.wait(24 * 3600.0 - 2 * 3600.0)
    assert w.rung()[0] == ("c/1c", "a"), "the next day"
