"""Forms that the script brings along: shown, filled in, checked and kept as those of centre.yaml are."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from huashu.core.events import HungUp
from huashu.handoff import commands
from huashu.handoff.plan import Plan, Queue
from huashu.handoff.views import Field, Ticket
from huashu.store.log import Store
from tests.handoff.hall import Caller, Desk, Hall

pytestmark = pytest.mark.server

PLAN = Plan(
    queues={
        "信用卡": Queue("信用卡", form=(Field("产品", "产品", "text"), Field("姓名", "姓名", "name"))),
        "专家": Queue("专家", form=(Field("产品", "产品", "text"),)),
    }
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


async def with_the_expert(hall: Hall) -> tuple[Caller, Desk]:
    """The queue of the script's form."""
    caller = await hall.call("c", "姓名=张三", "!肯定", "期数=6", given={"等级": "白金"})
    desk = hall.desk("1")
    await hall.desk("s", role="supervisor").do(commands.Pull("c", queue="专家"))
    await desk.take()
    return caller, desk


async def test_the_form_of_the_script_goes_before_that_of_the_queue(store: Store) -> None:
    hall = Hall(PLAN, store)
    _, desk = await with_the_expert(hall)
    shown = desk.conversation("c")
    assert shown.form_title == "专家受理单"
    assert [(item.name, item.type, item.value) for item in shown.form] == [
        ("诉求", "text", ""),
        ("期数", "choice", "6"),
        ("姓名", "name", "张•"),
        ("回电", "phone", "139••••9000"),
        ("级别", "text", "白金"),
        ("意向", "choice", ""),
    ]
    assert [item.private for item in shown.form] == [False, False, True, True, False, False]


async def test_without_a_form_that_fits_it_is_the_queues(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk = hall.desk("1")
    await hall.call("c", "姓名=张三", "!转人工")
    await desk.take()
    shown = desk.conversation("c")
    assert shown.form_title == ""
    assert [(item.name, item.value) for item in shown.form] == [("产品", ""), ("姓名", "张•")], "and masked as well"


async def test_a_private_value_of_the_form_is_shown_on_record_only(store: Store) -> None:
    hall = Hall(PLAN, store)
    _, desk = await with_the_expert(hall)
    answer = await desk.do(commands.Unmask("c", "回电"))
    assert answer.values == {"回电": "13900139000"}
    assert hall.service.record.book is not None
    assert [look.slot for look in hall.service.record.book.looks("c")] == ["回电"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"意向": "中"}, "invalid"), ({"回电": "打我"}, "invalid"), ({"产品": "分期"}, "invalid"),
        ({"期数": 5}, "invalid"), ({"意向": "高", "回电": "13700137000", "期数": 12}, ""),
    ],
)  # fmt: skip
async def test_what_is_filled_in_is_checked_by_its_type(store: Store, values: dict[str, str], code: str) -> None:
    hall = Hall(PLAN, store)
    _, desk = await with_the_expert(hall)
    assert (await desk.do(commands.Fill("c", values))).code == code


async def test_what_is_required_keeps_the_conversation_open(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller, desk = await with_the_expert(hall)
    refused = await desk.do(commands.Close("c", ""))
    assert (refused.code, refused.text) == ("missing", "请先填写：诉求")
    assert caller.host.owner == "human"
    assert (await desk.do(commands.Close("c", "", values={"诉求": "要降手续费"}))).ok


async def test_what_is_filled_in_for_a_variable_goes_back_to_the_bot(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller, desk = await with_the_expert(hall)
    await desk.do(commands.Fill("c", {"期数": 12, "意向": "高"}))
    assert {item.name: item.value for item in desk.conversation("c").form}["期数"] == "12"
    await desk.do(commands.GiveBack("c"))
    assert caller.host.slots["期数"] == 12


async def test_a_ticket_takes_the_fields_of_the_script_with_whole_values(store: Store) -> None:
    hall = Hall(PLAN, store)
    _, desk = await with_the_expert(hall)
    filed = await desk.do(commands.FileTicket("c", "专家", "要降手续费", values={"诉求": "手续费", "意向": "高"}))
    (ticket,) = desk.all(Ticket)
    assert ticket.id == filed.values["ticket"]
    assert {item.name: item.value for item in ticket.form} == {
        "诉求": "手续费", "期数": "6", "姓名": "张三", "回电": "13900139000", "级别": "白金", "意向": "高",
    }  # fmt: skip
    assert '"form.意向": "高"' in hall.service.casework.tickets.export("json")


async def test_who_had_it_when_it_ended_fills_in_the_same_form(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller, desk = await with_the_expert(hall)
    await caller.host.receive(HungUp())
    caller.line.leave()
    await hall.settle()
    assert desk.conversation("c").form_title == "专家受理单"
    assert (await desk.do(commands.Close("c", ""))).code == "missing"
    assert (await desk.do(commands.Close("c", "", values={"诉求": "挂断了"}))).ok
