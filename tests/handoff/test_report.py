"""The figures of days, from the record."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from huashu.cli import app
from huashu.core.events import HungUp
from huashu.handoff import commands
from huashu.handoff.plan import Fallback, Plan, Queue
from huashu.handoff.report import Line, report, table
from huashu.store.cases import CaseBook, HandoffRow, RatingRow
from huashu.store.log import Store
from tests.handoff.hall import BEGAN, Hall

pytestmark = pytest.mark.unit


def row(
    call: str, number: int = 1, *, queue: str = "q", agent: str = "", reason: str = "requested", at: float = 0.0,
    answered: float | None = None, ended: float | None = None, why: str = "", leg: str = "",
) -> HandoffRow:  # fmt: skip
    id_ = f"{call}{leg}#{number}"
    return HandoffRow(id_, call, number, "closed", queue, agent, reason, BEGAN + at,
                      None if answered is None else BEGAN + answered, None if ended is None else BEGAN + ended,
                      why, "{}")  # fmt: skip


ROWS = [
    row("a", agent="1", answered=10.0, ended=70.0, why="passed_on"),
    row("a", 2, queue="up", agent="2", reason="transfer", at=70.0, answered=100.0, ended=160.0, why="agent_closed"),
    row("b", agent="1", at=5.0, answered=45.0, ended=65.0, why="given_back"),
    row("c", ended=30.0, why="caller_left"),
    row("d", ended=60.0, why="callback"),
    row("d", leg="/1c", why=""),
    row("e", at=3600.0, ended=3600.0, why="ticket"),
    row("f", at=20.0),
]
RATINGS = [
    RatingRow("a", "csat", "2", "up", 5, BEGAN + 170.0, served=("1", "2")),
    RatingRow("b", "csat", "1", "q", None, BEGAN + 80.0, served=("1",)),
]


def made(by: str) -> dict[str, Line]:
    lines = report(ROWS, RATINGS, by=by, zone="Asia/Shanghai", target=lambda queue: 20.0)  # type: ignore[arg-type]
    return {line.name: line for line in lines}


def test_a_request_is_counted_once_and_whoever_it_is_passed_on_to_has_it_too() -> None:
    lines = made("queue")
    whole, q, up = lines[""], lines["q"], lines["up"]
    assert (whole.requests, whole.answered, whole.left, whole.unanswered, whole.turned_away) == (5, 2, 1, 1, 1)
    assert (whole.rate, whole.level) == (0.5, 0.25), "who was turned away could not wait"
    assert (whole.wait, whole.longest) == (25.0, 40.0)
    assert whole.talk == pytest.approx(140 / 3)
    assert (q.passed_on, up.requests, up.wait) == (1, 1, 30.0)
    assert (up.csat, q.csat, whole.rated) == (1.0, None, 1)


def test_agents_have_their_talks_and_what_callers_thought_of_them() -> None:
    lines = made("agent")
    assert (lines["1"].talk, lines["2"].talk) == (40.0, 60.0)
    assert (lines["1"].csat, lines["2"].csat) == (1.0, 1.0), "all who had the call"
    assert (lines["-"].left, lines["-"].unanswered) == (1, 1), "nobody's"


def test_days_and_hours_are_those_of_the_centre() -> None:
    assert made("hour")["15:00"].turned_away == 1
    assert made("hour")["14:00"].requests == 4
    assert list(made("day")) == ["2026-02-25", ""]
    assert made("reason")["requested"].requests == 5


async def test_the_command_reads_what_the_centre_wrote(tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        hall = Hall(
            Plan(queues={"信用卡": Queue("信用卡", wait=30.0, wrap_up=0.0, fallback=(Fallback("ticket"),))}), store
        )
        desk = hall.desk("1")
        await hall.call("a", "!转人工")
        await hall.wait(12.0)
        await desk.take()
        await hall.wait(60.0)
        await desk.do(commands.GiveBack("a"))
        await desk.do(commands.SetPresence("break"))
        await hall.call("b", "!转人工")
        await hall.wait(60.0)
        left = await hall.call("c", "!转人工")
        await hall.wait(5.0)
        await left.host.receive(HungUp())
        hall.service.leave("c")
        found = CaseBook(store).between(BEGAN, BEGAN + 3600.0)
        (line, whole) = report(found, [], by="queue", zone="Asia/Shanghai", target=lambda queue: 20.0)
        assert (line.name, whole.requests, whole.answered, whole.unanswered, whole.left) == ("信用卡", 3, 1, 1, 1)
        assert (whole.wait, whole.talk) == (12.0, 60.0)
        assert CaseBook(store).between(BEGAN + 3600.0, BEGAN + 7200.0) == []
    shown = table([line, whole], "zh-CN")
    assert shown[0][:5] == ["", "请求", "接起", "放弃", "没接上"]
    assert shown[-1][0] == "合计"
    run = CliRunner().invoke
    arguments = ["desk", "report", "--store", str(tmp_path / "calls.db"), "--from", "2026-02-25", "--to", "2026-02-25"]
    told = run(app, [*arguments, "--csv"])
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[1] == "信用卡,3,1,1,1,0,0,33%,33%,0:12,0:12,1:00,0,-,-"
    assert "信用卡" in run(app, arguments).output
    wrong = run(app, ["desk", "report", "--store", str(tmp_path / "calls.db"), "--from", "昨天"])
    assert "'昨天' is no date; write 2026-11-01" in str(wrong.exception or wrong.output)
