"""More than one person at a conversation: transfers, consultation, conferences, supervisors."""

import pytest

from huashu.handoff import signals
from huashu.handoff.effects import Brief, Connect, Disconnect, Return
from huashu.handoff.machine import RefusedError
from huashu.handoff.plan import Queue
from tests.handoff.floor import World, plan

pytestmark = pytest.mark.unit


def served(**settings: object) -> World:
    """x is with a; b and c are free."""
    queues = Queue("q", escalate="expert", wrap_up=0.0), Queue("expert", level=3, skills=(("expert", 1),))
    w = World(plan(*queues, **settings))
    w.agent("a", "q")
    w.want("x", medium="voice")
    w.accept("x")
    w.agent("b", "q")
    w.agent("c", "expert", skills={"expert": 1})
    return w


def test_cold_transfer_to_a_colleague() -> None:
    w = served()
    w.tell(signals.Transfer("a", "x", to="b"))
    assert w.rung()[-1] == ("x", "b")
    assert w.case("x").owner == "centre"
    assert w.accept("x") == "b"
    assert w.case("x").owner == "b"
    assert Disconnect("x", "a") in w.told
    assert Connect("x", "b", "owner") in w.told


def test_a_colleague_who_does_not_answer_leaves_it_to_the_queue() -> None:
    w = served()
    w.tell(signals.BePresent("b", "break"), signals.Transfer("a", "x", to="b"))
    assert w.state("x") == "queued"
    w.wait(60.0)
    assert w.rung()[-1] == ("x", "a"), "in the end the one who sent it, when there is no other"


def test_escalation_goes_a_level_up() -> None:
    w = served()
    w.tell(signals.Transfer("a", "x"))
    assert w.case("x").queue == "expert"
    assert w.rung()[-1] == ("x", "c")
    w.accept("x")
    with pytest.raises(RefusedError, match="no level above"):
        w.tell(signals.Transfer("c", "x"))


def test_a_transfer_that_is_impossible_leaves_the_caller_where_they_are() -> None:
    w = served()
    for wish, code in (
        (signals.Transfer("a", "x", queue="nowhere"), "unknown"),
        (signals.Transfer("a", "x", to="nobody"), "unknown"),
        (signals.Transfer("a", "x", to="a"), "invalid"),
        (signals.Transfer("b", "x", to="c"), "forbidden"),
    ):
        with pytest.raises(RefusedError) as refused:
            w.tell(wish)
        assert refused.value.code == code
    assert w.case("x").owner == "a"


def test_a_transferred_caller_whom_nobody_takes_is_back_with_the_bot() -> None:
    w = served()
    w.tell(signals.BePresent("c", "break"), signals.Transfer("a", "x"))
    assert Return("x", "a", "", "no_answer") in w.wait(121.0)
    assert w.case("x").owner == "bot"


def test_warm_transfer() -> None:
    w = served()
    w.tell(signals.Consult("a", "x", to="b"))
    assert Connect("x", "a", "hold") in w.told
    assert w.case("x").on_hold
    leg = w.case("x").consult
    assert w.rung()[-1] == (leg, "b")
    assert w.case("x").owner == "a"
    assert w.accept(leg) == "b"
    assert Brief("x", "b") in w.told
    assert Connect("x", "b", "consult") in w.told
    assert w.case("x").owner == "a"
    w.tell(signals.Complete("a", "x", "hand_over"))
    assert w.case("x").owner == "b"
    assert not w.case("x").on_hold
    assert leg not in w.centre.cases
    assert not w.centre.people["a"].work
    assert list(w.centre.people["b"].work) == ["x"]


def test_a_conference_and_leaving_it() -> None:
    w = served()
    w.tell(signals.Consult("a", "x", queue="expert"))
    w.accept(w.case("x").consult)
    w.tell(signals.Complete("a", "x", "join"))
    assert w.case("x").parties == {"c": "conference"}
    assert w.case("x").owner == "a"
    assert not w.case("x").on_hold
    w.tell(signals.Complete("a", "x", "hand_over"))
    assert w.case("x").owner == "c"
    assert not w.case("x").parties


