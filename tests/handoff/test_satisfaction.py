"""What callers answer to the script's own question of how it was: to the call, to its agents, to those who watch."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from huashu.core.events import Dtmf, HungUp
from huashu.handoff import commands
from huashu.handoff.exporting import written
from huashu.handoff.plan import Plan, Queue
from huashu.handoff.satisfaction import by_agent
from huashu.handoff.views import Agent, Rating, Ticket
from huashu.handoff.views import Queue as QueueView
from huashu.store.cases import RatingRow
from huashu.store.log import Store
from tests.handoff.hall import BEGAN, Caller, Desk, Hall

pytestmark = pytest.mark.server

PLAN = Plan(queues={"信用卡": Queue("信用卡", wait=300.0, wrap_up=0.0)})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


async def closed(hall: Hall, desk: Desk, call: str = "c") -> Caller:
    """An agent has it and closes it."""
    caller = await hall.call(call, "姓名=张三", "!转人工")
    await desk.take()
    assert (await desk.do(commands.Close(call, ""))).ok
    return caller


def rows(hall: Hall) -> list[RatingRow]:
    assert hall.service.record.book is not None
    return hall.service.record.book.ratings()


async def test_who_closes_the_conversation_has_the_caller_asked(store: Store) -> None:
    hall = Hall(PLAN, store)
    boss, desk = hall.desk("s", role="supervisor"), hall.desk("1")
    caller = await closed(hall, desk)
    assert caller.heard[-1] == "您对这次服务满意吗？请打1到5分。"
    assert desk.gone()[-1] == "c", "the agent is free meanwhile"
    await caller.host.receive(Dtmf("5"))
    assert caller.host.closed
    caller.line.leave()
    await hall.wait(1.0)
    assert [(row.kind, row.score, row.agent, row.queue) for row in rows(hall)] == [("csat", 5, "1", "信用卡")]
    assert [(view.score, view.agent, view.served) for view in boss.all(Rating)] == [(5, "1", ("1",))]
    opinion = boss.all(QueueView)[-1].opinion
    assert (opinion.asked, opinion.answers, opinion.csat) == (1, 1, 1.0)
    assert [view.opinion.csat for view in boss.all(Agent) if view.id == "1"][-1] == 1.0
    (handoff,) = hall.service.record.handoffs("c")
    assert (handoff.state, handoff.why) == ("closed", "agent_closed")


async def test_no_answer_is_on_record_as_none(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk = hall.desk("1")
    caller = await closed(hall, desk)
    await caller.host.receive(HungUp())
    caller.line.leave()
    assert [row.score for row in rows(hall)] == [None]
    opinion = hall.service.board.opinions.of_agent("1")
    assert (opinion.asked, opinion.answers, opinion.csat) == (1, 0, None)


async def test_a_rating_counts_for_everybody_who_had_the_call(store: Store) -> None:
    hall = Hall(PLAN, store)
    one, two = hall.desk("1"), hall.desk("2")
    caller = await hall.call("c", "姓名=张三", "!转人工")
    await one.take()
    await one.do(commands.Transfer("c", agent="2"))
    await two.take()
    await two.do(commands.Close("c", ""))
    await caller.says("分=2")
    assert [(row.agent, row.served) for row in rows(hall)] == [("2", ("1", "2"))]
    assert {agent: found.csat for agent, found in by_agent(rows(hall)).items()} == {"1": 0.0, "2": 0.0}


async def test_a_caller_whom_no_person_had_is_not_asked(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller = await hall.call("c", "姓名=张三", "!否定", "卡号=6222021234567890128")
    assert caller.host.closed
    assert rows(hall) == []


async def test_a_ticket_of_the_call_shows_it(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk = hall.desk("1")
    caller = await hall.call("c", "姓名=张三", "!转人工")
    await desk.take()
    await desk.do(commands.FileTicket("c", "信用卡", "要降手续费"))
    await desk.do(commands.Close("c", ""))
    await caller.says("分=4")
    assert desk.all(Ticket)[-1].rating == "csat 4"
    assert '"rating": "csat 4"' in written(hall.service.casework.tickets.all.values(), "json")


async def test_todays_opinions_outlive_a_restart(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller = await closed(hall, hall.desk("1"))
    await caller.says("分=4")
    assert Hall(PLAN, store, at=60.0).service.board.opinions.of_agent("1").csat == 1.0
    assert Hall(PLAN, store, at=2 * 86_400.0).service.board.opinions.of_agent("1").asked == 0


async def test_a_caller_who_wants_a_person_again_is_queued_again(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk = hall.desk("1")
    caller = await closed(hall, desk)
    await caller.says("!转人工")
    assert desk.offer.conversation.id == "c"
    await desk.take()
    assert caller.host.owner == "human"


async def test_a_caller_who_is_lost_while_being_asked_is_not_kept_for_ever(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller = await closed(hall, hall.desk("1"))
    caller.line.leave()
    assert hall.service.live("c") is not None
    await hall.wait(PLAN.line_grace + 1.0)
    assert not hall.service.centre.cases
    assert hall.service.live("c") is None
    (handoff,) = hall.service.record.handoffs("c")
    assert handoff.why == "agent_closed"


async def test_a_caller_whose_line_comes_back_is_asked_still(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller = await closed(hall, hall.desk("1"))
    caller.line.leave()
    await hall.wait(2.0)
    caller.line.join()
    await hall.wait(1.0)
    await caller.says("分=3")
    assert [row.score for row in rows(hall)] == [3]


async def test_an_older_store_takes_on_ratings_without_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with Store.open(path) as store, store.writing() as raw:
        raw.execute("DROP TABLE ratings")
        raw.execute(
            "CREATE TABLE ratings (call VARCHAR NOT NULL, kind VARCHAR NOT NULL, agent VARCHAR NOT NULL, "
            "queue VARCHAR NOT NULL, score INTEGER NOT NULL, at FLOAT NOT NULL, sealed BLOB, PRIMARY KEY (call, kind))"
        )
        raw.execute("INSERT INTO ratings VALUES ('a', 'nps', 'x', 'q', 9, ?, NULL)", (BEGAN,))
        raw.execute("UPDATE huashu_schema SET version = 7")
    with Store.open(path) as store:
        hall = Hall(PLAN, store)
        hall.service.rate("b", "nps", None)
        assert [(row.call, row.score, row.served) for row in rows(hall)] == [("a", 9, ("x",)), ("b", None, ())]
