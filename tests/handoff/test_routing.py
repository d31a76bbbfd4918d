"""Who is rung for what, and in which order."""

import pytest

from huashu.handoff import signals
from huashu.handoff.plan import Queue
from tests.handoff.floor import World, plan

pytestmark = pytest.mark.unit


def test_longest_idle_first() -> None:
    w = World(plan(Queue("q", wrap_up=0.0)))
    for id_ in "abc":
        w.agent(id_, "q")
        w.wait(1.0)
    for number, expected in enumerate("abc"):
        w.want(f"c{number}", medium="voice")
        assert w.accept(f"c{number}") == expected
    w.wait(5.0)
    w.tell(signals.Close("b", "c1"))
    w.wait(5.0)
    w.tell(signals.Close("a", "c0"))
    w.want("d", medium="voice")
    assert w.rung()[-1] == ("d", "b")


def test_the_best_at_it_first() -> None:
    w = World(plan(Queue("q", skills=(("card", 1),), strategy="best_skill")))
    w.agent("a", "q", skills={"card": 3})
    w.agent("b", "q", skills={"card": 7})
    w.agent("c", "q", skills={"loan": 9})
    w.want("x", medium="voice")
    w.want("y", medium="voice")
    w.want("z", medium="voice")
    assert w.rung() == [("x", "b"), ("y", "a")]


def test_a_case_may_need_more_than_its_queue() -> None:
    w = World(plan(Queue("q")))
    w.agent("a", "q")
    w.agent("b", "q", skills={"en": 4})
    w.want("x", skills=(("en", 3),), medium="voice")
    w.want("y", skills=(("en", 5),), medium="voice")
    assert w.rung() == [("x", "b")]
    w.agent("c", "q", skills={"en": 5})
    assert w.rung()[-1] == ("y", "c")


def test_priority_is_worth_waiting_time_and_the_front_comes_before_all() -> None:
    w = World(plan(Queue("q", wait=900.0), priority_step=30.0))
    w.want("first", medium="voice")
    w.wait(20.0)
    w.want("dear", priority=1, medium="voice")
    w.wait(20.0)
    w.want("later", priority=1, medium="voice")
    order = [w.centre.position(w.case(id_)) for id_ in ("dear", "first", "later")]
    assert order == [1, 2, 3], "a point is worth half a minute: 20 s later it goes before, 40 s later behind"


def test_agents_take_the_most_pressing_of_all_their_queues() -> None:
    w = World(plan(Queue("q"), Queue("r", priority=2)))
    w.want("x", "q", medium="voice")
    w.wait(10.0)
    w.want("y", "r", medium="voice")
    w.wait(1.0)
    w.want("z", "s", medium="voice")
    w.agent("a", "q", "r")
    assert w.rung() == [("y", "a")]
    w.agent("b")
    assert w.rung()[-1] == ("x", "b")


def test_three_chats_or_one_call() -> None:
    w = World(plan(Queue("q", wrap_up=0.0)))
    w.agent("a", "q")
    for number in range(5):
        w.want(f"c{number}")
        if number < 3:
            w.accept(f"c{number}")
    w.want("v", medium="voice")
    assert len(w.rung()) == 3, "a fourth chat waits, and so does the call while there are chats"
    for number in range(3):
        w.tell(signals.Ended(f"c{number}"))
    assert w.rung()[-1] == ("c3", "a")
    w.tell(signals.Ended("c3"))
    w.tell(signals.Ended("c4"))
    assert w.rung()[-1] == ("v", "a")
    w.accept("v")
    w.want("d")
    assert w.rung()[-1] == ("v", "a")


def test_chats_go_to_who_has_fewest() -> None:
    w = World(plan(Queue("q")))
    w.agent("a", "q")
    w.wait(1.0)
    w.agent("b", "q")
    for number in range(4):
        w.want(f"c{number}")
        w.accept(f"c{number}")
    assert [agent for _, agent in w.rung()] == ["a", "b", "a", "b"]