def test_a_consultation_called_off_or_unanswered() -> None:
    w = served()
    w.tell(signals.Consult("a", "x", to="b"), signals.Complete("a", "x", "cancel"))
    assert not w.case("x").consult
    assert not w.case("x").on_hold
    assert not w.centre.people["b"].work
    w.tell(signals.BePresent("b", "break"), signals.BePresent("c", "break"), signals.Consult("a", "x", queue="expert"))
    with pytest.raises(RefusedError, match="not joined"):
        w.tell(signals.Complete("a", "x", "hand_over"))
    w.wait(121.0)
    assert not w.case("x").consult
    assert w.case("x").on_hold, "the agent knows, the caller is still on hold"
    w.wait(181.0)
    assert not w.case("x").on_hold, "but not for ever"


def test_a_colleague_asked_by_name_is_asked_and_nobody_else() -> None:
    w = served()
    w.agent("d", "q")
    w.tell(signals.Consult("a", "x", to="b"))
    w.tell(signals.Decline("b", w.case(w.case("x").consult).offer))
    assert not w.case("x").consult
    w.tell(signals.BePresent("b", "break"), signals.Consult("a", "x", to="b"))
    w.wait(21.0)
    assert not w.case("x").consult
    assert {agent for call, agent in w.rung() if call != "x"} == {"b"}


def test_two_who_talk_for_ever_are_parted() -> None:
    w = served(consult=300.0)
    w.tell(signals.Consult("a", "x", to="b"))
    w.accept(w.case("x").consult)
    w.wait(301.0)
    assert not w.case("x").consult
    assert not w.case("x").on_hold
    assert not w.centre.people["b"].work


def test_who_was_consulted_has_the_caller_when_the_agent_is_lost() -> None:
    w = served()
    w.tell(signals.Consult("a", "x", to="b"))
    w.accept(w.case("x").consult)
    w.tell(signals.AgentLost("a"))
    w.wait(21.0)
    assert w.case("x").owner == "b"
    assert not w.case("x").on_hold


def test_the_one_consulted_is_lost() -> None:
    w = served()
    w.tell(signals.Consult("a", "x", to="b"))
    w.accept(w.case("x").consult)
    w.tell(signals.SignedOut("b"))
    assert w.case("x").owner == "a"
    assert not w.case("x").consult


def test_hold_is_bounded() -> None:
    w = served(hold=180.0)
    w.tell(signals.Hold("a", "x", True))
    assert Connect("x", "a", "hold") in w.told
    w.wait(181.0)
    assert not w.case("x").on_hold
    assert w.told.count(Connect("x", "a", "owner")) == 2


def test_supervisors_listen_whisper_join_and_take_over() -> None:
    w = served()
    w.agent("s", role="supervisor")
    for mode in ("listen", "whisper", "barge"):
        assert Connect("x", "s", mode) in w.tell(signals.Supervise("s", "x", mode))
    assert w.case("x").owner == "a"
    w.tell(signals.Supervise("s", "x", None))
    assert not w.case("x").parties
    w.tell(signals.Supervise("s", "x", "takeover"))
    assert w.case("x").owner == "s"
    assert not w.centre.people["a"].work
    with pytest.raises(RefusedError) as refused:
        w.tell(signals.Supervise("b", "x", "listen"))
    assert refused.value.code == "forbidden"


def test_listening_to_the_bot_and_pulling_from_it() -> None:
    w = served()
    w.agent("s", role="supervisor")
    w.call("y")
    w.tell(signals.Supervise("s", "y", "listen"))
    with pytest.raises(RefusedError, match="only listening"):
        w.tell(signals.Supervise("s", "y", "barge"))
    w.tell(signals.Pull("s", "y", to="b"))
    assert w.rung()[-1] == ("y", "b")
    assert w.case("y").reason == "supervisor"
    w.tell(signals.Supervise("s", "x", None))
    w.call("z")
    w.tell(signals.Pull("s", "z"))
    assert w.case("z").state == "accepted"
    w.tell(signals.Acknowledge("s", "z"))
    assert w.case("z").owner == "s"


def test_pulling_out_of_a_queue_keeps_what_the_bot_waits_for() -> None:
    w = served()
    w.agent("s", role="supervisor")
    w.tell(signals.BePresent("b", "break"))
    w.want("y", "q", handoff="h")
    w.tell(signals.Decline("a", w.case("y").offer)) if w.case("y").state == "offered" else None
    w.tell(signals.Pull("s", "y", queue="expert"))
    assert w.rung()[-1] == ("y", "c")
    w.joins = False
    w.tell(signals.Accept("c", w.case("y").offer))
    told = w.tell(signals.Acknowledge("c", "y"))
    assert [getattr(item, "handoff", None) for item in told if type(item).__name__ == "Bridge"] == ["h"]
