"""Commands are done once, whenever the process dies: their effect and their id are committed together."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from huashu.core.events import HumanSaid
from huashu.handoff import commands
from huashu.handoff.once import ANSWERS_KEPT, KEPT_FOR
from huashu.store.log import Store
from tests.handoff.crashed import AFTER, COMMANDS, PLAN
from tests.handoff.hall import Caller, Hall

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parents[2]
POINTS = [f"{number}{side}" for number in range(1, 12) for side in "-+"]


def killed(folder: Path) -> dict[str, str]:
    """Point → what became of the process."""
    command = [sys.executable, "-m", "tests.handoff.crashed", str(folder), *POINTS]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return dict(line.split(" ", 1) for line in told.splitlines())


async def test_each_command_is_done_once_wherever_the_process_dies(tmp_path: Path) -> None:
    ends = killed(tmp_path)
    assert set(ends) == set(POINTS)
    assert set(ends.values()) <= {"killed", "went through"}
    assert sum(end == "killed" for end in ends.values()) >= 2 * len(COMMANDS), "each command commits"
    for point in POINTS:
        await asked_again(tmp_path / f"{point}.db", point)


async def asked_again(path: Path, point: str) -> None:
    """The page has no answer: it asks for everything again, in order, under the old ids."""
    with Store.open(path) as store:
        hall = Hall(PLAN, store, at=AFTER + 5.0)
        desk = hall.desk("1")
        if store.call("talks").state == "open":
            await Caller(hall, "talks").resume()
        first = {id_: await desk.do(command, id_=id_) for id_, command in COMMANDS}
        again = {id_: await desk.do(command, id_=id_) for id_, command in COMMANDS}
        assert first == again, point
        assert all(answer.ok for answer in first.values()), (point, first)
        said = [entry.event.text for entry in store.read("talks") if isinstance(entry.event, HumanSaid)]
        assert said == ["请稍等", "已经为您登记"], point
        book = hall.service.record.book
        assert book is not None
        rows = [(row.kind, row.text) for row in book.notes("talks")]
        assert [kind for kind, _ in rows] == ["note", "values", "aside", "values", "note"], point
        (ticket,) = book.tickets()
        assert first["ticket"].values == {"ticket": ticket.id}, point
        (handoff,) = book.handoffs("talks")
        assert (handoff.state, handoff.why, handoff.disposition) == ("closed", "agent_closed", "已解决"), point
        await hall.settle()
        caller = hall.callers["talks"]
        assert caller.host.owner == "bot", f"{point}: the caller is left with nobody"
        await caller.says("分=4")
        assert store.call("talks").ended is not None, point
        assert [(row.score, row.agent, row.queue) for row in book.ratings()] == [(4, "1", "信用卡")], point


async def test_a_step_to_go_on_at_outlives_a_crash_before_the_bot_knew_it(
    tmp_path: Path,
) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        hall = Hall(PLAN, store)
        desk = hall.desk("1")
        await hall.call("c", "姓名=张三", "!转人工")
        await desk.take()
        back = commands.GiveBack("c", "分期.卡号", {"期数": 12})
        hall.service.lines.lives["c"].post = lambda event: asyncio.get_running_loop().create_future()  # type: ignore[method-assign]
        assert (await desk.do(back, id_="x")).ok
        again = Hall(PLAN, store, at=30.0)
        desk = again.desk("1")
        caller = await Caller(again, "c").resume()
        assert (caller.host.owner, caller.host.slots["期数"]) == ("bot", 12)
        assert caller.heard[-1] == "请问卡号是多少？"
        assert (await desk.do(back, id_="x")).ok
        assert again.service.record.book is not None
        (row,) = again.service.record.book.handoffs("c")
        assert (row.state, row.why) == ("returned", "given_back")


async def test_a_refusal_is_the_first_answer_too_and_each_person_has_their_own(tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        hall = Hall(PLAN, store)
        desk, other = hall.desk("1"), hall.desk("2", "别的")
        await hall.call("c", "姓名=张三", "!转人工")
        await desk.take()
        refused = await desk.do(commands.Close("c", "不知道"), id_="x")
        assert not refused.ok
        assert not (await other.do(commands.Note("c", "我来"), id_="x")).ok
        seen = await desk.do(commands.Unmask("c", "姓名"), id_="y")
        again = Hall(PLAN, store, at=5.0)
        back = again.desk("1")
        await Caller(again, "c").resume()
        assert await back.do(commands.Close("c", "已解决"), id_="x") == refused
        assert await back.do(commands.Unmask("c", "姓名"), id_="y") == seen
        assert again.service.record.book is not None
        assert len(again.service.record.book.looks("c")) == 2, "who is shown it again has been shown it again"
        assert "张三" not in repr(store.connection.exec_driver_sql("SELECT * FROM commands").all())


async def test_answers_are_forgotten_after_a_day(tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        hall = Hall(PLAN, store)
        desk = hall.desk("1")
        for number in range(ANSWERS_KEPT + 5):
            await desk.do(commands.SetPresence("available"), id_=str(number))
        assert len(hall.desk("1").seat.once._answers) == ANSWERS_KEPT
        desk.seat.sign_out()
        assert len(hall.desk("1").seat.once.earlier) == ANSWERS_KEPT, "of the next sitting, the newest"
        hall.at = KEPT_FOR + 60.0
        await hall.desk("1").do(commands.SetPresence("break"), id_="new")
        left = store.connection.exec_driver_sql("SELECT id FROM commands").scalars().all()
        assert left == ["new"]
