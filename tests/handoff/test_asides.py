"""Words beside a conversation: between an agent and whom they ask, between a supervisor and the agent they coach."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from huashu.handoff import commands
from huashu.handoff.plan import Plan, Queue
from huashu.handoff.views import Aside
from huashu.store.forgetting import erase
from huashu.store.log import Store
from tests.handoff.hall import Caller, Desk, Hall

pytestmark = pytest.mark.unit

PLAN = Plan(queues={"信用卡": Queue("信用卡", wrap_up=0.0), "专家": Queue("专家", wrap_up=0.0)})
BESIDE = "他想免手续费，能批吗"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def beside(desk: Desk, call: str = "c") -> list[tuple[str, str]]:
    """(who, what) as it stands on the screen."""
    shown = {view.n: (view.agent, view.text) for view in desk.all(Aside) if view.conversation == call}
    return [shown[n] for n in sorted(shown)]


async def served(hall: Hall) -> tuple[Desk, Caller]:
    desk = hall.desk("1", "信用卡")
    caller = await hall.call("c", "姓名=张三", "!转人工")
    await desk.take()
    return desk, caller


async def asks(hall: Hall, desk: Desk, colleague: str = "2") -> Desk:
    """A colleague is asked, and has joined."""
    other = hall.desk(colleague, "专家")
    assert (await desk.do(commands.Transfer("c", agent=colleague, kind="warm"))).ok
    await other.take()
    return other


async def test_an_agent_and_a_colleague_talk_without_the_caller(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, caller = await served(hall)
    other = await asks(hall, desk)
    heard, words = list(caller.heard), desk.words("c")
    assert (await desk.do(commands.SayAside("c", BESIDE))).ok
    assert (await other.do(commands.SayAside("c", "可以免两期"))).ok
    assert beside(desk) == beside(other) == [("1", BESIDE), ("2", "可以免两期")]
    assert caller.heard == heard
    assert desk.words("c") == words, "it stands in no transcript"
    assert BESIDE not in repr(store.read("c")), "nor among the events of the call"
    assert not (await other.do(commands.Say("c", "您好"))).ok, "the caller does not see the colleague"
    assert (await desk.do(commands.Complete("c", "hand_over"))).ok
    assert (await other.do(commands.Say("c", "您好，我来办"))).ok
    assert caller.heard[-1] == "您好，我来办"
    assert desk.gone() == ["c"]
    assert beside(other) == [("1", BESIDE), ("2", "可以免两期")]


async def test_a_supervisor_coaches_the_agent_and_a_colleague_asked_later_is_not_told() -> None:
    hall = Hall(PLAN)
    desk, caller = await served(hall)
    boss = hall.desk("boss", role="supervisor")
    assert (await boss.do(commands.Supervise("c", "listen"))).ok
    refused = await boss.do(commands.SayAside("c", "语气缓一点"))
    assert (refused.ok, refused.code) == (False, "forbidden"), "who listens says nothing"
    await boss.do(commands.Supervise("c", "whisper"))
    heard = list(caller.heard)
    assert (await boss.do(commands.SayAside("c", "语气缓一点"))).ok
    assert beside(desk) == [("boss", "语气缓一点")]
    assert caller.heard == heard
    other = hall.desk("2", "专家")
    await desk.do(commands.Transfer("c", agent="2", kind="warm"))
    await desk.do(commands.SayAside("c", BESIDE))
    await other.do(commands.Accept(other.offer.id))
    assert beside(other) == [("1", BESIDE)], "what was said since they were called"
    early = await other.do(commands.SayAside("c", "能"))
    assert (early.ok, early.code) == (False, "forbidden"), "the briefing comes first"
    await other.do(commands.Acknowledge("c"))
    assert (await other.do(commands.SayAside("c", "能"))).ok
    assert len(beside(boss)) == 3


async def test_the_next_agent_and_strangers_are_told_nothing_a_supervisor_all() -> None:
    hall = Hall(PLAN)
    desk, _ = await served(hall)
    await desk.do(commands.SayAside("c", "我先记一句"))
    await desk.do(commands.Transfer("c", "专家"))
    other = hall.desk("2", "专家")
    assert not (await other.do(commands.SayAside("c", "我看看"))).ok
    await other.take()
    assert beside(other) == []
    late = hall.desk("boss", role="supervisor")
    assert beside(late) == [], "not before they listen in"
    await late.do(commands.Supervise("c", "listen"))
    assert beside(late) == [("1", "我先记一句")]
    for text in ("", " \n", "长" * 4001):
        assert (await other.do(commands.SayAside("c", text))).code == "invalid"


async def test_what_was_said_beside_it_is_on_record_and_outlives_the_process(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, _ = await served(hall)
    other = await asks(hall, desk)
    await desk.do(commands.SayAside("c", BESIDE))
    boss = hall.desk("boss", role="supervisor")
    await boss.do(commands.Supervise("c", "listen"))
    await desk.do(commands.Note("c", "客户想减免"))
    assert hall.service.record.book is not None
    rows = hall.service.record.book.notes("c")
    assert [(row.kind, row.agent) for row in rows] == [("aside", "1"), ("asides shown", "boss"), ("note", "1")]
    assert BESIDE in (rows[0].text or "")
    assert BESIDE not in desk.conversation("c").note, "it is no note that the next agent reads"

    again = Hall(PLAN, store, at=hall.at + 5.0)
    back, stranger = again.desk("1", "信用卡"), again.desk("3", "信用卡")
    await Caller(again, "c").resume()
    assert [view for view in back.seat.look() if isinstance(view, Aside)] == other.all(Aside)
    assert "客户想减免" in back.conversation("c").note
    assert BESIDE not in back.conversation("c").note
    assert not [view for view in stranger.seat.look() if isinstance(view, Aside)]
    assert (await back.do(commands.SayAside("c", "接着说"))).ok
    assert [view.n for view in back.all(Aside)][-1] == 1, "the numbers go on"
    erase(store, "c")
    assert [row.text for row in again.service.record.book.notes("c")] == [None] * 4  # type: ignore[union-attr]


async def test_an_aside_says_by_which_command_it_came_also_after_a_restart(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, _ = await served(hall)
    other = await asks(hall, desk)
    assert (await desk.do(commands.SayAside("c", BESIDE), id_="k1")).ok
    for one in (desk, other):
        assert [view.command for view in one.all(Aside)] == ["k1"]
    again = Hall(PLAN, store, at=5.0)
    back = again.desk("1")
    await Caller(again, "c").resume()
    assert [view.command for view in back.seat.look() if isinstance(view, Aside)] == ["k1"]
