"""kill -9 of a serving process in the midst of a bridged conversation: agents and callers come back and go on."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from huashu.handoff import commands, views
from huashu.store.forgetting import erase
from huashu.store.log import Store
from tests.handoff.hall import Caller, Hall
from tests.handoff.killed import AFTER, PLAN

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def died(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a killed server has left on the disk."""
    folder = tmp_path_factory.mktemp("died")
    command = [sys.executable, "-m", "tests.handoff.killed", str(folder / "calls.db")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    return folder


@pytest.fixture
def path(died: Path, tmp_path: Path) -> Path:
    """A store that a server has been killed over, for this test alone."""
    return shutil.copytree(died, tmp_path / "died") / "calls.db"


async def test_a_server_is_killed_while_a_person_talks_to_a_caller(path: Path) -> None:
    with Store.open(path) as store:
        hall = Hall(PLAN, store, at=AFTER + 5.0)
        desk = hall.desk("1")
        talks, waits, bot = [await Caller(hall, call).resume() for call in ("talks", "waits", "bot")]
        assert [caller.host.owner for caller in (talks, waits, bot)] == ["human", "bot", "bot"]
        shown = desk.conversation("talks")
        assert (shown.state, shown.agent) == ("bridged", "1")
        assert shown.note.endswith("坐席1：要降低手续费"), "by their name, as before"
        assert shown.history[-1].endswith("坐席1（信用卡）")
        assert {slot.name: slot.masked for slot in shown.slots} == {"姓名": "张•", "期数": "12期"}
        assert (await desk.do(commands.Say("talks", "刚才断了一下，您请讲。"))).ok
        assert talks.heard[-1] == "刚才断了一下，您请讲。"
        assert (await desk.do(commands.GiveBack("talks", "分期.卡号"))).ok
        assert talks.host.slots["期数"] == 12
        assert desk.offer.conversation.id == "waits", "who waited is rung for again"
        assert await desk.take() == "waits"
        assert waits.host.owner == "human"
        await bot.says("!肯定")
        assert bot.heard[-1] == "请问分几期？"
        assert hall.service.record.book is not None
        assert [look.slot for look in hall.service.record.book.looks("talks")] == ["姓名"]


async def test_who_does_not_come_back_leaves_no_caller_alone(path: Path) -> None:
    with Store.open(path) as store:
        hall = Hall(PLAN, store, at=AFTER + 5.0)
        other = hall.desk("2")
        talks = await Caller(hall, "talks").resume()
        await hall.wait(PLAN.agent_grace + 1.0)
        assert other.offer.conversation.id == "talks"
        assert "要降低手续费" in other.offer.conversation.note, "the next agent reads what the first one noted"
        await other.take()
        assert talks.host.owner == "human"
        await hall.wait(PLAN.line_grace)
        assert set(hall.service.centre.cases) == {"talks", "back/1c"}, (
            "callers who did not come back are not waited for"
        )


async def test_who_was_to_be_called_back_is_still_called_back_after_a_kill(path: Path) -> None:
    with Store.open(path) as store:
        hall = Hall(PLAN, store, at=AFTER + 5.0)
        boss = hall.desk("s", role="supervisor")
        assert not boss.all(views.Ticket), "the place in the queue is kept, it is no ticket yet"
        desk = hall.desk("2", skills={"专家": 1})
        assert desk.offer.conversation.id == "back"
        assert desk.offer.conversation.slots[0].masked == "王•", "what the bot had learnt is on the offer"
        await desk.do(commands.Accept(desk.offer.id))
        (ticket,) = [view for view in desk.all(views.Ticket) if view.agent == "2"]
        assert (ticket.conversation, ticket.caller) == ("back", "138••••8000")
        assert {item.name: item.value for item in ticket.form}["期数"] == "6"


async def test_a_call_back_that_nobody_makes_in_time_becomes_a_ticket_after_a_kill(path: Path) -> None:
    with Store.open(path) as store:
        hall = Hall(PLAN, store, at=AFTER + 5.0)
        boss = hall.desk("s", role="supervisor")
        await hall.wait(600.0 - AFTER - 10.0)
        assert not boss.all(views.Ticket)
        await hall.wait(10.0)
        assert [view.conversation for view in boss.all(views.Ticket)] == ["back"]


async def test_a_call_back_whose_call_has_been_erased_is_a_bare_ticket_after_a_kill(path: Path) -> None:
    for _ in range(2):
        with Store.open(path) as store:
            erase(store, "back")
            (ticket,) = Hall(PLAN, store, at=AFTER + 5.0).service.casework.tickets.all.values()
            assert (ticket.kind, ticket.conversation, ticket.caller) == ("callback", "back", "")


async def test_figures_and_known_agents_outlive_a_kill(path: Path) -> None:
    with Store.open(path) as store:
        hall = Hall(PLAN, store, at=AFTER + 5.0)
        tally = hall.service.centre.tally("信用卡")
        assert (tally.answered, tally.in_time, tally.lost) == (1, 1, 0)
        assert hall.service.centre.tally("专家").lost == 1, "who left for a call back"
        hall.desk("2")
        hall.desk("1")
        await hall.wait(PLAN.line_grace + 1.0)
        await hall.call("again", "!转人工")
        assert hall.service.centre.cases["again"].kept == "1", "who had this caller last has them again"
    with Store.open(path) as store:
        tomorrow = Hall(PLAN, store, at=AFTER + 86_400.0).service.centre.tally("信用卡")
        assert (tomorrow.answered, tomorrow.lost, tomorrow.level) == (0, 0, 1.0)