def test_a_caller_comes_to_the_agent_they_know() -> None:
    w = World(plan(Queue("q", sticky=15.0, wait=300.0, wrap_up=0.0)))
    w.agent("a", "q")
    w.agent("b", "q")
    w.want("x", agent="b", medium="voice")
    assert w.rung() == [("x", "b")], "though another has been idle for longer"
    w.accept("x")
    w.want("y", agent="b", medium="voice")
    assert len(w.rung()) == 1, "kept for them a while"
    w.wait(15.5)
    assert w.rung()[-1] == ("y", "a")
    w.want("z", agent="b", medium="voice")
    w.wait(5.0)
    w.tell(signals.Close("b", "x"))
    assert w.rung()[-1] == ("z", "b")


def busy() -> World:
    """The agent whom the caller knows is on a chat, another is free."""
    w = World(plan(Queue("q", sticky=60.0), capacity={"text": 1}))
    w.agent("b", "q")
    w.want("first")
    w.accept("first")
    w.agent("a", "q", capacity={"text": 3})
    return w


def test_known_agents_who_sign_out_leave_their_callers_to_others() -> None:
    w = busy()
    w.want("x", agent="b")
    assert w.rung() == [("first", "b")]
    w.tell(signals.SignedOut("b"))
    assert w.accept("first") == "a", "who had a person comes before"
    assert w.rung()[-1] == ("x", "a")


def test_known_agents_who_leave_while_the_line_is_lost() -> None:
    w = busy()
    w.want("x", agent="b")
    w.tell(signals.LineLost("x"), signals.SignedOut("b"), signals.Joined("x"))
    assert w.accept("first") == "a"
    assert w.rung()[-1] == ("x", "a")


def test_presence() -> None:
    w = World(plan(Queue("q", wrap_up=30.0)))
    w.agent("a", "q")
    w.want("x")
    w.tell(signals.BePresent("a", "break"))
    assert w.state("x") == "queued", "what rings goes to another"
    w.wait(1.0)
    w.tell(signals.BePresent("a", "available"))
    w.wait(30.0)
    w.accept("x")
    w.tell(signals.BePresent("a", "break"))
    assert w.state("x") == "bridged", "what they have they keep"
    w.tell(signals.Close("a", "x"))
    assert w.presence("a") == "break", "and no wrap-up undoes the break"
    w.tell(signals.BePresent("a", "available"))
    w.want("y")
    w.accept("y")
    w.tell(signals.Close("a", "y"))
    w.want("z")
    assert w.presence("a") == "wrap_up"
    assert w.rung()[-1][0] == "y"
    w.tell(signals.WrapUpDone("a"))
    assert w.rung()[-1] == ("z", "a")


def test_supervisors_are_rung_only_for_queues_of_their_own() -> None:
    w = World(plan(Queue("q")))
    w.agent("s", role="supervisor")
    w.want("x")
    assert not w.rung()
    w.agent("t", "q", role="supervisor")
    assert w.rung() == [("x", "t")]


def test_service_level_and_counts() -> None:
    w = World(plan(Queue("q", target=20.0, wrap_up=0.0)))
    w.agent("a", "q")
    w.want("x", medium="voice")
    w.accept("x")
    w.want("y", medium="voice")
    w.want("z", medium="voice")
    w.wait(30.0)
    w.tell(signals.Ended("x"))
    w.accept("y")
    w.tell(signals.Ended("z"))
    tally = w.centre.tally("q")
    assert (tally.answered, tally.in_time, tally.lost, tally.level) == (2, 1, 1, 1 / 3)
    w.wait(86_400.0)
    w.call("another day")
    assert w.centre.tally("q").answered == 0


@pytest.mark.parametrize("away", ["break", "lost", "unskilled"])
def test_whoever_knows_the_caller_but_cannot_come_is_not_waited_for(away: str) -> None:
    w = World(plan(Queue("q", skills=(("card", 1),), sticky=60.0)))
    w.agent("a", skills={"card": 1})
    w.agent("known", skills={"loan": 9} if away == "unskilled" else {"card": 9})
    if away != "unskilled":
        w.tell(signals.BePresent("known", "break") if away == "break" else signals.AgentLost("known"))
    w.want("x", agent="known")
    assert w.rung() == [("x", "a")]


@pytest.mark.parametrize("leaves", [signals.BePresent("b", "break"), signals.AgentLost("b")])
def test_whoever_is_waited_for_and_leaves_is_not_waited_for_any_more(leaves: signals.Signal) -> None:
    w = busy()
    w.want("x", agent="b")
    assert w.state("x") == "queued", "kept for the one they know"
    w.tell(leaves)
    assert w.rung()[-1] == ("x", "a")
