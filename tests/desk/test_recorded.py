"""People of another system, at a real centre: their role bounds them and the audit has them, as at the page."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from huashu.core.errors import StoreError, UsageError
from huashu.desk.audit import Audit
from huashu.desk.recorded import RecordedSeat, RecordedSeats
from huashu.desk.tables import Tables
from huashu.handoff import commands
from huashu.handoff.plan import Profile
from huashu.handoff.views import Role, Ticket
from huashu.store.log import Store
from tests.handoff.hall import Hall
from tests.handoff.test_forms import PLAN, filed

pytestmark = pytest.mark.server


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    tables = Tables.open(tmp_path / "calls.db")
    yield Audit(tables)
    tables.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def seat(hall: Hall, audit: Audit, name: str, role: Role = "agent") -> RecordedSeat:
    return RecordedSeats(hall.service, audit, lambda: 1.8e9).sign_in(Profile(name, name, role), lambda view: None)


def told(audit: Audit) -> list[tuple[str, str, str, str, str]]:
    kept = reversed(audit.read())
    return [(act.user, act.role, act.what, act.detail, act.outcome) for act in kept if act.what != "saw"]


async def test_an_export_is_a_supervisor_s_masked_and_in_the_audit(store: Store, audit: Audit) -> None:
    hall = Hall(PLAN, store)
    _, id_ = await filed(hall)
    agent, boss = seat(hall, audit, "a"), seat(hall, audit, "s", "supervisor")
    with pytest.raises(UsageError) as refused:
        await agent.export("csv", private=True)
    assert refused.value.code == "forbidden"
    assert "13900139000" not in await boss.export("csv")
    assert "13900139000" in await boss.export("json", private=True)
    assert told(audit)[2:] == [
        ("a", "agent", "export", "csv private", "forbidden"),
        ("s", "supervisor", "export", "csv", "ok"),
        ("s", "supervisor", "export", "json private", "ok"),
    ]
    assert {act.where for act in audit.read()} == {"grpc"}
    book = hall.service.record.book
    assert book is not None
    assert [(look.agent, look.slot) for look in book.looks()] == [("s", f"{id_}/*")]


async def test_a_command_that_comes_twice_is_in_the_audit_once(store: Store, audit: Audit) -> None:
    hall = Hall(PLAN, store)
    await filed(hall)
    boss = seat(hall, audit, "s", "supervisor")
    wanted = commands.SetPresence("break")
    first = await boss.do(wanted, id="k1")
    assert await boss.do(wanted, id="k1") == first
    assert [act[2:] for act in told(audit)][1:] == [("SetPresence", "presence=break", "ok")]
    again = seat(Hall(PLAN, store, at=5.0), audit, "s", "supervisor")
    assert await again.do(wanted, id="k1") == first
    assert len([act for act in told(audit) if act[2] == "SetPresence"]) == 2, "asked again of another process"


async def test_cases_are_found_without_a_conversation_and_private_values_masked(store: Store, audit: Audit) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    await desk.do(commands.WorkTicket(id_, "solve", "已回电 13900139000"))
    other = seat(hall, audit, "b")
    title = hall.service.casework.tickets.all[id_].title
    found = await other.do(commands.Find("", title, "cases"))
    assert found.ok
    assert len(found.values) == 1
    assert "13900139000" not in str(found.values)
    assert (await other.do(commands.Find("", "期数", "knowledge"))).code == "unknown"
    assert title not in repr(audit.read())


async def test_that_a_ticket_is_given_away_and_opened_again_is_in_the_audit_and_outlives_the_process(
    store: Store, audit: Audit
) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    hall.desk("2", "专家")
    boss = seat(hall, audit, "s", "supervisor")
    assert (await boss.do(commands.WorkTicket(id_, "assign", agent="nobody"))).code == "invalid"
    assert (await boss.do(commands.WorkTicket(id_, "assign", agent="2"))).ok
    assert desk.all(Ticket)[-1].agent == "1", "it is on their desk no more"
    assert (await desk.do(commands.WorkTicket(id_, "assign", agent="1"))).code == "forbidden"
    assert (await boss.do(commands.WorkTicket(id_, "close"))).ok
    assert (await boss.do(commands.WorkTicket(id_, "reopen"))).text == "请写明重新打开的原因"
    assert (await boss.do(commands.WorkTicket(id_, "reopen", "客户又来电"))).ok
    assert [act[3:] for act in told(audit) if act[2] == "WorkTicket"] == [
        ("do=assign, agent=nobody", "invalid"), ("do=assign, agent=2", "ok"), ("do=close", "ok"),
        ("do=reopen", "missing"), ("do=reopen", "ok"),
    ]  # fmt: skip
    (again,) = Hall(PLAN, store, at=5.0).service.casework.tickets.all.values()
    assert (again.state, again.agent, again.reopened) == ("assigned", "2", 1)
    assert again.note.endswith("重新打开：客户又来电")


async def test_what_cannot_be_recorded_is_not_shown(
    store: Store, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    hall = Hall(PLAN, store)
    _, id_ = await filed(hall)
    boss = seat(hall, audit, "s", "supervisor")
    audit.flush()
    monkeypatch.setattr(audit, "_write", full)
    assert (await boss.do(commands.Unmask("", "回电", ticket=id_))).code == "unrecorded"
    with pytest.raises(StoreError):
        await boss.export("csv")
